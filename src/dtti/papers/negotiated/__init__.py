"""The texts that are negotiated in Word, each put into a draft and taken out of one; out as a file, and back in.

`write`, `compare`, `apply` and `read` are those of `documents.word`, with the form of each kind of text put in.
"""

from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

from dtti.documents import word
from dtti.documents.values import Side
from dtti.documents.word import Comparison, Layout
from dtti.documents.word.draft import Form
from dtti.documents.words import Reading
from dtti.papers.data.agenda import Agenda
from dtti.papers.data.instrument import Instrument
from dtti.papers.data.intent import StatementOfIntent
from dtti.papers.data.record import Record

from . import agenda, instrument, intent, record

Negotiated = Instrument | StatementOfIntent | Record | Agenda
"""What is negotiated in Word."""

FORMS: dict[str, Form] = {each.kind: each for each in (instrument.FORM, intent.FORM, record.FORM, agenda.FORM)}
"""Every kind by its name, as `dtti paper KIND` spells it."""


def form_of(text: Negotiated) -> Form:
    """The form of a text; TypeError where it is not one that is negotiated in Word."""
    for form in FORMS.values():
        if isinstance(text, form.struct):
            return form
    raise TypeError(f"{type(text).__name__} is not negotiated in Word")


Text = TypeVar("Text", bound=Negotiated)


def write(text: Negotiated, *, lang: Reading = "both", layout: Layout = "side", first: Side = "IND") -> bytes:
    """The text as .docx; as `documents.word.write`."""
    return word.write(form_of(text).draft(text), lang=lang, layout=layout, first=first)


def compare(sent: Negotiated, returned: bytes | Path, *, name: str = "") -> Comparison:
    """A returned file against the text that was sent; as `documents.word.compare`."""
    return word.compare(form_of(sent), sent, returned, name=name)


def apply(text: Text, proposal: Comparison, confirmed: Collection[str]) -> Text:
    """The text with the confirmed changes; as `documents.word.apply`."""
    return word.apply(form_of(text), text, proposal, confirmed)


def read(data: bytes | Path, *, name: str = "") -> Negotiated:
    """The text that a file of ours shows; as `documents.word.read`."""
    made: Negotiated = word.read(FORMS, data, name=name)
    return made
