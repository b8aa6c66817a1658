"""Dates and hours as officials write them, read and shown back in words. Knows no record and no page.

A date is as precise as it was written. An order that is open (03/04/2026) is asked back with both readings, as is what
may be a financial year: nothing is guessed. Hours are told in the time of a place, and kept in UTC.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from django.utils.translation import gettext as _

from dtti.documents.sheet.dates import read_text
from dtti.language.catalogue import LANGUAGES, translate
from dtti.language.dates import day
from dtti.language.marking import N_
from dtti.programme.values import When

#: The places whose time an hour is told in, the capitals first: what they are called, by their name in the tz database.
ZONES: Final = {
    "Asia/Kolkata": N_("Delhi"),
    "America/New_York": N_("Washington"),
    "Pacific/Honolulu": N_("Honolulu"),
    "America/Los_Angeles": N_("Los Angeles"),
    "Europe/London": N_("London"),
    "Europe/Paris": N_("Paris"),
    "Asia/Dubai": N_("Dubai"),
    "Asia/Singapore": N_("Singapore"),
    "Asia/Tokyo": N_("Tokyo"),
    "Australia/Sydney": N_("Sydney"),
    "UTC": "UTC",
}
CAPITALS: Final = {"IND": "Asia/Kolkata", "USA": "America/New_York"}

_BETWEEN: Final = N_("between %(first)s and %(last)s")
_FROM: Final = N_("not before %(date)s")
_TO: Final = N_("not after %(date)s")
_STORED: Final = re.compile(r"\[[0-9-]*\.\.[0-9-]*\]\Z|[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_HOUR: Final = re.compile(r"(.*?)[\s,]+(\d{1,2})[:.](\d\d)(?::(\d\d))?\Z", re.DOTALL)


class Read(msgspec.Struct, frozen=True):
    """A date that was read: as it is stored, or empty with the readings it leaves open, or why it is none."""

    stored: str = ""
    readings: tuple[str, ...] = ()
    why: str = ""


def read(text: str) -> Read:
    """A date as an official writes it, in either language; as stored it is read too."""
    said = " ".join(text.split())
    if _STORED.match(said):
        return Read(said) if _sound(said) else Read(why=_("The calendar has no such day."))
    for language in LANGUAGES:
        if bounds := _bounds(said, language):
            ends = [_one(end) if end else Read() for end in bounds]
            open_ends = [each for end, each in zip(bounds, ends, strict=True) if end and not each.stored]
            if open_ends:
                return Read(why=open_ends[0].why or _("Write both days with the month as a word."))
            stored = f"[{ends[0].stored}..{ends[1].stored}]"
            return Read(stored) if _sound(stored) else Read(why=_("The second of the two days lies before the first."))
    return _one(said)


def _one(said: str) -> Read:
    found = read_text(said)
    if found.fits == "both":
        return Read(readings=(found.iso, found.other), why=_("This can be read as two days."))
    if found.fault == "sheet-date-fiscal-or-month":
        month = re.sub(r"\D+", "-", said.strip(" -/"))
        return Read(readings=(month,) if _sound(month) else (), why=_("This can be read as a financial year."))
    if found.fault:
        return Read(
            why={
                "sheet-date-calendar": _("The calendar has no such day."),
                "sheet-date-short": _("The year has two figures only."),
                "sheet-date-fiscal": _("This is a financial year, and no date."),
            }.get(found.fault, _("This cannot be read as a date."))
        )
    if found.time:
        return Read(why=_("A day is asked for, without an hour."))
    return Read(found.iso)


def _sound(stored: str) -> bool:
    try:
        When(stored)
    except ValueError:
        return False
    return True


def _bounds(said: str, language: str) -> tuple[str, str] | None:
    for words, ends in ((_BETWEEN, ("first", "last")), (_FROM, ("date", "")), (_TO, ("", "date"))):
        form = re.sub(r"%\\?\((\w+)\\?\)s", r"(?P<\1>.+)", re.escape(translate(words, language)))
        if found := re.fullmatch(form, said, re.IGNORECASE):
            return tuple(found[end] if end else "" for end in ends)  # type: ignore[return-value] # two ends
    return None


def said(stored: str, language: str) -> str:
    """A stored date in words, such that `read` reads it back; what is no stored date as it was typed."""
    if not _sound(stored):
        return stored
    when = When(stored)
    if when.precision != "between":
        return day(stored, language)
    first, last = (day(end, language) if end else "" for end in (when.not_before, when.not_after))
    words = _BETWEEN if first and last else _FROM if first else _TO
    return translate(words, language) % {"first": first, "last": last, "date": first or last}


def instant(text: str, zone: str) -> Read:
    """A day with an hour, in the time of a place, as it is stored in UTC."""
    found = _HOUR.match(" ".join(text.split()))
    if not found:
        return Read(why=_("A day and an hour are asked for."))
    date = read(found[1])
    if len(date.stored) != len("2026-11-18"):
        return Read(why=date.why or _("The day itself is asked for, with its hour."))
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return Read(why=_("There is no such hour."))
    if not is_zone(zone):
        return Read(why=_("Say in which place's time the hour is told."))
    told = datetime.fromisoformat(date.stored).replace(hour=hour, minute=minute, second=second, tzinfo=ZoneInfo(zone))
    return Read(told.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def is_zone(name: str) -> bool:
    """Whether a text names a place whose time is known."""
    return name in ZONES or name in available_timezones()


def is_instant(stored: str) -> bool:
    """Whether a text is an hour as it is stored."""
    if not _INSTANT.match(stored):
        return False
    try:
        return MINYEAR < datetime.fromisoformat(stored).year < MAXYEAR  # at the ends no other place has that hour
    except ValueError:
        return False


def hour(stored: str, zone: str, language: str) -> str:
    """A stored hour in the time of a place, such that `instant` reads it back."""
    told = datetime.fromisoformat(stored).astimezone(ZoneInfo(zone))
    return f"{day(told.date(), language)}, {told:%H:%M:%S}".removesuffix(":00")


def in_both(stored: str, language: str) -> str:
    """A stored hour on both capitals' days and clocks, in words."""
    told = datetime.fromisoformat(stored)
    return "; ".join(f"{translate(ZONES[zone], language)}: {day(told, language, zone)}" for zone in CAPITALS.values())
