"""Dates with the month as a word, no more precise than they were given, and clocks. Knows no record.

Zones are those of the IANA database. Month and weekday names are those of CLDR, by Babel.
"""

import re
from datetime import date, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@cache
def months(language: str, *, whole: bool = False) -> tuple[str, ...]:
    """The words for the months, January first: short in English unless `whole`, always whole in Hindi.

    Hindi's short months end in a sign that reads as a stray dot in a table; its long months are short enough.
    """
    names = get_month_names("wide" if whole or language == "hi" else "abbreviated", locale=language)
    return tuple(names[number] for number in range(1, 13))


def month(number: int, language: str) -> str:
    """The word for a month, 1 to 12; ValueError for another number."""
    if not 1 <= number <= 12:
        raise ValueError(f"there is no month {number}")
    return months(language)[number - 1]


@cache
def _weekdays(language: str) -> tuple[str, ...]:
    names = get_day_names("abbreviated", locale=language)
    return tuple(names[number] for number in range(7))


def weekday(value: date, language: str) -> str:
    """The short name of a day of the week."""
    return _weekdays(language)[value.weekday()]


def day(value: str | date, language: str, zone: str | None = None) -> str:
    """A date with its month as a word, no more precise than it was given: `24 Oct 2019`, `Oct 2019`, `2019`.

    A moment (ISO with a time, or a datetime) is followed by hour and minute in `zone`, or in its own offset. Text that
    is no ISO date comes back as it is, since a source may say "spring 2019".
    """
    if isinstance(value, str):
        partial = _PARTIAL.fullmatch(value)
        if partial and partial[2] is None:
            return value
        try:
            if partial and partial[3] is None:
                return f"{month(int(partial[2]), language)} {partial[1]}"
            value = date.fromisoformat(value) if partial else datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime):
        if value.tzinfo and zone:
            value = value.astimezone(ZoneInfo(zone))
        kept = f" {zone_name(value)}" if value.tzinfo else ""
        return f"{day(value.date(), language)}, {value:%H:%M}{kept}"
    return f"{value.day} {month(value.month, language)} {value.year:04}"


def zone_name(moment: datetime) -> str:
    """The short name of the time kept where a moment is told: IST, EST, EDT; for zones without one, `UTC+04:00`."""
    name = moment.tzname() or ""
    return name if name.isalpha() else f"UTC{moment.isoformat()[-6:]}"
