"""The papers of a record as files: each from the same read model as its page, for the same times. Holds no rule."""

from __future__ import annotations

from typing import cast, get_args

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from dtti.documents.values import SIDES, Side
from dtti.documents.words import Reading
from dtti.office.papers import registry
from dtti.office.papers.registry import Form
from dtti.web import page

from . import record
from .entries import download, log_paper
from .papers_row import READINGS
from .words import _


def paper(request: HttpRequest, section: str, name: str, paper: str, made_for: str, form: str) -> HttpResponse:
    """A paper of a record as a file; entered in the reading and export log where an official takes it.

    `made_for`: a language (en, hi, both), and where two originals are signed the side named first (en-IND).
    """
    found = record.find(request, section, name)
    spoken, dash, side = made_for.partition("-")
    if found.content is None or spoken not in READINGS or form not in get_args(Form) or (dash and side not in SIDES):
        raise page.not_here(_("paper"))
    made = registry.made(
        page.asked_by(request, found.moment),
        found.row,
        found.content,
        paper,
        form=cast(Form, form),
        language=cast(Reading, spoken),
        first=cast(Side, side) if side else None,
        sheet="us-letter" if request.GET.get("sheet") == "us-letter" else "a4",
    )
    log_paper(request, found.row.record, paper, made_for, form)
    return download(made.data, made.name, made.media)


PATTERNS: list[URLPattern] = [
    path("<slug:section>/<path:name>/papers/<slug:paper>.<slug:made_for>.<slug:form>", paper, name="paper"),
]
