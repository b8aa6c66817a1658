"""What an office passes on when its holder changes: what it is charged with, what waits on it, what it promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from dtti.documents.values import SIDES, Side
from dtti.language.marking import N_
from dtti.node.record import journal, lookups, read
from dtti.node.record.read import Listed
from dtti.office import waits
from dtti.papers.charts.ageing import Ageing, Item
from dtti.papers.data.handover import Coming, Duty, Handover, Undertaking
from dtti.papers.data.head import Person
from dtti.programme.kind import Content
from dtti.programme.kinds.appointment import Appointment
from dtti.programme.kinds.commitment import Commitment, state_of
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.kinds.office import Office
from dtti.programme.timeline import chronological

from .material import Material, known_day, recorded, said

_SETTLED: Final = ("met", "dropped", "replaced")
_AHEAD: Final = timedelta(days=365)
Near = list[tuple[Listed, Content]]


def handover(material: Material) -> Handover:
    """The pack of one office on the day asked for. It stays inside its side."""
    office, asking = material.content, material.asking
    if not isinstance(office, Office):
        raise TypeError(type(office))
    side = next(each for each in SIDES if each == office.side)
    near = lookups.pointing(asking.node, asking.viewer, "office", office.ref, asking.moment.bound)
    title = said(N_("Handover: %(office)s"), office=recorded(office.title))
    outgoing, incoming = _holders(material, near, side)
    duties = tuple(
        Duty(what=said(N_("Co-chairs %(body)s"), body=material.name(f"body:{ref}")), authority="")
        for ref in office.co_chairs
    )
    undertakings, waiting, coming = (
        _promised(material, near, office.ref),
        _waiting(material, office),
        _coming(material, office),
    )
    return Handover(
        head=material.head(title, "handover", inside=True),
        office=recorded(office.title),
        side=side,
        on=asking.moment.today.isoformat(),
        outgoing=outgoing,
        incoming=incoming,
        duties=duties,
        waiting=waiting,
        undertakings=undertakings[:200],
        coming=coming[:200],
    )


def _holders(material: Material, near: Near, side: Side) -> tuple[Person | None, Person | None]:
    """Who held it last, and who takes over where that is recorded."""
    held = [(row, of) for row, of in near if isinstance(of, Appointment)]
    held.sort(key=lambda pair: chronological(pair[1].start))
    day = material.asking.moment.today
    made, ahead = None, None
    for row, of in held:
        material.use(row)
        who = Person(name=of.holder, office=material.office(of.office), side=side, capacity=of.capacity)
        if of.start and of.start.earliest and of.start.earliest > day:
            ahead = ahead or who
        else:
            made = who
    return made, ahead


def _promised(material: Material, near: Near, office: str) -> tuple[Undertaking, ...]:
    """Actions of meetings that this office owns and has not done, and its commitments that are not settled."""
    made = []
    day = material.asking.moment.today
    for row, of in near:
        if isinstance(of, Meeting):
            for action in of.actions:
                if action.done is None and any(each.office == office for each in action.owners):
                    material.use(row)
                    due = known_day(action.due)
                    if due:
                        made.append(
                            Undertaking(
                                ref=f"{of.ref}/{action.number}",
                                what=recorded(action.text),
                                to=material.called(row),
                                due=due,
                                due_now=known_day(action.due_now),
                            )
                        )
        elif isinstance(of, Commitment) and state_of(of, day)[0] not in _SETTLED:
            due = known_day(of.due)
            if due:
                material.use(row)
                to = material.name(f"body:{of.body}") if of.body else said(N_("both sides"))
                made.append(Undertaking(ref=of.ref, what=recorded(of.text), to=to, due=due))
    return tuple(sorted(made, key=lambda each: each.due_now or each.due))


def _concerns(material: Material, office: Office, row: Listed) -> bool:
    """Whether the office has acted on a record, or co-chairs its body."""
    asking = material.asking
    acts = journal.history(asking.node, asking.viewer, row.record, asking.moment.bound)
    return row.body in office.co_chairs or any(act.office == material.row.record for act in acts)


def _waiting(material: Material, office: Office) -> Ageing | None:
    """What waits on this side of what the office works on, by age."""
    asking = material.asking
    items = []
    for row in read.waiting(asking.node, asking.viewer, asking.mine, asking.moment.bound):
        wait = waits.wait_of(row, asking.moment.instant)
        if wait is None or not _concerns(material, office, row):
            continue
        material.use(row)
        side = next((each for each in SIDES if each == wait.on), None)
        items.append(Item(ref=row.ref or row.code, what=material.called(row), side=side, since=wait.since[:10]))
    if not items:
        return None
    return Ageing(subject=recorded(office.title), as_of=asking.moment.today, items=tuple(items))


def _coming(material: Material, office: Office) -> tuple[Coming, ...]:
    """Meetings of the bodies that it co-chairs, in the year ahead."""
    today = material.asking.moment.today
    made = []
    for body in office.co_chairs:
        for row in material.asking.rows("meeting", filters={"body": body}, order="earliest", count=500):
            if (
                row.earliest
                and row.status == "planned"
                and today.isoformat() <= row.earliest <= (today + _AHEAD).isoformat()
            ):
                material.use(row)
                made.append(Coming(on=row.earliest, what=material.called(row), ref=row.ref))
    return tuple(sorted(made, key=lambda each: each.on))
