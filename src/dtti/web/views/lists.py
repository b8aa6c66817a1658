"""Lists of records: filters, words and pages in the address, fifty rows, the same few queries whatever their number.

A list is a row of the table at the end: its kind, its columns, what it can be narrowed by. Knows no report and no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from markupsafe import Markup

from dtti.accord.refusal import Refused, refuse
from dtti.node.record import lookups, read, then
from dtti.node.record.read import Listed
from dtti.programme.facets import LINKS
from dtti.programme.kind import Content
from dtti.web import page
from dtti.web.page import Moment

from . import shown, words
from .codes import N_
from .shown import Names
from .words import _

Cell = Callable[[Names, Listed, Any], Any]


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it shows of a row, and the projection's column it can be ordered by."""

    label: str
    cell: Cell
    kind: str = "text"
    order: str = ""


@dataclass(frozen=True)
class Listing:
    """A list of one kind.

    `filters`: the projection's columns it can be narrowed by, with their labels; `links`: the records that the cells of
    a row name; `contents`: whether cells look into contents (of the rows shown, and of no others); `years`: whether the
    list can be narrowed to a year; `views`: other ways to look at the same, by label and page name.
    """

    kind: str
    lede: str
    columns: tuple[Column, ...]
    filters: tuple[tuple[str, str], ...] = ()
    links: Callable[[Listed, Content | None], Iterable[str]] = lambda row, content: ()
    contents: bool = False
    order: str = "title"
    descending: bool = False
    years: bool = False
    views: tuple[tuple[str, str], ...] = ()


def listing(request: HttpRequest, wanted: Listing) -> HttpResponse:
    """A page of `wanted`, and its JSON."""
    moment = page.moment(request)
    asked = asked_for(request, wanted)
    if page.wants_json(request):
        return page.answer(request, "pages/list.html", _found(request, wanted, moment, asked))
    node, viewer = page.node_of(request), page.viewer_of(request)
    # The list is drawn once for all who see the same of it, until the record changes; the frame around it each time.
    question = (wanted.kind, request.get_full_path(), words.language(), then.seeing(viewer))
    drawn = node.projection.kept(question, lambda: _drawn(request, wanted, moment, asked))
    return page.answer(
        request,
        "pages/list.html",
        {},
        drawn=drawn,
        title=words.plural(wanted.kind),
        lede=_(wanted.lede),
        crumbs=shown.crumbs(moment, (words.plural(wanted.kind), None)),
    )


def _found(request: HttpRequest, wanted: Listing, moment: Moment, asked: Mapping[str, str]) -> dict[str, Any]:
    """The rows that the address asks for, as JSON shows them."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    number = page.number(request, "page", 1, most=20_000)
    order, descending = _order(request, wanted)
    year = asked.get("year", "")
    found = lookups.dated(
        node,
        viewer,
        wanted.kind,
        first=f"{year}-01-01" if year else "",
        last=f"{year}-12-31" if year else "",
        filters={name: value for name, value in asked.items() if name not in ("q", "year")},
        words=asked.get("q", ""),
        order=order,
        descending=descending,
        start=(number - 1) * read.PAGE,
        known=moment.bound,
    )
    return {
        "kind": wanted.kind,
        "asked": asked,
        "on": moment.on or None,
        "known": moment.known or None,
        "total": found.total,
        "first": found.start + 1,
        "rows": found.rows,
    }


def _drawn(request: HttpRequest, wanted: Listing, moment: Moment, asked: Mapping[str, str]) -> Markup:
    """The filters, the rows and the way to further rows."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found = _found(request, wanted, moment, asked)
    rows: list[Listed] = found["rows"]
    order, descending = _order(request, wanted)
    held = lookups.contents(node, viewer, [row.record for row in rows], moment.bound) if wanted.contents else {}
    names = Names.of(request, moment)
    options = read.facet_values(node, viewer, wanted.kind, [name for name, _label in wanted.filters], moment.bound)
    if "grade" in options:
        options["grade under notice"] = read.under_notice(node, viewer, wanted.kind, moment.bound)
    links = {link for row in rows for link in wanted.links(row, held.get(row.record))}
    links |= {f"{name}:{value}" for name in LINKS for value, _n in options.get(name, ())}
    names.learn(links)
    heads = columns(request, wanted, order, descending)
    unreadable = read.unreadable(node, viewer, wanted.kind, moment.bound) if not asked else []
    context = {
        "unreadable": [{"link": shown.anchor(names.link_to(row)), "row": row} for row in unreadable],
        "title": words.plural(wanted.kind),
        "query": moment.query,
        "total": found["total"],
        "views": views(request, wanted, moment),
        "columns": heads,
        "cells": laid(heads, (_cells(wanted, names, row, held.get(row.record)) for row in rows)),
        "fields": fields(request, wanted, asked, options, names, moment),
        "kept": shown.kept(moment, order=request.GET.get("order", "")),
        "narrowed": bool(asked),
        "pages": shown.rows_page(request, found["total"], found["first"] - 1, read.PAGE, len(rows)),
    }
    return Markup(render_to_string("pages/list_rows.html", context))  # noqa: S704 - the template escaped it


