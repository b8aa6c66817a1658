"""Report on a plan: what a side forecasts of its milestones or saw come, how mature the work is, what may go wrong."""

from datetime import date
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Beside, Content, Context, Kind
from dtti.programme.order import distinct, not_after, surely_later
from dtti.programme.values import (
    AnyLink,
    Level,
    Line,
    OfficeRef,
    PlanRef,
    ProjectRef,
    Prose,
    Row,
    SideCode,
    Slug,
    When,
)

from .action_report import Document
from .plan import Plan

_MOST_TRL: Final = 9


class MilestoneReport(Row, frozen=True, kw_only=True):
    """What is said of one milestone, by its number: a forecast, or the day on which it was reached, or neither known.

    `reason`: why it comes later, one of the list of reasons; `why` in a sentence.
    """

    milestone: Line
    forecast: When | None = None
    actual: When | None = None
    reason: Slug | None = None
    why: Prose | None = None
    evidence: AnyLink | None = None
    document: Document | None = None


class Maturity(Row, frozen=True, kw_only=True):
    """Technology (1 to 9) or manufacturing readiness (1 to 10) of the whole or a part, who assessed it, and when."""

    scale: Literal["trl", "mrl"]
    level: Level
    of: Line | None = None
    assessor: Line
    assessed: When
    evidence: AnyLink | None = None


class Risk(Row, frozen=True, kw_only=True):
    """What may go wrong, by a number that stays: how likely, what it would do (in words), whose it is, what is done."""

    number: Line
    risk: Prose
    likelihood: Literal["unlikely", "possible", "likely", "has-happened"]
    effect: Prose
    owner: SideCode
    response: Prose | None = None
    over: bool = False


class PlanReport(Content, frozen=True, kw_only=True):
    """What a side says of the plan of a project on a day: forecasts and what came, maturity, risks."""

    side: SideCode
    project: ProjectRef
    plan: PlanRef
    office: OfficeRef
    holder: Line | None = None
    date: When
    milestones: tuple[MilestoneReport, ...] = ()
    maturity: tuple[Maturity, ...] = ()
    risks: tuple[Risk, ...] = ()


def _checks(report: PlanReport, context: Context) -> list[Refusal]:
    found = distinct(
        "plan-report-milestone", "Milestone", [each.milestone for each in report.milestones], "milestones.#.milestone"
    )
    found += distinct("plan-report-risk", "Risk", [each.number for each in report.risks], "risks.#.number")
    if not (report.milestones or report.maturity or report.risks):
        found.append(
            Refusal(
                "plan-report-says",
                "It says nothing of the plan.",
                "Report on a milestone, the maturity or a risk.",
                "milestones",
            )
        )
    if not report.office.startswith(f"{report.side}/"):
        found.append(
            Refusal(
                "plan-report-office",
                f"It is reported for {report.side} by an office of the other side ({report.office}).",
                "Name the office of that side that reports.",
                "office",
            )
        )
    for place, each in enumerate(report.milestones):
        at = f"milestones.{place}"
        if each.forecast is not None and each.actual is not None:
            found.append(
                Refusal(
                    "plan-report-one",
                    f"Milestone {each.milestone} is both reached and forecast.",
                    "Give the day on which it was reached, or the day that is expected; not both.",
                    f"{at}.forecast",
                )
            )
        if each.forecast is None and each.actual is None and not each.why:
            found.append(
                Refusal(
                    "plan-report-one",
                    f"Nothing is said of milestone {each.milestone}.",
                    "Give a day; or say in a sentence why none is known.",
                    f"{at}.forecast",
                )
            )
        found += not_after(
            "plan-report-actual", "It was reached", each.actual, "the day of the report", report.date, f"{at}.actual"
        )
    for place, row in enumerate(report.maturity):
        if row.scale == "trl" and row.level > _MOST_TRL:
            found.append(
                Refusal(
                    "plan-report-maturity",
                    f"Technology readiness goes to 9, and {row.level} is given.",
                    "Give a level from 1 to 9.",
                    f"maturity.{place}.level",
                )
            )
        found += not_after(
            "plan-report-maturity",
            "It is assessed",
            row.assessed,
            "the day of the report",
            report.date,
            f"maturity.{place}.assessed",
        )
    return found


