"""The kinds of text that are negotiated in Word, each put into a draft and taken out of one. Knows no file."""

from dtti.papers.data.agenda import Agenda
from dtti.papers.data.instrument import Instrument
from dtti.papers.data.intent import StatementOfIntent
from dtti.papers.data.record import Record
from dtti.papers.word.draft import Form

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
