"""What tombstones erase: the body of one act of their own writing side, and of nobody else's. Knows no one who asks."""

from collections.abc import Sequence

import msgspec

from dtti.ledger.act import open_leaf
from dtti.ledger.body import Owner
from dtti.ledger.store import LEDGERS, MIRROR, Store


class Tombstone(msgspec.Struct, frozen=True):
    """A sound tombstone: its id, and the bodies that it orders erased, each with its digest (hex)."""

    id: str
    orders: tuple[tuple[Owner, str], ...]
    record: str


def tombstones(store: Store, ledgers: Sequence[str] = tuple(LEDGERS)) -> list[Tombstone]:
    """Every sound tombstone on `ledgers`, in order.

    One reaches the act that it rests on, where the same side wrote that act; never the same digest in another act.
    """
    found = []
    for ledger in ledgers:
        voids = store.voids(ledger)
        for placed in store.of_verb("tombstone", ledger):
            if placed.index not in voids:
                act = open_leaf(placed.leaf).act
                part = act.terms.get("part")
                made = _reached(store, ledger, act.rests[0], act.terms["digest"], part)
                found.append(Tombstone(placed.id, *made))
    return found


def _reached(
    store: Store, ledger: str, target: str, digest: str, part: int | None
) -> tuple[tuple[tuple[Owner, str], ...], str]:
    meant = store.find(target)
    if meant is None or (meant.ledger == MIRROR) != (ledger == MIRROR):
        return (), ""
    act = open_leaf(meant.leaf).act
    return tuple(
        (meant.owner(number), digest)
        for number, one in enumerate(act.body)
        if one.digest == digest and part in (None, number)
    ), act.record
