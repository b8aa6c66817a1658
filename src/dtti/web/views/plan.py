"""The plan of a project beside what each side forecasts and saw come: its own page, and on the project's. No rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from markupsafe import escape

from dtti.documents.charts.figure import Chart
from dtti.documents.charts.when import placed
from dtti.office import plans as office
from dtti.office import projects
from dtti.office.plans import MilestoneThen, PlanThen, SideThen, Slip
from dtti.papers.charts import slip as trails
from dtti.programme import delays
from dtti.programme.values import Money
from dtti.web import page
from dtti.web.parts import Fact, Head, Link, Row

from . import acting, figures, own_reports, record, sheets, shown, words
from .acting import as_page
from .codes import N_
from .record import Beside, Found
from .shown import Names
from .words import _

_READY: Final = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known")}


@record.own_page("plan")
def plan(request: HttpRequest, found: Found) -> HttpResponse:
    """A plan, with what both sides report of it."""
    content = found.content
    assert isinstance(content, office.Plan)  # noqa: S101 - the registry hands this view these alone
    then = office.then(page.asked_by(request, found.moment), content)
    near = record.around(request, found)
    names = record.names_for(request, found, near).learn([*then.links, f"project:{then.project}"])
    return record.answer(
        request,
        "project/plan.html",
        found,
        near,
        names,
        skip=("milestones", "work_shares", "local_content"),
        apart=("plan_report",),
        also={"progress": then},
        milestone_columns=_columns(request),
        milestones=[_row(request, names, each) for each in then.milestones],
        trails=list(_trails(request, names, then)),
        totals=[_total(each) for each in then.totals],
        shares=_shares(content),
        enablers=_enablers(names, then),
        enabler_columns=_enabler_heads(),
        maturity=_maturity(names, then),
        maturity_columns=_maturity_heads(),
        risks=_risks(names, then),
        risk_columns=_risk_heads(),
        left_out=[names.link(f"plan_report:{each.ref}") for each in then.left_out],
        ways=_ways(request, names, then),
        files=[
            Link(label, reverse(f"plan-milestones-{form}", args=[found.row.code]) + found.moment.query)
            for form, label in (("csv", _("CSV")), ("xlsx", _("Excel")))
        ],
    )


@record.beside("project")
def beside(request: HttpRequest, found: Found) -> Beside:
    """The plan of a project with its slip, on the page of the project."""
    content = found.content
    if not isinstance(content, projects.Project):
        return Beside()
    asking = page.asked_by(request, found.moment)
    held = office.plan_of(asking, content.ref, content.plan)
    if held is None:
        return Beside({}, {"plan_begin": _begin(request, found, content)})
    plan_record, grade, text = held
    then = office.then(asking, text)
    names = Names.of(request, found.moment).learn([*then.links, f"project:{content.ref}", f"plan:{text.ref}"])
    row = names.row(f"plan:{text.ref}")
    return Beside(
        {"plan": {"record": plan_record, "ref": text.ref, "grade": grade, "progress": then}},
        {
            "plan_grade": shown.macro("value", "value", shown.Frozen(shown.grade(row))) if row else None,
            "plan_columns": _columns(request),
            "plan_rows": [_row(request, names, each) for each in then.milestones],
            "plan_enablers": _enablers(names, then),
            "plan_enabler_columns": _enabler_heads(),
            "plan_url": names.url(f"plan:{text.ref}"),
            "plan_ways": _ways(request, names, then),
        },
    )


def _begin(request: HttpRequest, found: Found, content: projects.Project) -> str | None:
    """The address at which a plan of the project is begun, for who may."""
    wanted = as_page(request)
    if not wanted.viewer.person or found.row.side == "PUB" or not acting.may_begin(wanted, "plan"):
        return None
    return f"{reverse('start', args=['plans'])}?project={content.ref}"


def milestones_file(request: HttpRequest, name: str) -> HttpResponse:
    """The milestones of a plan as a file, a row for each, with what each side reports and the slip in days."""
    found = record.find(request, "plans", name)
    content = found.content
    if not isinstance(content, office.Plan):
        raise page.not_here(_("plan"))
    then = office.then(page.asked_by(request, found.moment), content)
    names = Names.of(request, found.moment).learn([*then.links, f"project:{content.project}"])
    kept = any((row := names.row(link)) and row.label == "national" for link in then.links)
    order = shown.own_first(request)
    heads = [_("Number"), _("Milestone"), _("Answers for it"), _("Date first agreed"), _("Date last agreed")]
    parts = (_("state"), _("forecast"), _("reached"), _("days after the first date, at least"),
             _("days after the first date, at most"), _("days after the last date, at least"),
             _("days after the last date, at most"), _("reason"))  # fmt: skip
    heads += [f"{shown.side_name(side)}: {part}" for side in order for part in parts]
    rows = [
        [*_said_of(each), *(cell for side in order for cell in _told_of(each.of(side)))] for each in then.milestones
    ]
    sheet = sheets.Sheet("milestones", _("Milestones"), heads, rows, kept)
    return sheets.answer(request, found.moment, sheet, {_("Project"): names.title(f"project:{content.project}")})


def _said_of(one: MilestoneThen) -> list[Any]:
    return [
        one.number,
        one.name,
        _answers(one),
        shown.when(one.planned_first),
        shown.when(one.planned_now or one.planned_first),
    ]


def _told_of(side: SideThen | None) -> list[Any]:
    if side is None:
        return [_("nothing reported"), *[None] * 7]
    return [
        _state(side).striptags(),
        shown.when(side.forecast) if side.forecast else None,
        shown.when(side.actual) if side.actual else None,
        side.slip.low,
        side.slip.high,
        side.slip_now.low,
        side.slip_now.high,
        "; ".join(_reasons(side)) or None,
    ]


# --- rows ------------------------------------------------------------------------------------------------------------


def _columns(request: HttpRequest) -> list[Head]:
    return [
        Head("name", _("Milestone")),
        Head("answers", _("Answers for it")),
        Head("planned_first", _("Date first agreed")),
        Head("planned_now", _("Date last agreed")),
        *(Head(side, shown.side_name(side)) for side in shown.own_first(request)),
    ]


def _answers(one: MilestoneThen) -> str:
    return shown.side_name(one.side) if one.side else _("both sides")


def _row(request: HttpRequest, names: Names, one: MilestoneThen) -> Row:
    name: Any = shown.text(f"{one.number}. {one.name}")
    if one.dropped:
        name = shown.with_note(name, _("not aimed at any more: %(why)s", why=one.dropped))
    return {
        "name": name,
        "answers": _answers(one),
        "planned_first": shown.when(one.planned_first),
        "planned_now": shown.when(one.planned_now or one.planned_first),
        **{side: _told(names, one, one.of(side)) for side in shown.own_first(request)},
    }


def _told(names: Names, one: MilestoneThen, side: SideThen | None) -> Any:
    """What a side reports of a milestone: the day, under it the slip against both dates and the reason."""
    if side is None:
        return _("nothing reported")
    first = slip_words(side.slip)
    notes: list[Any] = [first]
    if one.planned_now:
        notes = [
            _("%(slip)s (date first agreed)", slip=first),
            _("%(slip)s (date last agreed)", slip=slip_words(side.slip_now)),
        ]
    notes += _reasons(side)
    last = side.last[-1]
    notes += [shown.text(last.why)] if last.why else []
    notes.append(shown.anchor(names.link(f"plan_report:{last.ref}", said=_("report"))))
    return shown.with_note(_state(side), shown.joined(notes, "; ") or "")


def _state(side: SideThen) -> Any:
    told = shown.macro("value", "value", shown.when(side.actual or side.forecast))
    if side.state == "reached":
        return escape(_("reached on %(day)s")) % {"day": told}
    if side.state == "forecast":
        return escape(_("forecast for %(day)s")) % {"day": told}
    if side.state == "forecast-passed":
        return escape(_("was forecast for %(day)s; nothing reported since")) % {"day": told}
    if side.state == "no-date":
        return escape(_("no date known"))
    return escape(_("not clear which report is the last"))


def _reasons(side: SideThen) -> list[str]:
    return list(dict.fromkeys(_(delays.words(each.reason)) for each in side.last if each.reason))


def slip_words(slip: Slip) -> str:
    """Days of slip in words, with their bounds where dates are known in part."""
    low, high = slip.low, slip.high
    if low is None and high is None:
        return _("slip not known")
    if low is not None and low == high:
        if low == 0:
            return _("on its date")
        many = words.many("%(num)s day late", "%(num)s days late", low) if low > 0 else ""
        return many or words.many("%(num)s day early", "%(num)s days early", -low)
    if low is not None and high is not None:
        if low > 0:
            return _("%(low)s to %(high)s days late", low=words.grouped(low), high=words.grouped(high))
        if high < 0:
            return _("%(low)s to %(high)s days early", low=words.grouped(-high), high=words.grouped(-low))
        return _("from %(low)s days early to %(high)s days late", low=words.grouped(-low), high=words.grouped(high))
    if low is not None:
        return _("at least %(num)s days late", num=words.grouped(low)) if low > 0 else _("slip not known")
    return (
        _("at least %(num)s days early", num=words.grouped(-(high or 0))) if high and high < 0 else _("slip not known")
    )


def _total(total: office.Total) -> Fact:
    form = words.word(total.form)
    return Fact(
        f"{shown.side_name(total.side)}, {form}", words.money(Money(amount=total.amount, currency=total.currency))
    )


def _shares(plan: office.Plan) -> list[Fact]:
    """How the work is shared, how much of it is indigenous, and what it does for Make in India."""
    found = [Fact(shown.side_name(each.side), _percent(each.basis_points)) for each in plan.work_shares]
    local = plan.local_content
    if local is None:
        return found
    if local.share is not None:
        said = shown.with_note(_percent(local.share), shown.text(local.method) if local.method else "")
        found.append(Fact(_("Indigenous content"), said))
    if local.effect:
        found.append(Fact(_("What it does for Make in India"), shown.text(local.effect)))
    return found


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"


def _enabler_heads() -> list[Head]:
    return [
        Head("name", _("Agreement that it needs")),
        Head("force", _("In force")),
        Head("applied", _("Applied")),
    ]


def _enablers(names: Names, then: PlanThen) -> list[Row]:
    made: list[Row] = []
    for each in then.enablers:
        since = shown.macro("value", "value", shown.when(each.since)) if each.since else ""
        said = words.word(each.implementation) if each.implementation != "unknown" else ""
        made.append(
            {
                "name": names.link(f"instrument:{each.instrument}"),
                "force": shown.with_note(_(_READY[each.in_force]), since),
                "applied": shown.with_note(_(_READY[each.applied]), said),
            }
        )
    return made


def _maturity_heads() -> list[Head]:
    return [
        Head("scale", _("Scale")),
        Head("level", _("Level"), "number"),
        Head("of", _("Part")),
        Head("side", _("Side"), "side"),
        Head("assessor", _("Assessed by")),
        Head("on", _("Assessed on")),
    ]


def _maturity(names: Names, then: PlanThen) -> list[Row]:
    return [
        {
            "scale": words.word(each.scale),
            "level": each.level,
            "of": shown.text(each.of) if each.of else _("the whole"),
            "side": each.side,
            "assessor": shown.text(each.assessor),
            "on": names.link(f"plan_report:{each.ref}", said=_day(each.assessed)),
        }
        for each in then.maturity
    ]


def _day(when: str) -> str:
    return shown.macro("value", "value", shown.when(when)).striptags()


def _risk_heads() -> list[Head]:
    return [
        Head("risk", _("What may go wrong")),
        Head("likelihood", _("How likely")),
        Head("effect", _("What it would do")),
        Head("owner", _("Whose it is"), "side"),
        Head("response", _("What is done about it")),
        Head("side", _("Reported by"), "side"),
        Head("on", _("On")),
    ]


def _risks(names: Names, then: PlanThen) -> list[Row]:
    return [
        {
            "risk": shown.with_note(shown.text(f"{each.number}. {each.risk}"), _("it is over") if each.over else ""),
            "likelihood": words.word(each.likelihood),
            "effect": shown.text(each.effect),
            "owner": each.owner,
            "response": shown.text(each.response) if each.response else "–",
            "side": each.side,
            "on": names.link(f"plan_report:{each.ref}", said=_day(each.on)),
        }
        for each in then.risks
    ]


def _ways(request: HttpRequest, names: Names, then: PlanThen) -> list[Link]:
    """The forms by which whoever looks can add to it."""
    row = names.row(f"project:{then.project}")
    if row is None or not own_reports.may(request, "plan_report", row):
        return []
    more = f"{reverse('start', args=['plan-reports'])}?project={row.ref}&plan={then.plan}"
    return [
        Link(_("Report on a milestone"), reverse("project-milestone", args=[row.code])),
        Link(_("Report on maturity and risks"), more),
    ]


def _trails(request: HttpRequest, names: Names, then: PlanThen) -> Iterator[Any]:
    """For each side that reports, the trail of its forecasts against the dates first agreed."""
    for side in shown.own_first(request):
        made = tuple(_trail(one, told) for one in then.milestones if (told := one.of(side)))
        if made:
            subject = f"{names.title(f'project:{then.project}')} ({shown.side_name(side)})"
            data = trails.Slip(figures.said(subject), date.fromisoformat(then.on), made)
            caption = _("As %(side)s reports", side=shown.side_name(side))
            yield figures.figure(_drawing(data), figures.WIDE, caption)


def _drawing(data: trails.Slip) -> Any:
    def draw(width: float) -> Chart:
        return trails.draw(data, figures.language(), width=width)

    return draw


def _trail(one: MilestoneThen, side: SideThen) -> trails.Milestone:
    reports: dict[date, str | None] = {}
    for each in side.trail:
        if len(each.on) == 10 and not each.actual:
            reports[date.fromisoformat(each.on)] = placed(each.forecast)
    return trails.Milestone(
        figures.said(f"{one.number}. {one.name}"),
        placed(one.planned_first),
        tuple(trails.Report(on, forecast) for on, forecast in sorted(reports.items())),
        placed(side.actual),
    )


PATTERNS: Final[list[URLPattern]] = [
    path(f"plans/<slug:name>/milestones.{form}", milestones_file, name=f"plan-milestones-{form}")
    for form in sheets.FORMS
]
