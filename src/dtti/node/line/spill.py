"""Erasing a text for good: the tombstone that orders it, and clearing what is left of it. Knows who asks, not why.

The text goes in the very step in which the tombstone comes to stand, and from what pages read in the step in which they
learn of it. What may be left are copies in write-ahead logs: the store notes that, until they are cleared.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused, refuse
from dtti.ledger.act import open_leaf
from dtti.ledger.body import Erased
from dtti.ledger.store import MIRROR, SCRUB
from dtti.node.core import text, unfinished
from dtti.node.core.draft import Draft, Receipt, following
from dtti.node.core.node import Node
from dtti.node.core.tombstone import tombstones

Reason = Literal["spill", "court", "retention"]


class Erasure(msgspec.Struct, frozen=True):
    """What was erased: the act, its text's number and digest, and the tombstones that order it."""

    act: str
    part: int
    digest: str
    tombstone: Receipt


def erase(node: Node, act: str, *, part: int = 0, reason: Reason = "spill", remarks: str = "") -> Erasure:
    """Order text `part` of this side's own `act` erased on every node, and erase it here. Ledgers verify as before."""
    placed = node.store.find(act) if len(act) == 64 else None
    if placed is None:
        raise Refused(
            refuse("act", f"there is no act {act[:16]} here", "Give the act's whole id, as `dtti show` lists it.")
        )
    if placed.ledger == MIRROR:
        raise Refused(
            refuse(
                "tombstone",
                f"{node.book.other} wrote that act, and only it can order its text erased everywhere",
                "Ask the other side; its tombstone takes effect here with the next exchange.",
            )
        )
    commitments = open_leaf(placed.leaf).act.body
    if not 0 <= part < len(commitments):
        raise Refused(
            refuse("act", f"the act has {len(commitments)} texts, no number {part}", "Give the number of one.")
        )
    digest = commitments[part].digest
    obey(node)
    if isinstance(node.store.body(placed.owner(part)), Erased):
        raise Refused(refuse("tombstone", "that text is erased already", "Nothing more is needed."))
    texts = (text.Text(remarks=remarks),) if remarks else ()
    draft = Draft("tombstone", terms=table.Tombstone(digest, reason), texts=texts, rests=(act,), ledger=placed.ledger)
    if node.rules_for(draft).table["tombstone"].terms is table_2.Tombstone:
        draft = replace(draft, terms=table_2.Tombstone(digest, reason, part))
    with unfinished.working(node, "erase"):
        receipt = node.write(draft)
        with following(f"it stands as entry {receipt.index} of the {receipt.ledger} ledger: the text is shown no more"):
            obey(node)
    return Erasure(act, part, digest, receipt)


@unfinished.finishes("erase")
def _finish(node: Node, _: Mapping[str, str]) -> None:
    obey(node)


def obey(node: Node) -> list[str]:
    """Erase what is left of every text that a sound tombstone here orders erased; returns the records touched.

    A body may have outlived its tombstone only in a store that an earlier version wrote. StoreError where a copy cannot
    be cleared now: it is noted, and the next call clears it.
    """
    outlived = [
        (owner, digest, one)
        for one in tombstones(node.store)
        for owner, digest in one.orders
        if not isinstance(node.store.body(owner), Erased)
    ]
    touched = list(dict.fromkeys(one.record for _, _, one in outlived))
    if outlived:
        with node.store.writing():
            for owner, digest, one in outlived:
                node.store.erase(owner, digest, one.id)
    if due(node):
        node.projection.catch_up(node.book)
        if touched:
            node.projection.refresh(node.book, [record for record in touched if record])
        node.projection.scrub()
        node.store.scrub()
        node.store.put_fact(SCRUB, "")
    return touched


def due(node: Node) -> bool:
    """Whether copies of an erased text may still stand in a write-ahead log here."""
    return bool(node.store.fact(SCRUB))
