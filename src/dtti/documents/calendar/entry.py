"""One entry of a calendar file that came in, line by line, as an Event; refused where a line is not understood.

Knows the standard's lines and the `X-DTTI-…` ones that `write` puts beside them; not whose message it is.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, get_args
from zoneinfo import ZoneInfo

import icalendar
import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import LANGUAGES, Words

from .event import Access, AllDay, Answer, Attendee, AttendeeKind, Event, Mode, Person, Role, Sort, Status, Timed
from .wording import description, one_line

# Names that mail programs still write for the two capitals.
_TODAYS_NAMES = {"Asia/Calcutta": "Asia/Kolkata", "US/Eastern": "America/New_York"}


def bad(reason: str, remedy: str) -> Refused:
    """The refusal of a calendar file."""
    return Refused(refuse("calendar-file", reason, remedy))


def legible(entry: icalendar.Event, number: int) -> None:
    """Nothing in the entry that the parser could not read."""
    for name, why in getattr(entry, "errors", ()):
        line = name or "a line"
        raise bad(f"Entry {number}: {line} cannot be read ({str(why)[:160]}).", "Correct it at its source.")


def sound(entry: icalendar.Event, number: int) -> None:
    """Nothing in the entry that the parser could not read, and nothing that repeats."""
    legible(entry, number)
    for name in ("rrule", "rdate", "recurrence-id"):
        if name in entry:
            raise bad(
                f"Entry {number} repeats ({name.upper()}).",
                "Give each meeting as an entry of its own, with its own UID.",
            )


def event_of(entry: icalendar.Event, number: int, *, feed: bool) -> Event:
    """A VEVENT as an Event; `number`: its place in the file; `feed`: its organizer only publishes it."""
    sound(entry, number)
    # The organizer of a published entry is the office that publishes it, and belongs to the feed.
    organizer = None if feed or "organizer" not in entry else entry["organizer"]
    link = str(several(entry, "conference")[0]) if "conference" in entry else ""

    def made() -> Event:
        title = _shown(entry, "summary", "title")
        if title is None:
            raise ValueError("it has no SUMMARY")
        return Event(
            uid=uid_of(entry, number),
            sequence=whole(entry, "sequence", number),
            stamp=moment(entry, "dtstamp", number),
            created=moment(entry, "created", number) if "created" in entry else None,
            changed=moment(entry, "last-modified", number) if "last-modified" in entry else None,
            title=title,
            when=when_of(entry, number),
            sort=_one_of(Sort, entry, "x-dtti-sort", "meeting", number),
            status=_one_of(Status, entry, "status", "CONFIRMED", number),
            mode=_one_of(Mode, entry, "x-dtti-mode", None, number),
            place=_shown(entry, "location", "place"),
            link=link,
            page=str(entry.get("url", "")),
            comment=_comment(entry),
            label=unescaped(entry.get("x-dtti-label", "")),
            access=_one_of(Access, entry, "class", "PUBLIC", number),
            organizer=_person(organizer, number) if organizer is not None else None,
            attendees=tuple(attendee_of(each, number) for each in several(entry, "attendee")),
        )

    event = _said(made, number)
    return _said(lambda: _described(event, entry), number)


def _said(make: Callable[[], Event], number: int) -> Event:
    try:
        return make()
    except ValueError as error:
        raise bad(f"Entry {number}: {error}.", "Correct it where the file was made.") from None


def _described(event: Event, entry: icalendar.Event) -> Event:
    """With its description: the text apart where the file has it and shows nothing else, or else the text as shown."""
    shown = str(entry.get("description", ""))
    apart = _apart(entry, "description")
    complete = msgspec.structs.replace(event, description=apart)
    if shown in {description(complete, languages) for languages in ("en", "hi", "both")}:
        return complete
    return msgspec.structs.replace(event, description=_words(shown, entry.get("description")) if shown else None)


def _shown(entry: icalendar.Event, name: str, own: str) -> Words | None:
    """A title or place: by language where the file has it so and shows the same, or else as shown."""
    shown = entry.get(name)
    if shown is None or not str(shown):
        return None
    apart = _apart(entry, own)
    if apart and str(shown) in {one_line(apart, languages) for languages in ("en", "hi", "both")}:
        return apart
    return _words(str(shown), shown)


def _words(text: str, value: object) -> Words:
    language = str(getattr(value, "params", {}).get("LANGUAGE", "")).lower()
    return Words(hi=text) if language.startswith("hi") else Words(en=text)


def _apart(entry: icalendar.Event, own: str) -> Words | None:
    texts, reviewed = {"en": "", "hi": ""}, True
    for value in several(entry, f"x-dtti-{own}"):
        parameters = getattr(value, "params", {})
        language = str(parameters.get("LANGUAGE", "")).lower()
        if language not in LANGUAGES or texts[language]:
            return None
        texts[language] = unescaped(value)
        reviewed = reviewed and str(parameters.get("X-REVIEWED", "TRUE")).upper() != "FALSE"
    return Words(en=texts["en"], hi=texts["hi"], reviewed=reviewed) if any(texts.values()) else None


def unescaped(value: object) -> str:
    """The text of an X- property, whose escapes the library leaves as they are, since it knows no type for it."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], str(value))


