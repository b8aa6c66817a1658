"""Measurement: what a side measured of a project's success on a day, or the final assessment by its named office."""

from datetime import date
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Beside, Content, Context, Kind
from dtti.programme.values import (
    AnyLink,
    Figure,
    Line,
    OfficeRef,
    ProjectRef,
    Prose,
    SideCode,
    SuccessDefinitionRef,
    When,
)

from .action_report import Document
from .project import Project
from .success_definition import SuccessDefinition

Answer = Literal["yes", "partly", "no"]
Final_ = Literal["success", "partial", "failure"]


class Measured(Content, frozen=True, kw_only=True):
    """A reading of one measure of a success definition: `of_measure`, its number there, or its words where it has none.

    `value` is what was measured, in `unit`, where the measure is a number; `found` where it is a sentence. `office` is
    who assessed. What shows it is a record (`evidence`), a paper that is none (`document`), or both. `final` is the
    assessment of the whole in place of a reading: only the office that the definition names for the side makes it.
    """

    side: SideCode
    project: ProjectRef
    definition: SuccessDefinitionRef
    of_measure: Line | None = None
    date: When
    value: Figure | None = None
    unit: Line | None = None
    found: Answer | None = None
    final: Final_ | None = None
    office: OfficeRef
    holder: Line | None = None
    evidence: AnyLink | None = None
    document: Document | None = None
    note: Prose | None = None


def _checks(reading: Measured, context: Context) -> list[Refusal]:
    found = []
    if (reading.of_measure is None) == (reading.final is None):
        found.append(
            Refusal(
                "reading-of",
                "It is neither a reading of one measure nor a final assessment.",
                "Choose one measure, or give the final assessment of the whole; not both.",
                "of_measure",
            )
        )
    given = [each for each in (reading.value, reading.found) if each is not None]
    if reading.of_measure is not None and len(given) != 1:
        found.append(
            Refusal(
                "reading-value",
                "It does not say what was found.",
                "Give the figure of a measure that is a number; yes, partly or no for a sentence; not both.",
                "value",
            )
        )
    if reading.final is not None and given:
        found.append(
            Refusal(
                "reading-value",
                "A final assessment holds the figure of a measure.",
                "State the reading of the measure by itself.",
                "value",
            )
        )
    if reading.final is not None and not reading.note:
        found.append(Refusal("reading-why", "The final assessment gives no reasons.", "Say in a sentence why.", "note"))
    if reading.of_measure is not None and not (reading.evidence or reading.document):
        found.append(
            Refusal(
                "reading-shown",
                "Nothing shows what was measured.",
                "Name the record that shows it, or the paper, its number and its holder.",
                "evidence",
            )
        )
    if not reading.office.startswith(f"{reading.side}/"):
        found.append(
            Refusal(
                "reading-office",
                f"It is assessed for {reading.side} by an office of the other side ({reading.office}).",
                "Name the office of that side that assessed it.",
                "office",
            )
        )
    return found


def _ahead(reading: Measured, today: date) -> list[Refusal]:
    first = reading.date.earliest
    if first is None or first <= today:
        return []
    return [
        Refusal(
            "reading-day",
            f"It tells of {reading.date} what was measured, and that day is still to come.",
            "Give a day that has come.",
            "date",
        )
    ]


def against(reading: Measured, definition: SuccessDefinition) -> list[Refusal]:
    """Why a reading counts for nothing beside the definition that both agreed. The same at the doors and on pages."""
    if reading.final is not None:
        named = {each.office for each in definition.assessors if each.side == reading.side}
        if reading.office in named:
            return []
        whose = ", ".join(sorted(named)) or "none"
        return [
            Refusal(
                "reading-assessor",
                f"The final assessment is made by {reading.office}, and the definition names another: {whose}.",
                "The office that the success definition names for that side makes it.",
                "final",
            )
        ]
    measure = next((each for each in definition.measures if each.identity == reading.of_measure), None)
    if measure is None:
        return [
            Refusal(
                "reading-measure",
                f"{reading.of_measure} is no measure of the success definition.",
                "Choose one of its measures.",
                "of_measure",
            )
        ]
    if measure.counted and reading.value is None:
        return [
            Refusal(
                "reading-figure",
                f"The measure {measure.name} is a number, and the reading gives none.",
                "Give the figure that was measured.",
                "value",
            )
        ]
    if not measure.counted and reading.found is None:
        return [
            Refusal(
                "reading-figure",
                f"The measure {measure.name} is a sentence, and the reading does not answer it.",
                "Say yes, partly or no.",
                "found",
            )
        ]
    if measure.counted and (reading.unit or measure.unit) != measure.unit:
        return [
            Refusal(
                "reading-unit",
                f"The measure {measure.name} is in {measure.unit}, and the reading is in {reading.unit}.",
                f"Give it in {measure.unit}.",
                "unit",
            )
        ]
    return []


