"""What a record waits for: on whom, since when, why; and what shows that an answer came late."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dtti.accord.fold import View
from dtti.node.line import late
from dtti.node.line.late import LateAnswer
from dtti.node.record.read import Listed

from .asking import Asking


class Wait(msgspec.Struct, frozen=True):
    """Whose turn it is with a record: on whom, since when (a claimed time), whole days of it, why.

    `why`: offer (to answer it), request (to hand over the text), answered (its answer is still to be closed).
    """

    on: str
    since: str
    days: int
    why: str


def wait_of(row: Listed, instant: datetime) -> Wait | None:
    """What a record waits for at a moment; None where it waits for nothing."""
    if row.awaits:
        return Wait(row.awaits, row.answered, spell(row.answered, instant), "answered")
    return Wait(row.court, row.court_since, spell(row.court_since, instant), row.court_why) if row.court else None


def spell(since: str, instant: datetime) -> int:
    """Whole days from a claimed time to the moment asked about; never below none."""
    return max(0, (instant - datetime.fromisoformat(since)).days)


def to_answer(row: Listed, mine: str) -> bool:
    """Whether an offer waits for the answer of this side."""
    return row.court == mine and row.court_why == "offer"


def seen_late(asking: Asking, view: View) -> LateAnswer | None:
    """What shows that the answer to this side's open offer came after its time; None where it came in time, or none."""
    offer = view.offer
    if offer is None or offer.side != asking.mine or not asking.viewer.person:
        return None
    return late.seen_late(asking.node, offer)
