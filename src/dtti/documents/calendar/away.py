"""Days on which somebody cannot meet, from a calendar file of absences or holidays. Takes no address, believes no zone.

Each entry is read by itself: what cannot be understood is listed with the reason, and the rest counts. Repetition is
followed to its end where it has one; nothing is guessed of one that has none.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final

import icalendar
import msgspec
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule

from dtti.accord.refusal import Refusal, Refused
from dtti.documents.sheet.text import shown

from .entry import bad, bounds_of, legible, several
from .event import LATEST
from .read import opened

LONGEST: Final = 366  # days of one absence
MOST_TIMES: Final = 400  # that one entry repeats
MOST_SPANS: Final = 2_000  # of a file, its repetitions counted
_DAY: Final = dt.timedelta(days=1)
_FREQUENCIES: Final = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Span(msgspec.Struct, frozen=True, order=True):
    """Whole days, from the first to the last, both included."""

    first: dt.date
    last: dt.date


class Away(msgspec.Struct, frozen=True):
    """An entry that was understood: what it is called, its days. `key`: the same for the same entry of a later file."""

    key: str
    name: str
    days: tuple[Span, ...]


class NotRead(msgspec.Struct, frozen=True):
    """An entry that was not understood: its place in the file, what it is called, why."""

    number: int
    name: str
    why: tuple[Refusal, ...]


class Read(msgspec.Struct, frozen=True):
    """What a file says."""

    away: tuple[Away, ...]
    left: tuple[NotRead, ...]


def read(data: bytes) -> Read:
    """The days of a calendar file; Refused where it is none, is too large, or says nothing that can be understood."""
    _calendar, entries = opened(data)
    moved = _moved(entries)
    away: dict[str, Away] = {}
    left: list[NotRead] = []
    spans = 0
    for number, entry in enumerate(entries, 1):
        name = _named(entry)
        try:
            days = tuple(sorted(set(_days(entry, number, moved))))
        except Refused as refused:
            left.append(NotRead(number, name, refused.refusals))
            continue
        spans += len(days)
        if spans > MOST_SPANS:
            raise bad("The file has too many days.", f"Send at most {MOST_SPANS:,} absences, repetitions counted.")
        if days:
            key = _key(entry, days)
            both = (*away[key].days, *days) if key in away else days
            away[key] = Away(key, name, tuple(sorted(set(both))))
    if not entries:
        raise bad("The file has no entry.", "Give a calendar with an entry for each absence.")
    if not away and left:
        raise Refused(*(why for each in left[:10] for why in each.why))
    return Read(tuple(sorted(away.values(), key=lambda each: (each.days[0], each.name))), tuple(left))


def _named(entry: icalendar.Event) -> str:
    """What an absence is called: the first name that it has; none where its owner marked it as his own matter."""
    if any(str(each).upper() in ("PRIVATE", "CONFIDENTIAL") for each in several(entry, "class")):
        return ""
    return shown(str(next(iter(several(entry, "summary")), "")), 120)


def _key(entry: icalendar.Event, days: tuple[Span, ...]) -> str:
    """By what an entry is known again. Not its UID itself, which may hold an address."""
    named = str(entry.get("uid", "")) or f"{entry.get('summary', '')} {days[0].first}"
    again = getattr(entry.get("recurrence-id"), "dt", "")
    return sha256(f"{named}\n{again}".encode()).hexdigest()[:16]


def _moved(entries: Iterable[icalendar.Event]) -> dict[str, set[dt.date]]:
    """By UID, the days of a repetition that have an entry of their own."""
    found: dict[str, set[dt.date]] = {}
    for each in entries:
        at = getattr(each.get("recurrence-id"), "dt", None)
        if isinstance(at, dt.date):
            found.setdefault(str(each.get("uid", "")), set()).add(_date(at))
    return found


def _date(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _days(entry: icalendar.Event, number: int, moved: dict[str, set[dt.date]]) -> Iterator[Span]:
    """The days of an entry, each time that it repeats; times count for the days that they touch, by their own clock."""
    legible(entry, number)
    if any(str(each).upper() == "CANCELLED" for each in several(entry, "status")):
        raise bad(f"Entry {number} is cancelled.", "Nothing is to be done: its days are not left out.")
    if any(str(each).upper() == "TRANSPARENT" for each in several(entry, "transp")):
        raise bad(f"Entry {number} takes no time of anybody.", "Mark it as busy, if its days are to be left out.")
    for line in several(entry, "dtstart"):
        _within(getattr(line, "dt", None), number)
    start, end = bounds_of(entry, number)
    _within(end, number)
    first, last = _date(start), _date(end)
    timed = isinstance(start, dt.datetime) and isinstance(end, dt.datetime)
    if not timed or (end > start and _at_midnight(end)):
        last -= _DAY  # the end is the first moment that no longer belongs to it
    long = max(0, (last - first).days) + 1
    if long > LONGEST:
        raise bad(f"Entry {number} lasts {long} days.", f"Give absences of at most {LONGEST} days.")
    if "rdate" in entry:
        raise bad(f"Entry {number} repeats on a list of days (RDATE).", "Give each as an entry of its own.")
    without = _excepted(entry)
    if "recurrence-id" not in entry:
        without |= moved.get(str(entry.get("uid", "")), set())
    for day in _times(entry, first, number):
        if day not in without:
            yield Span(day, day + (long - 1) * _DAY)


def _at_midnight(moment: dt.date) -> bool:
    return isinstance(moment, dt.datetime) and moment.time() == dt.time()


def _within(moment: object, number: int) -> None:
    if isinstance(moment, dt.date) and not 1970 <= moment.year <= LATEST:
        raise bad(f"Entry {number} lies in the year {moment.year}.", f"Give days of the years 1970 to {LATEST}.")


def _excepted(entry: icalendar.Event) -> set[dt.date]:
    """The days on which a repetition does not take place."""
    return {_date(each.dt) for line in several(entry, "exdate") for each in getattr(line, "dts", ())}


def _times(entry: icalendar.Event, first: dt.date, number: int) -> Iterator[dt.date]:
    """The first day, and those on which it repeats."""
    rules = several(entry, "rrule")
    if not rules:
        yield first
        return
    rule = {str(name).upper(): list(value) for name, value in rules[0].items()}
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    wanted = _weekdays(rule, frequency)
    if len(rules) > 1 or wanted is None or not _plain(rule, frequency, first):
        named = ", ".join(sorted(rule))[:60]
        raise bad(f"Entry {number} repeats by a rule that is not read here ({named}).", "Give each time as an entry.")
    count, until = _whole(rule, "COUNT"), rule.get("UNTIL", [None])[0]
    if count is None and not isinstance(until, dt.date):
        raise bad(f"Entry {number} repeats without an end.", "Give its last day, or each time as an entry of its own.")
    end = dt.date(LATEST, 12, 31)
    last = min(_date(until), end) if isinstance(until, dt.date) else end
    days = rrule(
        _FREQUENCIES[frequency],
        dtstart=dt.datetime.combine(first, dt.time()),
        interval=_whole(rule, "INTERVAL") or 1,
        until=dt.datetime.combine(last, dt.time()),
        byweekday=sorted(wanted) or None,
    )
    for place, each in enumerate(days):
        if place == count:
            return
        if place == MOST_TIMES:
            raise bad(f"Entry {number} repeats more than {MOST_TIMES} times.", "Give fewer years of it.")
        yield each.date()


def _whole(rule: dict[str, list[Any]], name: str) -> int | None:
    value = rule.get(name, [None])[0]
    return value if isinstance(value, int) else None


def _weekdays(rule: dict[str, list[Any]], frequency: str) -> set[int] | None:
    """The days of the week on which it repeats, none where it does not say; None where they are not plain."""
    named = [str(each).upper() for each in rule.get("BYDAY", [])]
    if any(each not in _WEEKDAYS for each in named) or (named and frequency != "WEEKLY"):
        return None
    return {_WEEKDAYS.index(each) for each in named}


def _plain(rule: dict[str, list[Any]], frequency: str, first: dt.date) -> bool:
    """Whether a rule is no more than every so many days, weeks, months or years from its first day."""
    if rule.get("BYMONTHDAY", [first.day]) != [first.day] or rule.get("BYMONTH", [first.month]) != [first.month]:
        return False
    beside = {"BYMONTHDAY"} if frequency == "MONTHLY" else {"BYMONTHDAY", "BYMONTH"} if frequency == "YEARLY" else set()
    known = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *beside}
    given = [_whole(rule, each) for each in ("INTERVAL", "COUNT")]
    whole = all(each is None or 1 <= each <= 10_000 for each in given)
    monday = [str(each).upper() for each in rule.get("WKST", ["MO"])] == ["MO"]  # another first day moves the weeks
    return frequency in _FREQUENCIES and set(rule) <= known and whole and monday