def _forward(reading: Measured, beside: Beside) -> list[Refusal]:
    found = beside.held("success_definition", reading.definition)
    if found is None or not isinstance(found[0], SuccessDefinition):
        return []  # that there is none at all is said of the link
    definition = found[0]
    stands = against(reading, definition)
    if reading.final is not None and beside.office and reading.office != beside.office:
        stands.append(
            Refusal(
                "reading-assessor",
                f"The final assessment is put in the name of {reading.office} by another office.",
                "The office that the success definition names for that side states it itself.",
                "final",
            )
        )
    if reading.final == "success" and not definition.conversion_counts:
        project = beside.held("project", definition.project)
        outcome = project[0].outcome if project and isinstance(project[0], Project) else None
        if outcome is not None and outcome.code == CONVERTED:
            stands.append(
                Refusal(
                    "reading-conversion",
                    "The project was converted to a purchase, which the success definition does not count as success.",
                    "Assess it as partial or as failure, or have both agree a definition that counts a conversion.",
                    "final",
                )
            )
    return stands


#: What came of a project that ended in a purchase in place of cooperation.
CONVERTED: Final = "converted"


def _called(row: Columns) -> Called | None:
    what, _at, day = row.title.rpartition(", ")
    if row.category == "final":
        return Called(N_("Final assessment of %(project)s, %(date)s"), {"project": f"project:{row.project}"},
                      {"date": day})  # fmt: skip
    return Called(N_("%(project)s: reading of “%(measure)s”, %(date)s"), {"project": f"project:{row.project}"},
                  {"measure": what, "date": day})  # fmt: skip


MEASUREMENT: Final = Kind(
    code="measurement",
    mode="own",
    writers="the office that measures; the office named for the final assessment",
    content=Measured,
    facets=lambda reading: facets(
        reading,
        f"{reading.of_measure or reading.final}, {reading.date}",
        subtitle=reading.value or reading.found or reading.final or "",
        category="final" if reading.final else "reading",
        status=reading.found or reading.final or "",
        about=reading.side,
        project=reading.project,
        on=reading.date,
    ),
    checks=_checks,
    ahead=_ahead,
    forward=_forward,
    of_author=True,
    face=Face(
        one=N_("reading of a measure"),
        many=N_("Readings of measures"),
        address="readings",
        section="work",
        place=2,
        lede=N_("What each side measured of a project's success, and what shows it. National until released."),
        columns=(
            Column(N_("Reading"), "name"),
            Column(N_("On"), "date", order="earliest"),
            Column(N_("Side"), "about"),
            Column(N_("Measured"), field=("value", "found", "final")),
            Column(N_("Unit"), field="unit", blank=True),
            Column(N_("Assessed by"), field="office"),
        ),
        filters=(("project", N_("Project")), ("about", N_("Side")), ("category", N_("What it is"))),
        order="earliest",
        descending=True,
        years=True,
        begins=lambda beginning: (
            {"side": beginning.side} | ({"project": beginning.project} if beginning.project else {})
        ),
        called=_called,
        words={
            "of_measure": N_("Measure"),
            "found": N_("Is it so?"),
            "partly": N_("partly"),
            "final": N_("Final assessment"),
            "reading": N_("reading"),
            "definition": N_("Success definition"),
            "success": N_("success"),
            "partial": N_("partial success"),
            "failure": N_("failure"),
        },
    ),
)
