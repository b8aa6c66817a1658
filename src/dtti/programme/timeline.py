"""Questions about a day, answered from dates known in part: yes, no, or unknown. Pure functions over dates."""

from datetime import date
from typing import Literal

from .values import Strength, When

Answer = Literal["yes", "no", "unknown"]


def happened(when: When | None, on: date | None, strength: Strength = "stated") -> Answer:
    """Whether something dated `when` had happened by the end of day `on` (None: by the end of the record).

    ``unknown`` where the date is missing, where its bounds leave it open, or where it is unverified: an unverified
    statement makes nothing certain, though it may rule out.
    """
    if when is None:
        return "unknown"
    if on is not None and when.earliest is not None and when.earliest > on:
        return "no"
    if strength == "unverified":
        return "unknown"
    if on is None or (when.latest is not None and when.latest <= on):
        return "yes"
    return "unknown"


def days_between(first: When | None, second: When | None) -> tuple[int | None, int | None]:
    """The fewest and the most days from one date to another; None for a bound that is open."""
    if first is None or second is None:
        return None, None
    low = (second.earliest - first.latest).days if second.earliest and first.latest else None
    high = (second.latest - first.earliest).days if second.latest and first.earliest else None
    return low, high


def exact_days(first: When | None, second: When | None) -> int | Literal["unknown"]:
    """Days from one date to another where both are known to the day."""
    low, high = days_between(first, second)
    return low if low is not None and low == high else "unknown"


def chronological(when: When | None) -> tuple[date, date]:
    """A key that puts dates in order of time for lists: by what is known of the beginning, then of the end."""
    if when is None:
        return date.max, date.max
    first, last = when.earliest or when.latest, when.latest or when.earliest
    return first or date.max, last or date.max


def twelve_months_after(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
