"""Actions, commitments and decisions across meetings: the register, and what a meeting opens with. Knows no page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Final, Literal, get_args

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.language.folding import folded
from dtti.node.record import read
from dtti.programme.fulfilment import SETTLED, State
from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.meeting import MEETING, AgendaItem, Meeting
from dtti.programme.reports.actions import Actions, ActionThen, DecisionThen
from dtti.programme.reports.records import Reading, Version
from dtti.programme.timeline import chronological

from . import reports
from .asking import Asking, counts
from .drawn import drawn

__all__ = ["ActionThen", "Actions", "DecisionThen"]

SOON: Final = 30  # days ahead that count as soon
MOST_WORDS: Final = 12
_NEVER: Final = "9999"

UNSAID: Final = "unsaid"

Due = Literal["overdue", "soon", "later", "undated"]
Order = Literal["due", "meeting", "state", "text"]
#: By what the register is narrowed, each a value that a row has or not.
FILTERS: Final = ("type", "state", "due", "side", "office", "body", "project")


class ItemLeft(msgspec.Struct, frozen=True):
    """An agenda item that an earlier meeting of the body left over.

    `meeting`, `number`: where it first stood, by which it stays known (what `carried` and `carried_number` of an item
    name). `last`: the meeting that left it over, and its `item` there. `why`: put-off, undecided, or cancelled (all of
    the meeting was); or unsaid, where its record says nothing of what came of it.
    """

    meeting: str
    number: str
    last: str
    item: AgendaItem
    why: str


class Carried(msgspec.Struct, frozen=True):
    """What the next meeting of a body opens with: the open actions of all its meetings, the items left over."""

    body: str
    before: str
    actions: list[ActionThen]
    items: list[ItemLeft]


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What of the register is asked for; an empty member leaves all. `order` begins with a minus for the other way."""

    type: str = ""
    state: str = ""
    due: str = ""
    side: str = ""
    office: str = ""
    body: str = ""
    project: str = ""
    words: str = ""
    order: str = ""


class Register(msgspec.Struct, frozen=True):
    """The rows that a query leaves, in its order, and the values that each filter takes among all rows, with counts."""

    rows: list[ActionThen]
    options: Mapping[str, Mapping[str, int]]
    overdue: int


def made(asking: Asking, *, body: str | None = None) -> Actions:
    """The report of actions over everything that who asks may see, as things stand at the times asked for."""
    return asking.kept("actions", body, answer=lambda: reports.made(asking, Actions, body=body, now=True, of="all"))


def register(asking: Asking, query: Query) -> Register:
    """The register of actions and commitments, as far as a query asks for it; Refused where it asks for nothing known.

    By itself the longest overdue stands first, then what is due next, then what nobody knows of; what is settled last.
    """
    rows, today = made(asking).actions, asking.moment.today
    _known("state", query.state, get_args(State))
    _known("due", query.due, get_args(Due))
    _known("type", query.type, ("action", "commitment"))
    _known("order", query.order.removeprefix("-"), get_args(Order))
    counted = {name: Counter(value for row in rows for value in values_of(row, name, today)) for name in FILTERS}
    wanted = {name: value for name in FILTERS if (value := getattr(query, name))}
    found = [row for row in rows if all(value in values_of(row, name, today) for name, value in wanted.items())]
    found = [row for row in found if holds(query.words, (row.text, row.number, row.meeting, *row.evidence))]
    found.sort(key=_ORDERS[query.order.removeprefix("-") or "due"], reverse=query.order.startswith("-"))
    return Register(found, counted, sum(row.overdue == "yes" for row in rows))


def values_of(row: ActionThen, name: str, today: date) -> tuple[str, ...]:
    """The values by which a row is found under a filter."""
    if name == "side":
        return tuple(owner.side for owner in row.owners)
    if name == "office":
        return tuple(owner.office for owner in row.owners if owner.office)
    if name == "due":
        return (due_of(row, today),)
    value = getattr(row, name)
    return (value,) if value else ()


def due_of(row: ActionThen, today: date) -> str:
    """How its date lies to a day: overdue, soon, later, undated; empty for what is settled, or may have been done."""
    if row.overdue == "yes":
        return "overdue"
    if row.state in SETTLED or row.state == "unknown":
        return ""
    if row.due_day is None:
        return "undated"
    return "soon" if row.due_day <= (today + timedelta(days=SOON)).isoformat() else "later"


