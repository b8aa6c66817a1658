"""How far a text is public, in words, and what would stand once it is. Holds no rule."""

from __future__ import annotations

from dtti.language.names import side_named
from dtti.office import public
from dtti.web.forms import days

from .shown import side_name
from .words import _, language


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
