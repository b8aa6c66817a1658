"""Cadence: how often each body met, against its own rule, and whose turn it is to host. Reads meetings and bodies."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from dtti.programme.kinds.body import BODY, Body
from dtti.programme.kinds.meeting import MEETING, Meeting
from dtti.programme.timeline import chronological, days_between, exact_days, happened
from dtti.programme.values import strength

from .records import Reading, Version
from .rests import Json, Result, evidence, iso, rests, rule, tallied

Met = Version[Meeting]

METHOD = (
    "A gap runs from the first day of a meeting to the first day of the next. It counts where the two numbers follow "
    "each other, and is unknown where a day is. A meeting that was only announced is not known to have met.",
    "A rule without a number of days is shown and not counted. Turns to host run from the last meeting in person.",
)


def cadence(reading: Reading, on: date | None, body: str | None) -> Result:
    """Meetings of every body, or of one, held by the end of `on`."""
    meetings = reading.all(MEETING)
    bodies = [each for each in reading.all(BODY) if body in (None, each.ref)]
    found = {each.ref: _body(each, [met for met in meetings if met.content.body == each.ref], on) for each in bodies}
    held = [met for met in meetings if _held(met, on) == "yes" and met.content.body in found]
    rows = [*(evidence(each, None, "cadence") for each in bodies), *(evidence(met, None, "date") for met in held)]
    return Result(
        rows,
        {
            "bodies": {ref: each for ref, each in found.items() if each["meetings"] or each["rule"]},
            "by_number": _by_number(held),
            "tallies": {
                "by_number": tallied(
                    (str(met.content.number), rests([evidence(met, None, "number")]))
                    for met in held
                    if met.content.number is not None
                )
            },
            "forum_lead_days": _forum_leads(bodies, held),
            "method": list(METHOD),
        },
    )


def _held(met: Met, on: date | None) -> str:
    """yes, no (called off, or not yet), or unknown: whether the meeting had met by the end of `on`."""
    if met.content.status == "cancelled":
        return "no"
    answer = happened(met.content.date, on, strength(met.content.cite, "date"))
    return answer if met.content.status == "held" or answer == "no" else "unknown"


def _body(body: Version[Body], meetings: Sequence[Met], on: date | None) -> Json:
    meetings = sorted(meetings, key=lambda met: (chronological(met.content.date), met.content.number or 0))
    held = [met for met in meetings if _held(met, on) == "yes"]
    dated = [met for met in held if met.content.date.day and strength(met.content.cite, "date") not in ("inferred",)]
    known = {met.content.number for met in held}
    highest = max((number for number in known if number), default=0)
    return {
        "name": body.content.name,
        "rule": _rule(body),
        "meetings": {met.ref: _meeting(met, on) for met in meetings},
        "n_held": len(held),
        "numbers_held_with_day": [met.content.number for met in dated if met.content.number],
        "numbers_without_date": [number for number in range(1, highest) if number not in known],
        "gaps": _gaps(body, held),
        "span_days": exact_days(dated[0].content.date, dated[-1].content.date) if len(dated) > 1 else "unknown",
        "last": _last(body, held, meetings, on),
        **_hosts(body, held),
        **rests([evidence(body, None, "cadence", "cadence.days"), *(evidence(met, None, "date") for met in held)]),
    }


def _rule(body: Version[Body]) -> Json | None:
    said = body.content.cadence
    if said is None:
        return None
    return rule(said.text, body, None, "cadence", "cadence.days", days=said.days, host_rule=body.content.host_rule)


def _meeting(met: Met, on: date | None) -> Json:
    meeting = met.content
    return {
        "number": meeting.number,
        "date": str(meeting.date),
        "end": str(meeting.end) if meeting.end else None,
        "status": meeting.status,
        "held": _held(met, on),
        "mode": meeting.mode,
        "host": meeting.host or "unknown",
        "place": meeting.place or "unknown",
        "co_chairs": [
            {"side": seat.side, "office": seat.office, "holder": seat.holder, "capacity": seat.capacity}
            for seat in meeting.co_chairs
        ]
        or "unknown",
        **rests([evidence(met)]),
    }


def _gaps(body: Version[Body], held: Sequence[Met]) -> Json:
    limit = body.content.cadence.days if body.content.cadence else None
    rows = []
    for before, after in pairwise(held):
        numbers = before.content.number, after.content.number
        follows = "unknown"
        if numbers[0] is not None and numbers[1] is not None:
            follows = "yes" if numbers[1] - numbers[0] == 1 else "no"
        low, high = days_between(before.content.date, after.content.date)
        days = exact_days(before.content.date, after.content.date)
        excess: int | str = "unknown"
        if limit is not None and days != "unknown":
            excess = max(0, days - limit)
        rows.append(
            {
                "from": before.ref,
                "to": after.ref,
                "follows": follows,
                "days": days,
                "days_low": low,
                "days_high": high,
                "excess_days": excess,
                **rests([evidence(before, None, "date"), evidence(after, None, "date")]),
            }
        )
    counted = [row for row in rows if row["follows"] == "yes"]
    judged = [row["excess_days"] for row in counted if row["excess_days"] != "unknown"]
    return {
        "n": len(counted),
        "days": [row["days"] for row in counted],
        "excess_days": [row["excess_days"] for row in counted] if limit is not None else "unknown",
        "broken": sum(1 for excess in judged if excess > 0) if limit is not None else "unknown",
        "kept": sum(1 for excess in judged if excess == 0) if limit is not None else "unknown",
        "between_known_days": [row["days"] for row in rows],
        "rows": rows,
    }


def _last(body: Version[Body], held: Sequence[Met], meetings: Sequence[Met], on: date | None) -> Json | None:
    """The last meeting known to have met, and on day `on` the days since and the days overdue by the rule."""
    if not held:
        return None
    last = held[-1]
    found: Json = {"meeting": last.ref, "date": str(last.content.date)}
    day, limit = last.content.date.day, body.content.cadence.days if body.content.cadence else None
    due = day + timedelta(days=limit) if day and limit is not None else None
    found["next_due_by"] = iso(due) or "unknown"
    if on is not None:
        found["days_since"] = (on - day).days if day else "unknown"
        found["overdue_days"] = max(0, (on - due).days) if due else "unknown"
        found["unless_met"] = [met.ref for met in meetings if _held(met, on) == "unknown"]
    return found


def _hosts(body: Version[Body], held: Sequence[Met]) -> Json:
    """Who hosted the meetings in person, whether hosts alternated, and whose turn is next under either reading."""
    hosts = [met.content.host or "unknown" for met in held if met.content.mode in ("in-person", "hybrid")]
    setting = body.content.virtual_uses_turn
    return {
        "hosts_in_person": hosts,
        "alternation_broken": sum(1 for before, after in pairwise(hosts) if before == after != "unknown"),
        "next_host": {
            "virtual_uses_turn": _next_host(body, held, True),
            "virtual_uses_no_turn": _next_host(body, held, False),
        },
        "virtual_uses_turn": "unknown" if setting is None else setting,
    }


def _next_host(body: Version[Body], held: Sequence[Met], virtual_uses_turn: bool) -> str:
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


def _forum_leads(bodies: Sequence[Version[Body]], held: Sequence[Met]) -> list[Any]:
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
            rows.append(
                {
                    "forum": met.ref,
                    "meeting": ref,
                    "days": days,
                    **rests([evidence(met, None, "date"), evidence(by_ref[ref], None, "date")]),
                }
            )
    return rows
