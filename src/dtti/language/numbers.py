"""Numbers as each language groups them: by thousands in English, by lakh and crore in Hindi. Knows no record."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal

MINUS = "\N{MINUS SIGN}"


@lru_cache(maxsize=8192)
def grouped(number: float | Decimal, language: str) -> str:
    """A number with the language's own grouping."""
    return f"{MINUS}{grouped(-number, language)}" if number < 0 else format_decimal(number, locale=language)
