"""Which characters a text may hold, and how the others are shown. Pure; knows no record, no page and no language.

A text is read by people who sign it, so it must read as what it is. Four things make one read otherwise: characters
that are not seen, characters that look like others, marks piled on a letter, and one text in two spellings of Unicode.
So a text is in NFC and holds what the record and both administrations write with: Latin and Devanagari, whole words in
Cyrillic and Greek, digits, punctuation, signs of currency and a few symbols. Marks on a letter are bounded, and joiners
stand only where Devanagari needs them. The canonical form (docs/format.md) is wider and does not change: this is policy
above it, for what this side writes (`found`, `cleaned`) and for how anything is shown (`found`, `drawn`).

A word that mixes scripts, or is written in another one with letters that all look Latin, is allowed and marked.

Sources: Unicode 15.1 chapter 12.1 (Devanagari, "do not use" table), UAX #15 (NFC), UTS #39 (mixed scripts).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any, Final, Literal, NamedTuple

from .marking import C_
from .printed import BLANK

Why = Literal["unseen", "outside", "marks", "joiner", "unformed", "mixed", "alike"]

#: What a text of this side may not hold; the rest of `Why` is marked, and allowed.
BARRED: Final = frozenset(("unseen", "outside", "marks", "joiner", "unformed"))


class Odd(NamedTuple):
    """A stretch of a text, from `start` up to `end`, that may read otherwise than it is, and why."""

    start: int
    end: int
    why: Why


# --- what there is ---------------------------------------------------------------------------------------------------


def _span(*ends: int) -> str:
    return "".join(
        chr(code) for first, last in zip(ends[::2], ends[1::2], strict=True) for code in range(first, last + 1)
    )


def _whole(characters: str) -> str:
    """Those that stand for themselves alone: assigned, and no spelling of others that look the same."""
    return "".join(
        each
        for each in characters
        if unicodedata.category(each) != "Cn" and not unicodedata.decomposition(each).startswith("<")
    )


def _lettered(characters: str) -> str:
    """Those of `characters` that are a letter of A to Z with its diacritics."""
    return "".join(each for each in characters if unicodedata.normalize("NFD", each)[0].isascii())


LATIN: Final = _whole(
    _span(0x41, 0x5A, 0x61, 0x7A, 0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0x17F)
    + _lettered(_span(0x180, 0x24F))
    + _lettered(_span(0x1E00, 0x1EFF))
)
GREEK: Final = _span(0x386, 0x386, 0x388, 0x38A, 0x38C, 0x38C, 0x38E, 0x3A1, 0x3A3, 0x3CE)
CYRILLIC: Final = _span(0x400, 0x45F, 0x490, 0x491)
_CONSONANTS = _span(0x915, 0x939, 0x958, 0x95F, 0x978, 0x97F)
_VOWELS = _span(0x904, 0x914, 0x960, 0x961, 0x972, 0x977)
DEVANAGARI: Final = _CONSONANTS + _VOWELS + "\u093d\u0950\u0971"
DIGITS: Final = _span(0x966, 0x96F)  # of Devanagari

_NUKTA, _VIRAMA, _JOINERS = "\u093c", "\u094d", "\u200c\u200d"
_SIGNS = _span(0x93A, 0x93B, 0x93E, 0x94C, 0x94E, 0x94F, 0x955, 0x957, 0x962, 0x963)
_BINDUS = _span(0x900, 0x903)
_DEVANAGARI_MARKS = _NUKTA + _VIRAMA + _SIGNS + _BINDUS
# Diacritics of Latin, Greek and Cyrillic. None that strikes a letter through, encloses it, or joins two.
_MARKS = _span(0x300, 0x304, 0x306, 0x30C, 0x30F, 0x311, 0x31B, 0x31B, 0x323, 0x328, 0x32D, 0x32E, 0x330, 0x331)

_PLAIN = (
    "\n\t"
    + _span(0x20, 0x40, 0x5B, 0x60, 0x7B, 0x7E, 0xA1, 0xAC, 0xAE, 0xBF)
    + "×÷"
    + "\u0964\u0965\u0970"  # danda, double danda, the sign of an abbreviation
    + "–—‘’‚“”„†‡•…‰′″‹›⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
    + _span(0x20A0, 0x20C0)
    + "№™⅓⅔⅛⅜⅝⅞←↑→↓↔↕⇒∂∆∏∑−√∞∩∫≈≠≤≥"
    + "■□▪▫▲△▶▼▽◀◆◇○●★☆☐☑☒✓✔✗✘"
)


def _marked(marks: int) -> str:
    """The letters that hold so many marks themselves."""
    return "".join(each for each in LATIN + GREEK + CYRILLIC if len(unicodedata.normalize("NFD", each)) - 1 == marks)


_BARE, _ONCE = _marked(0), _marked(1)


def _class(characters: str) -> str:
    return "".join(map(re.escape, characters))


_SAFE_ONES: Final = frozenset(_PLAIN + LATIN + GREEK + CYRILLIC + DEVANAGARI + DIGITS)
_SAFE = _class("".join(_SAFE_ONES))
_C = _class(_CONSONANTS)
_M, _S, _B = _class(_MARKS), _class(_SIGNS), _class(_BINDUS)
_TAKES_NUKTA = _class("".join(each for each in _CONSONANTS if each not in "\u0929\u0931\u0934"))

# As much as may stand so. On a letter of Devanagari: one nukta, one vowel sign (on a consonant only: on a vowel it
# spells another vowel), one of candrabindu, anusvara and visarga, a virama, in this order. On any other letter: two
# marks, those counted that it has itself.
# No group that may be left out is possessive: Python before 3.11.5 (Debian 12 has 3.11.2) matches such a one wrongly.
_END = f"[{_B}]?+(?:{_VIRAMA}(?:[{_JOINERS}](?=[{_C}]))?)?"
_GOOD = re.compile(
    f"(?:[{_SAFE}]++(?:(?<=[{_C}])(?:(?<=[{_TAKES_NUKTA}]){_NUKTA})?[{_S}]?+{_END}|(?<=[{_class(_VOWELS)}]){_END}"
    f"|(?<=[{_class(_BARE)}])[{_M}]{{1,2}}+|(?<=[{_class(_ONCE)}])[{_M}])?)*+"
)

# Letters of Cyrillic and Greek that are drawn as a Latin one, or nearly so.
_ALIKE = frozenset(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u0400\u0401\u0407\u0450\u0451\u0457\u0490\u0491\u0433"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b3\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03aa\u03ab\u03ac\u03af\u03cc\u03cd\u03ca\u03cb"
)
_SCRIPT: Final = (
    dict.fromkeys(LATIN, "Latin")
    | dict.fromkeys(GREEK, "Greek")
    | dict.fromkeys(CYRILLIC, "Cyrillic")
    | dict.fromkeys(DEVANAGARI, "Devanagari")
    | dict.fromkeys(DIGITS, "digits")
)
_ORDER: Final = ("Latin", "Devanagari", "Cyrillic", "Greek")  # the first in a word is its own script
_ASCII_DIGIT = re.compile("[0-9]")
_D = _class(DEVANAGARI + DIGITS + _DEVANAGARI_MARKS)
_L = _class(LATIN) + _M
# Whether `_mixed` need look at all, asked of every page: one class of rare characters first, then what stands beside.
_FOREIGN, _OTHER_DIGITS = _class(GREEK + CYRILLIC), _class(DIGITS)
_MAYBE_MIXED = re.compile(
    f"[{_FOREIGN}{_D}](?:(?<=[{_FOREIGN}])|(?=[{_L}0-9])|(?<=[{_L}0-9].)"
    f"|(?<=[{_OTHER_DIGITS}])(?:(?=[.,:/-][0-9])|(?<=[0-9][.,:/-].)))"
)
_WORD = re.compile(f"[0-9{_L}{_D}{_class(GREEK + CYRILLIC)}{_JOINERS}]+")
_NUMBER = re.compile(f"[0-9{DIGITS}]+(?:[.,:/-][0-9{DIGITS}]+)*")


# --- what is found ---------------------------------------------------------------------------------------------------


def found(text: str) -> list[Odd]:
    """All that is odd in `text`, in order; stretches do not overlap. Nothing is changed."""
    return [] if _plain_ascii(text) else _stretches(dict(_mixed(text)) | _barred(text))


def barred(text: str) -> list[Odd]:
    """What of `text` this side does not write."""
    return [] if _plain_ascii(text) else _stretches(_barred(text))


def _plain_ascii(text: str) -> bool:
    return text.isascii() and (text.isprintable() or text.translate({0x0A: None, 0x09: None}).isprintable())


def _stretches(whys: dict[int, Why]) -> list[Odd]:
    made: list[Odd] = []
    start = end = -1
    for place in sorted(whys):
        if place != end or whys[place] != whys[start]:
            if end >= 0:
                made.append(Odd(start, end, whys[start]))
            start = place
        end = place + 1
    if end >= 0:
        made.append(Odd(start, end, whys[start]))
    return made


def _barred(text: str) -> dict[int, Why]:
    """Why a character may not stand where it does, by its place."""
    whys: dict[int, Why] = {}
    if not unicodedata.is_normalized("NFC", text):
        whys = dict.fromkeys(_unformed(text), "unformed")
    place = 0
    while (place := _GOOD.match(text, place).end()) < len(text):  # type: ignore[union-attr] # it matches nothing, too
        whys[place] = _why(text[place])  # and on by one at least, whatever the expression says
        place += 1
        while place < len(text) and text[place] not in _SAFE_ONES:
            whys[place] = _why(text[place])
            place += 1
    return whys


def _why(character: str) -> Why:
    """Why a character may not stand where it stands."""
    if character in _JOINERS:
        return "joiner"
    if character in _MARKS or character in _DEVANAGARI_MARKS:
        return "marks"
    return "unseen" if unicodedata.category(character)[0] in "CZ" or character in BLANK else "outside"


def _unformed(text: str) -> Iterator[int]:
    """Places of marks that NFC would join with their letter, or put in another order."""
    for piece in _WITH_MARKS.finditer(text):
        if not unicodedata.is_normalized("NFC", piece[0]):
            yield from range(piece.start() + 1, piece.end())


_WITH_MARKS = re.compile(f".[{_M}{_NUKTA}{_VIRAMA}]+", re.DOTALL)


def _mixed(text: str) -> Iterator[tuple[int, Why]]:
    """Places of what is of another script than the rest of its word or number, or is drawn as Latin."""
    if not _MAYBE_MIXED.search(text):
        return
    for word in _WORD.finditer(text):
        scripts = {_SCRIPT[each] for each in word[0] if each in _SCRIPT}
        own = next((each for each in _ORDER if each in scripts), "")
        foreign = scripts - {own} - ({"digits"} if own == "Devanagari" else set())
        why: Why = "mixed"
        if not foreign and own in ("Greek", "Cyrillic") and all(each in _ALIKE for each in word[0] if each in _SCRIPT):
            foreign, why = {own}, "alike"
        if own and foreign:
            yield from ((place, why) for place in _places(word, foreign))
    for number in _NUMBER.finditer(text):
        if not number[0].isascii() and _ASCII_DIGIT.search(number[0]):
            yield from ((place, "mixed") for place in _places(number, {"digits"}))


def _places(within: re.Match[str], scripts: set[str]) -> Iterator[int]:
    for run in _of(frozenset(scripts)).finditer(within[0]):
        yield from range(within.start() + run.start(), within.start() + run.end())


@cache
def _of(scripts: frozenset[str]) -> re.Pattern[str]:
    """A run of letters of these scripts with their marks."""
    letters = _class("".join(each for each, script in _SCRIPT.items() if script in scripts))
    return re.compile(f"[{letters}][{letters}{_M}{_class(_DEVANAGARI_MARKS + _JOINERS)}]*")


def against(value: object) -> Iterator[tuple[str, str]]:
    """What of `value`, plain JSON data, this side does not write: where it stands and why, each sort once a text."""
    for where, text in _texts(value):
        told = set()
        for place, why in sorted(({} if _plain_ascii(text) else _barred(text)).items()):
            if (why, text[place]) not in told:
                told.add((why, text[place]))
                said = {"name": named(text[place]), "place": place + 1, "why": _REASONS[why]}
                yield where, C_("refusal", "%(name)s, character %(place)s, %(why)s") % said


def _texts(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text in plain JSON data, after its path in it (`lines[0].title`)."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list | tuple):
        for place, each in enumerate(value):
            yield from _texts(each, f"{where}[{place}]")


_REASONS: Final[dict[Why, str]] = {
    "unseen": C_("refusal", "cannot be seen"),
    "outside": C_("refusal", "is none of the letters and signs used here"),
    "marks": C_("refusal", "is a mark that its letter does not take"),
    "joiner": C_("refusal", "joins no letters of Devanagari here"),
    "unformed": C_("refusal", "stands apart from the letter that it belongs to (the text is not in NFC)"),
}


# --- how it is shown -------------------------------------------------------------------------------------------------


def named(character: str) -> str:
    """A character by its code and name: U+200B ZERO WIDTH SPACE."""
    nameless = {"Cc": "a control", "Co": "of private use", "Cs": "half a character"}
    kind = unicodedata.category(character)
    return f"U+{ord(character):04X} {unicodedata.name(character, '') or nameless.get(kind, 'not a character')}"


def codes(text: str) -> str:
    """Characters as tokens that can be seen, repeated ones counted: ``[U+200B]``, ``[U+0301 ×358]``."""
    made = []
    for character, run in groupby(text):
        often = len(list(run))
        made.append(f"[U+{ord(character):04X}{f' ×{often}' if often > 1 else ''}]")
    return "".join(made)


def pieces(text: str) -> Iterator[tuple[str, str, Why | None]]:
    """`text` in pieces: what stands there, how it is shown, and why it is odd (None: it is not).

    No two texts are shown alike: what cannot be shown is a token of its code, and a token that a text itself holds has
    the code of its bracket. A letter that looks like another one is shown as its code where it could be taken for
    that; the rest of what mixes scripts is shown as it is, and its first code after it.
    """
    place = 0
    for start, end, why in found(text):
        if start > place:
            yield text[place:start], _TOKEN.sub("[U+005B]", text[place:start]), None
        piece, place = text[start:end], end
        readable = why == "alike" or (why == "mixed" and {_SCRIPT.get(each) for each in piece} <= {"Devanagari", None})
        yield piece, f"{piece}[U+{ord(piece[0]):04X}…]" if readable else codes(piece), why
    if place < len(text):
        yield text[place:], _TOKEN.sub("[U+005B]", text[place:]), None


def left_over(value: object) -> Iterator[tuple[str, str]]:
    """Codes of this drawing's own that stand in `value`, with their place: a form was sent back as it was drawn."""
    for where, text in _texts(value):
        yield from ((where, f"{code[0]} is how a page shows a character") for code in CODES.finditer(text))


