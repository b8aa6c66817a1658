"""Sums of money, exact, rounded or in full, in words that each language counts by. Knows no record; by Babel."""

from decimal import Decimal

from babel.numbers import format_compact_decimal, format_decimal, get_currency_name

from .catalogue import translate
from .marking import N_
from .numbers import MINUS, grouped


def exact(amount: int, currency: str, language: str) -> str:
    """A sum, exact, as short as it can be: ``US$ 962.7 million``, ``96.27 करोड़ अमेरिकी डॉलर``; else in full."""
    if amount < 0:
        return f"{MINUS}{exact(-amount, currency, language)}"
    scale = next((step for step in (10**9, 10**7, 10**6, 10**5) if amount >= step), 1)
    short = amount * 10**5 % scale == 0 and scale > 1
    figure = _compact(amount, language, 5) if short else grouped(amount, language)
    return translate(N_("US$ %(figure)s"), language, figure=figure) if currency == "USD" else f"{currency} {figure}"


def rounded(amount: int, currency: str, language: str) -> str:
    """A sum rounded to three figures, with the code of its currency: `USD 12.3 billion`, `USD 12.3 अरब`."""
    sign, size = MINUS if amount < 0 else "", abs(amount)
    if size < 999_500:
        return f"{currency} {grouped(amount, language)}"
    step = 10 ** (len(str(size)) - 3)
    return f"{currency} {sign}{_compact((size + step // 2) // step * step, language, 3)}"


def in_full(amount: int | Decimal, currency: str) -> str:
    """A sum in full, grouped as its currency's country groups."""
    return f"{currency} {format_decimal(amount, locale='en_IN' if currency == 'INR' else 'en_US')}"


def currency_name(code: str, language: str) -> str:
    """What a currency (ISO 4217) is called; its code where no language has a name for it."""
    return get_currency_name(code, locale=language)


def _compact(amount: int, language: str, digits: int) -> str:
    return format_compact_decimal(amount, format_type="long", locale=language, fraction_digits=digits)
