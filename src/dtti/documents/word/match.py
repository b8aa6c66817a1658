"""Which text of what was sent each paragraph of a returned file is: by its bookmark, or else by number and likeness.

Compares no words. Bookmarks are what survives Word and LibreOffice; where a program lost them, a paragraph is known by
the number it begins with and by how much of its text is the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dtti.documents.diff import likeness

from . import words
from .lines import keys_of_line, parted, whole_lines
from .pieces import Body, Paragraph, Piece
from .placing import NUMBERED, Added, Text, placed, script_of, visible, whole
from .plan import Plan, Unit
from .regions import settle
from .tokens import tokens

_FIXED_STYLES = {f"DTTI {name}" for name in ("Note", "Column", "Part", "Rule", "Name", "Banner")}
_ENOUGH, _WITH_NUMBER = 0.55, 0.3


@dataclass
class Matched:
    """Every unit that was found, by its mark, and what was added."""

    texts: dict[str, Text]
    added: list[Added]


def matched(plan: Plan, body: Body, *, styled: bool) -> Matched:
    """Give every paragraph to a unit of the plan, or to what was added; what stands out of place is noted in `body`.

    `styled`: the file still has our styles, so that our print is known.
    """
    paragraphs = body.paragraphs
    units = {unit.mark: unit for unit in plan.units()}
    numbers = {f"{unit.mark.rsplit('_', 1)[0]}_n": unit.mark for unit in units.values() if unit.number is not None}
    texts: dict[str, Text] = {}
    loose: list[int] = []
    for at, paragraph in enumerate(paragraphs):
        if not _by_marks(at, paragraph, paragraphs, units, numbers, texts):
            loose.append(at)
    fixed = fixed_texts(plan)
    loose = _by_print(loose, paragraphs, units, texts)
    loose = [
        at
        for at in loose
        if paragraphs[at].style not in _FIXED_STYLES and (said := whole(paragraphs[at]).strip()) and said not in fixed
    ]
    loose = _by_name(loose, paragraphs, plan, texts)
    loose = _by_line(loose, paragraphs, plan, texts)
    loose = _by_likeness(loose, paragraphs, units, texts)
    settle(plan, texts, paragraphs, body.unlike, styled=styled)
    return Matched(texts, placed(loose, paragraphs, plan, texts))


def _by_print(
    loose: list[int], paragraphs: Sequence[Paragraph], units: dict[str, Unit], texts: dict[str, Text]
) -> list[int]:
    """Find the headings of parts that lost their bookmarks, by their words."""
    wanted = {
        "".join(piece.text for piece in unit.pieces).strip(): mark
        for mark, unit in units.items()
        if unit.fixed and mark not in texts
    }
    left: list[int] = []
    for at in loose:
        mark = wanted.pop(whole(paragraphs[at]).strip(), "")
        if mark:
            texts[mark] = Text(units[mark], list(paragraphs[at].pieces), at, paragraphs[at].cell, by="likeness")
        else:
            left.append(at)
    return left


def _by_name(loose: list[int], paragraphs: Sequence[Paragraph], plan: Plan, texts: dict[str, Text]) -> list[int]:
    """Find particulars that lost their bookmarks, by the name before them; a digest is print, wherever it stands."""
    units: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in plan.units():
        units[unit.slot].append(unit)
    first = {each.cell[:2]: whole(each).strip() for each in paragraphs if each.cell and not each.cell[2]}
    left: list[int] = []
    for at in loose:
        cell, said = paragraphs[at].cell, whole(paragraphs[at]).strip()
        name = first.get(cell[:2], "") if cell else whole(paragraphs[at - 1]).strip() if at else ""
        own = [unit for unit in units[plan.names.get(name, "")] if unit.mark not in texts]
        own.sort(key=lambda unit: unit.edition != script_of(said, unit.edition))
        if own:
            unit = own[0]
            texts[unit.mark] = Text(unit, list(paragraphs[at].pieces), at, cell, by="likeness")
        elif not re.fullmatch("[0-9a-f]{64}", said):
            left.append(at)
    return left


def fixed_texts(plan: Plan) -> frozenset[str]:
    """Paragraphs of our own print around the text, for files that have lost their styles."""
    found = set(words.asides())
    for key, row in words.FIXED.items():
        said = [row[each] for each in plan.languages]
        found.add(" · ".join(said))
        for side in words.SIDE.values():
            found.add(" · ".join(f"{row[each]}, {side[each]}" for each in plan.languages))
        found.update(said if key else ())
    for name, _ in plan.facts:
        found.add(" · ".join(name.spoken(each)[0] for each in plan.languages))
    return frozenset(found)


def _by_marks(
    at: int,
    paragraph: Paragraph,
    paragraphs: Sequence[Paragraph],
    units: dict[str, Unit],
    numbers: dict[str, str],
    texts: dict[str, Text],
) -> bool:
    """Give the pieces of a paragraph to the bookmarks that they stand in; False where they stand in none."""
    held: list[tuple[str, Piece]] = []
    for piece in paragraph.pieces:
        own = sorted(mark for mark in piece.marks if mark in units or mark in numbers)
        held.append((next((each for each in own if each in units), own[0] if own else ""), piece))
    if not any(mark and piece.text for mark, piece in held):
        return False
    if _typed_inside(paragraph, held, units, texts):
        return False
    following = ""
    owners = [mark for mark, _ in held]
    for place in range(len(owners) - 1, -1, -1):  # what follows each piece, for what stands before any mark
        owners[place], following = following, owners[place] or following
    current = ""
    begun: set[str] = set()
    for (mark, piece), after in zip(held, owners, strict=True):
        current = mark or current
        owner = current or after
        if owner in numbers and not mark:
            # The tab after a number ends it; what was typed behind it belongs to the text that follows.
            number, _, rest = piece.text.partition("\t")
            _give(texts, units[numbers[owner]], replace(piece, text=number), at, paragraph, number=True)
            if rest:
                current = after or numbers[owner]
                _open(texts, units[current if current in units else numbers[owner]], at, paragraph, paragraphs, begun)
                _give(
                    texts,
                    units[current if current in units else numbers[owner]],
                    replace(piece, text=rest),
                    at,
                    paragraph,
                )
            continue
        if owner in numbers:
            _give(texts, units[numbers[owner]], piece, at, paragraph, number=True)
            continue
        _open(texts, units[owner], at, paragraph, paragraphs, begun)
        _give(texts, units[owner], piece, at, paragraph)
    return True


def _typed_inside(
    paragraph: Paragraph, held: Sequence[tuple[str, Piece]], units: dict[str, Unit], texts: dict[str, Text]
) -> bool:
    """Whether a numbered paragraph was typed into a text: some programs stretch the bookmark over it."""
    marks = {mark for mark, piece in held if mark and piece.text}
    said = whole(paragraph)
    return (
        bool(NUMBERED.match(said))
        and all(mark in units and mark in texts and texts[mark].pieces for mark in marks)
        and not any(said.strip()[:40] in units[mark].text for mark in marks)
    )


def _open(
    texts: dict[str, Text], unit: Unit, at: int, paragraph: Paragraph, paragraphs: Sequence[Paragraph], begun: set[str]
) -> None:
    """Where a text goes on in a further paragraph, the end of the one before is a line of its own."""
    if unit.mark not in begun and unit.mark in texts and texts[unit.mark].pieces:
        end = paragraphs[at - 1]
        texts[unit.mark].pieces.append(Piece("\n", end.end, end.by, at=at))
    begun.add(unit.mark)


def _give(
    texts: dict[str, Text], unit: Unit, piece: Piece, at: int, paragraph: Paragraph, *, number: bool = False
) -> None:
    text = texts.setdefault(unit.mark, Text(unit))
    if number:
        text.number = [*(text.number or []), piece]
        return
    if text.order < 0 or (
        piece.state != "removed" and not any(one.state != "removed" and one.text.strip() for one in text.pieces)
    ):
        text.order, text.cell = at, paragraph.cell
    text.pieces.append(piece)


def _keys(text: str) -> list[str]:
    return [token.key for token in tokens(text)]


def numbered(text: str, expected: str | None) -> tuple[str, str]:
    """(number, the rest) of a paragraph that may begin with a number, `expected` or any other."""
    if expected and text.lstrip().startswith(expected):
        rest = text.lstrip()[len(expected) :]
        if not rest or rest[0].isspace():
            return expected, rest.strip()
    found = NUMBERED.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _by_likeness(
    loose: list[int], paragraphs: Sequence[Paragraph], units: dict[str, Unit], texts: dict[str, Text]
) -> list[int]:
    """Find the units whose bookmark is gone, or stands on words that are struck out, among the loose paragraphs."""
    wanted = {
        mark: unit
        for mark, unit in units.items()
        if unit.text.strip() and not _led(unit) and (mark not in texts or not visible(texts[mark].pieces).strip())
    }
    if not wanted or not loose:
        return loose
    words_of = {mark: _keys(unit.text) for mark, unit in wanted.items()}
    index: defaultdict[str, set[str]] = defaultdict(set)
    for mark, keys in words_of.items():
        for key in keys:
            index[key].add(mark)
    scored: list[tuple[float, int, str]] = []
    for at in loose:
        said = whole(paragraphs[at])
        any_number = numbered(said, None)
        keys, every = _keys(any_number[1]), _keys(said)
        shared: Counter[str] = Counter()
        for key in set(keys):
            if len(index[key]) <= 60:
                shared.update(index[key])
        for mark, _ in shared.most_common(8):
            unit = wanted[mark]
            score = likeness(words_of[mark], keys if unit.number is not None else every)
            own = unit.number is not None and any_number[0] == unit.number
            if score >= _ENOUGH or (own and score >= _WITH_NUMBER):
                scored.append((score + (0.2 if own else 0.0), at, mark))
    taken: set[int] = set()
    for _, at, mark in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if at in taken or mark not in wanted:
            continue
        taken.add(at)
        unit = wanted.pop(mark)
        text = texts.setdefault(mark, Text(unit))
        paragraph = paragraphs[at]
        text.order, text.cell, text.by = at, paragraph.cell, "likeness"
        if unit.number is None:
            text.pieces += paragraph.pieces
        else:
            text.number, rest = _cut(paragraph.pieces, whole(paragraph), unit.number)
            text.pieces += rest
    return [at for at in loose if at not in taken]


def _by_line(loose: list[int], paragraphs: Sequence[Paragraph], plan: Plan, texts: dict[str, Text]) -> list[int]:
    """Find the lines of several values, none of which has its bookmark, and part them."""
    wanted = [line for line in whole_lines(plan) if not any(unit.mark in texts for unit in line)]
    keys = {at: _keys(whole(paragraphs[at])) for at in loose} if wanted else {}
    scored: list[tuple[float, int, int]] = []
    for number, line in enumerate(wanted):
        own = keys_of_line(line)
        for at in loose:
            score = likeness(own, keys[at])
            if score >= _ENOUGH:
                scored.append((score, at, number))
    taken: set[int] = set()
    found: set[int] = set()
    for _, at, number in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if at in taken or number in found:
            continue
        taken.add(at)
        found.add(number)
        for unit, pieces in parted(wanted[number], paragraphs[at].pieces, whole(paragraphs[at])):
            texts[unit.mark] = Text(unit, pieces, at, paragraphs[at].cell, by="likeness")
    return [at for at in loose if at not in taken]


def _led(unit: Unit) -> bool:
    """Whether a unit has print of ours before it: such a line is known by its label, and by where it stands."""
    return bool(unit.pieces) and unit.pieces[0].aside and len(unit.pieces) > 1


def _cut(pieces: Sequence[Piece], said: str, expected: str | None) -> tuple[list[Piece], list[Piece]]:
    """A paragraph's pieces as those of its number, and those of its text without the white space between."""
    number, rest = numbered(said, expected)
    left = len(said) - len(rest.lstrip()) if number else 0
    now = bool(visible(pieces).strip())
    text: list[Piece] = []
    for piece in pieces:
        if left and not (now and piece.state == "removed"):
            here = min(left, len(piece.text))
            left -= here
            piece = replace(piece, text=piece.text[here:])
        if piece.text or piece.comments:
            text.append(piece)
    return [Piece(number)], text
