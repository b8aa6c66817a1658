"""The row *Papers* of a record's page: what can be made of it for who looks, each as the files it comes as. No rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, get_args

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from dtti.documents.values import SIDES, Language
from dtti.documents.words import Reading
from dtti.language.names import side_named
from dtti.office.papers import registry
from dtti.office.projects import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.web import page
from dtti.web.page import Moment

from .words import _, language

READINGS: Final = get_args(Reading)


class File(msgspec.Struct, frozen=True):
    """A file that a paper comes as: what its link says, its address."""

    label: str
    url: str


class Form(msgspec.Struct, frozen=True):
    """A kind of file (PDF, Word), with a link for each language."""

    name: str
    files: list[File]


class Offered(msgspec.Struct, frozen=True):
    """A paper on the page of the record that it is made of. `inside`: it is for this side alone."""

    title: str
    forms: list[Form]
    inside: bool = False


class _At(msgspec.Struct, frozen=True):
    """The addresses of the papers of a record, for the times of its page."""

    row: Listed
    moment: Moment

    def address(self, paper: str, made_for: str, form: str) -> str:
        section = KINDS[self.row.kind].face.address
        return reverse("paper", args=[section, self.row.code, paper, made_for, form]) + self.moment.query


def row(
    request: HttpRequest, of: Listed, content: Content | None, moment: Moment, named_by: Collection[str]
) -> list[Offered]:
    """The papers of a record; `named_by`: the kinds of the records that name it."""
    if content is None:
        return []
    at = _At(of, moment)
    own: Language = "hi" if language() == "hi" else "en"
    made = [
        Offered(each.title.spoken(own)[0], [*_forms(at, each)], each.inside)
        for each in registry.offered(page.asked_by(request, moment), of, content, named_by)
    ]
    if registry.has_entry(content):
        made.append(
            Offered(
                _("Calendar entry"), [Form("ICS", [File(_("for a calendar"), at.address("invitation", own, "ics"))])]
            )
        )
    return made


def _forms(at: _At, of: registry.Mapping) -> Iterator[Form]:
    """A link for each language, and where the paper is signed in two originals one for each of both."""
    names = {"en": _("English"), "hi": _("Hindi"), "both": _("both languages")}
    for form in of.forms:
        two = of.two_originals and form == "pdf"
        for side in SIDES if two else ("",):
            called = {"pdf": "PDF", "docx": "Word"}.get(form, form)
            if side:
                whose = side_named(side, language(), inside=True)
                called = _("%(file)s, original of %(side)s", file=called, side=whose)
            links = [(names[each], f"{each}-{side}" if side else each) for each in READINGS]
            yield Form(called, [File(label, at.address(of.name, each, form)) for label, each in links])