def holds(words: str, texts: Iterable[str | None]) -> bool:
    """Whether some texts hold all words asked for, whatever their case and accents."""
    wanted = folded(read.asked_words(words)).split()[:MOST_WORDS]
    if not wanted:
        return True
    held = folded(" ".join(each for each in texts if each))
    return all(each in held for each in wanted)


def decisions(asking: Asking, words: str = "", body: str = "") -> list[DecisionThen]:
    """The register of decisions, the latest meeting first, of a body and with some words where asked for."""
    rows = [each for each in made(asking).decisions if body in ("", each.body)]
    found = [each for each in rows if holds(words, (each.text, each.number, each.meeting))]
    return sorted(found, key=lambda each: each.met_on, reverse=True)


def concerning(asking: Asking, *, office: str = "", body: str = "", project: str = "") -> list[ActionThen]:
    """What is left to do of an office, a body or a project, for its own page: the longest overdue first."""
    return _concerning(asking, "\n".join((office, body, project)))


@drawn("actions-concerning")
def _concerning(asking: Asking, of: str) -> list[ActionThen]:
    office, body, project = of.split("\n")
    rows = register(asking, Query(office=office, body=body, project=project)).rows
    return [each for each in rows if each.state not in SETTLED]


@drawn("actions-of-meeting")
def of_meeting(asking: Asking, ref: str) -> list[ActionThen]:
    """The actions of a meeting and the commitments made at it, in their order."""
    return [each for each in made(asking).actions if each.meeting == ref]


def to_report(asking: Asking, words: str = "", office: str = "") -> list[ActionThen]:
    """What this side may report on, as far as some words ask for it: what an office has to do first, then by date."""
    rows = [
        row
        for row in register(asking, Query(words=words)).rows
        if row.state not in SETTLED and (not row.owners or asking.mine in {owner.side for owner in row.owners})
    ]
    return sorted(rows, key=lambda row: office not in {owner.office for owner in row.owners})


def open_of(asking: Asking, ref: str) -> int:
    """How many actions of a meeting are open, as the register has it: reports count there, and not the text alone."""
    return sum(1 for each in of_meeting(asking, ref) if each.type == "action" and each.state not in SETTLED)


@drawn("actions-from-to")
def from_to(asking: Asking, ref: str) -> Passed:
    """What came down to a meeting, and what it passes up. See `Passed`."""
    reading = Reading(reports.records(asking))
    meeting = reading.get(MEETING, ref)
    body = reading.get(BODY, meeting.content.body) if meeting else None
    if meeting is None or body is None:
        return Passed([], [], [], None)
    day, above = meeting.content.date.latest, body.content.parent
    below = {each.ref for each in reading.all(BODY) if each.content.parent == body.ref}
    rows = [each for each in made(asking).actions if each.type == "commitment"]
    later = [each for each in _meetings(asking, reading, above) if day and _after(each.content, day)] if above else []
    return Passed(
        [each for each in rows if above and each.body == above and _open_on(each, day)],
        [each for each in rows if each.meeting == ref],
        [each for each in rows if each.body in below and _open_on(each, day)],
        later[0].ref if later else None,
    )


class Passed(msgspec.Struct, frozen=True):
    """What passes between a meeting and the bodies above and below it.

    `came_down`: commitments of the body above that were open when it met. `made_here`: commitments made at it, which it
    passes up to `next_above`, the next meeting of the body above (None: none is recorded). `came_up`: commitments of
    the bodies below that were open when it met.
    """

    came_down: list[ActionThen]
    made_here: list[ActionThen]
    came_up: list[ActionThen]
    next_above: str | None


def _open_on(row: ActionThen, day: date | None) -> bool:
    """Whether a commitment had been made by a day, and was not settled before it."""
    if day is None:
        return row.state not in SETTLED
    return row.made <= day.isoformat() and (row.state not in SETTLED or (row.since or "") >= day.isoformat())


def _after(meeting: Meeting, day: date) -> bool:
    earliest = meeting.date.earliest
    return earliest is not None and earliest > day and meeting.status != "cancelled"


