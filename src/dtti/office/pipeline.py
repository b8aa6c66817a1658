"""All projects at once: by stage, who is awaited, how long in the present stage, what is promised, how each stands.

The same few questions to the record whatever the number of projects. One read model for the board, the table, the
timeline, the portfolio, its paper and its files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from dtti.documents.values import SIDES
from dtti.node.record import lookups
from dtti.node.record.read import Listed
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.instrument import INSTRUMENT
from dtti.programme.kinds.project import PROJECT, Project, StageEntry
from dtti.programme.sop.spine import SHOWN_STAGES, ShownStage
from dtti.programme.values import When

from . import asks, reports
from .asking import Asking
from .projects import entered_by, shown_stage
from .standing import Standing, standings
from .standing_words import said
from .waits import wait_of

__all__ = ["PROJECT", "SHOWN_STAGES", "When", "said"]

MOST: Final = 500  # projects that are laid out
_MOST_TEXTS: Final = 2_000  # joint texts that wait on one side
FEW: Final = 5  # below this many cases they are listed, and no statistic is given


class Waited(msgspec.Struct, frozen=True):
    """Who is awaited on a project now, for longest: the side, the office where a request names one, since when, why."""

    on: str
    office: str
    since: str
    days: int
    why: str


class Passed(msgspec.Struct, frozen=True):
    """A shown stage of a project: entered between two days, left between two (None: it is there still)."""

    stage: ShownStage
    entered: tuple[date, date]
    left: tuple[date, date] | None

    def days(self, today: date) -> tuple[int, int]:
        """Days in it, at least and at most."""
        end = self.left or (today, today)
        return max(0, (end[0] - self.entered[1]).days), max(0, (end[1] - self.entered[0]).days)


class Promise(msgspec.Struct, frozen=True):
    """A day that a Statement of Intent promised for a project; `statement`: its reference."""

    statement: str
    said: str
    last: date


class One(msgspec.Struct, frozen=True):
    """A project among all: its row, the shown stage it is in (empty: none is recorded), the stages it passed.

    `last`: the stage of the procedure that it entered last.
    `asks`: requests to offices that are open on it. `slip`: days from the first day promised to the last one promised;
    None where fewer than two are known. `overdue`: days since the last promised day, where that has passed.
    """

    row: Listed
    stage: ShownStage | None
    last: StageEntry | None
    passed: list[Passed]
    standing: Standing | None
    waited: Waited | None
    asks: int
    promises: list[Promise]
    slip: int | None
    overdue: int

    def stands(self, language: str) -> list[str]:
        """How it stands, in words, where that is more than that it goes on."""
        return [said(self.standing, language)] if self.standing is not None and self.standing.marked else []

    @property
    def ended(self) -> bool:
        """Whether it has come to an end of some kind."""
        return self.standing is not None and self.standing.ended

    def in_stage(self, today: date) -> tuple[int, int] | None:
        """Days in the present stage, at least and at most; None where no stage is recorded."""
        return self.passed[-1].days(today) if self.passed and self.passed[-1].left is None else None


class Pipeline(msgspec.Struct, frozen=True):
    """The projects that some filters leave, as they stood on a day; `total`: how many."""

    on: date
    projects: list[One]
    total: int

    def staged(self) -> dict[ShownStage, list[One]]:
        """By the seven stages, in their order."""
        found: dict[ShownStage, list[One]] = {name: [] for name, _first in SHOWN_STAGES}
        for each in self.projects:
            if each.stage is not None:
                found[each.stage].append(each)
        return found

    def unstaged(self) -> dict[str, list[One]]:
        """Those without a recorded stage, by what the record says became of them (a code)."""
        found: dict[str, list[One]] = {}
        for each in self.projects:
            if each.stage is None:
                found.setdefault(each.row.status or "unknown", []).append(each)
        return dict(sorted(found.items()))


def filters() -> tuple[str, ...]:
    """The columns that projects are narrowed by: those of their list."""
    return tuple(name for name, _label in PROJECT.face.filters)


def pipeline(asking: Asking, filters: Mapping[str, str]) -> Pipeline:
    """The projects that `filters` (columns of the projection) leave, each with all that stands of it in a line."""
    rows = asking.rows(PROJECT.code, filters=filters, count=MOST)
    held = asking.contents(rows)
    today = asking.moment.today
    stands = standings(asking, rows, held)
    requests: dict[str, list[asks.OneAsk]] = {}
    for each in asks.opened(asks.asks(asking)):
        requests.setdefault(each.content.of_project, []).append(each)
    promised, texts = _promised(asking), _texts(asking)
    found = []
    for row in rows:
        content = held.get(row.record)
        project = content if isinstance(content, Project) else None
        passed = list(_passed(project, today)) if project else []
        mine = requests.get(row.ref, [])
        promises = _promises(project, promised.get(row.ref, ())) if project else []
        slip = (promises[-1].last - promises[0].last).days if len(promises) > 1 else None
        begun = row.stage in ("executing", "closing", "closed")
        late = (today - promises[-1].last).days if promises and not begun else 0
        place = shown_stage(row.stage)
        found.append(
            One(
                row,
                SHOWN_STAGES[place][0] if place >= 0 else None,
                next(reversed(entered_by(project, today)), None) if project else None,
                passed,
                stands.get(row.record),
                _waited([row, *_joint(row, project, texts)], mine, asking),
                len(mine),
                promises,
                slip,
                max(0, late),
            )
        )
    return Pipeline(today, found, len(found))


def choices(asking: Asking) -> dict[str, list[tuple[str, int]]]:
    """The values by which projects may be narrowed, each with how many have it, by column."""
    return lookups.facet_values(asking.node, asking.viewer, PROJECT.code, list(filters()), asking.moment.bound)


def inside(asking: Asking, found: Pipeline) -> list[str]:
    """What a page of these rests on that has not been released, as links: projects, and requests that are open."""
    if not asking.viewer.national:
        return []
    shown = {each.row.ref for each in found.projects}
    requests = [each.row for each in asks.opened(asks.asks(asking)) if each.content.of_project in shown]
    rows: list[Listed] = [*(each.row for each in found.projects), *requests]
    return lookups.untold(asking.node, rows, asking.moment.bound)


def _texts(asking: Asking) -> dict[str, list[Listed]]:
    """Every joint text beside those of projects that waits on a side: by what names it, its project or its own link."""
    found: dict[str, list[Listed]] = {}
    for row in (row for side in SIDES for row in asking.rows("", filters={"court": side}, count=_MOST_TEXTS)):
        if row.kind != PROJECT.code and KINDS[row.kind].mode == "joint":
            link = f"{PROJECT.code}:{row.project}" if row.project else f"{row.kind}:{row.ref}"
            found.setdefault(link, []).append(row)
    return found


def _joint(row: Listed, project: Project | None, texts: Mapping[str, list[Listed]]) -> Iterator[Listed]:
    """Those of a project: that name it, and agreements that it names."""
    named = project.agreements if project else ()
    for link in (f"{PROJECT.code}:{row.ref}", *(f"{INSTRUMENT.code}:{ref}" for ref in named)):
        yield from texts.get(link, ())


def _waited(rows: Sequence[Listed], requests: Sequence[asks.OneAsk], asking: Asking) -> Waited | None:
    """What has been awaited longest: an offer, a text asked for, or a request to an office."""
    found = []
    for row in rows:
        wait = wait_of(row, asking.moment.instant)
        if wait is not None:
            found.append(Waited(wait.on, "", wait.since[:10], wait.days, wait.why))
    for each in requests:
        ask = each.content
        found.append(Waited(ask.to, ask.of, each.began[1].isoformat(), each.days, "ask"))
    return min(found, key=lambda each: (each.why == "answered", each.since), default=None)


def _passed(project: Project, today: date) -> Iterator[Passed]:
    """The shown stages of a project in order, each from its first entry to the first entry of a later one."""
    entered: list[tuple[int, When]] = []
    for each in entered_by(project, today):
        place = shown_stage(each.stage)
        if not entered or place > entered[-1][0]:
            entered.append((place, each.entered))
    for at, (place, when) in enumerate(entered):
        after = entered[at + 1][1] if at + 1 < len(entered) else None
        done = after is None and project.stages[-1].stage == "closed"
        last = project.stages[-1].entered if done else after
        began = when.earliest or today
        ended = (last.earliest or began, last.latest or max(today, began)) if last else None
        yield Passed(SHOWN_STAGES[place][0], (began, when.latest or today), ended)


def edtf(bounds: tuple[date, date]) -> str:
    """A date as far as it is known: the day, month or year that two bounds make, else both bounds."""
    return str(When.within(bounds[0].isoformat(), bounds[1].isoformat()))


def _promised(asking: Asking) -> dict[str, list[tuple[str, When, When | None]]]:
    """By project, what the Statements of Intent promise: the statement, the day, when it was signed."""
    found: dict[str, list[tuple[str, When, When | None]]] = {}
    for version in reports.records(asking).of(INSTRUMENT.code):
        content = version.content
        for line in getattr(content, "lines", ()):
            if line.promised is not None:
                found.setdefault(line.project, []).append((content.ref, line.promised, content.signed))
    return found


def _promises(project: Project, lines: Sequence[tuple[str, When, When | None]]) -> list[Promise]:
    """The days promised for a project, by the day of the statement: its own text's, and what statements say."""
    made: dict[tuple[str, str], tuple[date, Promise]] = {}
    told: list[tuple[str, When, When | None]] = [
        (each.statement, each.promised, None) for each in project.horizons if each.promised
    ]
    for statement, promised, signed in (*told, *lines):
        if promised.latest is not None:
            order = signed.earliest if signed and signed.earliest else date.min
            made.setdefault((statement, str(promised)), (order, Promise(statement, str(promised), promised.latest)))
    return [promise for _order, promise in sorted(made.values(), key=lambda each: (each[0], each[1].last))]


