"""A recommendation as this side's officials work on it: state, clock, what both agreed, the Group's decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from dtti.node.record.read import Listed
from dtti.office.asking import Asking, counts
from dtti.programme.forum.answering import Clock, State, clock, counted, state_of
from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.disposition import DISPOSITION, Disposition, ref_of
from dtti.programme.kinds.meeting import MEETING, Decision, Meeting
from dtti.programme.kinds.recommendation import RECOMMENDATION, Recommendation

__all__ = ["Recommendation", "State"]

KIND = RECOMMENDATION.code
DISPOSED = DISPOSITION.code
MOST = 1000


class OnAgenda(msgspec.Struct, frozen=True):
    """An item of a meeting under which a recommendation comes up, and what was decided on it."""

    row: Listed
    number: str
    title: str
    outcome: str
    decisions: tuple[Decision, ...]


class Settled(msgspec.Struct, frozen=True):
    """What is to become of a recommendation: the joint record, whether both agreed it, where it comes up."""

    row: Listed
    content: Disposition | None
    agreed: bool
    agenda: tuple[OnAgenda, ...]


class One(msgspec.Struct, frozen=True):
    """A recommendation with all that its page shows."""

    content: Recommendation
    state: State
    clock: Clock
    settled: Settled | None


def one(asking: Asking, content: Recommendation) -> One:
    """One recommendation as it stood."""
    settled = of_reference(asking, content.ref)
    agreed = bool(settled and settled.agreed)
    return One(content, state_of(content, agreed=agreed), clock(content, asking.moment.today), settled)


def of_reference(asking: Asking, reference: str) -> Settled | None:
    """What both sides say is to become of the recommendation of a reference; None where nothing is offered yet."""
    link = f"{DISPOSED}:{ref_of(reference)}"
    row = asking.named([link]).get(link)
    if row is None:
        return None
    held = asking.contents([row]).get(row.record)
    content = held if isinstance(held, Disposition) else None
    return Settled(row, content, agreed(asking, row), on_agendas(asking, row.ref))


def agreed(asking: Asking, row: Listed) -> bool:
    """Whether both sides hold a text; a side that works alone goes by what it recorded from paper."""
    alone = not asking.node.book.other and row.grade == "recorded" and row.stated_by == asking.mine
    return row.grade in ("agreed_here", "on_paper") or alone


def on_agendas(asking: Asking, ref: str) -> tuple[OnAgenda, ...]:
    """The items of meetings that name a disposition among their papers, the earliest first."""
    found = []
    for row, meeting in _meetings(asking):
        for item in meeting.agenda:
            if f"{DISPOSED}:{ref}" in item.papers:
                said = tuple(each for each in meeting.decisions if each.item == item.number)
                found.append(OnAgenda(row, item.number, item.title, item.outcome or "", said))
    return tuple(found)


def _meetings(asking: Asking) -> Iterator[tuple[Listed, Meeting]]:
    rows = [row for row in asking.rows(MEETING.code, order="earliest", count=MOST) if counts(row, asking.mine)]
    held = asking.contents([row for row in rows if not row.compiled])
    for row in rows:
        if isinstance(of := held.get(row.record), Meeting):
            yield row, of


# --- onto the Group's agenda -----------------------------------------------------------------------------------------


def for_agenda(asking: Asking, body: str) -> list[tuple[Listed, Disposition]]:
    """What both agreed is to come onto the next agenda of a body, and stands on none yet."""
    rows = asking.rows(DISPOSED, filters={"body": body, "category": "group-agenda"}, order="earliest", count=MOST)
    held = asking.contents(rows)
    wanted = [(row, of) for row in rows if isinstance(of := held.get(row.record), Disposition) and agreed(asking, row)]
    there = {paper for _row, of in (_meetings(asking) if wanted else ()) for item in of.agenda for paper in item.papers}
    return [(row, of) for row, of in wanted if f"{DISPOSED}:{row.ref}" not in there]


def item(row: Listed, of: Disposition) -> dict[str, object]:
    """The item of an agenda under which it comes up: its public title, and the disposition as its paper."""
    return {
        "title": of.public_title,
        "purpose": "decision",
        "asked_by": of.side,
        "note": of.public_summary,
        "papers": [f"{DISPOSED}:{row.ref}"],
    }


def carries(content: Mapping[str, object], row: Listed) -> bool:
    """Whether the text of a meeting has it on its agenda already."""
    items = content.get("agenda")
    link = f"{DISPOSED}:{row.ref}"
    return isinstance(items, list) and any(link in each.get("papers", ()) for each in items)


def body_of(asking: Asking, of: Disposition) -> Listed | None:
    """The body on whose agenda it comes."""
    link = f"{BODY.code}:{of.body}"
    return asking.named([link]).get(link) if of.body else None


# --- the clock of all of them ----------------------------------------------------------------------------------------


class Replies(msgspec.Struct, frozen=True):
    """Replies to industry by their references: answered in time, answered late, open and late, open."""

    in_time: list[Listed]
    late: list[Listed]
    open_late: list[Listed]
    open: list[Listed]


class Falling(msgspec.Struct, frozen=True):
    """A recommendation that is to be answered by a day."""

    row: Listed
    due: date
    late: bool


def falling_due(asking: Asking, upto: str) -> list[Falling]:
    """Recommendations of which the reply is due by a day or late, as far as who asks sees them."""
    found, today = [], asking.moment.today
    for row, of in own(asking):
        held = clock(of, today)
        if not held.stopped and held.due and held.due.isoformat() <= upto:
            found.append(Falling(row, held.due, held.late > 0))
    return found


def own(asking: Asking) -> list[tuple[Listed, Recommendation]]:
    """The recommendations that this side received, as far as who asks sees them."""
    if not asking.viewer.national:
        return []
    kept = {row.ref: row for row in asking.rows(KIND, filters={"side": asking.mine}, order="earliest", count=MOST)
            if row.label == "national"}  # fmt: skip
    rows = list(kept.values())
    held = asking.contents(rows)
    return [(row, of) for row in rows if isinstance(of := held.get(row.record), Recommendation)]


def replies(asking: Asking) -> Replies | None:
    """How this side's replies stand; None for who sees none of them."""
    held = own(asking)
    if not held:
        return None
    rows, found = {of.ref: row for row, of in held}, counted((of for _row, of in held), asking.moment.today)
    parts = (found.in_time, found.late, found.open_late, found.open)
    return Replies(*([rows[ref] for ref in part] for part in parts))
