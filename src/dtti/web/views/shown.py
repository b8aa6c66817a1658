"""How a page names records, dates, figures and sources: the bridge between typed contents and the look's macros.

Knows the look, words, and the lookups of the node. Holds no rule and decides nothing about who sees what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import NoReverseMatch, reverse
from jinja2 import Environment
from markupsafe import Markup, escape
from msgspec import UNSET

from dtti.language.names import side_named
from dtti.node.core.node import Node
from dtti.node.core.visibility import NATIONAL
from dtti.node.people import seats
from dtti.node.record import journal, lookups
from dtti.node.record.holders import Acting
from dtti.node.record.read import Listed
from dtti.office import standing_words
from dtti.office.standing import Standing, standings
from dtti.programme import walk
from dtti.programme.face import Called
from dtti.programme.kinds import KINDS
from dtti.programme.reports.rests import parts
from dtti.programme.values import Cite, CitedPlace, Money, When, strength
from dtti.web import page
from dtti.web.look import recorded
from dtti.web.page import Moment, group_name
from dtti.web.parts import Kept, Link, Pages, Row, Source
from dtti.web.requests import PageRequest
from dtti.web.states import answered, noted, notices

from . import asked, way_back, words
from .words import _


def macro(file: str, name: str, *args: Any, **options: Any) -> Markup:
    """What a macro of the look makes: the same mark-up as when a template calls it."""
    try:
        return _made(words.language(), file, name, args, tuple(options.items()))
    except TypeError:  # an argument that cannot be a key: what is made of it is not kept
        return _make(file, name, args, options)


@lru_cache(maxsize=20_000)
def _made(language: str, file: str, name: str, args: tuple[Any, ...], options: tuple[tuple[str, Any], ...]) -> Markup:
    """Made once for a language and kept: lists say the same dates, sides and grades over and over."""
    return _make(file, name, args, dict(options))


def _make(file: str, name: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> Markup:
    made: Markup = getattr(_module(file), name)(*args, **options)
    return made


@cache
def _module(file: str) -> Any:
    return _environment().get_template(f"macros/{file}.html").module


@cache
def _environment() -> Environment:
    engine = engines["jinja2"]
    if not isinstance(engine, Jinja2):
        raise TypeError(type(engine))
    return engine.env


def text(value: str) -> Markup | str:
    """Recorded text, every stretch of it marked with its language where that is not the page's."""
    return cast("Markup | str", recorded(value, words.language()))


def method_line(line: str) -> Markup | str:
    """A line of how a result is worked out, in the page's language."""
    return asked.methods().get(line, line) if words.language() == "hi" else line


def when(value: When | str | None) -> Any:
    """A date as `value()` takes it: no more precise than it is known, both bounds where it is known between two."""
    if value is None or value == "unknown":
        return {"absent": "unknown"}
    if isinstance(value, str):
        try:
            value = When(value)
        except ValueError:
            return value
    if value.precision != "between":
        return macro("value", "when", str(value))
    first, last = value.not_before, value.not_after
    if first and last:
        return escape(_("between %(first)s and %(last)s")) % {
            "first": macro("value", "when", first),
            "last": macro("value", "when", last),
        }
    if first:
        return escape(_("not before %(date)s")) % {"date": macro("value", "when", first)}
    return escape(_("not after %(date)s")) % {"date": macro("value", "when", last)}


def unless_unknown(value: Any) -> Any:
    """A result of a report, with its word for nothing as the look's."""
    return {"absent": "unknown"} if value in ("unknown", None) else value


def grade_words(code: str) -> str:
    """The words of a grade or state."""
    return str(macro("value", "grade_words", code)).strip()


def grade(row: Listed) -> Row:
    """The grade of a record's current text as `value()` takes it; what stands where there is no text that counts."""
    if not row.grade:
        return _noted(row, {"grade": "offer" if row.offer else "draft", "by": row.offer_side or row.side})
    return _noted(row, {"grade": row.grade, "by": row.stated_by if row.grade in ("recorded", "stated") else None})


