"""Success definition: what both sides mean by success of a project, before it is listed."""

from decimal import Decimal
from typing import Any, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import C_, N_
from dtti.programme.face import NAME, Beginning, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import Figure, Line, OfficeRef, ProjectRef, Prose, Row, SideCode, When, is_figure

_WITHOUT_FIGURES = "dtti_1"  # what a side may read that goes by it has no numbered measures and no directions
Direction = Literal["at-least", "at-most"]


class EndUser(Row, frozen=True, kw_only=True):
    """Who will use the result on a side."""

    side: SideCode
    user: Line


class SuccessMeasure(Row, frozen=True, kw_only=True):
    """A measure: its unit, how things stand, what is aimed at, by when, and how it will be shown.

    `number` stays when its words change: readings name the measure by it. `direction`: the target is a figure, and
    success is at least that much or at most; without one the measure is a sentence, of which a reading says yes, partly
    or no. `partly_from`: from this figure on it counts as partly reached.
    """

    name: Line
    number: Line | None = None
    unit: Line | None = None
    baseline: Line | None = None
    target: Line | None = None
    direction: Direction | None = None
    partly_from: Figure | None = None
    by: When | None = None
    shown_by: Prose | None = None

    @property
    def identity(self) -> str:
        """By what readings name it: its number, or its words where it has none."""
        return self.number or self.name

    @property
    def counted(self) -> bool:
        """Whether it is a number, and not a sentence."""
        return self.direction is not None and is_figure(self.target)

    def met(self, value: str, at: str | None = None) -> bool:
        """Whether a figure is at the target or beyond it; `at`: another figure than the target."""
        aim, said = Decimal(at or self.target or ""), Decimal(value)
        return said >= aim if self.direction == "at-least" else said <= aim


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


def _figures(definition: SuccessDefinition, context: Context) -> list[Refusal]:
    """A measure with a direction has a figure to reach, and one that counts as partly lies short of it."""
    found = []
    for place, measure in enumerate(definition.measures):
        at = f"measures.{place}"
        if context.rules == _WITHOUT_FIGURES and (measure.number or measure.direction or measure.partly_from):
            found.append(
                Refusal(
                    "success-measure-rules",
                    f"The measure {measure.name} has a number or a direction, which rule set {context.rules} does not "
                    "have.",
                    "Say it in the notes until both sides have brought the next rule set into force.",
                    f"{at}.direction" if measure.direction else f"{at}.number",
                )
            )
        if measure.direction and not is_figure(measure.target):
            found.append(
                Refusal(
                    "success-measure-figure",
                    f"The target of {measure.name} is at least or at most so much, and is no figure.",
                    "Give the target in figures without its unit, such as 19 or 1.6; or leave the direction out.",
                    f"{at}.target",
                )
            )
        if measure.partly_from and not (measure.counted and not measure.met(measure.partly_from)):
            found.append(
                Refusal(
                    "success-measure-partly",
                    f"What counts as partly reached of {measure.name} is not short of its target.",
                    "Give a figure that lies before the target, and say whether that is at least or at most.",
                    f"{at}.partly_from",
                )
            )
    return found


def _checks(definition: SuccessDefinition, context: Context) -> list[Refusal]:
    found = distinct(
        "success-measures", "Measure", [measure.name for measure in definition.measures], "measures.#.name"
    )
    numbers = [measure.identity for measure in definition.measures]
    found = found or distinct("success-measures", "Measure", numbers, "measures.#.number")
    found += _figures(definition, context)
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
        opens=("measures",),
        begun=3,
        begins=_begins,
        missed=("partial", "failure"),
        called=_called,
        words={
            "direction": N_("Success is"),
            "at-least": N_("at least the target"),
            "at-most": N_("at most the target"),
            "partly_from": N_("Partly reached from"),
        },
    ),
)
