"""Enablers: agreements from signature to force, to a first step, to expiry; who is ready, and what runs out when."""

from datetime import date
from typing import ClassVar, Final

import msgspec

from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.meeting import MEETING, Meeting
from dtti.programme.kinds.project import PROJECT
from dtti.programme.terms import expiry
from dtti.programme.timeline import chronological, days_between, exact_days, happened, twelve_months_after
from dtti.programme.values import Strength, When, strength, weakest

from .counts import groups
from .records import Reading, Version
from .rests import UNKNOWN, Evidence, Rests, Result, Unknown, evidence, iso, rests, taken, tallied, whole

#: What is known of an instrument that has had a step, and of one that waits for none any more.
_STEPPED: Final = ("in-use", "implementing")
_OVER: Final = ("replaced", "expired")
_DATES: Final = ("text_agreed", "signed", "announced", "in_force", "first_step", "renewed", "expires", "due")

METHOD = (
    "Signed, announced, in force, first step and expiry are separate dates; none stands for another. Days are counted "
    "only between dates known to the day. An instrument expires within twelve months if its last day falls after the "
    "day asked about and no later than the same day of the next year.",
    "An end that is not recorded is computed where a term of years is: from the last renewal, else from the day in "
    "force, else from signature. It counts as inferred.",
    "Where neither clauses nor lines of an instrument are recorded, its contents are unknown.",
)


class Signatory(msgspec.Struct, frozen=True):
    """Who signed for a side."""

    side: str
    name: str | None
    office: str | None
    capacity: str | None


class Span(msgspec.Struct, frozen=True):
    """Days between a date and the day asked about: a figure where the date is known to the day, else its bounds."""

    days: int | Unknown
    low: int | None
    high: int | None


class Enabler(Rests, frozen=True):
    """An instrument with its dates apart, and the days between them.

    `expires_computed`: the last day follows from its term. `since_signed`, `to_expiry`: days to and from the day asked
    about; null without one, or where the date is not known.
    """

    name: str
    type: str
    parent: str | None
    predecessor: str | None
    project: str | None
    text_agreed: str
    signed: str
    announced: str
    in_force: str
    first_step: str
    renewed: str
    expires: str
    due: str
    weaker: dict[str, str]
    term_years: int | Unknown
    binding: str
    signatories: list[Signatory] | Unknown
    implementation: str
    contents: str
    was_signed: str
    has_expired: str
    days_signed_to_announced: int | Unknown
    days_signed_to_in_force: int | Unknown
    days_signed_to_first_step: int | Unknown
    days_since_signed_without_step: int | None
    first_meeting: str
    days_signed_to_first_meeting: int | Unknown
    expires_computed: bool
    since_signed: Span | None
    to_expiry: Span | None


class Stepped(Rests, frozen=True):
    """Days from signature to a first step."""

    instrument: str
    days: int | Unknown


class Expiry(Rests, frozen=True):
    """The last day of an instrument."""

    instrument: str
    last_day: str


class Expiring(msgspec.Struct, frozen=True):
    """Every expiry in order; which fall within twelve months of the day, and which have passed by it."""

    all: list[Expiry]
    within_12_months: list[str] | Unknown
    expired: list[str] | Unknown


class Outlived(Rests, frozen=True):
    """An instrument that runs longer than the parent it stands under."""

    instrument: str
    parent: str


class Ready(Rests, frozen=True):
    """Whether an enabler that a project lists is signed, and has had a first step."""

    signed: str
    first_step: str


class Enablers(Result, frozen=True):
    """The report on instruments."""

    called: ClassVar = "enablers"

    instruments: dict[str, Enabler]
    signed_sequence: list[str]
    by_type: dict[str, list[str]]
    by_binding: dict[str, list[str]]
    by_implementation: dict[str, list[str]]
    signed_to_first_step: list[Stepped]
    expiring: Expiring
    outlived: list[Outlived]
    needed: dict[str, dict[str, Ready]]
    method: list[str]


def enablers(reading: Reading, on: date | None, body: str | None) -> Enablers:
    """Every instrument, or those of one body, with its dates as they stood at the end of `on`."""
    found = [each for each in reading.all(INSTRUMENT) if body in (None, _body(reading, each.content))]
    found = [each for each in found if on is None or _appeared(each.content, on)]
    rows = {each.ref: _instrument(reading, each, on) for each in found}
    counted = [evidence(each, None, "signed") for each in found]
    return Enablers(
        Enablers.called,
        iso(on),
        body,
        instruments=rows,
        signed_sequence=[each.ref for each in _signed(found, on)],
        by_type=groups((each.content.type, each.ref) for each in found),
        by_binding=groups((each.content.binding, each.ref) for each in found),
        by_implementation=groups((each.content.implementation, each.ref) for each in found),
        signed_to_first_step=[
            Stepped(ref, row.days_signed_to_first_step, **taken(row))
            for ref, row in rows.items()
            if row.days_signed_to_first_step != UNKNOWN
        ],
        expiring=_expiring(found, on),
        outlived=_outlived(reading, found),
        needed=_needed(reading, on),
        method=list(METHOD),
        **whole(
            counted,
            **{
                f"by_{field}": tallied(
                    (getattr(each.content, field), rests([evidence(each, None, field)])) for each in found
                )
                for field in ("type", "binding", "implementation")
            },
        ),
    )


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


