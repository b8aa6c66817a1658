"""Days known between bounds, and times counted from them: days, months, working days. Knows no list of holidays."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

import msgspec

from dtti.programme.values import When

from .versions import Clock

#: Whether the offices of a side work on a day: for certain, for certain not, or not known (a feast that nobody fixed).
Works = Callable[[str, date], Literal["yes", "no", "unknown"]]
#: Weekdays are looked at one by one for no longer than this.
MOST_DAYS = 2_000


class Span(msgspec.Struct, frozen=True):
    """A day between a first and a last one that it may be; None where a bound is not known."""

    low: date | None = None
    high: date | None = None

    @staticmethod
    def of(when: When | None) -> Span:
        """The days that a date may mean; a date that is not known may be any."""
        return Span(when.earliest, when.latest) if when else Span()

    @staticmethod
    def day(day: date) -> Span:
        """One day."""
        return Span(day, day)

    @property
    def known(self) -> bool:
        """Whether anything at all is known of it."""
        return self.low is not None or self.high is not None

    def later(self, least: int, most: int | None = None) -> Span:
        """So many calendar days later; `most` where it may be more than `least`."""
        return Span(_days(self.low, least), _days(self.high, least if most is None else most))

    def months(self, least: int, most: int) -> Span:
        """The last day of so many months that begin on it."""
        return Span(_months(self.low, least), _months(self.high, most))

    def before(self, other: Span) -> Literal["certain", "possible", "no", "unknown"]:
        """Whether it lies before another: for certain, possibly, or not; unknown where a bound that decides is open."""
        if self.high and other.low and self.high < other.low:
            return "certain"
        if self.low and other.high and self.low >= other.high:
            return "no"
        if not self.known or not other.known:
            return "unknown"
        return "possible"


def _days(day: date | None, count: int) -> date | None:
    try:
        return day + timedelta(days=count) if day else None
    except OverflowError:
        return None


def _months(day: date | None, count: int) -> date | None:
    if day is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def working(day: date | None, count: int, sides: tuple[str, ...], works: Works, *, doubt: bool) -> date | None:
    """The day on which so many working days are over, after `day`: days on which all of `sides` work.

    `doubt`: whether a day of which it is not known counts as worked. None where that cannot be said.
    """
    if day is None:
        return None
    for _each in range(MOST_DAYS):
        if count <= 0:
            return day
        day = _days(day, 1)
        if day is None:
            return None
        said = {works(side, day) for side in sides}
        count -= said == {"yes"} or (doubt and "no" not in said)
    return None


def due(start: Span, clock: Clock, side: str, works: Works) -> Span:
    """By which day what began on `start` is to be done.

    Working days: at the least by the days off of the side whose clock it is, every day in doubt being worked; at the
    most by the days off of both sides, since a step that needs the other side's answer waits for its offices too.
    """
    if clock.unit == "months":
        return start.months(clock.amount, clock.amount)
    if clock.unit == "days":
        return start.later(clock.amount)
    return Span(
        working(start.low, clock.amount, (side,), works, doubt=True),
        working(start.high, clock.amount, ("IND", "USA"), works, doubt=False),
    )
