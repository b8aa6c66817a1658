"""Two originals of one text, and the proof that they differ only in the order of the sides. Knows no layout.

The proof has two halves. On the data: both originals are spelled out part by part, and every part other than title,
preamble and signature blocks must be equal; those three must be equal once the order of the parties is set aside. On
the PDFs: the text is read back out of both (readback.py), every part must be found in its place in its original, and
what stands between the parts must be equal as well.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dtti.accord.refusal import Refused, refuse
from dtti.documents.typeset.readback import text_of
from dtti.documents.values import LANGUAGES, SIDES, Language, Side, Words
from dtti.documents.words import Reading
from dtti.language.characters import drawn

from . import wording
from .data.instrument import Instrument
from .render import Sheet, render

ORDERED = ("title", "preamble", "signature")
"""The places in which the order of the sides shows."""


class Part(NamedTuple):
    """A part of an original: where it stands ("clause 3.1", "signature 1"), in which language, and its words."""

    where: str
    language: Language
    text: str


@dataclass(frozen=True)
class Difference:
    """A place where the originals differ otherwise than in the order of the sides; "" where one has nothing there."""

    where: str
    ind: str
    usa: str

    def __str__(self) -> str:
        return f"{self.where}: India's original has {self.ind[:120]!r}, that of the United States {self.usa[:120]!r}"


@dataclass(frozen=True)
class Proof:
    """What a comparison found. `digest`: SHA-256 of all that both have in common, in lower-case hexadecimal."""

    parts: int
    digest: str
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether the originals differ only in the order of the sides."""
        return not self.differences


def originals(
    data: wording.TwoOriginals,
    *,
    kind: str = "instrument",
    language: Reading = "both",
    sheet: Sheet = "a4",
) -> tuple[bytes, bytes]:
    """India's original and that of the United States, as PDFs."""
    ind, usa = (render(kind, data, language=language, first=side, sheet=sheet) for side in SIDES)
    return ind, usa


def spelled(data: wording.TwoOriginals, first: Side, language: Reading = "both") -> list[Part]:
    """The original of `first`, spelled out part by part in the order in which it is read."""
    return list(_spelled(data, first, LANGUAGES if language == "both" else (language,)))


def _spelled(data: wording.TwoOriginals, first: Side, languages: tuple[Language, ...]) -> Iterator[Part]:
    text = wording.text_of(data, first)
    seen = []
    for each in languages:
        if text[each]["title"] not in seen:
            yield Part("title", each, text[each]["title"])
        seen.append(text[each]["title"])
    for each in languages:
        yield Part("preamble", each, text[each]["preamble"])
        if isinstance(data, Instrument):
            for clause in data.clauses:
                yield Part(f"clause {clause.number}, number", each, clause.number)
                if clause.heading:
                    yield Part(f"clause {clause.number}, heading", each, clause.heading.spoken(each)[0])
                for place, passage in enumerate(clause.passages, 1):
                    yield Part(f"clause {clause.number}, passage {place}", each, passage.text.spoken(each)[0])
    if not isinstance(data, Instrument):
        for line in data.projects:
            for each in _given(line.project, languages):
                yield Part(f"project {line.number}", each, line.project.spoken(each)[0])
        for place, paragraph in enumerate(data.paragraphs):
            for each in _given(paragraph, languages):
                yield Part(f"paragraph {place + 1}", each, paragraph.spoken(each)[0])
    if data.closing:
        for each in _given(data.closing, languages):
            yield Part("closing words", each, data.closing.spoken(each)[0])
    if isinstance(data, Instrument) and any(not clause.agreed for clause in data.clauses):
        return  # not for signature: a grid of brackets follows, which is compared as what stands between the parts
    ordered = list(enumerate(wording.order_of(first), 1))
    for place, side in ordered:
        for each in _given(data.parties[side].name, languages):
            yield Part(f"signature {place}, party", each, text[each]["sign"][side])
    for place, side in ordered:
        party = data.parties[side]
        if party.signatory:
            yield Part(f"signature {place}, name", languages[0], party.signatory)
        if party.office:
            for each in _given(party.office, languages):
                yield Part(f"signature {place}, office", each, party.office.spoken(each)[0])


def _given(words: Words, languages: tuple[Language, ...]) -> tuple[Language, ...]:
    """The languages in which `words` are printed: once where they exist in one language only."""
    return languages if words.en and words.hi else languages[:1]


