"""Scorecard: how many projects were named, listed, agreed, executing, fielded by a day. Counts, with their cases."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import ClassVar

import msgspec

from dtti.programme.kinds.project import Project
from dtti.programme.timeline import chronological, exact_days
from dtti.programme.values import strength

from . import progress
from .progress import Step
from .records import Reading, Version
from .rests import Evidence, Members, Rests, Result, Tally, Unknown, evidence, iso, rests, taken, tallied, whole

Named = Version[Project]

METHOD = (
    "A count takes what is certain by the day; what is only possible by then is listed beside it. An unverified "
    "statement is never more than possible. A project not heard of again stays counted where it last certainly was.",
    "Naming and listing count even where the name itself is not confirmed; names that are sourced are counted apart.",
    "An agreement is reached by a signed project agreement or sale, or by a statement that it had come to one.",
    "Below five cases the cases are listed and no statistic is given.",
)


class Counts(msgspec.Struct, frozen=True):
    """The headline counts."""

    named: int
    inside_dtti: int
    inside_dtti_sourced_name: int
    agreement_reached: int
    agreement_signing_day_confirmed: int
    fielded_or_in_production: int


class Reached(Rests, frozen=True):
    """How many projects certainly came so far, which, and which possibly did."""

    n: int
    projects: list[str]
    possible: list[str]


class Case(msgspec.Struct, frozen=True):
    """Days from the first naming of a project to its first certain signature."""

    project: str
    days: int | Unknown


class Days(Rests, frozen=True):
    """Those days, case by case. `open`: no agreement known; `undated`: one was reached, on no certain day."""

    n: int
    cases: list[Case]
    undated: list[str]
    open: list[str]


class Scorecard(Result, frozen=True):
    """The scorecard."""

    called: ClassVar = "scorecard"

    counts: Counts
    stages: dict[str, Reached]
    inside_dtti: list[str]
    inside_dtti_sourced_name: list[str]
    agreement_signing_day_confirmed: list[str]
    by_cohort: dict[str, dict[str, int]]
    by_year_named: dict[str, dict[str, int]]
    days_named_to_agreement: Days
    method: list[str]


def scorecard(reading: Reading, on: date | None, body: str | None) -> Scorecard:
    """Counts over all projects, or those of one body, with the projects behind each count."""
    projects = progress.every_project(reading, body)
    named, possibly = _split(projects, progress.named, on)
    steps: dict[str, Callable[[Named], Iterable[Step]]] = {
        "listed": lambda each: progress.listed(reading, each),
        "agreement_reached": lambda each: progress.agreed(reading, each),
        "executing": lambda each: progress.executing(reading, each),
        "fielded_or_in_production": progress.fielded,
        "closed": progress.closed,
    }
    stages = {"named": _count(named, possibly, progress.named, on)}
    stages.update({step: _count(*_split(named, of, on), of, on) for step, of in steps.items()})
    counted = {step: _counting(named, of, on) for step, of in {"named": progress.named, **steps}.items()}
    inside = [each for each in named if each.content.in_dtti]
    sourced = [each for each in inside if strength(each.content.cite, "name") != "unverified"]
    confirmed = [each for each in named if progress.signing_day_confirmed(reading, each, on)]
    rows = [evidence(each, None, "first_named") for each in named]
    return Scorecard(
        Scorecard.called,
        iso(on),
        body,
        Counts(
            len(named),
            len(inside),
            len(sourced),
            stages["agreement_reached"].n,
            len(confirmed),
            stages["fielded_or_in_production"].n,
        ),
        stages=stages,
        inside_dtti=_refs(inside),
        inside_dtti_sourced_name=_refs(sourced),
        agreement_signing_day_confirmed=_refs(confirmed),
        by_cohort=_by(named, stages, lambda each: each.content.cohort or "unknown"),
        by_year_named=_by(named, stages, _year),
        days_named_to_agreement=_days(reading, named, on),
        method=list(METHOD),
        **whole(
            rows,
            counts=_headlines(reading, inside, sourced, confirmed, stages, on),
            **_tallies("by_cohort", named, stages, counted, lambda each: each.content.cohort or "unknown"),
            **_tallies("by_year_named", named, stages, counted, _year),
        ),
    )


def _split(
    projects: Sequence[Named], of: Callable[[Named], Iterable[Step]], on: date | None
) -> tuple[list[Named], list[Named]]:
    """Projects that certainly came so far by `on`, and those that possibly did, with what says so."""
    certain, possible = [], []
    for each in projects:
        answer = progress.reached(of(each), on)
        if answer == "yes":
            certain.append(each)
        elif answer == "unknown":
            possible.append(each)
    return certain, possible


def _refs(projects: Sequence[Named]) -> list[str]:
    return sorted(each.ref for each in projects)


def _count(
    certain: Sequence[Named], possible: Sequence[Named], of: Callable[[Named], Iterable[Step]], on: date | None
) -> Reached:
    """How many, and which; it rests on every statement that counts one of them."""
    steps = [step.evidence for each in certain for step in of(each) if step.by(on) == "yes"]
    found = _refs(certain)
    return Reached(len(found), found, _refs(possible), **rests(steps))


def _year(project: Named) -> str:
    when = project.content.first_named
    first, last = (when.earliest, when.latest) if when else (None, None)
    return str(first.year) if first and last and first.year == last.year else "unknown"


def _by(named: Sequence[Named], stages: dict[str, Reached], key: Callable[[Named], str]) -> dict[str, dict[str, int]]:
    """Each stage's count within each group."""
    found: dict[str, dict[str, int]] = {}
    for group in sorted({key(each) for each in named}):
        members = {each.ref for each in named if key(each) == group}
        found[group] = {stage: len(members.intersection(count.projects)) for stage, count in stages.items()}
    return found


