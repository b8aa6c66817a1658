"""Plan: the baseline that both sides agree for a project: milestones, work, cost by fiscal year, rights, local content.

Forecasts and what came are each side's own reports beside it. A date first agreed stays for ever; a later one goes
beside it, with the reason for which both moved it.
"""

from typing import Any, Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import C_, N_
from dtti.programme.face import NAME, Beginning, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.fiscal import is_year
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import (
    Amount,
    BasisPoints,
    Currency,
    FiscalYear,
    Line,
    MeetingRef,
    ProjectRef,
    Prose,
    Row,
    Share,
    SideCode,
    Slug,
    When,
)

Owner = Literal["IND", "USA", "both", "third"]


class Milestone(Row, frozen=True, kw_only=True):
    """A milestone. `planned_first` is the date first agreed and never changes; `planned_now` the last, if another.

    `side`: the one that answers for it; none: both. `dropped`: why it is not aimed at any more. Its number stays.
    """

    number: Line
    name: Line
    side: SideCode | None = None
    planned_first: When
    planned_now: When | None = None
    shown_by: Line | None = None
    dropped: Prose | None = None

    @property
    def current(self) -> When:
        """The date as both last agreed it."""
        return self.planned_now or self.planned_first


class WorkPackage(Row, frozen=True, kw_only=True):
    """A part of the work, the side that does it, and who there."""

    side: SideCode
    package: Line
    by: Line | None = None


class CostLine(Row, frozen=True, kw_only=True):
    """What a side bears in one of its own fiscal years, in money or in kind; whole units of the currency.

    Sums of unlike currencies, or of money and kind, are never made.
    """

    side: SideCode
    year: FiscalYear
    form: Literal["cash", "in-kind"]
    amount: Amount | None = None
    currency: Currency | None = None
    what: Line | None = None


class Knowledge(Row, frozen=True, kw_only=True):
    """A line of the schedule of intellectual property: what it is, brought or made, whose, and who may use it how."""

    subject: Line
    ground: Literal["background-ip", "foreground-ip"]
    owner: Owner
    holder: Line | None = None
    rights: Prose


class LocalContent(Row, frozen=True, kw_only=True):
    """Indigenous content in basis points and how it is reckoned; what the project does for Make in India, in words."""

    share: BasisPoints | None = None
    method: Line | None = None
    effect: Prose | None = None


class Rebaselined(Row, frozen=True, kw_only=True):
    """When both moved dates of the plan, why, and in which meeting."""

    date: When
    why: Prose
    reason: Slug | None = None
    meeting: MeetingRef | None = None


class Plan(Content, frozen=True, kw_only=True):
    """The plan of a project as both agreed it."""

    project: ProjectRef
    milestones: tuple[Milestone, ...] = ()
    work: tuple[WorkPackage, ...] = ()
    work_shares: tuple[Share, ...] = ()
    costs: tuple[CostLine, ...] = ()
    rights: tuple[Knowledge, ...] = ()
    local_content: LocalContent | None = None
    rebaselined: tuple[Rebaselined, ...] = ()


def _facets(plan: Plan) -> Facets:
    dates = [each.current for each in plan.milestones if each.current.latest]
    last = max(dates, key=lambda when: when.latest or when.earliest or 0, default=None)
    return facets(plan, f"Plan of {plan.project}", on=last, began=None)


def _checks(plan: Plan, context: Context) -> list[Refusal]:
    found = distinct("plan-milestones", "Milestone", [each.number for each in plan.milestones], "milestones.#.number")
    if not plan.milestones:
        found.append(
            Refusal("plan-milestones", "It has no milestone.", "Give at least one, with its date.", "milestones")
        )
    if plan.work_shares and sum(share.basis_points for share in plan.work_shares) != 10_000:
        found.append(
            Refusal(
                "plan-shares",
                "The shares of the work do not make up the whole.",
                "Let them add up to 100 per cent.",
                "work_shares",
            )
        )
    return found + _cost_checks(plan) + _kept(plan, context.previous)


def _cost_checks(plan: Plan) -> list[Refusal]:
    """Each side says what it bears, in its own fiscal years, and every line says how much or what."""
    found = [
        Refusal(
            "plan-costs",
            f"Nothing says what {side} bears.",
            "Give a line for each side, in money or in kind; nothing is 0, or a line in words.",
            "costs",
        )
        for side in ("IND", "USA")
        if side not in {each.side for each in plan.costs}
    ]
    for place, each in enumerate(plan.costs):
        if not is_year(each.side, each.year):
            found.append(
                Refusal(
                    "plan-fiscal-year",
                    f"{each.year} is no fiscal year of {each.side}.",
                    "Write 2026-27 for India and FY2027 for the United States.",
                    f"costs.{place}.year",
                )
            )
        if (each.amount is None) != (each.currency is None):
            found.append(
                Refusal(
                    "plan-cost-line",
                    f"A sum without its currency, or a currency without a sum ({each.year}).",
                    "Give both, or neither.",
                    f"costs.{place}.currency" if each.currency is None else f"costs.{place}.amount",
                )
            )
        elif each.amount is None and (each.form == "cash" or each.what is None):
            lacks = C_("refusal", "a sum") if each.form == "cash" else C_("refusal", "what is given in kind")
            found.append(
                Refusal(
                    "plan-cost-line",
                    f"A line of the cost lacks {lacks} ({each.year}).",
                    "Give the sum in money; of what is given in kind, its worth or what it is.",
                    f"costs.{place}.amount" if each.form == "cash" else f"costs.{place}.what",
                )
            )
    return found


