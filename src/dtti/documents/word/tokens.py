"""Text cut into words that can be compared, and what makes two spellings of a word the same. Knows no file.

What programs change by themselves is *noise*, and told apart from change: quotation marks made curly, dashes made long,
a danda typed as a bar, spaces doubled or made hard, joiners of Devanagari put in or lost, letters composed or
decomposed (Unicode NFC, NFD), an ellipsis made one sign, and a capital at the start of a sentence. A word is told by
its `key`, in which none of these show. Everything else is a change, and so is the end of a paragraph.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dtti.documents.values import Side

from . import words

NoiseKind = Literal["quotes", "dashes", "spaces", "joiners", "form", "ellipsis", "capital", "danda"]

_QUOTES = dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟″«»", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_ZERO = dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", "")
_QUOTE_TABLE = str.maketrans(_QUOTES)
_DASH_TABLE = str.maketrans(_DASHES)
_ZERO_TABLE = str.maketrans(_ZERO)
_BARS = "|\uff5c\u0964"  # what is typed for a danda, where a keyboard has none, and the danda
_RUN = re.compile("[A-Za-z0-9_]+|[\u0900-\u0963\u0966-\u096f\u0971-\u097f]+")  # most of most words, at once
_SQUARE = re.compile(r"[\[\]]")
_NUMBER_INSIDE = ".,:/"


@dataclass(frozen=True)
class Token:
    """A word or sign with the white space after it. `start`, `end`: its place in the text, white space included.

    `key`: what it is compared by. `bracket`: the side in whose bracket it stands.
    """

    word: str
    space: str
    key: str
    start: int
    end: int
    bracket: Side | None = None


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    """w: part of a word; z: no width; n: line; s: space; p: anything else."""
    if character in _ZERO:
        return "z"
    if character in "\n\r\u2028\u2029\x0b\x0c\x85":
        return "n"
    if character.isspace():
        return "s"
    return "w" if unicodedata.category(character)[0] in "LMN" or character == "_" else "p"


@lru_cache(maxsize=16_384)
def key_of(word: str) -> str:
    """What a word is compared by: without joiners, in NFC, quotation marks and dashes plain."""
    if word.isascii() and word.isalnum():
        return word
    plain = unicodedata.normalize("NFC", word.translate(_ZERO_TABLE)).translate(_QUOTE_TABLE).translate(_DASH_TABLE)
    if plain.strip("-") == "" and plain:
        return "-"
    if plain and not plain.strip(_BARS):
        return _danda(plain)
    return "..." if plain == "…" else plain


def _danda(word: str) -> str:
    """Bars as the danda or double danda that they stand for."""
    return re.sub(f"[{_BARS}]+", lambda bars: "\u0964" if len(bars[0]) == 1 else "\u0965" * (len(bars[0]) // 2), word)


def _ends(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end of the word, end of the white space after it); white space at the very start is a word of none."""
    at, size = 0, len(text)
    while at < size:
        start, kind = at, _kind(text[at])
        if kind == "w":
            at = run.end() if (run := _RUN.match(text, at)) else at + 1
            while at < size:
                if run := _RUN.match(text, at):
                    at = run.end()
                    continue
                now = _kind(text[at])
                follows = at + 1 < size and _kind(text[at + 1]) == "w"
                inside = (text[at] in _QUOTES or text[at] == "'") and _QUOTES.get(text[at], "'") == "'"
                number = text[at] in _NUMBER_INSIDE and text[at - 1].isdigit() and follows and text[at + 1].isdigit()
                if now in "wz" or (follows and (inside or number)):
                    at += 1
                else:
                    break
        elif kind == "n":
            while at < size and _kind(text[at]) in "nsz":
                at += 1
            yield start, at, at
            continue
        elif kind == "p":
            same = text[at]
            at += 1
            dash = same == "-" or same in _DASHES
            while at < size and (
                (dash and (text[at] == "-" or text[at] in _DASHES))
                or (same == "." == text[at])
                or (same in _BARS and text[at] in _BARS)
            ):
                at += 1
        word = at
        while at < size and _kind(text[at]) in "sz":
            at += 1
        yield start, word, at


