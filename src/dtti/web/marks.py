"""What is marked on a project wherever it stands, in words: suspended, withdrawn from, ended, expired, dormant."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from dtti.language.numbers import grouped
from dtti.node.record.read import Listed
from dtti.office import pipeline
from dtti.office.pipeline import Mark

from .page import Moment, asked_by
from .states import side_name


def of_row(request: HttpRequest, row: Listed) -> tuple[Mark, ...]:
    """The marks of a project's row, as this viewer may know of them, at the times of the page."""
    rest = getattr(request, "rest", None)
    if rest is None:
        when = cast("Moment | None", getattr(request, "moment", None)) or Moment()
        rest = pipeline.rest_of(asked_by(request, when))
        request.rest = rest  # type: ignore[attr-defined]  # one question for all rows of a page
    return cast("pipeline.Rest", rest)(row)


def said(mark: Mark) -> str:
    """A mark in words."""
    from .views import words  # the words of codes need the record, which is read only once Django is set up

    if mark.code == "suspended":
        return _("suspended by %(who)s") % {"who": side_name(mark.side)} if mark.side else _("suspended")
    if mark.code == "withdrawn-from":
        return _("%(who)s has withdrawn") % {"who": side_name(mark.side)}
    if mark.code == "exited":
        return _("ended: %(who)s") % {"who": words.word(mark.outcome)}
    if mark.code == "expired":
        return _("expired")
    days = grouped(mark.days, words.language())
    return ngettext("dormant: no act for %(num)s day", "dormant: no act for %(num)s days", mark.days) % {"num": days}


def chips(found: tuple[Mark, ...]) -> Markup:
    """Marks as they stand after a name."""
    return Markup(" ").join(Markup('<span class="mark k-{}">{}</span>').format(each.code, said(each)) for each in found)
