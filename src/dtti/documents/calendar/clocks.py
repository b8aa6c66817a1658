"""Days and moments in words, and both capitals' clocks. Knows the two capitals and the time zone database; no meeting.

Time zones are those of the IANA database, the system's or else that of the `tzdata` package. India has kept UTC+05:30
without summer time since 1945; Washington changes its clocks on the second Sunday of March and the first Sunday of
November (15 USC 260a), and every change is taken from the database, never from that rule.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from dtti.documents.values import SIDES, Language, Side
from dtti.language import dates
from dtti.language.names import ZONES, capital

Languages = Literal["en", "hi", "both"]


def spoken_in(languages: Languages) -> tuple[Language, ...]:
    """The languages that `en`, `hi` or `both` stands for, in the order in which they are shown."""
    return ("en", "hi") if languages == "both" else (languages,)


def day(date: dt.date, language: Language, *, weekday: bool = False) -> str:
    """A day with its month as a word: `26 Jan 2027`, `26 जनवरी 2027`; with the weekday, `Tue 26 Jan 2027`."""
    plain = dates.day(date, language)
    return f"{dates.weekday(date, language)} {plain}" if weekday else plain


def span(first: dt.date, last: dt.date, language: Language) -> str:
    """Days from `first` to `last`, saying month and year once where they are the same: `12–14 Apr 2027`."""
    if first == last:
        return day(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, language)}"
    if first.year == last.year:
        return f"{first.day} {dates.month(first.month, language)} – {day(last, language)}"
    return f"{day(first, language)} – {day(last, language)}"


def clock(moment: dt.datetime, zone: ZoneInfo) -> str:
    """The clock on the wall of `zone`: `09:30`."""
    return f"{moment.astimezone(zone):%H:%M}"


def abbreviation(moment: dt.datetime, zone: ZoneInfo) -> str:
    """The short name of the time kept there at that moment: IST, EST, EDT; for zones without one, `UTC+04:00`."""
    return dates.zone_name(moment.astimezone(zone))


def ahead(moment: dt.datetime) -> dt.timedelta:
    """By how much New Delhi's clock is ahead of Washington's at that moment: 9 h 30 min in summer, 10 h 30 min else."""
    offsets = [moment.astimezone(ZONES[side]).utcoffset() or dt.timedelta() for side in SIDES]
    return offsets[0] - offsets[1]


def both_clocks(
    moment: dt.datetime,
    languages: Languages = "en",
    *,
    until: dt.datetime | None = None,
    first: Side = "IND",
    dated: bool = False,
) -> str:
    """A moment, or a stretch of time `until` another, by the clocks of both capitals.

    `10:30 in New Delhi (IST) · 01:00 in Washington (EDT)`; where the second capital has another day, that is said:
    `08:30 in New Delhi (IST) · 23:00 in Washington (EDT), the day before`. `dated` puts the day before each time
    instead. `first` is the capital that leads: a side sees its own first. Both languages stand on two lines.
    Moments must know their zone (ValueError otherwise).
    """
    if moment.tzinfo is None or (until is not None and until.tzinfo is None):
        raise ValueError("a moment without a time zone is no moment")
    order = _order(first)
    return "\n".join(_line(moment, until, each, order, dated=dated) for each in spoken_in(languages))


def _order(first: Side) -> tuple[Side, Side]:
    return ("IND", "USA") if first == "IND" else ("USA", "IND")


def _line(
    moment: dt.datetime, until: dt.datetime | None, language: Language, order: Sequence[Side], *, dated: bool
) -> str:
    leading = moment.astimezone(ZONES[order[0]]).date()
    parts = []
    for side in order:
        zone = ZONES[side]
        begins = moment.astimezone(zone)
        hours = f"{begins:%H:%M}"
        names = abbreviation(moment, zone)
        if until is not None:
            ends = until.astimezone(zone)
            hours += f"–{ends:%H:%M}"
            if ends.date() > begins.date():
                hours += _later((ends.date() - begins.date()).days, language)
            if abbreviation(until, zone) != names:
                names += f"–{abbreviation(until, zone)}"
        if dated:
            hours = f"{day(begins.date(), language)}, {hours}"
        place = capital(side, language)
        part = f"{hours} in {place} ({names})" if language == "en" else f"{place} में {hours} ({names})"
        moved = 0 if dated else (begins.date() - leading).days
        if moved:
            part += _moved(moved, language)
        parts.append(part)
    return " · ".join(parts)


def _later(days: int, language: Language) -> str:
    if language == "en":
        return " the next day" if days == 1 else f" {days} days later"
    return " (अगले दिन)" if days == 1 else f" ({days} दिन बाद)"


def _moved(days: int, language: Language) -> str:
    if language == "en":
        return ", the day before" if days < 0 else ", the day after"
    return ", एक दिन पहले" if days < 0 else ", एक दिन बाद"
