"""The desk of one side: what waits on it, what waits on the other and since when, what is due, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

import msgspec

from dtti.node.checking import explore
from dtti.node.line.late import LateAnswer
from dtti.node.record import read
from dtti.node.record.read import Listed
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.meeting import Meeting

from . import reports, waits
from .asking import Asking
from .waits import Wait

__all__ = ["Asking", "Listed"]

SOON: Final = 30  # days ahead that the desk looks
MOST_DUE: Final = 200  # lines of what is due, the longest overdue first: who states meetings must not fill the desk
_SETTLED: Final = ("met", "done", "dropped", "replaced")
_AT_REST: Final = ("closed", "not-listed", "suspended")


def begun() -> list[tuple[str, str]]:
    """Kinds that the desk begins, in their order: code, and address of their pages."""
    kinds = sorted((kind for kind in KINDS.values() if kind.face.begun), key=lambda kind: kind.face.begun)
    return [(kind.code, kind.face.address) for kind in kinds]


class Waiting(msgspec.Struct, frozen=True):
    """A record that waits: for what, whether its text is ours to bring, whether for our answer; what is late of it."""

    row: Listed
    wait: Wait
    ours: bool
    to_answer: bool
    late: LateAnswer | None


class Action(msgspec.Struct, frozen=True):
    """An action of a meeting that is not done: its number, its text, the sides that own it."""

    number: str
    text: str
    sides: list[str]


class Due(msgspec.Struct, frozen=True):
    """What falls due by a day: a commitment, an `action` of a meeting, or the next meeting of a body by its rule."""

    on: str
    row: Listed
    late: bool
    action: Action | None = None


class Desk(msgspec.Struct, frozen=True):
    """The desk. `asked`: how many records wait on this side for an answer or a text."""

    mine: str
    other: str
    asked: int
    on_me: list[Waiting]
    on_them: list[Waiting]
    due: list[Due]
    changed: list[Listed]


def desk(asking: Asking) -> Desk:
    """The desk of the side that is asked."""
    node, viewer, at = asking.node, asking.viewer, asking.moment.bound
    mine, other = node.side, node.book.other or ""
    on_me = read.waiting(node, viewer, mine, at)
    on_them = read.waiting(node, viewer, other, at) if other else []
    closing = read.answered(node, viewer, at)
    since = (asking.moment.instant - timedelta(days=SOON)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Desk(
        mine,
        other,
        len(on_me),
        [*_waiting(asking, [*on_me, *(row for row in closing if row.awaits == mine)])],
        [*_waiting(asking, [*on_them, *(row for row in closing if row.awaits != mine)])],
        _due(asking),
        read.changed(node, viewer, since, known=at),
    )


def _waiting(asking: Asking, rows: list[Listed]) -> Iterator[Waiting]:
    mine, now = asking.mine, asking.moment.now
    for row in rows:
        wait = waits.wait_of(row, asking.moment.instant)
        assert wait is not None  # noqa: S101 - only rows that wait for something are asked for
        late = waits.seen_late(asking, asking.node.book.view(row.record)) if row.awaits == mine and now else None
        yield Waiting(row, wait, row.court == mine, waits.to_answer(row, mine), late)


def _due(asking: Asking) -> list[Due]:
    """What falls due soon or is overdue, the longest overdue first."""
    limit = (asking.moment.today + timedelta(days=SOON)).isoformat()
    found = [each for each in (*_commitments(asking), *_actions(asking), *_meetings(asking)) if each.on <= limit]
    return sorted(found, key=lambda each: (each.on, each.row.kind, each.row.code))[:MOST_DUE]


def _on(asking: Asking, day: str, row: Listed, action: Action | None = None) -> Due:
    return Due(day, row, day < asking.moment.today.isoformat(), action)


def _commitments(asking: Asking) -> Iterator[Due]:
    for row in asking.rows("commitment", order="latest", count=2000):
        if row.label != "public" and row.latest and row.status not in _SETTLED:
            yield _on(asking, row.latest, row)


def _actions(asking: Asking) -> Iterator[Due]:
    """Actions of meetings that are not done, by the day on which each is due now."""
    rows = asking.rows("meeting", count=2000)
    contents = asking.contents(rows)
    for row in rows:
        content = contents.get(row.record)
        if isinstance(content, Meeting) and content.status != "cancelled":
            for action in content.actions:
                if action.done is None and (due := action.due_now or action.due).latest:
                    sides = sorted({each.side for each in action.owners})
                    yield _on(asking, due.latest.isoformat(), row, Action(action.number, action.text, [*sides]))


def _meetings(asking: Asking) -> Iterator[Due]:
    """The day by which each body is to meet next by its own rule, where its record lets that be computed."""
    made = reports.made(asking, reports.Cadence, now=True, of="all").bodies
    rows = {row.ref: row for row in asking.rows("body", count=2000)}
    for ref, body in made.items():
        due = body.last.next_due_by if body.last else "unknown"
        if due != "unknown" and ref in rows and rows[ref].status not in _AT_REST:
            yield _on(asking, due, rows[ref])


def addresses(asking: Asking, records: list[str]) -> Mapping[str, str]:
    """What addresses each of some records: of one that nobody has been told of yet its code."""
    called = explore.called(asking.node, asking.viewer, records)
    return {record: called[record].code if record in called else record.rpartition("/")[2] for record in records}
