"""Lists of records: filters, words and pages in the address, fifty rows, the same few queries whatever their number.

A list is what the face of its kind says: its columns, what it can be narrowed by. Knows no kind, no report, no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from markupsafe import Markup, escape

from dtti.accord.refusal import Refused, refuse
from dtti.node.record import lookups, read, then
from dtti.node.record.read import Listed
from dtti.programme.face import NAME, Column, Noted
from dtti.programme.facets import LINKS, Columns, used
from dtti.programme.kind import Content, Kind
from dtti.programme.kinds import KINDS
from dtti.programme.values import Money, When
from dtti.web import page
from dtti.web.page import Moment
from dtti.web.parts import Field, Head, Option, Way

from . import facts, sheets, shown, way_back, words
from .codes import N_
from .shown import Names
from .words import _


def listing(request: HttpRequest, code: str) -> HttpResponse:
    """The list of a kind, and its JSON."""
    wanted = KINDS[code]
    moment = page.moment(request)
    asked = asked_for(request, wanted)
    if sheets.form_of(request):
        return _file(request, wanted, moment, asked)
    if page.wants_json(request):
        return page.answer(request, "pages/list.html", _found(request, wanted, moment, asked))
    node, viewer = page.node_of(request), page.viewer_of(request)
    # The list is drawn once for all who see the same of it, until the record changes; the frame around it each time.
    question = (wanted.code, request.get_full_path(), words.language(), then.seeing(viewer))
    drawn = node.projection.kept(question, lambda: _drawn(request, wanted, moment, asked))
    return page.answer(
        request,
        "pages/list.html",
        {},
        drawn=drawn,
        title=words.plural(wanted.code),
        lede=_(wanted.face.lede),
        crumbs=shown.crumbs(moment, (words.plural(wanted.code), None)),
    )


class Found(msgspec.Struct, frozen=True):
    """The rows of a list that an address asks for."""

    kind: str
    asked: Mapping[str, str]
    on: str | None
    known: str | None
    total: int
    first: int
    rows: list[Listed]


def _file(request: HttpRequest, wanted: Kind[Any], moment: Moment, asked: Mapping[str, str]) -> HttpResponse:
    """The whole list as a file, its columns as the page shows them."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found = _found(request, wanted, moment, asked, count=sheets.MOST)
    sheets.check_length(found.total)
    rows = found.rows
    held = lookups.contents(node, viewer, [row.record for row in rows], moment.bound) if _looks(wanted) else {}
    names = Names.of(request, moment)
    names.learn({link for row in rows for link in _links(wanted, row, held.get(row.record))})
    made = sheets.Sheet(
        wanted.face.address,
        words.plural(wanted.code),
        [_(column.label) for column in wanted.face.columns],
        [[_exact(names, row, held.get(row.record), each) for each in wanted.face.columns] for row in rows],
        any(row.label == "national" for row in rows),
    )
    labels = {**dict(wanted.face.filters), "q": N_("Words"), "year": N_("Year")}
    said = {
        _(labels[name]): value if name in ("q", "year") else _said(names, name, value) for name, value in asked.items()
    }
    return sheets.answer(request, moment, made, said)


def _looks(wanted: Kind[Any]) -> bool:
    """Whether the columns of a list are read from contents."""
    return any(column.field or column.of for column in wanted.face.columns)


def _exact(names: Names, row: Listed, content: Content | None, column: Column) -> Any:
    """A cell for a file: a day, a number or a sum itself where the page shows one, else as the page shows it."""
    if column.shows == "date":
        return edtf(row.earliest, row.latest)
    if content is not None and column.of:
        value = column.of(content, names.moment.today)
        return value if isinstance(value, int | When) else _computed(value)
    for path in _paths(column) if content is not None and not column.shows else ():
        _shape, several, _kind, value = _field(content, path)
        if value not in (None, ()):
            return (
                value if not several and isinstance(value, When | int | Money) else _cell(names, row, content, column)
            )
    return _cell(names, row, content, column)