def _noted(row: Listed, made: Row) -> Row:
    note = noted(row)
    return {**made, "note": note} if note else made


def marked(request: HttpRequest, row: Listed, name: str) -> str:
    """The name of a record, with the mark of what stays with this side where the other has not been told of it.

    Every line on which a record stands says it, so that nobody reads out or prints what was never released.
    """
    if row.label != NATIONAL:
        return name
    return Markup("{} {}").format(text(name), macro("value", "national_mark", group_name(request, row.kept)))


#: Sources that stand on a line one by one; more are folded.
FEW = 4


class Rested(Protocol):
    """A result that says on what it rests."""

    @property
    def sources(self) -> list[str]: ...
    @property
    def confidence(self) -> str: ...


class Frozen(dict[str, object]):
    """A mapping that can be a key, for what is made once and kept."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items(), key=lambda item: item[0])))


@dataclass
class Names:
    """What one page calls other records: asks once for all links that a page is going to name."""

    request: HttpRequest
    moment: Moment
    _found: dict[str, Listed]
    _asked: set[str]
    back: str = ""  # the list whose rows are being made (see `way_back`)
    _stands: dict[str, Standing] | None = None
    acts: bool = False  # what is named is told of by the acts up to a day, though its own date may be later

    @classmethod
    def of(cls, request: HttpRequest, moment: Moment, *, acts: bool = False) -> Names:
        """Names for a page asked for at `moment`; nothing is asked yet. `acts`: for lines that tell of acts."""
        return cls(request, moment, {}, set(), acts=acts)

    def learn(self, links: Iterable[str]) -> Names:
        """Ask for the names of these links (``kind:ref``), one query for all."""
        self._ask(links)
        # Some records are called after others: a meeting after its body, an appointment after its office.
        self._ask({link for row in self._found.values() for link in called_after(row)})
        return self

    def learn_for(self, rows: Iterable[Listed]) -> Names:
        """Ask for what these listed records are called after, so that `called` can say it."""
        return self.learn({link for row in rows for link in called_after(row)})

    def _ask(self, links: Iterable[str]) -> None:
        unasked = {link for link in links if link not in self._asked}
        if unasked:
            self._asked |= unasked
            node, viewer = page.node_of(self.request), page.viewer_of(self.request)
            at = self.moment.bound
            self._found |= lookups.named(node, viewer, unasked, at.acts if self.acts else at)

    def learn_standing(self, rows: Iterable[Listed], held: Mapping[str, Standing] | None = None) -> Names:
        """Ask how the projects among some rows stand, a few queries for all, so that `stands` can say it.

        `held`: how some of them stand, by record, where that was asked already.
        """
        self._stands = {**(self._stands or {}), **(held or {})}
        of = [row for row in rows if row.record not in self._stands]
        self._stands |= standings(page.asked_by(self.request, self.moment), of)
        return self

    def stands(self, row: Listed) -> str:
        """How a project stands, in one line; empty for a record of another kind, or one that was not asked about."""
        one = (self._stands or {}).get(row.record)
        return standing_words.said(one, words.language()) if one else ""

    def marks(self, row: Listed) -> list[str]:
        """What a line says of a record beside its name: how a project stands where it is not simply active, notices."""
        one = (self._stands or {}).get(row.record)
        return ([self.stands(row)] if one.marked else []) if one else notices(row)

    def noted(self, row: Listed, mine: str = "") -> str | None:
        """What follows a grade in soft ink, as `states.noted`, with how a project stands."""
        return ", ".join([*self.marks(row), *([answered(row, mine)] if row.awaits else [])]) or None

    def row(self, link: str) -> Listed | None:
        """The record behind a link, where the viewer sees one."""
        return self._found.get(link)

    def title(self, link: str) -> str:
        """The title of a record; its reference where the viewer sees none."""
        row = self._found.get(link)
        return self.plainly(row) if row and row.title else link.partition(":")[2]

    def url_of(self, row: Listed) -> str:
        """The address of a listed record's page, with the times asked for, and the way back to a list."""
        return way_back.onto(url_of(row) + self.moment.query, self.back)

    def line(self, link: str) -> str:
        """What a linked record is called on a line of a page, as `called` has it; its reference where none is seen."""
        row = self._found.get(link)
        return self.called(row) if row and row.title else link.partition(":")[2]

    def link_to(self, row: Listed) -> Any:
        """A listed record as `value()` takes it: the record itself, whatever else carries its reference."""
        return {"text": text(self.called(row)), "url": url_of(row) + self.moment.query}

    def called(self, row: Listed) -> str:
        """What a listed record is called on a line of a page: marked where the other side has not been told of it."""
        return marked(self.request, row, self.plainly(row))

    def plainly(self, row: Listed) -> str:
        """What a listed record is called: by its title, or after the record that it belongs to."""
        if row.text_state == "unreadable":
            return _("Cannot be read here (%(code)s)", code=row.code)
        if said := _called(row):
            return self.filled(said)
        return row.title or row.ref or row.code

    def filled(self, said: Called) -> str:
        """What a record is called, its blanks filled: by titles of what it names, and by codes in their words."""
        titles = {name: self.title(link) for name, link in said.links.items()}
        codes = {name: words.word(code) for name, code in said.codes.items()}
        return _(said.words, **said.texts, **titles, **codes)

    def number(self, link: str) -> str:
        """A meeting among those of its own body: its number, and its day as far as it is known."""
        row = self._found.get(link)
        if row is None:
            return link.partition(":")[2]
        number, _comma, day = row.title.removeprefix(row.body).strip(" ,").rpartition(", ")
        said = macro("value", "value", when(day)).striptags()
        made = _("no. %(number)s, %(date)s", number=number, date=said) if number else said
        return made if row.label != NATIONAL else f"{made} ({_('National, not released')})"

    def url(self, link: str) -> str | None:
        """The address of a record's page, with the times the page is asked for."""
        row = self._found.get(link)
        return url_of(row) + self.moment.query if row else None

    def link(self, link: str, said: str | None = None, note: str | None = None) -> Any:
        """A record as `value()` takes it: its title as a link, or the bare reference where nothing is there to see."""
        shown, url = text(said or self.title(link)), self.url(link)
        if (row := self.row(link)) is not None:
            shown = marked(self.request, row, shown)
        return {"text": shown, "url": url, "note": note} if url else shown

    def links(self, links: Iterable[str]) -> Any:
        """Several records in one cell."""
        return joined(anchor(self.link(each)) for each in links)

    def sources(self, refs: Iterable[str]) -> tuple[Source, ...]:
        """Sources as `cite()` takes them."""
        return tuple(
            Source(ref, self.url(f"source:{ref}"), self.title(f"source:{ref}")) for ref in sorted(refs, key=_natural)
        )

    def cite(self, cite: Cite | None, *fields: str, weak: bool = False) -> Markup:
        """A citation: its sources, its confidence in the named fields; with `weak`, which fields are weaker."""
        if cite is None:
            return Markup()
        places: dict[str, list[Markup]] = {}
        for each in cite.places:
            places.setdefault(each.source, []).append(place(each))
        weaker = [words.field_name(name.partition(".")[0]) for name in (*cite.inferred, *cite.unverified)]
        return macro(
            "value",
            "cite",
            sources=tuple(
                msgspec.structs.replace(each, place=Markup("; ").join(places.get(each.ref, ())))
                for each in self.sources(cite.sources)
            ),
            confidence=strength(cite, *fields),
            weak=tuple(dict.fromkeys(weaker)) if weak else (),
        )

    def rests(self, made: Rested) -> Markup:
        """The citation of a report's result."""
        if not made.sources and made.confidence == "stated":
            return Markup('<span class="soft">{}</span>').format(_("the record itself"))
        return macro(
            "value",
            "cite",
            sources=self.sources(made.sources),
            confidence=None if made.confidence == "stated" else made.confidence,
        )

    def folded(self, made: Rested) -> Markup:
        """The citation of a result that may rest on many sources: how many and how firm they are, the list folded."""
        if len(made.sources) <= FEW:
            return self.rests(made)
        said = words.many("%(num)s source", "%(num)s sources", len(made.sources))
        firm = macro("value", "confidence_words", made.confidence)
        return Markup('<details class="rests"><summary>{} · {}</summary>{}</details>').format(
            said, firm, self.rests(made)
        )


