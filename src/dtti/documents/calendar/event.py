"""What stands in a calendar: a meeting, a due date, a clock; who is invited; a feed. Knows no file format's spelling.

The values of `role`, `answer`, `kind` and `status` are the standard's own (RFC 5545, 3.2.3, 3.2.12, 3.2.16, 3.8.1.11),
so that nothing is lost in translation between the record and a mail program.
"""

import datetime as dt
import re
import uuid
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from dtti.documents.values import Line, Words

Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]
Role = Literal["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"]
Answer = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"]
AttendeeKind = Literal["INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"]
Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
Mode = Literal["in-person", "virtual", "hybrid"]
Sort = Literal["meeting", "due", "clock"]
Access = Literal["PUBLIC", "PRIVATE", "CONFIDENTIAL"]

_NAMESPACE = uuid.UUID("6f1d0c52-2c7e-5b1e-9a64-d7715d1e5a10")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\x00-\x20\x7f]+@[^\s@<>\"(),:;\\\x00-\x20\x7f]+")
# What iCalendar's TEXT cannot hold (RFC 5545, 3.3.11): controls other than tab and line feed, and what other programs
# take for the end of a line. A carriage return before a line feed is part of that line's end.
_UNHOLDABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\r(?!\n)")
LATEST = 2100  # years are bounded so that a slip of the finger is found, not printed


def uid_for(record: str, programme: str = "dtti") -> str:
    """The UID of the meeting or date that the record calls `record`: the same for ever, and telling nothing about it.

    RFC 7986, 5.3 asks for a UID that reveals no name; this is a UUID (RFC 9562, version 5) of both arguments.
    """
    return str(uuid.uuid5(_NAMESPACE, f"{programme}\n{record}"))


def _holdable(value: str, what: str) -> None:
    found = _UNHOLDABLE.search(value)
    if found:
        raise ValueError(f"{what} holds the character U+{ord(found[0]):04X}, which a calendar file cannot hold")


def _one_line(value: str, what: str) -> None:
    _holdable(value, what)
    if "\n" in value or "\t" in value:
        raise ValueError(f"{what} must be one line")


def _link(value: str, what: str) -> None:
    if value and not re.fullmatch(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", value):
        raise ValueError(f"{what} must be a web address, https://…, without blanks")


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who calls a meeting, or publishes a feed: a name as shown, and an e-mail address, rather an office's."""

    name: Line
    address: Line

    def __post_init__(self) -> None:
        _one_line(self.name, "a name")
        if "\\" in self.name:  # without meaning in a parameter (RFC 5545, 3.1), yet readers differ about it
            raise ValueError(f"the name {self.name[:60]!r} holds a backslash, which calendar programs read differently")
        if not _ADDRESS.fullmatch(self.address):
            raise ValueError(f"{self.address[:60]!r} is no e-mail address")


class Attendee(Person, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One who is invited, what is asked of them, and what they have answered. `rsvp`: an answer is wanted."""

    role: Role = "REQ-PARTICIPANT"
    answer: Answer = "NEEDS-ACTION"
    kind: AttendeeKind = "INDIVIDUAL"
    rsvp: bool = True


class Timed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="timed", tag_field="type"):
    """A stretch of time, in whole seconds, told by the clock of `zone` (an IANA name: the venue's, or UTC).

    A moment in the hour that a zone's clock repeats in autumn cannot be said by that clock and is refused.
    """

    start: Moment
    end: Moment
    zone: Line = "Asia/Kolkata"

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("the end must come after the start")
        zone = zone_named(self.zone)
        for moment in (self.start, self.end):
            if moment.microsecond:
                raise ValueError("moments are given in whole seconds")
            _bounded(moment.date())
            if moment.astimezone(zone).fold:
                raise ValueError(
                    f"{moment.isoformat()} falls into the hour that clocks of {self.zone} repeat when put back; "
                    "give UTC as its zone"
                )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timed) and (self.start, self.end, self.zone) == (other.start, other.end, other.zone)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.zone))


class AllDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="days", tag_field="type"):
    """Whole days, from the first to the last, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day must not come before the first")
        _bounded(self.first)
        _bounded(self.last)


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One entry of a calendar, as the record has it at one version.

    `uid` never changes (`uid_for`); `sequence` rises with every change that attendees must know of; `stamp` is when
    this version was made, taken from the record, never from a clock here. `comment` is what the organizer says with a
    message, such as the reason of a cancellation. `page` is the address of the meeting's page, `link` the video room's.
    `access` is for calendars that are shared: PRIVATE hides an entry from the assistants who keep a calendar, too.
    """

    uid: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern="^[!-~]+$")]
    stamp: Moment
    title: Words
    when: Timed | AllDay
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0
    created: Moment | None = None
    changed: Moment | None = None
    sort: Sort = "meeting"
    status: Status = "CONFIRMED"
    mode: Mode | None = None
    place: Words | None = None
    link: Line = ""
    page: Line = ""
    description: Words | None = None
    comment: Words | None = None
    label: Line = ""
    access: Access = "PUBLIC"
    organizer: Person | None = None
    attendees: Annotated[tuple[Attendee, ...], msgspec.Meta(max_length=500)] = ()

    def __post_init__(self) -> None:
        for words, what in ((self.title, "title"), (self.place, "place")):
            for text in (words.en, words.hi) if words else ():
                _one_line(text, what)
        for words, what in ((self.description, "description"), (self.comment, "comment")):
            for text in (words.en, words.hi) if words else ():
                _holdable(text, what)
        _one_line(self.label, "label")
        _link(self.link, "link")
        _link(self.page, "page")
        for moment in (self.stamp, self.created, self.changed):
            if moment and (moment.microsecond or not 1970 <= moment.year <= LATEST):
                raise ValueError(f"{moment.isoformat()}: a stamp is in whole seconds, in the years 1970 to {LATEST}")
        addresses = [each.address.lower() for each in self.attendees]
        if len(set(addresses)) != len(addresses):
            twice = next(each for each in addresses if addresses.count(each) > 1)
            raise ValueError(f"{twice} is invited twice")


class Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A calendar to subscribe to: its name, the office that publishes it, its entries, and how often to look, in hours.

    The office's address stands in every entry (RFC 5546, 3.2.1 wants one), so it must be public. Nobody else's does.
    """

    name: Words
    office: Person
    events: Annotated[tuple[Event, ...], msgspec.Meta(max_length=5_000)] = ()
    refresh: Annotated[int, msgspec.Meta(ge=1, le=24 * 7)] = 6
    about: Words | None = None
    address: Line = ""

    def __post_init__(self) -> None:
        for words in (self.name, self.about):
            for text in (words.en, words.hi) if words else ():
                _one_line(text, "a feed's name or description")
        _link(self.address, "address")
        uids = [each.uid for each in self.events]
        if len(set(uids)) != len(uids):
            raise ValueError("two entries of the feed have the same uid")


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name; ValueError where the IANA database has none."""
    try:
        if not re.fullmatch(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}", name):
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise ValueError(f"{name[:60]!r} is no time zone of the IANA database; say for example Asia/Kolkata") from None


def _bounded(date: dt.date) -> None:
    if not 1970 <= date.year <= LATEST:
        raise ValueError(f"{date.isoformat()} is not in the years 1970 to {LATEST}")
