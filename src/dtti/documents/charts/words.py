"""The words of the charts in both languages, with dates, days and sums said as each language says them.

The words stand in `words.toml`, one table for each: `en`, `hi`, and `one` where English has another form for one.
"""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from dtti.documents.values import Language, Words
from dtti.language.names import side_named
from dtti.language.numbers import grouped

from .metrics import clean
from .when import When
from .when import said as said_date


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def say(language: Language, key: str, **values: object) -> str:
    """The words of `key` with its blanks filled. `n`, where given as a number, chooses the form and is grouped."""
    entry = _words()[key]
    form = "one" if language == "en" and values.get("n") == 1 and "one" in entry else language
    filled = {
        name: grouped(value, language) if isinstance(value, int) else clean(str(value))
        for name, value in values.items()
    }
    return entry[form].format(**filled)


def days(n: int, language: Language) -> str:
    """`12 days`."""
    return say(language, "days", n=n)


def day(when: When | date | None, language: Language) -> str:
    """A date in words, both ends of one known between two; nothing is not known."""
    if when is None:
        return say(language, "unknown")
    if isinstance(when, str) and when.startswith("["):
        first, _, last = when[1:-1].partition("..")
        return say(language, "when-between", first=said_date(first, language), last=said_date(last, language))
    return said_date(when, language)


def between(least: int, most: int, language: Language) -> str:
    """A number of days that may be known within bounds only: `12 days`, `10 to 40 days`."""
    if least == most:
        return days(least, language)
    low, high = grouped(least, language), grouped(most, language)
    return say(language, "days-between", low=low, high=high)


def spoken(words: Words, language: Language) -> tuple[str, Language]:
    """Recorded text on one line, and the language that it is really in."""
    text, own = words.spoken(language)
    return clean(text) or "…", own


def side(code: str | None, language: Language) -> str:
    """A side's name as a label: `India`, `Both sides`, `No one`; `unknown` for days that are not known."""
    words = side_inside(code, language)
    return words[:1].upper() + words[1:]


def side_inside(code: str | None, language: Language) -> str:
    """A side's name as it stands inside a sentence: `India`, `both sides`, `no one`, `not known`."""
    return say(language, "unknown") if code == "unknown" else side_named(code or "", language)
