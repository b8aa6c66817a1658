"""Projects: the board by stage, and one project: whose turn it is, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Final, Literal

import msgspec

from dtti.accord.fold import View
from dtti.accord.grade import GRADES, courts
from dtti.node.core import standing
from dtti.node.record import clock, lookups, read
from dtti.node.record.read import Listed
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.instrument import INSTRUMENT
from dtti.programme.kinds.project import Project, StageEntry
from dtti.programme.kinds.success_definition import SuccessDefinition
from dtti.programme.sop.spine import SHOWN_STAGES, SPINE
from dtti.programme.values import Cite, When

from .asking import Asking, Stored
from .waits import Wait, to_answer, wait_of

__all__ = ["SHOWN_STAGES", "Cite", "Listed", "Project", "SuccessDefinition"]

_SIDES: Final = ("IND", "USA")


# --- the board -------------------------------------------------------------------------------------------------------


class Card(msgspec.Struct, frozen=True):
    """A project on the board, and what it waits for."""

    row: Listed
    wait: Wait | None


class Board(msgspec.Struct, frozen=True):
    """Projects by the seven stages in their order; those without a recorded stage by what became of them."""

    stages: dict[str, list[Card]]
    unstaged: dict[str, list[Card]]
    total: int


def shown_stage(stage: str) -> int:
    """Which of the seven stages a stage of the spine belongs to, from 0; -1 where none was entered."""
    if not stage:
        return -1
    place = SPINE.index(stage)
    return max(number for number, (_name, first) in enumerate(SHOWN_STAGES) if SPINE.index(first) <= place)


def board(asking: Asking, filters: Mapping[str, str]) -> Board:
    """The board of the projects that `filters` (columns of the projection) leave."""
    rows = asking.rows("project", filters=filters, count=500)
    stages: dict[str, list[Card]] = {name: [] for name, _first in SHOWN_STAGES}
    unstaged: dict[str, list[Card]] = {}
    for row in rows:
        place = shown_stage(row.stage)
        cards = unstaged.setdefault(row.status or "unknown", []) if place < 0 else stages[SHOWN_STAGES[place][0]]
        cards.append(Card(row, wait_of(row, asking.moment.instant)))
    return Board(stages, dict(sorted(unstaged.items())), len(rows))


# --- one project -----------------------------------------------------------------------------------------------------


class Reached(msgspec.Struct, frozen=True):
    """One of the seven stages of a project: whether it is behind, reached now, or ahead; when it was entered.

    `last`, `entered`: of the one reached now, which stage of the procedure was entered last in it, and when.
    """

    name: str
    state: Literal["done", "now", "next"]
    since: str
    last: str = ""
    entered: str = ""


class Definition(msgspec.Struct, frozen=True):
    """The success definition of a project: its row, its content as stored."""

    row: Listed
    content: Stored


class Pressing(msgspec.Struct, frozen=True):
    """The most pressing thing that waits on a page of a project: the wait, on which record, whether for our answer."""

    wait: Wait
    row: Listed
    ours: bool
    to_answer: bool


class Spell(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A stretch of days in which a text was in the court of one side (or None), and why (a code)."""

    side: str | None
    start: str
    end: str
    days: int
    why: str


class Dated(msgspec.Struct, frozen=True):
    """What a source said of a project: when, its status, its reason (codes), a note; on what it rests."""

    on: str
    status: str
    note: str | None
    reason: str | None
    cite: Cite | None


class Listing(msgspec.Struct, frozen=True):
    """A line of a Statement of Intent on which the project stands, and what it rests on."""

    statement: str
    horizon: str
    promised: str | None
    cite: Cite | None


class OneProject(msgspec.Struct, frozen=True):
    """A project with all that its page shows. `agreements`: instruments by reference, those that name it among them."""

    content: Project
    waiting: list[Pressing]
    stages: list[Reached]
    definition: Definition | None
    statements: list[Dated]
    agreements: list[str]
    horizons: list[Listing]
    court: list[Spell]
    weak: list[str]

    @property
    def pressing(self) -> Pressing | None:
        """What goes before all else that waits."""
        return next(iter(self.waiting), None)

    @property
    def links(self) -> list[str]:
        """The records that it names, as links."""
        content = self.content
        cites = [content.cite, *(each.cite for each in self.statements), *(each.cite for each in self.horizons)]
        return [
            *(f"instrument:{ref}" for ref in (*self.agreements, *content.enablers)),
            *(f"instrument:{each.statement}" for each in content.horizons),
            *(f"need:{ref}" for ref in content.needs),
            *([f"body:{content.body}"] if content.body else []),
            *(f"source:{ref}" for cite in cites if cite for ref in cite.sources),
        ]


def project(asking: Asking, row: Listed, content: Project) -> OneProject:
    """One project as it stood."""
    joint = _joint_texts(asking, row) if row.ref else []
    instruments = dict.fromkeys(each.ref for each in joint if each.kind == INSTRUMENT.code and each.grade in GRADES)
    definition = _definition(asking, content)
    texts = {each.record: each for each in (row, *([definition.row] if definition else []), *joint)}
    told = {*content.agreements, *(each.statement for each in content.horizons)}
    cite = content.cite
    return OneProject(
        content,
        waiting(asking, texts.values()),
        stages(content, asking.moment.day),
        definition,
        [
            Dated(str(each.date), each.status, each.note, each.reason_code, each.cite or cite)
            for each in content.statements
        ],
        [*content.agreements, *(ref for ref in instruments if ref not in told)],
        [
            Listing(each.statement, each.horizon, str(each.promised) if each.promised else None, each.cite or cite)
            for each in content.horizons
        ],
        _court(asking, row),
        [*(cite.inferred or ()), *(cite.unverified or ())] if cite else [],
    )


