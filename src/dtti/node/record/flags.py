"""What an agreed move along the stages rested on and has changed since: flagged, and not judged anew. No Django.

What was judged stays as judged. A text that showed a row may be erased, withdrawn from or followed by another later;
both acts are named, so that a reader can look at what stood then and what stands now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from dtti.accord import table_2
from dtti.accord.grade import current
from dtti.accord.rule_sets import RULE_SETS
from dtti.accord.view import View
from dtti.ledger.act import open_leaf
from dtti.ledger.body import Erased
from dtti.ledger.store import Store

How = Literal["erased", "superseded", "withdrawn", "suspended"]


class Flag(msgspec.Struct, frozen=True):
    """A row (of `side`; both where empty) of the move to `stage` that `record` made by the offer `act`.

    `shown_by`: the act that showed it, on the record `evidence`; `how` that has changed since, and `by` which act.
    """

    record: str
    act: str
    stage: str
    row: str
    side: str
    shown_by: str
    evidence: str
    how: How
    by: str


def flags(store: Store, moved: View, view_of: Callable[[str], View | None]) -> list[Flag]:
    """What has changed since under the moves along the stages that both sides agreed on a record; `view_of` others."""
    return [flag for offer in moved.offers if offer.outcome == "agreed" and offer.stage
            for flag in _of_offer(store, moved.record, offer.id, view_of)]  # fmt: skip


def _of_offer(store: Store, record: str, offer: str, view_of: Callable[[str], View | None]) -> Iterator[Flag]:
    placed = store.find(offer)
    act = open_leaf(placed.leaf).act if placed else None
    gate = getattr(RULE_SETS[act.rules].read_terms(act.verb, act.terms), "gate", None) if act else None
    if not isinstance(gate, table_2.Gate):
        return
    shown = store.find_each([each for row in gate.rows for each in row.acts])
    for row in gate.rows:
        for each in row.acts:
            evidence = open_leaf(shown[each].leaf).act if each in shown else None
            view = view_of(evidence.record) if evidence else None
            bodies = store.bodies(shown[each].owner(part) for part in range(len(evidence.body))) if evidence else {}
            gone = next((one.tombstone for one in bodies.values() if isinstance(one, Erased)), "")
            found: tuple[How, str] | None = ("erased", gone) if gone else _since(view, each) if view else None
            if found and evidence:
                how, by = found
                yield Flag(record, offer, gate.stage, row.row, row.side or "", each, evidence.record, how, by)


def _since(view: View, act: str) -> tuple[How, str] | None:
    """How a text has changed since, and by which act; None where it stands as it did."""
    for notice, by in view.notices.values():
        return ("withdrawn" if notice == "withdraw_from" else "suspended"), by
    now = current(view)
    known = [text.act for text in view.texts]
    if now is None or act not in known or now.act == act or known.index(now.act) < known.index(act):
        return None
    return "superseded", now.act
