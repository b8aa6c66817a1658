"""Success definition: what both sides mean by success of a project, before it is listed."""

from typing import Any

from dtti.accord.refusal import Refusal
from dtti.language.marking import C_, N_
from dtti.programme.face import NAME, Beginning, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import Line, OfficeRef, ProjectRef, Prose, Row, SideCode, When


class EndUser(Row, frozen=True, kw_only=True):
    """Who will use the result on a side."""

    side: SideCode
    user: Line


class SuccessMeasure(Row, frozen=True, kw_only=True):
    """A measure: its unit, how things stand, what is aimed at, by when, and how it will be shown."""

    name: Line
    unit: Line | None = None
    baseline: Line | None = None
    target: Line | None = None
    by: When | None = None
    shown_by: Prose | None = None


class Assessor(Row, frozen=True, kw_only=True):
    """The office that judges for a side."""

    side: SideCode
    office: OfficeRef


class SuccessDefinition(Content, frozen=True, kw_only=True):
    """The definition; `partial` and `failure`: what counts as such. A conversion to a sale counts if it says so."""

    project: ProjectRef
    problem: Prose
    end_users: tuple[EndUser, ...] = ()
    measures: tuple[SuccessMeasure, ...] = ()
    partial: Prose | None = None
    failure: Prose | None = None
    assessors: tuple[Assessor, ...] = ()
    conversion_counts: bool = False


def _facets(definition: SuccessDefinition) -> Facets:
    dates = [measure.by for measure in definition.measures if measure.by and measure.by.latest]
    last = max(dates, key=lambda by: by.latest or by.earliest or 0, default=None)
    return facets(definition, f"Success of {definition.project}", on=last, began=None)


def _checks(definition: SuccessDefinition, context: Context) -> list[Refusal]:
    found = distinct(
        "success-measures", "Measure", [measure.name for measure in definition.measures], "measures.#.name"
    )
    if not definition.measures:
        found.append(Refusal("success-measures", "Nothing is measured.", "Give at least one measure.", "measures"))
    for place, measure in enumerate(definition.measures):
        lacking = [
            word
            for word, value in (
                (C_("refusal", "a unit"), measure.unit),
                (C_("refusal", "a baseline"), measure.baseline),
                (C_("refusal", "a target"), measure.target),
                (C_("refusal", "a date"), measure.by),
                (C_("refusal", "how it is shown"), measure.shown_by),
            )
            if value is None
        ]
        if lacking:
            found.append(
                Refusal(
                    "success-measure-whole",
                    f"The measure {measure.name} lacks {', '.join(lacking)}.",
                    "Say it, in words where no figure is known yet (for a baseline: not measured).",
                    f"measures.{place}",
                )
            )
    for rule, field, what, sides in (
        ("success-users", "end_users", C_("refusal", "end user"), {user.side for user in definition.end_users}),
        (
            "success-assessors",
            "assessors",
            C_("refusal", "assessor"),
            {assessor.side for assessor in definition.assessors},
        ),
    ):
        found += [
            Refusal(rule, f"No {what} is named for {side}.", f"Name an {what} on each side.", field)
            for side in ("IND", "USA")
            if side not in sides
        ]
    for place, assessor in enumerate(definition.assessors):
        if not assessor.office.startswith(f"{assessor.side}/"):
            found.append(
                Refusal(
                    "success-assessors",
                    f"{assessor.office} is not of {assessor.side}.",
                    "Name an office of that side.",
                    f"assessors.{place}.office",
                )
            )
    for field, word, text in (
        ("partial", C_("refusal", "partial success"), definition.partial),
        ("failure", C_("refusal", "failure"), definition.failure),
    ):
        if text is None:
            found.append(
                Refusal("success-bounds", f"Nothing says what counts as {word}.", "Say it in a sentence.", field)
            )
    return found


def _called(row: Columns) -> Called | None:
    return Called(N_("Success of %(project)s"), {"project": f"project:{row.project}"}) if row.project else None


def _begins(beginning: Beginning) -> dict[str, Any]:
    both = [{"side": side} for side in beginning.sides]
    return {"end_users": both, "assessors": both} | ({"project": beginning.project} if beginning.project else {})


SUCCESS_DEFINITION = Kind(
    code="success_definition",
    mode="joint",
    writers="working-group co-chairs",
    content=SuccessDefinition,
    facets=_facets,
    checks=_checks,
    face=Face(
        one=N_("success definition"),
        many=N_("Success definitions"),
        address="success",
        section="work",
        place=2,
        lede=N_("What both sides mean by success of a project, agreed before it is listed."),
        columns=(
            Column(N_("Success definition"), NAME),
            Column(N_("Project"), "project"),
            Column(N_("Last date aimed at"), "date", order="latest"),
            Column(N_("Waits on"), "court"),
        ),
        filters=(("project", N_("Project")), ("grade", N_("Grade")), ("court", N_("Waits on"))),
        drafted=(
            *("ref", "project", "problem", "end_users", "measures", "partial", "failure", "assessors"),
            "conversion_counts",
        ),
        begun=3,
        begins=_begins,
        missed=("partial", "failure"),
        called=_called,
    ),
)
