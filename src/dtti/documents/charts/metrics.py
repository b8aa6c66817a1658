"""How wide a text will be: advance widths of the shipped faces, wrapping and trimming. Knows fonts, no chart.

`advances.json` holds the horizontal advances of Noto Sans and Noto Sans Devanagari, regular and bold, in thousandths
of the type size. The width of a text is the sum of its advances, without shaping: conjuncts, reph and kerning make a
line narrower, and the few pairs that shaping makes wider are known, so the sum is an upper bound (up to a third
above). Pages set 600 where print sets 700; bold is measured as 700. Widths are in the units of the type size.
"""

import json
import unicodedata
from functools import lru_cache
from pathlib import Path

_UNKNOWN = 1_100
"""What a character outside the shipped faces is given: an em and a tenth holds CJK, Arabic letters and most signs."""
_LONGEST = 3_600
"""The longest known: a ligature such as U+FDFD is many letters wide in the faces that have it."""
_CIRCLE = 620
"""The dotted circle that a renderer draws under a mark that stands alone."""

_WIDER = {
    **{letter + mark: extra for letter in "रऱ" for mark, extra in (("ु", 190), ("ू", 422), ("ृ", 480), ("ॄ", 480))},
    "शृ": 19,
    "हृ": 19,
    "हॄ": 19,
    "स़": 4,
}
"""Pairs that are wider than their parts, and by how much at the most: a letter with its mark drawn beside it."""

Advances = dict[str, dict[int, int]]


@lru_cache(maxsize=1)
def _advances() -> Advances:
    read = json.loads(Path(__file__).with_name("advances.json").read_text("utf-8"))
    return {
        face: {int(start, 16) + i: width for start, widths in ranges.items() for i, width in enumerate(widths)}
        for face, ranges in read.items()
    }


def clean(text: str) -> str:
    """`text` on one line, without what XML cannot hold or what would turn the direction of its neighbours.

    White space becomes single blanks, a control or unpaired surrogate U+FFFD; directional overrides and embeddings are
    left out, since a label stands by itself.
    """
    kept = []
    for character in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff":
            continue
        elif kind in ("Cc", "Cs") or ord(character) & 0xFFFE == 0xFFFE:
            kept.append("\ufffd")
        else:
            kept.append(character)
    return " ".join("".join(kept).split())


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The most that `text` on one line takes, in the unit of `size`."""
    advances = _advances()["bold" if bold else "regular"]
    total = 0
    letter = False
    before = ""
    for character in text:
        code = ord(character)
        total += _WIDER.get(before + character, 0)
        before = character
        known = advances.get(code)
        kind = unicodedata.category(character)
        if known == 0 or (known is None and kind in ("Mn", "Me", "Cf")):
            total += 0 if letter or kind == "Cf" else _CIRCLE
        elif known is not None:
            total += known
        else:
            total += _LONGEST if 0xFB50 <= code <= 0xFDFF or (code >= 0x12000 and kind != "So") else _UNKNOWN
        letter = kind[0] in "LMN" or (letter and kind == "Cf")
    return total * size / 1_000


def _cells(text: str) -> list[str]:
    """What may not be parted: a letter with its marks, a conjunct with its halants and joiners."""
    cells: list[str] = []
    for character in text:
        joins = unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
        if cells and (joins or cells[-1][-1] in "\u094d\u200d"):
            cells[-1] += character
        else:
            cells.append(character)
    return cells


def trimmed(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """`text` if it fits in `most`, else as much as fits with an ellipsis; "" where not even that fits."""
    if width(text, size, bold=bold) <= most:
        return text
    kept = ""
    for cell in _cells(text):
        if width(f"{kept}{cell}…", size, bold=bold) > most:
            break
        kept += cell
    if kept:
        return f"{kept.rstrip()}…"
    return "…" if width("…", size, bold=bold) <= most else ""


def _broken(word: str, size: float, most: float, *, bold: bool) -> list[str]:
    parts: list[str] = []
    for cell in _cells(word):
        if parts and width(parts[-1] + cell, size, bold=bold) <= most:
            parts[-1] += cell
        else:
            parts.append(cell)
    return parts


def wrapped(text: str, size: float, most: float, *, bold: bool = False, lines: int = 2) -> tuple[str, ...]:
    """`text` in at most `lines` lines of width `most`, the last trimmed; broken at blanks, in words only at need."""
    pieces: list[str] = []
    for word in clean(text).split(" ") if text.strip() else []:
        if pieces and width(f"{pieces[-1]} {word}", size, bold=bold) <= most:
            pieces[-1] += f" {word}"
        elif width(word, size, bold=bold) <= most:
            pieces.append(word)
        else:
            pieces.extend(_broken(word, size, most, bold=bold))
        if len(pieces) > lines:
            break
    if len(pieces) > lines:
        last = f"{pieces[lines - 1]} {pieces[lines]}"
        pieces = [*pieces[: lines - 1], trimmed(f"{last}…", size, most, bold=bold)]
    return tuple(trimmed(piece, size, most, bold=bold) for piece in pieces if piece)