def _known(name: str, value: str, known: tuple[str, ...]) -> None:
    if value and value not in known:
        raise Refused(refuse("filter", f"`{name}` is {value[:40]!r}", f"Use one of: {', '.join(known)}."))


def _by_due(row: ActionThen) -> tuple[int, str, str]:
    rank = 3 if row.state in SETTLED else 2 if row.state == "unknown" else 1
    return 0 if row.overdue == "yes" else rank, row.due_day or _NEVER, row.record


_ORDERS: Final[Mapping[str, Callable[[ActionThen], tuple[int | str, ...]]]] = {
    "due": _by_due,
    "meeting": lambda row: (row.met_on or _NEVER, row.record, row.number or ""),
    "state": lambda row: (get_args(State).index(row.state), row.due_day or _NEVER),
    "text": lambda row: (folded(row.text),),
}


def carried(asking: Asking, body: str, before: date) -> Carried:
    """What a meeting of `body` on the day `before` opens with, each under the name by which it stays known.

    Actions and commitments that are not settled, the longest overdue first, and agenda items of the last earlier
    meeting that were put off, or were to come before one that was cancelled. Empty for a body that is not recorded.
    """
    reading = Reading(reports.records(asking))
    if reading.get(BODY, body) is None:
        return Carried(body, before.isoformat(), [], [])
    earlier = {each.ref: each for each in _meetings(asking, reading, body) if _before(each.content, before)}
    rows = [
        each
        for each in made(asking, body=body).actions
        if each.state not in SETTLED and (each.meeting is None or each.meeting in earlier)
    ]
    left = [each for each in _left([*earlier.values()]) if each.why != UNSAID]
    return Carried(body, before.isoformat(), sorted(rows, key=_by_due), left)


def unsaid(asking: Asking, body: str, before: date) -> list[ItemLeft]:
    """The items of meetings of `body` before a day of which no record says what came of them: a person decides."""
    reading = Reading(reports.records(asking))
    earlier = [each for each in _meetings(asking, reading, body) if _before(each.content, before)]
    return [each for each in _left(earlier) if each.why == UNSAID]


def _meetings(asking: Asking, reading: Reading, body: str) -> list[Version[Meeting]]:
    """The meetings of a body in order of time, without those of which the other side alone speaks."""
    rows = asking.rows(MEETING.code, filters={"body": body}, count=1_000)
    ours = {row.record for row in rows if counts(row, asking.mine)}
    found = [each for each in reading.all(MEETING) if each.content.body == body and each.record in ours]
    return sorted(found, key=lambda each: chronological(each.content.date))


def _before(meeting: Meeting, day: date) -> bool:
    latest = meeting.date.latest
    return latest is not None and latest < day and meeting.status in ("held", "cancelled")


def _left_over(meeting: Meeting, item: AgendaItem) -> str:
    """Why a meeting left an item over; empty where it did not, or nothing says so.

    What its record says of the item first; else an item for decision on which a record that numbers its decisions by
    items has none; else one that its record neither speaks of nor decides on. The opening of a meeting is no item of
    this sort, nor are the open actions as a whole, which come back by themselves.
    """
    if meeting.status == "cancelled":
        return "cancelled"
    if item.outcome:
        return "put-off" if item.outcome == "put-off" else ""
    decided = {each.item for each in meeting.decisions if each.item}
    opening = item is meeting.agenda[0] and item.purpose == "decision"
    if opening or item.number in decided:
        return ""
    if decided and item.purpose == "decision":
        return "undecided"
    spoken = item.number in {each.item for each in meeting.discussed}
    return "" if spoken or (item.carried and not item.carried_number) else UNSAID


def _left(meetings: list[Version[Meeting]]) -> list[ItemLeft]:
    """The items still to come: of each, under its first name, the last that was said, where that left it over."""
    last: dict[tuple[str, str], ItemLeft | None] = {}
    first: dict[tuple[str, str], tuple[str, str]] = {}  # under which name an item of a meeting first stood
    for each in meetings:
        for item in each.content.agenda:
            named = (item.carried or each.ref, item.carried_number or item.number)
            named = first.get(named, named)
            first[each.ref, item.number] = named
            why = _left_over(each.content, item)
            last[named] = ItemLeft(*named, each.ref, item, why) if why else None
    return [each for each in last.values() if each]
