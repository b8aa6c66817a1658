"""One thing found in a signed or scanned paper, in both languages, from the table in `words`. Knows no file format."""

import datetime as dt
from typing import Literal

import msgspec

from dtti.documents.values import Language, Words
from dtti.language.dates import day

from .words import FINDINGS

Weight = Literal["bad", "heed", "note"]


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`code`: its name, which never changes. `weight`: bad stands against the paper, heed asks for care, note informs.

    `page`: the page it concerns, counted from 1 as the file has them; 0 where it concerns none or all.
    """

    code: str
    weight: Weight
    words: Words
    page: int = 0


def found(code: str, *, page: int = 0, **values: object) -> Finding:
    """The Finding `code` with its blanks filled: `page`, and `values` that may be Words, moments, lists or anything."""
    weight, en, hi = FINDINGS[code]
    given = {**values, "page": page}
    english = en.format(**{name: _spelled(value, "en") for name, value in given.items()})
    hindi = hi.format(**{name: _spelled(value, "hi") for name, value in given.items()})
    return Finding(code=code, weight=weight, words=Words(en=english, hi=hindi), page=page)


def said(findings: tuple[Finding, ...], language: Language) -> list[str]:
    """The findings as lines for readers of `language`."""
    return [each.words.spoken(language)[0] for each in findings]


def counted(numbers: list[int]) -> str:
    """Page numbers as people write them: `1-4, 7`."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def moment(value: dt.datetime, language: Language) -> str:
    """A moment in UTC with the month as a word: `26 Jan 2027, 10:30 UTC`."""
    return day(value, language, "UTC")


def _spelled(value: object, spoken: Language) -> str:
    if isinstance(value, Words):
        return value.spoken(spoken)[0]
    if isinstance(value, dt.datetime):
        return moment(value, spoken)
    if isinstance(value, list | tuple):
        return counted(list(value))
    return str(value)
