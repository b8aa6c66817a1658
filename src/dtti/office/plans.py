"""The plan of a project as both agreed it, beside what each side forecasts and saw come: one reading for all doors.

No rule of its own: `programme.slip` says how a milestone stands; the records are those that the reader may see.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dtti.programme import slip
from dtti.programme.kinds.instrument import INSTRUMENT
from dtti.programme.kinds.plan import PLAN, CostLine, Plan
from dtti.programme.kinds.plan_report import PLAN_REPORT
from dtti.programme.kinds.project import PROJECT
from dtti.programme.reports.records import Reading
from dtti.programme.slip import Held, Slip, State, Told
from dtti.programme.sop.evidence import APPLIED
from dtti.programme.timeline import Answer, happened
from dtti.programme.values import strength

from . import reports
from .asking import Asking

__all__ = ["Plan", "Slip"]


class Report(msgspec.Struct, frozen=True):
    """What one report says of a milestone; `reason` is a code of the list of reasons."""

    ref: str
    on: str
    forecast: str | None
    actual: str | None
    reason: str | None
    why: str | None
    evidence: str | None
    document: str | None


class SideThen(msgspec.Struct, frozen=True):
    """How a milestone stands by what one side reports: days after the date first agreed, and after that last agreed.

    `last`: its last report, or those that may be; `trail`: every one in order of time.
    """

    side: str
    state: State
    forecast: str | None
    actual: str | None
    slip: Slip
    slip_now: Slip
    last: list[Report]
    trail: list[Report]


class MilestoneThen(msgspec.Struct, frozen=True):
    """A milestone: the date first agreed (kept for ever), that last agreed, and what each side reports of it."""

    number: str
    name: str
    side: str | None
    planned_first: str
    planned_now: str | None
    shown_by: str | None
    dropped: str | None
    sides: list[SideThen]
    differ: bool

    def of(self, side: str) -> SideThen | None:
        """What a side reports; None where it reports nothing."""
        return next((each for each in self.sides if each.side == side), None)


class Cost(msgspec.Struct, frozen=True):
    """What a side bears in one of its fiscal years, in one currency and one form; `what` lists what is said of it."""

    side: str
    year: str
    form: str
    currency: str | None
    amount: int | None
    what: list[str]


class Total(msgspec.Struct, frozen=True):
    """A sum of like with like: one side, one form, one currency, over all its fiscal years. Nothing else is added."""

    side: str
    form: str
    currency: str
    amount: int


class Ready(msgspec.Struct, frozen=True):
    """An agreement that the project needs: whether it is in force, and whether it is applied; two answers."""

    instrument: str
    in_force: Answer
    since: str | None
    applied: Answer
    implementation: str


class MaturityThen(msgspec.Struct, frozen=True):
    """A level of maturity as a side last had it assessed."""

    side: str
    scale: str
    level: int
    of: str | None
    assessor: str
    assessed: str
    evidence: str | None
    ref: str


class RiskThen(msgspec.Struct, frozen=True):
    """A risk as a side last reported it."""

    side: str
    number: str
    risk: str
    likelihood: str
    effect: str
    owner: str
    response: str | None
    over: bool
    on: str
    ref: str


class LeftOut(msgspec.Struct, frozen=True):
    """A report that names what the plan has not: the report, what it names, the rule."""

    ref: str
    milestone: str
    rule: str


class PlanThen(msgspec.Struct, frozen=True):
    """A plan as it stood on a day."""

    plan: str
    project: str
    on: str
    milestones: list[MilestoneThen]
    costs: list[Cost]
    totals: list[Total]
    enablers: list[Ready]
    maturity: list[MaturityThen]
    risks: list[RiskThen]
    left_out: list[LeftOut]

    @property
    def links(self) -> list[str]:
        """The records that it names."""
        told = [one for each in self.milestones for side in each.sides for one in side.trail]
        refs = {
            *(each.ref for each in told),
            *(each.ref for each in self.maturity),
            *(each.ref for each in self.risks),
            *(each.ref for each in self.left_out),
        }
        shown = [each.evidence for each in told if each.evidence]
        shown += [each.evidence for each in self.maturity if each.evidence]
        enablers = [f"{INSTRUMENT.code}:{each.instrument}" for each in self.enablers]
        return [*(f"{PLAN_REPORT.code}:{ref}" for ref in sorted(refs)), *shown, *enablers]


def plan_of(asking: Asking, project: str, ref: str | None) -> tuple[str, str, Plan] | None:
    """The plan of a project: its record, its grade and its text, by the project's own link or else its own."""
    reading = Reading(reports.records(asking))
    found = reading.get(PLAN, ref)
    if found is None:
        named = [each for each in reading.all(PLAN) if each.content.project == project]
        found = max(named, key=lambda each: (each.speaks, each.recorded), default=None)
    return (found.record, found.grade, found.content) if found else None


