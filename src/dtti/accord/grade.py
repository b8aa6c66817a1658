"""What a text may be called, and in whose court a record is: both computed from the fold, never stored. Pure."""

from typing import Literal

import msgspec

from .view import Text, View

Grade = Literal["agreed_here", "on_paper", "recorded", "published", "stated"]

# From the weightiest down. `stated` is an own record's version: its owner's word, and nobody else's.
GRADES: tuple[Grade, ...] = ("agreed_here", "on_paper", "recorded", "published", "stated")


class Court(msgspec.Struct, frozen=True):
    """`side` was (or is, where `until` is empty) to answer `act` from `since`; why: offer or request."""

    side: str
    since: str
    until: str
    why: Literal["offer", "request"]
    act: str


def grade(view: View, text: Text) -> Grade:
    """The grade of `text` (architecture, idea 5)."""
    if text.verb == "propose":
        return "agreed_here"
    if text.basis == "published":
        return "published"
    if view.mode == "own":
        return "stated"
    if text.basis == "paper" and text.confirmed_by:
        return "on_paper"
    return "recorded"


def current(view: View) -> Text | None:
    """The text to show as current. One side's account never displaces a text that both hold: it stands beside it.

    The latest text agreed here or on paper; failing that the latest report; failing that the latest published text.
    """
    ranks: dict[Grade, int] = {"agreed_here": 2, "on_paper": 2, "stated": 2, "recorded": 1, "published": 0}
    best: tuple[int, int] | None = None
    for place, text in enumerate(view.texts):
        rank = (ranks[grade(view, text)], place)
        best = max(best, rank) if best else rank
    return view.texts[best[1]] if best else None


def beside(view: View) -> list[Text]:
    """Reports later than the current text that only one side has made: to be shown beside it, never instead of it.

    A report that confirms the current text is part of how that stands, not an account beside it.
    """
    shown = current(view)
    if shown is None:
        return []
    after = view.texts[view.texts.index(shown) + 1 :]
    return [text for text in after if grade(view, text) == "recorded" and text.confirms != shown.act]


def courts(view: View) -> list[Court]:
    """Every spell in which a side owed an answer: to an offer until answered or ended, to a request until it ended."""
    spells = []
    for offer in view.offers:
        other = next((side for side in view.sides if side != offer.side), "")
        spells.append(Court(other, offer.opened, offer.answered or offer.decided, "offer", offer.id))
    for request in view.requests:
        holder = next((side for side in view.sides if side != request.side), "")
        spells.append(Court(holder, request.since, request.until, "request", request.act))
    return sorted(spells, key=lambda spell: (spell.since, spell.act))


def in_court(view: View) -> Court | None:
    """The spell that is open now: an open offer before a request, since whoever has an offer is to answer first."""
    running = [spell for spell in courts(view) if not spell.until]
    return min(running, key=lambda spell: (spell.why != "offer", spell.since), default=None)
