"""Whether the offices of a side work on a day, as far as its days off are known. Knows no meeting and no procedure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from dtti.documents.calendar import offdays
from dtti.documents.values import SIDES, Side

_SATURDAY: Final = 5


@lru_cache(maxsize=128)
def _off(side: Side, year: int) -> tuple[frozenset[date], frozenset[date]] | None:
    """The days of a year on which offices are certainly, and possibly, shut; None where the year is not known."""
    listed = offdays.days_off(side, year)
    if not listed.known:
        return None
    shut = [each for each in listed.days if each.closed]
    maybe = {each.date + timedelta(days=days) for each in shut if each.moon for days in (-1, 0, 1)}
    maybe |= {each.date for each in shut if each.estimate}
    return frozenset(each.date for each in shut if not each.estimate and not each.moon), frozenset(maybe)


def works(side: str, day: date) -> Literal["yes", "no", "unknown"]:
    """Whether the offices of `side` work on `day`; unknown where a feast is not fixed, or the year not listed."""
    if day.weekday() >= _SATURDAY:
        return "no"
    known: Side | None = next((each for each in SIDES if each == side), None)
    off = _off(known, day.year) if known else None
    if off is None:
        return "unknown"
    return "no" if day in off[0] else "unknown" if day in off[1] else "yes"
