"""Needs and offers compared side by side by working group, with the pairs that fit. Holds no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from dtti.node.record import lookups, read
from dtti.node.record.clock import At
from dtti.node.record.read import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds.need import Need
from dtti.web import page
from dtti.web.parts import Field, Option, Row

from . import list_cells, lists, record, sheets, shown, way_back, words
from .codes import N_
from .record import Found
from .shown import Names
from .words import _

_LABELS = {"side": N_("Side"), "category": N_("Need or offer"), "domain": N_("Domain"), "status": N_("State")}
FILTERS = ("side", "category", "domain", "status")


def needs(request: HttpRequest) -> HttpResponse:
    """Both registers beside one another, by working group or domain; fifty records a page."""
    moment = page.moment(request)
    node, viewer = page.node_of(request), page.viewer_of(request)
    asked = {name: value for name in FILTERS if (value := request.GET.get(name, "").strip()[:60])}
    number = page.number(request, "page", 1, most=20_000)
    filters = {("about" if name == "side" else name): value for name, value in asked.items()}
    found = read.listing(
        node,
        viewer,
        "need",
        filters=filters,
        order="title",
        start=(number - 1) * read.PAGE if not sheets.form_of(request) else 0,
        count=read.PAGE if not sheets.form_of(request) else sheets.MOST,
        known=moment.bound,
    )
    contents = lookups.contents(node, viewer, [row.record for row in found.rows], moment.bound)
    pairs = list(_pairs(found.rows, contents))
    data = {
        "asked": asked,
        "on": moment.on or None,
        "known": moment.known or None,
        "total": found.total,
        "rows": found.rows,
        "pairs": [{"of": one, "fits": other} for one, other in pairs],
    }
    if page.wants_json(request):
        return page.answer(request, "pages/needs.html", data)
    names = Names.of(request, moment).learn(
        shown.links_of(contents.values()) | {f"need:{row.ref}" for row in found.rows}
    )
    names.back = way_back.carried(request, "needs")
    if sheets.form_of(request):
        sheets.check_length(found.total)
        said = {_(_LABELS[name]): words.word(value) for name, value in asked.items()}
        return sheets.answer(request, moment, _sheet(names, found.rows, contents), said)
    return shown.show(
        request,
        "pages/needs.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (words.plural("need"), None)),
        order=shown.own_first(request),
        groups=_groups(names, found.rows, contents),
        pairs_shown=[
            {"one": names.link(f"need:{one}"), "other": names.link(f"need:{other}"), "domain": domain}
            for (one, other), domain in zip(pairs, _domains(pairs, found.rows), strict=True)
        ],
        fields=_fields(request, asked, moment.bound),
        kept=shown.kept(moment),
        narrowed=bool(asked),
        pages=shown.rows_page(request, found.total, found.start, read.PAGE, len(found.rows)),
        files=sheets.links(request, "needs") if found.rows else [],
    )


def _sheet(names: Names, rows: Sequence[Listed], contents: Mapping[str, Content]) -> sheets.Sheet:
    """Both registers as one table, a row for each need and each offer."""
    heads = [_("Side"), _("Need or offer"), _("Title"), _("Group or domain"), _("Capability"), _("User"), _("Priority"),
             _("Timing"), _("State"), _("May fit"), _("Grade")]  # fmt: skip
    made: list[list[Any]] = []
    for row in rows:
        need = contents.get(row.record)
        held = need if isinstance(need, Need) else None
        made.append(
            [
                shown.side_name(row.about or row.side),
                words.word(row.category),
                names.called(row),
                _title(names, *(("body", row.body) if row.body else ("domain", row.domain))),
                held and held.capability,
                held and held.user,
                held and held.priority and words.word(held.priority),
                held and held.timing,
                words.word(row.status) if row.status else None,
                names.links(f"need:{ref}" for ref in held.answers) if held and held.answers else None,
                shown.grade(row),
            ]
        )
    return sheets.Sheet("needs", words.plural("need"), heads, made, any(row.label == "national" for row in rows))


def _pairs(rows: Sequence[Listed], contents: Mapping[str, Content]) -> Iterable[tuple[str, str]]:
    """Each pair that a side says may fit, once, as references; a need before an offer."""
    kinds = {row.ref: row.category for row in rows}
    seen = set()
    for row in rows:
        content = contents.get(row.record)
        for other in content.answers if isinstance(content, Need) else ():
            pair = (other, row.ref) if kinds.get(row.ref) == "offer" else (row.ref, other)
            if frozenset(pair) not in seen:
                seen.add(frozenset(pair))
                yield pair


def _domains(pairs: Sequence[tuple[str, str]], rows: Sequence[Listed]) -> list[str]:
    domains = {row.ref: row.domain for row in rows}
    return [words.word(domain) if (domain := domains.get(one) or domains.get(other)) else "–" for one, other in pairs]


def _groups(names: Names, rows: Sequence[Listed], contents: Mapping[str, Content]) -> list[Row]:
    """Working group by working group (or domain, where none is named): what each side needs and offers."""
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for row in rows:
        key = ("body", row.body) if row.body else ("domain", row.domain)
        found.setdefault(key, {"IND": [], "USA": []}).setdefault(row.about or row.side, []).append(
            _card(names, row, contents.get(row.record))
        )
    return [
        {
            "title": _title(names, *key),
            "link": names.url(f"body:{key[1]}") if key[0] == "body" else None,
            "sides": sides,
        }
        for key, sides in sorted(found.items(), key=lambda item: item[0])
    ]


def _title(names: Names, kind: str, value: str) -> str:
    if kind == "body":
        return names.title(f"body:{value}")
    return words.heading(value) if value else _("No working group named")


def _card(names: Names, row: Listed, content: Content | None) -> Row:
    made: dict[str, object] = {
        "link": shown.anchor(list_cells.name_cell(names, row, content)),
        "type": row.category,
        "status": row.status,
        "grade": shown.grade(row),
        "national": row.label == "national",
    }
    if isinstance(content, Need):
        made |= {
            "user": shown.text(content.user) if content.user else None,
            "capability": shown.text(content.capability),
            "priority": content.priority,
            "timing": shown.when(content.timing) if content.timing else None,
            "fits": [shown.anchor(names.link(f"need:{ref}")) for ref in content.answers],
        }
    return made


def _fields(request: HttpRequest, asked: dict[str, str], known: At) -> list[Field]:
    node, viewer = page.node_of(request), page.viewer_of(request)
    columns = {name: "about" if name == "side" else name for name in FILTERS}
    facets = lookups.facet_values(node, viewer, "need", list(columns.values()), known)
    found = []
    for name in FILTERS:
        values = facets[columns[name]]
        options = []
        for value, number in values:
            said = str(shown.macro("value", "side_name", value)).strip() if name == "side" else words.word(value)
            options.append(Option(value, f"{said} ({words.grouped(number)})"))
        found.append(lists.choice(name, _(_LABELS[name]), options, asked))
    return found


@record.own_page("need")
def need(request: HttpRequest, found: Found) -> HttpResponse:
    """A need or an offer, with what it may fit and what may fit it."""
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    fits = [
        shown.anchor(names.link(f"need:{row.ref}")) for row, other in near.of(Need) if found.row.ref in other.answers
    ]
    return record.answer(request, "pages/need.html", found, near, names, skip=("title",), apart=("need",), fits=fits)
