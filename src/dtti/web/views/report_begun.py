"""Beginning a report on an action: the action is found by what it says, and its short form opens. Keeps nothing."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from dtti.node.record import read
from dtti.office import actions as office
from dtti.web import page
from dtti.web.page import Moment, route

from . import acting, actions, shown
from .words import _


def begin(request: HttpRequest) -> HttpResponse:
    """Choose what to report on: what the office of the seat taken has to do stands first."""
    asking = acting.as_page(request)
    if not asking.viewer.person:
        raise page.not_here(_("form"))
    acting.ask(asking, "write_draft:state", actions.REPORT)
    said = request.GET.get("q", "").strip()[:200]
    state = read.state(asking.node, asking.viewer, asking.seat.office) if asking.seat else None
    rows = office.to_report(page.asked_by(request, Moment()), said, state[0].ref if state else "")
    names = actions.named(request, Moment(), rows)
    rows = [row for row in rows if actions.report_url(names, row)]
    start = (page.number(request, "page", 1, most=20_000) - 1) * read.PAGE
    here = rows[start : start + read.PAGE]
    return page.answer(
        request,
        "work/report_begun.html",
        {"q": said, "total": len(rows), "rows": here},
        found=[
            {
                "text": actions.line(names, row),
                "owner": shown.lines(actions.owner(names, each) for each in row.owners) or "–",
                "due": actions.due(row),
                "meeting": names.link(f"meeting:{row.meeting}") if row.meeting else "–",
                "way": {"text": _("Report"), "url": actions.report_url(names, row)},
            }
            for row in here
        ],
        pages=shown.rows_page(request, len(rows), start, read.PAGE, len(here)),
        sheet=reverse("bring-in-actions"),
    )


PATTERNS: Final[list[URLPattern]] = route("actions/report/", begin, "report-new")
