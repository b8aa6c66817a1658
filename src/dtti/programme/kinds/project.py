"""Project: what the two sides set out to do together: its names, stage, statements in time, agreements and outcome."""

from typing import Final, Literal, get_args

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import GRADE, NAME, Column, Face
from dtti.programme.facets import Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct, not_after
from dtti.programme.values import (
    BodyRef,
    Cite,
    ConstraintRef,
    FileNumber,
    InstrumentRef,
    Line,
    Money,
    NeedRef,
    OfficeRef,
    ProjectRef,
    Prose,
    Row,
    Share,
    SideCode,
    Slug,
    SuccessDefinitionRef,
    When,
)

Horizon = Literal["near", "mid", "long"]
Stage = Literal[
    "proposed",
    "screened",
    "exploring",
    "endorsed",
    "listed",
    "authorised",
    "negotiating",
    "text-agreed",
    "cleared",
    "signed",
    "in-effect",
    "executing",
    "closing",
    "closed",
]
ShownStage = Literal["identify", "shape", "commit", "negotiate", "approve-and-sign", "execute", "close"]
#: The seven stages shown on pages, and the stage of the spine at which each begins.
SHOWN_STAGES: Final[tuple[tuple[ShownStage, Stage], ...]] = (
    ("identify", "proposed"),
    ("shape", "exploring"),
    ("commit", "listed"),
    ("negotiate", "authorised"),
    ("approve-and-sign", "cleared"),
    ("execute", "in-effect"),
    ("close", "closing"),
)


class Sponsor(Row, frozen=True, kw_only=True):
    """Who on a side wants it and speaks for it."""

    side: SideCode
    organisation: Line
    office: OfficeRef | None = None
    cite: Cite | None = None


class Transition(Row, frozen=True, kw_only=True):
    """How a side means to bring the result into service."""

    side: SideCode
    path: Prose
    cite: Cite | None = None


class HorizonRow(Row, frozen=True, kw_only=True):
    """The horizon that a Statement of Intent gives the project, and the date promised, if one is."""

    statement: InstrumentRef
    horizon: Horizon
    promised: When | None = None
    cite: Cite | None = None


class StageEntry(Row, frozen=True, kw_only=True):
    """When a stage of the spine was entered."""

    stage: Stage
    entered: When
    cite: Cite | None = None


class Statement(Row, frozen=True, kw_only=True):
    """A dated statement of how the project stood: `named`, `listed`, `agreement-signed`, `suspended`, `fielded`."""

    date: When
    status: Slug
    reason_code: Slug | None = None
    note: Prose | None = None
    cite: Cite | None = None


class Cost(Row, frozen=True, kw_only=True):
    """What it costs, on what basis, and each side's share."""

    money: Money
    basis: Line | None = None
    shares: tuple[Share, ...] = ()


class Outcome(Row, frozen=True, kw_only=True):
    """What came of it, as the record stands; `as_of` where the judgement is dated."""

    code: Slug
    text: Prose | None = None
    as_of: When | None = None


class Project(Content, frozen=True, kw_only=True):
    """A project. `first_named`: when it first appears in public; `in_dtti` false: an offer made outside the initiative.

    `kind`: a path of the SOP. `cohort`: projects named together. `continues`: projects that it took over from.
    """

    name: Line
    aliases: tuple[Line, ...] = ()
    purpose: Prose | None = None
    body: BodyRef | None = None
    domain: Slug | None = None
    kind: Slug | None = None
    cohort: Slug | None = None
    nomination_source: Slug | None = None
    first_named: When | None = None
    in_dtti: bool
    needs: tuple[NeedRef, ...] = ()
    sponsors: tuple[Sponsor, ...] = ()
    transitions: tuple[Transition, ...] = ()
    success_definition: SuccessDefinitionRef | None = None
    horizons: tuple[HorizonRow, ...] = ()
    stages: tuple[StageEntry, ...] = ()
    statements: tuple[Statement, ...] = ()
    agreements: tuple[InstrumentRef, ...] = ()
    enablers: tuple[InstrumentRef, ...] = ()
    constraints: tuple[ConstraintRef, ...] = ()
    executing: tuple[Line, ...] = ()
    cost: Cost | None = None
    outcome: Outcome | None = None
    continues: tuple[ProjectRef, ...] = ()
    file_numbers: tuple[FileNumber, ...] = ()


def _facets(project: Project) -> Facets:
    return facets(
        project,
        project.name,
        subtitle=", ".join(project.aliases),
        category=project.kind or "",
        status=project.outcome.code if project.outcome else project.statements[-1].status if project.statements else "",
        stage=project.stages[-1].stage if project.stages else "",
        horizon=project.horizons[-1].horizon if project.horizons else "",
        body=project.body or "",
        project=project.ref,
        domain=project.domain or "",
        on=project.first_named,
        money=project.cost.money if project.cost else None,
    )


def _checks(project: Project, context: Context) -> list[Refusal]:
    found = distinct(
        "project-horizons", "Statement", [row.statement for row in project.horizons], "horizons.#.statement"
    )
    for place, statement in enumerate(project.statements):
        at = f"statements.{place}.date"
        found += not_after(
            "project-dates", "The project is first named", project.first_named, "a statement", statement.date, at
        )
    if project.ref in project.continues:
        found.append(
            Refusal(
                "project-continues", "The project continues itself.", "Name an earlier project, or none.", "continues"
            )
        )
    if project.cost and project.cost.shares and sum(share.basis_points for share in project.cost.shares) != 10_000:
        found.append(
            Refusal(
                "project-shares",
                "The shares of the cost do not make up the whole.",
                "Let them add up to 100 per cent.",
                "cost.shares",
            )
        )
    order = list(get_args(Stage))
    places = [order.index(entry.stage) for entry in project.stages]
    if places != sorted(set(places)):
        found.append(
            Refusal(
                "project-stages",
                "The stages are not entered in their order, or one is entered twice.",
                "Give each stage once, in their order; an amendment goes through them anew in its own record.",
                "stages",
            )
        )
    for earlier, later in zip(project.stages, project.stages[1:], strict=False):
        found += not_after(
            "project-stages", f"Stage {earlier.stage} is entered", earlier.entered, later.stage, later.entered, "stages"
        )
    return found


PROJECT = Kind(
    code="project",
    mode="joint",
    writers="working-group co-chairs; Group for commit and close",
    content=Project,
    facets=_facets,
    checks=_checks,
    face=Face(
        one=N_("project"),
        many=N_("Projects"),
        address="projects",
        section="work",
        place=1,
        lede=N_("Every project named under the initiative or for it, and every one that is worked on here."),
        columns=(
            Column(N_("Project"), NAME, order="title"),
            Column(N_("Kind of project"), "category"),
            Column(N_("Domain"), "domain"),
            Column(N_("Outcome or last statement"), "status", order="status"),
            Column(N_("First named"), "date", order="earliest"),
            Column(N_("Body"), "body"),
            GRADE,
        ),
        filters=(
            ("domain", N_("Domain")),
            ("category", N_("Kind of project")),
            ("status", N_("Outcome or last statement")),
            ("body", N_("Body")),
            ("grade", N_("Grade")),
            ("court", N_("Waiting on")),
        ),
        years=True,
        views=((N_("Board"), "projects-board"),),
        drafted=(
            *("ref", "name", "purpose", "aliases", "body", "domain", "kind", "first_named", "in_dtti", "needs"),
            *("sponsors", "transitions", "success_definition", "stages", "enablers", "constraints"),
        ),
        begun=1,
        begins=lambda beginning: {"in_dtti": True},
        missed=("purpose", "success_definition"),
    ),
)
