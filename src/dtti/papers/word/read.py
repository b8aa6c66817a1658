"""An instrument out of a Word file that was written here and not restructured since. Compares nothing.

The words are read from the text that people see, tracked changes accepted; only what a text cannot say of itself (a
clause's key and level, which passages there are, what was reviewed) comes from the file's shape. `compare` reads files
that people have worked in.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.papers.data.instrument import Clause, Instrument, Party, Passage
from dtti.papers.data.words import SIDES, Language, Side, Words
from dtti.papers.package import Package, open_package

from . import shape, words
from .body import Paragraph, Piece, body_of
from .plan import MARK, code, of_clause
from .shape import Shape, Spoken


def read(data: bytes | Path, *, name: str = "") -> Instrument:
    """The instrument that a file of ours shows: what was written, as far as the file shows it (`shape.shown`).

    Refused by the rules of `open_package`, and `word-structure` where it is not a file of ours, or is no longer whole.
    """
    package = open_package(data, kind="docx", name=name)
    found = shape.found_in(package)
    if found is None:
        raise _broken(package, "it does not say which clauses it holds")
    try:
        return _instrument(_Shown(body_of(package).paragraphs), found)
    except (KeyError, msgspec.ValidationError, ValueError) as error:
        raise _broken(package, str(error).strip("'\"")) from None


def _broken(package: Package, why: str) -> Refused:
    return Refused(
        refuse(
            "word-structure",
            f"{package.name} cannot be read as an instrument: {why}",
            "Compare it with what was sent (`dtti paper compare`), or give the file as it was written.",
        )
    )


class _Shown:
    """What stands in each bookmark, as it is with everything tracked accepted."""

    def __init__(self, paragraphs: Iterable[Paragraph]) -> None:
        self._at: dict[str, list[Piece]] = {}
        for paragraph in paragraphs:
            for piece in paragraph.pieces:
                if piece.state != "removed" and not aside(piece):
                    for mark in piece.marks:
                        self._at.setdefault(mark, []).append(piece)

    def pieces(self, mark: str) -> list[Piece]:
        """What stands in a bookmark; KeyError where it is gone."""
        if mark not in self._at:
            raise KeyError(f"the text of {mark.removeprefix(MARK)} is missing")
        return self._at[mark]

    def __contains__(self, mark: str) -> bool:
        return mark in self._at

    def text(self, mark: str) -> str:
        """The text in a bookmark, with parties that stand for a placeholder put back as one."""
        parts: list[tuple[str, str]] = []
        for piece in self.pieces(mark):
            filled = next((each for each in piece.marks if each.startswith((f"{mark}_f", f"{mark}_s"))), "")
            if filled and parts and parts[-1][0] == filled:
                continue
            said = ("{parties}" if filled.startswith(f"{mark}_f") else "{parties_short}") if filled else piece.text
            parts.append((filled, said))
        return "".join(said for _, said in parts)


def aside(piece: Piece) -> bool:
    """Whether a piece is print of ours around the text: a note, a bracket with its side."""
    return piece.style in ("DTTI Aside", "DTTI Mark IND", "DTTI Mark USA")


def _instrument(shown: _Shown, found: Shape) -> Instrument:
    first = found.languages[0]

    def mark(slot: str, edition: Language = first, end: str = "") -> str:
        return f"{MARK}{edition}_{code(slot)}{end}"

    def said(slot: str, spoken: Spoken, end: str = "") -> Words:
        held: dict[Language, str] = {}
        for language in spoken.languages:
            edition = language if language in found.languages else first
            held[language] = shown.text(mark(slot, edition, end))
        return Words(held.get("en", ""), held.get("hi", ""), spoken.reviewed)

    def optional(slot: str) -> Words | None:
        return said(slot, found.slots[slot]) if slot in found.slots else None

    def line(slot: str) -> str:
        return shown.text(mark(slot)) if mark(slot) in shown else ""

    def clause(each: shape.ClauseShape) -> Clause:
        text = of_clause(each.key, "text")
        passages = []
        for at, spoken in enumerate(each.passages):
            edition = next((one for one in spoken.languages if one in found.languages), first)
            styles = {piece.style for piece in shown.pieces(mark(text, edition, f"_{at}"))}
            side: Side | None = next((one for one in SIDES if f"DTTI Bracket {one}" in styles), None)
            passages.append(Passage(said(text, spoken, f"_{at}"), side))
        number = line(of_clause(each.key, "number"))
        heading = said(of_clause(each.key, "heading"), each.heading) if each.heading else None
        return Clause(each.key, number, tuple(passages), heading, each.level)

    def party(side: Side) -> Party:
        at = f"party/{side}"
        return Party(
            said(f"{at}/name", found.slots[f"{at}/name"]),
            said(f"{at}/short", found.slots[f"{at}/short"]),
            line(f"{at}/signatory"),
            optional(f"{at}/office"),
            line(f"{at}/file_number"),
        )

    date = words.day_read(line("date"))
    if date is None and line("date"):
        raise ValueError(f"the date {line('date')[:40]!r} is no date")
    return Instrument(
        type=said("type", found.slots["type"]),
        reference=line("reference"),
        title=said("title", found.slots["title"]),
        preamble=said("preamble", found.slots["preamble"]),
        parties={side: party(side) for side in SIDES},
        clauses=tuple(clause(each) for each in found.clauses),
        closing=optional("closing"),
        digest=line("digest"),
        place=optional("place"),
        date=date,
        status=optional("status"),
        label=line("label"),
    )