# --- how long in a stage ---------------------------------------------------------------------------------------------


class Case(msgspec.Struct, frozen=True):
    """A project in a stage: days at least and at most; `open`: it is there still."""

    ref: str
    record: str
    least: int
    most: int
    open: bool


class Ageing(msgspec.Struct, frozen=True):
    """How long projects were in a stage. `median`, `p85`: of those that left it, None below `FEW`; `n`: how many.

    `left`: those that left it, listed where there are fewer than `FEW`; `open`: those that are in it still, all of
    them; they enter no statistic. `unsure`: of those that left, days known within bounds only: they enter none either.
    """

    stage: ShownStage
    n: int
    median: int | None
    p85: int | None
    left: list[Case]
    open: list[Case]
    unsure: list[Case]


def ageing(found: Pipeline) -> list[Ageing]:
    """Time in each shown stage, over the projects of a pipeline."""
    made = []
    for stage, _first in SHOWN_STAGES:
        cases = [
            Case(one.row.ref, one.row.record, *each.days(found.on), each.left is None)
            for one in found.projects
            for each in one.passed
            if each.stage == stage and not (each.left is None and one.ended)
        ]
        left = sorted((each for each in cases if not each.open), key=lambda each: each.least)
        exact = [each for each in left if each.least == each.most]
        enough = len(exact) >= FEW
        made.append(
            Ageing(
                stage,
                len(exact),
                quantile([each.least for each in exact], 50) if enough else None,
                quantile([each.least for each in exact], 85) if enough else None,
                [] if enough else exact,
                sorted((each for each in cases if each.open), key=lambda each: -each.least),
                [each for each in left if each.least != each.most],
            )
        )
    return made


def quantile(ordered: Sequence[int], per_cent: int) -> int:
    """The least of some ordered numbers that as many per cent of them do not exceed."""
    return ordered[max(0, -(-len(ordered) * per_cent // 100) - 1)]