#: Codes as `codes` and `pieces` draw them.
CODES: Final = re.compile(r"\[U\+[0-9A-F]{4,6}(?: ×\d+|…)?\]")
_TOKEN = re.compile(r"\[(?=U\+)")


def drawn(text: str) -> str:
    """`text` as it is shown where nothing but text can be: every character of it can be seen."""
    if "[U+" not in text and not found(text):
        return text
    return "".join(shown for _, shown, _ in pieces(text))


def visible(text: str) -> str:
    """As `drawn`, with words that mix scripts as they stand: for files that people work in and send back."""
    if "[U+" not in text and not barred(text):
        return text
    return "".join(shown if why is None or why in BARRED else piece for piece, shown, why in pieces(text))


# --- what is put right in this side's own forms ----------------------------------------------------------------------


class Cleaned(NamedTuple):
    """A text as cleaned, and how often each character was taken out or replaced; NFC counts as ``NFC``."""

    text: str
    changes: dict[str, int]


_SPACES = "\t\u00a0\u2007\u202f" + _span(0x2000, 0x2006, 0x2008, 0x200A) + "\u205f\u3000"
_NOTHING = "\u00ad\u200b\u2060\ufeff\u200e\ufe0e\ufe0f"
_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
_PASTED: Final = (
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_NOTHING, "")
    | dict.fromkeys(_BREAKS, "\n")
    | dict.fromkeys("\u2010\u2011", "-")  # hyphens, the second unbreakable
    | {"\uf0b7": "•", "\uf0a7": "▪"}  # bullets of Word's own symbol fonts
    | {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}  # ligatures, from a PDF
)
_PASTED_CODES: Final = str.maketrans(_PASTED)
_PASTED_ANY: Final = re.compile(f"[{_class(''.join(_PASTED))}]")
_STRAY_JOINER: Final = re.compile(f"(?<!{_VIRAMA})[{_JOINERS}]|[{_JOINERS}](?![{_C}])")


def cleaned(text: str) -> Cleaned:
    """`text` without what programs put in by themselves, and in NFC; the words that are seen stay as they are.

    Spaces of other widths become a space, line separators a new line; soft hyphens, marks of order, of width nought and
    of style go, and joiners where no Devanagari needs them. What else is barred stays, to be refused by name.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.translate({0x0A: None}).isprintable():
        return Cleaned(text, {})
    changes = Counter(_PASTED_ANY.findall(text))
    text = text.translate(_PASTED_CODES)
    changes.update(_STRAY_JOINER.findall(text))
    text = _STRAY_JOINER.sub("", text)
    formed = unicodedata.normalize("NFC", text)
    if formed != text:
        changes["NFC"] = 1
    return Cleaned(formed, dict(changes))


def cleaned_all(value: Any) -> Any:
    """`value`, plain JSON data, with every text in it cleaned; keys are names of ours and stay."""
    if isinstance(value, str):
        return cleaned(value).text
    if isinstance(value, dict):
        return {key: cleaned_all(each) for key, each in value.items()}
    return [cleaned_all(each) for each in value] if isinstance(value, list | tuple) else value