def _court(asking: Asking, row: Listed) -> list[Spell]:
    """Whose turn it was; of what was compiled nobody's, and for the public nothing."""
    if row.compiled or asking.viewer.public:
        return []
    return spells(asking.acts(row.record), asking.moment.instant)


def entered_by(content: Project, on: date | None) -> list[StageEntry]:
    """The stages of the procedure that a project may have entered by the end of a day, in the order of its text."""
    return [each for each in content.stages if on is None or (each.entered.earliest and each.entered.earliest <= on)]


def stages(content: Project, on: date | None) -> list[Reached]:
    """The seven stages; a project without recorded stages has none done and none now, and says so."""
    entered = entered_by(content, on)
    now = shown_stage(entered[-1].stage if entered else "")
    return [
        Reached(
            name,
            "done" if number < now else "now" if number == now else "next",
            next((str(each.entered) for each in entered if shown_stage(each.stage) == number), ""),
            *((entered[-1].stage, str(entered[-1].entered)) if number == now else ()),
        )
        for number, (name, _first) in enumerate(SHOWN_STAGES)
    ]


def _definition(asking: Asking, content: Project) -> Definition | None:
    """The success definition of the project: by its own link, or the one that names the project."""
    link = f"success_definition:{content.success_definition}"
    named = asking.named([link]).get(link) if content.success_definition else None
    if named is None:
        rows = asking.rows("success_definition", filters={"project": content.ref}, count=50)
        named = max(
            rows, key=lambda row: standing.speaks(row.grade, row.side, row.stated_by, asking.mine), default=None
        )
    state = read.state(asking.node, asking.viewer, named.record, asking.moment.bound) if named else None
    return Definition(*state) if state else None


def _joint_texts(asking: Asking, row: Listed) -> list[Listed]:
    """The joint texts that name a project, beside other projects: definition, plan, agreements, closure."""
    kinds = [code for code, kind in KINDS.items() if kind.mode == "joint" and code != row.kind]
    near = lookups.pointing(asking.node, asking.viewer, row.kind, row.ref, asking.moment.bound, among=kinds)
    return [each for each, _content in near]


def waiting(asking: Asking, rows: Iterable[Listed]) -> list[Pressing]:
    """What waits on some records: first what this side has to answer, last what awaits closing; the oldest first."""
    waits = [row for row in rows if row.awaits or row.court]
    if not waits:
        return []
    mine, instant = asking.mine, asking.moment.instant
    found = [
        Pressing(wait, row, row.court == mine, to_answer(row, mine)) for row in waits if (wait := wait_of(row, instant))
    ]
    return sorted(found, key=lambda each: (each.wait.why == "answered", not each.to_answer, each.wait.since))


def pressing(asking: Asking, rows: list[Listed]) -> Pressing | None:
    """What goes before all else that waits on some records."""
    return next(iter(waiting(asking, rows)), None)


def spells(view: View, end: datetime | None = None) -> list[Spell]:
    """Whose court from the first act to now, flattened: each day belongs to one side or to no one."""
    end = end or clock.now()
    cuts = [
        (datetime.fromisoformat(each.since), datetime.fromisoformat(each.until) if each.until else end, each)
        for each in courts(view)
    ]
    starts = [cut[0] for cut in cuts] + [datetime.fromisoformat(text.time) for text in view.texts]
    starts += [datetime.fromisoformat(offer.opened) for offer in view.offers]
    if not starts:
        return []
    made: list[Spell] = []
    for left, right in pairwise(sorted({min(starts), end, *(one for cut in cuts for one in cut[:2])})):
        running = [cut[2] for cut in cuts if cut[0] <= left and cut[1] >= right]
        chosen = min(running, key=lambda one: one.why != "offer", default=None)
        side, why = (chosen.side, chosen.why) if chosen else (None, "")
        days, upto = (right - left).days, right.date().isoformat()
        if made and made[-1].side == side:
            made[-1] = msgspec.structs.replace(made[-1], days=made[-1].days + days, end=upto)
        elif days or chosen:
            made.append(Spell(side, left.date().isoformat(), upto, days, why))
    return made


# --- what success means ----------------------------------------------------------------------------------------------


class Stated(msgspec.Struct, frozen=True):
    """A version of a text: its number, when it was stated, by which act."""

    number: int
    time: str
    act: str


class Success(msgspec.Struct, frozen=True):
    """A success definition with what its page shows beside it."""

    content: SuccessDefinition
    pressing: Pressing | None
    court: list[Spell]
    versions: list[Stated]


def success(asking: Asking, row: Listed, content: SuccessDefinition) -> Success:
    """One success definition as it stood."""
    view = asking.acts(row.record)
    versions = [Stated(text.number, text.time, text.act) for text in view.texts if text.number]
    return Success(content, pressing(asking, [row]), spells(view, asking.moment.instant), versions)


def day_of(stored: str | None) -> When | None:
    """A date as contents store it."""
    return When(stored) if stored else None
