"""Dates as offices write them, as text and as serial numbers. Reads one value at a time; decides no order by itself.

03/04/2026 is two days until something decides. A day, month or year is given in EDTF (ISO 8601-2:2019): `2026-04-03`,
`2026-04`, `2026`; nothing is widened to a day that did not name one. Years are 1900 to 2199.
"""

import datetime as dt
import re
from functools import cache
from typing import Literal, NamedTuple

from dtti.language.dates import months

from .text import plain

Order = Literal["dmy", "mdy"]

_OTHER_HI = {
    "फरवरी": 2, "अप्रेल": 4, "जुलाइ": 7, "सितम्बर": 9, "सितमबर": 9, "अक्तूबर": 10, "अक्तुबर": 10, "नवम्बर": 11, "दिसम्बर": 12,
    "जन": 1, "फर": 2, "फ़र": 2, "अग": 8, "सित": 9, "अक्टू": 10, "अक्तू": 10, "नव": 11, "दिस": 12,
}  # fmt: skip


def _month_key(word: str) -> str:
    return word.casefold().replace("\u093c", "").replace("\u095e", "फ").strip(". ")


_MONTHS = {
    **{_month_key(name): number for number, name in enumerate(months("en", whole=True), 1)},
    **{_month_key(name): number for number, name in enumerate(months("en"), 1)},
    **{_month_key(name): number for number, name in enumerate(months("hi"), 1)},
    **{_month_key(name): number for name, number in _OTHER_HI.items()},
    "sept": 9,
}

_WORD = r"(?P<word>[A-Za-z]{3,9}|[\u0900-\u0965\u0970-\u097f]{2,10})\.?"
_TH = r"(?:st|nd|rd|th)?"
_GAP = r"[-\s./,]*"
_FORMS = (
    r"(?P<year>\d{4})(?P<gap>[-/.])(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})",
    r"(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
    rf"(?P<day>\d{{1,2}}){_TH}{_GAP}(?:of )?{_WORD}{_GAP}(?P<year>\d{{4}})",
    rf"(?P<day>\d{{1,2}}){_TH}{_GAP}{_WORD}{_GAP}'?(?P<short>\d\d)",
    rf"{_WORD}{_GAP}(?P<day>\d{{1,2}}){_TH}[-\s,/]+(?P<year>\d{{4}})",
    rf"(?P<year>\d{{4}}){_GAP}{_WORD}{_GAP}(?P<day>\d{{1,2}})",
    rf"{_WORD}[-\s./,']*(?P<year>\d{{4}})",
    rf"(?P<year>\d{{4}}){_GAP}{_WORD}",
    r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
    r"(?P<year>\d{4})/(?P<month>\d\d)",
    r"(?P<year>\d{4})",
)
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})")
_SHORT = rf"(?:\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]'?\d\d|{_WORD}[-\s./,]*'?\d\d)"
_FISCAL = re.compile(r"(?:f\.?\s?y\.?|financial year|वित्त(?:ीय)? वर्ष)?\s*(\d{4})\s*[-/–]\s*(\d\d|\d{4})", re.IGNORECASE)
_FISCAL_SAID = re.compile(r"f\.?\s?y\b|financial year|वित्त", re.IGNORECASE)
_MONTH_ISO = re.compile(r"(\d{4})-(\d\d)")
_WEEKDAY = re.compile(
    r"^(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:सोम|मंगल|बुध|गुरु|शुक्र|शनि|रवि)(?:वार)?)\.?,? +",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:T| +)(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?)(?: ?(?:Z|[+-]\d\d:?\d\d|IST|UTC|GMT))?$",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?a\.?m\.?", re.IGNORECASE)


class Found(NamedTuple):
    """What a text says about a date.

    `iso`: the date, read day first where the order is open. `other`: the date read month first, where that differs.
    `fits`: `both` where only an order can decide; `dmy` or `mdy` where the calendar leaves one reading, which tells
    about its column; "" where order plays no part. `fault`: the rule against it, "" for none. `time`: a time of day
    was left out. `short`: a year of two digits after a month's name was taken as 1970 to 2069.
    """

    iso: str = ""
    other: str = ""
    fits: Literal["", "both", "dmy", "mdy"] = ""
    fault: str = ""
    time: bool = False
    short: bool = False


