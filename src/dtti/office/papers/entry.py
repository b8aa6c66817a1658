"""A meeting as an entry for a calendar. It invites nobody: addresses of people are not kept in the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dtti.accord.refusal import Refused, refuse
from dtti.documents.calendar.event import AllDay, Event, Status, Timed, uid_for, zone_named
from dtti.documents.calendar.write import write_entry
from dtti.documents.words import Reading
from dtti.language.marking import N_
from dtti.node.record import journal
from dtti.programme.kinds.meeting import Meeting

from .material import Material, recorded, said
from .meeting import content_of, title_of

_ONE_HOUR = N_("When it ends is not recorded; the entry shows one hour.")
_LENGTH = timedelta(hours=1)  # shown where only the beginning is recorded; the entry says so


def invitation(material: Material, languages: Reading) -> bytes:
    """The meeting as an iCalendar file; Refused where its day is not known."""
    meeting = content_of(material)
    agreed = material.row.grade in ("agreed_here", "on_paper")
    status: Status = "CANCELLED" if meeting.status == "cancelled" else "CONFIRMED" if agreed else "TENTATIVE"
    try:
        when = _when(meeting)
    except (ValueError, OverflowError) as error:  # what the other side wrote there may be any day and any length
        why = f"The time of the meeting cannot stand in a calendar: {error}."
        raise Refused(refuse("paper-material", why, "Correct its day, or how long its items take.")) from None
    place = recorded(meeting.place) if meeting.place else None
    title = title_of(material)
    act = journal.act(material.asking.node, material.asking.viewer, material.row.act) if material.row.act else None
    stamp = datetime.fromisoformat(act.time if act else material.row.known_from)
    event = Event(
        uid=uid_for(material.row.record),
        stamp=stamp,
        title=title,
        when=when,
        sequence=max(0, material.row.number - 1),
        status=status,
        mode=None if meeting.mode == "unknown" else meeting.mode,
        place=place,
        description=said(_ONE_HOUR) if _open_ended(meeting) else None,
        label=material.label(),
        access="CONFIDENTIAL" if material.national else "PUBLIC",
    )
    return write_entry(event, languages)


def _open_ended(meeting: Meeting) -> bool:
    return bool(meeting.opens) and not _minutes(meeting)


def _minutes(meeting: Meeting) -> int | None:
    """How long it sits by its agenda; None where an item has no time of its own, since the sum would be too short."""
    each = [item.minutes for item in meeting.agenda]
    return sum(one or 0 for one in each) if each and all(each) else None


def _is_zone(name: str) -> bool:
    """Whether a text is the name of a time zone; what the other side wrote there may be anything."""
    try:
        return bool(zone_named(name))
    except ValueError:
        return False


def _when(meeting: Meeting) -> Timed | AllDay:
    if meeting.opens:
        start = datetime.fromisoformat(meeting.opens).astimezone(UTC)
        minutes = _minutes(meeting)
        length = timedelta(minutes=minutes) if minutes else _LENGTH
        zone = meeting.zone or "UTC"
        return Timed(start, start + length, zone if _is_zone(zone) else "UTC")
    day = meeting.date.day
    if day is None:
        raise Refused(
            refuse(
                "paper-material", f"The day of the meeting is not known ({meeting.date}).", "Record the day it meets."
            )
        )
    return AllDay(day, meeting.end.day if meeting.end and meeting.end.day else day)
