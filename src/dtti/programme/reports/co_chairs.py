"""Co-chairs: who held the offices that chair a body, or any office, on a day, and who followed whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from dtti.programme.kinds.appointment import APPOINTMENT, Appointment
from dtti.programme.kinds.body import BODY, Body
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.meeting import MEETING, Meeting
from dtti.programme.kinds.office import OFFICE, Office
from dtti.programme.tenure import Tenure, tenures
from dtti.programme.timeline import Answer, chronological, happened
from dtti.programme.values import When, strength

from .records import Reading, Version
from .rests import UNKNOWN, Evidence, Rests, Result, Unknown, evidence, iso, rests, whole

Held = Version[Appointment]

METHOD = (
    "A holder is certain between the latest start and the earliest end that the record allows; a day on which a source "
    "shows the holder in post counts as both. Outside that a holder is only possible, and unverified statements make "
    "nobody certain. Where nobody is certain the answer is unknown and the possible holders are candidates; nobody is "
    "a candidate beyond a day on which another is certain.",
    "A tenure that nothing places in time is listed as undated and is no candidate. A day of handover has two holders.",
)


class Holder(msgspec.Struct, frozen=True):
    """Who holds an office, and in what capacity; `unknown`, with the `office`, where nobody certain is known."""

    holder: str
    capacity: str | UnsetType = UNSET
    office: str | UnsetType = UNSET


class Tenured(Rests, frozen=True):
    """A tenure as an appointment records it, and the days between which it is certain."""

    appointment: str
    holder: str
    capacity: str
    start: str
    end: str
    end_state: str
    certain_from: str | None
    certain_to: str | None
    covers_for: str | None
    main_office: str | None


class OfficeHeld(Rests, frozen=True):
    """An office and its holders; `holders` and `candidates` only where a day is asked about."""

    title: str
    side: str
    existed: Answer
    tenures: list[Tenured]
    undated: list[Holder]
    sourced_substantive: list[str]
    holders: list[Holder] | Unknown | UnsetType = UNSET
    candidates: list[Holder] | UnsetType = UNSET


class Seat(Rests, frozen=True):
    """An office that chaired a body on the day, certainly or possibly, with its holders."""

    co_chaired: Answer
    title: str
    side: str
    existed: Answer
    tenures: list[Tenured]
    undated: list[Holder]
    sourced_substantive: list[str]
    holders: list[Holder] | Unknown
    candidates: list[Holder]


class Succession(msgspec.Struct, frozen=True):
    """Who followed whom in the seats of a side."""

    tenures: list[Tenured]
    sourced_substantive: list[str]


class Chairs(Rests, frozen=True):
    """The chairs of a body on the day: by side the holders, certain and possible; the offices that had the seat."""

    name: str
    co_chairs: dict[str, list[Holder] | str] | None
    candidates: dict[str, list[Holder]]
    seats: dict[str, Seat]
    succession: dict[str, Succession]


class CoChairs(Result, frozen=True):
    """The report on who held the chairs."""

    called: ClassVar = "co-chairs"

    bodies: dict[str, Chairs]
    offices: dict[str, OfficeHeld]
    method: list[str]


def co_chairs(reading: Reading, on: date | None, body: str | None) -> CoChairs:
    """Holders on day `on` (without a day: tenures only), by body and by office."""
    bodies = [each for each in reading.all(BODY) if body in (None, each.ref)]
    appointments = reading.all(APPOINTMENT)
    seats = {office for each in bodies for office in _seats(each)}
    offices, used_of = {}, {}
    for each in reading.all(OFFICE):
        if body is None or each.ref in seats:
            held = [one for one in appointments if one.content.office == each.ref]
            offices[each.ref], used_of[each.ref] = _office(each, held, on)
    rows = [*(evidence(each) for each in bodies if _seats(each)), *(each for used in used_of.values() for each in used)]
    return CoChairs(
        CoChairs.called,
        iso(on),
        body,
        {each.ref: _body(reading, each, offices, used_of, on) for each in bodies if _seats(each)},
        offices,
        list(METHOD),
        **whole(rows),
    )


def _seats(body: Version[Body]) -> tuple[str, ...]:
    return (*body.content.co_chair_offices, *body.content.former_co_chair_offices)


def _office(office: Version[Office], held: Sequence[Held], on: date | None) -> tuple[OfficeHeld, list[Evidence]]:
    """Who held an office, and what says so."""
    held = sorted(held, key=lambda each: chronological(_first(each.content)))
    spans = list(zip(held, tenures([each.content for each in held]), strict=True))
    certain = [each for each, span in spans if on is not None and span.on(on) == "yes"]
    possible = [each for each, span in spans if on is not None and span.on(on) == "unknown"]
    used = [evidence(office), *(evidence(each) for each in (held if on is None else certain or possible))]
    found = OfficeHeld(
        office.content.title,
        office.content.side,
        "unknown" if on is None else _existed(office.content, on),
        [_tenure(each, span) for each, span in spans],
        [_holder(each) for each, span in spans if not span.dated],
        sorted({each.content.holder for each, span in spans if _sourced_substantive(each, span, on)}),
        holders=UNSET if on is None else [_holder(each) for each in certain] or UNKNOWN,
        candidates=UNSET if on is None else [] if certain else [_holder(each) for each in possible],
        **rests(used),
    )
    return found, used


def _first(appointment: Appointment) -> Any:
    return appointment.start or min(appointment.attested, key=chronological, default=appointment.end)


def _sourced_substantive(held: Held, span: Tenure, on: date | None) -> bool:
    """In post in his or her own right, by a sourced record, at some time by the end of `on`."""
    firm = held.content.capacity == "substantive" and strength(held.content.cite) in ("sourced", "stated")
    return firm and span.dated and (on is None or span.possible_from <= on)


def _holder(held: Held) -> Holder:
    return Holder(held.content.holder, held.content.capacity)


def _tenure(held: Held, span: Tenure) -> Tenured:
    appointment = held.content
    return Tenured(
        held.ref,
        appointment.holder,
        appointment.capacity,
        str(appointment.start or "unknown"),
        str(appointment.end or "unknown"),
        appointment.end_state,
        iso(span.certain[0]) if span.certain else None,
        iso(span.certain[1]) if span.certain else None,
        appointment.covers_for,
        appointment.main_office,
        **rests([evidence(held)]),
    )


def _existed(office: Office, on: date) -> Answer:
    started = happened(office.start, on) if office.start else "yes"
    ended = happened(office.end, on) if office.end else "no"
    if office.end and office.end.day == on:
        ended = "no"
    if started == "no" or ended == "yes":
        return "no"
    return "yes" if (started, ended) == ("yes", "no") else "unknown"


def _body(
    reading: Reading,
    body: Version[Body],
    offices: dict[str, OfficeHeld],
    used_of: dict[str, list[Evidence]],
    on: date | None,
) -> Chairs:
    """A body on the day; it rests on itself, and on what says who held each office that chairs it."""
    sides = {side: [ref for ref in _seats(body) if ref.startswith(f"{side}/")] for side in ("IND", "USA")}
    succession = {
        side: Succession(
            [each for ref in refs if ref in offices for each in offices[ref].tenures],
            sorted({name for ref in refs if ref in offices for name in offices[ref].sourced_substantive}),
        )
        for side, refs in sides.items()
    }
    found = Chairs(body.content.name, None, {}, {}, succession, **rests([evidence(body)]))
    if on is None:
        said = [each for ref in _seats(body) if ref in offices for each in used_of[ref]]
        return msgspec.structs.replace(found, **rests([evidence(body), *said]))
    if body.content.start and happened(body.content.start, on) == "no":
        return msgspec.structs.replace(found, co_chairs=dict.fromkeys(sides, "none"))
    chairs: dict[str, list[Holder] | str] = {}
    candidates: dict[str, list[Holder]] = {}
    seated: dict[str, Seat] = {}
    used: list[Evidence] = [evidence(body)]
    for side, refs in sides.items():
        seats = {ref: _seated(reading, body, ref, offices, on) for ref in refs if ref in offices}
        present = {ref: answer for ref, answer in seats.items() if answer != "no"}
        certain = [ref for ref, answer in present.items() if answer == "yes"]
        holders: list[Holder] = []
        for ref in certain:
            holders += _certain(offices[ref]) or [Holder(UNKNOWN, office=ref)]
        known = any(holder.holder != UNKNOWN for holder in holders)
        chairs[side] = holders if known else UNKNOWN
        asked = [ref for ref in certain or present if offices[ref].holders == UNKNOWN or not certain]
        candidates[side] = [holder for ref in asked for holder in _possible(offices[ref])]
        for ref, answer in present.items():
            seated[ref] = Seat(answer, **msgspec.structs.asdict(offices[ref]))
            used += used_of[ref]
    return msgspec.structs.replace(found, co_chairs=chairs, candidates=candidates, seats=seated, **rests(used))


def _certain(office: OfficeHeld) -> list[Holder]:
    return office.holders if isinstance(office.holders, list) else []


def _possible(office: OfficeHeld) -> list[Holder]:
    return _certain(office) or office.candidates or []


def _seated(reading: Reading, body: Version[Body], office: str, offices: dict[str, OfficeHeld], on: date) -> Answer:
    """Whether the office chaired the body that day.

    It did where it existed and no other office of its side ever had the seat. Where the seat passed from one office to
    another, the days on which each is seen chairing a meeting, or signing for the body, bound its time.
    """
    existed = offices[office].existed
    side = office.partition("/")[0]
    former = [ref for ref in body.content.former_co_chair_offices if ref.startswith(f"{side}/")]
    rivals = [ref for ref in _seats(body) if ref.startswith(f"{side}/")] if office in former else former
    rivals = [ref for ref in rivals if ref != office and ref in offices and offices[ref].existed != "no"]
    if existed != "yes" or not rivals:
        return existed
    seen: list[When | None] = [met.content.date for met in reading.all(MEETING) if _sat(met.content, body.ref, office)]
    seen += [paper.content.signed for paper in reading.all(INSTRUMENT) if _signed(paper.content, body.ref, office)]
    first = min((day.latest for day in seen if day and day.latest), default=None)
    last = max((day.earliest for day in seen if day and day.earliest), default=None)
    return "yes" if first and last and first <= on <= last else "unknown"


def _sat(meeting: Meeting, body: str, office: str) -> bool:
    held = meeting.body == body and meeting.status == "held"
    return held and any(seat.office == office for seat in meeting.co_chairs)


def _signed(instrument: Instrument, body: str, office: str) -> bool:
    return instrument.body == body and any(signatory.office == office for signatory in instrument.signatories)
