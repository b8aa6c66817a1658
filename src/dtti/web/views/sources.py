"""Sources with everything that cites them, and the differences between them. Holds no rule."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from dtti.programme.kinds.difference import Difference

from . import lists, record, shown, words
from .codes import N_
from .lists import Column, Listing
from .record import Found
from .shown import Names
from .words import _

SOURCES = Listing(
    kind="source",
    lede=N_("Every public document and report that the record cites."),
    columns=(
        Column(N_("Source"), lists.name_cell, order="title"),
        Column(N_("Reference"), lambda names, row, content: row.ref, order="ref"),
        Column(N_("Publisher"), lists.text_cell("subtitle")),
        Column(N_("Published"), lists.date_cell, order="earliest"),
        Column(N_("Type"), lists.code_cell("category")),
    ),
    filters=(("category", N_("Type")),),
    order="title",
    years=True,
)


def _touches(names: Names, difference: Difference) -> Any:
    return names.links(difference.records)


DIFFERENCES = Listing(
    kind="difference",
    lede=N_("Where sources disagree, every statement is kept, and which is preferred and why."),
    columns=(
        Column(N_("Subject"), lists.name_cell, order="title"),
        Column(N_("State"), lists.code_cell("status"), order="status"),
        Column(N_("Statements"), lists.held(lambda names, difference: len(difference.claims)), kind="number"),
        Column(N_("What it touches"), lists.held(_touches)),
        Column(N_("Source"), lists.held(lambda names, difference: names.cite(difference.cite))),
        lists.GRADE,
    ),
    filters=(("status", N_("State")),),
    links=lambda row, content: shown.links_of([content]) if content else (),
    contents=True,
    order="status",
)


def sources(request: HttpRequest) -> HttpResponse:
    """The list of sources."""
    return lists.listing(request, SOURCES)


def differences(request: HttpRequest) -> HttpResponse:
    """The list of differences between sources."""
    return lists.listing(request, DIFFERENCES)


@record.own_page("difference")
def difference(request: HttpRequest, found: Found) -> HttpResponse:
    """A difference: its statements side by side, which is preferred, and why or why none is."""
    content = found.content
    if not isinstance(content, Difference):
        raise TypeError(type(content))
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    rows = [
        {
            "value": shown.text(claim.text),
            "cite": names.cite(claim.cite or content.cite),
            "preferred": claim.key == content.preferred,
        }
        for claim in content.claims
    ]
    return record.answer(
        request,
        "pages/difference.html",
        found,
        near,
        names,
        skip=("subject", "claims", "why", "preferred", "status", "records"),
        rows=rows,
        why=shown.text(content.why),
        touches=[shown.anchor(names.link(link)) for link in content.records],
    )


@record.own_page("source")
def source(request: HttpRequest, found: Found) -> HttpResponse:
    """A source, with every record that cites it and how firmly."""
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    citing = [
        {
            "name": names.link(f"{row.kind}:{row.ref}"),
            "kind": words.plural(row.kind),
            "where": _("the whole") if content.cite and found.row.ref in content.cite.sources else _("a part of it"),
            "others": names.cite(content.cite) or "–",
        }
        for row, content in near.pointing
    ]
    return record.answer(
        request,
        "pages/source.html",
        found,
        near,
        names,
        skip=("title",),
        apart=tuple({row.kind for row, _content in near.pointing}),
        citing=citing,
        columns=[
            {"key": "name", "label": _("Record")},
            {"key": "kind", "label": _("Kind")},
            {"key": "where", "label": _("Cited for")},
            {"key": "others", "label": _("All its sources")},
        ],
    )
