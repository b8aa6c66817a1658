"""Statements of Intent: their lines by horizon, their order, and what changed from one to the next."""

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args

from dtti.programme.kinds.instrument import INSTRUMENT, Instrument, IntentLine
from dtti.programme.kinds.meeting import MEETING
from dtti.programme.kinds.project import Horizon
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import strength

from .records import Reading, Version
from .rests import Json, Result, evidence, rests, tallied

Statement = Version[Instrument]
UNKNOWN = "unknown"

METHOD = (
    "A list that was not published is unknown, and so is everything compared with it: unknown is not the same as "
    "unchanged, and not the same as dropped.",
)


def statement(reading: Reading, on: date | None, body: str | None) -> Result:
    """Statements of Intent signed by the end of `on`, of all bodies or of the one whose meeting signed them."""
    found = statements(reading, on, body)
    refs = [each.ref for each in found]
    compared = {}
    for place, each in enumerate(found):
        before = reading.get(INSTRUMENT, each.content.predecessor) or (found[place - 1] if place else None)
        if before:
            compared[each.ref] = _compared(before, each)
    rows = [evidence(each, None, "signed") for each in found]
    return Result(
        rows,
        {
            "sequence": refs,
            "latest": refs[-1] if refs else UNKNOWN,
            "statements": {each.ref: _statement(each) for each in found},
            "compared": compared,
            "method": list(METHOD),
        },
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


def _statement(version: Statement) -> Json:
    content = version.content
    known = bool(content.lines_known)
    horizons = _by_horizon(content.lines)
    return {
        "name": content.name,
        "signed": str(content.signed),
        "meeting": content.meeting,
        "predecessor": content.predecessor,
        "signatories": [
            {"side": each.side, "name": each.name, "office": each.office, "capacity": each.capacity}
            for each in content.signatories
        ]
        or UNKNOWN,
        "lines_known": known,
        "total": len(content.lines) if known else content.line_count if content.line_count is not None else UNKNOWN,
        "by_horizon": {horizon: len(refs) for horizon, refs in horizons.items()} if known else UNKNOWN,
        "tallies": {
            "by_horizon": tallied(
                (line.horizon, rests([evidence(version, line, "project", "horizon")]))
                for line in content.lines
                if known and line.horizon
            )
        },
        "horizons": horizons if known else UNKNOWN,
        "unconfirmed": sorted(line.project for line in content.lines if strength(line.cite, "project") == "unverified"),
        "lines": [
            {
                "project": line.project,
                "horizon": line.horizon,
                "promised": str(line.promised) if line.promised else UNKNOWN,
                **rests([evidence(version, line, "project", "horizon")]),
            }
            for line in content.lines
        ],
        **rests([evidence(version, None, "signed"), *(evidence(version, line) for line in content.lines)]),
    }


def _compared(before: Statement, after: Statement) -> Json:
    """What was added, dropped, moved to another horizon, given another date, or kept; unknown if either list is."""
    found: Json = {"with": before.ref, "changes": UNKNOWN, **rests([evidence(before), evidence(after)])}
    if not (before.content.lines_known and after.content.lines_known):
        missing = [each.ref for each in (before, after) if not each.content.lines_known]
        found["why"] = f"The list of {' and '.join(missing)} is not known."
        return found
    old = {line.project: line for line in before.content.lines}
    new = {line.project: line for line in after.content.lines}
    both = sorted(set(old) & set(new))
    found["changes"] = {
        "added": sorted(set(new) - set(old)),
        "dropped": sorted(set(old) - set(new)),
        "moved": [
            _change(ref, old[ref].horizon, new[ref].horizon) for ref in both if old[ref].horizon != new[ref].horizon
        ],
        "dated": [
            _change(ref, str(old[ref].promised or UNKNOWN), str(new[ref].promised or UNKNOWN))
            for ref in both
            if old[ref].promised != new[ref].promised
        ],
        "kept": [ref for ref in both if (old[ref].horizon, old[ref].promised) == (new[ref].horizon, new[ref].promised)],
    }
    return found


def _change(project: str, before: str, after: str) -> dict[str, Any]:
    return {"project": project, "from": before, "to": after}
