"""A negotiated text out of a Word file that was written here and not restructured since. Compares nothing.

The words are read from the text that people see, tracked changes accepted; only what a text cannot say of itself (its
kind, an entry's key and level, which values there are, what was reviewed) comes from the file's shape. `compare` reads
files that people have worked in.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.package import Package, open_package
from dtti.documents.values import SIDES, Language, Passage, Side, Words

from . import shape, values
from .body import body_of
from .draft import Draft, Entry, Field, Form, Held
from .pieces import Paragraph, Piece
from .plan import MARK, code, of_clause
from .shape import FieldShape, Shape, Spoken


def read(forms: Mapping[str, Form], data: bytes | Path, *, name: str = "") -> Any:
    """The text that a file of ours shows, by the form of its kind: what was written, as far as it is shown.

    Refused by the rules of `open_package`, and `word-structure` where it is not a file of ours, or is no longer whole.
    """
    package = open_package(data, kind="docx", name=name)
    found = shape.found_in(package)
    if found is None:
        raise _broken(package, "it does not say which clauses it holds")
    if found.kind not in forms:
        raise _broken(package, f"it is of a kind that is not known here ({found.kind[:40]!r})")
    try:
        return forms[found.kind].back(_draft(_Shown(body_of(package).paragraphs), found))
    except (KeyError, msgspec.ValidationError, ValueError) as error:
        raise _broken(package, str(error).strip("'\"")) from None


def _broken(package: Package, why: str) -> Refused:
    return Refused(
        refuse(
            "word-structure",
            f"{package.name} cannot be read as a negotiated text: {why}",
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


def _draft(shown: _Shown, found: Shape) -> Draft:
    first = found.languages[0]

    def mark(slot: str, edition: Language = first, end: str = "") -> str:
        return f"{MARK}{edition}_{code(slot)}{end}"

    def said(slot: str, spoken: Spoken, end: str = "") -> Words:
        held: dict[Language, str] = {}
        for language in spoken.languages:
            edition = language if language in found.languages else first
            held[language] = shown.text(mark(slot, edition, end))
        return Words(held.get("en", ""), held.get("hi", ""), spoken.reviewed)

    def line(slot: str) -> str:
        return shown.text(mark(slot)) if mark(slot) in shown else ""

    def value(slot: str, each: FieldShape) -> Held:
        if each.spoken:
            return said(slot, each.spoken)
        if each.type == "passages":
            return None
        text = line(slot)
        return text if each.type in ("line", "lines") else values.understood(each.type, text)

    def field(slot: str, each: FieldShape) -> Field:
        return Field(each.name, each.type, value(slot, each))

    def passages(each: shape.EntryShape) -> tuple[Passage, ...]:
        text = of_clause(each.key, "text")
        made = []
        for at, spoken in enumerate(each.passages):
            edition = next((one for one in spoken.languages if one in found.languages), first)
            styles = {piece.style for piece in shown.pieces(mark(text, edition, f"_{at}"))}
            side: Side | None = next((one for one in SIDES if f"DTTI Bracket {one}" in styles), None)
            made.append(Passage(said(text, spoken, f"_{at}"), side))
        return tuple(made)

    return Draft(
        found.kind,
        tuple(field(each.name, each) for each in found.fields),
        (),
        tuple(
            Entry(
                each.key,
                each.sort,
                line(of_clause(each.key, "number")) if each.numbered else None,
                tuple(field(of_clause(each.key, one.name), one) for one in each.fields),
                passages(each),
                each.level,
            )
            for each in found.entries
        ),
    )
