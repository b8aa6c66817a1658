"""Promises: what Statements of Intent and commitments said would be done, against what is known to have been done."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from dtti.programme.fulfilment import fulfilled, of_commitment
from dtti.programme.kinds.action_report import ACTION_REPORT, ActionReport
from dtti.programme.kinds.commitment import COMMITMENT, Commitment, state_of
from dtti.programme.kinds.instrument import HorizonPromise, Instrument, IntentLine
from dtti.programme.kinds.project import PROJECT
from dtti.programme.timeline import chronological, days_between, exact_days, happened

from . import progress
from .counts import tally
from .progress import Step, reached, signatures
from .records import Reading, Version
from .rests import (
    UNKNOWN,
    Evidence,
    Rests,
    Result,
    Rule,
    Unknown,
    evidence,
    iso,
    link,
    rests,
    rule,
    tallied,
    whole,
)
from .statement import statements

METHOD = (
    "A promise of an agreement is kept when an agreement on the project, or a sale of it, is signed; one of completion "
    "when the project is in the hands of users, in production or closing, and never by a signature. What is said to "
    "promise neither is kept by nothing here. Without what keeps it a promise is open, and late once its time has "
    "passed. Days run from signature of the statement to signature of the agreement.",
    "Where sources give different times for one horizon, each is a promise of its own and is tested by itself.",
)


class PromiseRule(Rule, frozen=True):
    """What a statement promises for a horizon, in its words and in days."""

    rule: str
    horizon: str
    days: int | Unknown


class Tested(msgspec.Struct, frozen=True):
    """A promise against what keeps it."""

    promise: str
    of: str
    due: str
    state: str
    days_late: int | Unknown


class LineThen(Rests, frozen=True):
    """A line of a Statement of Intent against what is known."""

    horizon: str | None
    agreement: str
    agreement_record: str | None
    agreement_signed: str
    days_to_agreement: int | Unknown
    days_open: int | None
    promised: list[Tested]


class StatementThen(Rests, frozen=True):
    """A Statement of Intent against what is known; `lines` unknown, and little more, where its list is."""

    signed: str | UnsetType
    promises: list[PromiseRule] | UnsetType
    lines: dict[str, LineThen] | Unknown
    n: int | UnsetType
    kept: list[str] | UnsetType
    no_agreement_or_sale: list[str] | Unknown


class CommitmentThen(Rests, frozen=True):
    """A commitment as it stood."""

    text: str
    force: str
    made: str
    meeting: str | None
    project: str | None
    instrument: str | None
    due: str
    state: str
    since: str | None
    evidence: str | None
    days_late_at_least: int | Unknown | None


class Promises(Result, frozen=True):
    """The report on what was promised."""

    called: ClassVar = "promises"

    statements: dict[str, StatementThen]
    commitments: dict[str, CommitmentThen]
    commitments_by_state: dict[str, int]
    method: list[str]


def promises(reading: Reading, on: date | None, body: str | None) -> Promises:
    """Every line of every Statement of Intent, and every commitment, as they stood at the end of `on`."""
    found = {each.ref: _statement(reading, each, on) for each in statements(reading, on, body)}
    commitments = [each for each in reading.all(COMMITMENT) if body in (None, each.content.body)]
    reports = [each for each in reading.all(ACTION_REPORT) if each.content.commitment]
    rows_of = {
        each.ref: _commitment(each, [one for one in reports if one.content.commitment == each.ref], on)
        for each in commitments
        if happened(each.content.made, on) != "no"
    }
    rows = [
        *(evidence(each) for each in statements(reading, on, body)),
        *(evidence(each) for each in commitments if each.ref in rows_of),
    ]
    return Promises(
        Promises.called,
        iso(on),
        body,
        found,
        rows_of,
        tally(row.state for row in rows_of.values()),
        list(METHOD),
        **whole(rows, commitments_by_state=tallied((row.state, row) for row in rows_of.values())),
    )


def _statement(reading: Reading, statement: Version[Instrument], on: date | None) -> StatementThen:
    content = statement.content
    if not content.lines_known:
        return StatementThen(UNSET, UNSET, UNKNOWN, UNSET, UNSET, UNKNOWN, **rests([evidence(statement)]))
    lines = {line.project: _line(reading, statement, line, on) for line in content.lines}
    kept = sorted(ref for ref, line in lines.items() if line.agreement == "yes")
    return StatementThen(
        signed=str(content.signed),
        promises=[_promise(statement, each) for each in content.promises],
        lines=lines,
        n=len(lines),
        kept=kept,
        no_agreement_or_sale=sorted(ref for ref in lines if ref not in kept),
        **rests([evidence(statement), *(evidence(statement, line) for line in content.lines)]),
    )


def _promise(statement: Version[Instrument], promise: HorizonPromise) -> PromiseRule:
    days = promise.days if promise.days is not None else UNKNOWN
    return PromiseRule(promise.text, promise.horizon, days, **rule(statement, promise, "days"))


def _line(reading: Reading, statement: Version[Instrument], line: IntentLine, on: date | None) -> LineThen:
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
    return LineThen(
        line.horizon,
        "yes" if answer == "yes" else "none-known" if answer == "no" else UNKNOWN,
        agreement_record=link(signed.evidence.version) if signed else None,
        agreement_signed=str(signed.when) if signed else UNKNOWN,
        days_to_agreement=exact_days(made, signed.when) if signed else UNKNOWN,
        days_open=(on - start).days if on and start and answer != "yes" else None,
        promised=[_tested(promise, signed, done, on) for promise in due],
        **rests([*used, *([done.evidence] if done else [])]),
    )


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


def _tested(promise: Promise, signed: Step | None, done: Step | None, on: date | None) -> Tested:
    """One promise against what keeps it: kept, kept late by so many days, open, late, or unknown."""
    due, kept = promise.due, {"agreement": signed, "completion": done}.get(promise.of or "")
    day = kept.when.day if kept and kept.when else None
    unsaid = promise.of is None and (signed is not None or done is not None)
    state: str = UNKNOWN
    late: int | Unknown = UNKNOWN
    if not (due is None or unsaid or (kept and day is None)):
        end = day or on
        state = "open"
        if end is not None:
            over = (end - due).days
            late = max(0, over)
            state = ("kept" if over <= 0 else "kept late") if day else "open" if over <= 0 else "late"
    return Tested(promise.text, promise.of or UNKNOWN, iso(due) or UNKNOWN, state, late)


def _commitment(version: Version[Commitment], reports: list[Version[ActionReport]], on: date | None) -> CommitmentThen:
    """How a commitment stood: see `fulfilment`."""
    content, matter = version.content, of_commitment(version.content, on)
    made = fulfilled(matter, {each.ref: each.content for each in reports}, on)
    _, rows = state_of(content, on)
    last = rows[-1] if rows else None
    counted = [each.verification or each.report for each in made.counted.values()]
    since = max((str(each.date) for each in counted), default=str(last.date) if last else None)
    late: int | Unknown | None = made.days
    ended = max((each.report.date for each in made.counted.values()), key=chronological, default=last and last.date)
    if made.state == "met" and ended:
        low, _high = days_between(content.due, ended)
        late = UNKNOWN if low is None else max(0, low)
    elif made.overdue == "unknown" and on and matter.due and matter.due < on:
        late = UNKNOWN
    shown = [each.report.evidence for each in made.counted.values() if each.report.evidence]
    return CommitmentThen(
        content.text,
        content.force,
        str(content.made),
        content.meeting,
        content.project,
        content.instrument,
        str(content.due) if content.due else content.due_text or UNKNOWN,
        made.state,
        since,
        shown[0] if shown else last.evidence if last else None,
        late,
        **rests(
            [
                evidence(version),
                *(evidence(version, row) for row in rows),
                *(evidence(each) for each in reports if each.ref not in made.against),
            ]
        ),
    )
