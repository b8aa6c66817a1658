"""The entries of a calendar file as proposals of meetings: days, hours, place. Nobody who was invited is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dtti.documents.calendar.event import AllDay, Event, zone_named
from dtti.documents.sheet.text import shown
from dtti.documents.values import Language, Words
from dtti.language.dates import day
from dtti.office.asking import Asking

from . import spotting
from .document import Document, Field, Unplaced, matching
from .known import Known, shelf


def read(asking: Asking, data: bytes, drafts: Iterable[Known] = (), language: Language = "en") -> tuple[Document, ...]:
    """Each entry of a calendar file; Refused where it cannot be understood whole."""
    drafts = list(drafts)
    bodies, meetings = shelf(asking, "body", drafts), shelf(asking, "meeting", drafts)
    made = []
    from dtti.documents.calendar.read import read as read_calendar  # here: it is large, and few pages read calendars

    for number, event in enumerate(read_calendar(data).events, 1):
        where = Words(en=f"entry {number}", hi=f"प्रविष्टि {number}")
        title = event.title.spoken(language)[0]
        fields = list(_days(event, where, language))
        found = spotting.named(title, bodies)
        body, count = found[0] if len(found) == 1 else None, spotting.number(title)
        left = [Unplaced(str(len(event.attendees)), where, "invited")] if event.attendees else []
        matched = matching(meetings, body.ref if body else "", count, str(fields[0].stored))
        if count is not None:
            fields.insert(0, Field("number", count, str(count), where))
        if body:
            fields.insert(0, Field("body", body.ref, body.title, where))
        made.append(Document("meeting", shown(title, 120), tuple(fields), tuple(left), matched))
    return tuple(made)


def _days(event: Event, where: Words, language: Language) -> Iterable[Field]:
    """Days and hours at the venue's clock, place, and how it meets where the entry says so."""
    when = event.when
    if isinstance(when, AllDay):
        first, last = when.first, when.last
    else:
        zone = zone_named(when.zone)
        first, last = when.start.astimezone(zone).date(), when.end.astimezone(zone).date()
    yield Field("date", first.isoformat(), day(first.isoformat(), language), where)
    if last > first:
        yield Field("end", last.isoformat(), day(last.isoformat(), language), where)
    if not isinstance(when, AllDay):
        opens = when.start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = f"{when.start.astimezone(zone_named(when.zone)):%H:%M}, {when.zone}"
        yield Field("opens", opens, said, where)
        yield Field("zone", when.zone, when.zone, where)
    if event.place:
        said = event.place.spoken(language)[0]
        yield Field("place", said, said, where)
    if event.mode:
        yield Field("mode", event.mode, event.mode, where)
    elif event.place:
        yield Field("mode", "in-person", "in-person", where, sure=False)
    status = {"CANCELLED": "cancelled", "CONFIRMED": "planned", "TENTATIVE": "planned"}[event.status]
    yield Field("status", status, status, where, sure=event.status == "CANCELLED")
