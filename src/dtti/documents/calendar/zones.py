"""A time zone as iCalendar says it (RFC 5545, 3.6.5): its real changes of the clock over the years that are asked for.

A change that comes by one rule every year is written as that rule (RRULE with BYDAY), since the most used mail program
reads no lists of dates here (decision 0025); any other change as its own date. Knows nothing of meetings.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EPOCH = dt.datetime.fromisoformat("1970-01-01T00:00:00")  # by a wall clock
_MINUTE, _WEEK = dt.timedelta(minutes=1), dt.timedelta(days=7)


class Change(NamedTuple):
    """One change of a zone's clock: when, by the clock that ends; the offsets before and after; the new time's name."""

    local: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str
    summer: bool


def timezone(name: str, first: dt.date, last: dt.date) -> Timezone:
    """The VTIMEZONE component of the zone `name`, right for every moment from `first` to `last`."""
    made = Timezone()
    made.add("tzid", name)
    made.add("x-lic-location", name)
    changes = changes_between(name, first.year - 1, last.year + 1)
    begins = dt.datetime(first.year - 1, 1, 1, tzinfo=ZoneInfo(name))
    if not changes or changes[0].local > begins.replace(tzinfo=None):
        # What was in force when the period begins, so that no moment in it comes before the first component.
        offset = begins.utcoffset() or dt.timedelta()
        opening = Change(
            _EPOCH,
            offset,
            offset,
            begins.tzname() or "",
            bool(begins.dst()),
        )
        if not changes:
            made.add_component(_component([opening]))
            return made
        if first.year <= changes[0].local.year:
            made.add_component(_component([opening]))
    for group in _grouped(changes):
        made.add_component(_component(group, open_ended=group[-1].local.year > last.year))
    return made


def changes_between(name: str, first_year: int, last_year: int) -> list[Change]:
    """Every change of the clock in `name` from the beginning of one year to the end of the other, to the minute."""
    return [change for year in range(first_year, last_year + 1) for change in _changes_in(name, year)]


@lru_cache(maxsize=512)
def _changes_in(name: str, year: int) -> tuple[Change, ...]:
    zone, found = ZoneInfo(name), []
    at, end = dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    while at < end:
        later = min(at + _WEEK, end)  # no zone changes its clock and changes it back within a week
        if _state(at, zone) != _state(later, zone):
            low, high = at, later
            while high - low > _MINUTE:
                middle = low + (high - low) // 2
                middle -= dt.timedelta(seconds=middle.second, microseconds=middle.microsecond)
                low, high = (middle, high) if _state(middle, zone) == _state(at, zone) else (low, middle)
            old = low.astimezone(zone).utcoffset() or dt.timedelta()
            new = high.astimezone(zone)
            offset = new.utcoffset() or dt.timedelta()
            wall = (high + old).replace(tzinfo=None)
            found.append(Change(wall, old, offset, new.tzname() or "", bool(new.dst())))
        at = later
    return tuple(found)


def _state(moment: dt.datetime, zone: ZoneInfo) -> tuple[dt.timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _rule(change: Change) -> tuple[object, ...]:
    """What two changes share when one yearly rule makes both. The last week of a month counts from its end."""
    week = (change.local.day - 1) // 7 + 1
    from_end = (change.local + _WEEK).month != change.local.month
    nth = -1 if from_end and week >= 4 else week
    return change.local.month, nth, change.local.weekday(), change.local.time(), *change[1:]


def _grouped(changes: Iterable[Change]) -> list[list[Change]]:
    """Runs of changes that one rule makes in consecutive years; a change apart is a run of one."""
    runs: list[list[Change]] = []
    for change in changes:
        for run in runs:
            if _rule(run[-1]) == _rule(change) and run[-1].local.year + 1 == change.local.year:
                run.append(change)
                break
        else:
            runs.append([change])
    return runs


def _component(run: list[Change], *, open_ended: bool = True) -> TimezoneStandard | TimezoneDaylight:
    change = run[0]
    made = TimezoneDaylight() if change.summer else TimezoneStandard()
    made.add("dtstart", change.local)
    made.add("tzoffsetfrom", change.before)
    made.add("tzoffsetto", change.after)
    made.add("tzname", change.name)
    if len(run) > 1:
        month, nth, weekday = _rule(change)[:3]
        rule = {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": f"{nth}{_WEEKDAYS[int(str(weekday))]}"}
        if not open_ended:
            rule["UNTIL"] = (run[-1].local - run[-1].before).replace(tzinfo=dt.UTC)
        made.add("rrule", vRecur(rule))
    return made
