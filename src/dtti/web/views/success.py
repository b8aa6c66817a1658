"""What success of a project means and what both sides measured: its own page, its place on the project's. No rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from markupsafe import escape

from dtti.documents.charts.figure import Chart
from dtti.documents.charts.when import placed
from dtti.office import projects as office
from dtti.office import success as then
from dtti.office.asking import Stored
from dtti.office.success import MeasureThen, Said, SideThen, SuccessThen
from dtti.papers.charts import readings
from dtti.programme.values import When
from dtti.web import labels, page
from dtti.web.parts import Fact, Head, Link, Pages, Row

from . import figures, history, own_reports, project, record, remarks, sheets, shown, words
from .acting import as_page
from .codes import N_
from .record import Beside, Found
from .shown import Names
from .words import _

STATES: Final = {
    "not-due": N_("not due yet"),
    "on-way": N_("on the way"),
    "reached": N_("reached"),
    "partly": N_("partly reached"),
    "missed": N_("missed"),
    "unknown": N_("not known"),
}
_FINAL: Final = {
    "success": N_("success"),
    "partial": N_("partial success"),
    "failure": N_("failure"),
    "unknown": N_("not known"),
}


class Text(msgspec.Struct, frozen=True):
    """A version of a text, and its entry."""

    number: int
    time: str
    act: str
    url: str


class SuccessPage(msgspec.Struct, frozen=True):
    """A success definition as its page shows it and JSON gives it."""

    row: office.Listed
    content: Stored
    standing: SuccessThen
    history: list[history.Deed]
    history_pages: Pages
    remarks: list[remarks.Remark]
    court: list[Row]
    versions: list[Text]


@record.own_page("success_definition")
def success(request: HttpRequest, found: Found) -> HttpResponse:
    """A success definition."""
    wanted, row, content = as_page(request), found.row, found.content
    assert isinstance(content, office.SuccessDefinition)  # noqa: S101 - the registry hands this view these alone
    asking = page.asked_by(request, found.moment)
    one, standing = office.success(asking, row, content), then.of_definition(asking, content)
    names = Names.of(request, found.moment).learn(
        [f"project:{content.project}", *(f"office:{each.office}" for each in content.assessors), *standing.links]
    )
    court = project.court_rows(one.court)
    done = history.on_record(request, row.record, found.moment.bound)
    return page.answer(
        request,
        "project/success.html",
        SuccessPage(
            row,
            found.stored,
            standing,
            done.history,
            done.history_pages,
            remarks.on_record(request, row.record, found.moment.bound),
            court,
            [Text(each.number, each.time, each.act, reverse("entry", args=[each.act])) for each in one.versions],
        ),
        court_chart=figures.court(
            names.title(f"project:{content.project}"),
            court,
            wanted.node.side,
            _("A side is in court only while an offer or a request waits on it."),
        ),
        definition=content,
        end_users=[Fact(shown.side_name(each.side), shown.text(each.user)) for each in content.end_users],
        assessors=[Fact(shown.side_name(each.side), names.link(f"office:{each.office}")) for each in content.assessors],
        project=names.title(f"project:{content.project}"),
        project_url=names.url(f"project:{content.project}"),
        work=reverse("work", args=[row.code]),
        waiting=project.pressing_row(one.pressing, wanted.node.side),
        can_work=bool(wanted.viewer.person) and row.side != "PUB",
        kind_words=labels.kind("success_definition"),
        columns=_columns(request),
        rows=[_row(request, names, each) for each in standing.measures],
        chart=chart(request, names.title(f"project:{content.project}"), standing),
        measured_columns=_measured_heads(),
        measured=list(_measured(names, standing)),
        finals=list(_finals(names, standing)),
        conversion=_conversion(standing),
        ways=_ways(request, names, standing),
        files=[
            Link(label, reverse(f"success-measures-{form}", args=[row.code]) + found.moment.query)
            for form, label in (("csv", _("CSV")), ("xlsx", _("Excel")))
        ],
    )


@record.beside("project")
def beside(request: HttpRequest, found: Found) -> Beside:
    """What success of a project means, and how its measures stand, on the page of the project."""
    content = found.content
    if not isinstance(content, office.Project):
        return Beside()
    asking = page.asked_by(request, found.moment)
    definition = then.of_project(asking, content.ref, content.success_definition)
    if definition is None:
        return Beside()
    standing = then.of_definition(asking, definition)
    names = Names.of(request, found.moment).learn([f"project:{content.ref}", *standing.links])
    return Beside(
        {"success": standing},
        {
            "success_columns": _columns(request),
            "success_rows": [_row(request, names, each) for each in standing.measures],
            "success_finals": list(_finals(names, standing)),
            "success_conversion": _conversion(standing),
            "success_ways": _ways(request, names, standing),
        },
    )


def measures_file(request: HttpRequest, name: str) -> HttpResponse:
    """The measures of a success definition as a file, with how each stands."""
    found = record.find(request, "success", name)
    content = found.content
    if not isinstance(content, office.SuccessDefinition):
        raise page.not_here(_("success definition"))
    standing = then.of_definition(page.asked_by(request, found.moment), content)
    names = Names.of(request, found.moment).learn([f"project:{content.project}", *standing.links])
    rows = [_row(request, names, each) for each in standing.measures]
    heads = _columns(request)
    kept = any((row := names.row(link)) and row.label == "national" for link in standing.links)
    sheet = sheets.Sheet(
        "measures",
        _("Measures of success"),
        [each.label for each in heads],
        [[row[each.key] for each in heads] for row in rows],
        kept,
    )
    return sheets.answer(request, found.moment, sheet, {_("Project"): names.title(f"project:{content.project}")})


# --- rows ------------------------------------------------------------------------------------------------------------


def _columns(request: HttpRequest) -> list[Head]:
    return [
        Head("name", _("Measure")),
        Head("baseline", _("Where it began")),
        Head("target", _("Success")),
        Head("by", _("By")),
        *(Head(side, shown.side_name(side)) for side in shown.own_first(request)),
    ]


def _row(request: HttpRequest, names: Names, measure: MeasureThen) -> Row:
    cells = {side: _cell(names, measure, side) for side in shown.own_first(request)}
    return {
        "name": shown.text(measure.name),
        "baseline": _in_unit(measure, measure.baseline),
        "target": _target(measure),
        "by": shown.when(measure.by),
        **cells,
    }


def _in_unit(measure: MeasureThen, value: str | None) -> Any:
    if not value:
        return {"absent": "unknown"}
    unit = f" {measure.unit}" if measure.unit and value[:1].isdigit() else ""
    return shown.text(f"{value}{unit}")


def _target(measure: MeasureThen) -> Any:
    made = _in_unit(measure, measure.target)
    if isinstance(made, dict):
        return made
    if measure.direction == "at-least":
        return escape(_("at least %(value)s")) % {"value": made}
    if measure.direction == "at-most":
        return escape(_("at most %(value)s")) % {"value": made}
    return made


def _cell(names: Names, measure: MeasureThen, side: str) -> Any:
    """How a measure stands for a side: the state in words, and under it what was found, when, and what is not known."""
    stands, said = measure.of(side), measure.said(side)
    notes: list[Any] = []
    if said is not None:
        found = _found(measure, said)
        day = shown.macro("value", "value", shown.when(said.date))
        notes.append(shown.anchor(names.link(f"measurement:{said.ref}", said=_("%(found)s on %(day)s", found=found,
                                                                           day=day.striptags()))))  # fmt: skip
    if late := _in_time(stands):
        notes.append(late)
    if stands.why:
        notes.append(_(stands.why))
    if stands.closer == "no" and stands.state in ("on-way", "missed"):
        notes.append(_("no nearer to the target than where it began"))
    return shown.with_note(_(STATES[stands.state]), shown.joined(notes, "; ") or "")


def _in_time(stands: SideThen) -> str:
    if stands.state != "reached" or stands.in_time == "yes":
        return ""
    return _("after its date") if stands.in_time == "no" else _("not known whether by its date")


def _found(measure: MeasureThen | None, said: Said) -> str:
    if said.value is not None:
        return f"{said.value} {measure.unit}" if measure and measure.unit else said.value
    return words.word(said.found or said.final or "unknown")


def _measured_heads() -> list[Head]:
    return [
        Head("on", _("On")),
        Head("side", _("Side"), "side"),
        Head("measure", _("Measure")),
        Head("found", _("Measured")),
        Head("office", _("Assessed by")),
        Head("shown", _("What shows it")),
    ]


def _measured(names: Names, standing: SuccessThen) -> Iterator[Row]:
    """Every measurement, the newest first; what counts for nothing says so."""
    every: list[tuple[MeasureThen | None, Said]] = [
        (measure, each) for measure in standing.measures for each in measure.measured
    ]
    every += [(None, each) for each in standing.left_out]
    every.sort(key=lambda one: (When(one[1].date).latest or date.max, one[1].ref), reverse=True)
    for measure, said in every:
        found: Any = names.link(f"measurement:{said.ref}", said=_found(measure, said))
        if said.counts_not:
            found = shown.with_note(found, _("counts for nothing: %(why)s", why=_why_not(said.counts_not)))
        yield {
            "on": shown.when(said.date),
            "side": said.side,
            "measure": shown.text(measure.name if measure else said.measure or _("the whole")),
            "found": found,
            "office": names.link(f"office:{said.office}"),
            "shown": shows(names, said.evidence, said.document),
        }


def _why_not(rule: str) -> str:
    return {
        "reading-assessor": _("the success definition names another office"),
        "reading-measure": _("the success definition has no such measure"),
        "reading-unit": _("it is in another unit"),
    }.get(rule, _("it does not fit the measure"))


def shows(names: Names, evidence: str | None, document: str | None) -> Any:
    """What shows something: a record, a paper that is none, or both."""
    made: list[Any] = [shown.anchor(names.link(evidence))] if evidence else []
    made += [shown.text(document)] if document else []
    return shown.joined(made, "; ") or "–"


def _finals(names: Names, standing: SuccessThen) -> Iterator[Fact]:
    for each in standing.assessed:
        said = each.said[-1]
        words_of = shown.with_note(
            _(_FINAL[each.final]),
            shown.joined(_assessed(names, said), "; "),
        )
        yield Fact(shown.side_name(each.side), words_of)


def _assessed(names: Names, said: Said) -> list[Any]:
    """Who assessed the whole, when, and for what reasons."""
    who, day = shown.anchor(names.link(f"office:{said.office}")), shown.macro("value", "value", shown.when(said.date))
    return [who, day, *([shown.text(said.note)] if said.note else [])]


def _conversion(standing: SuccessThen) -> str:
    if not standing.converted:
        return ""
    if standing.conversion_counts:
        return _("The project was converted to a purchase, which the success definition counts as success.")
    return _("The project was converted to a purchase, which the success definition does not count as success.")


def _ways(request: HttpRequest, names: Names, standing: SuccessThen) -> list[Link]:
    """The forms by which whoever looks can add to it."""
    row = names.row(f"project:{standing.project}")
    if row is None or not own_reports.may(request, "measurement", row):
        return []
    ways = [Link(_("Add a reading"), reverse("project-reading", args=[row.code]))]
    if own_reports.is_assessor(request, standing):
        ways.append(Link(_("Give the final assessment"), reverse("project-assessment", args=[row.code])))
    return ways


def chart(request: HttpRequest, subject: str, standing: SuccessThen) -> Any:
    """What was measured against baseline and target; None where no measure is a number."""
    measures = tuple(_drawn(each) for each in standing.measures if each.counted)
    if not measures:
        return None
    mine = page.node_of(request).side
    data = readings.Readings(figures.said(subject), date.fromisoformat(standing.on), measures)

    def draw(width: float) -> Chart:
        return readings.draw(data, figures.language(), width=width, own=mine)

    return figures.figure(draw, figures.WIDE, _("Measured against the target"))


def _drawn(measure: MeasureThen) -> readings.Measure:
    return readings.Measure(
        name=figures.said(measure.name),
        unit=figures.said(measure.unit) if measure.unit else None,
        baseline=measure.baseline if then.is_figure(measure.baseline) else None,
        target=measure.target or "0",
        at_most=measure.direction == "at-most",
        by=placed(measure.by),
        measured=tuple(_points(measure.measured)),
    )


def _points(measured: Sequence[Said]) -> Iterator[readings.Measured]:
    for each in measured:
        on = placed(each.date)
        if each.value is not None and on is not None and each.side in ("IND", "USA"):
            yield readings.Measured("USA" if each.side == "USA" else "IND", on, each.value)


PATTERNS: Final[list[URLPattern]] = [
    path(f"success/<slug:name>/measures.{form}", measures_file, name=f"success-measures-{form}")
    for form in sheets.FORMS
]
