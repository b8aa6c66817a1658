"""Reporting on an action, and verifying a report: what is asked, what stands against it, the statement that it becomes.

The same rules that decide whether a report counts (`fulfilment`) are asked here before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.node.record import read
from dtti.programme.fulfilment import SETTLED, counts_not, of_action, of_commitment
from dtti.programme.judging import judge_body
from dtti.programme.kind import Context
from dtti.programme.kinds.action_report import ACTION_REPORT, ActionReport
from dtti.programme.kinds.commitment import COMMITMENT
from dtti.programme.kinds.meeting import MEETING
from dtti.programme.reports.actions import ActionThen
from dtti.programme.reports.records import Reading

from . import reports
from .asking import Asking, Stored

#: The field of the form at which each rule is said; what is not here is said above the form.
FIELDS: Final[Mapping[str, str]] = {
    "action-report-done": "work_done",
    "action-report-why": "why",
    "action-report-later": "later",
    "action-report-dates": "date",
    "action-report-day": "date",
    "action-report-date": "date",
    "action-report-state": "state",
}
#: The parts of `Given` that name a paper.
DOCUMENT: Final = ("title", "number", "held_by")
#: What hangs on how far it is, and is not said while that is not answered.
_BY_STATE: Final = ("action-report-done", "action-report-why", "action-report-later")
#: What stands for an answer that is missing, so that the rules can say at once what else is.
_UNSAID: Final[Mapping[str, str]] = {"state": "open", "date": "1900"}
MOST_EVIDENCE: Final = 200  # records of a project or a body that the form offers as evidence


class Given(msgspec.Struct, frozen=True):
    """What was answered: the state, the day, what was done, what shows it, another date and why.

    `evidence`: a record, as a link. `title`, `number`, `held_by`: a paper that is none (see `Document`).
    """

    state: str = ""
    date: str = ""
    work_done: str = ""
    evidence: str = ""
    title: str = ""
    number: str = ""
    held_by: str = ""
    later: str = ""
    why: str = ""


class Fault(msgspec.Struct, frozen=True):
    """What stands against an answer, and at which field (empty: at none)."""

    field: str
    refusal: Refusal


def content(asking: Asking, matter: ActionThen, office: str, holder: str, given: Given, verifies: str = "") -> Stored:
    """The stored content of a report on a matter by the holder of an office (id of its record)."""
    state = read.state(asking.node, asking.viewer, office) if office else None
    named = {"meeting": matter.meeting, "action": matter.number} if matter.number else {"commitment": matter.ref}
    answered = {name: value for name, value in msgspec.structs.asdict(given).items() if value}
    document = {name: answered.pop(name) for name in DOCUMENT if name in answered}
    found: Stored = {
        "ref": _ref(asking, matter),
        "side": asking.mine,
        **named,
        "office": state[0].ref if state else "",
        "holder": holder,
        **answered,
        **({"document": document} if document else {}),
        **({"verifies": verifies} if verifies else {}),
    }
    return found


def faults(asking: Asking, matter: ActionThen, stored: Stored) -> list[Fault]:
    """All that stands against a report by its rules, each at its field; none where it can be confirmed.

    What cannot be read as a report yet, for want of an answer, is judged as far as it goes.
    """
    missing = [*_missing(asking, stored)]
    lacked = {each.field for each in missing}
    filled = {**stored, **{name: value for name, value in _UNSAID.items() if name in lacked}}
    judged = judge_body(ACTION_REPORT.code, filled, Context(author=asking.mine))
    if not isinstance(judged.content, ActionReport):
        return missing or [Fault("", each) for each in judged.against]
    said = [each for each in judged.against if "state" not in lacked or each.rule not in _BY_STATE]
    against = [*said, *([] if lacked else against_counting(asking, matter, judged.content))]
    return [*missing, *(Fault(FIELDS.get(each.rule, ""), each) for each in against)]


def against_counting(asking: Asking, matter: ActionThen, report: ActionReport) -> list[Refusal]:
    """Why a report would count for nothing, by the record as it stands."""
    reading = Reading(reports.records(asking))
    others = {each.ref: each.content for each in reading.all(ACTION_REPORT) if each.content.of == matter.record}
    others = {ref: each for ref, each in others.items() if each.action == matter.number}
    meeting = reading.get(MEETING, matter.ref) if matter.number else None
    commitment = reading.get(COMMITMENT, matter.ref) if not matter.number else None
    today = asking.moment.today
    if meeting is not None:
        action = next(each for each in meeting.content.actions if each.number == matter.number)
        return counts_not(of_action(meeting.content, action, today), report, others)
    if commitment is not None:
        return counts_not(of_commitment(commitment.content, today), report, others)
    return [refuse("action-report-of", "The action is not in the record any more.", "Look at what stands now.")]


def reportable(asking: Asking, matter: ActionThen) -> None:
    """Refused where this side does not report on a matter, or nothing is left to say of it."""
    owners = {each.side for each in matter.owners}
    if owners and asking.mine not in owners:
        raise Refused(
            refuse(
                "action-report-owner",
                f"{asking.mine} does not own it, and so does not report on it.",
                f"An office of {' or '.join(sorted(owners))} reports; {asking.mine} can verify what they report.",
            )
        )
    if matter.state in SETTLED:
        raise Refused(
            refuse("action-report-settled", "Nothing is left to report on it.", "Look at how it was settled.")
        )


def evidence(asking: Asking, matter: ActionThen) -> Mapping[str, str]:
    """Records that may show what was done, as links with their kinds: those of its project first, then of its body."""
    found: dict[str, str] = {}
    for column in ("project", "body"):
        value = getattr(matter, column)
        for row in asking.rows("", filters={column: value}, count=MOST_EVIDENCE) if value else ():
            if row.ref and row.kind != ACTION_REPORT.code and f"{row.kind}:{row.ref}" != matter.record:
                found.setdefault(f"{row.kind}:{row.ref}", row.kind)
    return found


def _missing(asking: Asking, stored: Stored) -> Iterator[Fault]:
    """What the form itself asks for and did not get."""
    if not stored.get("state"):
        yield Fault(
            "state", refuse("action-report-state", "It does not say how far it is.", "Choose one of the answers.")
        )
    given = str(stored.get("date", ""))
    if not given:
        yield Fault("date", refuse("action-report-date", "No day is given.", "Give the day on which it stood so."))
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", given) and given > asking.moment.today.isoformat():
        yield Fault(
            "date",
            refuse("action-report-day", "The day is still to come.", "Give today, or the day on which it stood so."),
        )


def _ref(asking: Asking, matter: ActionThen) -> str:
    """A readable reference that no report of this side has yet."""
    number = re.sub(r"[^A-Za-z0-9]+", "-", matter.number or "").strip("-")
    begun = "-".join(
        each for each in (matter.ref[:44].strip("-/_"), number[:12].strip("-"), asking.mine.lower()) if each
    )
    taken = {each.ref for each in reports.records(asking).of(ACTION_REPORT.code)}
    return next(ref for count in range(1, 10_000) if (ref := f"{begun}-{count}") not in taken)
