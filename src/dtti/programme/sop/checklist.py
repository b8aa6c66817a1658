"""What each stage of the SOP asks of a project, and what of it the record holds: the one interpreter. Pure.

A row is *met*, *waived* or *not applicable* where a fact of the record or an answer in the project's text says so,
*open* where neither does, and *unknown* in a record compiled from public sources, whose silence says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from dtti.accord.refusal import Refusal
from dtti.language.names import side_named
from dtti.programme.kind import Held, Move, Stood
from dtti.programme.kinds.project import Answer, Project, StageEntry

from . import evidence
from .evidence import Said
from .spine import SPINE, WORDS, Stage
from .versions import Procedure, Rule, version

State = Literal["met", "waived", "not-applicable", "open", "unknown"]
_WORST: tuple[State, ...] = ("open", "unknown", "waived", "met", "not-applicable")


class Asked(msgspec.Struct, frozen=True):
    """A row for one side, or for both at once (`side` empty): its state, why, and the records that show it (links).

    `conditions`: on which it is met, word for word. `says`: what the project's own text says, where that shows it.
    """

    side: str
    state: State
    why: evidence.Why
    evidence: tuple[str, ...]
    answer: Answer | None
    conditions: tuple[str, ...] = ()
    says: tuple[Said, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """A row of the checklist as it stands: the rule, and how it stands for each side of which it is asked."""

    name: str
    rule: Rule
    asked: tuple[Asked, ...]

    @property
    def state(self) -> State:
        """The state of the row as a whole: that of the side which is furthest from meeting it."""
        return min((each.state for each in self.asked), key=_WORST.index)

    @property
    def lacks(self) -> list[str]:
        """The sides of which it is asked and which do not answer it yet."""
        return [each.side for each in self.asked if each.side and each.state in ("open", "unknown")]


def procedure_of(project: Project) -> Procedure:
    """The version of the SOP under which a project is shown: the one it names, else the latest."""
    return version(project.sop)


def entered(project: Project, on: date | None = None) -> Stage | None:
    """The last stage that a project had entered by the end of a day, as its text says; None where it says none."""
    by_then = [each.stage for each in project.stages if evidence.by(each.entered, on)]
    return by_then[-1] if by_then else None


def following(stage: Stage | None) -> Stage | None:
    """The stage after one; None after the last."""
    place = SPINE.index(stage) + 1 if stage else 0
    return SPINE[place] if place < len(SPINE) else None


def checklist(
    project: Project, held: Held, stages: Sequence[Stage] = SPINE, *, on: date | None = None, published: bool = False
) -> list[Row]:
    """The rows that `stages` ask of a project, as they stood by the end of `on` (None: as they stand).

    `published`: its text was compiled from public sources, so that what is not found is unknown, not open.
    """
    procedure = procedure_of(project)
    return [
        Row(name, rule, tuple(_asked(project, name, rule, held, on, published)))
        for stage in stages
        for name, rule in procedure.of_stage(stage, project.kind).items()
    ]


def _asked(project: Project, name: str, rule: Rule, held: Held, on: date | None, published: bool) -> Iterator[Asked]:
    for side in rule.sides or ("",):
        found = evidence.look(rule.how, project, side, held, on)
        answer, late = _answer(project, name, side, on)
        if found.met and not (published and found.why == "none-named"):
            how: evidence.Why = "said-public" if published and found.why == "said" else found.why
            yield Asked(side, found.state, how, found.links, None, found.conditions, found.says)
        elif answer is not None and not (answer.state == "met" and found.why in evidence.AGAINST):
            yield Asked(side, answer.state, "answered", evidence.links_of(answer), answer)
        else:
            why: evidence.Why = "expired" if late and found.why not in evidence.AGAINST else found.why
            yield Asked(side, "unknown" if published else "open", why, found.links, late)


def _answer(project: Project, name: str, side: str, on: date | None) -> tuple[Answer | None, Answer | None]:
    """The answer that is good on a day, and failing that the last one which is good no more."""
    to_it = [each for each in project.checklist if each.row == name and (each.side or "") == side]
    given = [each for each in to_it if evidence.by(each.on, on)]
    good = [each for each in given if each.until is None or not evidence.past(each.until, on)]
    return (good[-1] if good else None), (given[-1] if given and not good else None)


def anew(project: Project, before: Project | None) -> list[StageEntry]:
    """The stages that a text enters, and the text that both hold had not entered on that day."""
    behind = {(each.stage, each.entered) for each in before.stages} if before else set()
    return [each for each in project.stages if (each.stage, each.entered) not in behind]


def asked_by(project: Project, entry: StageEntry, held: Held | None = None) -> list[Stage]:
    """The stages whose rows are asked when one is entered: itself, and those since the stage before it.

    A project that ends early may be closed from any stage: of it those between are not asked. That it ended so its own
    text says, or a closure that both agreed.
    """
    place = SPINE.index(entry.stage)
    earlier = [SPINE.index(each.stage) for each in project.stages if SPINE.index(each.stage) < place]
    first = max(earlier, default=-1) + 1
    closure = evidence.agreed_closure(project, held) if held else None
    outcome = closure.ending if closure else project.outcome.code if project.outcome else ""
    if outcome in procedure_of(project).about.exits and place >= SPINE.index("closing"):
        first = max(first, SPINE.index("closing"))
    return list(SPINE[first : place + 1])


def gate(project: Project, before: Project | None, held: Held) -> list[Refusal]:
    """What stands against a text by which a project goes further: the rows of each stage that it enters anew.

    Nothing where no stage is entered. Asked at the doors where one side binds itself; a waiver that both agree to is an
    answer like another.
    """
    entering, dropped = anew(project, before), _dropped(project, before)
    if not entering:
        return dropped
    if project.sop is None:
        return [
            Refusal(
                "sop-gate",
                "The project enters a stage, and its text names no version of the SOP.",
                "Name the version under which the project runs: it says what each stage asks for.",
                "sop",
            )
        ]
    found = dropped
    if evidence.agreed_closure(project, held):
        found += [_closed(entry) for entry in entering if entry.stage not in ("closing", "closed")]
    for entry in entering:
        for row in checklist(project, held, asked_by(project, entry, held), on=entry.entered.latest):
            found += [missing(row.rule.stage, row, each) for each in row.asked if each.state == "open"]
    return found


def move(project: Project, before: Project | None, held: Held) -> Move | None:
    """The move along the stages that a text makes once agreed; None where it makes none, or a row is still open."""
    behind = [each.stage for each in before.stages] if before else []
    since = behind[-1] if behind else None
    stage = project.stages[-1].stage if project.stages else None
    if stage is None or project.sop is None or (since and SPINE.index(stage) <= SPINE.index(since)):
        return None
    rows: list[Stood] = []
    for entry in anew(project, before):
        asked = [each for each in asked_by(project, entry) if each not in behind and (not since or _after(each, since))]
        for row in checklist(project, held, asked, on=entry.entered.latest):
            for each in row.asked:
                if each.state == "open" or each.state == "unknown":
                    return None
                office = each.answer.office if each.answer else None
                rows.append(Stood(row.name, each.side, each.state, each.evidence, office))
    procedure = procedure_of(project)
    outcome = project.outcome.code if project.outcome else ""
    ends = outcome if outcome in procedure.about.exits else None
    return Move(project.sop, project.kind, since, stage, ends, tuple(rows))


def _after(stage: Stage, other: Stage) -> bool:
    return SPINE.index(stage) > SPINE.index(other)


def _closed(entry: StageEntry) -> Refusal:
    """What stands against taking a project further of which both agreed how it ended."""
    return Refusal(
        "sop-closed",
        f"Both sides have agreed a closure of the project, and it enters the stage “{WORDS[entry.stage]}”.",
        "Begin a project that continues it; or agree another closure first.",
        "stages",
    )


def _dropped(project: Project, before: Project | None) -> list[Refusal]:
    """What stands against a text that no longer says on what a stage was entered."""
    kept = {(each.row, each.side) for each in project.checklist}
    gone = [each for each in before.checklist if (each.row, each.side) not in kept] if before else []
    rows = procedure_of(project).rows
    unasked = [each for each in before.release_questions if each not in project.release_questions] if before else []
    return [
        *(
            Refusal(
                "sop-gate",
                f"A release question on which a stage was entered is taken away: {each}.",
                "Keep it; a further question, or a further answer to it, stands beside it.",
                "release_questions",
            )
            for each in unasked
        ),
        *_answers_gone(gone, rows),
    ]


def _answers_gone(gone: Sequence[Answer], rows: Mapping[str, Rule]) -> list[Refusal]:
    return [
        Refusal(
            "sop-gate",
            f"An answer on which a stage was entered is taken away: {rows[each.row].words}.",
            "Keep it; what has changed since is a further answer, of a later day.",
            "checklist",
        )
        for each in gone
        if each.row in rows
    ]


def missing(stage: Stage, row: Row, asked: Asked) -> Refusal:
    """What stands against entering a stage while a row is open for a side."""
    words, by, why, entering = row.rule.words, row.rule.by, evidence.WORDS[asked.why], WORDS[stage]
    who, field = side_named(asked.side or "both", "en", inside=True), evidence.FIELDS.get(row.rule.how, "checklist")
    if row.rule.waivable:
        return Refusal(
            "sop-gate",
            f"Entering the stage “{entering}” asks for this: {words} ({who}). {why}",
            f"{by} can answer it; or both agree, in the checklist, to go on without it: who, why, on what authority.",
            field,
        )
    return Refusal(
        "sop-gate",
        f"Entering the stage “{entering}” asks for this: {words} ({who}). {why}",
        f"{by} can answer it; it may not be waived.",
        field,
    )
