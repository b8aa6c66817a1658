"""Lists of records: filters, words and pages in the address, fifty rows, the same few queries whatever their number.

A list is what the face of its kind says: its columns, what it can be narrowed by. Knows no kind, no report, no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from markupsafe import Markup

from dtti.accord.refusal import Refused, refuse
from dtti.node.record import lookups, read, then
from dtti.node.record.read import Listed
from dtti.office.standing import Standing, standings
from dtti.programme.facets import LINKS
from dtti.programme.kind import Content, Kind
from dtti.programme.kinds import KINDS
from dtti.web import page
from dtti.web.page import Moment
from dtti.web.parts import Field, Head, Option, Way

from . import list_cells, sheets, shown, way_back, words
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
    question = (wanted.code, request.get_full_path(), words.language(), then.seeing(viewer), moment.today)
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
    """The rows of a list that an address asks for; `stands`: how the projects among them stand, by record."""

    kind: str
    asked: Mapping[str, str]
    on: str | None
    known: str | None
    total: int
    first: int
    rows: list[Listed]
    stands: Mapping[str, Standing]


def _file(request: HttpRequest, wanted: Kind[Any], moment: Moment, asked: Mapping[str, str]) -> HttpResponse:
    """The whole list as a file, its columns as the page shows them."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found = _found(request, wanted, moment, asked, count=sheets.MOST)
    sheets.check_length(found.total)
    rows = found.rows
    held = (
        lookups.contents(node, viewer, [row.record for row in rows], moment.bound) if list_cells.looks(wanted) else {}
    )
    names = Names.of(request, moment)
    names.learn({link for row in rows for link in list_cells.links(wanted, row, held.get(row.record))})
    names.learn_standing(rows)
    made = sheets.Sheet(
        wanted.face.address,
        words.plural(wanted.code),
        [_(column.label) for column in wanted.face.columns],
        [[list_cells.exact(names, row, held.get(row.record), each) for each in wanted.face.columns] for row in rows],
        any(row.label == "national" for row in rows),
    )
    labels = {**dict(wanted.face.filters), "q": N_("Words"), "year": N_("Year")}
    said = {
        _(labels[name]): value if name in ("q", "year") else _said(names, wanted.code, name, value)
        for name, value in asked.items()
    }
    return sheets.answer(request, moment, made, said)


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
    stands = standings(page.asked_by(request, moment), found.rows) if page.wants_json(request) else {}
    on, known = moment.on or None, moment.known or None
    return Found(wanted.code, asked, on, known, found.total, found.start + 1, found.rows, stands)


def _drawn(request: HttpRequest, wanted: Kind[Any], moment: Moment, asked: Mapping[str, str]) -> Markup:
    """The filters, the rows and the way to further rows."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found = _found(request, wanted, moment, asked)
    rows = found.rows
    order, descending = _order(request, wanted)
    held = (
        lookups.contents(node, viewer, [row.record for row in rows], moment.bound) if list_cells.looks(wanted) else {}
    )
    names = Names.of(request, moment)
    names.back = way_back.carried(request, wanted.face.address)
    options = lookups.facet_values(
        node, viewer, wanted.code, [name for name, _label in wanted.face.filters], moment.bound
    )
    if "grade" in options:
        options["grade under notice"] = lookups.under_notice(node, viewer, wanted.code, moment.bound)
    links = {link for row in rows for link in list_cells.links(wanted, row, held.get(row.record))}
    links |= {f"{name}:{value}" for name in LINKS for value, _n in options.get(name, ())}
    names.learn(links).learn_standing(rows)
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
    return [list_cells.cell(names, row, content, column) for column in wanted.face.columns]


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
                    % {
                        "what": _said(names, wanted.code, name, value),
                        "n": words.grouped(number),
                        "under": under[value],
                    }
                    if value in under
                    else f"{_said(names, wanted.code, name, value)} ({words.grouped(number)})",
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


def _said(names: Names, kind: str, column: str, value: str) -> str:
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
    return words.word(value, f"{kind}.{column}")


def views(request: HttpRequest, wanted: Kind[Any], moment: Moment) -> list[Way]:
    """The ways to look at the same records, the list itself first."""
    if not wanted.face.views:
        return []
    found = [(label, shown.address(name, moment)) for label, name in wanted.face.views]
    list_ = Way(_("List"), shown.address(wanted.face.address, moment), True)
    return [list_, *(Way(_(label), url, False) for label, url in found if url)]
