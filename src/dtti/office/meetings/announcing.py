"""Announcing a cleared readout: the words stay as agreed, and a side adds when and where it made them public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger.store import RELEASED
from dtti.node.record.read import Listed
from dtti.office import drafts
from dtti.office.asking import Asking
from dtti.programme.kinds.readout import READOUT as _READOUT

READOUT: Final = _READOUT.code


def may(asking: Asking, readout: Listed) -> None:
    """Refused where this side cannot announce a readout now: it is not cleared, or the other side drafts next."""
    alone = not asking.node.book.other
    if readout.grade not in ("agreed_here", "on_paper") and not (alone and readout.grade == "recorded"):
        raise Refused(
            refuse("readout-cleared", "The readout is not cleared by both.", "Have the other side agree to it first.")
        )
    drafts.our_turn(
        asking,
        readout,
        open_offer=refuse(
            "readout-open", "An offer of the readout waits for its answer.", "Have it answered, or answer it."
        ),
        theirs=refuse(
            "readout-pen",
            "It is the other side's turn to draft the readout.",
            "It announces first; or ask for the text on the page of the readout.",
        ),
    )


def announced(content: Mapping[str, Any], side: str) -> dict[str, Any]:
    """What a readout says of where and when a side made it public; empty where nothing."""
    return next((dict(each) for each in content.get("announced", ()) if each.get("side") == side), {})


def with_ours(content: Mapping[str, Any], side: str, on: str, where: str) -> dict[str, Any]:
    """The readout with the announcement of one side: its words and the other side's announcement as they were."""
    others = [each for each in content.get("announced", ()) if each.get("side") != side]
    own = {**announced(content, side), "side": side, "on": on, "where": where}
    return {**content, "announced": [*others, {name: value for name, value in own.items() if value}]}


def next_to_draft(content: Mapping[str, Any], side: str, other: str) -> str:
    """Who drafts next once it is agreed: the other side, where that has not announced it; empty where nobody has to."""
    return other if other and not announced(content, other) else ""


def against(asking: Asking, readout: Listed, content: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """What the rules say against a readout with an announcement."""
    stored = _READOUT.tidy(content)
    return drafts.against(asking, readout.record, stored, "own", ledger=RELEASED, group="")
