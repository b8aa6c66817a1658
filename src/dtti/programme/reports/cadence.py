"""Cadence: how often each body met, against its own rule, and whose turn it is to host. Reads meetings and bodies."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from dtti.programme.kinds.body import BODY, Body
from dtti.programme.kinds.meeting import MEETING, Meeting
from dtti.programme.timeline import chronological, days_between, exact_days, happened
from dtti.programme.values import strength

from .records import Reading, Version
from .rests import UNKNOWN, Rests, Result, Rule, Unknown, evidence, iso, rests, rule, tallied, whole

Met = Version[Meeting]

METHOD = (
    "A gap runs from the first day of a meeting to the first day of the next. It counts where the two numbers follow "
    "each other, and is unknown where a day is. A meeting that was only announced is not known to have met.",
    "A rule without a number of days is shown and not counted. Turns to host run from the last meeting in person.",
)


class CadenceRule(Rule, frozen=True):
    """The rule by which a body meets: its words, days between two meetings at most, who hosts."""

    rule: str
    days: int | None
    host_rule: str | None


class Chair(msgspec.Struct, frozen=True):
    """Who is recorded to have chaired a meeting for a side."""

    side: str
    office: str | None
    holder: str | None
    capacity: str | None


class MetAs(Rests, frozen=True):
    """A meeting; `held`: whether it had met by the day."""

    number: int | None
    date: str
    end: str | None
    status: str
    held: str
    mode: str
    host: str
    place: str
    co_chairs: list[Chair] | Unknown


class Gap(Rests, frozen=True, rename={"before": "from", "after": "to"}):
    """The stretch between two meetings: days, or their bounds; whether their numbers follow; days over the rule."""

    before: str
    after: str
    follows: str
    days: int | Unknown
    days_low: int | None
    days_high: int | None
    excess_days: int | Unknown


class Gaps(msgspec.Struct, frozen=True):
    """All stretches of a body, and how many that count kept its rule and broke it."""

    n: int
    days: list[int | Unknown]
    excess_days: list[int | Unknown] | Unknown
    broken: int | Unknown
    kept: int | Unknown
    between_known_days: list[int | Unknown]
    rows: list[Gap]


class Last(msgspec.Struct, frozen=True):
    """The last meeting known to have met; the rest only where a day is asked about."""

    meeting: str
    date: str
    next_due_by: str
    days_since: int | Unknown | UnsetType = UNSET
    overdue_days: int | Unknown | UnsetType = UNSET
    unless_met: list[str] | UnsetType = UNSET


class NextHost(msgspec.Struct, frozen=True):
    """Whose turn to host is next, under either reading of meetings by video."""

    virtual_uses_turn: str
    virtual_uses_no_turn: str


class BodyMet(Rests, frozen=True):
    """How often a body met, against its own rule."""

    name: str
    rule: CadenceRule | None
    meetings: dict[str, MetAs]
    n_held: int
    numbers_held_with_day: list[int]
    numbers_without_date: list[int]
    gaps: Gaps
    span_days: int | Unknown
    last: Last | None
    hosts_in_person: list[str]
    alternation_broken: int
    next_host: NextHost
    virtual_uses_turn: bool | Unknown


class ForumLead(Rests, frozen=True):
    """Days from a meeting of an industry forum to the next one of the body it reports to."""

    forum: str
    meeting: str
    days: int


class Cadence(Result, frozen=True):
    """The report on how often bodies met."""

    called: ClassVar = "cadence"

    bodies: dict[str, BodyMet]
    by_number: dict[str, list[str]]
    forum_lead_days: list[ForumLead]
    method: list[str]


def cadence(reading: Reading, on: date | None, body: str | None) -> Cadence:
    """Meetings of every body, or of one, held by the end of `on`."""
    meetings = reading.all(MEETING)
    bodies = [each for each in reading.all(BODY) if body in (None, each.ref)]
    found = {each.ref: _body(each, [met for met in meetings if met.content.body == each.ref], on) for each in bodies}
    held = [met for met in meetings if _held(met, on) == "yes" and met.content.body in found]
    rows = [*(evidence(each, None, "cadence") for each in bodies), *(evidence(met, None, "date") for met in held)]
    return Cadence(
        Cadence.called,
        iso(on),
        body,
        bodies={ref: each for ref, each in found.items() if each.meetings or each.rule},
        by_number=_by_number(held),
        forum_lead_days=_forum_leads(bodies, held),
        method=list(METHOD),
        **whole(
            rows,
            by_number=tallied(
                (str(met.content.number), rests([evidence(met, None, "number")]))
                for met in held
                if met.content.number is not None
            ),
        ),
    )


def _held(met: Met, on: date | None) -> str:
    """yes, no (called off, or not yet), or unknown: whether the meeting had met by the end of `on`."""
    if met.content.status == "cancelled":
        return "no"
    answer = happened(met.content.date, on, strength(met.content.cite, "date"))
    return answer if met.content.status == "held" or answer == "no" else "unknown"


def _body(body: Version[Body], meetings: Sequence[Met], on: date | None) -> BodyMet:
    meetings = sorted(meetings, key=lambda met: (chronological(met.content.date), met.content.number or 0))
    held = [met for met in meetings if _held(met, on) == "yes"]
    dated = [met for met in held if met.content.date.day and strength(met.content.cite, "date") not in ("inferred",)]
    known = {met.content.number for met in held}
    highest = max((number for number in known if number), default=0)
    said, setting = body.content.cadence, body.content.virtual_uses_turn
    where = rule(body, None, "cadence", "cadence.days")
    # Who hosted the meetings in person.
    hosts: list[str] = [met.content.host or "unknown" for met in held if met.content.mode in ("in-person", "hybrid")]
    return BodyMet(
        body.content.name,
        CadenceRule(said.text, said.days, body.content.host_rule, **where) if said else None,
        meetings={met.ref: _meeting(met, on) for met in meetings},
        n_held=len(held),
        numbers_held_with_day=[met.content.number for met in dated if met.content.number],
        numbers_without_date=[number for number in range(1, highest) if number not in known],
        gaps=_gaps(body, held),
        span_days=exact_days(dated[0].content.date, dated[-1].content.date) if len(dated) > 1 else UNKNOWN,
        last=_last(body, held, meetings, on),
        hosts_in_person=hosts,
        alternation_broken=sum(1 for before, after in pairwise(hosts) if before == after != "unknown"),
        next_host=NextHost(
            _next_host(body, held, virtual_uses_turn=True), _next_host(body, held, virtual_uses_turn=False)
        ),
        virtual_uses_turn=UNKNOWN if setting is None else setting,
        **rests([evidence(body, None, "cadence", "cadence.days"), *(evidence(met, None, "date") for met in held)]),
    )


def _meeting(met: Met, on: date | None) -> MetAs:
    meeting = met.content
    return MetAs(
        meeting.number,
        str(meeting.date),
        str(meeting.end) if meeting.end else None,
        meeting.status,
        _held(met, on),
        meeting.mode,
        meeting.host or "unknown",
        meeting.place or "unknown",
        [Chair(seat.side, seat.office, seat.holder, seat.capacity) for seat in meeting.co_chairs] or UNKNOWN,
        **rests([evidence(met)]),
    )


def _gaps(body: Version[Body], held: Sequence[Met]) -> Gaps:
    limit = body.content.cadence.days if body.content.cadence else None
    rows = []
    for before, after in pairwise(held):
        numbers = before.content.number, after.content.number
        follows = "unknown"
        if numbers[0] is not None and numbers[1] is not None:
            follows = "yes" if numbers[1] - numbers[0] == 1 else "no"
        low, high = days_between(before.content.date, after.content.date)
        days = exact_days(before.content.date, after.content.date)
        excess = max(0, days - limit) if limit is not None and days != "unknown" else UNKNOWN
        used = rests([evidence(before, None, "date"), evidence(after, None, "date")])
        rows.append(Gap(before.ref, after.ref, follows, days, low, high, excess, **used))
    counted = [row for row in rows if row.follows == "yes"]
    judged = [row.excess_days for row in counted if row.excess_days != "unknown"]
    return Gaps(
        len(counted),
        days=[row.days for row in counted],
        excess_days=[row.excess_days for row in counted] if limit is not None else UNKNOWN,
        broken=sum(1 for excess in judged if excess > 0) if limit is not None else UNKNOWN,
        kept=sum(1 for excess in judged if excess == 0) if limit is not None else UNKNOWN,
        between_known_days=[row.days for row in rows],
        rows=rows,
    )


def _last(body: Version[Body], held: Sequence[Met], meetings: Sequence[Met], on: date | None) -> Last | None:
    """The last meeting known to have met, and on day `on` the days since and the days overdue by the rule."""
    if not held:
        return None
    last = held[-1]
    day, limit = last.content.date.day, body.content.cadence.days if body.content.cadence else None
    due = day + timedelta(days=limit) if day and limit is not None else None
    found = Last(last.ref, str(last.content.date), iso(due) or UNKNOWN)
    if on is None:
        return found
    return msgspec.structs.replace(
        found,
        days_since=(on - day).days if day else UNKNOWN,
        overdue_days=max(0, (on - due).days) if due else UNKNOWN,
        unless_met=[met.ref for met in meetings if _held(met, on) == "unknown"],
    )


def _next_host(body: Version[Body], held: Sequence[Met], *, virtual_uses_turn: bool) -> str:
    if body.content.host_rule != "alternate":
        return "unknown"
    turn = "unknown"
    for met in held:
        if met.content.mode in ("in-person", "hybrid"):
            turn = _other(met.content.host or "unknown")
        elif met.content.mode == "unknown":
            turn = "unknown"
        elif virtual_uses_turn:
            turn = _other(turn)
    return turn


def _other(side: str) -> str:
    return {"IND": "USA", "USA": "IND"}.get(side, "unknown")


def _by_number(held: Sequence[Met]) -> dict[str, list[str]]:
    """Meetings held, by the number each carries within its own body."""
    found: dict[int, list[str]] = {}
    for met in held:
        if met.content.number is not None:
            found.setdefault(met.content.number, []).append(met.ref)
    return {str(number): sorted(refs) for number, refs in sorted(found.items())}


def _forum_leads(bodies: Sequence[Version[Body]], held: Sequence[Met]) -> list[ForumLead]:
    """Days from each meeting of an industry forum to the next meeting of the body it reports to."""
    forums = {body.ref: body.content.parent for body in bodies if body.content.type == "industry-forum"}
    rows = []
    by_ref = {met.ref: met for met in held}
    for met in held:
        parent = forums.get(met.content.body)
        later = [
            (days, other.ref)
            for other in held
            if other.content.body == parent
            for days in [exact_days(met.content.date, other.content.date)]
            if days != "unknown" and days >= 0
        ]
        if later:
            days, ref = min(later)
            used = rests([evidence(met, None, "date"), evidence(by_ref[ref], None, "date")])
            rows.append(ForumLead(met.ref, ref, days, **used))
    return rows
