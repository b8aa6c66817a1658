"""What a Word file of a negotiated text says, paragraph by paragraph, before it is a file. Knows no XML.

Writer and comparison both work from this, so that what was sent is known exactly. An *edition* is the column or half of
the file in one language. A slot appears once in each edition; what is in no language (`reference`) appears once.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from dtti.documents.values import Language, Side, Words
from dtti.language.names import facing

from . import values, words
from .draft import Draft, Entry, Field

Layout = Literal["side", "after"]
"""Both languages side by side in columns, or one after the other."""

Fill = Literal["", "parties", "parties_short"]
MARK = "dtti_"
_FILL = re.compile(r"\{(parties|parties_short)\}")


@dataclass(frozen=True)
class Piece:
    """A run of one passage of a slot. `passage`: its place in the clause; `fill`: it stands for a placeholder."""

    text: str
    language: Language
    passage: int = 0
    bracket: Side | None = None
    fill: Fill = ""
    aside: bool = False


@dataclass(frozen=True)
class Unit:
    """One slot in one edition. `number` is printed before it, where the clause begins with it.

    `passages`: its pieces are passages of a clause. `typed`: it holds a value and not prose. `fixed`: it is print of
    ours, there to say where a part begins. `apart`: a paragraph typed behind it is an entry of its own.
    """

    slot: str
    edition: Language
    pieces: tuple[Piece, ...]
    style: str = "Fact"
    number: str | None = None
    passages: bool = False
    typed: Field | None = None
    fixed: bool = False
    apart: bool = False
    strong: bool = False

    @property
    def mark(self) -> str:
        """The name of its bookmark, at most 40 ASCII letters, digits and underscores as Word demands."""
        return f"{MARK}{self.edition}_{code(self.slot)}"

    @property
    def text(self) -> str:
        """The text as printed, brackets with their sides included, asides left out."""
        return "".join(
            f"{words.opening(piece.bracket, self.edition)}{piece.text}{words.CLOSING}" if piece.bracket else piece.text
            for piece in self.pieces
            if not piece.aside
        )

    @property
    def key(self) -> str:
        """The key of the entry that it is of, "" where it is of none."""
        return key_of(self.slot)


Paragraph = tuple[Unit, ...]
"""Units that stand in one paragraph; most stand alone."""


@dataclass(frozen=True)
class Plan:
    """The whole file. `head`, `clauses` and `tail` by edition; `parties` and `facts` stand once, after all.

    `silent`: units of values that the text does not have, which are not printed; a line with their label fills them.
    `labels`: every label that an entry may have, by edition: the words, and the fields they are of; `aliases`: those
    that only an entry that is new may have. `names`: the slot of each particular by its name as printed.
    """

    languages: tuple[Language, ...]
    layout: Layout
    first: Side
    head: dict[Language, tuple[Paragraph, ...]]
    clauses: dict[Language, tuple[Paragraph, ...]]
    tail: dict[Language, tuple[Paragraph, ...]]
    parties: dict[Side, tuple[Unit, ...]]
    facts: tuple[tuple[Words, tuple[Unit, ...]], ...]
    silent: tuple[Unit, ...] = ()
    labels: dict[Language, dict[str, str]] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)

    def units(self) -> Iterator[Unit]:
        """Every unit, once."""
        for part in (self.head, self.clauses, self.tail):
            for language in self.languages:
                for paragraph in part[language]:
                    yield from paragraph
        for own in self.parties.values():
            yield from own
        for _, row in self.facts:
            yield from row
        yield from self.silent


def code(slot: str) -> str:
    """A slot's name in bookmarks. A clause's key may be any text, so its SHA-256 stands for it (16 digits)."""
    kind, *rest = slot.split("/")
    if kind == "clause":
        key, part = slot[len("clause/") :].rsplit("/", 1)
        part = part[0] if part in ("number", "heading", "text") else part
        return f"c{hashlib.sha256(key.encode()).hexdigest()[:16]}_{part}"
    return "_".join([kind, *rest])


def of_clause(key: str, part: str) -> str:
    """The slot of a part of an entry: its number, its heading, its text, or a value of its own."""
    return f"clause/{key}/{part}"


def key_of(slot: str) -> str:
    """The key of the entry that a slot is of, "" where it is of none."""
    return slot[len("clause/") :].rsplit("/", 1)[0] if slot.startswith("clause/") else ""


def plan(draft: Draft, *, languages: tuple[Language, ...], layout: Layout, first: Side) -> Plan:
    """Lay a text out for readers of `languages`, with `first` named first where the parties are named."""
    laying = _Laying(draft, languages, layout, (first, facing(first)))
    editions = {each: laying.entries(each) for each in languages}
    return Plan(
        languages,
        layout,
        first,
        {each: tuple(laying.head(each)) for each in languages},
        {each: tuple(found) for each, found in editions.items()},
        {each: tuple((unit,) for one in draft.tail for unit in laying.once(one, each)) for each in languages},
        {side: tuple(laying.all(own)) for side, own in (draft.parties or {}).items()},
        tuple(
            (one.label or Words("–"), row)
            for one in _in_order(draft.facts, laying.order)
            if (row := tuple(laying.all((one,))))
        ),
        (*laying.silent, *laying.empty()),
        {each: _labels(draft, each) for each in languages},
        frozenset(
            also.spoken(each)[0]
            for part in draft.parts
            for sort in part.sorts
            for one in sort.fields
            for also in one.also
            for each in languages
        ),
        {" · ".join(one.label.spoken(each)[0] for each in languages): one.name for one in draft.facts if one.label},
    )


def _in_order(facts: tuple[Field, ...], order: tuple[Side, ...]) -> list[Field]:
    """The particulars, those of the sides in the order of this original where they stand together."""

    def whose(one: Field) -> int:
        return next((at for at, side in enumerate(order) if f"/{side}" in one.name), -1)

    made: list[Field] = []
    group: list[Field] = []
    for one in facts:
        if whose(one) < 0:
            made += sorted(group, key=whose)
            group = []
            made.append(one)
        else:
            group.append(one)
    return made + sorted(group, key=whose)


def _labels(draft: Draft, edition: Language) -> dict[str, str]:
    """What a line that belongs to an entry may begin with, and the name of the field that it fills."""
    made: dict[str, str] = {}
    for part in draft.parts:
        for sort in part.sorts:
            for one in sort.fields:
                for label in (one.label, *one.also):
                    if label:
                        made.setdefault(label.spoken(edition)[0], one.name)
    return made


class _Laying:
    """The units of one text, made edition by edition."""

    def __init__(self, draft: Draft, languages: tuple[Language, ...], layout: Layout, order: tuple[Side, ...]) -> None:
        self.draft, self.languages, self.layout, self.order = draft, languages, layout, order
        self.both = len(languages) > 1
        self.silent: list[Unit] = []

    def head(self, edition: Language) -> Iterator[Paragraph]:
        """The kind of text, where no field says it, and the fields of the head."""
        if self.draft.name:
            yield (_fixed("part/name", self.draft.name, edition, "Kind"),)
        for one in self.draft.head:
            for unit in self.once(one, edition):
                yield (unit,)

    def entries(self, edition: Language) -> Iterator[Paragraph]:
        """The parts in order: the heading of each, and its entries. A part without a heading shows by its entries."""
        for part in self.draft.parts:
            own = [each for each in self.draft.entries if any(one.name == each.sort for one in part.sorts)]
            if part.title and (own or part.always):
                yield (_fixed(f"part/{part.name}", part.title, edition, "DTTIPart"),)
            for each in own:
                yield from self._entry(each, edition, apart=part.title is not None)

    def _entry(self, entry: Entry, edition: Language, *, apart: bool) -> Iterator[Paragraph]:
        held: list[Unit] = []
        begun = False
        for each in entry.fields:
            level = str(entry.level) if each.style in ("Heading", "Clause") else ""
            one = replace(each, style=each.style + level)
            slot = of_clause(entry.key, one.name)
            number = None if begun else entry.number
            if one.type == "passages":
                pieces = tuple(
                    piece
                    for at, passage in enumerate(entry.passages)
                    for piece in self._said(passage.text, edition, at, passage.bracket)
                )
                unit = Unit(slot, edition, pieces, one.style, number, passages=True)
            elif one.value is None and not one.shown:
                if one.label:
                    typed = None if one.type == "words" else one
                    self.silent.append(Unit(slot, edition, (), one.style, typed=typed, apart=True))
                continue
            else:
                unit = self._unit(slot, one, edition, number, apart=apart, inside=True)
            begun = True
            if held and not one.joined:
                yield tuple(held)
                held = []
            held.append(unit)
        if held:
            yield tuple(held)

    def once(self, one: Field, edition: Language) -> Iterator[Unit]:
        """A field of the head or the tail in one edition, where it has a value."""
        if one.value is not None:
            yield self._unit(one.name, one, edition)

    def all(self, own: Iterable[Field]) -> Iterator[Unit]:
        """Fields that stand once, in every language of the file that they are in."""
        for one in own:
            if one.value is None or (isinstance(one.value, str) and not one.value):
                continue
            for edition in self.languages[:1] if one.once else self.languages:
                yield self._unit(one.name, one, edition)

    def empty(self) -> Iterator[Unit]:
        """Fields outside the entries that the text does not have: a file made from another text may show them."""
        for one in self.draft.fields():
            if not one.value:
                typed = None if one.type in ("words", "line") else one
                for edition in self.languages[:1] if one.once else self.languages:
                    yield Unit(one.name, edition, (), one.style, typed=typed)

    def _unit(
        self,
        slot: str,
        one: Field,
        edition: Language,
        number: str | None = None,
        *,
        apart: bool = False,
        inside: bool = False,
    ) -> Unit:
        pieces: list[Piece] = []
        ahead = one.joined + (f"{one.label.spoken(edition)[0]}: " if inside and one.label and not one.bare else "")
        if ahead:
            pieces.append(Piece(ahead, edition, aside=True))
        style = "DTTITitle" if one.style == "Title" and self.both and self.layout == "side" else one.style
        if isinstance(one.value, Words):
            pieces += self._said(one.value, edition, filled=one.filled)
            pieces += [Piece(one.closed, edition, aside=True)] if one.closed else []
            return Unit(slot, edition, tuple(pieces), style, number, apart=apart, strong=one.strong)
        text = values.printed(one.type, one.value or "", edition)
        if text:
            pieces.append(Piece(text, edition))
        elif one.shown:
            pieces.append(Piece(words.FIXED["empty"][edition], edition, aside=True))
        if one.closed:
            pieces.append(Piece(one.closed, edition, aside=True))
        typed = None if one.type == "words" or (one.type == "line" and not inside) else one
        return Unit(slot, edition, tuple(pieces), style, number, typed=typed, apart=apart, strong=one.strong)

    def _said(
        self,
        text: Words,
        edition: Language,
        passage: int = 0,
        bracket: Side | None = None,
        *,
        filled: bool = False,
    ) -> Iterator[Piece]:
        own, language = text.spoken(edition)
        if self.both and language != edition:
            yield Piece(words.FIXED["missing"][edition], edition, passage, aside=True)
            return
        start = 0
        for found in _FILL.finditer(own) if filled else ():
            if found.start() > start:
                yield Piece(own[start : found.start()], language, passage, bracket)
            fill: Fill = "parties" if found[1] == "parties" else "parties_short"
            said = self._named(fill, language)
            # As on paper: a text that begins with the parties begins with a capital letter.
            said = said if found.start() else said[:1].upper() + said[1:]
            yield Piece(said, language, passage, bracket, fill)
            start = found.end()
        if own[start:]:
            yield Piece(own[start:], language, passage, bracket)
        if language != edition:
            yield Piece(" " + words.FIXED["only"][language], edition, passage, aside=True)
        if not text.reviewed:
            yield Piece(words.UNREVIEWED, edition, passage, aside=True)

    def _named(self, fill: Fill, language: Language) -> str:
        """Both parties in the order of this original, by their full or short names."""
        parties = [(self.draft.names or {})[side] for side in self.order]
        texts = [party.name if fill == "parties" else party.short for party in parties]
        return words.AND[language].join(text.spoken(language)[0] for text in texts)


def _fixed(slot: str, text: Words, edition: Language, style: str) -> Unit:
    return Unit(slot, edition, (Piece(text.spoken(edition)[0], edition, aside=True),), style, fixed=True)
