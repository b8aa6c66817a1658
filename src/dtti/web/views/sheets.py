"""A list as a file: CSV or an Excel workbook of the rows that the page shows, all of them, under its filters.

What a page shows in a cell stands in the sheet: a day as a day, a number as a number, anything else as its words. Who
took out what is entered in the reading and export log. Knows cells; no kind of record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from markupsafe import Markup

from dtti.accord.refusal import Refused, refuse
from dtti.documents.sheet import numbers
from dtti.documents.sheet.table import Cell, CellType, Origin, Table, TableColumn
from dtti.documents.values import Language
from dtti.documents.values import Words as Said
from dtti.node.people import reading
from dtti.node.people.models import Person
from dtti.programme.values import Money, When
from dtti.web import page
from dtti.web.page import Moment, View
from dtti.web.parts import Link
from dtti.web.requests import PageRequest

from . import shown, words
from .words import _

FORMS: Final = ("csv", "xlsx")
MOST: Final = 20_000  # rows of one file
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Sheet(msgspec.Struct, frozen=True):
    """A list to be taken out: its name, the headings of its columns, its rows.

    Cells are as `value()` takes them, or a When, a number or a Money. `kept`: it holds what was not released.
    """

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    kept: bool = False


def routes(address: str, view: View, name: str, **given: str) -> list[URLPattern]:
    """The addresses of a list, its `.json` twin and its files."""
    files = [path(f"{address.rstrip('/')}.{form}", view, given, name=f"{name}-{form}") for form in FORMS]
    return [*page.route(address, view, name, **given), *files]


def form_of(request: HttpRequest) -> str:
    """The form of file that an address asks for; empty where it asks for the page."""
    form = request.path_info.rpartition(".")[2]
    return form if form in FORMS else ""


def links(request: HttpRequest, name: str) -> list[Link]:
    """The ways to take out the list that a page shows a stretch of, with its filters."""
    asked = request.GET.copy()
    asked.pop("page", None)
    query = f"?{asked.urlencode()}" if asked else ""
    try:
        return [
            Link(label, reverse(f"{name}-{form}") + query)
            for form, label in zip(FORMS, (_("CSV"), _("Excel")), strict=True)
        ]
    except NoReverseMatch:
        return []


def check_length(total: int) -> None:
    """Refused where a list is longer than one file may be."""
    if total > MOST:
        raise Refused(
            refuse(
                "list-file",
                f"this list has {total} rows, and a file takes {MOST}",
                "Narrow the list, by year for example, and take out each part.",
            )
        )


def answer(request: HttpRequest, moment: Moment, sheet: Sheet, asked: Mapping[str, str]) -> HttpResponse:
    """The file that was asked for; it is entered in the reading and export log."""
    from dtti.documents.sheet.write_csv import write_csv
    from dtti.documents.sheet.write_xlsx import write_xlsx  # here, since it is large and most pages are no files

    check_length(len(sheet.rows))
    form, language = form_of(request), cast(Language, words.language())
    made = (write_xlsx if form == "xlsx" else write_csv)(_table(request, moment, sheet, asked, language), language)
    wanted = cast(PageRequest, request)
    if isinstance(wanted.user, Person):
        reading.note(reading.Reader(wanted.user, wanted.seat), request.get_full_path(), export=True)
    response = HttpResponse(made, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _table(request: HttpRequest, moment: Moment, sheet: Sheet, asked: Mapping[str, str], language: Language) -> Table:
    config = page.node_of(request).config
    notes = [_("Rows as on the page, under its filters. An empty cell: not known, or nothing to say.")]
    if asked:
        told = "; ".join(f"{name}: {value}" for name, value in asked.items())
        notes.append(_("Narrowed to: %(filters)s", filters=told))
    if moment.known:
        notes.append(_("As known on %(day)s.", day=moment.known))
    origin = Origin(
        _said(sheet.title, language),
        source=_said(config.name or config.programme.upper(), language),
        as_of=moment.today.isoformat(),
        marking=_("National, not released") if sheet.kept else "",
        notes=tuple(_said(note, language) for note in notes),
    )
    columns: list[TableColumn] = []
    cells: list[list[Cell]] = []
    for at, head in enumerate(sheet.heads):
        for name, type_, values in _columns(head, [row[at] for row in sheet.rows]):
            columns.append(TableColumn(_said(name, language), type_))
            cells.append(values)
    return Table(tuple(columns), list(zip(*cells, strict=True)), origin)


def _said(text: str, language: Language) -> Said:
    return Said(hi=text) if language == "hi" else Said(en=text)


def _columns(head: str, values: Sequence[Any]) -> Iterable[tuple[str, CellType, list[Cell]]]:
    """A column of the page as one of the sheet; sums as they read, and beside them as sums."""
    there = [value for value in values if not _nothing(value)]
    if there and all(isinstance(value, When) for value in there):
        yield head, "date", [None if _nothing(value) else str(value) for value in values]
    elif there and all(isinstance(value, int) and not isinstance(value, bool) for value in there):
        yield head, "number", [None if _nothing(value) else value for value in values]
    else:
        yield head, "text", [_plain(value) for value in values]
    if any(isinstance(value, Money) for value in there):
        sums = [numbers.Money(each.amount, each.currency) if isinstance(each, Money) else None for each in values]
        yield f"{head} ({_('exact')})", "money", list(sums)


def _nothing(value: Any) -> bool:
    return value in (None, "", "–") or (isinstance(value, Mapping) and value.get("absent") == "unknown")


def _plain(value: Any) -> str | None:
    """The words of a cell, as the page shows them."""
    if _nothing(value):
        return None
    if isinstance(value, When):
        value = shown.when(value)
    elif isinstance(value, Money):
        value = shown.figure(value)
    said = shown.drawn(value)
    # A smaller line under a value stands behind it.
    return "; ".join(part.striptags() for part in said.split("<br>")) if isinstance(said, Markup) else str(said)