def _instrument(reading: Reading, version: Version[Instrument], on: date | None) -> Enabler:
    content = version.content
    signed, step = content.signed, content.first_step
    stepped = step if happened(step, on) == "yes" else None
    expires, of = _end(content)
    met = _first_meeting(reading, version.ref, on)
    ahead = step is not None and content.implementation not in _OVER  # its first step is dated, and lies ahead
    runs = (ahead or content.implementation not in (*_STEPPED, *_OVER)) and happened(expires, on) != "yes"
    waited = (
        (on - signed.day).days if on and signed and signed.day and signed.day <= on and not stepped and runs else None
    )
    return Enabler(
        content.name,
        content.type,
        content.parent,
        content.predecessor,
        content.project,
        str(content.text_agreed or UNKNOWN),
        str(content.signed or UNKNOWN),
        str(content.announced or UNKNOWN),
        str(content.in_force or UNKNOWN),
        str(content.first_step or UNKNOWN),
        str(content.renewed or UNKNOWN),
        str(expires or UNKNOWN),
        str(content.due or UNKNOWN),
        weaker=_weaker(content),
        term_years=content.term_years if content.term_years is not None else UNKNOWN,
        binding=content.binding,
        signatories=[Signatory(each.side, each.name, each.office, each.capacity) for each in content.signatories]
        or UNKNOWN,
        implementation=content.implementation,
        contents="recorded" if content.clauses or content.lines else UNKNOWN,
        was_signed=happened(signed, on, strength(content.cite, "signed")) if signed else UNKNOWN,
        has_expired=happened(expires, on, _firm(content)) if expires and on else UNKNOWN,
        days_signed_to_announced=exact_days(signed, content.announced),
        days_signed_to_in_force=exact_days(signed, content.in_force),
        days_signed_to_first_step=exact_days(signed, stepped),
        days_since_signed_without_step=waited,
        first_meeting=met.ref if met else UNKNOWN,
        days_signed_to_first_meeting=exact_days(signed, met.content.date) if met else UNKNOWN,
        expires_computed=bool(of),
        since_signed=_span(signed, _day(on)) if happened(signed, on) != "no" else None,
        to_expiry=_span(_day(on), expires),
        **rests([evidence(version, None, "signed"), *([evidence(met, None, "date")] if met else [])]),
    )


def _end(content: Instrument) -> tuple[When | None, tuple[str, ...]]:
    """The last day of an instrument; computed from its term, and of which fields, where none is recorded."""
    made = None if content.expires else expiry(content)
    return (made.when, made.of) if made else (content.expires, ())


def _firm(content: Instrument) -> Strength:
    """How firm the last day is: one that is computed is inferred, or weaker by what it is of."""
    _last, of = _end(content)
    own = strength(content.cite, *(of or ("expires",)))
    return weakest([own, "inferred"]) if of else own


def _ends_on(version: Version[Instrument]) -> Evidence:
    """What the last day of an instrument rests on."""
    made = evidence(version, None, "expires")
    return Evidence(made.version, made.cite, _firm(version.content))


def _weaker(content: Instrument) -> dict[str, str]:
    """The dates of an instrument that are weaker than its record, and how firm each is."""
    named = (*content.cite.inferred, *content.cite.unverified) if content.cite else ()
    found: dict[str, str] = {field: strength(content.cite, field) for field in _DATES if field in named}
    return {**found, "expires": _firm(content)} if _end(content)[1] else found


def _day(on: date | None) -> When | None:
    return When(on.isoformat()) if on else None


def _span(first: When | None, second: When | None) -> Span | None:
    low, high = days_between(first, second)
    return None if first is None or second is None else Span(exact_days(first, second), low, high)


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


def _expiring(found: list[Version[Instrument]], on: date | None) -> Expiring:
    """What expires within twelve months of the day, what has expired by it, and every expiry in order."""
    last_days = ((_end(each.content)[0], each.ref) for each in found)
    dated = sorted((last.latest, ref) for last, ref in last_days if last and last.latest)
    by_ref = {each.ref: each for each in found}
    ends = [Expiry(ref, last.isoformat(), **rests([_ends_on(by_ref[ref])])) for last, ref in dated]
    if on is None:
        return Expiring(ends, UNKNOWN, UNKNOWN)
    limit = twelve_months_after(on)
    return Expiring(
        ends, [ref for last, ref in dated if on < last <= limit], [ref for last, ref in dated if last <= on]
    )


def _outlived(reading: Reading, found: list[Version[Instrument]]) -> list[Outlived]:
    """Instruments that run longer than the parent they stand under."""
    rows = []
    for each in found:
        parent = reading.get(INSTRUMENT, each.content.parent)
        ends, over = _end(each.content)[0], _end(parent.content)[0] if parent else None
        if parent and ends and over and ends.earliest and over.latest and ends.earliest > over.latest:
            used = [evidence(each, None, "parent"), _ends_on(each), _ends_on(parent)]
            rows.append(Outlived(each.ref, parent.ref, **rests(used)))
    return rows


def _needed(reading: Reading, on: date | None) -> dict[str, dict[str, Ready]]:
    """For each project that lists enablers: which of them are signed, and which have had a first step, by the day."""
    found = {}
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
            rows[ref] = Ready(signed, stepped, **rests(used))
        if rows:
            found[project.ref] = rows
    return found
