"""Invitations, cancellations, replies and feeds as iCalendar files (RFC 5545, 5546, 7986). Reads nothing.

The same input gives the same bytes: stamps come from the record. Lines are folded at 75 octets and never inside a
character. Beside the standard's properties stand `X-DTTI-…` ones, which hold what the standard has no place for: both
languages of a text apart, the marking, how one takes part. Programs that do not know them show the standard's.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal
from zoneinfo import ZoneInfo

import icalendar
from icalendar import vCalAddress, vDDDTypes, vDuration, vText, vUri
from msgspec.structs import replace

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import Words
from dtti.language.characters import visible
from dtti.language.names import ZONES

from .clocks import Languages, spoken_in
from .event import AllDay, Attendee, Event, Feed, Person, Timed
from .wording import category, description, one_line
from .zones import timezone

PRODUCT = "-//DTTI//Calendars//EN"
Method = Literal["REQUEST", "CANCEL", "REPLY", "PUBLISH"]


class _Exact(vText):
    """A text that comes back as it went in: the library's own escaping takes a backslash before N for a line's end."""

    def to_ical(self) -> bytes:
        escaped = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def write_invitation(event: Event, languages: Languages = "both") -> bytes:
    """An invitation, or a change of one (METHOD:REQUEST), for the attendees of `event`.

    Refused without an organizer or attendees, which RFC 5546, 3.2.2 asks for, and for a cancelled meeting.
    """
    if event.status == "CANCELLED":
        raise Refused(
            refuse("calendar-cancelled", f"{_called(event)} is cancelled.", "Write a cancellation, not an invitation.")
        )
    _people(event)
    return _file("REQUEST", [event], languages)


def write_cancellation(event: Event, languages: Languages = "both", *, only: tuple[Attendee, ...] = ()) -> bytes:
    """The message that takes a meeting out of calendars (METHOD:CANCEL; RFC 5546, 3.2.5).

    With `only`, for those who are no longer invited while the meeting goes on for the others; else for a meeting that
    is cancelled, and Refused where it is not.
    """
    if not only and event.status != "CANCELLED":
        raise Refused(
            refuse(
                "calendar-cancelled",
                f"{_called(event)} is not cancelled: its status is {event.status}.",
                "Set status to CANCELLED and raise sequence by one, or name those who are no longer invited.",
            )
        )
    _people(event)
    if only:
        event = replace(event, attendees=only)
    return _file("CANCEL", [event], languages)


def write_reply(event: Event, attendee: Attendee, stamp: dt.datetime, comment: Words | None = None) -> bytes:
    """The answer of one who was invited (METHOD:REPLY; RFC 5546, 3.2.3), made at `stamp`."""
    _people(event)
    return _file("REPLY", [replace(event, attendees=(attendee,), stamp=stamp, comment=comment)], "both")


def write_feed(feed: Feed, languages: Languages = "both") -> bytes:
    """A calendar to subscribe to (METHOD:PUBLISH). It holds no attendee, and nobody's address but the office's.

    Refused where a text of the feed gives the address of someone invited: a feed is read by whoever has its link.
    """
    made = _file("PUBLISH", feed.events, languages, feed=feed)
    private = {each.address.lower() for event in feed.events for each in event.attendees}
    private |= {event.organizer.address.lower() for event in feed.events if event.organizer}
    private.discard(feed.office.address.lower())
    plain = made.replace(b"\r\n ", b"").decode().lower()
    for event in feed.events:
        mine = {each.address.lower() for each in event.attendees} & private
        mine |= {event.organizer.address.lower()} & private if event.organizer else set()
        for address in sorted(mine):
            if address in plain:
                raise Refused(
                    refuse(
                        "calendar-private",
                        f"The texts of this feed give {address}, an address of someone in {_called(event)}.",
                        "Take the address out of title, place, description and comment.",
                    )
                )
    return made


def _called(event: Event) -> str:
    return f"{one_line(event.title, 'en')!r}"


def _people(event: Event) -> None:
    missing = [
        word for word, there in (("an organizer", event.organizer), ("an attendee", event.attendees)) if not there
    ]
    if missing:
        raise Refused(
            refuse(
                "calendar-people",
                f"{_called(event)} has not got {' nor '.join(missing)}, and an invitation needs both.",
                "Give organizer (name, address) and attendees; RFC 5546, 3.2.",
            )
        )


def write_entry(event: Event, languages: Languages = "both") -> bytes:
    """An entry to put into a calendar by hand: it invites nobody and asks for no answer, so it carries no METHOD."""
    return _file(None, [event], languages)


def _file(method: Method | None, events: Iterable[Event], languages: Languages, feed: Feed | None = None) -> bytes:
    events = tuple(events)
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if method:
        made.add("method", method)
    if feed:
        _feed_head(made, feed, languages)
    for name, first, last in _zones(events):
        made.add_component(timezone(name, first, last))
    for event in events:
        made.add_component(_event(event, languages, office=feed.office if feed else None))
    return bytes(made.to_ical(sorted=False))


def _feed_head(made: icalendar.Calendar, feed: Feed, languages: Languages) -> None:
    name = one_line(feed.name, languages)
    made.add("name", _text(name))  # RFC 7986, 5.1; the X- name beside it is what programs have read since before that
    made.add("x-wr-calname", _text(name))
    made.add("refresh-interval", vDuration(dt.timedelta(hours=feed.refresh)), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(dt.timedelta(hours=feed.refresh)))
    if feed.about:
        made.add("description", _text(one_line(feed.about, languages)))
        made.add("x-wr-caldesc", _text(one_line(feed.about, languages)))
    if feed.address:
        made.add("source", vUri(feed.address), parameters={"VALUE": "URI"})
    if feed.events:
        made.add("last-modified", max(each.changed or each.stamp for each in feed.events).astimezone(dt.UTC))


def _zones(events: Iterable[Event]) -> list[tuple[str, dt.date, dt.date]]:
    """The zones to describe, both capitals' always, over the dates of the timed events."""
    timed = [each.when for each in events if isinstance(each.when, Timed)]
    if not timed:
        return []
    first, last = min(each.start for each in timed).date(), max(each.end for each in timed).date()
    names = dict.fromkeys([*map(str, ZONES.values()), *sorted(each.zone for each in timed)])
    return [(name, first, last) for name in names if name != "UTC"]


