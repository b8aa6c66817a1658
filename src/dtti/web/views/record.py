"""One record: finds what an address names, and hands it to the page of its kind; the page for kinds without their own.

Absent and invisible are answered alike. Knows lookups and words; what a record means is said by kinds and reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from markupsafe import Markup

from dtti.node.record import journal, lookups, read
from dtti.node.record.journal import Done, Shown
from dtti.node.record.read import Listed
from dtti.office.asking import Stored
from dtti.office.waits import wait_of
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS, at
from dtti.programme.kinds.difference import Difference
from dtti.programme.kinds.source import Source
from dtti.web import labels, page
from dtti.web.page import Moment
from dtti.web.parts import Link, Waits
from dtti.web.states import waits_for

from . import facts, history, papers_row, remarks, shown, way_back, words
from .history import History
from .shown import Names
from .words import _

C = TypeVar("C", bound=Content)


class Found(msgspec.Struct, frozen=True):
    """What an address names: the row, its content (None where its text is erased, missing or unreadable), the times."""

    row: Listed
    content: Content | None
    stored: Stored
    moment: Moment


class Beside(msgspec.Struct, frozen=True):
    """What another room shows on a record's page: `data` is part of its JSON, `shown` of the page alone."""

    data: Mapping[str, object] = {}
    shown: Mapping[str, Any] = {}


class NotYet(Exception):
    """What an address names is in the record now, and was not there yet at the time asked about."""

    def __init__(self, row: Listed, moment: Moment) -> None:
        super().__init__(row.record)
        self.row, self.moment = row, moment


View = Callable[[HttpRequest, Found], HttpResponse]

#: The page of each kind that has one of its own.
VIEWS: dict[str, View] = {}
#: What other rooms show on the pages of a kind, whoever's page that is.
BESIDE: dict[str, list[Callable[[HttpRequest, Found], Beside]]] = {}


def own_page(kind: str) -> Callable[[View], View]:
    """Register a view as the page of a kind."""

    def register(view: View) -> View:
        VIEWS[kind] = view
        return view

    return register


def beside(*kinds: str) -> Callable[[Callable[[HttpRequest, Found], Beside]], Callable[[HttpRequest, Found], Beside]]:
    """Register what a room shows on the pages of some kinds."""

    def register(section: Callable[[HttpRequest, Found], Beside]) -> Callable[[HttpRequest, Found], Beside]:
        for kind in kinds:
            BESIDE.setdefault(kind, []).append(section)
        return section

    return register


def all_beside(request: HttpRequest, found: Found) -> Beside:
    """All that other rooms show on the page of a record."""
    made = [each(request, found) for each in BESIDE.get(found.row.kind, ())]
    return Beside(
        {name: value for each in made for name, value in each.data.items()},
        {name: value for each in made for name, value in each.shown.items()},
    )


def record(request: HttpRequest, section: str, name: str) -> HttpResponse:
    """The page of the record that `name` (a code or a readable reference) means in a section."""
    try:
        found = find(request, section, name)
    except read.Ambiguous as several:
        return choice(request, section, name, several.rows)
    if found.content is None:
        return without_text(request, found)
    return VIEWS.get(found.row.kind, plain)(request, found)


def find(request: HttpRequest, section: str, name: str) -> Found:
    """The record behind an address; Http404 in the same words whether it is absent or not for this viewer."""
    of = at(section)
    if of is None or len(name) > 100:
        raise page.not_here(_("record"))
    kind = of.code
    moment = page.moment(request)
    node, viewer = page.node_of(request), page.viewer_of(request)
    identity = read.find(node, viewer, name, kind, moment.bound)
    state = read.state(node, viewer, identity, moment.bound) if identity else None
    if state is None:
        ahead = None if moment.now else read.find(node, viewer, name, kind)
        later = read.state(node, viewer, ahead) if ahead else None
        if later is None:
            raise page.not_here(_("record"))
        raise NotYet(later[0], moment)
    row, stored = state
    request.watchable = row  # type: ignore[attr-defined]  # the layout then offers to watch it
    content = of.read(stored) if row.text_state == "held" else None
    return Found(row, content, stored, moment)


def choice(request: HttpRequest, section: str, name: str, rows: list[Listed]) -> HttpResponse:
    """A readable reference that several records carry: each of them with its own address, and none of them guessed."""
    moment = page.moment(request)
    names = Names.of(request, moment).learn_for(rows)
    data = {"reference": name, "records": rows}
    if page.wants_json(request):
        return page.answer(request, "pages/choice.html", data, status=300)
    made = [{"row": row, "link": shown.anchor(names.link_to(row)), "grade": shown.grade(row)} for row in rows]
    extra = {"crumbs": shown.crumbs(moment, (words.plural(rows[0].kind), section), (name, None)), "choices": made}
    return page.answer(request, "pages/choice.html", data, status=300, **extra)


