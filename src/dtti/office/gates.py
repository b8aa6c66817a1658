"""The checklist of a project under the SOP: every row as it stands, for page, JSON, command and paper alike."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.language.catalogue import translate
from dtti.node.record import desks, flags, lookups, read
from dtti.node.record.read import Listed
from dtti.programme import walk
from dtti.programme.kind import Content, Held
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.closure import CLOSURE
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.kinds.release_question import RELEASE_QUESTION
from dtti.programme.reports.records import Reading
from dtti.programme.sop import checklist as interpreter
from dtti.programme.sop import evidence
from dtti.programme.sop.checklist import State
from dtti.programme.sop.evidence import Said
from dtti.programme.sop.spine import SPINE, Stage
from dtti.programme.sop.versions import Procedure, Rule, versions

from . import reports
from .asking import Asking
from .drawn import drawn, watched

__all__ = ["PROJECT", "SPINE", "Project", "Rule", "Said"]


class ForSide(msgspec.Struct, frozen=True):
    """How a row stands for a side (empty: asked once). `why`: a sentence of the SOP; `evidence`: records as links.

    `office`, `reason` and `authority`: who answered, why both go on without it, on what authority; `registry`: the
    number under which the evidence is held elsewhere, and its holder. `on` and `until`: from when to when it is good.
    `conditions`: on which it is met, word for word. `says`: what the project's own text says, where that shows it.
    """

    side: str
    state: State
    why: str
    evidence: list[str]
    office: str | None = None
    reason: str | None = None
    authority: str | None = None
    registry: str | None = None
    on: str | None = None
    until: str | None = None
    conditions: list[str] = []
    says: list[Said] = []

    @property
    def links(self) -> list[str]:
        """The records that show it, and the office that answered."""
        return [*self.evidence, *([f"office:{self.office}"] if self.office else [])]


class Gate(msgspec.Struct, frozen=True):
    """A row of the checklist: what it asks, in both languages, who can answer it, how it stands, what shows it (links).

    `basis`, `source`, `version`, `confidence`: on what the rule itself rests.
    """

    id: str
    stage: Stage
    words: str
    words_hi: str
    who: str
    state: State
    evidence: list[str]
    sides: list[ForSide]
    waivable: bool
    basis: str
    source: str
    version: str
    confidence: str


class Flagged(msgspec.Struct, frozen=True):
    """A row of a stage that both entered, whose evidence has changed since: how, by which act, and which act showed it.

    It stays as judged. `evidence`: the record that showed it, where the reader sees it.
    """

    stage: Stage
    row: str
    words: str
    side: str
    how: flags.How
    evidence: str
    shown_by: str
    by: str


class Gates(msgspec.Struct, frozen=True):
    """The checklist of a project. `named`: whether its text names the version under which it is shown.

    `path`: its kind, which decides what is asked; None asks everything. `stage`: the last one entered; `next`: the one
    after it. `on`: the day as of which it is said. `early`: stages entered before the version was in use, and when;
    they are asked all the same, since that is the version by which the project is shown.
    """

    project: str
    record: str
    version: str
    title: str
    named: bool
    effective: str
    basis: str
    sources: list[str]
    confidence: str
    path: str | None
    stage: Stage | None
    next: Stage | None
    on: str
    rows: list[Gate]
    flagged: list[Flagged]
    early: dict[Stage, str] = {}

    @property
    def pressing(self) -> list[Gate]:
        """What is asked next: the rows of the next stage, and before them what entered stages left unanswered."""
        behind = SPINE.index(self.stage) if self.stage else -1
        left = [row for row in self.rows if SPINE.index(row.stage) <= behind and row.state in ("open", "unknown")]
        return [*left, *(row for row in self.rows if row.stage == self.next)]

    @property
    def links(self) -> list[str]:
        """The records that show something or did, and the offices that answered."""
        shown = [link for row in self.rows for each in row.sides for link in each.links]
        return [*shown, *(each.evidence for each in self.flagged if each.evidence)]


def project_named(asking: Asking, name: str) -> tuple[Listed, Project]:
    """The project of that code or reference that the reader sees, with its text; Refused where there is none."""
    state = asking.held(name, PROJECT.code)
    if state is None:
        raise Refused(
            refuse(
                "gates-project",
                f"there is no project {name[:80]!r} here whose text can be read",
                "Give the code or the reference of a project that you may see.",
            )
        )
    return state[0], PROJECT.read(state[1])


def stages_named(name: str | None) -> Sequence[Stage]:
    """The stage of that name alone, every stage where none is named; Refused where there is no such stage."""
    found = [each for each in SPINE if name is None or each == name.strip().casefold()]
    if not found:
        raise Refused(
            refuse(
                "gates-stage",
                f"{(name or '')[:40]!r} is no stage of a project",
                f"Name one of these: {', '.join(SPINE)}.",
            )
        )
    return found


def procedures() -> list[Procedure]:
    """Every version of the SOP that this software holds."""
    return list(versions().values())


def gates(asking: Asking, row: Listed, project: Project, stages: Sequence[Stage] = SPINE) -> Gates:
    """The rows that `stages` ask of a project, as they stood on the day and as known at the moment asked for."""
    procedure, on = interpreter.procedure_of(project), asking.moment.today
    about = procedure.about
    stage = interpreter.entered(project, on)
    rows = interpreter.checklist(project, _held(asking, project), stages, on=on, published=row.grade == "published")
    rows = pointed(asking, project, rows)
    return Gates(
        project.ref,
        row.record,
        about.version,
        about.title,
        project.sop == about.version,
        about.effective,
        about.basis,
        list(about.sources),
        about.confidence,
        project.kind,
        stage,
        interpreter.following(stage),
        on.isoformat(),
        [gate(each, procedure) for each in rows],
        _flagged(asking, row.record, procedure),
        {each.stage: day for each in project.stages if (day := str(each.entered)) < about.effective[: len(day)]},
    )


def pointed(asking: Asking, project: Project, rows: list[interpreter.Row]) -> list[interpreter.Row]:
    """The rows, with the Statements of Intent that name a project whose own text names none; none is met by that."""
    if not any(row.rule.how == "statement" and _absent(row) for row in rows):
        return rows
    bound, kinds = asking.moment.bound, (INSTRUMENT.code,)
    near = lookups.pointing(asking.node, asking.viewer, PROJECT.code, project.ref, bound, among=kinds)
    links = tuple(
        f"{row.kind}:{row.ref}"
        for row, content in near
        if isinstance(content, Instrument)
        and row.grade in ("agreed_here", "on_paper", "published")
        and any(line.project == project.ref for line in content.lines)
    )
    if not links:
        return rows
    return [_naming(row, links) if row.rule.how == "statement" and _absent(row) else row for row in rows]


def _absent(row: interpreter.Row) -> bool:
    return any(each.why == "absent" for each in row.asked)


def _naming(row: interpreter.Row, links: tuple[str, ...]) -> interpreter.Row:
    asked = (
        msgspec.structs.replace(each, why="statement-names", evidence=links) if each.why == "absent" else each
        for each in row.asked
    )
    return msgspec.structs.replace(row, asked=tuple(asked))


def _flagged(asking: Asking, record: str, procedure: Procedure) -> list[Flagged]:
    """What has changed since under the stages that both entered, as it is now; nothing of the past, nor for all."""
    if not asking.moment.now or asking.viewer.public:
        return []
    node = asking.node
    found = flags.flags(node.store, node.book.view(record), node.book.view_held)
    rows = desks.rows_of(node, asking.viewer, [each.evidence for each in found], asking.moment.bound.acts)
    return [
        Flagged(
            one.stage,
            one.row,
            procedure.rows[one.row].words if one.row in procedure.rows else one.row,
            one.side,
            one.how,
            f"{rows[one.evidence].kind}:{rows[one.evidence].ref}" if one.evidence in rows else "",
            one.shown_by,
            one.by,
        )
        for one in found
        if one.stage in SPINE
    ]


def on_page(asking: Asking, row: Listed, project: Project) -> Gates:
    """The rows that every stage asks of a project, for its page, which does not say of which day that is."""
    if asking.moment.now and watched():
        return _on_page(asking, row.record)
    return asking.kept("gates", row.record, answer=lambda: gates(asking, row, project))


@drawn("project-gates")
def _on_page(asking: Asking, record: str) -> Gates:
    state = read.state(asking.node, asking.viewer, record, asking.moment.bound)
    assert state is not None  # noqa: S101 - whoever asks has just read it
    project = PROJECT.read(state[1])
    return msgspec.structs.replace(gates(asking, state[0], project), on="")


def gate(row: interpreter.Row, procedure: Procedure) -> Gate:
    """A row as pages and commands take it."""
    rule = row.rule
    return Gate(
        row.name,
        rule.stage,
        rule.words,
        translate(rule.words, "hi"),
        rule.by,
        row.state,
        list(dict.fromkeys(link for each in row.asked for link in each.evidence)),
        [_for_side(each) for each in row.asked],
        rule.waivable,
        rule.basis,
        procedure.about.title,
        procedure.about.version,
        rule.confidence,
    )


def says(one: Said) -> str:
    """What the field in which a project's text says something is called there; a message of the catalogue."""
    return evidence.SAYS[one.field]


