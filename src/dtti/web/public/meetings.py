"""All public meetings as one calendar file to subscribe to (RFC 5545), a language each. Knows meetings; no page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from dtti.documents.calendar.event import LATEST, AllDay, Event, Feed, Person, Status, Timed, uid_for
from dtti.documents.calendar.write import write_feed
from dtti.documents.values import LANGUAGES, Language, Words
from dtti.language.catalogue import translate
from dtti.language.marking import N_
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import lookups, read
from dtti.node.record.read import Listed
from dtti.programme.kinds.meeting import MEETING, Meeting

FILE: Final = "meetings-public.ics"
MOST: Final = 5_000  # entries of a calendar
_STATUS: Final[Mapping[str, Status]] = {"cancelled": "CANCELLED", "planned": "TENTATIVE"}
NAME: Final = N_("DTTI: public meetings")
NUMBERED: Final = N_("%(body)s, meeting %(number)s")


def calendars(node: Node, viewer: Viewer, base: str, file_of: Mapping[str, str]) -> dict[str, bytes]:
    """The calendar of each language, by file. `base`: where the folder is served, empty where that is not known."""
    rows = read.listing(node, viewer, MEETING.code, order="earliest", descending=True, count=MOST).rows
    contents = lookups.contents(node, viewer, [row.record for row in rows])
    held = [(row, of) for row in rows if isinstance(of := contents.get(row.record), Meeting)]
    names = lookups.named(node, viewer, {f"body:{of.body}" for _row, of in held})
    made = {}
    for language in LANGUAGES:
        before = "hi/" if language == "hi" else ""
        events = [
            _event(row, of, when, _title(names, of, language), f"{base}{before}{file_of[row.record]}" if base else "")
            for row, of in held
            for when in _when(of)
            if row.record in file_of
        ]
        name = translate(NAME, language)
        feed = Feed(_words(name, language), Person("DTTI", f"calendar@{node.side.lower()}.dtti.example"), tuple(events))
        made[f"{before}{FILE}"] = write_feed(feed, language)
    return made


def _when(meeting: Meeting) -> Iterator[Timed | AllDay]:
    """When a meeting is; nothing where its day is not known, or no calendar holds it."""
    first = meeting.date.day
    if first is None or not 1970 <= first.year <= LATEST:
        return
    if meeting.opens:
        start = datetime.fromisoformat(meeting.opens).astimezone(UTC)
        yield Timed(start, start + timedelta(hours=1))
        return
    last = meeting.end.day if meeting.end and meeting.end.day else first
    yield AllDay(first, last if first <= last <= first + timedelta(days=14) else first)


def _event(row: Listed, meeting: Meeting, when: Timed | AllDay, title: Words, page: str) -> Event:
    return Event(
        uid_for(row.record),
        datetime.fromisoformat(row.known_from),
        title,
        when,
        status=_STATUS.get(meeting.status, "CONFIRMED"),
        place=Words(en=" ".join(meeting.place.split())) if meeting.place else None,
        page=page,
    )


def _title(names: Mapping[str, Listed], meeting: Meeting, language: Language) -> Words:
    body = names[f"body:{meeting.body}"].title if f"body:{meeting.body}" in names else meeting.body
    said = translate(NUMBERED, language, body=body, number=meeting.number) if meeting.number else body
    return _words(" ".join(said.split()), language)


def _words(text: str, language: Language) -> Words:
    return Words(hi=text) if language == "hi" else Words(en=text)
