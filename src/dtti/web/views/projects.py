"""The projects at once: a board by stage, a table, a timeline; filters in the address; the portfolio on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from dtti.documents.charts.when import placed
from dtti.documents.values import Words
from dtti.office import pipeline as office
from dtti.office.asking import Asking
from dtti.papers.charts import portfolio as charts
from dtti.web import page
from dtti.web.forms import days as written
from dtti.web.page import Moment
from dtti.web.parts import Way
from dtti.web.requests import PageRequest
from dtti.web.states import side_name

from . import figures, lists, sheets, shown, words
from .project import stage_words
from .shown import Names

VIEWS: Final = ("board", "table", "timeline")


class Card(msgspec.Struct, frozen=True):
    """A project among all; `marks`: in words; `since`: since when it is in its stage; `asks`: requests open on it."""

    title: str
    url: str
    ref: str
    on: str | None
    days: int | None
    state: str | None
    grade: str
    note: str | None
    record: str
    stage: str | None
    since: str | None
    in_stage: list[int] | None
    marks: list[str]
    asks: int
    promised: str | None
    slip: int | None
    text: str | None = None


class Stack(msgspec.Struct, frozen=True):
    """A column of the board."""

    title: str
    cards: list[Card]


class Board(msgspec.Struct, frozen=True):
    """The projects as a page shows them and JSON gives them."""

    stages: list[Stack]
    unstaged: list[Stack]
    total: int
    asked: dict[str, str]
    view: str


def _card(request: HttpRequest, found: office.One, moment: page.Moment, today: date, mine: str, names: Names) -> Card:
    row, wait = found.row, found.waited
    now = found.passed[-1] if found.passed else None
    days = found.in_stage(today)
    told = []
    if found.last is not None:
        since = written.said(str(found.last.entered), words.language())
        told.append(_("%(stage)s since %(date)s") % {"stage": words.heading(found.last.stage), "date": since})
    if days is not None:
        told.append(_in_stage(days, found.stage or ""))
    if found.asks:
        told.append(words.many("%(num)s request open", "%(num)s requests open", found.asks))
    return Card(
        shown.marked(request, row, row.title or row.ref),
        page.url_of(row) + moment.query,
        row.ref,
        wait.on if wait else None,
        wait.days if wait else None,
        wait.why if wait else None,
        row.grade,
        names.noted(row, mine),
        row.record,
        found.stage,
        now.entered[0].isoformat() if now and now.left is None else None,
        list(days) if days else None,
        found.stands(words.language()),
        found.asks,
        found.promises[-1].said if found.promises else None,
        found.slip,
        ", ".join(told) or None,
    )


def _in_stage(days: tuple[int, int], stage: str) -> str:
    name = stage_words(stage)
    if days[0] == days[1]:
        return words.many("%(stage)s: %(num)s day", "%(stage)s: %(num)s days", days[0], stage=name)
    return _("%(stage)s: %(least)s to %(most)s days") % {
        "stage": name,
        "least": words.grouped(days[0]),
        "most": words.grouped(days[1]),
    }


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name][:200] for name in office.filters() if request.GET.get(name)}


def board(request: HttpRequest) -> HttpResponse:
    """Projects in the columns of the seven stages, in a table, or along time; those without a stage by outcome."""
    moment = page.moment(request)
    asking = page.asked_by(request, moment)
    asked = _asked(request)
    view = request.GET.get("view", "board")
    view = view if view in VIEWS else "board"
    found = office.pipeline(asking, asked)
    names = Names.of(request, moment)
    names.learn_standing(each.row for each in found.projects)
    cast(PageRequest, request).not_released = office.inside(asking, found)
    if sheets.form_of(request):
        return _file(request, moment, found, asked, names)

    def cards(of: Sequence[office.One]) -> list[Card]:
        return [_card(request, each, moment, found.on, asking.mine, names) for each in of]

    data = Board(
        [Stack(stage_words(name), cards(held)) for name, held in found.staged().items()],
        [Stack(words.word(status), cards(held)) for status, held in found.unstaged().items()],
        found.total,
        asked,
        view,
    )
    if page.wants_json(request):
        return page.answer(request, "project/board.html", data)
    return page.answer(
        request,
        "project/board.html",
        data,
        ways=ways(request, moment, view),
        crumbs=shown.crumbs(moment, (_("Projects"), None)),
        begin=reverse("start", args=["projects"]) if asking.viewer.person else None,
        fields=_fields(request, moment, asked, names),
        kept=shown.kept(moment, view="" if view == "board" else view),
        columns=columns() if view == "table" else [],
        rows=_rows(found, names) if view == "table" else [],
        chart=timeline(request, found, asking) if view == "timeline" else None,
        files=sheets.links(request, "projects-board"),
        portfolio=reverse("portfolio") + moment.query,
    )


def ways(request: HttpRequest, moment: Moment, view: str) -> list[Way]:
    """The ways to look at the projects, each keeping the filters."""
    asked = request.GET.copy()
    titles = {"board": _("Board"), "table": _("Table"), "timeline": _("Timeline")}
    made = []
    for name, title in titles.items():
        asked["view"] = name
        made.append(Way(title, f"{reverse('projects-board')}?{asked.urlencode()}", name == view))
    return [*made, Way(_("List"), reverse("projects") + moment.query, current=False)]


def _fields(request: HttpRequest, moment: Moment, asked: Mapping[str, str], names: Names) -> list[Any]:
    """The filters of the list of projects, the words apart."""
    options = office.choices(page.asked_by(request, moment))
    names.learn({f"{name}:{value}" for name in ("body",) for value, _n in options.get(name, ())})
    return [
        each for each in lists.fields(request, office.PROJECT, asked, options, names, moment) if each.name in options
    ]


def columns() -> list[dict[str, str]]:
    """The columns of the table of projects."""
    return [
        {"key": "project", "label": _("Project")},
        {"key": "stage", "label": _("Stage")},
        {"key": "in_stage", "label": _("Days in this stage"), "kind": "number"},
        {"key": "awaited", "label": _("Who is awaited")},
        {"key": "days", "label": _("Days"), "kind": "number"},
        {"key": "asks", "label": _("Open requests"), "kind": "number"},
        {"key": "promised", "label": _("Promised for"), "kind": "date"},
        {"key": "slip", "label": _("Promise moved by, in days"), "kind": "number"},
        {"key": "state", "label": _("Marked")},
    ]


def _row(one: office.One, names: Names, today: date) -> dict[str, object]:
    wait, days = one.waited, one.in_stage(today)
    return {
        "project": names.link_to(one.row),
        "stage": stage_words(one.stage) if one.stage else {"absent": "unknown"},
        "in_stage": span(days) if days else "–",
        "awaited": side_name(wait.on)[:1].upper() + side_name(wait.on)[1:] if wait else _("no one"),
        "days": words.grouped(wait.days) if wait else "–",
        "asks": words.grouped(one.asks) if one.asks else "–",
        "promised": one.promises[-1].said if one.promises else "–",
        "slip": words.grouped(one.slip) if one.slip is not None else {"absent": "unknown"},
        "state": "; ".join(one.stands(words.language())) or "–",
    }


def span(days: tuple[int, int]) -> str:
    """Days, at least and at most where they are not the same."""
    return words.grouped(days[0]) if days[0] == days[1] else f"{words.grouped(days[0])}–{words.grouped(days[1])}"


def _rows(found: office.Pipeline, names: Names) -> list[dict[str, object]]:
    ordered = [each for held in found.staged().values() for each in held]
    ordered += [each for held in found.unstaged().values() for each in held]
    return rows_of(ordered, names, found.on)


def rows_of(found: Sequence[office.One], names: Names, today: date) -> list[dict[str, object]]:
    """Projects as rows of a table with `columns`."""
    return [_row(each, names, today) for each in found]


def _file(
    request: HttpRequest, moment: Moment, found: office.Pipeline, asked: Mapping[str, str], names: Names
) -> HttpResponse:
    """The projects as a file, its columns as the table shows them."""
    keys = [each["key"] for each in columns()]
    rows = []
    for one, row in zip(found.projects, (_row(each, names, found.on) for each in found.projects), strict=True):
        exact = {
            "project": shown.marked(request, one.row, one.row.title or one.row.ref),
            "promised": office.When(one.promises[-1].said) if one.promises else None,
            "slip": one.slip,
            "days": one.waited.days if one.waited else None,
            "asks": one.asks,
        }
        rows.append([{**row, **exact}[key] for key in keys])
    inside = bool(cast(PageRequest, request).not_released)
    made = sheets.Sheet("pipeline", _("Projects"), [each["label"] for each in columns()], rows, inside)
    return sheets.answer(request, moment, made, dict(asked))


def data_of(subject: Words, found: office.Pipeline, said: Any, called: Any) -> charts.Portfolio:
    """The projects as their chart takes them; those of the public record without a stage stand in no timeline."""
    drawn = [each for each in found.projects if each.passed or not each.row.compiled]
    drawn.sort(key=lambda each: (not each.passed, [one.entered[0] for one in each.passed], each.row.ref))
    return charts.Portfolio(
        subject,
        found.on,
        tuple(
            charts.Project(
                each.row.ref or each.row.code,
                said(called(each.row)),
                tuple(
                    charts.Stay(stay.stage, office.edtf(stay.entered), office.edtf(stay.left) if stay.left else None)
                    for stay in each.passed
                ),
                tuple(said(one) for one in each.stands(words.language())),
                cast("Any", each.waited.on) if each.waited and each.waited.on in ("IND", "USA") else None,
                each.waited.days if each.waited else 0,
                placed(each.promises[-1].said) if each.promises else None,
                each.slip,
            )
            for each in drawn
        ),
    )


def timeline(request: HttpRequest, found: office.Pipeline, asking: Asking, wide: float = figures.WIDE) -> Markup | None:
    """The projects along time, each name a link; None where there are none."""
    subject = Words(en=asking.node.config.programme.upper())
    data = data_of(subject, found, figures.said, lambda row: row.title or row.ref)
    if not data.projects:
        return None
    return figures.figure(
        lambda width: charts.draw(data, figures.language(), width=width, own=asking.mine),
        wide,
        _("Projects with a recorded stage, and those that are worked on here"),
    )


PATTERNS: list[URLPattern] = [
    *sheets.routes("projects-board/", board, "projects-board"),
]