def _counting(projects: Sequence[Named], of: Callable[[Named], Iterable[Step]], on: date | None) -> dict[str, Members]:
    """What counts each project in a stage, by its reference."""
    return {each.ref: rests(step.evidence for step in of(each) if step.by(on) == "yes") for each in projects}


def _tallies(
    name: str,
    named: Sequence[Named],
    stages: dict[str, Reached],
    counted: dict[str, dict[str, Members]],
    key: Callable[[Named], str],
) -> dict[str, dict[str, Tally]]:
    """What each stage's count within each group rests on, under the name of the tally and of the stage."""
    return {
        f"{name}/{stage}": tallied(
            (key(each), counted[stage][each.ref]) for each in named if each.ref in count.projects
        )
        for stage, count in stages.items()
    }


def _headlines(
    reading: Reading,
    inside: Sequence[Named],
    sourced: Sequence[Named],
    confirmed: Sequence[Named],
    stages: dict[str, Reached],
    on: date | None,
) -> dict[str, Tally]:
    """What each of the headline counts rests on."""
    signed = [
        [step.evidence for step in progress.signatures(reading, each) if step.by(on) == "yes"] for each in confirmed
    ]
    return {
        **{
            name: Tally(stages[name].n, **taken(stages[name]))
            for name in ("named", "agreement_reached", "fielded_or_in_production")
            if stages[name].n
        },
        **tallied(("inside_dtti", rests([evidence(each, None, "in_dtti")])) for each in inside),
        **tallied(("inside_dtti_sourced_name", rests([evidence(each, None, "name")])) for each in sourced),
        **tallied(("agreement_signing_day_confirmed", rests(found)) for found in signed),
    }


def _days(reading: Reading, named: Sequence[Named], on: date | None) -> Days:
    """Days from first naming to the first certain signature, case by case.

    `open`: no agreement known; `undated`: one was reached, and no day or month of its signature is certain.
    """
    cases, undated, still_open = [], [], []
    used: list[Evidence] = []
    for each in named:
        signed = [step for step in progress.signatures(reading, each) if step.by(on) == "yes"]
        if signed:
            first = min(signed, key=lambda step: chronological(step.when))
            cases.append(Case(each.ref, exact_days(each.content.first_named, first.when)))
            used += [evidence(each, None, "first_named"), first.evidence]
        elif progress.reached(progress.agreed(reading, each), on) == "yes":
            undated.append(each.ref)
        else:
            still_open.append(each.ref)
    return Days(len(cases), cases, undated, still_open, **rests(used))
