"""Security markings above the ceiling in a text: banners, portion marks, running heads, lines by themselves. Pure.

The ceiling is unclassified, or controlled unclassified that may be released to the other side; India's RESTRICTED is
above it. A marking is told from the ordinary word by where and how it stands: *secret ballot* in a sentence is none,
SECRET on a line by itself is one. It knows no file, no record and no door. What it misses is a spill.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

Level = Literal["top-secret", "secret", "confidential", "restricted", "not-releasable"]
Vocabulary = Literal["USA", "IND", "both"]
#: How a marking stands: a control string with `//`, a mark before a paragraph, words that are all of their line, a tag
#: in brackets, a sentence by which a text classifies itself.
Form = Literal["banner", "portion", "line", "tag", "statement"]

#: Characters of one text that are looked through; a body has fewer.
MOST: Final = 4_000_000
MOST_FOUND: Final = 50
_LOOKED_BACK: Final = 40  # lines in which the items of a list before one are looked for


@dataclass(frozen=True, slots=True)
class Marking:
    """A marking above the ceiling: as it stands, its level, whose vocabulary, how it stands, on which line (from 1)."""

    words: str
    level: Level
    vocabulary: Vocabulary
    form: Form
    line: int


#: Without one of these a line bears no marking.
_SUSPECT: Final = re.compile(
    r"(?i:secret|confidential|restricted|noforn|not releasable|declassify)|//|\((?:TS|S|C|R)\)|गुप्त|गोपनीय|प्रतिब[ंन]|"
    r"(?<!\S)[A-Z] {1,3}[A-Z] {1,3}[A-Z]"
)
_DECORATION: Final = " \t*_=~#<>|•·.,;:!\"'«»“”‘’-\u2010\u2011\u2012\u2013\u2014\u2015\u25a0\u25cf"
_INVISIBLE: Final = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")
)
_SEGMENT: Final = re.compile(r"\t+| {2,}|\s\|\s")
_SPACED: Final = re.compile(r"(?<!\S)[A-Z](?: {1,3}[A-Z]){5,}(?!\S)")
#: Words that stand beside a level on its own line and leave it a marking.
_BESIDE: Final = re.compile(
    r"(?<!\w)(?:AND|PERSONAL|IMMEDIATE|URGENT|CRYPTO|DRAFT|NATO|INDIAN?|US|USA|UK|EYES ONLY|BY HAND|COPY|NO|PAGE|OF|"
    r"FOR OFFICIAL USE ONLY|ORCON|WHEN FILLED IN|UNTIL|[0-9]+|और|व्यक्तिगत|केवल|पृष्ठ|प्रति|सं|तत्काल)(?!\w)"
    r"|[/&+,;:.()\[\]–—-]"
)
_ENGLISH: Final = "TOP SECRET|MOST SECRET|SECRET|MOST CONFIDENTIAL|STRICTLY CONFIDENTIAL|CONFIDENTIAL|RESTRICTED"
_HINDI: Final = "परम गुप्त|अति गुप्त|गुप्त|अति गोपनीय|परम गोपनीय|गोपनीय|प्रतिबंधित|प्रतिबन्धित"
_STRING: Final = re.compile(
    r"(?<![A-Z0-9])(?:(TOP SECRET|SECRET|CONFIDENTIAL|RESTRICTED)\s?//\s?(?=[A-Z])|"
    r"(TS|S|C)\s?//\s?(?=(?:NF|NOFORN|REL|SI|TK|HCS|OC|ORCON|FGI|RD|FRD|PR|PROPIN|RELIDO|SAR|IMC|LIMDIS)(?![A-Z0-9])))"
)
_PORTION: Final = re.compile(
    r"(?:(?:subject|subj|sub|title|re|fwd?|विषय)\s*[:.-]\s*)*(?:(?:[0-9]+(?:\.[0-9]+)*[.)]?|[a-z][.)]|[-*•–])\s*)?"
    r"\((TS|S|C|R)\)\s*(?=\w)",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(r"\s*\(([A-Z])\)\s+\S")
_UNMARKED: Final = re.compile(r"(?m)^\s*(?:[0-9.]+\s+)?\((?:U|CUI|U//[A-Z]+)\)\s")
_COPYRIGHT: Final = re.compile(r"(?:copyright\b|(?:19|20)[0-9]{2}\b)", re.IGNORECASE)
_TAG: Final = re.compile(rf"[\[(<]\s{{0,3}}({_ENGLISH}|{_HINDI})(?:\s{{0,3}}[-–/,][A-Z ]{{0,40}})?\s{{0,3}}[\])>]")
_PREFIXED: Final = re.compile(
    rf"(?:(?:subject|subj|sub)\s*:\s*)?({_ENGLISH})(?:\s{{0,3}}:|\s[-–—])\s*\S", re.IGNORECASE
)
_LABELLED: Final = re.compile(
    r"(?:(?:overall |security |document )?(?:classification|marking)|security grading|"
    r"सुरक्षा वर्गीकरण|वर्गीकरण)\s*[:=-]+\s*(.+)",
    re.IGNORECASE,
)
_STATES: Final = re.compile(
    r"\bth(?:is|e present) (?:document|letter|file|page|paper|message|minute|annex|e-?mail|text|record) is (?:hereby )?"
    r"(?:classified|graded|marked)(?: as)? [\"'“‘]?(top secret|secret|confidential|restricted)\b(?! (?:ballot|tender))",
    re.IGNORECASE,
)
_STATES_HI: Final = re.compile(r"यह (?:दस्तावेज़?|पत्र|फ़ाइल|अभिलेख) (परम गुप्त|गुप्त|गोपनीय|प्रतिबंधित) (?:है|श्रेणी)")
_BLOCK: Final = re.compile(r"declassify on\s*:\s*\S", re.IGNORECASE)
_CONTROLLED: Final = re.compile(r"(?<![A-Z])(?:U|UNCLASSIFIED|CUI|CONTROLLED)\s?//\s?([A-Z][A-Z ,/-]*)")
_KEPT_BACK: Final = re.compile(r"\b(?:NF|NOFORN|FED ?ONLY|FEDCON|NOCON|DL ONLY|FVEY)\b")
_REL: Final = re.compile(r"\bREL(?:EASABLE)? TO ([A-Z]{3,4}(?:(?:, ?| AND | )[A-Z]{3,4})*)")
_LEVEL_OF: Final[dict[str, Level]] = {
    "TS": "top-secret",
    "S": "secret",
    "C": "confidential",
    "R": "restricted",
}


@dataclass(frozen=True, slots=True)
class _Word:
    words: str
    level: Level
    vocabulary: Vocabulary


@cache
def vocabulary() -> tuple[_Word, ...]:
    """The words of levels above the ceiling, the longest first."""
    stored = tomllib.loads(resources.files(__package__).joinpath("markings.toml").read_text(encoding="utf-8"))
    found = [_Word(words, row["level"], row["vocabulary"]) for row in stored["levels"] for words in row["words"]]
    return tuple(sorted(found, key=lambda each: -len(each.words)))


@cache
def _levels() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(each.words)}(?!\w)" for each in vocabulary()), re.IGNORECASE)


def _word(said: str) -> _Word:
    plain = " ".join(said.upper().split())
    return next(each for each in vocabulary() if each.words.upper() == plain)


def markings(text: str, *, margin: bool = False) -> tuple[Marking, ...]:
    """The markings above the ceiling in a text, in the order of its lines.

    `margin`: the text is a running head or foot, a watermark or a property of a file, where a level written with one
    capital (*Secret*) is a marking as well. Pages of a text are parted by form feeds; their first and last lines are
    read like that too.
    """
    found: list[Marking] = []
    text = _plain(text[:MOST])
    if not _SUSPECT.search(text):
        return ()
    portioned = bool(_UNMARKED.search(text))
    number = 0
    for page in text.split("\f"):
        lines = [_SPACED.sub(_closed, each.rstrip()) for each in page.splitlines()]
        said = [at for at, each in enumerate(lines) if each.strip(_DECORATION)]
        edges = {said[0], said[-1]} if said else set()
        for at, line in enumerate(lines):
            number += 1
            if len(found) < MOST_FOUND and _SUSPECT.search(line):
                before = lines[max(0, at - _LOOKED_BACK) : at]
                found += _of_line(line, number, before, edge=margin or at in edges, portioned=portioned)
    return tuple(found)


def _plain(text: str) -> str:
    """A text as it is read: full-width letters plain, invisible signs away."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).translate(_INVISIBLE))