def _cells(wanted: Listing, names: Names, row: Listed, content: Content | None) -> list[Any]:
    return [column.cell(names, row, content) for column in wanted.columns]


def laid(columns: Sequence[Mapping[str, Any]], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, list[Any]]]:
    """Rows as the template of lists takes them: the cell that names the row, then label, alignment and cell of each."""
    heads = [(column["label"], column.get("kind") == "number") for column in columns]
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


def asked_for(request: HttpRequest, wanted: Listing) -> dict[str, str]:
    """The answers of the address that narrow the list; what is not understood is refused, never ignored in silence."""
    names = [name for name, _label in wanted.filters]
    found = {}
    for name in (*names, "q", *(("year",) if wanted.years else ())):
        value = request.GET.get(name, "").strip()
        if value:
            found[name] = value[:200]
    year = found.get("year", "")
    if year and not (len(year) == 4 and year.isdecimal() and year.isascii()):
        raise Refused(refuse("year", f"`year` is {year[:40]!r}", "Give a year as 2019."))
    return found


def _order(request: HttpRequest, wanted: Listing) -> tuple[str, bool]:
    asked = request.GET.get("order", "")
    if not asked:
        return wanted.order, wanted.descending
    return asked.removeprefix("-"), asked.startswith("-")


def columns(request: HttpRequest, wanted: Listing, order: str, descending: bool) -> list[dict[str, Any]]:
    """The columns as `table()` takes them; headings that order the list are links that keep every other answer."""
    found = []
    for at, column in enumerate(wanted.columns):
        made: dict[str, Any] = {"key": str(at), "label": _(column.label), "kind": column.kind}
        if column.order:
            query = request.GET.copy()
            query.pop("page", None)
            query["order"] = f"-{column.order}" if column.order == order and not descending else column.order
            made["sort"] = f"?{query.urlencode()}"
            if column.order == order:
                made["sorted"] = "descending" if descending else "ascending"
        found.append(made)
    return found


def fields(
    request: HttpRequest,
    wanted: Listing,
    asked: Mapping[str, str],
    options: Mapping[str, Sequence[tuple[str, int]]],
    names: Names,
    moment: Moment,
) -> list[dict[str, Any]]:
    """The filter form: words, then one choice for each column that has more than one value."""
    found: list[dict[str, Any]] = [{"name": "q", "label": _("Words"), "kind": "search", "value": asked.get("q", "")}]
    for name, label in wanted.filters:
        values = options[name]
        if len(values) > 1 or name in asked:
            under = dict(options.get(f"{name} under notice", ()))
            chosen = [
                {
                    "value": value,
                    "label": _("%(what)s (%(n)s, of them suspended or withdrawn from: %(under)s)")
                    % {"what": _said(names, name, value), "n": words.grouped(number), "under": under[value]}
                    if value in under
                    else f"{_said(names, name, value)} ({words.grouped(number)})",
                }
                for value, number in values
            ]
            found.append(_choice(name, _(label), chosen, asked))
    if wanted.years:
        node, viewer = page.node_of(request), page.viewer_of(request)
        years = lookups.years(node, viewer, wanted.kind, moment.bound)
        found.append(_choice("year", _("Year"), [{"value": year, "label": year} for year in years], asked))
    return found


