"""The page of a source with everything that cites it, and of a difference between sources. Holds no rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dtti.programme.kinds.difference import Difference

from . import record, shown, words
from .record import Found
from .words import _


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
