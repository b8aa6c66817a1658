"""Enablers: agreements from signature to force, to a first step, to expiry; who is ready, and what runs out when."""

from datetime import date
from typing import Final

from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.meeting import MEETING, Meeting
from dtti.programme.kinds.project import PROJECT
from dtti.programme.timeline import chronological, exact_days, happened, twelve_months_after
from dtti.programme.values import When, strength

from .counts import groups
from .records import Reading, Version
from .rests import Json, Result, evidence, iso, rests, tallied

UNKNOWN = "unknown"
#: What is known of an instrument that has had a step, and of one that waits for none any more.
_STEPPED: Final = ("in-use", "implementing")
_OVER: Final = ("replaced", "expired")
_DATES: Final = ("text_agreed", "signed", "announced", "in_force", "first_step", "renewed", "expires", "due")

METHOD = (
    "Signed, announced, in force, first step and expiry are separate dates; none stands for another. Days are counted "
    "only between dates known to the day. An instrument expires within twelve months if its last day falls after the "
    "day asked about and no later than the same day of the next year.",
    "Where neither clauses nor lines of an instrument are recorded, its contents are unknown.",
)


def enablers(reading: Reading, on: date | None, body: str | None) -> Result:
    """Every instrument, or those of one body, with its dates as they stood at the end of `on`."""
    found = [each for each in reading.all(INSTRUMENT) if body in (None, _body(reading, each.content))]
    found = [each for each in found if on is None or _appeared(each.content, on)]
    rows = {each.ref: _instrument(reading, each, on) for each in found}
    counted = [evidence(each, None, "signed") for each in found]
    return Result(
        counted,
        {
            "instruments": rows,
            "signed_sequence": [each.ref for each in _signed(found, on)],
            "by_type": groups((each.content.type, each.ref) for each in found),
            "by_binding": groups((each.content.binding, each.ref) for each in found),
            "by_implementation": groups((each.content.implementation, each.ref) for each in found),
            "tallies": {
                f"by_{field}": tallied(
                    (getattr(each.content, field), rests([evidence(each, None, field)])) for each in found
                )
                for field in ("type", "binding", "implementation")
            },
            "signed_to_first_step": [
                {"instrument": ref, "days": row["days_signed_to_first_step"], **_taken(row)}
                for ref, row in rows.items()
                if row["days_signed_to_first_step"] != UNKNOWN
            ],
            "expiring": _expiring(found, on),
            "outlived": _outlived(reading, found),
            "needed": _needed(reading, on),
            "method": list(METHOD),
        },
    )


def _taken(row: Json) -> Json:
    """On what a row rests, for a result that is taken from it."""
    return {name: row[name] for name in ("uses", "sources", "confidence")}


def _signed(found: list[Version[Instrument]], on: date | None) -> list[Version[Instrument]]:
    """Those signed for certain by the day, in order of signature."""
    signed = [
        each for each in found if happened(each.content.signed, on, strength(each.content.cite, "signed")) == "yes"
    ]
    return sorted(signed, key=lambda each: (chronological(each.content.signed), each.ref))


def _body(reading: Reading, instrument: Instrument) -> str | None:
    meeting = reading.get(MEETING, instrument.meeting)
    return instrument.body or (meeting.content.body if meeting else None)


def _appeared(instrument: Instrument, on: date) -> bool:
    """Whether any of its dates had possibly come; an instrument without a date is shown on every day."""
    dates = [instrument.text_agreed, instrument.signed, instrument.announced, instrument.in_force]
    known = [when for when in dates if when]
    return not known or any(happened(when, on) != "no" for when in known)


def _date(version: Version[Instrument], field: str) -> When | None:
    found: When | None = getattr(version.content, field)
    return found


