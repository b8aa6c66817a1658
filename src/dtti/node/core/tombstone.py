"""What tombstones erase: the body of one act of their own writing side, and of nobody else's. Knows no one who asks."""

from collections.abc import Sequence

import msgspec

from dtti.ledger.act import Act, open_leaf
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
    found: list[Tombstone] = []
    for ledger in ledgers:
        voids = store.voids(ledger)
        sound = [placed for placed in store.of_verb("tombstone", ledger) if placed.index not in voids]
        found += [reached(store, ledger, placed.id, open_leaf(placed.leaf).act) for placed in sound]
    return found


def reached(store: Store, ledger: str, identity: str, tombstone: Act) -> Tombstone:
    """What the sound act `tombstone`, on `ledger` under this id, orders erased of what the store holds."""
    meant, digest, part = store.find(tombstone.rests[0]), tombstone.terms["digest"], tombstone.terms.get("part")
    if meant is None or (meant.ledger == MIRROR) != (ledger == MIRROR):
        return Tombstone(identity, (), "")
    act = open_leaf(meant.leaf).act
    orders = tuple(
        (meant.owner(number), digest)
        for number, one in enumerate(act.body)
        if one.digest == digest and part in (None, number)
    )
    return Tombstone(identity, orders, act.record)