def place(cited: CitedPlace) -> Markup:
    """Where in a source it stands, and when that was consulted."""
    said = [text(cited.at)] if cited.at else []
    if cited.consulted:
        said.append(escape(_("consulted %(date)s", date=macro("value", "value", when(cited.consulted)).striptags())))
    return Markup(", ").join(said)


def _called(row: Listed) -> Called | None:
    return KINDS[row.kind].face.called(row) if row.kind in KINDS else None


def called_after(row: Listed) -> Sequence[str]:
    """The records that a record is called after, as links."""
    said = _called(row)
    return tuple(said.links.values()) if said else ()


def _natural(ref: str) -> tuple[str, int, str]:
    digits = "".join(sign for sign in ref if sign.isdigit())
    return ref.rstrip("0123456789abcdefghijklmnopqrstuvwxyz"), int(digits or 0), ref


@lru_cache(maxsize=50_000)
def _address(language: str, kind: str, name: str) -> str:
    return page.record_url(kind, name)


def url_of(row: Listed) -> str:
    """The page of a listed record in the page's language, as `page.url_of` has it."""
    return _address(words.language(), row.kind, row.code)


def drawn(value: Any, number: bool = False) -> Any:
    """A value as `value()` takes it, made into what stands in a table's cell, mostly without a macro's cost."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, Mapping) and value.get("url") and not value.get("note"):
        return anchor(value)
    if number and isinstance(value, int):
        return words.grouped(value)
    if isinstance(value, Mapping):
        return macro("value", "value", Frozen(value))
    return macro("value", "value", value)


def anchor(value: Any) -> Markup:
    """A value as `value()` takes it, made into mark-up here."""
    if isinstance(value, Mapping) and value.get("url"):
        return Markup('<a href="{}">{}</a>').format(value["url"], value["text"])
    return escape(value["text"] if isinstance(value, Mapping) else value)


def joined(parts: Iterable[Any], between: str = ", ") -> Markup | None:
    """Values in one line; None for none, which reads as not known."""
    made = [escape(part) for part in parts]
    return escape(between).join(made) if made else None


def confirmed(node: Node, done: journal.Done) -> str:
    """By whom an act was confirmed: a person of the office, by passkey, or a server-held key alone."""
    if not journal.by_passkey(node, done):
        return _("server-held key")
    return _("confirmed by passkey of the office %(office)s", office=seats.office_title(node, done.office))


def side_name(code: str) -> str:
    """A side as a title or the beginning of a line has it."""
    return side_named(code, words.language())


def holder(held: Acting) -> str:
    """Who acted for an office, in words: by this side's record; anything else as what the other side says."""
    found = ", ".join(held.holders)
    if not held.said or held.said in held.holders:
        return found
    said = _("as they say: %(name)s", name=held.said)
    if held.ours:
        said = f"{said} ({_('a name of this side; it did not act for them here')})"
    return "; ".join(each for each in (found, said) if each)


