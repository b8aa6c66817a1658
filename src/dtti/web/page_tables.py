"""Every table and chart of a page as a file: as shown there, filtered and asked as of the same times, by the same view.

`?tables=` behind the address of a page lists both; `?tables=2.xlsx` is its second table as a file, `?tables=1.svg` its
first chart. They are read from the page itself, so that a file can say nothing that the page does not. Knows HTML as
the templates write it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Final, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refused
from dtti.documents.sheet.table import Cell, Origin, Table, TableColumn
from dtti.documents.values import Language, Words

from . import page
from .parts import Link
from .views import words
from .views.entries import download, log

if TYPE_CHECKING:
    from lxml import html

_TABLES: Final = "//main//table[caption]"
_ASKED: Final = re.compile(r"(\d{1,3})\.(csv|xlsx|svg)\Z")
_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FIGURE: Final = re.compile(r'<figure class="chart".*?</figure>', re.DOTALL)
_CAPTION: Final = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_DRAWING: Final = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_MARK: Final = re.compile(r"<[^>]*>")
_NUMBER: Final = re.compile(r"-?[\d,]{1,20}\Z")


class TablesMiddleware:
    """Answers `?tables=` on any page with its tables; every other request goes through untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, or its tables where they are asked for."""
        kept = page.copied(request)
        response = self.get_response(request) if kept is None or kept.answer is None else kept.answer
        if kept is not None:
            kept.answer = response
        if (
            "tables" not in request.GET
            or request.method != "GET"
            or response.status_code != 200
            or not isinstance(response, HttpResponse)
            or not response.get("Content-Type", "").startswith("text/html")
        ):
            return response
        found, charts = _parts(response) if kept is None or kept.parts is None else kept.parts
        if kept is not None:
            kept.parts = found, charts
        asked = _ASKED.match(request.GET["tables"])
        if asked is None:
            return _listed(request, found, charts)
        number = int(asked[1])
        if asked[2] == "svg" and 1 <= number <= len(charts):
            log(request, "")
            return download(charts[number - 1][1].encode(), f"{_name(request)}-{number}.svg", "image/svg+xml")
        if asked[2] == "svg" or not 1 <= number <= len(found):
            return response
        from dtti.documents.sheet.write_csv import write_csv
        from dtti.documents.sheet.write_xlsx import write_xlsx

        form = asked[2]
        try:
            made = (write_xlsx if form == "xlsx" else write_csv)(_table(request, found[number - 1]), _language())
        except Refused as refused:  # a cell longer than a sheet holds
            return page.refused(request, refused.refusals, 422)
        log(request, "")
        return download(made, f"{_name(request)}-{number}.{form}", _MEDIA[form])


def _parts(response: HttpResponse) -> tuple[list[html.HtmlElement], list[tuple[str, str]]]:
    """The tables and charts of a page."""
    from lxml import html  # costs a page that is not asked for its tables nothing

    source = response.content.decode()
    return cast("list[html.HtmlElement]", html.fromstring(source).xpath(_TABLES)), _charts(source)


def _language() -> Language:
    return "hi" if words.language() == "hi" else "en"


def _said(text: str) -> Words:
    return Words(hi=text) if _language() == "hi" else Words(en=text)


def _name(request: HttpRequest) -> str:
    """What a file of a page is called: the words of its address."""
    return re.sub(r"[^a-z0-9]+", "-", request.path_info.lower()).strip("-")[:80] or "page"


def _charts(source: str) -> list[tuple[str, str]]:
    """The charts of a page, each its caption and its drawing: SVG that refers to nothing outside itself."""
    found = [(_CAPTION.search(each), _DRAWING.search(each)) for each in _FIGURE.findall(source)]
    return [(unescape(_MARK.sub("", caption[1])), drawing[0]) for caption, drawing in found if caption and drawing]


def _listed(request: HttpRequest, found: list[html.HtmlElement], charts: list[tuple[str, str]]) -> HttpResponse:
    """The tables and charts of a page, each with the files it comes as."""
    asked = request.GET.copy()
    rows = []
    for number, each in enumerate(found, 1):
        links = []
        for form, label in (("csv", "CSV"), ("xlsx", "Excel")):
            asked["tables"] = f"{number}.{form}"
            links.append(Link(label, f"{request.path}?{asked.urlencode()}"))
        rows.append({"title": _caption(each), "count": len(each.xpath("./tbody/tr")), "links": links})
    drawn = []
    for number, (caption, _drawing) in enumerate(charts, 1):
        asked["tables"] = f"{number}.svg"
        drawn.append({"title": caption, "links": [Link("SVG", f"{request.path}?{asked.urlencode()}")]})
    del asked["tables"]
    back = f"{request.path}?{asked.urlencode()}" if asked else request.path
    title = _("Tables of this page")
    return page.answer(
        request, "pages/tables.html", {"tables": len(rows)}, rows=rows, drawn=drawn, back=back, title=title
    )


def _caption(table: html.HtmlElement) -> str:
    return _plain(table.find("caption"))


def _plain(element: html.HtmlElement | None) -> str:
    """What a reader sees of an element: without what is there for readers of the screen alone, and without signs."""
    if element is None:
        return ""
    parts = element.xpath(".//text()[not(ancestor::*[contains(@class, 'vh')]) and not(ancestor::svg)]")
    return " ".join(" ".join(str(each) for each in parts).split())


def _table(request: HttpRequest, table: html.HtmlElement) -> Table:
    heads = table.xpath("./thead/tr/th")
    numeric = ["n" in (each.get("class") or "").split() for each in heads]
    rows = [[_plain(cell) for cell in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr|./tfoot/tr")]
    numbers = [
        wanted and all(_NUMBER.match(row[at]) or not row[at] for row in rows if at < len(row))
        for at, wanted in enumerate(numeric)
    ]
    columns = tuple(
        TableColumn(_said(_plain(head) or f"{at}"), "number" if numbers[at - 1] else "text")
        for at, head in enumerate(heads, 1)
    )
    cells: list[list[Cell]] = [
        [_cell(row[at] if at < len(row) else "", number=numbers[at]) for at in range(len(columns))] for row in rows
    ]
    marked = bool(table.xpath(".//*[contains(@class, 'national')]"))
    origin = Origin(
        _said(_caption(table) or _name(request)),
        source=_said(request.get_full_path()),
        marking=_("National, not released") if marked else "",
        notes=(_said(_("Rows as on the page, under its filters. An empty cell: not known, or nothing to say.")),),
    )
    return Table(columns, cells, origin)


def _cell(text: str, *, number: bool) -> Cell:
    if not text or text == "–":
        return None
    return int(text.replace(",", "")) if number else text