def _for_side(asked: interpreter.Asked) -> ForSide:
    answer = asked.answer
    said = evidence.WORDS[asked.why]
    if answer is None:
        return ForSide(
            asked.side,
            asked.state,
            said,
            list(asked.evidence),
            conditions=list(asked.conditions),
            says=list(asked.says),
        )
    return ForSide(
        asked.side,
        asked.state,
        said,
        list(asked.evidence),
        answer.office,
        answer.why,
        answer.authority,
        answer.registry,
        str(answer.on),
        str(answer.until) if answer.until else None,
    )


def _held(asking: Asking, project: Project) -> Held:
    """The records beside a project as the reader sees them, at the moment asked for; of several the one that speaks.

    Of release questions those alone that were released: what both sides act on rests on nothing that one keeps inside.
    """
    links = [*walk.links(project), f"{CLOSURE.code}:{project.ref}"]
    reading = Reading(reports.of_links(asking, links))
    viewer = msgspec.structs.replace(asking.viewer, national=False, groups=())
    questions = [each for each in links if each.startswith(f"{RELEASE_QUESTION.code}:")]
    told = Reading(reports.of_links(msgspec.structs.replace(asking, viewer=viewer), questions))

    def held(kind: str, ref: str) -> tuple[Content, str] | None:
        found = (told if kind == RELEASE_QUESTION.code else reading).get(KINDS[kind], ref)
        return (found.content, found.grade) if found else None

    return held
