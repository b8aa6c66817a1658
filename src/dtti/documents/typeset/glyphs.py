"""What the shipped fonts can show, and user text made fit to print: nothing is lost without a sign. Knows no paper.

Typst is given text that its fonts hold and that reads as what it is (`language.characters`): any other character is
printed as its code and reported. Runs without a space are given places to break (U+200B), never inside a Devanagari
syllable.
"""

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

from dtti.language.characters import codes, pieces

BREAK = "\u200b"
LONGEST = 24
"""Characters that a word may have before it is given places to break."""
PIECE = 8

_WORD = re.compile(rf"[^\s\u200b]{{{LONGEST + 1},}}")


@cache
def _unprintable() -> re.Pattern[str]:
    """Matches characters that no font holds."""
    ranges = json.loads((files(__package__) / "fonts" / "coverage.json").read_text())
    held = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)
    return re.compile(f"[^\n\t{held}]+")


def name(character: str) -> str:
    """A character as a report names it: U+1F600 GRINNING FACE."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def fit(text: str, missing: Counter[str]) -> str:
    """`text` as it can be printed and seen; what stands as its code, or is marked, is counted in `missing`."""
    if text.isascii() and text.isprintable() and len(text) <= LONGEST and "[U+" not in text:
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    made = []
    for piece, shown, why in pieces(text):
        if why is not None:
            missing.update(piece)
        made.append(shown)

    def coded(match: re.Match[str]) -> str:
        missing.update(match[0])
        return codes(match[0])

    return _WORD.sub(lambda match: _pieces(match[0]), _unprintable().sub(coded, "".join(made)))


def _pieces(word: str) -> str:
    """`word` with places to break after about every PIECE characters, none of them inside a syllable if avoidable."""
    made, since = [], 0
    for place, character in enumerate(word):
        whole = not unicodedata.category(character).startswith("M") and word[place - 1] not in "\u094d\u200c\u200d"
        if (since >= PIECE and whole and character not in "\u200c\u200d") or since >= 3 * PIECE:
            made.append(BREAK)
            since = 0
        made.append(character)
        since += 1
    return "".join(made)


def fit_all(value: Any, missing: Counter[str]) -> Any:
    """`value`, plain JSON data, with every text in it made fit to print; keys are names of ours and stay."""
    if isinstance(value, str):
        return fit(value, missing)
    if isinstance(value, dict):
        return {key: fit_all(each, missing) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [fit_all(each, missing) for each in value]
    return value