def _choice(name: str, label: str, options: list[dict[str, str]], asked: Mapping[str, str]) -> dict[str, Any]:
    blank = {"value": "", "label": _("all")}
    return {"name": name, "label": label, "kind": "select", "value": asked.get(name, ""), "options": [blank, *options]}


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


def views(request: HttpRequest, wanted: Listing, moment: Moment) -> list[dict[str, Any]]:
    """The ways to look at the same records, the list itself first."""
    if not wanted.views:
        return []
    own = page.SECTIONS[wanted.kind]
    found = [{"label": _("List"), "url": shown.address(own, moment), "current": True}]
    found += [
        {"label": _(label), "url": url, "current": False}
        for label, name in wanted.views
        if (url := shown.address(name, moment))
    ]
    return found


# --- cells -----------------------------------------------------------------------------------------------------------


def name_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's title, as a link to its page."""
    return {"text": shown.text(names.called(row)), "url": shown.url_of(row) + names.moment.query}


def grade_cell(names: Names, row: Listed, content: Any) -> Any:
    """The grade of the current text; of a published one the short name, since most of a list may be."""
    if row.grade == "published" and not row.awaits and not row.standing:
        return shown.macro("value", "grade", "published", words=_("published"))
    return shown.grade(row)


def code_cell(column: str) -> Cell:
    """A code of the projection, in words."""
    return lambda names, row, content: words.word(value) if (value := getattr(row, column)) else None


def text_cell(column: str) -> Cell:
    """Recorded text of the projection."""
    return lambda names, row, content: shown.text(value) if (value := getattr(row, column)) else "–"


def side_cell(names: Names, row: Listed, content: Any) -> Any:
    """The side that the record is about."""
    return shown.macro("value", "side", row.about) if row.about else {"absent": "unknown"}


def date_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's main date, no more precise than its bounds."""
    return span(row.earliest, row.latest)


def link_cell(column: str, kind: str = "") -> Cell:
    """A link to the record that a column of the projection names."""

    def cell(names: Names, row: Listed, content: Any) -> Any:
        value = getattr(row, column)
        return names.link(f"{kind or column}:{value}") if value else "–"

    return cell


def held(make: Callable[[Names, Any], Any]) -> Cell:
    """A cell made of the content; withheld, erased or missing texts say which."""

    def cell(names: Names, row: Listed, content: Any) -> Any:
        if content is None:
            return {"absent": "erased" if row.text_state == "erased" else "unknown"}
        return make(names, content)

    return cell


def span(earliest: str | None, latest: str | None) -> Any:
    """Two bounds of a date, as far as they make a day, a month or a year; both bounds otherwise."""
    if not earliest and not latest:
        return {"absent": "unknown"}
    if not earliest:
        return shown.when(f"[..{latest}]")
    if not latest:
        return shown.when(f"[{earliest}..]")
    if earliest == latest:
        return shown.when(earliest)
    if earliest.endswith("-01-01") and latest == f"{earliest[:4]}-12-31":
        return shown.when(earliest[:4])
    if earliest[:7] == latest[:7] and earliest.endswith("-01") and int(latest[8:]) >= 28:
        return shown.when(earliest[:7])
    return shown.when(f"[{earliest}..{latest}]")


GRADE = Column(N_("Grade"), grade_cell)
DATE = Column(N_("Date"), date_cell, order="earliest")
