"""What a Word file of an instrument says, paragraph by paragraph, before it is a file. Knows no XML.

Writer and comparison both work from this, so that what was sent is known exactly. A *slot* is one text of the
instrument (`title`, `clause/KEY/text`, `party/IND/name`); an *edition* is the column or half of the file in one
language. A slot appears once in each edition; slots that are not in a language (`reference`) appear once.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dtti.papers.data.instrument import Clause, Instrument, Party
from dtti.papers.data.words import SIDES, Language, Side, Words

from . import words

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
    """One slot in one edition. `number` is printed before it, where the clause begins with it."""

    slot: str
    edition: Language
    pieces: tuple[Piece, ...]
    style: str = "Fact"
    number: str | None = None

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


@dataclass(frozen=True)
class Plan:
    """The whole file. `head`, `clauses` and `tail` by edition; `parties` and `facts` stand once, after all."""

    languages: tuple[Language, ...]
    layout: Layout
    first: Side
    head: dict[Language, tuple[Unit, ...]]
    clauses: dict[Language, tuple[Unit, ...]]
    tail: dict[Language, tuple[Unit, ...]]
    parties: dict[Side, tuple[Unit, ...]]
    facts: tuple[tuple[str, tuple[Unit, ...]], ...]

    def units(self) -> Iterator[Unit]:
        """Every unit, once."""
        for part in (self.head, self.clauses, self.tail):
            for language in self.languages:
                yield from part[language]
        for side in SIDES:
            yield from self.parties[side]
        for _, row in self.facts:
            yield from row


def code(slot: str) -> str:
    """A slot's name in bookmarks. A clause's key may be any text, so its SHA-256 stands for it (16 digits)."""
    kind, *rest = slot.split("/")
    if kind == "clause":
        key, part = slot[len("clause/") :].rsplit("/", 1)
        return f"c{hashlib.sha256(key.encode()).hexdigest()[:16]}_{part[0]}"
    return "_".join([kind, *rest])


def of_clause(key: str, part: Literal["number", "heading", "text"]) -> str:
    """The slot of a clause's part."""
    return f"clause/{key}/{part}"


def plan(instrument: Instrument, *, languages: tuple[Language, ...], layout: Layout, first: Side) -> Plan:
    """Lay an instrument out for readers of `languages`, with `first` named first where the parties are named."""
    both = len(languages) > 1
    order: tuple[Side, ...] = (first, "USA" if first == "IND" else "IND")

    def pieces(
        text: Words, edition: Language, passage: int = 0, bracket: Side | None = None, *, filled: bool = False
    ) -> Iterator[Piece]:
        own, language = text.spoken(edition)
        if both and language != edition:
            yield Piece(words.FIXED["missing"][edition], edition, passage, aside=True)
            return
        start = 0
        for found in _FILL.finditer(own) if filled else ():
            if found.start() > start:
                yield Piece(own[start : found.start()], language, passage, bracket)
            fill: Fill = "parties" if found[1] == "parties" else "parties_short"
            said = named(instrument, fill, language, order)
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

    def unit(slot: str, text: Words | None, edition: Language, style: str) -> Iterator[Unit]:
        if text is not None:
            filled = slot in ("title", "preamble")  # elsewhere a brace is ordinary text
            yield Unit(slot, edition, tuple(pieces(text, edition, filled=filled)), style)

    def line(slot: str, text: str, style: str = "Fact") -> Iterator[Unit]:
        if text:
            yield Unit(slot, languages[0], (Piece(text, languages[0]),), style)

    def clause(each: Clause, edition: Language) -> Iterator[Unit]:
        text = tuple(
            piece
            for at, passage in enumerate(each.passages)
            for piece in pieces(passage.text, edition, at, passage.bracket)
        )
        if each.heading is not None:
            heading = tuple(pieces(each.heading, edition))
            yield Unit(of_clause(each.key, "heading"), edition, heading, f"Heading{each.level}", each.number)
        yield Unit(
            of_clause(each.key, "text"),
            edition,
            text,
            f"Clause{each.level}",
            each.number if each.heading is None else None,
        )

    def party(side: Side, it: Party) -> Iterator[Unit]:
        for edition in languages:
            yield from unit(f"party/{side}/name", it.name, edition, "Party")
        yield from line(f"party/{side}/signatory", it.signatory, "Signatory")
        for edition in languages:
            yield from unit(f"party/{side}/office", it.office, edition, "Office")

    def facts() -> Iterator[tuple[str, tuple[Unit, ...]]]:
        yield "reference", tuple(line("reference", instrument.reference))
        yield "label", tuple(line("label", instrument.label))
        yield "status", tuple(each for at in languages for each in unit("status", instrument.status, at, "Fact"))
        yield "place", tuple(each for at in languages for each in unit("place", instrument.place, at, "Fact"))
        if instrument.date:
            yield (
                "date",
                tuple(Unit("date", at, (Piece(words.day(instrument.date, at), at),), "Fact") for at in languages),
            )
        for side in order:
            short, number = instrument.parties[side].short, instrument.parties[side].file_number
            yield f"short/{side}", tuple(e for at in languages for e in unit(f"party/{side}/short", short, at, "Fact"))
            yield f"file_number/{side}", tuple(line(f"party/{side}/file_number", number))
        yield "digest", tuple(line("digest", instrument.digest, "Digest"))

    return Plan(
        languages,
        layout,
        first,
        {
            at: (
                *unit("type", instrument.type, at, "Kind"),
                *unit("title", instrument.title, at, "DTTITitle" if both and layout == "side" else "Title"),
                *unit("preamble", instrument.preamble, at, "Preamble"),
            )
            for at in languages
        },
        {at: tuple(made for each in instrument.clauses for made in clause(each, at)) for at in languages},
        {at: tuple(unit("closing", instrument.closing, at, "Closing")) for at in languages},
        {side: tuple(party(side, instrument.parties[side])) for side in SIDES},
        tuple((name, row) for name, row in facts() if row),
    )


def named(instrument: Instrument, fill: Fill, language: Language, order: tuple[Side, ...]) -> str:
    """Both parties in an order, by their full or short names."""
    parties = [instrument.parties[side] for side in order]
    texts = [party.name if fill == "parties" else party.short for party in parties]
    return words.AND[language].join(text.spoken(language)[0] for text in texts)