def _found(
    request: HttpRequest, wanted: Kind[Any], moment: Moment, asked: Mapping[str, str], count: int = read.PAGE
) -> Found:
    """The rows that the address asks for, as JSON shows them; `count` at most, from the page asked for on."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    number = page.number(request, "page", 1, most=20_000) if count == read.PAGE else 1
    order, descending = _order(request, wanted)
    year = asked.get("year", "")
    found = lookups.dated(
        node,
        viewer,
        wanted.code,
        first=f"{year}-01-01" if year else "",
        last=f"{year}-12-31" if year else "",
        filters={name: value for name, value in asked.items() if name not in ("q", "year")},
        words=asked.get("q", ""),
        order=order,
        descending=descending,
        start=(number - 1) * read.PAGE,
        count=count,
        known=moment.bound,
    )
    return Found(wanted.code, asked, moment.on or None, moment.known or None, found.total, found.start + 1, found.rows)


def _drawn(request: HttpRequest, wanted: Kind[Any], moment: Moment, asked: Mapping[str, str]) -> Markup:
    """The filters, the rows and the way to further rows."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found = _found(request, wanted, moment, asked)
    rows = found.rows
    order, descending = _order(request, wanted)
    held = lookups.contents(node, viewer, [row.record for row in rows], moment.bound) if _looks(wanted) else {}
    names = Names.of(request, moment)
    names.back = way_back.carried(request, wanted.face.address)
    options = read.facet_values(node, viewer, wanted.code, [name for name, _label in wanted.face.filters], moment.bound)
    if "grade" in options:
        options["grade under notice"] = read.under_notice(node, viewer, wanted.code, moment.bound)
    links = {link for row in rows for link in _links(wanted, row, held.get(row.record))}
    links |= {f"{name}:{value}" for name in LINKS for value, _n in options.get(name, ())}
    names.learn(links)
    heads = columns(request, wanted, order, descending)
    unreadable = read.unreadable(node, viewer, wanted.code, moment.bound) if not asked else []
    context = {
        "unreadable": [{"link": shown.anchor(names.link_to(row)), "row": row} for row in unreadable],
        "title": words.plural(wanted.code),
        "query": moment.query,
        "total": found.total,
        "views": views(request, wanted, moment),
        "columns": heads,
        "cells": laid(heads, (_cells(wanted, names, row, held.get(row.record)) for row in rows)),
        "fields": fields(request, wanted, asked, options, names, moment),
        "kept": shown.kept(moment, order=request.GET.get("order", "")),
        "narrowed": bool(asked),
        "pages": shown.rows_page(request, found.total, found.first - 1, read.PAGE, len(rows)),
        "files": sheets.links(request, wanted.face.address) if rows else [],
    }
    return Markup(render_to_string("pages/list_rows.html", context))  # noqa: S704 - the template escaped it


def _cells(wanted: Kind[Any], names: Names, row: Listed, content: Content | None) -> list[Any]:
    return [_cell(names, row, content, column) for column in wanted.face.columns]


def _links(wanted: Kind[Any], row: Listed, content: Any) -> Iterator[str]:
    """The records that the cells of a row name."""
    yield from shown.called_after(row)
    for column in wanted.face.columns:
        if column.shows in LINKS:
            yield f"{column.shows}:{getattr(row, column.shows)}"
        for path in _paths(column) if content is not None else ():
            shape, several, kind, value = _field(content, path)
            if path == "cite" and value:
                yield from (f"source:{ref}" for ref in value.sources)
            elif shape == "link" and value:
                yield from (each if kind == "*" else f"{kind}:{each}" for each in (value if several else (value,)))


def laid(columns: Sequence[Head], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, list[Any]]]:
    """Rows as the template of lists takes them: the cell that names the row, then label, alignment and cell of each."""
    heads = [(column.label, column.kind == "number") for column in columns]
    return [
        (
            shown.drawn(row[0]),
            [
                (label, number, shown.drawn(cell, number))
                for (label, number), cell in zip(heads[1:], row[1:], strict=True)
            ],
        )
        for row in rows
    ]


