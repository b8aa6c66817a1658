"""The projects: a board by stage, and a table; filters in the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the customary name of the marker

from dtti.node.record import read
from dtti.programme.kinds.project import SHOWN_STAGES
from dtti.web import page
from dtti.web.page import route
from dtti.web.states import noted, state_of

from . import lists, shown
from .lists import Column, Listing
from .project import shown_stage, stage_words

FILTERS = (
    ("domain", N_("Domain")),
    ("category", N_("Kind of project")),
    ("status", N_("Outcome or last statement")),
    ("body", N_("Body")),
    ("grade", N_("Grade")),
    ("court", N_("Waiting on")),
)
TABLE = Listing(
    "project",
    N_("Every project named under the initiative or for it, and every one that is worked on here."),
    (
        Column(N_("Project"), lists.name_cell, order="title"),
        Column(N_("Kind of project"), lists.code_cell("category")),
        Column(N_("Domain"), lists.code_cell("domain")),
        Column(N_("Outcome or last statement"), lists.code_cell("status"), order="status"),
        Column(N_("First named"), lists.date_cell, order="earliest"),
        Column(N_("Body"), lists.link_cell("body")),
        Column(N_("Grade"), lists.grade_cell),
    ),
    filters=FILTERS,
    links=lambda row, content: (f"body:{row.body}",) if row.body else (),
    years=True,
    views=((N_("Board"), "projects-board"),),
)


def table(request: HttpRequest) -> HttpResponse:
    """All projects as a table."""
    return lists.listing(request, TABLE)


def _card(request: HttpRequest, row: read.Listed, moment: page.Moment, mine: str) -> dict[str, Any]:
    state = state_of(row, mine, moment.instant) or {}
    return {
        "title": shown.marked(request, row, row.title or row.ref),
        "url": page.url_of(row) + moment.query,
        "ref": row.ref,
        "on": state.get("on"),
        "days": state.get("days"),
        "state": state.get("why"),
        "grade": row.grade,
        "note": noted(row, mine),
        "record": row.record,
    }


def board(request: HttpRequest) -> HttpResponse:
    """Projects in the columns of the seven stages; those without a recorded stage by what became of them."""
    moment = page.moment(request)
    node, viewer = page.node_of(request), page.viewer_of(request)
    asked = {name: request.GET[name][:200] for name, _label in FILTERS if request.GET.get(name)}
    rows = read.listing(node, viewer, "project", filters=asked, count=500, known=moment.bound).rows
    columns: list[dict[str, Any]] = [{"title": stage_words(name), "cards": []} for name, _first in SHOWN_STAGES]
    unstaged: list[read.Listed] = []
    for row in rows:
        place = shown_stage(row.stage)
        if place < 0:
            unstaged.append(row)
        else:
            columns[place]["cards"].append(_card(request, row, moment, node.side))
    by_outcome: dict[str, list[dict[str, Any]]] = {}
    for row in unstaged:
        by_outcome.setdefault(row.status or "unknown", []).append(_card(request, row, moment, node.side))
    from . import words

    outcomes = [{"title": words.word(status), "cards": cards} for status, cards in sorted(by_outcome.items())]
    return page.answer(
        request,
        "project/board.html",
        {"stages": columns, "unstaged": outcomes, "total": len(rows), "asked": asked},
        ways=[
            {"label": _("Board"), "url": reverse("projects-board") + moment.query, "current": True},
            {"label": _("List"), "url": reverse("projects") + moment.query, "current": False},
        ],
        crumbs=shown.crumbs(moment, (_("Projects"), None)),
        begin=reverse("start", args=["projects"]) if viewer.person else None,
    )


PATTERNS: list[URLPattern] = [
    *route("projects/", table, "projects"),
    *route("projects-board/", board, "projects-board"),
]
