"""What a kind of record is: its content, its columns for lists, its rules, its face. Knows no single kind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, Literal, TypeVar

import msgspec

from dtti.accord.refusal import Refusal, Refused

from . import bounds, walk
from .face import Face
from .facets import Facets
from .values import FIRST_YEAR, LAST_YEAR, Cite, Prose, Ref, Row, decode_hook, encode_hook

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
#: The rule set that was released before a citation could say where in a source it stands.
_WITHOUT_PLACES: Final = "dtti_1"
Mode = Literal["own", "joint"]
Basis = Literal["own", "paper", "published", "elsewhere"]


class Content(Row, frozen=True, kw_only=True):
    """What every content has: its readable reference, notes, and the citation of the record as a whole."""

    ref: Ref
    notes: Prose | None = None
    cite: Cite | None = None


C = TypeVar("C", bound=Content)

#: A record of that kind and reference as it is held: its content, and the grade of its text. None where there is none.
Held = Callable[[str, str], tuple[Content, str] | None]


@dataclass(frozen=True)
class Context:
    """What the rules of a content may look at beside it.

    `basis`: on what the writer states it; `published` content must cite everything. `previous`: the version that this
    one follows. `exists(kind, ref)`: whether the writer's causal past holds such a record; None leaves links unchecked.
    `author`: the side that writes it, for what a side says of itself alone; empty where that is nobody's (published).
    `rules`: the rule set under which this side writes it now; empty for what is read, whoever wrote it.
    `ledger`: whom it is written for (``released``: the other side is told; ``national``), empty where nobody says; and
    `group`: the restricted group to which it is kept, if any.
    """

    basis: Basis = "own"
    previous: Content | None = None
    exists: Callable[[str, str], bool] | None = None
    author: str = ""
    rules: str = ""
    ledger: str = ""
    group: str = ""


def _nothing(kind: str, ref: str) -> None:
    """No record is held."""


@dataclass(frozen=True)
class Beside:
    """What a text by which this side would bind itself is asked beside, where it goes further than what both hold.

    `both`: the version that both sides hold; only what stands there is behind the text. `held`: the records beside it.
    `rules`: the rule set under which this side writes now. `today`: the last day that may be told as past.
    `left`: the sides that have withdrawn from the record of that kind and reference, each by its own notice.
    `office`: the reference of the office that writes; empty where that is not asked.
    `side`: this side; `own`: what it holds itself of a record that it has not told the other of.
    """

    held: Held
    rules: str
    both: Content | None = None
    today: date | None = None
    left: Callable[[str, str], frozenset[str]] = lambda kind, ref: frozenset()
    office: str = ""
    side: str = ""
    own: Held = _nothing


@dataclass(frozen=True)
class Stood:
    """How a row of a procedure stands for a side ("" for both): shown by records (links), or answered by an office."""

    row: str
    side: str
    state: Literal["met", "waived", "not-applicable"]
    links: tuple[str, ...] = ()
    office: str | None = None


@dataclass(frozen=True)
class Move:
    """A move along the stages of a procedure that a text makes once agreed, and how each row stands that is asked."""

    procedure: str
    path: str | None
    since: str | None
    stage: str
    ends: str | None
    rows: tuple[Stood, ...]


@dataclass(frozen=True)
class Kind(Generic[C]):
    """A kind of record. `mode`: written by its owner alone, or agreed by both. `writers`: the offices that write it.

    `of_author`: it says something of one side, and that side alone says it. `ahead`: what a content tells as done whose
    day is still to come on a day; asked only where this side writes, by its own clock, and never in a verdict.
    `forward`: what a text that goes further than the one that both hold lacks beside it; asked where this side offers
    such a text and where it agrees to one, and of an own record where this side states it; never of what arrives. None
    where a kind asks for nothing. `move`: what the leaf of the act says of the stage that such a text enters.
    `inside`: it is written for this side alone, and told to the other by a release and by nothing else. `apart`: fields
    that stay inside when it is released, unless the officer who releases it says otherwise; `withheld`: that always do.
    `kept_inside`: what stands against telling the other side of a content at all; asked wherever this side would write
    it where the other side reads, whoever decides so, never of what arrives.
    """

    code: str
    mode: Mode
    writers: str
    content: type[C]
    facets: Callable[[C], Facets]
    face: Face
    checks: Callable[[C, Context], list[Refusal]] = lambda content, context: []
    of_author: bool = False
    ahead: Callable[[C, date], list[Refusal]] = lambda content, today: []
    forward: Callable[[C, Beside], list[Refusal]] | None = None
    move: Callable[[C, Beside], Move | None] | None = None
    inside: bool = False
    apart: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    kept_inside: Callable[[C], Refusal | None] = lambda content: None

    def shared(self, stored: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
        """What of a stored content is told when it is released; `whole`: with what stays apart by itself."""
        kept = self.withheld if whole else (*self.withheld, *self.apart)
        return {name: value for name, value in stored.items() if name not in kept}

    def read(self, stored: Mapping[str, Any]) -> C:
        """The content that stored JSON holds; Refused where a member is missing, unknown, mistyped or says nothing.

        Refused also where it is larger than a record may be (`bounds`), or a number or date out of its range.
        """
        if too_large := bounds.exceeded(stored):
            raise Refused(too_large)
        try:
            content = msgspec.convert(stored, self.content, dec_hook=decode_hook)
        except msgspec.ValidationError as error:
            raise Refused(
                Refusal(
                    "content-form",
                    f"This is no content of kind {self.code}: {str(error)[:300]}.",
                    f"Give the fields of {self.face.plural} as docs/kinds.md lists them.",
                )
            ) from None
        if self.write(content) != stored:
            raise Refused(
                Refusal(
                    "content-one-form",
                    "A member is written that says nothing (null, an empty list or the default).",
                    "Leave out what is not known, so that one content has one digest.",
                )
            )
        return content

    def write(self, content: C) -> dict[str, Any]:
        """The stored JSON of a content: members with something to say, lists for rows, texts for dates."""
        stored: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(content, enc_hook=encode_hook))
        return stored

    def tidy(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was entered, in its one stored form: members that say nothing are left out. Refused as by `read`."""
        try:
            content = msgspec.convert(given, self.content, dec_hook=decode_hook)
        except msgspec.ValidationError:
            return self.write(self.read(given))  # refuses, with the words it always has
        return self.write(content)

    def rules(self, content: C, context: Context) -> list[Refusal]:
        """Everything that stands against the content: the rules that all kinds share, then this kind's own."""
        return [*shared_rules(content, context), *self._of_author(content, context), *self.checks(content, context)]

    def _of_author(self, content: C, context: Context) -> list[Refusal]:
        said = self.facets(content).about if self.of_author and context.author else context.author
        if said == context.author:
            return []
        return [
            Refusal(
                "own-side",
                f"It says of {said} what {said} alone says.",
                f"State it for {context.author}; what the other side needs or who acts for it, it states itself.",
            )
        ]


