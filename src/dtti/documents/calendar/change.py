"""What follows when a meeting changes: which version it is now, and which message goes to whom. Knows no mail.

RFC 5546, 2.1.4: whoever receives messages keeps, for each UID, the highest SEQUENCE; of equal ones, the later DTSTAMP.
"""

import datetime as dt

from msgspec.structs import replace

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import Words

from .clocks import Languages
from .event import Attendee, Event
from .read import Reply
from .write import write_cancellation, write_invitation

# A change of these asks attendees to look again (RFC 5545, 3.8.7.4); a change of an answer or a stamp does not.
_TELLING = ("title", "when", "status", "mode", "place", "link", "description", "label", "organizer")


def revise(before: Event, after: Event) -> Event:
    """`after` as the version that follows `before`: its sequence raised by one where attendees must know of the change.

    Refused where the UID differs or `after` claims to be older.
    """
    if after.uid != before.uid:
        raise Refused(
            refuse(
                "calendar-version",
                f"The UIDs differ: {before.uid!r} and {after.uid!r}.",
                "A meeting keeps its UID for ever; another meeting is another invitation.",
            )
        )
    if after.stamp < before.stamp:
        raise Refused(
            refuse(
                "calendar-version",
                f"The new version is stamped {after.stamp.isoformat()}, before the one it follows.",
                "Stamp it with the time of the act that changed the meeting.",
            )
        )
    told = any(getattr(before, name) != getattr(after, name) for name in _TELLING)
    invited = {_asked(each) for each in before.attendees} != {_asked(each) for each in after.attendees}
    return replace(after, sequence=before.sequence + (1 if told or invited else 0))


def cancel(event: Event, stamp: dt.datetime, reason: Words | None = None) -> Event:
    """`event` as cancelled at `stamp`, one version on. Cancelling twice changes nothing."""
    if event.status == "CANCELLED":
        return event
    return revise(event, replace(event, status="CANCELLED", stamp=stamp, changed=stamp, comment=reason))


def messages(
    before: Event | None, after: Event, languages: Languages = "both"
) -> list[tuple[tuple[Attendee, ...], bytes]]:
    """What is to be sent when `before` (None: nothing yet) has become `after`: pairs of receivers and file.

    A cancellation goes to all who were asked; one who is no longer invited is told so, and the others what changed.
    Nothing where nothing changed that attendees must know of.
    """
    if after.status == "CANCELLED":
        told = {each.address.lower(): each for each in (*(before.attendees if before else ()), *after.attendees)}
        if not told or (before is not None and before.status == "CANCELLED"):
            return []
        everyone = tuple(told.values())
        return [(everyone, write_cancellation(replace(after, attendees=everyone), languages))]
    sent: list[tuple[tuple[Attendee, ...], bytes]] = []
    if before is None or after.sequence > before.sequence:
        sent.append((after.attendees, write_invitation(after, languages)))
    if before is not None:
        staying = {each.address.lower() for each in after.attendees}
        gone = tuple(each for each in before.attendees if each.address.lower() not in staying)
        if gone:
            sent.append((gone, write_cancellation(after, languages, only=gone)))
    return sent


def answered(event: Event, reply: Reply) -> Event:
    """`event` with an attendee's answer in it. An answer to an earlier version is Refused: the question has changed."""
    if not reply.current:
        raise Refused(
            refuse(
                "calendar-reply",
                f"{reply.address} answered version {reply.sequence}; the meeting is now at {event.sequence}.",
                "Ask for an answer to the present invitation.",
            )
        )
    return replace(
        event,
        attendees=tuple(
            replace(each, answer=reply.answer) if each.address.lower() == reply.address.lower() else each
            for each in event.attendees
        ),
    )


def _asked(attendee: Attendee) -> tuple[str, str, str]:
    return attendee.address.lower(), attendee.role, attendee.kind
