"""How long from one fact to another: in days, with bounds for dates known in part, and by every reading of sources."""

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import ClassVar

from dtti.programme.timeline import days_between, exact_days

from .dated import FactRead, Reads, checked, fact
from .finish import finished
from .records import Reading, Records
from .rests import Rests, Result, Unknown, iso, rests

METHOD = (
    "Days run from the first fact to the second, and are counted where both are known to the day; else the fewest and "
    "the most that the two dates allow are given, and no figure between them. Before the first fact they are negative.",
    "The record's own reading comes first, or the one asked for. Where sources differ on either date, the days by "
    "every other reading stand beside it; nothing is chosen between them here.",
    "An end that is not recorded is computed where a term of years is: from the last renewal, else from the day in "
    "force, else from signature. It counts as inferred.",
)


class Span(Rests, frozen=True):
    """The days by one pair of readings. Each reading: ``difference=statement``, or null for the record itself."""

    from_reading: str | None
    to_reading: str | None
    from_date: str
    to_date: str
    days: int | Unknown
    days_low: int | None
    days_high: int | None


class Between(Result, frozen=True, rename={"start": "from", "end": "to"}):
    """How long from one fact to another. `by_reading`: by each pair of readings, the one that was asked for first."""

    called: ClassVar = "between"

    start: FactRead
    end: FactRead
    days: int | Unknown
    days_low: int | None
    days_high: int | None
    by_reading: list[Span]
    method: list[str]


def between(
    records: Records,
    start: str,
    end: str,
    *,
    on: date | None = None,
    reading: Mapping[str, str] | None = None,
    today: date,
) -> Between:
    """Days from the fact `start` to the fact `end`, as things stood at the end of `on`.

    A fact is ``kind:ref`` for its main date, ``kind:ref/field`` for another, a date known in part, or ``today``.
    `reading`: which statement to follow in which difference. Refused where one of them names nothing that is there.
    """
    held = Reading(records)
    chosen = dict(reading or {})
    checked(held, chosen)
    one, other = (fact(held, text, on, chosen, today) for text in (start, end))
    spans = [_span(*pair) for pair in product((one.chosen, *one.others), (other.chosen, *other.others))]
    made = Between(
        Between.called,
        iso(on),
        None,
        one.read,
        other.read,
        spans[0].days,
        spans[0].days_low,
        spans[0].days_high,
        spans,
        list(METHOD),
        **rests([*one.chosen.used, *other.chosen.used]),
    )
    return finished(made, held, on)


def _span(one: Reads, other: Reads) -> Span:
    low, high = days_between(one.when, other.when)
    return Span(
        f"{one.difference}={one.claim}" if one.difference else None,
        f"{other.difference}={other.claim}" if other.difference else None,
        str(one.when or "unknown"),
        str(other.when or "unknown"),
        exact_days(one.when, other.when),
        low,
        high,
        **rests([*one.used, *other.used]),
    )
