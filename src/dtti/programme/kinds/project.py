"""Project: what the two sides set out to do together: its names, stage, statements in time, agreements and outcome."""

from datetime import date
from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Beside, Content, Context, Kind, Move
from dtti.programme.order import distinct, not_after, surely_later
from dtti.programme.sop.spine import SPINE, Stage
from dtti.programme.sop.versions import Rule, versions
from dtti.programme.values import (
    BodyRef,
    Cite,
    ConstraintRef,
    FileNumber,
    InstrumentRef,
    Line,
    MeetingRef,
    Money,
    NeedRef,
    OfficeRef,
    PlanRef,
    ProjectRef,
    Prose,
    ReleaseQuestionRef,
    Row,
    Share,
    SideCode,
    Slug,
    SuccessDefinitionRef,
    When,
)

Horizon = Literal["near", "mid", "long"]
_WITHOUT_ANSWERS = "dtti_1"  # what a side may read that goes by it has neither version nor answers


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


class Answer(Row, frozen=True, kw_only=True):
    """What answers a row of the SOP's checklist where no fact of the record does: for a side, or for both at once.

    ``waived``: both go on without it, for the reason and on the authority given. Evidence may be held elsewhere:
    `registry` gives its number and who holds it. `until`: the last day on which the answer is good.
    """

    row: Slug
    side: SideCode | None = None
    state: Literal["met", "waived", "not-applicable"]
    on: When
    until: When | None = None
    office: OfficeRef | None = None
    meeting: MeetingRef | None = None
    instrument: InstrumentRef | None = None
    registry: Line | None = None
    why: Prose | None = None
    authority: Line | None = None
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

    `kind`: a path of the SOP. `sop`: the version under which the project runs; `checklist` answers what that asks.
    `cohort`: projects named together. `continues`: projects that it took over from.
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
    release_questions: tuple[ReleaseQuestionRef, ...] = ()
    sponsors: tuple[Sponsor, ...] = ()
    transitions: tuple[Transition, ...] = ()
    success_definition: SuccessDefinitionRef | None = None
    plan: PlanRef | None = None
    horizons: tuple[HorizonRow, ...] = ()
    sop: Slug | None = None
    stages: tuple[StageEntry, ...] = ()
    checklist: tuple[Answer, ...] = ()
    statements: tuple[Statement, ...] = ()
    agreements: tuple[InstrumentRef, ...] = ()
    enablers: tuple[InstrumentRef, ...] = ()
    constraints: tuple[ConstraintRef, ...] = ()
    executing: tuple[Line, ...] = ()
    cost: Cost | None = None
    outcome: Outcome | None = None
    continues: tuple[ProjectRef, ...] = ()
    file_numbers: tuple[FileNumber, ...] = ()


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
    places = [SPINE.index(entry.stage) for entry in project.stages]
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
    return found + _answer_checks(project, context)


def _answer_checks(project: Project, context: Context) -> list[Refusal]:
    """An answer is to a row that the version has, for a side of which it is asked, and says what it rests on."""
    found: list[Refusal] = []
    if context.rules == _WITHOUT_ANSWERS and (
        project.checklist or project.sop or project.release_questions or project.plan
    ):
        found.append(
            Refusal(
                "project-answers-rules",
                f"It names a version of the SOP, answers it or names a plan, which rule set {context.rules} does not "
                "have.",
                "Say it in the notes until both sides have brought the next rule set into force.",
                "sop" if project.sop else "checklist" if project.checklist else "plan",
            )
        )
    if project.checklist and project.sop is None:
        found.append(
            Refusal(
                "project-answers",
                "It answers a checklist, and names no version of the SOP.",
                "Name the version under which the project runs.",
                "sop",
            )
        )
    if project.sop and project.sop not in versions():
        found.append(
            Refusal(
                "project-sop",
                f"{project.sop} is no version of the SOP that is held here.",
                "Name one that is; if the other side has a later one, upgrade first.",
                "sop",
            )
        )
    rows = versions()[project.sop].rows if project.sop and project.sop in versions() else None
    for place, answer in enumerate(project.checklist):
        at = f"checklist.{place}"
        rule = rows.get(answer.row) if rows is not None else None
        if rows is not None and rule is None:
            found.append(
                Refusal(
                    "project-answers",
                    f"{answer.row} is no row of {project.sop}.",
                    "Name a row of the version under which the project runs.",
                    f"{at}.row",
                )
            )
        if rule is not None and (answer.side not in rule.sides if rule.sides else answer.side is not None):
            found.append(
                Refusal(
                    "project-answers",
                    f"Not asked of the side for which it is answered: {rule.words}.",
                    "Answer for a side of which it is asked; for no side where it is asked once.",
                    f"{at}.side",
                )
            )
        called = rule.words if rule is not None else answer.row
        if _answered(answer, project.checklist[:place]):
            found.append(
                Refusal(
                    "project-answers",
                    f"Answered twice for the same days: {called}.",
                    "Correct the answer that is there; a further one begins after the last day of the one before it.",
                    f"{at}.on",
                )
            )
        found += _rests_on(answer, called, at, rule)
    return found


