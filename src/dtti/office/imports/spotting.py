"""What lines of text say of a meeting: its number, its days, where it met. What is open is never decided. No file."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from dtti.documents.sheet import dates
from dtti.documents.sheet.text import folded, plain

from .known import Known, Shelf, names_of

_MONTH: Final = r"[A-Za-z\u0900-\u097f]{3,12}\.?"
_TH: Final = r"(?:st|nd|rd|th)?"
_DAYS: Final = re.compile(
    rf"(?P<first>\d{{1,2}}){_TH}\s*(?:-|–|to|and|&|से|और)\s*(?P<last>\d{{1,2}}){_TH}\s+(?P<rest>{_MONTH},?\s+\d{{4}})"
)
_DATE: Final = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{1,2}}{_TH}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}}{_TH},\s*\d{{4}}"
)
_WORDS: Final = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
)
_ORDINAL: Final = re.compile(
    rf"(?P<figure>\d{{1,3}})(?:st|nd|rd|th|वीं|वी)\s+(?:\S+\s+){{0,8}}?(?:meeting|बैठक)"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\s+(?:\S+\s+){{0,8}}?meeting"
    rf"|(?:meeting|बैठक)\s*(?:no\.?|number|सं\.?|संख्या)\s*:?\s*(?P<after>\d{{1,3}})",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"(?:venue|place|location|स्थान)\s*[:：]\s*(?P<said>.{2,120})$", re.IGNORECASE)
_HELD: Final = re.compile(
    r"(?i:\bheld\s+(?:on\s+.{4,40}?\s+)?(?:at|in))\s+(?P<said>[A-Z][^,.;]{1,80}?)(?=\s+on\b|\s+from\b|[,.;]|$)"
)
_VIDEO: Final = re.compile(r"video[- ]?(?:conference|link|tele)|\bvirtual(?:ly)?\b|वीडियो|आभासी", re.IGNORECASE)


class Days(NamedTuple):
    """A day, or the first and last of several. `other`: the day that it may be as well, by the order of its figures."""

    first: str
    last: str = ""
    other: str = ""


def days(said: str) -> Days | None:
    """The first date of a text; None where there is none that the calendar has."""
    text = plain(said)
    span = _DAYS.search(text)
    if span:
        first, last = (dates.read_text(f"{span[each]} {span['rest']}") for each in ("first", "last"))
        if first.iso and last.iso and first.iso < last.iso:
            return Days(first.iso, last.iso)
    for each in _DATE.finditer(text):
        found = dates.read_text(each[0])
        if found.iso and not found.fault:
            return Days(found.iso, other=found.other if found.fits == "both" else "")
    return None


def number(said: str) -> int | None:
    """The number of a meeting that a text gives: 12th meeting, Twelfth Meeting, meeting no. 12, 12वीं बैठक."""
    found = _ORDINAL.search(plain(said))
    if not found:
        return None
    if found["word"]:
        return _WORDS.index(found["word"].lower()) + 1
    return int(found["figure"] or found["after"])


def place(said: str) -> str:
    """Where it met, as a text says it; empty where it does not."""
    found = _LABEL.search(said) or _HELD.search(said)
    return found["said"].strip(" .") if found else ""


def by_video(said: str) -> bool:
    """Whether a text says that it met by video."""
    return bool(_VIDEO.search(said))


def named(said: str, shelf: Shelf) -> list[Known]:
    """The records whose names stand in a text: those of the longest name alone."""
    text = f" {folded(said)} "
    found: list[tuple[int, Known]] = []
    for one in shelf.held:
        lengths = [len(name) for name in names_of(one) if len(name) > 3 and f" {name} " in text]
        if lengths:
            found.append((max(lengths), one))
    most = max((length for length, _one in found), default=0)
    return list({one.ref: one for length, one in found if length == most}.values())
