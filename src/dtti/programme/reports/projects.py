"""Projects: each one's names, standing, horizons, agreements and outcome, with counts by each of them."""

from datetime import date
from typing import Any

from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.instrument import INSTRUMENT
from dtti.programme.kinds.project import Project
from dtti.programme.timeline import chronological, exact_days, happened
from dtti.programme.values import strength

from . import progress
from .counts import groups, tally
from .records import Reading, Version
from .rests import Json, Result, evidence, rests, tallied

UNKNOWN = "unknown"

METHOD = (
    "The outcome is the record's judgement as it stands. On a day before the last dated statement about a project the "
    "outcome of that time is not recorded: it is counted as unknown, and the standing shows what was stated by then.",
)


def projects(reading: Reading, on: date | None, body: str | None) -> Result:
    """Projects named for certain by the end of `on`, of all bodies or of one."""
    candidates = progress.every_project(reading, body)
    found = [each for each in candidates if progress.reached(progress.named(each), on) == "yes"]
    rows = {each.ref: _project(reading, each, on) for each in found}
    counted = [evidence(each, None, "first_named") for each in found]
    return Result(
        counted,
        {
            "n": len(rows),
            **{
                f"by_{key}": tally(row[key] for row in rows.values())
                for key in ("outcome", "standing", "domain", "kind", "cohort", "body", "nomination_source")
            },
            "by_horizon": tally(each["horizon"] for row in rows.values() for each in row["horizons"]),
            "groups": {
                key: groups((row[key], ref) for ref, row in rows.items())
                for key in ("outcome", "standing", "domain", "kind", "cohort", "body")
            },
            "by_reason_code": groups(
                (row["reason_code"], ref)
                for ref, each in rows.items()
                for row in each["statements"]
                if row["reason_code"] and row["certain"] == "yes"
            ),
            "tallies": {
                **{
                    f"by_{key}": tallied(
                        (rows[each.ref][key], rests([evidence(each, getattr(each.content, key, None), key)]))
                        for each in found
                    )
                    for key in ("outcome", "domain", "kind", "cohort", "body", "nomination_source")
                },
                "by_standing": tallied((row["standing"], _stands_on(row)) for row in rows.values()),
                "by_horizon": tallied((each["horizon"], each) for row in rows.values() for each in row["horizons"]),
                "by_reason_code": tallied(
                    (each["reason_code"], each)
                    for row in rows.values()
                    for each in row["statements"]
                    if each["reason_code"] and each["certain"] == "yes"
                ),
            },
            "suspended": {
                each.ref: found_reason
                for each in found
                for found_reason in [_suspension(reading, each, on)]
                if found_reason is not None
            },
            "projects": rows,
            "method": list(METHOD),
        },
    )


def _stands_on(row: Json) -> Json:
    """What the standing of a project rests on: the last certain statement of it, or the record where there is none."""
    said = [each for each in row["statements"] if each["certain"] == "yes" and each["status"] == row["standing"]]
    return said[-1] if said else row


def _outcome(version: Version[Project], on: date | None) -> str:
    content = version.content
    if content.outcome is None:
        return UNKNOWN
    if on is None:
        return content.outcome.code
    if content.outcome.as_of is not None:
        return content.outcome.code if happened(content.outcome.as_of, on) == "yes" else UNKNOWN
    last = max((row.date.latest for row in content.statements if row.date.latest), default=None)
    return content.outcome.code if last is None or last <= on else UNKNOWN


def _project(reading: Reading, version: Version[Project], on: date | None) -> Json:
    content = version.content
    standing, possible = progress.standing(version, on)
    signed = [step for step in progress.signatures(reading, version) if step.by(on) != "no"]
    stages = [row for row in content.stages if happened(row.entered, on) == "yes"]
    statements = [row for row in content.statements if happened(row.date, on) != "no"]
    agreement = progress.reached(progress.agreed(reading, version), on)
    certain = next((step for step in signed if step.by(on) == "yes"), None)
    return {
        "name": content.name,
        "aliases": list(content.aliases),
        "body": content.body or UNKNOWN,
        "domain": content.domain or UNKNOWN,
        "kind": content.kind or UNKNOWN,
        "cohort": content.cohort or UNKNOWN,
        "nomination_source": content.nomination_source or UNKNOWN,
        "in_dtti": content.in_dtti,
        "first_named": str(content.first_named) if content.first_named else UNKNOWN,
        "stage": stages[-1].stage if stages else UNKNOWN,
        "standing": standing,
        "possibly": possible,
        "outcome": _outcome(version, on),
        "agreement": agreement,
        "agreements": [
            {
                "record": f"{step.evidence.version.kind}:{step.evidence.version.ref}",
                "signed": str(step.when),
                "certain": step.by(on),
                **rests([step.evidence]),
            }
            for step in signed
        ],
        "days_named_to_agreement": exact_days(content.first_named, certain.when) if certain else UNKNOWN,
        "horizons": [
            {"statement": row.statement, "horizon": row.horizon, **rests([evidence(version, row, "horizon")])}
            for row in content.horizons
            if _listed(reading, row.statement, on)
        ],
        "statements": [
            {
                "date": str(row.date),
                "status": row.status,
                "certain": happened(row.date, on, strength(row.cite, "date")),
                "reason_code": row.reason_code,
                "note": row.note,
                **rests([evidence(version, row, "date")]),
            }
            for row in sorted(statements, key=lambda row: chronological(row.date))
        ],
        "cost": _cost(content),
        "continues": list(content.continues),
        "enablers": list(content.enablers),
        "constraints": list(content.constraints),
        **rests([evidence(version, None, "name"), *(step.evidence for step in signed)]),
    }


def _cost(project: Project) -> Json | str:
    """What it costs as the record has it, in whole units, with each side's share in basis points."""
    cost = project.cost
    if cost is None:
        return UNKNOWN
    return {
        "amount": cost.money.amount,
        "currency": cost.money.currency,
        "comparator": cost.money.comparator or UNKNOWN,
        "basis": cost.basis or UNKNOWN,
        "shares": {share.side: share.basis_points for share in cost.shares},
    }


def _listed(reading: Reading, statement: str, on: date | None) -> bool:
    held = reading.get(INSTRUMENT, statement)
    return held is not None and happened(held.content.signed, on) == "yes"


def _suspension(reading: Reading, version: Version[Project], on: date | None) -> Json | None:
    """Why a suspended project is suspended: the reason of its last certain statement, and its body's state with it."""
    rows: list[Any] = [
        row
        for row in sorted(version.content.statements, key=lambda row: chronological(row.date))
        if happened(row.date, on, strength(row.cite, "date")) == "yes"
    ]
    if not rows or rows[-1].status != "suspended":
        return None
    body = reading.get(BODY, version.content.body)
    used = [evidence(version, rows[-1], "reason_code")]
    return {
        "since": str(rows[-1].date),
        "reason_code": rows[-1].reason_code or UNKNOWN,
        "project": version.ref,
        "body": version.content.body or UNKNOWN,
        **rests([*used, *([evidence(body)] if body else [])]),
    }
