"""What forms call their questions, and the line under each that a newcomer needs. Knows no type and no rule."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from dtti.language.marking import N_
from dtti.programme import kinds
from dtti.web import labels
from dtti.web.views.codes import FIELDS

from .shape import Shape, is_cite

#: Fields whose question is put in other words than the heading of a column.
ASKED: Final = {
    "Share.basis_points": N_("Share in per cent"),
    "AgendaItem.purpose": N_("What is asked of the meeting"),
    "SuccessMeasure.by": N_("By when"),
    "HorizonPromise.of": N_("What keeps the promise"),
    "Claim.key": N_("Short name of the statement"),
    "SourceError.field": N_("What the error is about"),
}


def label(shape: Shape) -> str:
    """What a question is called, in the page's language."""
    return _(ASKED[shape.of]) if shape.of in ASKED else field(shape.name)


def field(name: str) -> str:
    """What a field is called, in the page's language."""
    words = labels.FIELDS.get(name) or kinds.word(name) or FIELDS.get(name)
    return _(words) if words else name.replace("_", " ").capitalize()


#: The line under a question, by struct and field, or by field alone.
HINTS: Final = {
    "ref": N_("A short name for addresses and lists, in English letters. Left empty, it is made from the name."),
    "aliases": N_("One on each line."),
    "number": "",
}
_LINES: Final = {
    "lines": N_("One on each line."),
    "date": N_("Such as 18 Nov 2026, 18.11.2026, Nov 2026 or 2026, as far as it is known."),
    "hour": N_("Such as 18 Nov 2026, 14:30. Both capitals are shown it in their own time."),
    "share": N_("Such as 50 or 33.33."),
    "years": N_("Such as 2017, or 1950 to 2020."),
    "ref": N_("Type a part of the name, then choose."),
    "record": N_("Type a part of the name, then choose."),
    "code": N_("Choose one of the words in use, or write another in English letters."),
    "parts": N_("Mark what is weaker than the rest."),
}
CITE: Final = N_("On what this rests: the sources, and how firm they make it.")


def hint(shape: Shape) -> str:
    """The line under a question; empty where it needs none."""
    if is_cite(shape):
        return _(CITE)
    words = HINTS.get(shape.of) or HINTS.get(shape.name) or _LINES.get(shape.how, "")
    return _(words) if words else ""
