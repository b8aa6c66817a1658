"""What pages call the codes of the record, in the page's language. Knows words alone; codes themselves never change.

English stands in `codes` and is extracted with the templates; the Hindi is in the catalogue. A code that has no words
there (a slug that a side made up yesterday) is shown as it is written, with blanks for hyphens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language, gettext, ngettext

from dtti.language import money as money_words
from dtti.language import numbers
from dtti.programme import kinds
from dtti.programme.kinds import KINDS
from dtti.programme.values import Money
from dtti.web import labels

from .codes import CODES, N_


def language() -> str:
    """The language of the page being made: "en" or "hi"."""
    return (get_language() or "en")[:2]


def _(message: str, **values: object) -> str:
    """`message` in the page's language, its named blanks filled."""
    found = gettext(message)
    return found % values if values else found


def many(one: str, other: str, number: int, **more: str) -> str:
    """The form of a message that goes with `number`, its blank %(num)s filled with the number; `more`: other blanks."""
    return ngettext(one, other, number) % {"num": grouped(number), **more}


def grouped(number: float) -> str:
    """A number with the grouping of the page's language."""
    return numbers.grouped(number, language())


def word(code: object, of: str = "") -> str:
    """The words of a code in the page's language; a code without words of its own as it is written.

    `of`: the struct and field that it stands in, where it may mean something else there.
    """
    text = str(code)
    words = kinds.CODED.get(of, {}).get(text) or CODES.get(text) or kinds.word(text)
    return _(words) if words else text.replace("-", " ").replace("_", " ")


def heading(code: object, of: str = "") -> str:
    """The words of a code where they stand alone."""
    said = word(code, of)
    return said[:1].upper() + said[1:]


def field_name(name: str, kind: str = "") -> str:
    """The name of a field, of a kind where that is known, where it stands alone."""
    said = labels.field(name, kind)
    return said[:1].upper() + said[1:]


def plural(kind: str) -> str:
    """Records of a kind, in the page's language."""
    return _(KINDS[kind].face.many)


def amount(value: int, currency: str = "USD") -> str:
    """A sum, exact, as short as it can be."""
    return money_words.exact(value, currency, language())


def currency(code: str) -> str:
    """A currency by name, with its code: ``Indian Rupee (INR)``."""
    name = money_words.currency_name(code, language())
    return f"{name} ({code})" if name != code else code


#: How a sum was put, in words around the figure, since languages put them on either side of it.
COMPARED: Final[Mapping[str, str]] = {
    "about": N_("about %(figure)s"),
    "over": N_("over %(figure)s"),
    "essentially": N_("essentially %(figure)s"),
    "estimated": N_("estimated at %(figure)s"),
    "just-under": N_("just under %(figure)s"),
}


def put(figure: str, comparator: str | None) -> str:
    """A figure with how it was put: ``about US$ 3 billion``."""
    return _(COMPARED[comparator], figure=figure) if comparator and comparator in COMPARED else figure


def money(value: Money) -> str:
    """A sum in words, with how it was put."""
    return put(amount(value.amount, value.currency), value.comparator)
