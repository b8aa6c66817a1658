"""Values that are no prose: days, times, sides, choices. How each is printed, and what a person wrote. Knows no file.

A value that was typed is either understood exactly or not at all: a day needs its month as a word or in ISO form, since
two figures may stand in either order.
"""

import calendar
import re
import unicodedata
from functools import cache

from dtti.documents.values import LANGUAGES, Language, Words
from dtti.documents.words import word, words
from dtti.language.dates import day, month, months

CHOICES: dict[str, dict[str, str]] = {
    "side": {"IND": "side.IND", "USA": "side.USA"},
    "horizon": {"near": "intent.near", "mid": "intent.mid", "long": "intent.long"},
    "change": {
        "new": "intent.new",
        "kept": "intent.kept",
        "moved": "intent.moved_plain",
        "dropped": "intent.dropped",
    },
    "state": {"open": "record.open", "done": "record.done", "dropped": "record.dropped"},
    "phase": {
        each: f"record.{each}" for each in ("drafted", "circulated", "corrected", "agreed", "locked", "no-comment")
    },
    "mode": {each: f"agenda.{each}" for each in ("in-person", "virtual", "hybrid")},
    "purpose": {each: f"agenda.{each}" for each in ("information", "decision", "review")},
    "capacity": {each: f"capacity.{each}" for each in ("acting", "performing-the-duties", "additional-charge")},
    "yes": {"yes": "house.yes", "no": "house.no"},
}
"""Values that are one of a few, by type: each code and the fixed words that print it."""

_MORE: dict[str, dict[str, str]] = {
    "side": {"USA": "USA|US|U.S.|the United States|अमेरिका", "IND": "IND"},
    "horizon": {"near": "near|निकट", "mid": "mid|मध्य", "long": "long|दीर्घ"},
}
_VARIANTS = {
    "फरवरी": 2,
    "सितम्बर": 9,
    "सितंबर": 9,
    "sept": 9,
    "अक्तूबर": 10,
    "अक्टूबर": 10,
    "नवम्बर": 11,
    "दिसम्बर": 12,
}
_FIGURES = str.maketrans("०१२३४५६७८९", "0123456789")
_DAY_FIRST = re.compile(r"(?:(?:(\d{1,2}) )?(\S+?)[.,]? )?(\d{4})")
_MONTH_FIRST = re.compile(r"(\S+?)\.? (\d{1,2}), ?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")


class Unclear(ValueError):
    """What was written is no value of its type; `reason` says so in both languages."""

    def __init__(self, reason: Words) -> None:
        super().__init__(reason.en)
        self.reason = reason


def plain(text: str) -> str:
    """What a person wrote without differences that mean nothing: white space, letters' forms, figures, signs unseen."""
    held = unicodedata.normalize("NFC", text).translate(_FIGURES)
    return " ".join(re.sub("[\u200b-\u200f\u2060\ufeff\u00ad]", "", held).split())


def printed(kind: str, value: str, language: Language) -> str:
    """A value for readers of a language: 26 Jan 2027, Near term, India, United States."""
    if not value:
        return ""
    match kind:
        case "day" | "date":
            return day(value, language)
        case "sides":
            return ", ".join(word(f"side.{each}", language) for each in value.split())
    if kind in CHOICES:
        return word(CHOICES[kind][value], language)
    return value


def understood(kind: str, text: str) -> str:
    """The value that a text says, in code; "" where it says nothing. Unclear where it says none for certain."""
    if kind == "line":
        return text.strip()
    if kind == "lines":
        return lines(tuple(each.strip() for each in cut(text) if each.strip())) or ""
    said = plain(text)
    if not said:
        return ""
    match kind:
        case "day" | "date":
            return _day(said, whole=kind == "date")
        case "clock":
            found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", said)
            if not found:
                raise Unclear(_about(said, "is no time of day; write it as 14:30", "समय नहीं है; इसे 14:30 की भाँति लिखें"))
            return f"{int(found[1]):02}:{found[2]}"
        case "count":
            if not re.fullmatch(r"[1-9]\d{0,3}", said):
                raise Unclear(_about(said, "is no whole number from 1 to 9999", "1 से 9999 तक की पूर्ण संख्या नहीं है"))
            return said
        case "sides":
            return " ".join(_choice("side", each.strip()) for each in said.split(","))
    return _choice(kind, said)


def _choice(kind: str, said: str) -> str:
    found = _spelled(kind).get(said.casefold())
    if found:
        return found
    en, hi = (", ".join(word(key, language) for key in CHOICES[kind].values()) for language in LANGUAGES)
    raise Unclear(_about(said, f"is none of these: {en}", f"इनमें से कोई नहीं है: {hi}"))


@cache
def _spelled(kind: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for code, key in CHOICES[kind].items():
        names = [*(_MORE.get(kind, {}).get(code, "") or code).split("|"), *(words()[key][each] for each in LANGUAGES)]
        made |= {plain(name).casefold(): code for name in names}
    return made


@cache
def _months() -> dict[str, int]:
    made = dict(_VARIANTS)
    for number, full in enumerate(months("en", whole=True), 1):
        made[full.lower()] = number
        for language in LANGUAGES:
            made[plain(month(number, language)).lower()] = number
    return {plain(name): number for name, number in made.items()}


def _day(said: str, *, whole: bool) -> str:
    """A day in ISO form, as far as it is written; `whole`: month and day must be there."""
    wrong = Unclear(
        _about(
            said,
            "is no date; write it as 26 Jan 2027" + ("" if whole else ", Jan 2027 or 2027") + ", the month as a word",
            "तिथि नहीं है; इसे 26 जनवरी 2027" + ("" if whole else ", जनवरी 2027 या 2027") + " की भाँति, माह शब्दों में, लिखें",
        )
    )
    if found := _ISO.fullmatch(said):
        year, month, at = int(found[1]), int(found[2]), int(found[3] or 0)
    elif found := _MONTH_FIRST.fullmatch(said):
        year, month, at = int(found[3]), _months().get(found[1].lower(), 0), int(found[2])
        if not month or not at:
            raise wrong
    elif found := _DAY_FIRST.fullmatch(said):
        year, month, at = int(found[3]), 0, int(found[1] or 0)
        if found[2]:
            month = _months().get(found[2].lower(), 0)
            if not month or (found[1] and not at):
                raise wrong
    else:
        raise wrong
    if month > 12 or (whole and not at) or (at and (year < 1 or not month or at > calendar.monthrange(year, month)[1])):
        raise wrong
    if found.re is _ISO and not month:
        raise wrong
    return "-".join([f"{year:04}", *([f"{month:02}"] if month else []), *([f"{at:02}"] if at else [])])


def _about(said: str, en: str, hi: str) -> Words:
    return Words(f"“{said[:60]}” {en}.", f"‘{said[:60]}’ {hi}।")


def lines(held: tuple[str, ...]) -> str | None:
    """Several short texts as one, a semicolon and a space between; a semicolon of their own is doubled."""
    return "; ".join(each.replace(";", ";;") for each in held) if held else None


def cut(text: str | None) -> tuple[str, ...]:
    """The short texts that `lines` made one of, or that a person wrote with semicolons between."""
    if text is None:
        return ()
    found, at = [""], 0
    while at < len(text):
        if text.startswith(";;", at):
            found[-1] += ";"
            at += 2
        elif text[at] == ";":
            found.append("")
            at += 2 if text.startswith("; ", at) else 1
        else:
            found[-1] += text[at]
            at += 1
    return tuple(found)