def compared(data: wording.TwoOriginals, language: Reading = "both") -> Proof:
    """Both originals as data, part by part; the parties' order is set aside in title, preamble and signatures."""
    return _compared(data, *(spelled(data, side, language) for side in SIDES))


def _compared(data: wording.TwoOriginals, ind: list[Part], usa: list[Part]) -> Proof:
    found: list[Difference] = []
    common: list[str] = []
    signed: list[list[str]] = [[], []]
    for one, other in zip(ind, usa, strict=False):
        if one.where.startswith("signature") and other.where.startswith("signature"):
            continue
        ours, theirs = one.text, other.text
        if one.where in ORDERED and one.where == other.where:
            ours, theirs = _without_order(data, one, "IND"), _without_order(data, other, "USA")
        if (one.where, one.language, ours) != (other.where, other.language, theirs):
            found.append(Difference(one.where, one.text, other.text))
        common.append(f"{one.where}\n{one.language}\n{ours}")
    for held, parts in zip(signed, (ind, usa), strict=True):
        blocks = _blocks(parts)
        held += sorted("\n".join(block) for block in blocks.values())
    if signed[0] != signed[1]:
        found.append(Difference("signature", "; ".join(signed[0]), "; ".join(signed[1])))
    if len(ind) != len(usa):
        found.append(Difference("number of parts", str(len(ind)), str(len(usa))))
    digest = hashlib.sha256("\0".join([*common, *signed[0]]).encode()).hexdigest()
    return Proof(max(len(ind), len(usa)), digest, tuple(found))


def _blocks(parts: list[Part]) -> dict[str, list[str]]:
    """The signature blocks by their place: party, name and office of each, as one block."""
    blocks: dict[str, list[str]] = {}
    for part in parts:
        if part.where.startswith("signature"):
            place, what = part.where.split(", ")
            blocks.setdefault(place, []).append(f"{what} {part.language}: {part.text}")
    return blocks


def _without_order(data: wording.TwoOriginals, part: Part, first: Side) -> str:
    """A title or preamble with the parties' names, where they stand in this original's order, taken out again."""
    text = part.text
    for short in (False, True):
        for language in LANGUAGES:
            names = wording.joined(data.parties, first, language, short=short)
            text = text.replace(names, "\ufffc").replace(names[:1].upper() + names[1:], "\ufffc")
    return text


def compared_pdfs(data: wording.TwoOriginals, ind: bytes, usa: bytes, language: Reading = "both") -> Proof:
    """Both originals as printed: every part in its place, and what stands between the parts equal."""
    found: list[Difference] = []
    rests: list[list[str]] = []
    parts = spelled(data, "IND", language)
    for side, pdf in (("IND", ind), ("USA", usa)):
        text, at, rest = squeezed(text_of(pdf)), 0, []
        for part in spelled(data, side, language):  # type: ignore[arg-type] # a tuple of both literals
            wanted = squeezed(drawn(part.text))
            place = text.find(wanted, at)
            if place < 0:
                shown = text[at : at + 120]
                found.append(Difference(part.where, *((shown, part.text) if side == "IND" else (part.text, shown))))
                break
            rest.append(text[at:place])
            at = place + len(wanted)
        rests.append([*rest, text[at:]])
    if not found:
        for part, one, other in zip([*parts, Part("the end", "en", "")], *rests, strict=False):
            if _without_originals(one) != _without_originals(other):
                found.append(Difference(f"before {part.where}", one, other))
    digest = hashlib.sha256("\0".join(map(_without_originals, rests[0])).encode()).hexdigest()
    return Proof(len(parts), digest, tuple(found))


def _without_originals(text: str) -> str:
    """Text between parts without the line that says whose original this is."""
    from dtti.documents.words import word

    for side in SIDES:
        for language in LANGUAGES:
            text = text.replace(squeezed(word(f"instrument.original_{side}", language)), "")
    return text


def proved(data: wording.TwoOriginals, ind: bytes, usa: bytes, *, language: Reading = "both") -> Proof:
    """The proof on the data, once that on the PDFs holds as well; Refused with every difference otherwise."""
    said, printed = compared(data, language), compared_pdfs(data, ind, usa, language)
    differences = [*said.differences, *printed.differences]
    if differences:
        raise Refused(
            *(
                refuse("alternat", str(each), "Make both originals anew from one text, and compare again.")
                for each in differences[:20]
            )
        )
    return said


def squeezed(text: str) -> str:
    """`text` without anything that line breaks change: white space and places to break; in NFC."""
    return re.sub(r"[\s\u200b\u00ad]+", "", unicodedata.normalize("NFC", text))