def asked_for(request: HttpRequest, wanted: Kind[Any]) -> dict[str, str]:
    """The answers of the address that narrow the list; what is not understood is refused, never ignored in silence."""
    names = [name for name, _label in wanted.face.filters]
    found = {}
    for name in (*names, "q", *(("year",) if wanted.face.years else ())):
        value = request.GET.get(name, "").strip()
        if value:
            found[name] = value[:200]
    year = found.get("year", "")
    if year and not (len(year) == 4 and year.isdecimal() and year.isascii()):
        raise Refused(refuse("year", f"`year` is {year[:40]!r}", "Give a year as 2019."))
    return found


def _order(request: HttpRequest, wanted: Kind[Any]) -> tuple[str, bool]:
    asked = request.GET.get("order", "")
    if not asked:
        return wanted.face.order, wanted.face.descending
    return asked.removeprefix("-"), asked.startswith("-")


def columns(request: HttpRequest, wanted: Kind[Any], order: str, descending: bool) -> list[Head]:
    """The columns as `table()` takes them; headings that order the list are links that keep every other answer."""
    found = []
    for at, column in enumerate(wanted.face.columns):
        sort, ordered = None, None
        if column.order:
            query = request.GET.copy()
            query.pop("page", None)
            query["order"] = f"-{column.order}" if column.order == order and not descending else column.order
            sort = f"?{query.urlencode()}"
            if column.order == order:
                ordered = "descending" if descending else "ascending"
        found.append(Head(str(at), _(column.label), "number" if column.number else "text", sort, ordered))
    return found


def fields(
    request: HttpRequest,
    wanted: Kind[Any],
    asked: Mapping[str, str],
    options: Mapping[str, Sequence[tuple[str, int]]],
    names: Names,
    moment: Moment,
) -> list[Field]:
    """The filter form: words, then one choice for each column that has more than one value."""
    found = [Field("q", _("Words"), "search", asked.get("q", ""))]
    for name, label in wanted.face.filters:
        values = options[name]
        if len(values) > 1 or name in asked:
            under = dict(options.get(f"{name} under notice", ()))
            chosen = [
                Option(
                    value,
                    _("%(what)s (%(n)s, of them suspended or withdrawn from: %(under)s)")
                    % {"what": _said(names, name, value), "n": words.grouped(number), "under": under[value]}
                    if value in under
                    else f"{_said(names, name, value)} ({words.grouped(number)})",
                )
                for value, number in values
            ]
            found.append(choice(name, _(label), chosen, asked))
    if wanted.face.years:
        node, viewer = page.node_of(request), page.viewer_of(request)
        years = lookups.years(node, viewer, wanted.code, moment.bound)
        found.append(choice("year", _("Year"), [Option(year, year) for year in years], asked))
    return found


def choice(name: str, label: str, options: list[Option], asked: Mapping[str, str]) -> Field:
    """One of several, or all, by which a list is narrowed."""
    return Field(name, label, "select", asked.get(name, ""), [Option("", _("all")), *options])


def _said(names: Names, column: str, value: str) -> str:
    if column in LINKS:
        link = f"{column}:{value}"
        row, title = names.row(link), names.title(link)
        if row is None or row.label != "national":
            return title
        kept = page.group_name(names.request, row.kept)
        marks = [_("National, not released"), *([_("Kept to %(group)s", group=kept)] if kept else [])]
        return f"{title} ({', '.join(marks)})"
    if column in ("side", "about", "pen", "court"):
        return str(shown.macro("value", "side_name", value)).strip()
    if column == "grade":
        return str(shown.macro("value", "grade_words", value)).strip()
    return words.word(value)


def views(request: HttpRequest, wanted: Kind[Any], moment: Moment) -> list[Way]:
    """The ways to look at the same records, the list itself first."""
    if not wanted.face.views:
        return []
    found = [(label, shown.address(name, moment)) for label, name in wanted.face.views]
    list_ = Way(_("List"), shown.address(wanted.face.address, moment), True)
    return [list_, *(Way(_(label), url, False) for label, url in found if url)]


# --- cells -----------------------------------------------------------------------------------------------------------


def name_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's title, as a link to its page."""
    return {"text": shown.text(names.called(row)), "url": names.url_of(row)}


def grade_cell(names: Names, row: Listed, content: Any) -> Any:
    """The grade of the current text; of a published one the short name, since most of a list may be."""
    if row.grade == "published" and not row.awaits and not row.standing:
        return shown.macro("value", "grade", "published", words=_("published"))
    return shown.grade(row)


