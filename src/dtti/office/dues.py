"""What falls due, and the days of the next weeks: commitments, actions, meetings by rule, offers that end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from dtti.language.names import ZONES
from dtti.node.record import desks
from dtti.node.record.read import Listed
from dtti.programme.fulfilment import LEFT, Matter, fulfilled, of_action, of_commitment
from dtti.programme.kind import Content
from dtti.programme.kinds.action_report import ACTION_REPORT, ActionReport
from dtti.programme.kinds.commitment import Commitment, CommitmentOwner
from dtti.programme.kinds.constraint_view import ConstraintView, next_day
from dtti.programme.kinds.meeting import ActionOwner, Meeting, open_actions

from . import forum, reports
from .asking import Asking
from .forum import recommendations

SOON: Final = 30  # days ahead that the desk looks
WEEKS: Final = 4  # that its calendar shows
MOST: Final = 50  # records of each sort that are looked through
_AT_REST: Final = ("closed", "not-listed", "suspended")


class Action(msgspec.Struct, frozen=True):
    """An action of a meeting that is not done: its number, its text, the sides that own it."""

    number: str
    text: str
    sides: list[str]


class Due(msgspec.Struct, frozen=True):
    """What falls due by a day: a commitment, an `action` of a meeting, or the next meeting of a body by its rule.

    `ours`: this seat's own office has to do it. `days`: over (late) or left until then.
    """

    on: str
    row: Listed
    late: bool
    days: int
    action: Action | None = None
    ours: bool = False


class Entry(msgspec.Struct, frozen=True):
    """What stands on a day: `sort` is meeting, offer (its time ends), due or rule (a body is to meet by then).

    `there`: the day in the other capital where it is another one; `at`: the moment, of an offer.
    """

    sort: str
    row: Listed
    action: Action | None = None
    there: str = ""
    at: str = ""
    ours: bool = False


class Day(msgspec.Struct, frozen=True):
    """A day of the calendar, as this side's capital counts it, with what stands on it."""

    on: str
    entries: list[Entry]


def due(asking: Asking, office: str, ahead: int = SOON, most: int = MOST) -> list[Due]:
    """What is overdue or falls due soon, first what this seat's office has to do, then the longest overdue."""
    limit = (asking.moment.today + timedelta(days=ahead)).isoformat()
    node, viewer, at = asking.node, asking.viewer, asking.moment.bound
    rows = {row.record: row for row in desks.due(node, viewer, limit, at, count=most)}
    if office:
        rows |= {row.record: row for row in desks.due(node, viewer, limit, at, office=office, count=most)}
    found = [
        *_of(asking, list(rows.values()), office, limit),
        *_meetings(asking, limit),
        *_replies(asking, office, limit),
    ]
    return sorted(found, key=lambda each: (not each.ours, each.on, each.row.kind, each.row.code))


def _replies(asking: Asking, office: str, limit: str) -> Iterator[Due]:
    """Replies to industry that the office which chairs its forum owes; nobody else's desk says any of it."""
    if office and office in forum.chairs(asking):
        for each in recommendations.falling_due(asking, limit):
            yield _on(asking, each.due.isoformat(), each.row, ours=True)


def _of(asking: Asking, rows: list[Listed], office: str, limit: str) -> Iterator[Due]:
    """What of these is left to do by the day, in the one word that says so for register, promises and desk."""
    contents = asking.contents(rows)
    reported = _reported(asking) if contents else {}
    today = asking.moment.today
    for row in rows:
        content = contents.get(row.record)
        for matter, owners, action in _matters(content, today):
            told = reported.get((f"{row.kind}:{row.ref}", action.number if action else None), {})
            day = matter.due.isoformat() if matter.due else ""
            if day and day <= limit and fulfilled(matter, told, today).state in LEFT:
                ours = any(office and each.office == office for each in owners)
                yield _on(asking, day, row, action, ours=ours)


Owners = tuple[CommitmentOwner, ...] | tuple[ActionOwner, ...]


