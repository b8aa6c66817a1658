"""How each measure of success stands on a day, by what each side read: the one function that says so. Pure.

The readings of the two sides stand beside each other and are never joined into one. What dates known in part leave open
is *unknown*; nothing is called missed before somebody measured it on its last day or after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal

import msgspec

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_

from .kinds.measurement import CONVERTED, Final_, Measured, against
from .kinds.success_definition import SuccessDefinition, SuccessMeasure
from .reported import Reported, latest
from .timeline import Answer
from .values import When, is_figure

State = Literal["not-due", "on-way", "reached", "partly", "missed", "unknown"]
#: Why a measure is unknown, as pages say it.
WHY: Final[Mapping[str, str]] = {
    "": "",
    "nothing": N_("Its date has passed, and nothing was measured."),
    "date": N_("Its date is not known, or may have passed."),
    "order": N_("It is not known which of the readings is the last."),
    "since": N_("Nothing was measured on its last day or after."),
}
SIDES: Final = ("IND", "USA")


Read = Reported[Measured]
"""A reading as it is held."""


class SideStands(msgspec.Struct, frozen=True):
    """How a measure stands by the readings of one side.

    `last`: the readings that may be its last; several where their order is not known. `in_time`: where it is reached,
    whether by its date. `closer`: whether the last figure lies nearer to the target than where it began.
    """

    side: str
    state: State
    why: str
    last: tuple[Read, ...]
    in_time: Answer | None = None
    closer: Answer | None = None


class Stands(msgspec.Struct, frozen=True):
    """A measure on a day: whether its date has passed, how it stands for each side that read it, its readings.

    `differ`: the sides that read it do not say the same; `early`: how it stands for a side that read nothing.
    """

    measure: SuccessMeasure
    passed: Answer
    unread: SideStands
    sides: tuple[SideStands, ...]
    readings: tuple[Read, ...]

    @property
    def differ(self) -> bool:
        """Whether the two sides do not read the same."""
        if len(self.sides) < 2:
            return False
        said = [{(each.text.value, each.text.found) for each in one.last} for one in self.sides]
        return self.sides[0].state != self.sides[1].state or said[0] != said[1]


class Assessed(msgspec.Struct, frozen=True):
    """The last final assessment of a side; several where their order is not known."""

    side: str
    said: tuple[Read, ...]

    @property
    def final(self) -> Final_ | Literal["unknown"]:
        """What it says; unknown where several may be the last and say different things."""
        found = {each.text.final for each in self.said if each.text.final}
        return found.pop() if len(found) == 1 else "unknown"


class Success(msgspec.Struct, frozen=True):
    """A success definition on a day. `against`: why a reading counts for nothing, by its reference.

    `converted`: the project ended in a purchase; `conversion_counts`: the definition says that this is success.
    """

    measures: tuple[Stands, ...]
    assessed: tuple[Assessed, ...]
    against: Mapping[str, Refusal]
    converted: bool
    conversion_counts: bool


def deadline(by: When | None) -> tuple[date | None, date | None]:
    """The first and the last day that may be the last day of a measure; None where a side is open.

    A year or a month ends with its last day; between two days it is a day not known.
    """
    if by is None:
        return None, None
    return (by.earliest, by.latest) if by.precision == "between" else (by.latest, by.latest)


def passed(by: When | None, on: date | None) -> Answer:
    """Whether the last day of a measure is behind at the end of `on` (None: by the end of the record)."""
    low, high = deadline(by)
    if on is None:
        return "yes" if by else "unknown"
    if high is not None and on > high:
        return "yes"
    return "no" if low is not None and on <= low else "unknown"


def stands(
    definition: SuccessDefinition, readings: Iterable[Read], on: date | None, outcome: str | None = None
) -> Success:
    """How each measure stands at the end of `on`, with the readings that count. `outcome`: what came of the project."""
    held = [each for each in readings if each.text.definition == definition.ref]
    counts_not = {each.ref: why[0] for each in held if (why := against(each.text, definition))}
    counted = [each for each in held if each.ref not in counts_not and (on is None or each.first <= on)]
    return Success(
        tuple(
            _measure(each, [one for one in counted if one.text.of_measure == each.identity], on)
            for each in definition.measures
        ),
        tuple(
            Assessed(side, said)
            for side in SIDES
            if (said := latest([one for one in counted if one.text.final and one.text.side == side], on))
        ),
        counts_not,
        outcome == CONVERTED,
        definition.conversion_counts,
    )


def _measure(measure: SuccessMeasure, readings: list[Read], on: date | None) -> Stands:
    by_side = {side: [each for each in readings if each.text.side == side] for side in SIDES}
    return Stands(
        measure,
        passed(measure.by, on),
        _side("", measure, [], on),
        tuple(_side(side, measure, held, on) for side, held in by_side.items() if held),
        tuple(sorted(readings, key=lambda each: (each.first, each.last, each.recorded, each.ref))),
    )


def _grade(measure: SuccessMeasure, reading: Measured) -> Literal["reached", "partly", "short"]:
    """How far one reading is."""
    if not measure.counted:
        return "reached" if reading.found == "yes" else "partly" if reading.found == "partly" else "short"
    value = reading.value or ""
    if measure.met(value):
        return "reached"
    return "partly" if measure.partly_from and measure.met(value, measure.partly_from) else "short"


def _side(side: str, measure: SuccessMeasure, readings: list[Read], on: date | None) -> SideStands:
    due, ends = passed(measure.by, on), deadline(measure.by)
    newest = latest(readings, on)
    grades = {_grade(measure, each.text) for each in newest}
    unsure = on is not None and bool(newest) and all(each.last > on for each in newest)
    closer = _closer(measure, newest)
    if not newest:
        return SideStands(side, "not-due" if due == "no" else "unknown", "nothing" if due == "yes" else
                          "date" if due == "unknown" else "", ())  # fmt: skip
    if len(grades) > 1 or unsure:
        return SideStands(side, "unknown", "order", newest, closer=closer)
    grade = next(iter(grades))
    if grade == "reached":
        return SideStands(side, "reached", "", newest, _in_time(measure, readings, ends), closer)
    if due == "no":
        return SideStands(side, "on-way", "", newest, closer=closer)
    if due == "unknown" or ends[1] is None:
        return SideStands(side, "unknown", "date", newest, closer=closer)
    if any(each.first < ends[1] for each in newest):
        return SideStands(side, "unknown", "since", newest, closer=closer)
    return SideStands(side, "partly" if grade == "partly" else "missed", "", newest, closer=closer)


def _in_time(measure: SuccessMeasure, readings: list[Read], ends: tuple[date | None, date | None]) -> Answer:
    """Whether a reading shows it reached by its date; no where one shows it short on its last day or after."""
    first, final = ends
    met = [each for each in readings if _grade(measure, each.text) == "reached"]
    if first is not None and any(each.last <= first for each in met):
        return "yes"
    short = [each for each in readings if _grade(measure, each.text) != "reached"]
    if final is None or any(first is None or each.first <= final for each in met):
        return "unknown"
    return "no" if any(each.first >= final for each in short) else "unknown"


def _closer(measure: SuccessMeasure, latest: tuple[Read, ...]) -> Answer | None:
    """Whether the last figure lies nearer to the target than the baseline; None for a sentence."""
    if not measure.counted or not latest:
        return None
    if not is_figure(measure.baseline):
        return "unknown"
    target, began = Decimal(measure.target or ""), Decimal(measure.baseline or "")
    nearer = {abs(target - Decimal(each.text.value or "0")) < abs(target - began) or measure.met(each.text.value or "0")
              for each in latest}  # fmt: skip
    return "unknown" if len(nearer) > 1 else "yes" if nearer.pop() else "no"