def _comment(entry: icalendar.Event) -> Words | None:
    texts: dict[str, list[str]] = {"en": [], "hi": []}
    for value in several(entry, "comment"):
        language = str(getattr(value, "params", {}).get("LANGUAGE", "en")).lower()
        texts["hi" if language.startswith("hi") else "en"].append(str(value))
    en, hi = ("\n".join(texts[each]) for each in LANGUAGES)
    return Words(en=en, hi=hi) if en or hi else None


def bounds_of(entry: icalendar.Event, number: int) -> tuple[dt.date, dt.date]:
    """Beginning and end as they are written: days, the second after the last; or times, each with its zone."""
    if "dtstart" not in entry:
        raise bad(f"Entry {number} has no DTSTART.", "Say when it begins.")
    try:
        start, end = entry.start, entry.end
    except (ValueError, AttributeError, TypeError, OverflowError) as error:
        raise bad(f"Entry {number}: its times do not fit ({str(error)[:160]}).", "Correct DTSTART and DTEND.") from None
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return start, end
    if start.tzinfo is None or end.tzinfo is None:
        named = str(entry["dtstart"].params.get("TZID", ""))[:60]
        remedy = "Give DTSTART with the TZID of an IANA zone, or in UTC with a Z."
        if named:
            raise bad(f"Entry {number} begins at {start:%H:%M} in {named!r}, no known time zone.", remedy)
        raise bad(f"Entry {number} begins at {start:%H:%M} without a time zone.", remedy)
    return start, end


def when_of(entry: icalendar.Event, number: int) -> Timed | AllDay:
    """When a meeting is: a time with its zone, or whole days."""
    start, end = bounds_of(entry, number)
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        # An entry without an end lasts its one day (RFC 5545, 3.6.1).
        return AllDay(start, max(start, end - dt.timedelta(days=1)))
    zone = start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) else "UTC"
    zone = _TODAYS_NAMES.get(zone, zone)
    return Timed(start.astimezone(dt.UTC), end.astimezone(dt.UTC), zone)


def uid_of(entry: icalendar.Event, number: int) -> str:
    """The UID, without which nothing can be matched."""
    uid = str(entry.get("uid", ""))
    if not uid:
        raise bad(f"Entry {number} has no UID.", "Every entry needs the UID that it was sent with.")
    return uid


def whole(entry: icalendar.Event, name: str, number: int) -> int:
    """A whole number, 0 where the line is missing."""
    value = entry.get(name, 0)
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise bad(f"Entry {number}: {name.upper()} is no whole number from 0 to {2**31 - 1}.", "Correct it.")
    return int(value)


def moment(entry: icalendar.Event, name: str, number: int) -> dt.datetime:
    """A moment in UTC, which a stamp must be (RFC 5545, 3.8.7)."""
    value = getattr(entry.get(name), "dt", None)
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise bad(f"Entry {number} has no {name.upper()} in UTC.", "Say when this version of it was made.")
    return value.astimezone(dt.UTC)


def _one_of(values: object, entry: icalendar.Event, name: str, default: Any, number: int) -> Any:
    value = str(entry.get(name, "")) or default
    if value != default and value not in get_args(values):
        known = ", ".join(get_args(values))
        raise bad(f"Entry {number}: {name.upper()} is {str(value)[:40]!r}.", f"It is one of {known}.")
    return value


def several(entry: icalendar.Event, name: str) -> list[Any]:
    """The values of a line that may come once, often or never."""
    value = entry.get(name, [])
    return value if isinstance(value, list) else [value]


def _address(value: Any, number: int) -> str:
    text = str(value)
    if text[:7].lower() != "mailto:":
        raise bad(f"Entry {number}: {text[:60]!r} is no mail address.", "Addresses are written mailto:name@place.")
    return text[7:]


def _person(value: Any, number: int) -> Person:
    return Person(str(value.params.get("CN", "")), _address(value, number))


def attendee_of(value: Any, number: int) -> Attendee:
    """An ATTENDEE line."""
    address, parameters = _address(value, number), value.params

    def one_of(values: object, name: str, default: str) -> Any:
        found = str(parameters.get(name, default)).upper()
        if found not in get_args(values):
            raise bad(
                f"Entry {number}: {name} of {address} is {found[:40]!r}.",
                f"It is one of {', '.join(get_args(values))}.",
            )
        return found

    try:
        return Attendee(
            name=str(parameters.get("CN", "")),
            address=address,
            role=one_of(Role, "ROLE", "REQ-PARTICIPANT"),
            answer=one_of(Answer, "PARTSTAT", "NEEDS-ACTION"),
            kind=one_of(AttendeeKind, "CUTYPE", "INDIVIDUAL"),
            rsvp=str(parameters.get("RSVP", "FALSE")).upper() == "TRUE",
        )
    except ValueError as error:
        raise bad(f"Entry {number}: {error}.", "Correct the ATTENDEE line.") from None
