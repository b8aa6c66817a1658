"""Promises: what Statements of Intent and commitments said would be done, against what is known to have been done."""

from datetime import date, timedelta

from dtti.programme.kinds.commitment import COMMITMENT, Commitment
from dtti.programme.kinds.instrument import HorizonPromise, Instrument, IntentLine
from dtti.programme.kinds.project import PROJECT
from dtti.programme.timeline import chronological, days_between, exact_days, happened
from dtti.programme.values import strength

from .counts import tally
from .progress import Step, reached, signatures
from .records import Reading, Version
from .rests import Evidence, Json, evidence, iso, rests, rule
from .statement import statements

UNKNOWN = "unknown"

METHOD = (
    "A line is kept when an agreement on its project, or a sale of it, is signed. Days run from signature of the "
    "statement to signature of the agreement. A line without either is open, and late once its time has passed.",
    "Where sources give different times for one horizon, each is a promise of its own and is tested by itself.",
)


def promises(reading: Reading, on: date | None, body: str | None) -> Json:
    """Every line of every Statement of Intent, and every commitment, as they stood at the end of `on`."""
    found = {each.ref: _statement(reading, each, on) for each in statements(reading, on, body)}
    commitments = [each for each in reading.all(COMMITMENT) if body in (None, each.content.body)]
    rows = {each.ref: _commitment(each, on) for each in commitments if happened(each.content.made, on) != "no"}
    return {
        "statements": found,
        "commitments": rows,
        "commitments_by_state": tally(row["state"] for row in rows.values()),
        "method": list(METHOD),
    }


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
    return {
        "horizon": line.horizon,
        "agreement": "yes" if answer == "yes" else "none-known" if answer == "no" else UNKNOWN,
        "agreement_record": f"{signed.evidence.version.kind}:{signed.evidence.version.ref}" if signed else None,
        "agreement_signed": str(signed.when) if signed else UNKNOWN,
        "days_to_agreement": exact_days(made, signed.when) if signed else UNKNOWN,
        "days_open": (on - start).days if on and start and answer != "yes" else None,
        "promised": [_tested(promise, start, signed, on) for promise in _due(statement, line)],
        **rests(used),
    }


def _due(statement: Version[Instrument], line: IntentLine) -> list[tuple[str, date | None]]:
    """What was promised for a line, each with the last day on which it would have been kept."""
    made = statement.content.signed.day if statement.content.signed else None
    if line.promised:
        return [(f"by {line.promised}", line.promised.latest)]
    return [
        (promise.text, made + timedelta(days=promise.days) if made and promise.days is not None else None)
        for promise in statement.content.promises
        if promise.horizon == line.horizon
    ]


def _tested(promise: tuple[str, date | None], made: date | None, signed: Step | None, on: date | None) -> Json:
    """One promise against the fact: kept, late by so many days, open, or unknown."""
    text, due = promise
    day = signed.when.day if signed and signed.when else None
    found: Json = {"promise": text, "due": iso(due) or UNKNOWN, "state": UNKNOWN, "days_late": UNKNOWN}
    if due is None or (signed and day is None):
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
    rows = [
        row
        for row in sorted(content.statements, key=lambda row: chronological(row.date))
        if happened(row.date, on, strength(row.cite or content.cite, "date")) == "yes"
    ]
    last = rows[-1] if rows else None
    due = content.due.latest if content.due else None
    overdue = bool(on and due and due < on)
    state = last.status if last else UNKNOWN if overdue else "open"
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