def shared_rules(content: Content, context: Context) -> list[Refusal]:
    """The rules of citation, dates and links that hold for every kind."""
    found: list[Refusal] = []
    for path, row in walk.rows(content):
        where = path or "the record"
        found += _hours(path, row)
        if "cite" in row.__struct_fields__:
            cite: Cite | None = getattr(row, "cite")  # noqa: B009 - the attribute is known by name only
            found += _cite_rules(where, row, cite, context)
    if context.exists:
        for link in walk.links(content):
            kind, ref = link.split(":", 1)
            if (kind, ref) != ("source", content.ref) and not context.exists(kind, ref):
                found.append(
                    Refusal(
                        "link",
                        f"There is no {kind.replace('_', ' ')} {ref}.",
                        "Record it first, or correct the reference.",
                    )
                )
    return found


def _hours(path: str, row: msgspec.Struct) -> list[Refusal]:
    """A refusal for each hour of a row that no clock shows, or that lies outside the years of a record."""
    found, where = [], path or "the record"
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, str) and _INSTANT.match(value) and not _on_a_clock(value):
            found.append(
                Refusal(
                    "content-hour",
                    f"{where} gives {value} as an hour, which no clock shows.",
                    f"Give an hour of a day of the calendar, from {FIRST_YEAR} to {LAST_YEAR}.",
                    field=f"{path}.{name}" if path else name,
                )
            )
    return found


def _on_a_clock(value: str) -> bool:
    try:
        return FIRST_YEAR <= datetime.fromisoformat(value).year < LAST_YEAR
    except ValueError:
        return False


def _cite_rules(where: str, row: msgspec.Struct, cite: Cite | None, context: Context) -> list[Refusal]:
    at = "cite" if where == "the record" else f"{where}.cite"
    if cite is None:
        if context.basis != "published":
            return []
        return [
            Refusal(
                "cite-missing",
                f"{where} is published without saying on what it rests.",
                "Give its sources and confidence; unverified may stand without a source.",
                at,
            )
        ]
    found = []
    if not cite.sources and cite.confidence != "unverified":
        found.append(
            Refusal(
                "cite-sources",
                f"{where} is called {cite.confidence} and names no source.",
                "Name the source, or call it unverified.",
                at,
            )
        )
    found += [
        Refusal(
            "cite-field",
            f"{where} calls {name} weaker than the rest, and says nothing in it.",
            "Name a field that the row holds.",
            at,
        )
        for name in (*cite.inferred, *cite.unverified)
        if not _says(row, name)
    ]
    return [*found, *_place_rules(where, at, cite, context)]


def _place_rules(where: str, at: str, cite: Cite, context: Context) -> list[Refusal]:
    """What stands against the places in sources that a citation names."""
    if cite.places and context.rules == _WITHOUT_PLACES:
        return [
            Refusal(
                "cite-place-rules",
                f"{where} says where in its source it stands, which rule set {context.rules} does not have.",
                "Say it in the notes until both sides have brought the next rule set into force.",
                f"{at}.places",
            )
        ]
    found = []
    for number, place in enumerate(cite.places):
        field = f"{at}.places.{number}"
        if place.source not in cite.sources:
            found.append(
                Refusal(
                    "cite-place",
                    f"{where} names a place in {place.source}, which is none of its sources.",
                    "Add the source to the sources, or name one of them.",
                    f"{field}.source",
                )
            )
        if place.at is None and place.consulted is None:
            found.append(
                Refusal(
                    "cite-place",
                    f"{where} names {place.source} again, and neither where in it nor when it was consulted.",
                    "Give the page, paragraph or column, or the day on which it was consulted.",
                    f"{field}.at",
                )
            )
    return found


def _says(row: msgspec.Struct, name: str) -> bool:
    """Whether a field named in a citation (``end``, ``end.not_before``) holds anything."""
    field, _, part = name.partition(".")
    value = getattr(row, field, None)
    if part:
        value = getattr(value, part, None)
    return value is not None and value != ()
