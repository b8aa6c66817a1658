"""Calendar files that come in: invitations, feeds, and the replies of those invited. Writes nothing; trusts nothing.

Every file is bounded before it is parsed, and whatever is wrong with it is said by rule, place and remedy (Refused).
What RFC 5545 allows and a meeting of this record never has (repetition, floating times) is refused, not guessed.
"""

import datetime as dt
import re
import warnings
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import Line

from .entry import attendee_of, bad, event_of, moment, several, sound, uid_of, unescaped, when_of, whole
from .event import AllDay, Answer, Event, Timed

LARGEST = 8 * 1024 * 1024  # of a file, in bytes: a feed of five thousand entries in both languages
MOST_ENTRIES = 5_000
_VENDORS = re.compile(r"TZID=\"?/([^\":;,]+)\"?")


class Message(msgspec.Struct, frozen=True):
    """What a calendar file says: its method ("" where it names none), its name if it is a feed, its entries."""

    method: str
    events: tuple[Event, ...]
    name: str = ""


class Reply(msgspec.Struct, frozen=True):
    """What one who was invited answers, and to which version. `current`: False where the meeting has changed since.

    `current` is None where the reply was read without the meeting that it answers. `proposed`: the other time that is
    asked for (METHOD:COUNTER). `delegated_to`: whom they send instead; `delegated_from`: in whose place they answer.
    """

    uid: str
    sequence: int
    stamp: dt.datetime
    address: Line
    answer: Answer
    name: Line = ""
    comment: str = ""
    current: bool | None = None
    proposed: Timed | AllDay | None = None
    delegated_to: tuple[Line, ...] = ()
    delegated_from: tuple[Line, ...] = ()


def read(data: bytes) -> Message:
    """The entries of a calendar file, with all that `write` puts there; Refused where it cannot be understood whole."""
    calendar, found = opened(data)
    method = str(calendar.get("method", "")).upper()
    events = tuple(event_of(each, number, feed=method == "PUBLISH") for number, each in enumerate(found, 1))
    return Message(method, events, unescaped(calendar.get("name", calendar.get("x-wr-calname", ""))))


def opened(data: bytes) -> tuple[icalendar.Calendar, list[icalendar.Event]]:
    """A calendar file and its entries as they are written; Refused where it is none, or too large."""
    calendar = _parsed(data)
    found = _entries(calendar)
    if len(found) > MOST_ENTRIES:
        raise bad(f"The file has {len(found):,} entries.", f"Send at most {MOST_ENTRIES:,} in one file.")
    return calendar, found


def read_reply(data: bytes, event: Event | None = None) -> Reply:
    """The answer of one attendee (METHOD:REPLY or COUNTER; RFC 5546, 3.2.3 and 3.2.7).

    With `event`, the meeting as it now stands, a reply to another meeting, from someone neither invited nor sent by one
    who was, or to a version that was never sent is Refused; one to an earlier version is marked as not `current`.
    """
    calendar = _parsed(data)
    method = str(calendar.get("method", "")).upper()
    entries = _entries(calendar)
    if method not in ("REPLY", "COUNTER") or len(entries) != 1:
        raise bad(
            f"The file is a {method or 'calendar without a method'} with {len(entries)} entries, not a reply.",
            "Give the answer as the mail program sends it: METHOD:REPLY (or COUNTER) with one entry.",
        )
    entry = entries[0]
    sound(entry, 1)
    person = _speaker(several(entry, "attendee"), counter=method == "COUNTER")
    attendee = attendee_of(person, 1)
    if attendee.answer == "NEEDS-ACTION" and method == "REPLY":
        raise bad(
            f"The reply of {attendee.address} says neither yes nor no.", "Answer with accept, decline or tentative."
        )
    reply = Reply(
        uid=uid_of(entry, 1),
        sequence=whole(entry, "sequence", 1),
        stamp=moment(entry, "dtstamp", 1),
        address=attendee.address,
        answer=attendee.answer,
        name=attendee.name,
        comment="\n".join(str(each) for each in several(entry, "comment")),
        proposed=when_of(entry, 1) if method == "COUNTER" else None,
        delegated_to=_addresses(person, "DELEGATED-TO"),
        delegated_from=_addresses(person, "DELEGATED-FROM"),
    )
    return reply if event is None else _matched(reply, event)


