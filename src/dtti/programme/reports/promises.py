"""Promises: what Statements of Intent and commitments said would be done, against what is known to have been done."""

from dataclasses import dataclass
from datetime import date, timedelta

from dtti.programme.kinds.commitment import COMMITMENT, Commitment, state_of
from dtti.programme.kinds.instrument import HorizonPromise, Instrument, IntentLine
from dtti.programme.kinds.project import PROJECT
from dtti.programme.timeline import chronological, days_between, exact_days, happened

from . import progress
from .counts import tally
from .progress import Step, reached, signatures
from .records import Reading, Version
from .rests import Evidence, Json, Result, evidence, iso, rests, rule, tallied
from .statement import statements

UNKNOWN = "unknown"

METHOD = (
    "A promise of an agreement is kept when an agreement on the project, or a sale of it, is signed; one of completion "
    "when the project is in the hands of users, in production or closing, and never by a signature. What is said to "
    "promise neither is kept by nothing here. Without what keeps it a promise is open, and late once its time has "
    "passed. Days run from signature of the statement to signature of the agreement.",
    "Where sources give different times for one horizon, each is a promise of its own and is tested by itself.",
)


def promises(reading: Reading, on: date | None, body: str | None) -> Result:
    """Every line of every Statement of Intent, and every commitment, as they stood at the end of `on`."""
    found = {each.ref: _statement(reading, each, on) for each in statements(reading, on, body)}
    commitments = [each for each in reading.all(COMMITMENT) if body in (None, each.content.body)]
    rows_of = {each.ref: _commitment(each, on) for each in commitments if happened(each.content.made, on) != "no"}
    rows = [
        *(evidence(each) for each in statements(reading, on, body)),
        *(evidence(each) for each in commitments if each.ref in rows_of),
    ]
    return Result(
        rows,
        {
            "statements": found,
            "commitments": rows_of,
            "commitments_by_state": tally(row["state"] for row in rows_of.values()),
            "tallies": {"commitments_by_state": tallied((row["state"], row) for row in rows_of.values())},
            "method": list(METHOD),
        },
    )


def _statement(reading: Reading, statement: Version[Instrument], on: date | None) -> Json:
    content = statement.content
    if not content.lines_known:
        return {"lines": UNKNOWN, "no_agreement_or_sale": UNKNOWN, **rests([evidence(statement)])}
    lines = {line.project: _line(reading, statement, line, on) for line in content.lines}
    kept = sorted(ref for ref, line in lines.items() if line["agreement"] == "yes")
    return {
        "signed": str(content.signed),
        "promises": [_promise(statement, each) for each in content.promises],
        "lines": lines,
        "n": len(lines),
        "kept": kept,
        "no_agreement_or_sale": sorted(ref for ref in lines if ref not in kept),
        **rests([evidence(statement), *(evidence(statement, line) for line in content.lines)]),
    }


def _promise(statement: Version[Instrument], promise: HorizonPromise) -> Json:
    said: Json = {"horizon": promise.horizon, "days": promise.days if promise.days is not None else UNKNOWN}
    return rule(promise.text, statement, promise, "days", **said)


def _line(reading: Reading, statement: Version[Instrument], line: IntentLine, on: date | None) -> Json:
    project = reading.get(PROJECT, line.project)
    steps = signatures(reading, project) if project else []
    answer = reached(steps, on)
    signed = next((step for step in steps if step.by(on) == "yes"), None)
    made = statement.content.signed
    used: list[Evidence] = [evidence(statement, line, "project")]
    used += [step.evidence for step in steps if step.by(on) != "no"]
    start = made.day if made else None
    due = _due(statement, line)
    steps_done = progress.completed(project) if project and any(each.of == "completion" for each in due) else []
    done = min(
        (each for each in steps_done if each.by(on) == "yes"), key=lambda each: chronological(each.when), default=None
    )
    shown = [done.evidence] if done else []
    return {
        "horizon": line.horizon,
        "agreement": "yes" if answer == "yes" else "none-known" if answer == "no" else UNKNOWN,
        "agreement_record": f"{signed.evidence.version.kind}:{signed.evidence.version.ref}" if signed else None,
        "agreement_signed": str(signed.when) if signed else UNKNOWN,
        "days_to_agreement": exact_days(made, signed.when) if signed else UNKNOWN,
        "days_open": (on - start).days if on and start and answer != "yes" else None,
        "promised": [_tested(promise, signed, done, on) for promise in due],
        **rests([*used, *shown]),
    }


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised for a line, in words; of what; the last day on which it would have been kept."""

    text: str
    of: str | None
    due: date | None


def _due(statement: Version[Instrument], line: IntentLine) -> list[Promise]:
    """What was promised for a line. The date of a line itself is for the agreement that the line intends."""
    made = statement.content.signed.day if statement.content.signed else None
    if line.promised:
        return [Promise(f"by {line.promised}", "agreement", line.promised.latest)]
    return [
        Promise(each.text, each.of, made + timedelta(days=each.days) if made and each.days is not None else None)
        for each in statement.content.promises
        if each.horizon == line.horizon
    ]


def _tested(promise: Promise, signed: Step | None, done: Step | None, on: date | None) -> Json:
    """One promise against what keeps it: kept, kept late by so many days, open, late, or unknown."""
    due, kept = promise.due, {"agreement": signed, "completion": done}.get(promise.of or "")
    day = kept.when.day if kept and kept.when else None
    found: Json = {
        "promise": promise.text,
        "of": promise.of or UNKNOWN,
        "due": iso(due) or UNKNOWN,
        "state": UNKNOWN,
        "days_late": UNKNOWN,
    }
    unsaid = promise.of is None and (signed is not None or done is not None)
    if due is None or unsaid or (kept and day is None):
        return found
    end = day or on
    if end is None:
        found["state"] = "open"
        return found
    late = (end - due).days
    if day:
        found["state"] = "kept" if late <= 0 else "kept late"
    else:
        found["state"] = "open" if late <= 0 else "late"
    found["days_late"] = max(0, late)
    return found


def _commitment(version: Version[Commitment], on: date | None) -> Json:
    """How a commitment stood: its last dated statement; with none, open until it is due and unknown after that."""
    content = version.content
    state, rows = state_of(content, on)
    last = rows[-1] if rows else None
    due = content.due.latest if content.due else None
    overdue = bool(on and due and due < on)
    late: int | str | None = None
    if state == "met" and last:
        low, _ = days_between(content.due, last.date)
        late = UNKNOWN if low is None else max(0, low)
    elif overdue and on and due:
        late = (on - due).days if state in ("open", "partly-met") else UNKNOWN
    return {
        "text": content.text,
        "force": content.force,
        "made": str(content.made),
        "meeting": content.meeting,
        "project": content.project,
        "instrument": content.instrument,
        "due": str(content.due) if content.due else content.due_text or UNKNOWN,
        "state": state,
        "since": str(last.date) if last else None,
        "evidence": last.evidence if last else None,
        "days_late_at_least": late,
        **rests([evidence(version), *(evidence(version, row) for row in rows)]),
    }
