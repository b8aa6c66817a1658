"""Procedure: a version of the Standard Operating Procedure as a text that both sides draft, compare and agree."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.catalogue import translate
from dtti.language.marking import N_
from dtti.programme.face import NAME, Beginning, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Beside, Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.sop.spine import SPINE, Stage
from dtti.programme.sop.versions import LATEST, How, version, versions
from dtti.programme.values import Confidence, Line, Prose, Row, RowName, SideCode, Slug, When

#: How a project may end early, and the kinds of project, as the versions that this software holds know them.
Exit = Literal["not-pursued", "withdrawn", "terminated", "expired", "converted", "superseded"]
Path = Literal["information-exchange", "science-and-technology", "co-development", "co-production", "sale-linked"]
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class ProcedureRow(Row, frozen=True, kw_only=True):
    """A row of the checklist: what a stage asks for before it is entered.

    `id`: what answers of projects name it by, in every version. `how`: where the answer is found. `sides`: asked of
    each of these, once where none is named. `paths`: kinds of project that it is asked of, every kind where none is.
    `unless`: it may be answered that it does not apply, although it may not be waived.
    """

    stage: Stage
    words: Line
    words_hi: Line | None = None
    id: RowName
    by: Line
    how: How
    sides: tuple[SideCode, ...] = ()
    paths: tuple[Path, ...] = ()
    waivable: bool = False
    unless: bool = False
    basis: Prose
    confidence: Confidence


class Procedure(Content, frozen=True, kw_only=True):
    """A version. `follows`: the one that it changes, by the name of one that software holds or by its reference.

    `exits`: how a project may end early. What else a version holds (stages, kinds of project, which records may show a
    row) stays as in the version that it follows.
    """

    title: Line
    follows: Slug
    effective: When | None = None
    basis: Prose
    exits: tuple[Exit, ...] = ()
    rows: tuple[ProcedureRow, ...]


def rows_of(name: str) -> tuple[ProcedureRow, ...]:
    """The rows of a version that this software holds, with the Hindi that its pages show."""
    return tuple(
        ProcedureRow(
            id=row,
            stage=rule.stage,
            words=rule.words,
            words_hi=_hindi(rule.words),
            by=rule.by,
            how=rule.how,
            sides=rule.sides,
            paths=rule.paths,  # type: ignore[arg-type] # a test holds the kinds of project together
            waivable=rule.waivable,
            unless=rule.unless,
            basis=rule.basis,
            confidence=rule.confidence,
        )
        for row, rule in versions()[name].rows.items()
    )


def _hindi(words: str) -> str | None:
    said = translate(words, "hi")
    return said if said != words else None


def arranged(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored or typed content with its rows in the order of the stages, rows of one stage as they stand."""
    rows = stored.get("rows")
    places = {stage: place for place, stage in enumerate(SPINE)}
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return dict(stored)
    return {**stored, "rows": sorted(rows, key=lambda row: places.get(row.get("stage", ""), len(SPINE)))}


def _checks(text: Procedure, context: Context) -> list[Refusal]:
    found = distinct("procedure-rows", "Row", [row.id for row in text.rows], "rows.#.id")
    if not _NAME.match(text.ref):
        found.append(
            Refusal(
                "procedure-name",
                f"{text.ref} is no name by which the text of a project can name a version.",
                "Write small letters, figures and hyphens, such as sop-2.",
                "ref",
            )
        )
    if text.follows == text.ref or not _there(text, context):
        found.append(
            Refusal(
                "procedure-follows",
                f"{text.follows} is no other version of the procedure that is held here.",
                "Name one that is; if the other side has a later one, upgrade first.",
                "follows",
            )
        )
    if not text.rows:
        found.append(Refusal("procedure-rows", "Nothing is asked of a project.", "Give at least one row.", "rows"))
    for place, (row, after) in enumerate(zip(text.rows, text.rows[1:], strict=False), 1):
        if SPINE.index(after.stage) < SPINE.index(row.stage):
            found.append(
                Refusal(
                    "procedure-order",
                    f"The row {after.id} stands after a row of a later stage.",
                    "Put the rows in the order of the stages.",
                    f"rows.{place}.stage",
                )
            )
    for place, row in enumerate(text.rows):
        found += distinct("procedure-rows", "Side", list(row.sides), f"rows.{place}.sides.#")
        found += distinct("procedure-rows", "Kind", list(row.paths), f"rows.{place}.paths.#")
        if row.unless and row.waivable:
            found.append(
                Refusal(
                    "procedure-unless",
                    f"The row {row.id} may be waived, and besides may be answered that it does not apply.",
                    "Say one of the two: what may be waived needs no such answer.",
                    f"rows.{place}.unless",
                )
            )
    return found


