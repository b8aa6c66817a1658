"""Actions and commitments of all meetings, and their decisions: whose, by when, how far, on whose word."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Literal

import msgspec

from dtti.programme.fulfilment import Fulfilment, Matter, State, due_now, fulfilled, of_action, of_commitment
from dtti.programme.kinds.action_report import ACTION_REPORT, ActionReport, Document
from dtti.programme.kinds.commitment import COMMITMENT, Commitment
from dtti.programme.kinds.meeting import MEETING, Action, Meeting
from dtti.programme.timeline import Answer, happened

from .counts import tally
from .records import Reading, Version
from .rests import Rests, Result, evidence, iso, link, rests, tallied, whole

METHOD = (
    "An action is known by its meeting and its number there, a commitment by its reference. The first due date is kept "
    "for ever; a later one holds once both have agreed it.",
    "The text that both sides hold says first how far it is. Beside it counts the last report of each side that owns "
    "it; reported done is done once the other side, or a second person of the same side, has verified it.",
    "Open or partly met is overdue once its date has passed. What was compiled from sources, and of which nothing is "
    "said after its date, is unknown: nobody owes a compiler a report.",
)


class OwnerThen(msgspec.Struct, frozen=True):
    """A side that has to do it, and where known which office."""

    side: str
    office: str | None = None


class ReportThen(msgspec.Struct, frozen=True):
    """A report as it stood: who, of which day, what it says. `counts` is empty, or says why it counts for nothing.

    `record`: the record of the report. `verifies`: the reference of the report that it makes sure of.
    """

    ref: str
    record: str
    side: str
    office: str
    holder: str
    date: str
    state: str
    work_done: str | None
    evidence: str | None
    document: Document | None
    later: str | None
    why: str | None
    verifies: str | None
    counts_not: str
    remedy: str


class VerifiedThen(msgspec.Struct, frozen=True):
    """Who verified it: the office, and the person where a report of it says who."""

    side: str
    office: str
    holder: str | None = None
    date: str | None = None


class ActionThen(Rests, frozen=True):
    """An action of a meeting, or a commitment, as it stood.

    `record`, `number`: what it is known by: a link, and for an action its number in the meeting. `due` may be words.
    `evidence`: links and words. `asked`: the later date that its owner asks for, where that is still to be agreed.
    """

    type: Literal["action", "commitment"]
    record: str
    number: str | None
    text: str
    owners: list[OwnerThen]
    meeting: str | None
    met_on: str | None
    made: str
    body: str | None
    project: str | None
    due: str
    due_now: str | None
    due_day: str | None
    state: State
    since: str | None
    overdue: Answer
    days_overdue: int | None
    evidence: list[str]
    verified: list[VerifiedThen]
    asked: str | None
    reports: list[ReportThen]

    @property
    def ref(self) -> str:
        """The reference of the record that it stands in."""
        return self.record.partition(":")[2]


class DecisionThen(Rests, frozen=True):
    """A decision, by its number in the record of discussion of its meeting."""

    number: str
    text: str
    meeting: str
    met_on: str
    body: str


class Actions(Result, frozen=True):
    """The register of actions and commitments, and that of decisions."""

    called: ClassVar = "actions"

    actions: list[ActionThen]
    decisions: list[DecisionThen]
    by_state: dict[str, int]
    overdue: int
    method: list[str]


Reports = dict[tuple[str, str | None], dict[str, Version[ActionReport]]]


def actions(reading: Reading, on: date | None, body: str | None) -> Actions:
    """Every action and commitment of every meeting (of `body`, where one is named) as it stood at the end of `on`."""
    meetings = {each.ref: each for each in reading.all(MEETING) if each.content.status != "cancelled"}
    reports: Reports = {}
    for report in reading.all(ACTION_REPORT):
        reports.setdefault((report.content.of, report.content.action), {})[report.ref] = report
    rows = [
        _action(each, action, reports.get((link(each), action.number), {}), on)
        for each in meetings.values()
        if body in (None, each.content.body) and happened(each.content.date, on) != "no"
        for action in each.content.actions
    ]
    rows += [
        _commitment(each, meetings.get(each.content.meeting or ""), reports.get((link(each), None), {}), on)
        for each in reading.all(COMMITMENT)
        if happened(each.content.made, on) != "no"
    ]
    rows = [each for each in rows if body in (None, each.body)]
    decisions = [
        DecisionThen(
            decision.number,
            decision.text,
            each.ref,
            str(each.content.date),
            each.content.body,
            **rests([evidence(each, decision)]),
        )
        for each in meetings.values()
        if body in (None, each.content.body) and happened(each.content.date, on) != "no"
        for decision in each.content.decisions
    ]
    used = [evidence(each) for each in meetings.values() if each.content.actions or each.content.decisions]
    used += [evidence(each) for each in reading.all(COMMITMENT)]
    named = {each for row in (*rows, *decisions) for each in row.uses}
    return Actions(
        Actions.called,
        iso(on),
        body,
        rows,
        decisions,
        tally(row.state for row in rows),
        sum(row.overdue == "yes" for row in rows),
        list(METHOD),
        **whole(
            [each for each in used if link(each.version) in named],
            by_state=tallied((row.state, row) for row in rows),
        ),
    )


def _action(
    version: Version[Meeting], action: Action, reports: dict[str, Version[ActionReport]], on: date | None
) -> ActionThen:
    meeting = version.content
    made = _made(of_action(meeting, action, on), reports, on)
    by_text = [VerifiedThen(action.verified_by.partition("/")[0], action.verified_by)] if action.verified_by else []
    return ActionThen(
        "action",
        link(version),
        action.number,
        action.text,
        [OwnerThen(each.side, each.office) for each in action.owners],
        version.ref,
        str(meeting.date),
        str(meeting.date),
        meeting.body,
        action.project,
        str(action.due),
        str(action.due_now) if action.due_now else None,
        iso((action.due_now or action.due).latest),
        made.state,
        _since(made, str(action.done) if action.done else None),
        made.overdue,
        made.days,
        [*([action.evidence] if action.evidence else []), *_shown(made)],
        [*by_text, *_verified(made)],
        _asked(made, (action.due_now or action.due).latest),
        _reports(made, reports, on),
        **rests([evidence(version, action), *(evidence(each) for each in reports.values())]),
    )


def _commitment(
    version: Version[Commitment],
    meeting: Version[Meeting] | None,
    reports: dict[str, Version[ActionReport]],
    on: date | None,
) -> ActionThen:
    content = version.content
    matter = of_commitment(content, on)
    made, now = _made(matter, reports, on), due_now(content, on)
    said = [row for row in content.statements if happened(row.date, on) == "yes"]
    return ActionThen(
        "commitment",
        link(version),
        None,
        content.text,
        [OwnerThen(each.side, each.office) for each in content.owners],
        content.meeting,
        str(meeting.content.date) if meeting else None,
        str(content.made),
        content.body or (meeting.content.body if meeting else None),
        content.project,
        str(content.due) if content.due else content.due_text or "unknown",
        str(now) if now and now != content.due else None,
        iso(now.latest if now else None),
        made.state,
        _since(made, str(matter.since) if matter.since else None),
        made.overdue,
        made.days,
        [*(each for row in said for each in (row.evidence, row.note) if each), *_shown(made)],
        _verified(made),
        _asked(made, now.latest if now else None),
        _reports(made, reports, on),
        **rests([evidence(version), *(evidence(each) for each in reports.values())]),
    )


def _made(matter: Matter, reports: dict[str, Version[ActionReport]], on: date | None) -> Fulfilment:
    return fulfilled(matter, {ref: each.content for ref, each in reports.items()}, on)


def _since(made: Fulfilment, by_text: str | None) -> str | None:
    """The last date on which something was said of its state."""
    said = [each.verification or each.report for each in made.counted.values()]
    return max((str(each.date) for each in said), default=by_text)


def _shown(made: Fulfilment) -> list[str]:
    """What the reports that count name as evidence, or say was done."""
    return [shown for each in made.counted.values() if each.report.work_done for shown in _of_report(each.report)]


def _of_report(report: ActionReport) -> list[str]:
    """What one report names as evidence; what was done, where it names nothing."""
    found = [report.evidence or "", str(report.document or "")]
    return [each for each in found if each] or [report.work_done or ""]


def _verified(made: Fulfilment) -> list[VerifiedThen]:
    found: Iterable[ActionReport | None] = (each.verification for each in made.counted.values())
    return [VerifiedThen(each.side, each.office, each.holder, str(each.date)) for each in found if each]


def _asked(made: Fulfilment, due: date | None) -> str | None:
    """The latest date that an owner asks for and that is not agreed yet."""
    asked = [each.report.later for each in made.counted.values() if each.report.later]
    later = [each for each in asked if each.latest and (due is None or each.latest > due)]
    return str(max(later, key=lambda each: each.latest or date.min)) if later else None


def _reports(made: Fulfilment, reports: dict[str, Version[ActionReport]], on: date | None) -> list[ReportThen]:
    """The reports that were there by the day, in order of time."""
    there = [each for each in reports.values() if happened(each.content.date, on) == "yes"]
    found = []
    for each in sorted(there, key=lambda each: (str(each.content.date), each.recorded, each.ref)):
        said, stands = each.content, made.against.get(each.ref)
        found.append(
            ReportThen(
                each.ref,
                each.record,
                said.side,
                said.office,
                said.holder,
                str(said.date),
                said.state,
                said.work_done,
                said.evidence,
                said.document,
                str(said.later) if said.later else None,
                said.why,
                said.verifies,
                stands.reason if stands else "",
                stands.remedy if stands else "",
            )
        )
    return found