def _speaker(people: Sequence[Any], *, counter: bool) -> Any:
    """The one who answers: a delegate also names the one who sent them (4.2.6), a counter-proposal all (3.2.7)."""
    told = [each for each in people if str(each.params.get("PARTSTAT", "NEEDS-ACTION")).upper() != "NEEDS-ACTION"]
    others = {one.lower() for each in people for one in _addresses(each, "DELEGATED-FROM")}
    alone = [each for each in (told if counter and len(people) > 1 else people) if _mail(each).lower() not in others]
    if len(alone) != 1:
        raise bad(
            f"The reply speaks for {len(people)} people.", "Each attendee answers alone: one ATTENDEE in a reply."
        )
    return alone[0]


def _addresses(person: Any, name: str) -> tuple[str, ...]:
    found = person.params.get(name, [])
    return tuple(_mail(each) for each in (found if isinstance(found, list | tuple) else [found]) if str(each))


def _mail(value: object) -> str:
    return re.sub("(?i)^mailto:", "", str(value))


def _without_zones(text: str) -> str:
    """The file without its descriptions of time zones, which are not believed.

    Zones are known by name (IANA's, and those of common mail programs). The library would keep a description under its
    name for all later files too, so that one sender's file could move the next sender's meeting.
    """
    kept, within = [], False
    for line in text.split("\n"):
        line = line.rstrip("\r")
        word = line.strip().upper()
        if word == "BEGIN:VTIMEZONE":
            within = True
        elif word == "END:VTIMEZONE":
            within = False
        elif not within:
            kept.append(_VENDORS.sub(_plain_name, line))
    return "\r\n".join([*kept, ""])


def _plain_name(found: re.Match[str]) -> str:
    """A time zone's name without the vendor's before it (3.2.19), where an IANA zone is left."""
    parts = found[1].split("/")[-3:]  # no zone has more parts in its name
    for at in range(len(parts)):
        try:
            return f"TZID={ZoneInfo('/'.join(parts[at:])).key}"
        except (KeyError, ValueError, OSError):
            continue
    return found[0]


def _matched(reply: Reply, event: Event) -> Reply:
    def no(reason: str, remedy: str) -> Refused:
        return Refused(refuse("calendar-reply", reason, remedy))

    if reply.uid != event.uid:
        raise no(
            f"The reply answers {reply.uid[:80]!r}, not this meeting ({event.uid!r}).",
            "Find the meeting with that UID.",
        )
    invited = {each.address.lower() for each in event.attendees}
    if invited.isdisjoint(each.lower() for each in (reply.address, *reply.delegated_from)):
        raise no(
            f"{reply.address} was not invited.",
            "Ask who sent it; if a delegate, let the one invited name them, and invite them.",
        )
    if reply.sequence > event.sequence:
        raise no(
            f"The reply answers version {reply.sequence}; the newest sent is {event.sequence}.",
            "Check that it was meant for this record; ask the sender to answer the invitation again.",
        )
    return msgspec.structs.replace(reply, current=reply.sequence == event.sequence)


def _parsed(data: bytes) -> icalendar.Calendar:
    if len(data) > LARGEST:
        raise bad(
            f"The file has {len(data):,} bytes.",
            f"A calendar file here has at most {LARGEST:,} bytes; send it in parts.",
        )
    try:
        # Lines are folded by bytes, perhaps within a character: they are joined before they are text (3.1).
        text = re.sub(rb"\r?\n[ \t]", b"", data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad(
            f"Byte {error.start:,} of the file, its folded lines joined, is not UTF-8.",
            "Save it as UTF-8, as RFC 5545, 3.1.4 asks.",
        ) from None
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise bad("The file does not begin with BEGIN:VCALENDAR.", "Give a calendar file (.ics).")
    if text.upper().count("BEGIN:") > 3 * MOST_ENTRIES:
        raise bad("The file has too many parts.", f"Send at most {MOST_ENTRIES:,} entries in one file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library doubts is refused here where it matters
            found = icalendar.Calendar.from_ical(_without_zones(text), multiple=True)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        raise bad(f"The file is broken: {str(error)[:200]}.", "Ask the sender to export it again.") from None
    if len(found) != 1 or not isinstance(found[0], icalendar.Calendar):
        raise bad(f"The file holds {len(found)} calendars.", "Give one calendar in a file.")
    return found[0]


def _entries(calendar: icalendar.Calendar) -> list[icalendar.Event]:
    return [each for each in calendar.walk("VEVENT") if isinstance(each, icalendar.Event)]