def lines(parts: Iterable[Any]) -> Markup | None:
    """Values one under another; None for none."""
    made = [escape(part) for part in parts]
    # A note under a value is a block of its own and needs no break after it.
    broken = [part if part.endswith("</small>") else part + Markup("<br>") for part in made[:-1]]
    return Markup().join([*broken, made[-1]]) if made else None


def with_note(value: Any, note: Any) -> Markup:
    """A value with a smaller line under it."""
    made = macro("value", "value", value)
    return Markup("{}<br><small>{}</small>").format(made, note) if note else made


def figure(value: Money | None) -> Any:
    """A sum in words, with what it measures under it."""
    if value is None:
        return {"absent": "unknown"}
    return with_note(words.money(value), words.word(value.measure) if value.measure else "")


def usd(value: Any) -> Any:
    """Whole US dollars of a report; not known where the report says so."""
    return words.amount(value) if isinstance(value, int) else {"absent": "unknown"}


def links_of(contents: Iterable[msgspec.Struct]) -> set[str]:
    """Every record that some contents point to, their sources among them."""
    return {link for content in contents for link in walk.links(content)}


def mentioned(made: Any) -> set[str]:
    """Every record that a report's result rests on, as links: its `uses` and its `sources`, at any depth."""
    found: set[str] = set()
    for each in parts(made):
        found.update(getattr(each, "uses", ()))
        found.update(f"source:{ref}" for ref in getattr(each, "sources", ()))
    return found


