"""Statements of Intent: their lines by horizon, their order, and what changed from one to the next."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, get_args

import msgspec
from msgspec import UNSET, UnsetType

from dtti.programme.kinds.instrument import INSTRUMENT, Instrument, IntentLine
from dtti.programme.kinds.meeting import MEETING
from dtti.programme.kinds.project import Horizon
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import Strength, strength

from .enablers import Signatory
from .records import Reading, Version
from .rests import UNKNOWN, Rests, Result, Tally, Unknown, evidence, iso, rests, tallied, whole

Statement = Version[Instrument]

METHOD = (
    "A list that was not published is unknown, and so is everything compared with it: unknown is not the same as "
    "unchanged, and not the same as dropped.",
)


class Line(Rests, frozen=True):
    """A line of a Statement of Intent."""

    project: str
    horizon: str | None
    promised: str


class StatementMade(Rests, frozen=True):
    """A Statement of Intent with its lines by horizon; unknown where the list was not published."""

    name: str
    signed: str
    meeting: str | None
    predecessor: str | None
    signatories: list[Signatory] | Unknown
    lines_known: bool
    total: int | Unknown
    by_horizon: dict[str, int] | Unknown
    tallies: dict[str, dict[str, Tally]]
    horizons: dict[str, list[str]] | Unknown
    unconfirmed: list[str]
    lines: list[Line]


class Change(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """What changed of a project from one list to the next: its horizon, or its date."""

    project: str
    before: str | None
    after: str | None


class Changes(msgspec.Struct, frozen=True):
    """What was added, dropped, moved to another horizon, given another date, or kept."""

    added: list[str]
    dropped: list[str]
    moved: list[Change]
    dated: list[Change]
    kept: list[str]


class Compared(msgspec.Struct, frozen=True, rename={"other": "with"}):
    """A statement beside the one before it; `changes` unknown, with the reason `why`, where either list is."""

    other: str
    changes: Changes | Unknown
    uses: list[str]
    sources: list[str]
    confidence: Strength
    why: str | UnsetType = UNSET
    later_sources: list[str] | UnsetType = UNSET
    grades: dict[str, int] | UnsetType = UNSET


class StatementsMade(Result, frozen=True):
    """The report on Statements of Intent."""

    called: ClassVar = "statement"

    sequence: list[str]
    latest: str
    statements: dict[str, StatementMade]
    compared: dict[str, Compared]
    method: list[str]


def statement(reading: Reading, on: date | None, body: str | None) -> StatementsMade:
    """Statements of Intent signed by the end of `on`, of all bodies or of the one whose meeting signed them."""
    found = statements(reading, on, body)
    refs = [each.ref for each in found]
    compared = {}
    for place, each in enumerate(found):
        before = reading.get(INSTRUMENT, each.content.predecessor) or (found[place - 1] if place else None)
        if before:
            compared[each.ref] = _compared(before, each)
    rows = [evidence(each, None, "signed") for each in found]
    return StatementsMade(
        StatementsMade.called,
        iso(on),
        body,
        refs,
        refs[-1] if refs else UNKNOWN,
        {each.ref: _statement(each) for each in found},
        compared,
        list(METHOD),
        **whole(rows),
    )


def statements(reading: Reading, on: date | None, body: str | None) -> list[Statement]:
    """Statements of Intent signed for certain by the end of `on`, in order of signature."""
    found = []
    for each in reading.all(INSTRUMENT):
        if each.content.type != "statement-of-intent" or body not in (None, _body(reading, each)):
            continue
        if happened(each.content.signed, on, strength(each.content.cite, "signed")) == "yes":
            found.append(each)
    return sorted(found, key=lambda each: (chronological(each.content.signed), each.ref))


def _body(reading: Reading, version: Statement) -> str | None:
    meeting = reading.get(MEETING, version.content.meeting)
    return version.content.body or (meeting.content.body if meeting else None)


def _by_horizon(lines: Sequence[IntentLine]) -> dict[str, list[str]]:
    return {horizon: sorted(line.project for line in lines if line.horizon == horizon) for horizon in get_args(Horizon)}


def _statement(version: Statement) -> StatementMade:
    content = version.content
    known = bool(content.lines_known)
    horizons = _by_horizon(content.lines)
    return StatementMade(
        content.name,
        str(content.signed),
        content.meeting,
        content.predecessor,
        [Signatory(each.side, each.name, each.office, each.capacity) for each in content.signatories] or UNKNOWN,
        lines_known=known,
        total=len(content.lines) if known else content.line_count if content.line_count is not None else UNKNOWN,
        by_horizon={horizon: len(refs) for horizon, refs in horizons.items()} if known else UNKNOWN,
        tallies={
            "by_horizon": tallied(
                (line.horizon, rests([evidence(version, line, "project", "horizon")]))
                for line in content.lines
                if known and line.horizon
            )
        },
        horizons=horizons if known else UNKNOWN,
        unconfirmed=sorted(line.project for line in content.lines if strength(line.cite, "project") == "unverified"),
        lines=[
            Line(
                line.project,
                line.horizon,
                str(line.promised) if line.promised else UNKNOWN,
                **rests([evidence(version, line, "project", "horizon")]),
            )
            for line in content.lines
        ],
        **rests([evidence(version, None, "signed"), *(evidence(version, line) for line in content.lines)]),
    )


def _compared(before: Statement, after: Statement) -> Compared:
    """What was added, dropped, moved to another horizon, given another date, or kept; unknown if either list is."""
    used = rests([evidence(before), evidence(after)])
    missing = [each.ref for each in (before, after) if not each.content.lines_known]
    if missing:
        why = f"The list of {' and '.join(missing)} is not known."
        return Compared(before.ref, UNKNOWN, why=why, **used)
    old = {line.project: line for line in before.content.lines}
    new = {line.project: line for line in after.content.lines}
    both = sorted(set(old) & set(new))
    changes = Changes(
        added=sorted(set(new) - set(old)),
        dropped=sorted(set(old) - set(new)),
        moved=[Change(ref, old[ref].horizon, new[ref].horizon) for ref in both if old[ref].horizon != new[ref].horizon],
        dated=[
            Change(ref, str(old[ref].promised or UNKNOWN), str(new[ref].promised or UNKNOWN))
            for ref in both
            if old[ref].promised != new[ref].promised
        ],
        kept=[ref for ref in both if (old[ref].horizon, old[ref].promised) == (new[ref].horizon, new[ref].promised)],
    )
    return Compared(before.ref, changes, **used)