def _kept(plan: Plan, previous: Content | None) -> list[Refusal]:
    """The dates first agreed stay for ever, and whoever moves one says why."""
    before = previous if isinstance(previous, Plan) else None
    held = {each.number: each for each in before.milestones} if before else {}
    now = {each.number for each in plan.milestones}
    found = [
        Refusal(
            "plan-original",
            f"The milestone {number} ({held[number].name}) is taken away.",
            "Keep it, and say under it why it is not aimed at any more.",
            "milestones",
        )
        for number in held
        if number not in now
    ]
    moved = False
    for place, each in enumerate(plan.milestones):
        was = held.get(each.number)
        if was is not None and was.planned_first != each.planned_first:
            found.append(
                Refusal(
                    "plan-original",
                    f"The date first agreed for milestone {each.number} is changed from {was.planned_first} to "
                    f"{each.planned_first}.",
                    "Leave it, and put the later date beside it.",
                    f"milestones.{place}.planned_first",
                )
            )
        if was is None and each.planned_now is not None:
            found.append(
                Refusal(
                    "plan-original",
                    f"Milestone {each.number} is new, and has two dates.",
                    "Give the date that is agreed now; another goes beside it when both move it.",
                    f"milestones.{place}.planned_now",
                )
            )
        moved = moved or bool(was and was.current != each.current)
    kept = before.rebaselined if before else ()
    if plan.rebaselined[: len(kept)] != kept:
        found.append(
            Refusal(
                "plan-rebaselined",
                "An earlier reason for moving dates is changed or taken away.",
                "Keep it; a further one stands after it.",
                "rebaselined",
            )
        )
    elif moved and len(plan.rebaselined) == len(kept):
        found.append(
            Refusal(
                "plan-rebaselined",
                "Dates are moved, and nothing says why.",
                "Say in a row when both moved them, and for what reason.",
                "rebaselined",
            )
        )
    return found


def _called(row: Columns) -> Called | None:
    return Called(N_("Plan of %(project)s"), {"project": f"project:{row.project}"}) if row.project else None


def _begins(beginning: Beginning) -> dict[str, Any]:
    both: dict[str, Any] = {
        "milestones": [{"number": "1"}],
        "work_shares": [{"side": side} for side in beginning.sides],
        "costs": [{"side": side, "form": "cash"} for side in beginning.sides],
    }
    return both | ({"project": beginning.project} if beginning.project else {})


PLAN: Final = Kind(
    code="plan",
    mode="joint",
    writers="working-group co-chairs",
    content=Plan,
    facets=_facets,
    checks=_checks,
    face=Face(
        one=N_("plan"),
        many=N_("Plans"),
        section="work",
        place=2,
        lede=N_("What both sides agreed to do by when, who does it and who pays for it. Forecasts stand beside it."),
        columns=(
            Column(N_("Plan"), NAME),
            Column(N_("Project"), "project"),
            Column(N_("Last milestone"), "date", order="latest"),
            Column(N_("Milestones"), of=lambda plan, day: len(plan.milestones), number=True),
            Column(N_("Dates moved"), of=lambda plan, day: len(plan.rebaselined), number=True),
            Column(N_("Waits on"), "court"),
        ),
        filters=(("project", N_("Project")), ("grade", N_("Grade")), ("court", N_("Waits on"))),
        drafted=(
            *("ref", "project", "milestones", "work", "work_shares", "costs", "rights", "local_content"),
            "rebaselined",
        ),
        begins=_begins,
        missed=("milestones", "costs"),
        called=_called,
        words={
            "milestones": N_("Milestones"),
            "owner": N_("Whose it is"),
            "planned_first": N_("Date first agreed"),
            "planned_now": N_("Date last agreed, if another"),
            "dropped": N_("Why it is not aimed at any more"),
            "work": N_("Work by side"),
            "package": N_("Part of the work"),
            "work_shares": N_("Shares of the work"),
            "costs": N_("Cost by fiscal year"),
            "cash": N_("in money"),
            "in-kind": N_("in kind"),
            "what": N_("What it is for, or what is given"),
            "rights": N_("Intellectual property"),
            "ground": N_("Brought or made"),
            "background-ip": N_("background, brought into the project"),
            "foreground-ip": N_("foreground, made in the project"),
            "both": N_("both sides"),
            "third": N_("another"),
            "local_content": N_("Indigenous content and Make in India"),
            "method": N_("How it is reckoned"),
            "rebaselined": N_("When and why both moved dates"),
        },
    ),
)
