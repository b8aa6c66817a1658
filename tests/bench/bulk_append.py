"""Entries signed before, appended in bulk (tree hashes made and stored), against bare insertion of the same rows."""

from collections.abc import Callable
from pathlib import Path

from dtti.ledger import tree
from dtti.ledger.engine import Sqlite
from dtti.ledger.store import RELEASED, Row, Store
from tests.making import Log, found, keyring

from .measure import Bench, Stage, medians, pairs, rate

COUNT, BATCH, ROUNDS = 4000, 1000, 21
SMALL = {"COUNT": 90, "BATCH": 40, "ROUNDS": 1}
Values = list[tuple[object, ...]]


def entries(count: int) -> list[Row]:
    """Signed comments on a hundred records, as the store takes them."""
    ring = keyring("IND")
    log = Log(ring)
    first = log.write(**found(ring))
    rows = [Row(first.id, first.act.record, first.act.verb, first.leaf)]
    for number in range(count - 1):
        entry = log.write(record=f"project/IND/{number % 100:010}".translate(str.maketrans("0189", "abcd")))
        rows.append(Row(entry.id, entry.act.record, entry.act.verb, entry.leaf))
    return rows


def run(folder: Path) -> list[Bench]:
    """The same tables, indices, settings and transactions on both sides; what is left is the tree, and our own code."""
    rows = entries(COUNT)
    stored = _as_stored(rows)
    names = iter(range(10**6))

    def fresh() -> Store:
        store = Store(folder / f"{next(names)}.sqlite3")
        store.create()
        return store

    def taking(work: Callable[[Store], None]) -> Callable[[], None]:
        stores = iter([fresh() for _ in range(ROUNDS + 1)])
        return lambda: work(next(stores))

    def append(store: Store) -> None:
        for low in range(0, COUNT, BATCH):
            with store.writing():
                store.append(RELEASED, rows[low : low + BATCH])

    def insert(store: Store) -> None:
        engine = store.engine
        assert isinstance(engine, Sqlite)
        connection = engine.connection
        for size, entry, hashes in stored:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO entry (pos, id, record, verb, leaf) VALUES (?, ?, ?, ?, ?)", entry)
            connection.executemany("INSERT INTO hash (pos, hash) VALUES (?, ?)", hashes)
            connection.execute("UPDATE head SET size = ? WHERE ledger = 0", (size,))
            connection.execute("COMMIT")

    taken = pairs(taking(insert), taking(append), ROUNDS, warm=1)
    bare, whole = medians(taken, 1e6 / COUNT)
    return [
        Bench(
            "bulk_append",
            f"{COUNT} entries signed before, appended {BATCH} at a time",
            rate(taken),
            0.7,
            ">=",
            "bare insertion of the same rows into the same tables",
            [Stage("floor, an entry", bare), Stage("append, an entry", whole)],
        )
    ]


def _as_stored(rows: list[Row]) -> list[tuple[int, Values, Values]]:
    """Batches of what `append` writes: size after it, rows of `entry`, rows of `hash`."""
    frontier: list[bytes] = []
    made, position = [], 0
    for low in range(0, COUNT, BATCH):
        entry: Values = []
        hashes: Values = []
        for size, row in enumerate(rows[low : low + BATCH], low):
            entry.append((size, bytes.fromhex(row.id), row.record, row.verb, row.leaf))
            for value in tree.append(size, frontier, tree.leaf_hash(row.leaf)):
                hashes.append((position, value))
                position += 1
        made.append((low + len(entry), entry, hashes))
    return made
