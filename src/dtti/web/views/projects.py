"""The projects: a board by stage; filters in the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.node.record import read
from dtti.programme.kinds.project import PROJECT, SHOWN_STAGES
from dtti.web import page
from dtti.web.page import route
from dtti.web.states import noted, state_of

from . import shown
from .project import shown_stage, stage_words


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
    asked = {name: request.GET[name][:200] for name, _label in PROJECT.face.filters if request.GET.get(name)}
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
    *route("projects-board/", board, "projects-board"),
]