def then(asking: Asking, plan: Plan) -> PlanThen:
    """How a plan stands by the reports that the reader may see."""
    reading, on = Reading(reports.records(asking)), asking.moment.today
    held = [
        Held(each.ref, each.content, each.recorded)
        for each in reading.all(PLAN_REPORT)
        if each.content.plan == plan.ref and each.side in (each.content.side, "PUB")
    ]
    made = slip.progress(plan, held, on)
    return PlanThen(
        plan.ref,
        plan.project,
        on.isoformat(),
        [_milestone(each) for each in made.milestones],
        list(_costs(plan)),
        list(_totals(plan)),
        list(_enablers(plan, asking)),
        [
            MaturityThen(
                each.side,
                each.row.scale,
                each.row.level,
                each.row.of,
                each.row.assessor,
                str(each.row.assessed),
                each.row.evidence,
                each.ref,
            )
            for each in made.maturity
        ],
        [
            RiskThen(
                each.side,
                each.row.number,
                each.row.risk,
                each.row.likelihood,
                each.row.effect,
                each.row.owner,
                each.row.response,
                each.row.over,
                str(each.on),
                each.ref,
            )
            for each in made.risks
        ],
        [LeftOut(ref, name, why.rule) for ref, found in made.against.items() for name, why in found.items()],
    )


def _milestone(stands: slip.Stands) -> MilestoneThen:
    one = stands.milestone
    return MilestoneThen(
        one.number,
        one.name,
        one.side,
        str(one.planned_first),
        str(one.planned_now) if one.planned_now else None,
        one.shown_by,
        one.dropped,
        [
            SideThen(
                each.side,
                each.state,
                str(each.forecast) if each.forecast else None,
                str(each.actual) if each.actual else None,
                each.slip,
                each.slip_now,
                [_report(told) for told in each.last],
                [_report(told) for told in each.trail],
            )
            for each in stands.sides
        ],
        stands.differ,
    )


def _report(told: Told) -> Report:
    row = told.row
    return Report(
        told.ref,
        str(told.on),
        str(row.forecast) if row.forecast else None,
        str(row.actual) if row.actual else None,
        row.reason,
        row.why,
        row.evidence,
        str(row.document) if row.document else None,
    )


def _costs(plan: Plan) -> Iterator[Cost]:
    """Lines of the cost, like with like: a side's own year, one form, one currency."""
    found: dict[tuple[str, str, str, str], list[CostLine]] = {}
    for line in plan.costs:
        found.setdefault((line.side, line.year, line.form, line.currency or ""), []).append(line)
    for (side, year, form, currency), rows in sorted(found.items()):
        sums = [row.amount for row in rows if row.amount is not None]
        said = [row.what for row in rows if row.what]
        yield Cost(side, year, form, currency or None, sum(sums) if sums else None, said)


def _totals(plan: Plan) -> Iterator[Total]:
    found: dict[tuple[str, str, str], int] = {}
    for line in plan.costs:
        if line.amount is not None and line.currency:
            key = line.side, line.form, line.currency
            found[key] = found.get(key, 0) + line.amount
    for (side, form, currency), amount in sorted(found.items()):
        yield Total(side, form, currency, amount)


def _enablers(plan: Plan, asking: Asking) -> Iterator[Ready]:
    """The agreements that the project needs, each with whether it is in force and whether it is applied."""
    project = Reading(reports.of_links(asking, [f"{PROJECT.code}:{plan.project}"])).get(PROJECT, plan.project)
    refs = project.content.enablers if project else ()
    held = Reading(reports.of_links(asking, [f"{INSTRUMENT.code}:{ref}" for ref in refs]))
    for ref in refs:
        found = held.get(INSTRUMENT, ref)
        if found is None:
            yield Ready(ref, "unknown", None, "unknown", "unknown")
            continue
        one = found.content
        force = happened(one.in_force, asking.moment.today, strength(one.cite, "in_force"))
        ended = happened(one.expires, asking.moment.today, strength(one.cite, "expires")) if one.expires else "no"
        force = "no" if ended == "yes" else "unknown" if ended == "unknown" and force == "yes" else force
        applied: Answer = (
            "yes" if one.implementation in APPLIED else "unknown" if one.implementation == "unknown" else "no"
        )
        since = str(one.in_force) if one.in_force else None
        yield Ready(ref, force, since, applied, one.implementation)
