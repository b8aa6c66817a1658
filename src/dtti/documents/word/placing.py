"""Paragraphs that stand in no bookmark: labelled lines of the entry above, further paragraphs, or what was added.

Compares no words. What became of one text is kept here, for it is found in several ways.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from dtti.documents.values import Language

from .lines import forms_of, labelled, segments_of, sliced
from .pieces import Paragraph, Piece
from .plan import Plan, Unit, of_clause

NUMBERED = re.compile(
    r"^\s*((?:(?:Article|Section|Clause|Paragraph|अनुच्छेद|खंड|धारा|पैरा)\s+)?"
    r"(?:[0-9०-९]{1,3}(?:\.[0-9०-९]{1,3})*(?:[a-zA-Zक-ह]|bis|ter)?[.)]?|\([a-zA-Z0-9०-९क-ह]{1,4}\)|[IVXLC]{1,6}[.)]|[a-z][.)]))[\s\u00a0]+(?=\S)"
)
"""A number at the start of a paragraph, as numbers of clauses are written in either language."""

_TABBED = re.compile(r"\s*(\S{0,40}\d\S{0,40})\t\s*(?=\S)")


@dataclass
class Text:
    """What became of one unit. `order`: the paragraph it begins in; `number`: what is printed before it, or None."""

    unit: Unit
    pieces: list[Piece] = field(default_factory=list)
    order: int = -1
    cell: tuple[int, int, int] | None = None
    number: list[Piece] | None = None
    by: str = "mark"


@dataclass
class Added:
    """Paragraphs that belong to nothing that was sent. `previous`: the slot before them ("" at the start)."""

    edition: Language
    number: str
    paragraphs: list[Paragraph]
    order: int
    previous: str
    heading: bool = False
    cell: tuple[int, int, int] | None = None


def visible(pieces: Iterable[Piece], *, without: str = "removed") -> str:
    """The words of pieces, those in state `without` left out."""
    return "".join(piece.text for piece in pieces if piece.state != without)


def whole(paragraph: Paragraph) -> str:
    """Its words as they are now, or as they were where all of them are struck out."""
    now = visible(paragraph.pieces)
    return now if now.strip() else "".join(piece.text for piece in paragraph.pieces)


def own_number(said: str, forms: re.Pattern[str] | None) -> str:
    """The number that a paragraph begins with: in a form of this text's, as clauses have them, or before a tab."""
    for pattern in (forms, NUMBERED, _TABBED):
        found = pattern.match(said) if pattern else None
        if found:
            return found[1]
    return ""


def script_of(text: str, otherwise: Language) -> Language:
    """The language that a text is written in, by its letters."""
    nagari = sum("\u0900" <= each <= "\u097f" for each in text)
    latin = sum(each.isascii() and each.isalpha() for each in text)
    return otherwise if nagari == latin else "hi" if nagari > latin else "en"


def placed(loose: list[int], paragraphs: Sequence[Paragraph], plan: Plan, texts: dict[str, Text]) -> list[Added]:
    """Loose paragraphs as further paragraphs of the text before them, or as clauses that were added."""
    forms = forms_of(plan)
    labels = {each: segments_of(plan.labels[each]) for each in plan.languages}
    named = {(unit.edition, unit.slot): unit for unit in plan.units()}
    apart = {
        unit.slot for unit in named.values() if unit.apart or unit.fixed
    }  # what stands behind is an entry of its own
    starts = sorted((text.order, mark) for mark, text in texts.items() if text.order >= 0)
    added: list[Added] = []
    waiting = iter(starts)
    upcoming = next(waiting, None)
    last: Text | None = None
    last_by: dict[Language, str] = {}
    for at in loose:
        while upcoming and upcoming[0] < at:
            last = texts[upcoming[1]]
            last_by[last.unit.edition] = last.unit.slot
            upcoming = next(waiting, None)
        paragraph = paragraphs[at]
        said = whole(paragraph)
        edition = script_of(said, last.unit.edition if last else plan.languages[0])
        if edition not in plan.languages:
            edition = plan.languages[0]
        # A label says which language a line is in, whatever its value is written in.
        edition = next((each for each in plan.languages if labels[each](said)), edition)
        number = own_number(said, forms)
        heading = paragraph.style.lower().startswith("heading")
        previous = last_by.get(edition, "")
        newest = added[-1] if added else None
        follows = newest is not None and (last is None or newest.order > last.order) and newest.cell == paragraph.cell
        begins = bool(number) or heading or paragraph.counted
        parts = labels[edition](said) if not begins else []
        if parts and last and not follows and (own := labelled(parts, plan, named, edition, previous)):
            for unit, start, end in own:
                text = texts.setdefault(unit.mark, Text(unit, by="likeness"))
                text.order, text.cell = at, paragraph.cell
                text.pieces += sliced(paragraph.pieces, start, end)
        elif follows and newest and newest.edition == edition and not begins and (parts or previous not in apart):
            newest.paragraphs.append(paragraph)
            newest.order = at
        elif (
            last
            and not begins
            and not (last.unit.apart or last.unit.fixed)
            and last.cell == paragraph.cell
            and last.unit.edition == edition
        ):
            _go_on(last, paragraph, paragraphs[at - 1], texts)
        else:
            added.append(Added(edition, number, [paragraph], at, previous, heading, paragraph.cell))
    return added


def _go_on(last: Text, paragraph: Paragraph, before: Paragraph, texts: dict[str, Text]) -> None:
    """A further paragraph of the same text; one behind a heading is of the clause's text."""
    text = last
    if last.unit.slot.endswith("/heading"):
        key = last.unit.slot[len("clause/") : -len("/heading")]
        unit = replace(last.unit, slot=of_clause(key, "text"), number=None)
        text = texts.get(unit.mark, last)
        if text is not last:
            text.pieces = [*paragraph.pieces, Piece("\n", paragraph.end, paragraph.by), *text.pieces]
            return
    # A paragraph that was typed behind another splits it: Word tracks the end of the former as what was put in.
    end = before if before.end != "same" else paragraph
    text.pieces += [Piece("\n", end.end, end.by), *paragraph.pieces]
