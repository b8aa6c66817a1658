"""The page of a source with everything that cites it, and of a difference between sources. Holds no rule."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from dtti.programme import walk
from dtti.programme.kind import Content
from dtti.programme.kinds.difference import Difference
from dtti.programme.values import Cite, CitedPlace

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


def places(content: Content) -> Iterator[CitedPlace]:
    """Where in its sources a content stands, the whole of it and its rows."""
    for _path, row in walk.rows(content):
        cite: Cite | None = getattr(row, "cite", None)
        yield from cite.places if cite else ()


@record.own_page("source")
def source(request: HttpRequest, found: Found) -> HttpResponse:
    """A source, with every record that cites it and how firmly."""
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    citing = [
        {
            "name": names.link(f"{row.kind}:{row.ref}"),
            "kind": words.plural(row.kind),
            "where": shown.with_note(
                _("the whole") if content.cite and found.row.ref in content.cite.sources else _("a part of it"),
                Markup("; ").join(
                    dict.fromkeys(shown.place(each) for each in places(content) if each.source == found.row.ref)
                ),
            ),
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
