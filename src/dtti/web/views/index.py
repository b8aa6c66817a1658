"""The front of the record: its sections with what the viewer sees of each, and the search over all of it. No rule."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from dtti.node.record import lookups, read
from dtti.office.standing import standings
from dtti.programme.face import Section
from dtti.programme.kinds import KINDS, placed
from dtti.programme.values import When
from dtti.web import page

from . import list_cells, sheets, shown, way_back, words
from .codes import N_
from .shown import Names
from .words import _

#: Two columns of sections, each with the pages that tell more of it.
SECTIONS: Final[tuple[tuple[tuple[Section, str, tuple[tuple[str, str], ...]], ...], ...]] = (
    (
        ("work", N_("The work"), ((N_("Scorecard"), "scorecard"),)),
        (
            "agreed",
            N_("What was said and signed"),
            ((N_("Statements of Intent compared"), "statements"), (N_("Promises against facts"), "promises")),
        ),
        ("trade", N_("Trade"), ((N_("Contracts against claims"), "trade"), (N_("Trade told twice"), "trade-compared"))),
    ),
    (
        ("meets", N_("Who meets"), ((N_("How often they met"), "cadence"), (N_("Co-chairs on a day"), "co-chairs"))),
        ("around", N_("Around it"), ()),
        ("rests", N_("On what it rests"), ((N_("The two press reports"), "press"), (N_("Ask the record"), "ask"))),
    ),
)


def index(request: HttpRequest) -> HttpResponse:
    """The record: every section, how many records of it this viewer sees, and where more is told.

    Who has not signed in begins none, and is shown no kind of which there is nothing to see.
    """
    moment = page.moment(request)
    counted = lookups.counts(page.node_of(request), page.viewer_of(request), moment.bound)
    columns = [
        [
            {
                "title": _(title),
                "sections": [
                    {
                        "kind": kind.code,
                        "count": counted.get(kind.code, 0),
                        "url": shown.address(kind.face.address, moment),
                    }
                    for kind in placed()
                    if kind.face.section == section and (counted.get(kind.code) or page.viewer_of(request).person)
                ],
                "more": [{"title": _(label), "url": shown.address(name, moment)} for label, name in more],
            }
            for section, title, more in sections
        ]
        for sections in SECTIONS
    ]
    data = {"on": moment.on or None, "known": moment.known or None, "columns": columns, "total": sum(counted.values())}
    return shown.show(request, "pages/index.html", data, moment)


def search(request: HttpRequest) -> HttpResponse:
    """Records of any kind in whose text all the words stand, this viewer's alone."""
    moment = page.moment(request)
    asked = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "").strip()
    kind = kind if kind in KINDS else ""
    number = page.number(request, "page", 1, most=20_000)
    node, viewer = page.node_of(request), page.viewer_of(request)
    start, count = ((number - 1) * read.PAGE, read.PAGE) if not sheets.form_of(request) else (0, sheets.MOST)
    found = (
        read.listing(node, viewer, kind, words=asked, start=start, count=count, order="title", known=moment.bound)
        if asked
        else read.Page([], 0, 0)
    )
    data: dict[str, object] = {"q": asked, "kind": kind or None, "total": found.total, "rows": found.rows}
    if page.wants_json(request):
        data["stands"] = standings(page.asked_by(request, moment), found.rows)
        return page.answer(request, "pages/search.html", data)
    names = Names.of(request, moment).learn(link for row in found.rows for link in shown.called_after(row))
    names.learn_standing(found.rows)
    names.back = way_back.carried(request, way_back.SEARCH)
    heads = (("title", _("Record")), ("kind", _("Kind")), ("date", _("Date")), ("grade", _("Grade")))
    if sheets.form_of(request):
        sheets.check_length(found.total)
        rows = [
            [
                list_cells.name_cell(names, row, None),
                words.plural(row.kind),
                When.within(row.earliest, row.latest),
                list_cells.standing_cell(names, row, None),
            ]
            for row in found.rows
        ]
        kept = any(row.label == "national" for row in found.rows)
        narrowed = {_("Words"): asked, **({_("Kind"): words.plural(kind)} if kind else {})}
        made = sheets.Sheet("search", _("Search"), [label for _key, label in heads], rows, kept)
        return sheets.answer(request, moment, made, narrowed)
    blank = {"value": "", "label": _("all")}
    kinds = [{"value": each.code, "label": words.plural(each.code)} for each in placed()]
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
        columns=[{"key": key, "label": label} for key, label in heads],
        cells=[
            {
                "title": list_cells.name_cell(names, row, None),
                "kind": words.plural(row.kind),
                "date": list_cells.date_cell(names, row, None) if row.earliest or row.latest else "–",
                "grade": list_cells.standing_cell(names, row, None),
            }
            for row in found.rows
        ],
        pages=shown.rows_page(request, found.total, found.start, read.PAGE, len(found.rows)),
        files=sheets.links(request, "search") if found.rows else [],
    )
