"""What comes of a meeting: the one after, with what was left open and the host's turn changed; and the readout."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from dtti.language.dates import month
from dtti.language.names import facing
from dtti.node.record.read import Listed
from dtti.office import actions, reports
from dtti.office.actions import ItemLeft
from dtti.office.asking import Asking, Stored, counts
from dtti.office.forum import recommendations
from dtti.programme.kinds.briefing import BRIEFING as _BRIEFING
from dtti.programme.kinds.delegation import DELEGATION as _DELEGATION
from dtti.programme.kinds.meeting import MEETING as _MEETING
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.kinds.readout import READOUT as _READOUT

from . import notes

#: The codes of what is begun from a meeting.
READOUT: Final = _READOUT.code
DELEGATION: Final = _DELEGATION.code
BRIEFING: Final = _BRIEFING.code
NEXT: Final = _MEETING.code


def begun(asking: Asking, meeting: Meeting) -> dict[str, Any]:
    """The stored text with which the next meeting of the body begins. A person looks at it before anybody gets it.

    Items that were left over come back under the meeting and number where they first stood, the open actions as one
    item, and what groups below have said of their projects since. The host is the side whose turn it is, where that is
    recorded.
    """
    made: dict[str, Any] = {
        "body": meeting.body,
        "mode": "in-person",
        "status": "planned",
        "follows": meeting.ref,
        "agenda": _agenda(asking, meeting),
    }
    if meeting.number is not None:
        made["number"] = meeting.number + 1
        stem = meeting.ref.removesuffix(f"{meeting.number:02}").removesuffix(str(meeting.number)).rstrip("-")
        made["ref"] = f"{stem}-{meeting.number + 1:02}"
    if host := _host(asking, meeting):
        made["host"] = host
    return made


def _host(asking: Asking, meeting: Meeting) -> str | None:
    """The side that hosts next: the other one after a meeting in person, else whose turn it is by the body's rule."""
    if meeting.status in ("held", "planned") and meeting.mode != "virtual" and meeting.host in ("IND", "USA"):
        return facing(meeting.host)
    met = reports.body_met(asking, meeting.body)
    return reports.whose_turn(met) if met else None


def _agenda(asking: Asking, meeting: Meeting) -> list[dict[str, Any]]:
    """Adoption, open actions, what was left over, and what the groups below have said of their projects since."""
    last = max(asking.moment.today, meeting.date.latest or date.min)
    left = actions.carried(asking, meeting.body, last + timedelta(days=1))
    made: list[dict[str, Any]] = [{"title": "Adoption of the agenda", "purpose": "decision", "minutes": 15}]
    if left.actions:
        made.append({"title": "Open actions and commitments", "purpose": "review", "carried": meeting.ref})
    made += [_row(each) for each in left.items]
    made += [recommendations.item(row, of) for row, of in recommendations.for_agenda(asking, meeting.body)]
    made += _progress(asking, meeting)
    return [{"number": str(number), **row} for number, row in enumerate(made, 1)]


def _row(left: ItemLeft) -> dict[str, Any]:
    """An item that comes back, under the meeting and number where it first stood."""
    row: dict[str, Any] = {"title": left.item.title, "purpose": left.item.purpose}
    row |= {"carried": left.meeting, "carried_number": left.number}
    if left.item.minutes:
        row["minutes"] = left.item.minutes
    if left.item.asked_by:
        row["asked_by"] = left.item.asked_by
    if left.item.papers:
        row["papers"] = list(left.item.papers)
    return row


def unsaid(asking: Asking, body: str) -> list[ItemLeft]:
    """The items of a body's meetings of which no record says what came of them, up to today."""
    return actions.unsaid(asking, body, asking.moment.today + timedelta(days=1))


def carries(content: Stored, left: ItemLeft) -> bool:
    """Whether an agenda has an item that came back, by the name under which it stays known."""
    named = (left.meeting, left.number)
    return any((row.get("carried"), row.get("carried_number")) == named for row in content.get("agenda", []))


def carrying(content: Stored, left: ItemLeft) -> dict[str, Any]:
    """The text of a meeting with an item that came back at the end of its agenda."""
    rows = list(content.get("agenda", []))
    number = notes.next_number(rows, "")
    return {**content, "agenda": [*rows, {"number": number, **_row(left)}]}


def planned(asking: Asking, body: str) -> Listed | None:
    """The next meeting of a body that is planned; None where none is recorded."""
    rows = asking.rows("meeting", filters={"body": body, "status": "planned"}, order="earliest", count=100)
    return next((row for row in rows if counts(row, asking.mine)), None)


def last(asking: Asking, body: str) -> Meeting | None:
    """The last meeting of a body that was held or cancelled, after which the next one is begun."""
    rows = asking.rows("meeting", filters={"body": body}, order="earliest", count=500)
    over = [row for row in rows if row.status in ("held", "cancelled") and counts(row, asking.mine)]
    found = asking.contents(over[-1:]).get(over[-1].record) if over else None
    return found if isinstance(found, Meeting) else None


def _progress(asking: Asking, meeting: Meeting) -> list[dict[str, Any]]:
    """The latest statement of each group below on each of its projects since this meeting, as an item for review."""
    below = {row.ref for row in asking.rows("body", filters={"body": meeting.body}, count=200)}
    since = meeting.date.earliest.isoformat() if meeting.date.earliest else ""
    rows = asking.rows("progress", order="earliest", count=500)
    latest = {(row.body, row.project): row for row in rows if row.body in below and (row.earliest or "") >= since}
    named = asking.named([f"project:{project}" for _body, project in latest])
    made = []
    for (_body, project), row in sorted(latest.items()):
        of = named.get(f"project:{project}")
        title = of.title if of else project
        made.append({"title": f"{title}: progress", "purpose": "review", "papers": [f"progress:{row.ref}"]})
    return made


def readout(asking: Asking, meeting: Meeting) -> dict[str, Any]:
    """The stored text with which the readout of a meeting begins: that it met, who chaired it, what it decided."""
    body = asking.named([f"body:{meeting.body}"]).get(f"body:{meeting.body}")
    name = (body.title if body else "") or meeting.body
    number = f", no. {meeting.number}" if meeting.number is not None else ""
    made: dict[str, Any] = {"meeting": meeting.ref, "title": f"Joint readout: {name}{number}"}
    day = (meeting.end or meeting.date).day
    if meeting.status != "held":
        return made
    place = " by video" if meeting.mode == "virtual" else f" in {meeting.place}" if meeting.place else ""
    on = f" on {day.day} {month(day.month, 'en')} {day.year}" if day else ""
    opened = f"The {name} met{place}{on}."
    if meeting.co_chairs:
        opened += f" It was co-chaired by {' and '.join(seat.holder for seat in meeting.co_chairs)}."
    made["paragraphs"] = [opened, *(each.text for each in meeting.decisions)]
    if day:
        made["on"] = day.isoformat()
    return made