def not_yet(request: HttpRequest, early: NotYet) -> HttpResponse:
    """A record asked for before it was there: that it was not, and since when it is, as far as this viewer may know."""
    row, moment = early.row, early.moment
    first = read.first_known(page.node_of(request), page.viewer_of(request), row.record)
    data = {"kind": row.kind, "ref": row.ref, "record": row.record, "not_yet": True, "recorded": first, **times(moment)}
    return shown.show(
        request,
        "pages/not_yet.html",
        data,
        moment,
        title=Names.of(request, moment).called(row),
        kind_words=labels.kind(row.kind),
        now=page.url_of(row),
        crumbs=shown.crumbs(moment, _list_of(request, row.kind, moment), (row.ref or row.code, None)),
    )


def _list_of(request: HttpRequest, kind: str, moment: Moment) -> tuple[str, str]:
    """The list that a breadcrumb leads to: that of a kind, as it was narrowed."""
    return way_back.crumb(request, KINDS[kind].face.address, words.plural(kind), moment.query)


def times(moment: Moment) -> dict[str, str | None]:
    """Both times as JSON gives them."""
    return {"on": moment.on or None, "known": moment.known or None}


class Around(msgspec.Struct, frozen=True):
    """What stands around a record: its acts, and the records that name it."""

    done: History
    pointing: list[tuple[Listed, Content]]

    def of(self, kind: type[C]) -> list[tuple[Listed, C]]:
        """The records of one kind that name it."""
        return [(row, content) for row, content in self.pointing if isinstance(content, kind)]

    def plain(self) -> Mapping[str, object]:
        """As JSON shows it."""
        return {
            **msgspec.structs.asdict(self.done),
            "named_by": [{"record": row.record, "kind": row.kind, "ref": row.ref} for row, _content in self.pointing],
        }


