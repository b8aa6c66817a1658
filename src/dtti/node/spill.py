"""Erasing a text for good: the tombstone that orders it, and obeying that here. Knows who asks, not why."""

from typing import Literal

import msgspec
from msgspec.structs import replace

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused, refuse
from dtti.ledger.act import open_leaf
from dtti.ledger.body import Erased
from dtti.ledger.store import MIRROR

from . import text
from .tombstone import tombstones
from .write import Draft, Node, Receipt

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
    if isinstance(node.store.body(placed.owner(part)), Erased):
        raise Refused(refuse("tombstone", "that text is erased already", "Nothing more is needed."))
    texts = (text.Text(remarks=remarks),) if remarks else ()
    draft = Draft("tombstone", terms=table.Tombstone(digest, reason), texts=texts, rests=(act,), ledger=placed.ledger)
    if node.rules_for(draft).table["tombstone"].terms is table_2.Tombstone:
        draft = replace(draft, terms=table_2.Tombstone(digest, reason, part))
    receipt = node.write(draft)
    obey(node)
    return Erasure(act, part, digest, receipt)


def obey(node: Node) -> list[str]:
    """Erase every body that a sound tombstone on any ledger here orders erased; returns the records touched."""
    touched: dict[str, None] = {}
    for one in tombstones(node.store):
        for owner, digest in one.orders:
            if not isinstance(node.store.body(owner), Erased):
                node.store.erase(owner, digest, one.id)
                touched[one.record] = None
    if touched:
        node.store.scrub()
        node.projection.catch_up(node.book)
        node.projection.refresh(node.book, [record for record in touched if record])
    return list(touched)
