"""Differences between sources: by status, by kind of record touched, and each with its statements side by side."""

from datetime import date
from typing import ClassVar

from dtti.programme.kinds.difference import DIFFERENCE, Difference
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.meeting import MEETING, Meeting
from dtti.programme.kinds.project import PROJECT, Project

from .counts import groups, tally
from .records import Reading, Version
from .rests import Rests, Result, evidence, iso, rests, tallied, whole

METHOD = (
    "resolved: the preferred reading is firm; leaning: preferred, not firm; open: none is preferred. Nothing is "
    "overwritten: the records hold the preferred reading, the register all of them. Differences carry no date.",
)


class Claim(Rests, frozen=True):
    """One of the statements that differ, and whether it is preferred."""

    text: str
    preferred: bool


class Differing(Rests, frozen=True):
    """A difference with its statements side by side."""

    subject: str
    status: str
    preferred: str | None
    why: str | None
    records: list[str]
    claims: dict[str, Claim]


class Differences(Result, frozen=True):
    """The report on differences."""

    called: ClassVar = "differences"

    n: int
    by_status: dict[str, int]
    groups: dict[str, list[str]]
    by_kind: dict[str, list[str]]
    by_record: dict[str, list[str]]
    differences: dict[str, Differing]
    method: list[str]


def differences(reading: Reading, on: date | None, body: str | None) -> Differences:
    """All differences, or those that touch a body, its meetings, projects or instruments; `on` has no bearing."""
    found = [each for each in reading.all(DIFFERENCE) if body is None or _touches(reading, each.content, body)]
    kinds = sorted(
        {(record.partition(":")[0], each.ref) for each in found for record in each.content.records},
    )
    rows, by_ref = [evidence(each) for each in found], {each.ref: each for each in found}
    return Differences(
        Differences.called,
        iso(on),
        body,
        n=len(found),
        by_status=tally(each.content.status for each in found),
        groups=groups((each.content.status, each.ref) for each in found),
        by_kind=groups(kinds),
        by_record=groups((record, each.ref) for each in found for record in each.content.records),
        differences={each.ref: _difference(each) for each in found},
        method=list(METHOD),
        **whole(
            rows,
            by_status=tallied((each.content.status, rests([evidence(each)])) for each in found),
            by_kind=tallied((kind, rests([evidence(by_ref[ref])])) for kind, ref in kinds),
            by_record=tallied((record, rests([evidence(each)])) for each in found for record in each.content.records),
        ),
    )


def _touches(reading: Reading, difference: Difference, body: str) -> bool:
    return any(body == _body(reading, *record.split(":", 1)) for record in difference.records)


def _body(reading: Reading, kind: str, ref: str) -> str | None:
    """The body that a record is, or belongs to."""
    if kind == "body":
        return ref
    held: Version[Meeting] | Version[Project] | Version[Instrument] | None = None
    if kind == MEETING.code:
        held = reading.get(MEETING, ref)
    elif kind == PROJECT.code:
        held = reading.get(PROJECT, ref)
    elif kind == INSTRUMENT.code:
        held = reading.get(INSTRUMENT, ref)
    return held.content.body if held else None


def _difference(version: Version[Difference]) -> Differing:
    content = version.content
    claims = {
        claim.key: Claim(claim.text, claim.key == content.preferred, **rests([evidence(version, claim)]))
        for claim in content.claims
    }
    return Differing(
        content.subject,
        content.status,
        content.preferred,
        content.why,
        list(content.records),
        claims,
        **rests([evidence(version)]),
    )
