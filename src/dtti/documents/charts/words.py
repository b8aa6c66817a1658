"""The words of the charts in both languages, with dates, days and sums said as each language says them.

The words stand in `words.toml`, one table for each: `en`, `hi`, and `one` where English has another form for one.
"""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from dtti.documents.values import Language, Words

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
        name: number(value, language) if isinstance(value, int) else clean(str(value)) for name, value in values.items()
    }
    return entry[form].format(**filled)


def number(value: int, language: Language) -> str:
    """A whole number grouped as the language groups: by thousands, or by lakh and crore."""
    sign, digits = ("−" if value < 0 else ""), str(abs(value))
    if language == "en":
        return f"{sign}{abs(value):,}"
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return sign + ",".join([*groups, tail])


def days(n: int, language: Language) -> str:
    """`12 days`."""
    return say(language, "days", n=n)


def day(when: When | date | None, language: Language) -> str:
    """A date in words; nothing is not known."""
    return say(language, "unknown") if when is None else said_date(when, language)


def between(least: int, most: int, language: Language) -> str:
    """A number of days that may be known within bounds only: `12 days`, `10 to 40 days`."""
    if least == most:
        return days(least, language)
    low, high = number(least, language), number(most, language)
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
    keys = {"IND": "india", "USA": "usa", "both": "both", "unknown": "unknown"}
    return say(language, keys.get(code or "", "no-one"))


def money(amount: int, currency: str, language: Language) -> str:
    """A sum, rounded to three figures as its language counts: `USD 12.3 bn`, `USD 12.3 अरब`."""
    size = abs(amount)
    for unit, key in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if size >= unit * 0.9995:
            shown = size / unit
            digits = 2 if shown < 9.995 else 1 if shown < 99.95 else 0
            figure = f"{shown:.{digits}f}"
            figure = figure.rstrip("0").rstrip(".") if "." in figure else figure
            sign, word = "−" if amount < 0 else "", say(language, key)
            return say(language, "money", sign=sign, figure=figure, unit=word, currency=currency)
    return say(language, "money-plain", figure=number(amount, language), currency=currency)
