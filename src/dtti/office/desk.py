"""The desk of one seat: what it can decide, what waits elsewhere and since when, what is due, what it watches.

A desk shows the first of each and says how many there are; `waiting` has them all, a page at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeVar

import msgspec

from dtti.node.checking import explore
from dtti.node.keeping import upkeep
from dtti.node.line.late import LateAnswer
from dtti.node.people import permissions
from dtti.node.record import desks, read
from dtti.node.record.desks import Waits
from dtti.node.record.read import Listed
from dtti.programme.kinds import KINDS

from . import changes, conflicts, dues, waits
from .asking import Asking
from .changes import Change, LastLook
from .conflicts import Warned
from .dues import Action, Day, Due, across, days_of
from .waits import Wait

__all__ = [
    "Action", "Asking", "Change", "Day", "Due", "LastLook", "Listed", "Seated", "Warned", "across", "days_of",
]  # fmt: skip

T = TypeVar("T")

SHOWN: Final = 10  # lines of a part of the desk
PAGE: Final = 50  # lines of a page of `waiting`
MOST_AGED: Final = 2000  # records that the picture of ages counts
UNREACHED: Final = timedelta(minutes=5)  # without an answer of the other side's door, after which the desk says so


def begun() -> list[tuple[str, str]]:
    """Kinds that the desk begins, in their order: code, and address of their pages."""
    kinds = sorted((kind for kind in KINDS.values() if kind.face.begun), key=lambda kind: kind.face.begun)
    return [(kind.code, kind.face.address) for kind in kinds]


class Seated(msgspec.Struct, frozen=True):
    """The seat whose desk it is: its office (id and reference), what it can do, what it watches, its last look.

    `answers`: kinds of which it may answer an offer; `hands`: of which it may hand over the text; `ends`: of which it
    may decide on an answer that came late.
    """

    office: str = ""
    ref: str = ""
    answers: tuple[str, ...] = ()
    hands: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    look: LastLook | None = None


NOBODY: Final = Seated()


def seated(
    asking: Asking, seat: permissions.Taken | None, watched: Iterable[str] = (), look: LastLook | None = None
) -> Seated:
    """What a seat can do of what waits."""
    if seat is None:
        return NOBODY
    row = desks.rows_of(asking.node, asking.viewer, [seat.office]).get(seat.office)
    can = _can(seat.duty)
    return Seated(seat.office, row.ref if row else "", *can, tuple(watched), look)


class _Duty(msgspec.Struct, frozen=True):
    """A seat of which the duty alone is asked."""

    duty: str
    office: str = ""


@lru_cache(maxsize=64)
def _can(duty: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The kinds of which a duty lets one answer an offer, hand over the text, end an offer that was answered late."""
    seat = _Duty(duty)

    def may(*purposes: str) -> tuple[str, ...]:
        return tuple(kind for kind in KINDS if any(permissions.against(seat, each, kind) is None for each in purposes))

    return may("accept", "send_back"), may("hand_over"), may("late")


class Waiting(msgspec.Struct, frozen=True):
    """A record that waits: for what, whether its text is ours to bring, whether for our answer; what is late of it."""

    row: Listed
    wait: Wait
    ours: bool
    to_answer: bool
    late: LateAnswer | None


class Part(msgspec.Struct, frozen=True):
    """The first of what waits, and how many there are in all."""

    rows: list[Waiting]
    total: int


class Watch(msgspec.Struct, frozen=True):
    """A record that the seat watches: what it waits for, if it does; whether it changed since the last look."""

    row: Listed
    wait: Wait | None
    changed: bool


class Desk(msgspec.Struct, frozen=True):
    """The desk. `mine`: what this seat can decide; `elsewhere`: how many records wait on other seats of this side."""

    side: str
    other: str
    mine: Part
    elsewhere: int
    theirs: Part
    watched: list[Watch]
    due: list[Due]
    days: list[Day]
    changes: list[Change]
    since: str
    unreached: str | None
    conflicts: list[Warned]


