"""The page on which a public office lets everybody read a text: which, who has said so, from which hour. No rule."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from dtti.node.people import permissions
from dtti.office import public
from dtti.office.writing import Asked
from dtti.programme.kinds import KINDS
from dtti.web.page import route

from . import acting, public_words
from .acting import Words, as_page
from .words import _
from .work import head


def make_public(request: HttpRequest, name: str) -> HttpResponse:
    """Let everybody read the text of a record that stands."""
    page = as_page(request)
    if refusal := permissions.ever(page.seat, "make_public", KINDS):
        raise permissions.Forbidden(refusal)
    work = acting.work_on(page, name)
    permit = acting.ask(page, "make_public", work.row.kind, label=work.row.label)
    asking = acting.asking(page)
    found = public.said(asking, work.row.record, work.content)

    def act(_seed: str) -> Asked:
        return public.make(asking, work.row.record, work.content)

    words = Words(
        title=_("Make public"),
        binds=_("Your office, for your side, lets everybody read exactly this text. It binds nobody to anything else."),
        stands=public_words.stands(found, page.node.side),
        undo=_("No. What everybody has read cannot be taken back. A corrected text can be made public after it."),
        button=_("Make public, for the record"),
        everybody=True,
    )
    return acting.confirming(
        page,
        permit,
        work.row.record,
        act,
        words,
        work=work,
        writers=None,
        head=head(work),
        back=reverse("work", args=[work.row.code]),
    )


PATTERNS: Final[list[URLPattern]] = route("work/<slug:name>/make-public/", make_public, "make_public")