def tokens(text: str, *, brackets: bool = True) -> tuple[Token, ...]:
    """The words of a text. With `brackets`, a text in brackets with its side carries the side, and the signs are gone.

    A bracket ends where its own sign closes; one that never closes is ordinary text.
    """
    spans = _brackets(text) if brackets else []
    found: list[Token] = []

    def cut(start: int, end: int, side: Side | None) -> None:
        for at, word, after in _ends(text[start:end]):
            said = text[start + at : start + word]
            key = "\n" if said and _kind(said[0]) == "n" else key_of(said)
            if not key and found and found[-1].bracket == side and found[-1].end == start + at:
                last = found.pop()
                found.append(
                    Token(
                        last.word,
                        last.space + text[start + at : start + after],
                        last.key,
                        last.start,
                        start + after,
                        side,
                    )
                )
            else:
                found.append(Token(said, text[start + word : start + after], key, start + at, start + after, side))

    at = 0
    for opens, inner, closes, end, side in spans:
        cut(at, opens, None)
        cut(inner, closes, side)
        at = end
    cut(at, len(text), None)
    # White space between two brackets, or after the last word, is no word of its own.
    return tuple(each for each in found if each.key)


def _brackets(text: str) -> list[tuple[int, int, int, int, Side]]:
    """(start of the sign, of the words, end of the words, after the sign, side) of every bracket with its side."""
    found: list[tuple[int, int, int, int, Side]] = []
    opened: list[int] = []
    closed: dict[int, int] = {}
    for sign in _SQUARE.finditer(text):
        if sign[0] == "[":
            opened.append(sign.start())
        elif opened:
            closed[opened.pop()] = sign.start()
    at = 0
    while match := words.OPENING.search(text, at):
        place = closed.get(match.start())
        if place is None:
            at = match.end()
            continue
        found.append((match.start(), match.end(), place, place + 1, words.opened_by(match)))
        at = place + 1
    return found


def noise_between(sent: Token, returned: Token, *, last: bool) -> tuple[NoiseKind, ...]:
    """What differs between two spellings of one word. `last`: nothing follows, so white space after it is nothing."""
    found: list[NoiseKind] = []
    a, b = sent.word, returned.word
    if a != b and sent.key == returned.key == "\n":
        return ()
    if a != b:
        steps: tuple[tuple[NoiseKind, Callable[[str], str]], ...] = (
            ("joiners", lambda text: text.translate(_ZERO_TABLE)),
            ("form", lambda text: unicodedata.normalize("NFC", text)),
            ("quotes", lambda text: text.translate(_QUOTE_TABLE)),
            ("dashes", lambda text: re.sub("-+", "-", text.translate(_DASH_TABLE))),
            ("danda", _danda),
            ("ellipsis", lambda text: text.replace("…", "...")),
            ("capital", str.lower),
        )
        for kind, step in steps:
            one, other = step(a), step(b)
            if (one == other) != (a == b) or (one != a and one == b) or (other != b and other == a):
                found.append(kind)
            a, b = one, other
            if a == b:
                break
    if sent.space != returned.space and not last:
        plain, other = sent.space.translate(_ZERO_TABLE), returned.space.translate(_ZERO_TABLE)
        found.append("spaces" if plain != other else "joiners")
    return tuple(dict.fromkeys(found))


def capitalised(sent: Sequence[Token], returned: Sequence[Token], before: Token | None) -> bool:
    """Whether one word for one is only a capital that a program puts at the start of a sentence."""
    if len(sent) != 1 or len(returned) != 1:
        return False
    a, b = sent[0].key, returned[0].key
    starts = before is None or before.key == "\n" or before.key[-1:] in ".!?।:"
    return starts and a != b and a[:1].upper() == b[:1] and a[1:] == b[1:]


class Spans:
    """Which of several neighbouring parts a place in their text falls into."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.starts: list[int] = []
        at = 0
        for length in lengths:
            self.starts.append(at)
            at += length
        self.size = at

    def at(self, place: int) -> int:
        """The index of the part that holds `place`; an empty part holds none."""
        return max(bisect_right(self.starts, place) - 1, 0)