@cache
def _compiled(form: str) -> re.Pattern[str]:
    """A form, compiled when it is first looked for: that of all takes a twentieth of a second."""
    return re.compile(form, re.IGNORECASE)


def _iso(year: int, month: int, day: int) -> str:
    """The date, or "" where the calendar has none."""
    try:
        return dt.date(year, month, day).isoformat() if 1900 <= year <= 2199 else ""
    except ValueError:
        return ""


def read_text(text: str) -> Found:
    """Read a date from text in English or Hindi; see Found."""
    said = plain(text)
    time = _TIME.search(said)
    if time:
        said = said[: time.start()]
    has_time = bool(time and not _MIDNIGHT.fullmatch(time[1]))
    said = _WEEKDAY.sub("", said).strip()
    if len(said) > 40:
        return Found(fault="sheet-date")
    numeric = _NUMERIC.fullmatch(said)
    if numeric:
        one, two, year = int(numeric[1]), int(numeric[3]), int(numeric[4])
        first, second = _iso(year, two, one), _iso(year, one, two)
        if not first and not second:
            return Found(fault="sheet-date-calendar")
        if first and second:
            return Found(first, second, "both" if first != second else "", time=has_time)
        return Found(first or second, "", "dmy" if first else "mdy", time=has_time)
    fault = _fiscal(said)
    if fault:
        return Found(fault=fault)
    month_iso = _MONTH_ISO.fullmatch(said)
    if month_iso:
        made = _iso(int(month_iso[1]), int(month_iso[2]), 1)
        return Found(made[:7]) if made else Found(fault="sheet-date-calendar")
    for form in _FORMS:
        found = _compiled(form).fullmatch(said)
        if found:
            made_ = _named(found.groupdict())
            if made_ is not None:
                return made_._replace(time=has_time)
    return Found(fault="sheet-date-short" if _compiled(_SHORT).fullmatch(said) else "sheet-date")


def _fiscal(said: str) -> str:
    """The rule against what is, or may be, a financial year (2019-20), which is no date."""
    found = _FISCAL.fullmatch(said)
    if not found:
        return "sheet-date-fiscal" if _FISCAL_SAID.match(said) else ""
    year, second = int(found[1]), found[2]
    follows = int(second) == (year + 1 if len(second) == 4 else (year + 1) % 100)
    if _FISCAL_SAID.match(said):
        return "sheet-date-fiscal"
    if not follows:
        return ""
    return "sheet-date-fiscal-or-month" if len(second) == 2 and 1 <= int(second) <= 12 else "sheet-date-fiscal"


def _named(parts: dict[str, str | None]) -> Found | None:
    """A date from the parts of a form; None where its word is no month."""
    word, short = parts.get("word"), parts.get("short")
    month = int(parts.get("month") or 0)
    if word:
        month = _MONTHS.get(_month_key(word), 0)
        if not month:
            return None
    year = int(parts.get("year") or 0)
    if short:
        year = int(short) + (2000 if int(short) < 70 else 1900)
    day = int(parts.get("day") or 0)
    if ("day" in parts and not day) or (("month" in parts or word) and not month):
        return Found(fault="sheet-date-calendar")
    made = _iso(year, month or 1, day or 1)
    if not made:
        return Found(fault="sheet-date-calendar")
    return Found(made if day else made[:7] if month else made[:4], short=bool(short))


def read_serial(serial: float, *, since_1904: bool, shows: str) -> Found:
    """A date from a workbook's serial number (ECMA-376 Part 1, 18.17.4).

    `shows`: what the cell's format shows of it, `day`, `month` or `year`. A first of the month shown as a month is that
    month, since spreadsheets store it so. Days before March 1900 are refused: spreadsheet programs differ on them.
    """
    if not (0 if since_1904 else 61) <= serial < 110_000:
        return Found(fault="sheet-date-serial")
    whole = int(serial)
    day = (dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)) + dt.timedelta(days=whole)
    if day.year < 1900 or day.year > 2199:
        return Found(fault="sheet-date-serial")
    made = day.isoformat()
    if shows == "month" and day.day == 1:
        made = made[:7]
    elif shows == "year" and (day.month, day.day) == (1, 1):
        made = made[:4]
    return Found(made, time=abs(serial - whole) > 1e-9)


def serial(day: dt.date) -> int:
    """The serial number of a day from 1 Mar 1900 on, in the 1900 system."""
    return (day - dt.date(1899, 12, 30)).days