def _ahead(report: PlanReport, today: date) -> list[Refusal]:
    dated = [(report.date, "date")]
    dated += [(each.actual, f"milestones.{n}.actual") for n, each in enumerate(report.milestones) if each.actual]
    return [
        Refusal(
            "plan-report-day",
            f"It tells of {when} what has to have happened, and that day is still to come.",
            "Give a day that has come; what is expected is a forecast.",
            at,
        )
        for when, at in dated
        if when.earliest is not None and when.earliest > today
    ]


def against(report: PlanReport, plan: Plan) -> dict[str, Refusal]:
    """Which milestones of a report count for nothing beside the plan that both agreed, and why."""
    known = {each.number for each in plan.milestones}
    return {
        each.milestone: Refusal(
            "plan-report-milestone",
            f"{each.milestone} is no milestone of the plan.",
            "Choose one of its milestones.",
            f"milestones.{place}.milestone",
        )
        for place, each in enumerate(report.milestones)
        if each.milestone not in known
    }


def _forward(report: PlanReport, beside: Beside) -> list[Refusal]:
    held = beside.held("plan", report.plan)
    if held is None or not isinstance(held[0], Plan):
        return []  # that there is none at all is said of the link
    plan = held[0]
    found = list(against(report, plan).values())
    agreed = {each.number: each for each in plan.milestones}
    for place, each in enumerate(report.milestones):
        told, planned = each.actual or each.forecast, agreed.get(each.milestone)
        if told and planned and surely_later(told, planned.current) and each.reason is None:
            found.append(
                Refusal(
                    "plan-report-reason",
                    f"Milestone {each.milestone} comes after the date that both agreed ({planned.current}), and no "
                    "reason is given.",
                    "Choose a reason of the list. It stays with this side until it is released.",
                    f"milestones.{place}.reason",
                )
            )
    return found


def _called(row: Columns) -> Called | None:
    day = row.title.rpartition(", ")[2]
    return Called(N_("%(project)s: report on the plan, %(date)s"), {"project": f"project:{row.project}"}, {"date": day})


PLAN_REPORT: Final = Kind(
    code="plan_report",
    mode="own",
    writers="the project officer of the side",
    content=PlanReport,
    facets=lambda report: facets(
        report, f"{report.plan}, {report.date}", about=report.side, on=report.date, subtitle=report.holder
    ),
    checks=_checks,
    ahead=_ahead,
    forward=_forward,
    of_author=True,
    face=Face(
        one=N_("report on a plan"),
        many=N_("Reports on plans"),
        address="plan-reports",
        section="work",
        place=2,
        lede=N_("What each side forecasts and saw come, how mature the work is, what may go wrong."),
        columns=(
            Column(N_("Report"), "name"),
            Column(N_("On"), "date", order="earliest"),
            Column(N_("Side"), "about"),
            Column(N_("Milestones"), of=lambda report, day: len(report.milestones), number=True),
            Column(N_("Risks"), of=lambda report, day: len(report.risks), number=True),
            Column(N_("Reported by"), field="office"),
        ),
        filters=(("project", N_("Project")), ("about", N_("Side"))),
        order="earliest",
        descending=True,
        years=True,
        begins=lambda beginning: (
            {"side": beginning.side} | ({"project": beginning.project} if beginning.project else {})
        ),
        called=_called,
        words={
            "milestone": N_("Milestone"),
            "forecast": N_("Forecast for"),
            "actual": N_("Reached on"),
            "maturity": N_("Maturity"),
            "scale": N_("Scale"),
            "trl": N_("technology readiness (1 to 9)"),
            "mrl": N_("manufacturing readiness (1 to 10)"),
            "level": N_("Level"),
            "of": N_("Of what"),
            "owner": N_("Whose it is"),
            "assessor": N_("Assessed by"),
            "assessed": N_("Assessed on"),
            "risks": N_("Risks"),
            "risk": N_("What may go wrong"),
            "likelihood": N_("How likely"),
            "unlikely": N_("unlikely"),
            "possible": N_("possible"),
            "likely": N_("likely"),
            "has-happened": N_("has happened"),
            "response": N_("What is done about it"),
            "over": N_("It is over"),
        },
    ),
)
