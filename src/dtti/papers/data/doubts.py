"""What a paper says that does not fit the rest of it, though its form is right. Refuses nothing; knows no layout.

What can never be right is refused where the data is read (the structures' own checks). What may be right, as a
reference to a clause of another text, or in a draft on its way, is a doubt: said, and the paper is made.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from dtti.accord.refusal import Refusal, refuse
from dtti.documents.values import LANGUAGES

from .instrument import Instrument
from .meeting import Pack
from .record import Record

_FIGURES = str.maketrans("०१२३४५६७८९", "0123456789")
_NUMBER = r"[0-9०-९]+(?:\.[0-9०-९]+)*"
_REFERENCE = re.compile(
    r"(?:\b(?:clause|article|section|paragraph)s?|(?:अनुच्छेद|खंड|खण्ड|धारा|पैरा)(?:ों)?)\s+"
    rf"({_NUMBER}(?:\s*(?:,|and|or|to|–|-|और|एवं|तथा|या|से)\s*{_NUMBER})*)(?!\s+of\s+(?!this\b))",
    re.IGNORECASE,
)


def doubts(data: msgspec.Struct) -> tuple[Refusal, ...]:
    """Everything in a paper's data that a person should look at before it goes out, by rule, reason and remedy."""
    if isinstance(data, Instrument):
        return (*_clauses(data), *_numbers("clauses", (each.number for each in data.clauses if each.level == 1)))
    if isinstance(data, Record):
        return tuple(_items("decision", ((each.number, each.item) for each in data.decisions), data.items))
    if isinstance(data, Pack):
        return tuple(_items("paper", ((each.reference, each.item) for each in data.papers), data.agenda.items))
    return ()


def _clauses(text: Instrument) -> Iterator[Refusal]:
    """References to clauses that are not there."""
    there = {_plain(each.number) for each in text.clauses}
    for clause in text.clauses:
        for language in LANGUAGES:
            said = "".join(getattr(each.text, language) for each in clause.passages)
            named = [_plain(one) for found in _REFERENCE.findall(said) for one in re.findall(_NUMBER, found)]
            for number in dict.fromkeys(named):
                if number not in there:
                    yield refuse(
                        "paper-reference",
                        f"clause {clause.number or clause.key} refers to clause {number}, which is not in this text",
                        "Correct the number, or name the other text that is meant (clause 9 of the Master Agreement).",
                    )


def _numbers(what: str, numbers: Iterable[str]) -> Iterator[Refusal]:
    for number, often in Counter(_plain(each) for each in numbers if each).items():
        if often > 1:
            yield refuse(
                "paper-number",
                f"{often} {what} have the number {number}",
                "Give each its own number before it is agreed.",
            )


def _items(what: str, pairs: Iterable[tuple[str, str]], items: Iterable[object]) -> Iterator[Refusal]:
    there = {_plain(getattr(each, "number", "")) for each in items}
    for name, item in pairs:
        if item and _plain(item) not in there:
            yield refuse(
                "paper-reference",
                f"{what} {name} is of item {item}, which is not there",
                "Name an item that is listed.",
            )


def _plain(number: str) -> str:
    return number.translate(_FIGURES).strip().rstrip(".)")