def address(name: str, moment: Moment | None = None) -> str | None:
    """The address of a page by its name, carrying the times asked for; None where there is no such page."""
    try:
        return reverse(name) + (moment.query if moment else "")
    except NoReverseMatch:
        return None


def crumbs(moment: Moment, *items: tuple[str, str | None]) -> list[Link]:
    """A breadcrumb from the front of the record: ``(label, page name or address)``, the page itself last."""
    found = [Link(_("The record"), address("record-index", moment))]
    for label, where in items:
        url = where if where is None or where.startswith("/") else address(where, moment)
        found.append(Link(label, url))
    return found


def show(
    request: HttpRequest,
    template: str,
    data: Mapping[str, Any] | msgspec.Struct,
    moment: Moment,
    names: Names | None = None,
    **extra: Any,
) -> HttpResponse:
    """`page.answer`, with the words, names and cells that the reading pages' templates use."""
    if page.wants_json(request):
        return page.answer(request, template, data)
    cast(PageRequest, request).moment = moment
    return page.answer(
        request,
        template,
        data,
        word=words.word,
        field_name=words.field_name,
        plural=words.plural,
        amount=words.amount,
        figure=figure,
        usd=usd,
        date=when,
        text=text,
        method_line=method_line,
        with_note=with_note,
        names=names or Names.of(request, moment),
        grade_of=grade,
        page_url=lambda name: address(name, moment),
        query=moment.query,
        **extra,
    )


def own_first(request: HttpRequest) -> list[str]:
    """Both sides, this system's own first."""
    return ["USA", "IND"] if page.node_of(request).side == "USA" else ["IND", "USA"]


def rows_page(request: HttpRequest, total: int, start: int, count: int, shown: int, name: str = "page") -> Pages:
    """Where a list stands, as `pagination()` takes it, with addresses that keep every other answer."""

    def turn(number: int) -> str:
        asked = request.GET.copy()
        asked[name] = str(number)
        return f"?{asked.urlencode()}" + ("" if name == "page" else f"#{name}")

    number = start // count + 1
    return Pages(
        start + 1 if shown else 0,
        start + shown,
        total,
        turn(number - 1) if number > 1 and shown else UNSET,
        turn(number + 1) if start + shown < total else UNSET,
        turn(max(1, -(-total // count))) if start >= total > 0 else UNSET,
    )


def kept(moment: Moment, **others: str) -> Sequence[Kept]:
    """What a filter form carries along: both times, and other answers of the address."""
    pairs = {"on": moment.on, "known": moment.known, **others}
    return [Kept(name, value) for name, value in pairs.items() if value]