def around(request: HttpRequest, found: Found) -> Around:
    """The history of a record and the records that name it."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    row, bound = found.row, found.moment.bound
    return Around(
        history.on_record(request, row.record, bound),
        lookups.pointing(node, viewer, row.kind, row.ref, bound) if row.ref else [],
    )


def names_for(request: HttpRequest, found: Found, near: Around, *more: Any) -> Names:
    """Names for everything that a record page shows: its own links, what names it, and what reports rest on."""
    names = Names.of(request, found.moment)
    links = {f"{found.row.kind}:{found.row.ref}"}
    links |= shown.links_of([found.content] if found.content else [])
    links |= {f"{row.kind}:{row.ref}" for row, _content in near.pointing}
    links |= {f"source:{ref}" for _row, content in near.pointing if content.cite for ref in content.cite.sources}
    for each in more:
        links |= shown.mentioned(each)
    return names.learn(links)


def frame(
    found: Found, near: Around, names: Names, *, skip: tuple[str, ...], apart: tuple[str, ...], title: str
) -> Mapping[str, object]:
    """What the template of every record page needs: head, facts, tables, history, what names it."""
    row, content = found.row, found.content
    if content is None:
        raise ValueError(f"{row.record} has no text to show")
    kind = row.kind
    return {
        "crumbs": shown.crumbs(found.moment, _list_of(names.request, kind, found.moment), (row.ref, None)),
        "title": title or names.title(f"{kind}:{row.ref}"),
        "row": row,
        "content": content,
        "items": facts.facts(names, content, kind, skip),
        "tables": facts.tables(names, content, skip),
        "cite": names.cite(content.cite, weak=True),
        **msgspec.structs.asdict(near.done),
        "named_by": named_by(near, names, apart),
        "differences": differences(near, names),
        "sources": sources(content, names),
        "waiting": waiting(found, page.node_of(names.request).side, works=bool(page.viewer_of(names.request).person)),
        "as_they_say": as_they_say(names.request, row),
    }


class Said(msgspec.Struct, frozen=True):
    """What the other side alone states otherwise: by whom, when, and where it stands."""

    side: str
    on: str
    url: str


def as_they_say(request: HttpRequest, row: Listed) -> Said | None:
    """What the other side alone states otherwise of a public record: by whom, when, and where it stands."""
    said = read.said_beside(page.node_of(request), page.viewer_of(request), row)
    return Said(said.side, said.time, reverse("entry", args=[said.act])) if said else None


def waiting(found: Found, mine: str, *, works: bool) -> Waits | None:
    """Whose turn it is on a joint text that is worked on here, as `wait()` takes it; None for every other record.

    `works`: whether who looks is someone for whom the text is open to work on.
    """
    row = found.row
    if not row.pen or row.compiled:
        return None
    open_it = Link(_("Open the text"), reverse("work", args=[row.code])) if works else None
    wait = wait_of(row, found.moment.instant)
    if wait is None:
        return Waits(None, action=open_it, quiet=True)
    what = {
        "offer": _("to answer a text offered for this record"),
        "request": _("to hand over the text of this record"),
    }.get(wait.why) or waits_for(wait, row, mine)
    return Waits(wait.on, wait.since, wait.days, what, open_it, quiet=True)


def plain(request: HttpRequest, found: Found) -> HttpResponse:
    """The page of a record whose kind has no page of its own."""
    near = around(request, found)
    names = names_for(request, found, near)
    return answer(request, "pages/record.html", found, near, names)


def answer(
    request: HttpRequest,
    template: str,
    found: Found,
    near: Around,
    names: Names,
    *,
    skip: tuple[str, ...] = (),
    apart: tuple[str, ...] = (),
    title: str = "",
    also: Mapping[str, object] | None = None,
    **extra: Any,
) -> HttpResponse:
    """A record page and its JSON: `also` is part of both, `extra` of the page alone.

    `skip`: facts that the page shows by itself; `apart`: kinds of records naming this one that it shows by itself.
    """
    more = all_beside(request, found)
    said = remarks.on_record(request, found.row.record, found.moment.bound)
    also = {"remarks": said, **more.data, **(also or {})}
    facts_of_all = {"record": found.row, "content": found.stored, **also, **near.plain()}
    if page.wants_json(request):
        return page.answer(request, template, facts_of_all)
    kinds = {row.kind for row, _content in near.pointing}
    papers = papers_row.row(request, found.row, found.content, found.moment, kinds)
    made = {**frame(found, near, names, skip=skip, apart=apart, title=title), "papers_row": papers}
    return shown.show(request, template, {**also, **made}, found.moment, names, **{**more.shown, **extra})


def without_text(request: HttpRequest, found: Found) -> HttpResponse:
    """The page of a record whose text is not here: erased, missing, unreadable, or not stated yet."""
    row, node, viewer = found.row, page.node_of(request), page.viewer_of(request)
    near = around(request, found)
    names = Names.of(request, found.moment)
    erased = next(
        (done for done in reversed(journal.history(node, viewer, row.record)) if done.verb == "tombstone"), None
    )
    why = ""
    if row.text_state == "erased":
        body = journal.body_of(page.node_of(request), page.viewer_of(request), row.act, row.part)
        erased = _tombstone(request, body) or erased
        why = words.word(erased.terms.get("reason", "")) if erased else ""
    against = [] if row.text_state != "unreadable" else row.stands_against
    said = remarks.on_record(request, row.record, found.moment.bound)
    data = {"record": row, "text_state": row.text_state, "stands_against": against, "remarks": said, **near.plain()}
    if page.wants_json(request):
        return page.answer(request, "pages/record_without_text.html", data)
    return shown.show(
        request,
        "pages/record_without_text.html",
        {"remarks": said},
        found.moment,
        names,
        row=row,
        erased=erased,
        why=why,
        against=against,
        grade=shown.grade(row) if row.grade else None,
        said=reverse("entry", args=[row.act]) if row.act and not page.viewer_of(request).public else None,
        answer=reverse("work", args=[row.code]) if row.offer else None,
        crumbs=shown.crumbs(found.moment, _list_of(request, row.kind, found.moment), (row.ref or row.code, None)),
        **msgspec.structs.asdict(near.done),
    )


def _tombstone(request: HttpRequest, body: Shown | None) -> Done | None:
    if body is None or not body.tombstone:
        return None
    return journal.act(page.node_of(request), page.viewer_of(request), body.tombstone)


class Naming(msgspec.Struct, frozen=True):
    """The records of a kind that name this one."""

    title: str
    rows: list[Markup]


def named_by(near: Around, names: Names, apart: tuple[str, ...] = ()) -> list[Naming]:
    """The records that name this one, by kind, but for those shown apart."""
    found: dict[str, list[Markup]] = {}
    for row, _content in near.pointing:
        if row.kind not in ("difference", *apart):
            found.setdefault(row.kind, []).append(shown.anchor(names.link(f"{row.kind}:{row.ref}")))
    return [Naming(words.plural(kind), rows) for kind, rows in found.items()]


class Differing(msgspec.Struct, frozen=True):
    """A difference between sources that touches this record."""

    link: Markup
    status: str


def differences(near: Around, names: Names) -> list[Differing]:
    """The differences between sources that touch this record."""
    return [
        Differing(shown.anchor(names.link(f"difference:{row.ref}")), row.status)
        for row, _content in near.of(Difference)
    ]


class Cited(msgspec.Struct, frozen=True):
    """A source that a content cites."""

    ref: str
    title: str
    url: str | None
    publisher: str
    type: str


def sources(content: Content, names: Names) -> list[Cited]:
    """Every source that a content cites."""
    links = shown.links_of([content]) - ({f"source:{content.ref}"} if isinstance(content, Source) else set())
    found = []
    for each in names.sources(link.partition(":")[2] for link in links if link.startswith("source:")):
        row = names.row(f"source:{each.ref}")
        about = (row.subtitle, row.category) if row else ("", "")
        found.append(Cited(each.ref, each.title, each.url, *about))
    return found