def _closed(found: re.Match[str]) -> str:
    """``S E C R E T`` and ``T O P   S E C R E T`` as words; other spaced-out letters as they stand."""
    spaced = found[0]
    bare = spaced.replace(" ", "")
    return next((each.words for each in vocabulary() if each.words.replace(" ", "") == bare), spaced)


def _of_line(line: str, number: int, before: Sequence[str], *, edge: bool, portioned: bool) -> Iterator[Marking]:
    """The markings of one line: each level once."""
    seen: set[Level] = set()
    for words, level, whose, form in _found(line, before, edge=edge, portioned=portioned):
        if level not in seen:
            seen.add(level)
            yield Marking(" ".join(words.split())[:80], level, whose, form, number)


def _found(
    line: str, before: Sequence[str], *, edge: bool, portioned: bool
) -> Iterator[tuple[str, Level, Vocabulary, Form]]:
    for string in _STRING.finditer(line):
        level = _word(string[1]).level if string[1] else _LEVEL_OF[string[2]]
        yield line[string.start() :].split("  ")[0].strip(_DECORATION), level, "USA", "banner"
    for controlled in _CONTROLLED.finditer(line):
        if _kept_back(controlled[1]):
            yield controlled[0], "not-releasable", "USA", "banner"
    portion = _PORTION.match(line.lstrip())
    if portion and portion[1].isupper() and not _is_item(portion[1], line[line.find(")") :], before, portioned):
        yield f"({portion[1]})", _LEVEL_OF[portion[1]], "IND" if portion[1] == "R" else "USA", "portion"
    for segment in [line, *(_SEGMENT.split(line) if _SEGMENT.search(line) else ())]:
        whole = _whole(segment, capital=edge)
        if whole is not None:
            yield segment.strip(_DECORATION), whole.level, whole.vocabulary, "line"
    bare = line.strip(_DECORATION)
    for tag in _TAG.finditer(line):
        if not line[: tag.start()].strip(_DECORATION) or not line[tag.end() :].strip(_DECORATION) or _is_head(line):
            yield tag[0], _word(tag[1]).level, _word(tag[1]).vocabulary, "tag"
    prefixed = _PREFIXED.match(bare)
    if prefixed and prefixed[1].isupper():
        yield prefixed[1], _word(prefixed[1]).level, _word(prefixed[1]).vocabulary, "tag"
    yield from _stated(line, bare)


