"""The page on which a public office lets everybody read a text: which, who has said so, from which hour. No rule."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from dtti.language.names import side_named
from dtti.node.people import permissions
from dtti.office import public
from dtti.office.writing import Asked
from dtti.programme.kinds import KINDS
from dtti.web.forms import days
from dtti.web.page import route

from . import acting
from .acting import Words, as_page
from .shown import side_name
from .words import _, language
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
        stands=stands(found, page.node.side),
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


def stands(found: public.Said, mine: str) -> str:
    """What stands once this side has said so: from when everybody can read it, or on whose word that waits."""
    waits = [side for side in found.waits if side != mine]
    if waits:
        said = _(
            "Nobody else can read it yet: the public office of %(side)s has to say so too.",
            side=side_named(waits[0], language(), inside=True),
        )
    elif found.needed[1:]:
        said = _("Both public offices have said so then, and everybody can read it.")
    else:
        said = _("Everybody can read it, on these pages and in the public folder when it is made next.")
    if found.embargo:
        hours = days.in_both(found.embargo, language())
        said = f"{said} {_('Not before %(hours)s.', hours=hours)}"
    return said


def state(found: public.Said) -> str:
    """How far a text is public, in a sentence; empty where nothing can be made public here."""
    if not found.text:
        return ""
    if public.open_now(found):
        return _("Public: everybody can read this text.")
    if found.since:
        return _("To be public from %(hours)s.", hours=days.in_both(found.since, language()))
    if found.by:
        return _(
            "Not public: %(one)s has let it be read, %(other)s has not.",
            one=side_name(found.by[0][0]),
            other=side_name(found.waits[0]),
        )
    return _("Not public.")


PATTERNS: Final[list[URLPattern]] = route("work/<slug:name>/make-public/", make_public, "make_public")
