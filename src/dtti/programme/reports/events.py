"""Events: law, sanctions, export control, policy and steps of the initiative, in order of time and by category."""

from datetime import date
from typing import ClassVar

from dtti.programme.kinds.constraint import CONSTRAINT, Constraint
from dtti.programme.kinds.event import EVENT, Event
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import strength

from .counts import groups
from .records import Reading, Version
from .rests import Rests, Result, evidence, iso, rests, tallied, whole

METHOD = (
    "An event counts from the day on which it had certainly happened; one that may have happened by then is listed as "
    "possible. Dates known to a month or a year are not narrowed.",
)


class EventThen(Rests, frozen=True):
    """An event."""

    name: str
    scope: str
    category: str
    date: str
    precision: str
    effect: str | None
    value_usd: int | None


class LawRule(Rests, frozen=True):
    """What a law or policy says."""

    law: str | None
    provision: str | None
    rule: str


class Exposed(Rests, frozen=True):
    """What a constraint may touch."""

    text: str
    record: str | None


class Waiver(Rests, frozen=True):
    """What was stated on a waiver."""

    date: str
    status: str
    text: str | None


class Position(Rests, frozen=True):
    """What a side says of a constraint."""

    side: str
    date: str
    text: str


class ConstraintThen(Rests, frozen=True):
    """An external constraint as it stood."""

    name: str
    type: str
    imposed_by: str
    since: str
    rules: list[LawRule]
    exposed: list[Exposed]
    waiver: str
    waivers: list[Waiver]
    positions: list[Position]


class Events(Result, frozen=True):
    """The report on events and constraints."""

    called: ClassVar = "events"

    n: int
    sequence: list[str]
    possible: list[str]
    by_category: dict[str, list[str]]
    by_scope: dict[str, list[str]]
    by_year: dict[str, list[str]]
    events: dict[str, EventThen]
    constraints: dict[str, ConstraintThen]
    method: list[str]


def events(reading: Reading, on: date | None, body: str | None) -> Events:
    """Events up to the end of `on`, and external constraints as they stood then. Events belong to no body."""
    found = sorted(reading.all(EVENT), key=lambda each: (chronological(each.content.date), each.ref))
    answers = {each.ref: happened(each.content.date, on, strength(each.content.cite, "date")) for each in found}
    certain = [each for each in found if answers[each.ref] == "yes"]
    constraints = [each for each in reading.all(CONSTRAINT) if not each.content.since or _began(each.content, on)]
    rows = [*(evidence(each, None, "date") for each in certain), *(evidence(each) for each in constraints)]
    return Events(
        Events.called,
        iso(on),
        body,
        n=len(certain),
        sequence=[each.ref for each in certain],
        possible=[each.ref for each in found if answers[each.ref] == "unknown"],
        by_category=groups((each.content.category, each.ref) for each in certain),
        by_scope=groups((each.content.scope, each.ref) for each in certain),
        by_year=groups((_year(each.content), each.ref) for each in certain),
        events={each.ref: _event(each) for each in certain},
        constraints={each.ref: _constraint(each, on) for each in constraints},
        method=list(METHOD),
        **whole(
            rows,
            by_category=tallied((each.content.category, rests([evidence(each, None, "category")])) for each in certain),
            by_scope=tallied((each.content.scope, rests([evidence(each, None, "scope")])) for each in certain),
            by_year=tallied((_year(each.content), rests([evidence(each, None, "date")])) for each in certain),
        ),
    )


def _began(constraint: Constraint, on: date | None) -> bool:
    return happened(constraint.since, on) != "no"


def _year(event: Event) -> str:
    first, last = event.date.earliest, event.date.latest
    return str(first.year) if first and last and first.year == last.year else "unknown"


def _event(version: Version[Event]) -> EventThen:
    content = version.content
    return EventThen(
        content.name,
        content.scope,
        content.category,
        str(content.date),
        content.date.precision,
        content.effect,
        content.value.amount if content.value and content.value.currency == "USD" else None,
        **rests([evidence(version, None, "date")]),
    )


def _constraint(version: Version[Constraint], on: date | None) -> ConstraintThen:
    """The rule, what is exposed, and the last certain statement on a waiver; positions of each side by then."""
    content = version.content
    waivers = [row for row in content.waivers if happened(row.date, on, strength(row.cite, "date")) == "yes"]
    return ConstraintThen(
        content.name,
        content.type,
        content.imposed_by or "unknown",
        str(content.since) if content.since else "unknown",
        [LawRule(row.law, row.provision, row.text, **rests([evidence(version, row)])) for row in content.rules],
        [Exposed(row.text, row.record, **rests([evidence(version, row)])) for row in content.exposed],
        waivers[-1].status if waivers else "unknown",
        [Waiver(str(row.date), row.status, row.text, **rests([evidence(version, row)])) for row in waivers],
        [
            Position(row.side, str(row.date), row.text, **rests([evidence(version, row, "date")]))
            for row in content.positions
            if happened(row.date, on) != "no"
        ],
        **rests([evidence(version)]),
    )
