"""The story of a project in one order of time: acts, stages, statements, meetings, agreements, requests, papers.

Everything stands elsewhere too; here it is laid together, the latest first. What the viewer does not see is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, get_args

import msgspec

from dtti.node.record import journal, lookups
from dtti.node.record.journal import Done
from dtti.node.record.read import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.action_report import ACTION_REPORT
from dtti.programme.kinds.ask import ASK
from dtti.programme.kinds.ask_answer import ASK_ANSWER
from dtti.programme.kinds.commitment import COMMITMENT
from dtti.programme.kinds.delay import DELAY
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.kinds.progress import PROGRESS
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.values import When

from . import asks
from .asking import Asking

Sort = Literal["act", "stage", "statement", "intent", "agreement", "meeting", "request", "report", "paper", "record"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
_MOST_RECORDS: Final = 12  # joint records of a project whose acts are told with it
#: Told in another way: projects that name it, requests with their answers, reasons for waits.
_ELSEWHERE: Final = frozenset(each.code for each in (PROJECT, ASK, ASK_ANSWER, DELAY))
_REPORTS: Final = frozenset(each.code for each in (ACTION_REPORT, PROGRESS, COMMITMENT))


class Event(msgspec.Struct, frozen=True):
    """Something that happened to a project, on a day known as far as `on` says.

    `what`: a code or text by sort: the stage entered, the status stated, what is asked for, a number of a paper; empty
    where the record itself says it. `record`: what it stands in, as a link; `done`: the act. `part`: what of it.
    """

    sort: Sort
    on: str
    what: str = ""
    record: str = ""
    side: str = ""
    note: str | None = None
    done: Done | None = None
    part: str = ""


class Story(msgspec.Struct, frozen=True):
    """A page of what happened; `counts`: how many of each sort there are in all."""

    events: list[Event]
    counts: dict[str, int]
    total: int

    @property
    def links(self) -> list[str]:
        """The records that it names, as links."""
        return [each.record for each in self.events if each.record]


def story(asking: Asking, row: Listed, project: Project, *, sort: str = "", start: int = 0, count: int = 20) -> Story:
    """What happened to a project, the latest first; of one sort where `sort` names one."""
    near = lookups.pointing(asking.node, asking.viewer, row.kind, row.ref, asking.moment.bound) if row.ref else []
    found = [
        *_own(project),
        *(event for other, content in near for event in _of(other, content, project.ref)),
        *_acts(asking, row, near),
        *_requests(asking, project.ref),
    ]
    there = [each for each in found if asking.moment.reached(_day(each.on))]
    counts: dict[str, int] = {one: sum(1 for each in there if each.sort == one) for one in SORTS}
    wanted = [each for each in there if not sort or each.sort == sort]
    wanted.sort(key=lambda each: (_day(each.on), each.on, SORTS.index(each.sort), each.record), reverse=True)
    held = {one: many for one, many in counts.items() if many}
    return Story(wanted[start : start + count], held, len(wanted))


def _day(on: str) -> date:
    """The day from which it can have happened, or failing one the day by which it had."""
    if "T" in on:
        return date.fromisoformat(on[:10])
    when = When(on)
    return when.earliest or when.latest or date.max


def _own(project: Project) -> Iterator[Event]:
    """What the text of the project itself tells: stages entered, statements, what came of it, numbers of papers."""
    for entered in project.stages:
        yield Event("stage", str(entered.entered), entered.stage)
    for said in project.statements:
        yield Event("statement", str(said.date), said.status, note=said.note)
    if project.outcome and project.outcome.as_of:
        yield Event("statement", str(project.outcome.as_of), project.outcome.code, note=project.outcome.text)


def _of(row: Listed, content: Content, ref: str) -> Iterator[Event]:
    """What a record that names the project tells of it."""
    link = f"{row.kind}:{row.ref}"
    if isinstance(content, Instrument):
        lines = [each for each in content.lines if each.project == ref]
        if content.signed:
            yield Event("intent" if lines else "agreement", str(content.signed), "signed", link)
        for line in lines if content.signed else ():
            if line.promised:
                yield Event("intent", str(content.signed), "promised", link, part=str(line.promised))
        for name in ("in_force", "expires"):
            when = getattr(content, name, None)
            if isinstance(when, When):
                yield Event("agreement", str(when), name, link)
    elif isinstance(content, Meeting):
        yield Event("meeting", str(content.date), content.status, link)
    elif row.kind not in _ELSEWHERE and row.earliest:
        when = When.within(row.earliest, row.latest)
        yield Event("report" if row.kind in _REPORTS else "record", str(when), "", link, row.about)


def _requests(asking: Asking, ref: str) -> Iterator[Event]:
    for one in asks.about(asking, f"project:{ref}"):
        link = f"ask:{one.row.ref}"
        ask = one.content
        yield Event("request", str(ask.asked_on), ask.what, link, ask.side, ask.text[:200], part="asked")
        if ask.withdrawn:
            yield Event("request", str(ask.withdrawn), ask.what, link, ask.side, ask.why, part="withdrawn")
        for each in one.answers:
            said = each.content
            yield Event("request", str(said.given_on), ask.what, link, said.side, said.text, part=said.result)


def _acts(asking: Asking, row: Listed, near: list[tuple[Listed, Content]]) -> Iterator[Event]:
    """What was done on the project's text and on the joint texts that belong to it; papers it was recorded from."""
    if row.compiled:
        return
    others = [other for other, _content in near if KINDS[other.kind].mode == "joint" and other.project == row.ref]
    for each in [row, *(one for one in others if not one.compiled)][:_MOST_RECORDS]:
        for done in journal.history(asking.node, asking.viewer, each.record, asking.moment.bound):
            if done.verb in ("acknowledge", "anchor"):
                continue
            link = f"{each.kind}:{each.ref}"
            if done.terms.get("basis") == "paper":
                shown = journal.body_of(asking.node, asking.viewer, done.id)
                paper = shown.text.paper if shown and shown.text else None
                if paper:
                    yield Event("paper", paper.date or done.time, paper.number, link, done.side, paper.title, done)
                    continue
            yield Event("act", done.time, done.verb, link, done.side, None, done)
