"""Dates as the record knows them: to the day, the month or the year, or between two. Knows dates, no chart.

A date is text in ISO 8601 form and never narrowed: `2027-01-26`, `2027-01`, `2027`; of one known between two days EDTF
gives the form (ISO 8601-2): `[2027-01-26..2027-03]`. In words the month is a word.
"""

from calendar import monthrange
from datetime import date
from typing import Annotated

import msgspec

from dtti.documents.values import Language
from dtti.language.dates import day

_PART = r"(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
When = Annotated[str, msgspec.Meta(pattern=rf"^(?:{_PART}|\[{_PART}\.\.{_PART}\])$", max_length=24)]
"""A date known to the day, the month or the year, or between two such dates."""


def placed(when: str | None) -> When | None:
    """A date as charts take it: one of which only the first or the last day is known has no place on an axis."""
    return None if not when or when.startswith("[..") or when.endswith("..]") else when


def span(when: When) -> tuple[int, int]:
    """First and last day that `when` may be, as proleptic ordinals; ValueError where there is no such day."""
    if when.startswith("["):
        first, _, last = when[1:-1].partition("..")
        return span(first)[0], span(last)[1]
    parts = [int(part) for part in when.split("-")]
    if len(parts) == 3:
        exact = date(parts[0], parts[1], parts[2]).toordinal()
        return exact, exact
    if len(parts) == 2:
        year, month = parts
        return date(year, month, 1).toordinal(), date(year, month, monthrange(year, month)[1]).toordinal()
    return date(parts[0], 1, 1).toordinal(), date(parts[0], 12, 31).toordinal()


def exact(when: When) -> bool:
    """Whether `when` is known to the day."""
    return len(when) == 10


def said(when: When | date, language: Language) -> str:
    """The date in words, no more precise than it is: `26 Jan 2027`, `Jan 2027`, `2027`."""
    return day(str(when), language)


def apart(earlier: When, later: When) -> tuple[int, int]:
    """Least and most days from one date to the other; equal where both are known to the day."""
    (a, b), (c, d) = span(earlier), span(later)
    return c - b, d - a
