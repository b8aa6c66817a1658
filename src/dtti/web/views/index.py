"""The front of the record: its sections with what the viewer sees of each, and the search over all of it. No rule."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from dtti.node.record import lookups, read
from dtti.web import page

from . import lists, shown, words
from .codes import N_
from .shown import Names
from .words import _

#: Two columns of sections, and the pages that tell more of each.
GROUPS: Final[tuple[tuple[tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]], ...], ...]] = (
    (
        (N_("The work"), ("project", "success_definition", "need"), ((N_("Scorecard"), "scorecard"),)),
        (
            N_("What was said and signed"),
            ("instrument", "commitment"),
            ((N_("Statements of Intent compared"), "statements"), (N_("Promises against facts"), "promises")),
        ),
        (
            N_("Trade"),
            ("trade_contract", "trade_claim"),
            ((N_("Contracts against claims"), "trade"), (N_("Trade told twice"), "trade-compared")),
        ),
    ),
    (
        (
            N_("Who meets"),
            ("body", "meeting", "roster", "office", "appointment", "side"),
            ((N_("How often they met"), "cadence"), (N_("Co-chairs on a day"), "co-chairs")),
        ),
        (N_("Around it"), ("constraint", "event"), ()),
        (N_("On what it rests"), ("source", "difference"), ((N_("The two press reports"), "press"),)),
    ),
)


def index(request: HttpRequest) -> HttpResponse:
    """The record: every section, how many records of it this viewer sees, and where more is told."""
    moment = page.moment(request)
    counted = lookups.counts(page.node_of(request), page.viewer_of(request), moment.bound)
    columns: list[list[dict[str, Any]]] = [
        [
            {
                "title": _(title),
                "sections": [
                    {"kind": kind, "count": counted.get(kind, 0), "url": shown.address(page.SECTIONS[kind], moment)}
                    for kind in kinds
                ],
                "more": [{"title": _(label), "url": shown.address(name, moment)} for label, name in more],
            }
            for title, kinds, more in groups
        ]
        for groups in GROUPS
    ]
    data = {"on": moment.on or None, "known": moment.known or None, "columns": columns, "total": sum(counted.values())}
    return shown.show(request, "pages/index.html", data, moment)


def search(request: HttpRequest) -> HttpResponse:
    """Records of any kind in whose text all the words stand, this viewer's alone."""
    moment = page.moment(request)
    asked = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "").strip()
    kind = kind if kind in page.SECTIONS else ""
    number = page.number(request, "page", 1, most=20_000)
    node, viewer = page.node_of(request), page.viewer_of(request)
    found = (
        read.listing(node, viewer, kind, words=asked, start=(number - 1) * read.PAGE, order="title", known=moment.bound)
        if asked
        else read.Page([], 0, 0)
    )
    data = {"q": asked, "kind": kind or None, "total": found.total, "rows": found.rows}
    if page.wants_json(request):
        return page.answer(request, "pages/search.html", data)
    names = Names.of(request, moment).learn(link for row in found.rows for link in shown.called_after(row))
    blank = {"value": "", "label": _("all")}
    kinds = [{"value": each, "label": words.plural(each)} for each in page.SECTIONS]
    return shown.show(
        request,
        "pages/search.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Search"), None)),
        fields=[
            {"name": "q", "label": _("Words"), "kind": "search", "value": asked},
            {"name": "kind", "label": _("Kind"), "kind": "select", "value": kind, "options": [blank, *kinds]},
        ],
        kept=shown.kept(moment),
        columns=[
            {"key": "title", "label": _("Record")},
            {"key": "kind", "label": _("Kind")},
            {"key": "date", "label": _("Date")},
            {"key": "grade", "label": _("Grade")},
        ],
        cells=[
            {
                "title": lists.name_cell(names, row, None),
                "kind": words.plural(row.kind),
                "date": lists.date_cell(names, row, None) if row.earliest or row.latest else "–",
                "grade": lists.grade_cell(names, row, None),
            }
            for row in found.rows
        ],
        pages=shown.rows_page(request, found.total, found.start, read.PAGE, len(found.rows)),
    )