def _matters(content: Content | None, today: date) -> Iterator[tuple[Matter, Owners, Action | None]]:
    """What a content asks to be done, with its owners; of a meeting each of its actions."""
    if isinstance(content, Commitment):
        yield of_commitment(content, today), content.owners, None
    elif isinstance(content, ConstraintView):
        yield Matter((content.side,), next_day(content), "open"), (), None
    elif isinstance(content, Meeting):
        for _last, action in open_actions(content):
            sides = sorted({each.side for each in action.owners})
            yield of_action(content, action, today), action.owners, Action(action.number, action.text, [*sides])


def _reported(asking: Asking) -> Mapping[tuple[str, str | None], dict[str, ActionReport]]:
    """The reports on what was to be done, by what they are of; kept while the record stays as it is."""

    def find() -> Mapping[tuple[str, str | None], dict[str, ActionReport]]:
        found: dict[tuple[str, str | None], dict[str, ActionReport]] = {}
        for version in reports.records(asking).of(ACTION_REPORT.code):
            if isinstance(version.content, ActionReport):
                of = (version.content.of, version.content.action)
                found.setdefault(of, {})[version.ref] = version.content
        return found

    return asking.kept("reported", answer=find)


def _on(asking: Asking, day: str, row: Listed, action: Action | None = None, *, ours: bool = False) -> Due:
    days = (date.fromisoformat(day) - asking.moment.today).days
    return Due(day, row, days < 0, abs(days), action, ours)


def _meetings(asking: Asking, limit: str) -> Iterator[Due]:
    """The day by which each body is to meet next by its own rule, where its record lets that be computed."""
    for row, day in _by_rule(asking):
        if day <= limit:
            yield _on(asking, day, row)


def _by_rule(asking: Asking) -> list[tuple[Listed, str]]:
    """Bodies with the day by which each is to meet; kept while the record and the day stay as they are."""

    def find() -> list[tuple[Listed, str]]:
        made = reports.made(asking, reports.Cadence, now=True, of="all").bodies
        rows = {row.ref: row for row in asking.rows("body", count=2000)}
        return [
            (rows[ref], body.last.next_due_by)
            for ref, body in made.items()
            if body.last and body.last.next_due_by != "unknown" and ref in rows and rows[ref].status not in _AT_REST
        ]

    return asking.kept("by rule", answer=find)


def days(
    asking: Asking, first: date | None = None, weeks: int = WEEKS, office: str = "", most: int = MOST
) -> list[Day]:
    """The days of the next weeks on which something stands, by this side's capital, each with what."""
    node, viewer = asking.node, asking.viewer
    first = first or datetime.now(ZONES.get(asking.mine, UTC)).date()
    last = first + timedelta(days=7 * weeks - 1)
    found: dict[str, list[Entry]] = {}

    def put(day: str, entry: Entry) -> None:
        if first.isoformat() <= day <= last.isoformat():
            found.setdefault(day, []).append(entry)

    for row in desks.meetings(node, viewer, first.isoformat(), last.isoformat(), most):
        put(row.earliest or "", Entry("meeting", row))
    early, late = (f"{each.isoformat()}T00:00:00Z" for each in (first - timedelta(days=1), last + timedelta(days=2)))
    for row in desks.ending(node, viewer, early, late, most):
        here, there = days_of(row.offer_until, asking.mine)
        put(here, Entry("offer", row, None, there if there != here else "", row.offer_until))
    for each in due(asking, office, ahead=(last - asking.moment.today).days, most=most):
        put(each.on, Entry("rule" if each.row.kind == "body" else "due", each.row, each.action, ours=each.ours))
    return [Day(day, entries) for day, entries in sorted(found.items())]


def across(side: str) -> str:
    """The other of the two sides that have a capital here."""
    return next(each for each in ZONES if each != side)


def days_of(moment: str, side: str) -> tuple[str, str]:
    """The day of a moment in this side's capital and in the other one's."""
    at = datetime.fromisoformat(moment)
    here, there = (at.astimezone(ZONES.get(each, UTC)).date().isoformat() for each in (side, across(side)))
    return here, there
