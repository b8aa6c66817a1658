"""Events: law, sanctions, export control, policy and steps of the initiative, in order of time and by category."""

from datetime import date

from dtti.programme.kinds.constraint import CONSTRAINT, Constraint
from dtti.programme.kinds.event import EVENT, Event
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import strength

from .counts import groups
from .records import Reading, Version
from .rests import Json, Result, evidence, rests, tallied

METHOD = (
    "An event counts from the day on which it had certainly happened; one that may have happened by then is listed as "
    "possible. Dates known to a month or a year are not narrowed.",
)


def events(reading: Reading, on: date | None, body: str | None) -> Result:
    """Events up to the end of `on`, and external constraints as they stood then. Events belong to no body."""
    found = sorted(reading.all(EVENT), key=lambda each: (chronological(each.content.date), each.ref))
    answers = {each.ref: happened(each.content.date, on, strength(each.content.cite, "date")) for each in found}
    certain = [each for each in found if answers[each.ref] == "yes"]
    constraints = [each for each in reading.all(CONSTRAINT) if not each.content.since or _began(each.content, on)]
    rows = [*(evidence(each, None, "date") for each in certain), *(evidence(each) for each in constraints)]
    return Result(
        rows,
        {
            "n": len(certain),
            "sequence": [each.ref for each in certain],
            "possible": [each.ref for each in found if answers[each.ref] == "unknown"],
            "by_category": groups((each.content.category, each.ref) for each in certain),
            "by_scope": groups((each.content.scope, each.ref) for each in certain),
            "by_year": groups((_year(each.content), each.ref) for each in certain),
            "tallies": {
                "by_category": tallied(
                    (each.content.category, rests([evidence(each, None, "category")])) for each in certain
                ),
                "by_scope": tallied((each.content.scope, rests([evidence(each, None, "scope")])) for each in certain),
                "by_year": tallied((_year(each.content), rests([evidence(each, None, "date")])) for each in certain),
            },
            "events": {each.ref: _event(each) for each in certain},
            "constraints": {each.ref: _constraint(each, on) for each in constraints},
            "method": list(METHOD),
        },
    )


def _began(constraint: Constraint, on: date | None) -> bool:
    return happened(constraint.since, on) != "no"


def _year(event: Event) -> str:
    first, last = event.date.earliest, event.date.latest
    return str(first.year) if first and last and first.year == last.year else "unknown"


def _event(version: Version[Event]) -> Json:
    content = version.content
    return {
        "name": content.name,
        "scope": content.scope,
        "category": content.category,
        "date": str(content.date),
        "precision": content.date.precision,
        "effect": content.effect,
        "value_usd": content.value.amount if content.value and content.value.currency == "USD" else None,
        **rests([evidence(version, None, "date")]),
    }


def _constraint(version: Version[Constraint], on: date | None) -> Json:
    """The rule, what is exposed, and the last certain statement on a waiver; positions of each side by then."""
    content = version.content
    waivers = [row for row in content.waivers if happened(row.date, on, strength(row.cite, "date")) == "yes"]
    return {
        "name": content.name,
        "type": content.type,
        "imposed_by": content.imposed_by or "unknown",
        "since": str(content.since) if content.since else "unknown",
        "rules": [
            {"law": row.law, "provision": row.provision, "rule": row.text, **rests([evidence(version, row)])}
            for row in content.rules
        ],
        "exposed": [
            {"text": row.text, "record": row.record, **rests([evidence(version, row)])} for row in content.exposed
        ],
        "waiver": waivers[-1].status if waivers else "unknown",
        "waivers": [
            {"date": str(row.date), "status": row.status, "text": row.text, **rests([evidence(version, row)])}
            for row in waivers
        ],
        "positions": [
            {"side": row.side, "date": str(row.date), "text": row.text, **rests([evidence(version, row, "date")])}
            for row in content.positions
            if happened(row.date, on) != "no"
        ],
        **rests([evidence(version)]),
    }
