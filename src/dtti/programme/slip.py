"""How far each milestone of a plan has slipped: against the dates first agreed and the dates last agreed. Pure.

What a side forecasts or saw come is its own report; the two stand beside each other. Days have bounds where dates are
known in part, and nothing is called late because nobody reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import msgspec

from dtti.accord.refusal import Refusal

from .kinds.plan import Milestone, Plan
from .kinds.plan_report import Maturity, MilestoneReport, PlanReport, Risk, against
from .reported import Reported, latest
from .timeline import days_between
from .values import When

State = Literal["reached", "forecast", "forecast-passed", "no-date", "unclear"]
SIDES = ("IND", "USA")


class Slip(msgspec.Struct, frozen=True):
    """Days from an agreed date to what is told: at least `low`, at most `high`; negative before it; None: not known."""

    low: int | None
    high: int | None

    @property
    def known(self) -> bool:
        """Whether it is one number of days."""
        return self.low is not None and self.low == self.high

    @property
    def late(self) -> Literal["yes", "no", "unknown"]:
        """Whether it comes after the agreed date."""
        if self.low is not None and self.low > 0:
            return "yes"
        return "no" if self.high is not None and self.high <= 0 else "unknown"


Held = Reported[PlanReport]
"""A report on a plan as it is held."""


class Told(msgspec.Struct, frozen=True):
    """What a report says of one milestone, or of anything else that it tells by a name."""

    ref: str
    on: When
    row: MilestoneReport


class SideSays(msgspec.Struct, frozen=True):
    """What a side says of a milestone: how it stands, by its last report, and the slip.

    `unclear`: several reports may be the last and say different things; the slip holds all of them. `last`: the last
    report, or those. `trail`: every report on it, in order of time.
    """

    side: str
    state: State
    forecast: When | None
    actual: When | None
    slip: Slip
    slip_now: Slip
    last: tuple[Told, ...]
    trail: tuple[Told, ...]


class Stands(msgspec.Struct, frozen=True):
    """A milestone, and what each side that reported on it says."""

    milestone: Milestone
    sides: tuple[SideSays, ...]

    @property
    def differ(self) -> bool:
        """Whether the two sides do not say the same of it."""
        said = {(each.state, each.forecast, each.actual) for each in self.sides}
        return len(said) > 1


class Assessed(msgspec.Struct, frozen=True):
    """A level of maturity as a side last had it assessed, by scale and part."""

    side: str
    ref: str
    row: Maturity


class Feared(msgspec.Struct, frozen=True):
    """A risk as a side last reported it, by its number."""

    side: str
    ref: str
    on: When
    row: Risk


class Progress(msgspec.Struct, frozen=True):
    """A plan on a day. `against`: milestones that a report names and the plan has not, by report and milestone."""

    milestones: tuple[Stands, ...]
    maturity: tuple[Assessed, ...]
    risks: tuple[Feared, ...]
    against: Mapping[str, Mapping[str, Refusal]]


def slip(planned: When, told: When | None) -> Slip:
    """Days from an agreed date to another, as far as both are known."""
    return Slip(*days_between(planned, told))


def progress(plan: Plan, reports: Iterable[Held], on: date | None) -> Progress:
    """How a plan stands at the end of `on` (None: by the end of the record) by the reports on it."""
    held = [each for each in reports if each.text.plan == plan.ref and (on is None or each.first <= on)]
    held.sort(key=lambda each: (each.first, each.last, each.recorded, each.ref))
    return Progress(
        tuple(_milestone(each, held, on) for each in plan.milestones),
        tuple(_maturity(held)),
        tuple(_risks(held)),
        {each.ref: why for each in held if (why := against(each.text, plan))},
    )


def _row(report: Held, milestone: Milestone) -> MilestoneReport | None:
    return next((row for row in report.text.milestones if row.milestone == milestone.number), None)


def _milestone(milestone: Milestone, held: list[Held], on: date | None) -> Stands:
    made = []
    for side in SIDES:
        told = [each for each in held if each.text.side == side and _row(each, milestone) is not None]
        if told:
            made.append(_side(side, milestone, told, on))
    return Stands(milestone, tuple(made))


def _told(report: Held, milestone: Milestone) -> Told:
    row = _row(report, milestone)
    if row is None:
        raise ValueError(f"{report.ref} says nothing of milestone {milestone.number}")
    return Told(report.ref, report.text.date, row)


def _side(side: str, milestone: Milestone, reports: list[Held], on: date | None) -> SideSays:
    final = tuple(_told(each, milestone) for each in latest(reports))
    rows = [each.row for each in final]
    one = rows[0] if len({(row.forecast, row.actual) for row in rows}) == 1 else None
    days = [row.actual or row.forecast for row in rows]
    return SideSays(
        side,
        _state(one, on) if one else "unclear",
        one.forecast if one else None,
        one.actual if one else None,
        _widest([slip(milestone.planned_first, day) for day in days]),
        _widest([slip(milestone.current, day) for day in days]),
        final,
        tuple(_told(each, milestone) for each in reports),
    )


def _state(row: MilestoneReport, on: date | None) -> State:
    if row.actual is not None:
        return "reached"
    if row.forecast is None:
        return "no-date"
    behind = on is not None and row.forecast.latest is not None and row.forecast.latest < on
    return "forecast-passed" if behind else "forecast"


def _widest(found: list[Slip]) -> Slip:
    """Bounds that hold every one of some slips."""
    lows, highs = [each.low for each in found], [each.high for each in found]
    return Slip(
        None if None in lows else min(each for each in lows if each is not None),
        None if None in highs else max(each for each in highs if each is not None),
    )


def _maturity(held: list[Held]) -> Iterable[Assessed]:
    found: dict[tuple[str, str, str], Assessed] = {}
    for report in held:
        for row in report.text.maturity:
            key = (row.scale, row.of or "", report.text.side)
            was = found.get(key)
            if was is None or _day(row.assessed) >= _day(was.row.assessed):
                found[key] = Assessed(report.text.side, report.ref, row)
    return [found[key] for key in sorted(found, key=lambda key: (key[0] != "trl", key[1], key[2]))]


def _risks(held: list[Held]) -> Iterable[Feared]:
    found: dict[tuple[str, str], Feared] = {}
    for report in held:
        for row in report.text.risks:
            found[report.text.side, row.number] = Feared(report.text.side, report.ref, report.text.date, row)
    return [found[key] for key in sorted(found)]


def _day(when: When) -> tuple[date, date]:
    return when.earliest or date.min, when.latest or date.max
