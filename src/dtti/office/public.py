"""Making a text public: which text that is, who has said so, and from when it may be read. Knows no page.

*Released* means told to the other capital; *public* is entered by an act of the public office alone, for what both
sides hold by one of each. An embargo stands in the text that both agreed; no office lets it be read before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from dtti.accord import table_2
from dtti.accord.fold import View
from dtti.accord.refusal import Refused, refuse
from dtti.accord.view import Text as Account
from dtti.ledger.store import RELEASED
from dtti.node.core import audience, visibility
from dtti.node.core.draft import Draft
from dtti.node.record import clock, read

from .asking import Asking
from .writing import Asked

#: Where the text of a kind says from which hour on it may be read.
EMBARGO = "not_before"


class Said(msgspec.Struct, frozen=True):
    """How far the text that stands is public.

    `text`: the act that carries it, empty where nothing here can be made public. `by`: the sides of which the public
    office has said so, each with the time from which it lets it be read; `needed`: those that have to say so. `since`:
    when everybody could read it, or will; empty where not all have said so. `earlier`: the public is shown an earlier
    text of the record. `embargo`: the hour that the text itself names, in UTC.
    """

    text: str
    by: tuple[tuple[str, str], ...]
    needed: tuple[str, ...]
    since: str
    earlier: bool
    embargo: str

    @property
    def waits(self) -> tuple[str, ...]:
        """The sides that have yet to say so."""
        return tuple(side for side in self.needed if side not in dict(self.by))


def can(view: View, text: Account | None, side: str) -> bool:
    """Whether this side's public office can make a text public: one both hold, or an own one that it has released."""
    if text is None or text.ledger != RELEASED or view.record.split("/")[1] == "PUB":
        return False
    if view.mode == "own":
        return text.side == side
    return len(view.sides) > 1 and (text.verb == "propose" or bool(text.basis == "paper" and text.confirmed_by))


def said(asking: Asking, record: str, content: Mapping[str, Any]) -> Said:
    """How far the text of a record that stands here is public; `content`: that text."""
    view, mine = asking.node.book.view(record), asking.mine
    text = read.text_shown(asking.node, view)
    if text is None or not can(view, text, mine):
        return Said("", (), (), "", bool(audience.shown(view, mine)), "")
    by = tuple(sorted((side, time) for side, act, time in view.made_public if act == text.act))
    needed = (mine,) if view.mode == "own" else tuple(sorted(view.sides))
    shown = audience.shown(view, mine)
    return Said(
        text.act,
        by,
        needed,
        audience.cleared(view, text.act, mine),
        shown is not None and shown.text.act != text.act,
        str(content.get(EMBARGO) or ""),
    )


def make(asking: Asking, record: str, content: Mapping[str, Any]) -> Asked:
    """Let everybody read the text that stands, from the hour on that it names itself."""
    found = said(asking, record, content)
    if not found.text:
        raise Refused(
            refuse(
                "public-text",
                "No text stands here that both sides hold, or that this side owns and has released.",
                "Have the other side agree to the text, or release it, first.",
            )
        )
    if asking.mine in dict(found.by):
        raise Refused(refuse("public-again", f"{asking.mine} has made that text public already.", "Nothing is to do."))
    waits = found.embargo if found.embargo > visibility.now() else None
    if waits and found.earlier:
        raise Refused(
            refuse(
                "public-embargo",
                f"The public is shown an earlier text of it, and this one is not to be read before {waits}.",
                "Make it public once that hour has come: until then the earlier one stays.",
            )
        )
    return Asked([Draft("make_public", record, table_2.MakePublic(found.text, waits))])


def open_now(found: Said) -> bool:
    """Whether everybody can read it by now."""
    return bool(found.since) and datetime.fromisoformat(found.since) <= clock.now()
