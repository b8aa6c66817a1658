"""What of a record the public is shown on this node: compiled texts of this side's, and those made public. Pure.

*Released* means told to the other capital, and is not public. A text of an own record is public by an act of this
side's public office; one that both hold by an act of each. Until a later text is made public too, the public is shown
the one before: nothing that the public sees tells of what was not made public, nor of when it was written.
"""

from __future__ import annotations

import msgspec

from dtti.accord.view import Text, View


class Shown(msgspec.Struct, frozen=True):
    """A text as the public came to see it: since when, and which it is of those of its record (from 1).

    `made_public`: by acts of public offices; else it was compiled from public sources.
    """

    text: Text
    since: str
    number: int
    made_public: bool


def cleared(view: View, act: str, side: str) -> str:
    """The time from which everybody may read the text of an act, by the public offices; empty where they do not say."""
    said = {by: time for by, named, time in view.made_public if named == act}
    needed = {side} if view.mode == "own" else set(view.sides)
    alone = view.mode == "joint" and len(needed) < 2
    return max(said[each] for each in needed) if not alone and needed <= said.keys() else ""


def shown(view: View, side: str) -> Shown | None:
    """What the node of `side` shows the public of a record: the last made public; else the last it compiled."""
    compiled = [each for each in view.texts if each.side == side and each.basis == "published" and not each.group]
    made = [
        (since, place, each)
        for place, each in enumerate(view.texts)
        if each.ledger == "released" and (since := cleared(view, each.act, side))
    ]
    if made:
        since, _place, text = max(made, key=lambda one: one[:2])
        return Shown(text, since, len(compiled) + sum(1 for one in made if one[:2] <= (since, _place)), True)
    return Shown(compiled[-1], compiled[-1].time, compiled[-1].number, False) if compiled else None


def texts(view: View, side: str) -> list[Shown]:
    """Every text of a record that the public was shown, in the order in which it came to be."""
    found = [
        Shown(each, each.time, each.number, made_public=False)
        for each in view.texts
        if each.side == side and each.basis == "published" and not each.group
    ]
    found += [
        Shown(each, since, 0, made_public=True)
        for each in view.texts
        if each.ledger == "released" and (since := cleared(view, each.act, side))
    ]
    found.sort(key=lambda one: (one.since, one.made_public))
    return [msgspec.structs.replace(each, number=at) for at, each in enumerate(found, 1)]


def as_public(view: View, side: str, now: str) -> View:
    """A record as the public is shown its acts: texts alone, without offers, turns, remarks or notices."""
    held = [msgspec.structs.replace(each.text, time=each.since) for each in texts(view, side) if each.since <= now]
    return View(view.record, view.mode, view.sides, exists=bool(held), texts=held)
