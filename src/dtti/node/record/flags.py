"""What an agreed move along the stages rested on and has changed since: flagged, and not judged anew. No Django.

What was judged stays as judged. A text that showed a row may be erased, withdrawn from or followed by another later;
both acts are named, so that a reader can look at what stood then and what stands now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from dtti.accord import table_2
from dtti.accord.grade import current
from dtti.accord.rule_sets import RULE_SETS
from dtti.accord.view import View
from dtti.ledger.act import Act, open_leaf
from dtti.ledger.store import Store

How = Literal["erased", "superseded", "withdrawn", "suspended"]
#: What a notice of a side does to what rests on the record, the weightier first.
_NOTICES: Final[dict[How, str]] = {"withdrawn": "withdraw_from", "suspended": "suspend"}


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
    """What has changed since under the moves along the stages that both sides agreed on a record; `view_of` others.

    As many questions to the ledgers for all moves as for one.
    """
    leaves = store.find_each([one.id for one in moved.offers if one.outcome == "agreed" and one.stage])
    gates = [(offer, gate) for offer, placed in leaves.items() if (gate := _gate(open_leaf(placed.leaf).act))]
    shown = store.find_each(sorted({act for _offer, gate in gates for row in gate.rows for act in row.acts}))
    evidence = {act: open_leaf(placed.leaf).act for act, placed in shown.items()}
    owners = [placed.owner(part) for act, placed in shown.items() for part in range(len(evidence[act].body))]
    gone = {owner.act: tombstone for owner, tombstone in store.erased(owners).items()}
    return [
        Flag(moved.record, offer, gate.stage, row.row, row.side or "", act, evidence[act].record, *since)
        for offer, gate in gates
        for row in gate.rows
        for act in row.acts
        if act in evidence and (since := _since(view_of(evidence[act].record), act, gone.get(act, "")))
    ]


def _gate(act: Act) -> table_2.Gate | None:
    """The move that an offer makes."""
    terms = RULE_SETS[act.rules].read_terms(act.verb, act.terms)
    return terms.gate if isinstance(terms, table_2.Propose | table_2.SendBack) else None


def _since(view: View | None, act: str, tombstone: str) -> tuple[How, str] | None:
    """How a text has changed since, and by which act; None where it stands as it did."""
    if tombstone:
        return "erased", tombstone
    if view is None:
        return None
    for how, notice in _NOTICES.items():
        by = next((by for given, by in view.notices.values() if given == notice), None)
        if by is not None:
            return how, by
    now, known = current(view), [text.act for text in view.texts]
    if now is None or act not in known or known.index(now.act) <= known.index(act):
        return None
    return "superseded", now.act
