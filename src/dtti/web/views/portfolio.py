"""All projects on one page: along time, who is awaited, how long in each stage, how promises moved; and on paper."""

from __future__ import annotations

from typing import Final, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from dtti.documents.values import SIDES
from dtti.documents.words import Reading
from dtti.node.people import reading
from dtti.node.people.models import Person
from dtti.office import pipeline as office
from dtti.office.papers import portfolio as paper
from dtti.programme.standing import Dormant, rules
from dtti.web import page
from dtti.web.page import route
from dtti.web.parts import Way
from dtti.web.requests import PageRequest

from . import projects, shown, words
from .entries import download
from .papers_row import READINGS
from .project import stage_words
from .shown import Names


class Portfolio(msgspec.Struct, frozen=True):
    """The portfolio as a page shows it and JSON gives it; `dormant`: after how many days a project is shown so."""

    on: str
    total: int
    ageing: list[office.Ageing]
    awaited: dict[str, int]
    overdue: list[str]
    dormant: Dormant


def portfolio(request: HttpRequest) -> HttpResponse:
    """The portfolio, on one page."""
    moment = page.moment(request)
    asking = page.asked_by(request, moment)
    found = office.pipeline(asking, {})
    aged = office.ageing(found)
    on = [each.waited.on for each in found.projects if each.waited]
    data = Portfolio(
        found.on.isoformat(),
        found.total,
        aged,
        {side: on.count(side) for side in SIDES},
        [each.row.ref for each in found.projects if each.overdue],
        rules().dormant,
    )
    if page.wants_json(request):
        return page.answer(request, "project/portfolio.html", data)
    names = Names.of(request, moment)
    live = [each for each in found.projects if each.passed or not each.row.compiled]
    cast(PageRequest, request).not_released = office.inside(asking, found)
    return page.answer(
        request,
        "project/portfolio.html",
        data,
        chart=projects.timeline(request, found, asking),
        columns=projects.columns(),
        rows=projects.rows_of(live, names, found.on),
        published=found.total - len(live),
        ageing_columns=[
            {"key": "stage", "label": _("Stage")},
            {"key": "n", "label": _("Left it, days known"), "kind": "number"},
            {"key": "median", "label": _("Median, in days"), "kind": "number"},
            {"key": "p85", "label": _("85th percentile, in days"), "kind": "number"},
            {"key": "cases", "label": _("Cases, where fewer than five")},
            {"key": "open", "label": _("In it still, in days")},
        ],
        ageing_rows=[_aged(each) for each in aged],
        dormant_said=_(rules().dormant.basis),
        dormant_confidence=words.word(rules().dormant.confidence),
        papers=[
            Way(title, reverse("portfolio-paper", args=[code]) + moment.query, current=False)
            for code, title in (("en", _("English")), ("hi", _("Hindi")), ("both", _("both languages")))
        ],
        ways=[*projects.ways(request, moment, ""), Way(_("Portfolio"), reverse("portfolio"), current=True)],
        crumbs=shown.crumbs(moment, (_("Projects"), "projects"), (_("Portfolio"), None)),
    )


def _aged(found: office.Ageing) -> dict[str, object]:
    few = [*found.left, *found.unsure]
    return {
        "stage": stage_words(found.stage),
        "n": words.grouped(found.n),
        "median": words.grouped(found.median) if found.median is not None else "–",
        "p85": words.grouped(found.p85) if found.p85 is not None else "–",
        "cases": ", ".join(_case(each) for each in few) or "–",
        "open": ", ".join(_case(each) for each in found.open) or "–",
    }


def _case(case: office.Case) -> str:
    return f"{case.ref} {projects.span((case.least, case.most))}"


def on_paper(request: HttpRequest, made_for: str) -> HttpResponse:
    """The portfolio as a PDF of one page; entered in the reading and export log where an official takes it."""
    from dtti.papers import render  # here: it is large, and most pages make no paper

    if made_for not in READINGS:
        raise page.not_here(_("paper"))
    moment = page.moment(request)
    data = paper.portfolio(page.asked_by(request, moment))
    pdf = render.render("portfolio", data, language=cast("Reading", made_for))
    wanted = cast(PageRequest, request)
    if isinstance(wanted.user, Person):
        reading.note(reading.Reader(wanted.user, wanted.seat), request.get_full_path(), export=True)
    return download(pdf, f"portfolio-{made_for}.pdf", "application/pdf")


PATTERNS: Final[list[URLPattern]] = [
    path("portfolio/papers/portfolio.<slug:made_for>.pdf", on_paper, name="portfolio-paper"),
    *route("portfolio/", portfolio, "portfolio"),
]
