"""Leaving and pausing a project: what one side can do alone, what an open offer comes to, how both end it. No rule."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from dtti.accord.fold import View
from dtti.ledger.store import RELEASED
from dtti.node.record.read import Listed
from dtti.programme.kinds.closure import CLOSURE, MATTERS, REASONS, Closure, Ending
from dtti.programme.kinds.project import PROJECT
from dtti.programme.standing import Standing

from . import acts
from .asking import Asking, Stored, counts
from .writing import Asked

__all__ = ["CLOSURE", "ENDS", "PROJECT", "REASONS", "Closure", "Ending", "Listed"]

#: What a side may do alone, by the name of the page on which it is done.
Alone = Literal["suspend", "resume", "leave"]
NOTICES: Final[dict[Alone, acts.Notice]] = {"suspend": "suspend", "resume": "resume", "leave": "withdraw_from"}
ENDS: Final[tuple[Ending, ...]] = get_args(Ending)
#: What becomes of an offer that is open when a notice is given: none is open; theirs; ours, not answered; ours, agreed
#: to by them; ours, sent back by them.
OpenOffer = Literal["none", "theirs", "ours", "agreed", "returned"]
_WITHOUT_REASONS: Final = "dtti_1"
#: The reason that an ending gives by itself.
_REASON: Final[dict[Ending, str]] = {
    "completed": "work-done",
    "expired": "agreement-ended",
    "converted": "better-bought",
}


class Ways(msgspec.Struct, frozen=True):
    """What can be done with a project now: alone, in the order of weight; and whether both can close it."""

    alone: list[Alone]
    close: bool


def ways(asking: Asking, row: Listed) -> Ways:
    """What this side can do with a project: nothing with what was compiled from public sources."""
    if row.kind != PROJECT.code or row.side == "PUB" or row.label == "national" or not asking.moment.now:
        return Ways([], close=False)
    open_now = acts.notices_open(asking, row)
    return Ways([alone for alone, notice in NOTICES.items() if notice in open_now], close=True)


def open_offer(view: View, mine: str) -> OpenOffer:
    """What stands open on the record that a notice is given on."""
    offer = view.offer
    if offer is None:
        return "none"
    if offer.side != mine:
        return "theirs"
    return {"": "ours", "accept": "agreed", "send_back": "returned"}[offer.answer_verb]  # type: ignore[return-value]


def takes_reason(asking: Asking) -> bool:
    """Whether a notice carries the code of its reason: under the first rule set it has words alone."""
    return asking.node.rules_now(RELEASED) != _WITHOUT_REASONS


def give(asking: Asking, record: str, alone: Alone, reason: str, said: str, *, looked: bool) -> Asked:
    """The notice with its reason, as a code and in words: asked for to suspend or to withdraw, not to resume.

    `looked`: whoever gives it has read what it does, and asked for what would be recorded.
    """
    known = reason if reason in REASONS and alone != "resume" and takes_reason(asking) else ""
    asked = acts.notice(record, NOTICES[alone], said, known)
    whole = alone == "resume" or (bool(said) and (bool(known) or not takes_reason(asking)))
    return msgspec.structs.replace(asked, ready=looked and whole)


def begun(asking: Asking, row: Listed, ending: Ending, stands: Standing | None) -> Stored:
    """What the closure of a project begins with: what the record knows of how it ended."""
    content: Stored = {"ref": row.ref, "project": row.ref, "ending": ending, "ended": asking.moment.today.isoformat()}
    content["settled"] = [{"matter": each} for each in MATTERS]
    if stands is not None and stands.code == ending and stands.since:
        content["ended"] = stands.since
    left = [side for side, notice in row.notices if notice == "withdraw_from"]
    if ending == "withdrawn" and left:
        content["by"] = left[0]
    reason = (stands.reason if stands and stands.code == ending else None) or _REASON.get(ending)
    return {**content, "reason": reason} if reason in REASONS else content


class Closing(msgspec.Struct, frozen=True):
    """The closure of a project as it is here: its row and content; `counts`: whether it says how the project ended."""

    row: Listed
    content: Stored
    counts: bool


def closing(asking: Asking, row: Listed) -> Closing | None:
    """The closure of a project, whoever states it; None where there is none that can be read."""
    found = asking.named([f"{CLOSURE.code}:{row.ref}"]).get(f"{CLOSURE.code}:{row.ref}")
    held = asking.contents([found]).get(found.record) if found else None
    if found is None or not isinstance(held, Closure):
        return None
    return Closing(found, CLOSURE.write(held), counts(found, asking.mine) and found.grade not in ("offer", "draft"))
