"""Days for a meeting: the search over what the record knows of its body, and what was found as a change of its text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

import msgspec

from dtti.documents.calendar.request import Cadence, FixedEvent, Found, Proposal, Request
from dtti.documents.values import SIDES, Side, Words
from dtti.office import reports
from dtti.office.asking import Asking, Stored

from . import away
from .away import Entry

Mode = Literal["in-person", "virtual", "hybrid"]
WINDOW: Final = 60  # days that are searched where nobody says until when
_ZONES: Final[dict[str, str]] = {"IND": "Asia/Kolkata", "USA": "America/New_York"}


class Wanted(msgspec.Struct, frozen=True):
    """What is searched for: where its first day may fall, how it meets, who hosts, how long.

    `days`: on end, in person. `minutes`: of a sitting by video. `lead`: days that visit requests take.
    """

    first: date
    last: date
    mode: Mode
    host: Side | None
    days: int = 1
    minutes: int = 90
    lead: int = 0


class Matter(msgspec.Struct, frozen=True):
    """What a text in work says of its meeting, as far as it says it: the record, its body, how it meets, who hosts."""

    record: str
    body: str
    mode: str
    host: str


def matter(record: str, content: Stored) -> Matter:
    """What a text in work says, whole or not yet."""
    return Matter(record, *(str(content.get(name) or "") for name in ("body", "mode", "host")))


def usual(asking: Asking, meeting: Matter) -> Wanted:
    """What to search for before anybody has said it: from when the body is due, hosted by the side whose turn it is."""
    today = asking.moment.today
    rule, turn = _rule(asking, meeting)
    due = rule.last + timedelta(days=rule.days) if rule else today
    first = max(today + timedelta(days=14), due - timedelta(days=30))
    mode: Mode = next((each for each in get_args(Mode) if each == meeting.mode), "in-person")
    host = next((side for side in SIDES if side in (meeting.host, turn) and side == (meeting.host or turn)), None)
    return Wanted(first, first + timedelta(days=WINDOW), mode, None if mode == "virtual" else host or "IND")


def _rule(asking: Asking, meeting: Matter) -> tuple[Cadence | None, Side | None]:
    """The rule by which its body meets, from the last meeting that is known to have met; whose turn to host it is."""
    met = reports.body_met(asking, meeting.body)
    if met is None:
        return None, None
    turn, last = reports.whose_turn(met), met.last.date if met.last else ""
    if len(last) != 10 or not met.rule or not met.rule.days:
        return None, turn
    return Cadence(date.fromisoformat(last), met.rule.days, turn), turn


def found(asking: Asking, meeting: Matter, wanted: Wanted, kept: Sequence[Entry] = ()) -> Found:
    """Days that could be proposed, each with all that is known against it.

    `kept`: the days on which somebody of this side cannot meet, which are left out.
    """
    rule, _turn = _rule(asking, meeting)
    request = Request(
        first=wanted.first,
        last=wanted.last,
        mode=wanted.mode,
        days=wanted.days,
        host=None if wanted.mode == "virtual" else wanted.host,
        minutes=wanted.minutes,
        events=tuple(_meetings(asking, meeting, wanted)),
        away=away.events(kept, asking.mine, wanted.first, wanted.last),
        cadence=rule,
        asked_on=asking.moment.today if wanted.lead else None,
        lead=dict.fromkeys(SIDES, wanted.lead) if wanted.lead else {},
        most=6,
    )
    from dtti.documents.calendar import find  # here: it is large, and few pages search for days

    return find.answer(request)


def _meetings(asking: Asking, meeting: Matter, wanted: Wanted) -> list[FixedEvent]:
    """Other meetings of the record in those days."""
    first = (wanted.first - timedelta(days=7)).isoformat()
    last = (wanted.last + timedelta(days=14)).isoformat()
    rows = asking.rows("meeting", filters={"status": "planned"}, order="earliest", count=500)
    return [
        FixedEvent(
            date.fromisoformat(each.earliest),
            date.fromisoformat(each.latest or each.earliest),
            Words(en=each.title),
            source=each.ref,
            weight="blocks" if each.body == meeting.body else "strains",
            confidence="sourced",
        )
        for each in rows
        if each.record != meeting.record and each.earliest and first <= each.earliest <= last
    ]


def chosen(content: dict[str, Any], wanted: Wanted, proposal: Proposal) -> dict[str, Any]:
    """The stored text of the meeting with the days of a proposal: days, hour, how it meets, who hosts."""
    made = {**content, "date": proposal.first.isoformat(), "mode": wanted.mode}
    for name in ("end", "opens", "zone", "host"):
        made.pop(name, None)
    if proposal.last != proposal.first:
        made["end"] = proposal.last.isoformat()
    made["host"] = wanted.host if wanted.mode != "virtual" else "none"
    if proposal.sessions:
        made["opens"] = proposal.sessions[0].start.strftime("%Y-%m-%dT%H:%M:%SZ")
        made["zone"] = _ZONES.get(str(wanted.host), "UTC") if wanted.mode != "virtual" else "UTC"
    return made