def _there(text: Procedure, context: Context) -> bool:
    held = context.exists
    return held is None or text.follows in versions() or held("procedure", text.follows)


def _released(text: Procedure, beside: Beside) -> list[Refusal]:
    """A version that software holds is out, and never changes."""
    if text.ref not in versions():
        return []
    return [
        Refusal(
            "procedure-released",
            f"{text.ref} is a version that is out already, and a version never changes.",
            "Give the next version a name of its own.",
            "ref",
        )
    ]


def numbered(taken: Iterable[str]) -> tuple[str, str]:
    """The reference and the title of the version after those of these names."""
    numbers = [int(each[4:]) for each in taken if re.fullmatch(r"sop-[0-9]{1,4}", each)]
    number = max(numbers, default=0) + 1
    return f"sop-{number}", f"Standard Operating Procedure, version {number}"


def _begins(beginning: Beginning) -> dict[str, Any]:
    """Every row of the version in force, to be changed."""
    held, (ref, title) = version(None).about, numbered(versions())
    return PROCEDURE.write(
        Procedure(
            ref=ref,
            title=title,
            follows=LATEST,
            basis=held.basis,
            exits=held.exits,  # type: ignore[arg-type] # as the kinds of project above
            rows=rows_of(LATEST),
        )
    )


PROCEDURE: Final = Kind(
    code="procedure",
    mode="joint",
    writers="co-chairs of the Group",
    content=Procedure,
    facets=lambda text: facets(text, subtitle=text.follows, on=text.effective, began=None),
    checks=_checks,
    forward=_released,
    face=Face(
        one=N_("version of the procedure"),
        many=N_("Versions of the procedure"),
        address="procedures",
        section="agreed",
        lede=N_(
            "Texts of the Standard Operating Procedure that the two sides draft and agree. An agreed text governs no "
            "project yet: its page says what is left."
        ),
        columns=(
            Column(N_("Version"), NAME, order="title"),
            Column(N_("Changes the version"), field="follows"),
            Column(N_("In use from"), "date", order="earliest"),
            Column(N_("Rows"), of=lambda text, day: len(text.rows), number=True),
            Column(N_("Waits on"), "court"),
        ),
        filters=(("grade", N_("Grade")), ("court", N_("Waits on"))),
        views=((N_("Versions that this software holds"), "procedure"),),
        drafted=("title", "follows", "effective", "rows"),
        folded={"rows": ("stage", "words")},
        arranged=arranged,
        starts="procedure-draft",
        begins=_begins,
        words={
            "follows": N_("Version that it changes"),
            "effective": N_("In use from"),
            "basis": N_("What it rests on"),
            "exits": N_("How a project may end early"),
            "rows": N_("Rows of the checklist"),
            "words": N_("What is asked, in English"),
            "words_hi": N_("What is asked, in Hindi"),
            "id": N_("Short name of the row"),
            "by": N_("Who can answer"),
            "how": N_("Where the answer is found"),
            "sides": N_("Of whom"),
            "paths": N_("Kinds of project"),
            "waivable": N_("Both may agree to go on without it"),
            "unless": N_("It may be answered that it does not apply, although it may not be waived"),
        },
        codes={
            "ProcedureRow.how": {
                "attested": N_("an answer in the text of the project"),
                "nomination": N_("who nominated the project"),
                "needs": N_("a need of that side that the project names"),
                "sponsors": N_("a sponsor of that side that the project names"),
                "continues": N_("the projects that it continues"),
                "framework": N_("terms of reference or an annex that the project names"),
                "transitions": N_("a path into service of that side"),
                "release": N_("the release questions that the project names"),
                "success": N_("the success definition of the project"),
                "statement": N_("a line of a Statement of Intent"),
                "text": N_("the text of its agreement"),
                "signed": N_("the signing of its agreement"),
                "in-force": N_("the coming into force of its agreement"),
                "plan": N_("the plan of the project"),
                "enablers": N_("the agreements that it needs"),
                "outcome": N_("what came of the project"),
                "settled": N_("the closure: what is settled"),
                "lessons": N_("the closure: lessons"),
            }
        },
    ),
)