def _answered(answer: Answer, before: tuple[Answer, ...]) -> bool:
    """Whether one of some answers is good on the day on which the same row is answered again for the same side."""
    alike = [each for each in before if (each.row, each.side) == (answer.row, answer.side)]
    return not all(each.until and surely_later(answer.on, each.until) for each in alike)


def _rests_on(answer: Answer, row: str, at: str, rule: Rule | None) -> list[Refusal]:
    """An answer says what shows it, or who goes on without it, why and on what authority; for a side its own office."""
    found = not_after("project-answers", "It is answered", answer.on, "its last day", answer.until, f"{at}.until")
    if answer.side and answer.office and not answer.office.startswith(f"{answer.side}/"):
        found.append(
            Refusal(
                "project-answers",
                f"Answered for one side by an office of the other: {row}.",
                "Name an office of that side.",
                f"{at}.office",
            )
        )
    if answer.state == "met":
        if not (answer.meeting or answer.instrument or answer.registry or answer.cite):
            found.append(
                Refusal(
                    "project-answers",
                    f"Said to be met, and nothing shows it: {row}.",
                    "Name the meeting, the instrument, or the registry number and its holder.",
                    f"{at}.registry",
                )
            )
        return found
    if not (answer.why and answer.office):
        found.append(
            Refusal(
                "project-answers",
                f"Nothing says who goes on without this, and why: {row}.",
                "Give the office and the reason.",
                f"{at}.why",
            )
        )
    if not answer.authority:
        found.append(
            Refusal(
                "project-answers",
                f"It is said on no authority that this is left out: {row}.",
                "Give the authority.",
                f"{at}.authority",
            )
        )
    if rule is not None and not rule.waivable and not (rule.unless and answer.state == "not-applicable"):
        found.append(
            Refusal("project-answers", f"This may not be waived: {row}.", "Give what it asks for.", f"{at}.state")
        )
    return found


def _ahead(project: Project, today: date) -> list[Refusal]:
    """Stages entered, and rows answered, on a day that is still to come or is not known."""
    dated = [(entry.entered, f"stages.{place}.entered") for place, entry in enumerate(project.stages)]
    dated += [(answer.on, f"checklist.{place}.on") for place, answer in enumerate(project.checklist)]
    return [
        Refusal(
            "project-ahead",
            f"It tells of {when} what has to have happened, and that day is still to come or is not known.",
            "Give a day that has come.",
            at,
        )
        for when, at in dated
        if when.latest is None or when.latest > today
    ]


def _forward(project: Project, beside: Beside) -> list[Refusal]:
    from dtti.programme.sop.checklist import gate

    if beside.rules in ("", _WITHOUT_ANSWERS):
        return []
    early = _ahead(project, beside.today) if beside.today else []
    return [*early, *gate(project, beside.both if isinstance(beside.both, Project) else None, beside.held)]


def _move(project: Project, beside: Beside) -> Move | None:
    from dtti.programme.sop.checklist import move

    if beside.rules in ("", _WITHOUT_ANSWERS):
        return None
    return move(project, beside.both if isinstance(beside.both, Project) else None, beside.held)


PROJECT = Kind(
    code="project",
    mode="joint",
    writers="working-group co-chairs; Group for commit and close",
    content=Project,
    facets=lambda project: facets(
        project,
        subtitle=", ".join(project.aliases),
        category=project.kind,
        status=project.outcome.code if project.outcome else project.statements[-1].status if project.statements else "",
        stage=project.stages[-1].stage if project.stages else "",
        horizon=project.horizons[-1].horizon if project.horizons else "",
        project=project.ref,
        on=project.first_named,
        money=project.cost.money if project.cost else None,
    ),
    checks=_checks,
    ahead=_ahead,
    forward=_forward,
    move=_move,
    face=Face(
        one=N_("project"),
        many=N_("Projects"),
        section="work",
        place=1,
        lede=N_("Every project named under the initiative or for it, and every one that is worked on here."),
        columns=(
            Column(N_("Project"), NAME, order="title"),
            Column(N_("Kind of project"), "category"),
            Column(N_("Domain"), "domain"),
            Column(N_("Standing"), "stands"),
            Column(N_("Outcome or last statement"), "status", order="status"),
            Column(N_("First named"), "date", order="earliest"),
            Column(N_("Body"), "body"),
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
            *("sponsors", "release_questions", "transitions", "success_definition", "plan", "sop", "stages"),
            "checklist",
            *("horizons", "agreements", "enablers", "constraints", "outcome"),
        ),
        begun=1,
        begins=lambda beginning: {"in_dtti": True},
        missed=("purpose", "success_definition"),
        words={
            "leaders-statement": N_("statement of the leaders"),
            "ministers-statement": N_("statement of the ministers"),
            "partner-ministry-request": N_("asked for by the other ministry"),
            "us-offer": N_("offered by the United States"),
            "why": N_("Why both go on without it"),
        },
        codes={"Project.nomination_source": {"working-group": N_("a working group")}},
        notices={
            "suspend": (N_("Suspend the project"), "project_suspend"),
            "resume": (N_("Resume the project"), "project_resume"),
            "withdraw_from": (N_("Withdraw from the project"), "project_leave"),
        },
    ),
)