def side_cell(names: Names, row: Listed, content: Any) -> Any:
    """The side that the record is about."""
    return shown.macro("value", "side", row.about) if row.about else {"absent": "unknown"}


def date_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's main date, no more precise than its bounds."""
    return span(row.earliest, row.latest)


def _cell(names: Names, row: Listed, content: Content | None, column: Column) -> Any:
    if column.shows:
        return _shown(names, row, column.shows)
    if content is None:
        return {"absent": "erased" if row.text_state == "erased" else "unknown"}
    if column.of:
        return _computed(column.of(content, names.moment.today))
    for path in _paths(column):
        shape, several, kind, value = _field(content, path)
        if path == "cite":
            return names.cite(value, weak=True)
        if value not in (None, ()):
            return facts.cell(names, shape, several, kind, value)
    return "–" if column.blank else {"absent": "unknown"}


def _shown(names: Names, row: Listed, column: str) -> Any:
    """A column of the projection, as it is used: a link, a code in words, a side, recorded text."""
    if column in _CELLS:
        return _CELLS[column](names, row, None)
    value = getattr(row, column)
    if column in LINKS:
        return names.link(f"{column}:{value}") if value else "–"
    if column in _CODES:
        return words.word(value) if value else None
    return shown.text(value) if value else "–"


def _paths(column: Column) -> tuple[str, ...]:
    return (column.field,) if isinstance(column.field, str) else column.field


def _field(content: Any, path: str) -> tuple[facts.Shape, bool, str, Any]:
    """How a field of a content, or of its rows, is shown, and what it holds."""
    name, _dot, part = path.partition(".")
    value: Any = getattr(content, name)
    if part:
        shape, _several, kind = facts.shapes(value[0].__class__)[part] if value else ("text", True, "")
        return shape, True, kind, tuple(getattr(row, part) for row in value)
    return *facts.shapes(content.__class__)[name], value


def _computed(value: Any) -> Any:
    """What a face computes of a content, as `value()` takes it."""
    if isinstance(value, Noted):
        days = shown.joined(shown.macro("value", "value", shown.when(day)) for day in value.days)
        note = escape(_(value.note)) % {"days": days} if days else value.note and _(value.note)
        return shown.with_note(_computed(value.value), note)
    if isinstance(value, tuple):
        return shown.joined((shown.macro("value", "value", _computed(each)) for each in value), " – ")
    if isinstance(value, Money):
        return shown.figure(value)
    if isinstance(value, str) and value != "unknown":
        return words.word(value)
    return value if isinstance(value, int) else shown.when(value)


def span(earliest: str | None, latest: str | None) -> Any:
    """Two bounds of a date as `value()` takes them."""
    return shown.when(edtf(earliest, latest))


def edtf(earliest: str | None, latest: str | None) -> When | None:
    """Two bounds of a date, as far as they make a day, a month or a year; both bounds otherwise."""
    if not earliest and not latest:
        return None
    if not earliest or not latest:
        return When(f"[{earliest or ''}..{latest or ''}]")
    if earliest == latest:
        return When(earliest)
    if earliest.endswith("-01-01") and latest == f"{earliest[:4]}-12-31":
        return When(earliest[:4])
    if earliest[:7] == latest[:7] and earliest.endswith("-01") and int(latest[8:]) >= 28:
        return When(earliest[:7])
    return When(f"[{earliest}..{latest}]")


def _court_cell(names: Names, row: Listed, content: Any) -> Any:
    return shown.macro("value", "side", row.court) if row.court else {"absent": "none"}


def _title_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's own title, where `called` says more, as a link to its page."""
    return {
        "text": shown.marked(names.request, row, shown.text(row.title)),
        "url": names.url_of(row),
    }


#: The cells that are more than a column of the projection.
_CELLS: Final[Mapping[str, Callable[[Names, Listed, Any], Any]]] = {
    NAME: name_cell,
    "title": _title_cell,
    "date": date_cell,
    "grade": grade_cell,
    "court": _court_cell,
    "about": side_cell,
    "ref": lambda names, row, content: row.ref,
}
_CODES: Final = used(Columns, "filter")