def _is_head(line: str) -> bool:
    return re.match(r"\s*(?:subject|subj|sub|विषय)\s*[:.-]", line, re.IGNORECASE) is not None


def _stated(line: str, bare: str) -> Iterator[tuple[str, Level, Vocabulary, Form]]:
    labelled = _LABELLED.match(bare)
    whole = _whole(labelled[1], capital=True, small=True) if labelled else None
    if whole is not None:
        yield bare, whole.level, whole.vocabulary, "statement"
    for states in (*_STATES.finditer(line), *_STATES_HI.finditer(line)):
        word = _word(states[1])
        yield states[0], word.level, word.vocabulary, "statement"
    if _BLOCK.match(bare):
        yield bare, "confidential", "USA", "statement"


def _kept_back(controls: str) -> bool:
    """Whether the controls after an unclassified banner keep it from the other side."""
    released = _REL.search(controls)
    return _KEPT_BACK.search(controls) is not None or (released is not None and "IND" not in released[1])


def _is_item(letter: str, after: str, before: Iterable[str], portioned: bool) -> bool:
    """Whether a letter in brackets is no portion mark: an item of a list, a copyright sign, a trade mark."""
    if letter == "C" and _COPYRIGHT.match(after[1:].strip()):
        return True
    if letter == "TS":
        return False
    lettered = {found[1] for line in before if (found := _LETTER.match(line))}
    if chr(ord(letter) - 1) in lettered:
        return True
    return letter == "R" and not portioned


def _whole(said: str, *, capital: bool, small: bool = False) -> _Word | None:
    """The level that is all of a line, beside words that leave it one; in capitals, unless more is let pass.

    `capital`: also with one capital a word; `small`: also without any. Devanagari has no capitals.
    """
    bare = said.strip(_DECORATION + "()[]")
    if not bare or len(bare) > 120:
        return None
    found = list(_levels().finditer(bare))
    if not found:
        return None
    for each in found:
        latin = each[0].isascii()
        if latin and not (each[0].isupper() or small or (capital and each[0].istitle())):
            return None
    rest = _levels().sub(" ", bare).upper()
    rest = _REL.sub(" ", rest)
    if _left(rest):
        return None
    words = [_word(each[0]) for each in found]
    return words[0]


def _left(rest: str) -> str:
    """What is left of a line beside the words that leave it a marking."""
    return " ".join(word for word in _BESIDE.sub(" ", rest).split())
