"""A value of a register in words, as a preview shows it. Knows no file."""

from dtti.documents.values import Language
from dtti.language.dates import day
from dtti.language.money import in_full

from .numbers import Money
from .outcome import Value
from .register import Column


def spoken(value: Value, column: Column, language: Language) -> str:
    """A value in the words of a reader: dates with their month as a word, sums in full, choices by name; one line."""
    if isinstance(value, Money):
        return in_full(value.amount, value.currency)
    if isinstance(value, tuple):
        return " / ".join(value)
    if column.type == "date":
        return day(str(value), language)
    named = next((choice.name.spoken(language)[0] for choice in column.choices if choice.code == value), str(value))
    return " ".join(named.split()) + ("%" if column.type == "percent" else "")


def cut(said: str, most: int) -> str:
    """At most `most` characters of it."""
    return said if len(said) <= most else said[: most - 1] + "…"
