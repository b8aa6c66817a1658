"""How far something that was to be done is done: the one function that says so, of commitments and actions. Pure.

The text that both sides hold says it first; what the sides report beside it, and what somebody else verified, says the
rest. A report counts only where the side that owns the matter made it, and a verification only where somebody else did:
whoever writes it, by whichever door, that is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from dtti.accord.refusal import Refusal

from .kinds.action_report import ActionReport
from .kinds.commitment import Commitment, state_of
from .kinds.meeting import Action, Meeting
from .timeline import Answer, happened
from .values import Cite, When, strength

#: `reported`: its owner says that it is done, and nobody has verified it yet. The others are those of a commitment.
State = Literal["open", "partly-met", "reported", "met", "replaced", "dropped", "unknown"]
#: States in which something is left to do; only these can be overdue.
LEFT: Final = ("open", "partly-met")
#: States after which nothing is asked of anybody.
SETTLED: Final = ("met", "replaced", "dropped")


class Matter(msgspec.Struct, frozen=True):
    """What is to be done, as its text says it on a day: whose it is, by when, how far, on whose word.

    `sides`: the sides that own it (none: either may report). `compiled`: it was taken from sources, and no side keeps
    it. `since`: the date of what the text says of its state. `begun`: the day before which nothing can be reported.
    """

    sides: tuple[str, ...]
    due: date | None
    state: State
    since: When | None = None
    begun: date | None = None
    compiled: bool = False


class Counted(msgspec.Struct, frozen=True):
    """A report that counts, and the verification of it that does."""

    ref: str
    report: ActionReport
    verified: str = ""
    verification: ActionReport | None = None

    @property
    def state(self) -> State:
        """What the report and its verification make of its side's part."""
        if self.verification:
            return self.verification.state
        return "reported" if self.report.state == "met" else self.report.state


class Fulfilment(msgspec.Struct, frozen=True):
    """How far a matter is done. `overdue`: whether its date has passed with something left to do; `days` how many.

    `counted`: the last report of each side that owns it, by side; none where the text alone decides. `against`: why a
    report counts for nothing, by its reference.
    """

    state: State
    overdue: Answer
    days: int | None
    counted: Mapping[str, Counted]
    against: Mapping[str, Refusal]


def of_action(meeting: Meeting, action: Action, on: date | None) -> Matter:
    """An action as the text of its meeting says it."""
    cite: Cite | None = action.cite or meeting.cite
    done = happened(action.done, on, strength(cite, "done")) if action.done else "no"
    due = (action.due_now or action.due).latest
    state: State = "met" if done == "yes" else "unknown" if done == "unknown" else "open"
    if state == "open" and cite and on and due and due < on:
        state = "unknown"
    sides = tuple(sorted({owner.side for owner in action.owners}))
    return Matter(sides, due, state, action.done if done == "yes" else None, meeting.date.earliest, cite is not None)


def of_commitment(commitment: Commitment, on: date | None) -> Matter:
    """A commitment as its text says it."""
    state, said = state_of(commitment, on)
    now = due_now(commitment, on)
    sides = tuple(sorted({owner.side for owner in commitment.owners}))
    since = said[-1].date if said else None
    return Matter(
        sides, now.latest if now else None, state, since, commitment.made.earliest, commitment.cite is not None
    )


def due_now(commitment: Commitment, on: date | None) -> When | None:
    """The date by which a commitment is due, as last agreed by the end of `on`."""
    _state, said = state_of(commitment, on)
    return next((row.due_now for row in reversed(said) if row.due_now), commitment.due)


def fulfilled(matter: Matter, reports: Mapping[str, ActionReport], on: date | None) -> Fulfilment:
    """How far a matter is done at the end of `on` (None: by the end of the record), with the reports on it by `ref`."""
    known = {ref: each for ref, each in sorted(reports.items()) if happened(each.date, on) == "yes"}
    against: dict[str, Refusal] = {}
    for ref, report in known.items():
        if stands := counts_not(matter, report, known):
            against[ref] = stands[0]
    counted = _counted({ref: each for ref, each in known.items() if ref not in against})
    state = matter.state
    if state not in SETTLED:
        counted = {side: each for side, each in counted.items() if not _older(each.report, matter.since)}
        if counted:
            state = _together([counted[side].state if side in counted else state for side in matter.sides or counted])
    overdue, days = _overdue(state, matter.due, on)
    return Fulfilment(state, overdue, days, counted, against)


def counts_not(matter: Matter, report: ActionReport, others: Mapping[str, ActionReport]) -> list[Refusal]:
    """What stands against a report: it is of a side that does not own the matter, or of who may not verify it.

    `others`: the reports on the matter, by reference.
    """
    found = []
    if matter.begun and report.date.latest and report.date.latest < matter.begun:
        found.append(
            Refusal(
                "action-report-dates",
                f"It says how things stood on {report.date}, before there was anything to do.",
                f"Give a day from {matter.begun} on.",
            )
        )
    if not report.verifies:
        if matter.sides and report.side not in matter.sides:
            found.append(
                Refusal(
                    "action-report-owner",
                    f"{report.side} does not own it, and so does not report on it.",
                    f"An office of {' or '.join(matter.sides)} reports; {report.side} can verify what they report.",
                )
            )
        return found
    first = others.get(report.verifies)
    if first is None or first.verifies:
        found.append(
            Refusal(
                "action-report-verifies",
                f"It verifies {report.verifies}, which is no report on this matter.",
                "Name a report that the owner made on it.",
            )
        )
    elif first.side == report.side and _same(first.holder, report.holder):
        found.append(
            Refusal(
                "action-report-verifier",
                f"{report.holder} reported it, and cannot be the one who verifies it.",
                "Someone of the other side, or a second person of this side, verifies it.",
            )
        )
    return found


def _counted(reports: Mapping[str, ActionReport]) -> dict[str, Counted]:
    """The last report of each side, with the last verification of it."""
    last: dict[str, Counted] = {}
    for ref, report in sorted(reports.items(), key=lambda each: (_day(each[1].date), each[0])):
        if not report.verifies:
            last[report.side] = Counted(ref, report)
    for ref, report in sorted(reports.items(), key=lambda each: (_day(each[1].date), each[0])):
        for side, counted in last.items():
            if report.verifies == counted.ref:
                last[side] = msgspec.structs.replace(counted, verified=ref, verification=report)
    return last


def _together(states: Iterable[State]) -> State:
    """One state of the parts of both sides: no further than the part that is least far."""
    found = set(states)
    if len(found) == 1:
        return found.pop()
    if found <= {"met", "reported"}:
        return "reported"
    return "partly-met" if found & {"met", "reported", "partly-met"} else "open"


def _older(report: ActionReport, since: When | None) -> bool:
    """Whether a report was made before what the text says of the state."""
    return since is not None and _day(report.date) < _day(since)


def _overdue(state: State, due: date | None, on: date | None) -> tuple[Answer, int | None]:
    if state == "unknown":
        return "unknown", None
    if state not in LEFT or due is None or on is None or due >= on:
        return "no", None
    return "yes", (on - due).days


def _day(when: When) -> date:
    return when.latest or when.earliest or date.min


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
