"""National step: how far a side is with one step of its own procedure on a project. Its own until it is released."""

from datetime import date
from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.delays import Delay
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.lanes.versions import lane, of_side, words
from dtti.programme.order import not_after
from dtti.programme.values import Line, OfficeRef, ProjectRef, Prose, Row, SideCode, Slug, When

State = Literal["done", "not-needed", "under-way", "ahead"]


class Awaited(Row, frozen=True, kw_only=True):
    """A step, of either side, that this one waits for."""

    side: SideCode
    step: Slug


class Delayed(Row, frozen=True, kw_only=True):
    """Why it takes longer, since when. A side's own until it releases it."""

    reason: Delay
    since: When | None = None
    note: Prose | None = None


class NationalStep(Content, frozen=True, kw_only=True):
    """One step of the version `rules` on a project: when it started, was done or is expected; until when it is good.

    `office`: which acts. `silent`: it is done because nobody objected in time, which moves nothing outside its side.
    `not_needed`: why it is left out. `file_number`: the side's own.
    """

    side: SideCode
    project: ProjectRef
    rules: Slug
    step: Slug
    office: OfficeRef | None = None
    started: When | None = None
    done: When | None = None
    silent: bool = False
    expected: When | None = None
    until: When | None = None
    not_needed: Prose | None = None
    awaits: tuple[Awaited, ...] = ()
    delays: tuple[Delayed, ...] = ()
    text: Prose | None = None
    file_number: Line | None = None

    @property
    def state(self) -> State:
        """How far it is, as its dates say."""
        if self.not_needed:
            return "not-needed"
        if self.done:
            return "done"
        return "under-way" if self.started else "ahead"


def _checks(step: NationalStep, context: Context) -> list[Refusal]:
    held = lane(step.rules)
    if held is None or held.about.side != step.side or step.step not in held.steps:
        return [
            Refusal(
                "step-of-rules",
                f"This is no step of a procedure of that side that is held here: {words().get(step.step, step.step)}.",
                "Choose a step of the procedure under which the case runs.",
                "step",
            )
        ]
    found = not_after("step-dates", "It started", step.started, "it was done", step.done, "done")
    found += not_after("step-dates", "It was done", step.done, "its last day", step.until, "until")
    if not (step.started or step.done or step.expected or step.not_needed):
        found.append(
            Refusal(
                "step-said",
                "It does not say how far the step is.",
                "Give the day on which it started, was done or is expected, or say why it is not needed.",
                "done",
            )
        )
    if step.not_needed and (step.done or step.expected):
        found.append(
            Refusal(
                "step-said",
                "It is said not to be needed, and to be done or expected.",
                "Say one of the two.",
                "not_needed",
            )
        )
    if (step.until or step.silent) and not step.done:
        found.append(
            Refusal(
                "step-done",
                "It is good until a day, or taken as done by silence, and is not done.",
                "Give the day on which it was done, or leave the other answer out.",
                "done",
            )
        )
    if step.office and not step.office.startswith(f"{step.side}/"):
        found.append(
            Refusal(
                "step-office",
                f"An office of the other side is named ({step.office}).",
                "Name the office of this side that acts.",
                "office",
            )
        )
    for place, each in enumerate(step.awaits):
        if not any(each.step in one.steps for one in of_side(each.side)) or (each.side, each.step) == (
            step.side,
            step.step,
        ):
            found.append(
                Refusal(
                    "step-awaits",
                    f"It waits for what is no other step of that side: {words().get(each.step, each.step)}.",
                    "Choose a step of that side's procedures.",
                    f"awaits.{place}.step",
                )
            )
    return found + _same(step, context.previous)


def _same(step: NationalStep, before: Content | None) -> list[Refusal]:
    if not isinstance(before, NationalStep):
        return []
    if (step.project, step.step) != (before.project, before.step):
        return [
            Refusal(
                "step-same",
                "It was another step, or of another project.",
                "Record that one by itself.",
                "step",
            )
        ]
    if step.rules != before.rules:
        return [
            Refusal(
                "case-rules-kept",
                f"The case began under other rules: {words().get(before.rules, before.rules)}.",
                "A case stays under the rules with which it began: close it, and begin one under the others.",
                "rules",
            )
        ]
    return []


def _ahead(step: NationalStep, today: date) -> list[Refusal]:
    """A day told as past that is still to come."""
    return [
        Refusal(
            "step-ahead",
            f"It tells of {when} as past, and that day is still to come or is not known.",
            "Give a day that has come; what is still to come is expected.",
            name,
        )
        for name, when in (("started", step.started), ("done", step.done))
        if when and (when.earliest is None or when.earliest > today)
    ]


def _facets(step: NationalStep) -> Facets:
    title = words().get(step.step, step.step)
    return facets(
        step,
        f"{step.project}: {title}",
        subtitle=step.file_number,
        category=step.step,
        status=step.state,
        about=step.side,
        on=step.done or step.started or step.expected,
        began=None,
        due=step.expected.latest if step.expected and step.state in ("under-way", "ahead") else None,
    )


def _called(row: Columns) -> Called | None:
    return Called(N_("%(project)s: %(step)s"), {"project": f"project:{row.project}"}, codes={"step": row.category})


NATIONAL_STEP = Kind(
    code="national_step",
    mode="own",
    writers="the office that the procedure names; lane recorder",
    content=NationalStep,
    facets=_facets,
    checks=_checks,
    ahead=_ahead,
    of_author=True,
    inside=True,
    apart=("delays", "notes"),
    withheld=("file_number",),
    face=Face(
        one=N_("national step"),
        many=N_("National steps"),
        address="national-steps",
        section="work",
        place=5,
        lede=N_(
            "The steps of each side's own procedure on its projects. They are a side's own until it releases them."
        ),
        columns=(
            Column(N_("National step"), NAME, order="title"),
            Column(N_("Side"), "about"),
            Column(N_("State"), "status", order="status"),
            Column(N_("Started"), field="started", blank=True),
            Column(N_("Done on"), field="done", blank=True),
            Column(N_("Expected"), field="expected", blank=True),
            Column(N_("Good until"), field="until", blank=True),
        ),
        filters=(
            ("project", N_("Project")),
            ("about", N_("Side")),
            ("status", N_("State")),
            ("category", N_("National step")),
        ),
        order="earliest",
        descending=True,
        starts="step-new",
        form="step-draft",
        called=_called,
        words={
            "rules": N_("Procedure"),
            "started": N_("Started"),
            "expected": N_("Expected"),
            "silent": N_("Done by silence"),
            "not_needed": N_("Why it is not needed"),
            "awaits": N_("Waits for"),
            "delays": N_("Why it takes longer"),
            "under-way": N_("under way"),
            "ahead": N_("still to come"),
            "not-needed": N_("not needed"),
        },
    ),
)
