"""Inclusion proofs made from the store on disc, against proofs from the same hashes in memory."""

import random
from pathlib import Path

from dtti.ledger import tree
from dtti.ledger.store import RELEASED, Row, Store

from .measure import Bench, Stage, medians, pairs, rate

SIZE, PROOFS, ROUNDS = 100_000, 200, 15
SMALL = {"SIZE": 700, "PROOFS": 20, "ROUNDS": 1}


def run(folder: Path) -> list[Bench]:
    """Proofs for leaves anywhere in a ledger of a hundred thousand; each is checked once, outside the measurement."""
    store = Store(folder / "ledger.sqlite3")
    store.create()
    leaves = [number.to_bytes(4, "big") * 64 for number in range(SIZE)]
    hashes: list[bytes] = tree.extend(0, [], map(tree.leaf_hash, leaves))
    with store.writing():
        for low in range(0, SIZE, 1000):
            rows = [Row(tree.leaf_hash(leaf).hex(), "", "comment", leaf) for leaf in leaves[low : low + 1000]]
            store.append(RELEASED, rows)
    chosen = random.Random(20260126).sample(range(SIZE), PROOFS)
    root, read = store.root(RELEASED), store.reader(RELEASED)

    def held(wanted: list[int]) -> list[bytes]:
        return [hashes[each] for each in wanted]

    for index in chosen:
        proof = tree.inclusion(index, SIZE, read)
        tree.check_inclusion(tree.leaf_hash(leaves[index]), index, SIZE, proof, root)
    store.close()  # what was read is with the system now, as it is on a machine at work; nothing is with us
    taken = pairs(
        lambda: [tree.inclusion(index, SIZE, held) for index in chosen],
        lambda: [tree.inclusion(index, SIZE, read) for index in chosen],
        ROUNDS,
    )
    bare, whole = medians(taken, 1e6 / PROOFS)
    return [
        Bench(
            "inclusion",
            f"inclusion proof in a ledger of {SIZE} entries, from disc",
            rate(taken),
            0.3,
            ">=",
            "the same proof from a list in memory",
            [Stage("floor, a proof", bare), Stage("from disc, a proof", whole)],
        )
    ]