def _instrument(reading: Reading, version: Version[Instrument], on: date | None) -> Json:
    content = version.content
    signed, step = content.signed, content.first_step
    stepped = step if happened(step, on) == "yes" else None
    expires = content.expires
    met = _first_meeting(reading, version.ref, on)
    ahead = step is not None and content.implementation not in _OVER  # its first step is dated, and lies ahead
    runs = (ahead or content.implementation not in (*_STEPPED, *_OVER)) and happened(expires, on) != "yes"
    waited = (
        (on - signed.day).days if on and signed and signed.day and signed.day <= on and not stepped and runs else None
    )
    return {
        "name": content.name,
        "type": content.type,
        "parent": content.parent,
        "predecessor": content.predecessor,
        "project": content.project,
        **{field: str(_date(version, field) or UNKNOWN) for field in _DATES},
        "weaker": {
            field: strength(content.cite, field)
            for field in _DATES
            if content.cite and field in (*content.cite.inferred, *content.cite.unverified)
        },
        "term_years": content.term_years if content.term_years is not None else UNKNOWN,
        "binding": content.binding,
        "signatories": [
            {"side": each.side, "name": each.name, "office": each.office, "capacity": each.capacity}
            for each in content.signatories
        ]
        or UNKNOWN,
        "implementation": content.implementation,
        "contents": "recorded" if content.clauses or content.lines else UNKNOWN,
        "was_signed": happened(signed, on, strength(content.cite, "signed")) if signed else UNKNOWN,
        "has_expired": happened(expires, on, strength(content.cite, "expires")) if expires and on else UNKNOWN,
        "days_signed_to_announced": exact_days(signed, content.announced),
        "days_signed_to_in_force": exact_days(signed, content.in_force),
        "days_signed_to_first_step": exact_days(signed, stepped),
        "days_since_signed_without_step": waited,
        "first_meeting": met.ref if met else UNKNOWN,
        "days_signed_to_first_meeting": exact_days(signed, met.content.date) if met else UNKNOWN,
        **rests([evidence(version, None, "signed"), *([evidence(met, None, "date")] if met else [])]),
    }


def _first_meeting(reading: Reading, instrument: str, on: date | None) -> Version[Meeting] | None:
    """The first meeting known to have met of a body that the instrument founds or governs."""
    bodies = {
        body.ref
        for body in reading.all(BODY)
        if instrument in (body.content.founding_instrument, body.content.governing_instrument)
    }
    held = [
        met
        for met in reading.all(MEETING)
        if met.content.body in bodies and met.content.status == "held" and happened(met.content.date, on) == "yes"
    ]
    return min(held, key=lambda met: chronological(met.content.date), default=None)


def _expiring(found: list[Version[Instrument]], on: date | None) -> Json:
    """What expires within twelve months of the day, what has expired by it, and every expiry in order."""
    dated = sorted(
        (each.content.expires.latest, each.ref)
        for each in found
        if each.content.expires and each.content.expires.latest
    )
    by_ref = {each.ref: each for each in found}
    result: Json = {
        "all": [
            {"instrument": ref, "last_day": iso(last), **rests([evidence(by_ref[ref], None, "expires")])}
            for last, ref in dated
        ],
        "within_12_months": UNKNOWN,
        "expired": UNKNOWN,
    }
    if on is not None:
        limit = twelve_months_after(on)
        result["within_12_months"] = [ref for last, ref in dated if on < last <= limit]
        result["expired"] = [ref for last, ref in dated if last <= on]
    return result


def _outlived(reading: Reading, found: list[Version[Instrument]]) -> list[Json]:
    """Instruments that run longer than the parent they stand under."""
    rows = []
    for each in found:
        parent = reading.get(INSTRUMENT, each.content.parent)
        ends, over = each.content.expires, parent.content.expires if parent else None
        if parent and ends and over and ends.earliest and over.latest and ends.earliest > over.latest:
            used = [evidence(each, None, "expires", "parent"), evidence(parent, None, "expires")]
            rows.append({"instrument": each.ref, "parent": parent.ref, **rests(used)})
    return rows


def _needed(reading: Reading, on: date | None) -> Json:
    """For each project that lists enablers: which of them are signed, and which have had a first step, by the day."""
    found: Json = {}
    for project in reading.all(PROJECT):
        rows = {}
        for ref in project.content.enablers:
            held = reading.get(INSTRUMENT, ref)
            signed = happened(held.content.signed, on, strength(held.content.cite, "signed")) if held else UNKNOWN
            stepped = happened(held.content.first_step, on) if held and held.content.first_step else UNKNOWN
            used = [
                evidence(project, None, "enablers"),
                *([evidence(held, None, "signed", "first_step")] if held else []),
            ]
            rows[ref] = {"signed": signed, "first_step": stepped, **rests(used)}
        if rows:
            found[project.ref] = rows
    return found
