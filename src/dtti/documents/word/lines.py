"""Lines that hold several values: told apart by their labels, or by the words that stand between. Knows no file.

A line with labels belongs to the entry under which it stands, whether it was printed or typed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from dtti.documents.diff import blocks
from dtti.documents.values import Language

from .pieces import Piece
from .plan import Paragraph, Plan, Unit, key_of, of_clause
from .tokens import tokens

Segment = tuple[str, int, int]
"""A label, and where what it says begins and ends."""


def segments_of(labels: Iterable[str]) -> Callable[[str], list[Segment]]:
    """What cuts a line at its labels: [] where it does not begin with one."""
    names = sorted(labels, key=len, reverse=True)
    if not names:
        return lambda _: []
    pattern = re.compile(rf"(?:^|\n|[·|;])\s*({'|'.join(re.escape(each) for each in names)})\s*[:：]\s*", re.IGNORECASE)
    spelled = {each.casefold(): each for each in names}

    def cut(line: str) -> list[Segment]:
        found = list(pattern.finditer(line))
        if not found or line[: found[0].start()].strip():
            return []
        ends = [each.start() for each in found[1:]] + [len(line)]
        return [
            (spelled[each[1].casefold()], each.end(), each.end() + len(line[each.end() : end].rstrip()))
            for each, end in zip(found, ends, strict=True)
        ]

    return cut


def sliced(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """The pieces of a paragraph between two places of its text, what is struck out there with them."""
    gone = not any(piece.text.strip() and piece.state != "removed" for piece in pieces)
    made: list[Piece] = []
    at = 0
    for piece in pieces:
        if piece.state == "removed" and not gone:
            if start <= at <= end:
                made.append(piece)
            continue
        first, last = max(start - at, 0), min(end - at, len(piece.text))
        if first < last:
            made.append(replace(piece, text=piece.text[first:last]))
        at += len(piece.text)
    return made


def labelled(
    parts: Sequence[Segment], plan: Plan, named: Mapping[tuple[Language, str], Unit], edition: Language, previous: str
) -> list[tuple[Unit, int, int]]:
    """The units that a labelled line gives the values of; [] where the entry above it has no such values."""
    key = key_of(previous)
    found: list[tuple[Unit, int, int]] = []
    for label, start, end in parts:
        unit = named.get((edition, of_clause(key, plan.labels[edition][label])))
        if not key or unit is None or label in plan.aliases:
            return []
        found.append((unit, start, end))
    return found


def forms_of(plan: Plan) -> re.Pattern[str] | None:
    """How the numbers of this text look: those that are there, any figures for their figures."""
    numbers = {unit.number.strip() for unit in plan.units() if unit.number}
    forms = {
        re.sub(r"\d+", "[0-9०-९]{1,5}", re.escape(each))
        for each in numbers
        if each[:1] == "(" or re.search(r"\d", each)
    }
    longest = sorted(forms, key=lambda each: (-len(each), each))
    return re.compile(rf"\s*({'|'.join(longest)})[\s\u00a0]+(?=\S)") if longest else None


def whole_lines(plan: Plan) -> list[Paragraph]:
    """The paragraphs that hold several values without labels."""
    return [
        paragraph
        for language in plan.languages
        for paragraph in plan.clauses[language]
        if len(paragraph) > 1
        and not any(":" in piece.text for unit in paragraph for piece in unit.pieces if piece.aside)
    ]


def keys_of_line(paragraph: Paragraph) -> list[str]:
    """The words of a line, signs between its values included."""
    return [each.key for each in tokens("".join(piece.text for unit in paragraph for piece in unit.pieces))]


def parted(paragraph: Paragraph, pieces: Sequence[Piece], said: str) -> list[tuple[Unit, list[Piece]]]:
    """The pieces of a returned line given to its values: each takes what became of its own words."""
    sent = [(token, unit) for unit in paragraph for token in tokens("".join(piece.text for piece in unit.pieces))]
    back = tokens(said)
    place = {0: 0}
    for block in blocks([token.key for token, _ in sent], [token.key for token in back], anchored=True):
        for at in range(block.a0, block.a1 + 1):
            place[at] = block.b0 + (at - block.a0) if block.same else (block.b0 if at == block.a0 else block.b1)
    starts = [next(at for at, (_, own) in enumerate(sent) if own is unit) for unit in paragraph]
    cuts = [back[place[at]].start if place[at] < len(back) else len(said) for at in starts]
    return [
        (unit, sliced(pieces, start if number else 0, end))
        for number, (unit, start, end) in enumerate(zip(paragraph, cuts, [*cuts[1:], len(said)], strict=True))
    ]