def desk(asking: Asking, seat: Seated = NOBODY) -> Desk:
    """The desk of a seat (of no one in particular by default), as of the times asked for."""
    node, viewer, at = asking.node, asking.viewer, asking.moment.bound
    side, other = node.side, node.book.other or ""
    closing = desks.answered(node, viewer, at)
    late = [one for one in _waiting(asking, [row for row in closing if row.awaits == side]) if one.late]
    late = [one for one in late if one.row.kind in seat.ends]
    found = desks.waiting(node, viewer, side, at, of=Waits(seat.answers, seat.hands), count=SHOWN)
    mine = [*late, *_waiting(asking, found.rows)][:SHOWN]
    elsewhere = desks.waiting(node, viewer, side, at, count=1).total - found.total
    there = desks.waiting(node, viewer, other, at, count=SHOWN) if other else read.Page([], 0, 0)
    closed = [row for row in closing if row.awaits == other]
    theirs = [*_waiting(asking, closed), *_waiting(asking, there.rows)][:SHOWN]
    changed = changes.made(asking, seat.look, SHOWN)
    now = asking.moment.now
    return Desk(
        side,
        other,
        Part(mine, len(late) + found.total),
        elsewhere,
        Part(theirs, len(closed) + there.total),
        _watched(asking, seat, set(changed.records)),
        dues.due(asking, seat.ref)[:SHOWN],
        dues.days(asking) if now else [],
        changed.rows,
        changed.since,
        unreached(asking) if now else None,
        conflicts.of_office(asking, seat.ref, SHOWN),
    )


def _waiting(asking: Asking, rows: Iterable[Listed]) -> Iterator[Waiting]:
    mine, now = asking.mine, asking.moment.now
    for row in rows:
        wait = waits.wait_of(row, asking.moment.instant)
        assert wait is not None  # noqa: S101 - only rows that wait for something are asked for
        late = waits.seen_late(asking, asking.node.book.view(row.record)) if row.awaits == mine and now else None
        yield Waiting(row, wait, row.court == mine, waits.to_answer(row, mine), late)


def _watched(asking: Asking, seat: Seated, changed: set[str]) -> list[Watch]:
    """The records that the seat watches and still sees: those that changed first, then the longest watched."""
    rows = desks.rows_of(asking.node, asking.viewer, seat.watched, asking.moment.bound.acts)
    held = [rows[record] for record in seat.watched if record in rows]
    held.sort(key=lambda row: row.record not in changed)
    return [Watch(row, waits.wait_of(row, asking.moment.instant), row.record in changed) for row in held[:SHOWN]]


def waiting(asking: Asking, seat: Seated, whose: str, page: int) -> Part:
    """A page of what waits: on this seat (`me`), on this side (`side`) or on the other side (`them`)."""
    node, viewer, at = asking.node, asking.viewer, asking.moment.bound
    of = Waits(seat.answers, seat.hands) if whose == "me" else None
    side = (node.book.other or "") if whose == "them" else node.side
    found = desks.waiting(node, viewer, side, at, of=of, start=(page - 1) * PAGE, count=PAGE)
    return Part([*_waiting(asking, found.rows)], found.total)


def ages(asking: Asking) -> list[tuple[Listed, Wait]]:
    """What waits on either side, the longest first, for the picture of ages."""
    rows = desks.ages(asking.node, asking.viewer, asking.moment.bound, MOST_AGED)
    return [(row, wait) for row in rows if (wait := waits.wait_of(row, asking.moment.instant))]


def unreached(asking: Asking) -> str | None:
    """Since when the other side's door has not answered; empty: it never has; None: it does, or none is set."""
    node = asking.node
    if not node.config.peer_address or not node.book.other:
        return None
    held = upkeep.reached(node.folder.path)
    if held is None or held.tried == held.last:
        return None
    if held.last and datetime.fromisoformat(held.tried) - datetime.fromisoformat(held.last) < UNREACHED:
        return None
    return held.last


def reaches(asking: Asking) -> dict[str, int]:
    """How far the record has come in each ledger, for the next look."""
    return asking.node.projection.positions()


def looked(at: datetime) -> str:
    """A moment of a look, as acts write theirs."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def addresses(asking: Asking, records: list[str]) -> Mapping[str, str]:
    """What addresses each of some records: of one that nobody has been told of yet its code."""
    called = explore.called(asking.node, asking.viewer, records)
    return {record: called[record].code if record in called else record.rpartition("/")[2] for record in records}