def _event(event: Event, languages: Languages, office: Person | None) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", _text(event.uid))
    made.add("sequence", event.sequence)
    made.add("dtstamp", event.stamp.astimezone(dt.UTC))
    if event.created:
        made.add("created", event.created.astimezone(dt.UTC))
    if event.changed:
        made.add("last-modified", event.changed.astimezone(dt.UTC))
    _when(made, event.when)
    _words(made, "summary", "title", event.title, languages)
    if event.place:
        _words(made, "location", "place", event.place, languages)
    made.add("description", _text(description(event, languages)))
    if event.description:
        _apart(made, "description", event.description)
    for language in ("en", "hi"):
        text = getattr(event.comment, language, "")
        if text:
            made.add("comment", _text(text, {"LANGUAGE": language}))
    made.add("status", event.status)
    made.add("class", event.access)
    made.add("transp", "OPAQUE" if event.sort == "meeting" else "TRANSPARENT")
    made.add("categories", [category(event, languages)])
    if event.link:
        parameters = icalendar.Parameters({"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]})
        made.add("conference", vUri(event.link), parameters=parameters)  # RFC 7986, 5.11
    if event.page:
        made.add("url", vUri(event.page))
    made.add("x-dtti-sort", event.sort)
    if event.mode:
        made.add("x-dtti-mode", event.mode)
    if event.label:
        made.add("x-dtti-label", _text(event.label))
    organizer = office or event.organizer
    if organizer:
        made.add("organizer", _address(organizer))
    for attendee in () if office else event.attendees:
        address = _address(attendee)
        address.params["CUTYPE"] = attendee.kind
        address.params["ROLE"] = attendee.role
        address.params["PARTSTAT"] = attendee.answer
        address.params["RSVP"] = "TRUE" if attendee.rsvp else "FALSE"
        made.add("attendee", address)
    return made


def _when(made: icalendar.Event, when: Timed | AllDay) -> None:
    if isinstance(when, AllDay):
        made.add("dtstart", vDDDTypes(when.first))
        made.add("dtend", vDDDTypes(when.last + dt.timedelta(days=1)))  # DTEND is the first moment after (3.8.2.2)
        return
    zone = dt.UTC if when.zone == "UTC" else ZoneInfo(when.zone)
    made.add("dtstart", when.start.astimezone(zone))
    made.add("dtend", when.end.astimezone(zone))


def _words(made: icalendar.Event, name: str, own: str, words: Words, languages: Languages) -> None:
    shown = one_line(words, languages)
    parameters = {}
    spoken = {words.spoken(each)[1] for each in spoken_in(languages)}
    if len(spoken) == 1:
        parameters["LANGUAGE"] = spoken.pop()
    made.add(name, _text(shown, parameters))
    if (words.en and words.hi) or not words.reviewed:
        _apart(made, own, words)


def _apart(made: icalendar.Event, own: str, words: Words) -> None:
    """The languages of a text one by one, since the property that programs show holds them together."""
    for language in ("en", "hi"):
        text = getattr(words, language)
        if text:
            parameters = {"LANGUAGE": language}
            if not words.reviewed:
                parameters["X-REVIEWED"] = "FALSE"
            made.add(f"x-dtti-{own}", _text(text, parameters))


def _text(text: str, parameters: Mapping[str, str] | None = None) -> _Exact:
    return _Exact(visible(text.replace("\r\n", "\n")), params=icalendar.Parameters(dict(parameters or {})))


def _address(person: Person) -> vCalAddress:
    made = vCalAddress(f"mailto:{person.address}")
    if person.name:
        made.params["CN"] = visible(person.name)
    return made
