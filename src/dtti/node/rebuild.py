"""Making the record anew from the ledgers, and comparing what stands with what would. Writes no ledger."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from .projection import Projection
from .tables import COLUMNS
from .write import Node


class Difference(msgspec.Struct, frozen=True):
    """A row of the record that is not what the ledgers give."""

    where: str
    reason: str


def rebuild(node: Node) -> int:
    """Empty the record and make it anew from the ledgers; returns how many records it holds."""
    node.book.sync()
    node.projection.forget()
    node.projection.catch_up(node.book)
    return int(node.projection.engine.run("SELECT COUNT(DISTINCT record) FROM state")[0][0])


@contextmanager
def _beside(node: Node) -> Iterator[Projection]:
    """A second record of the same ledgers, gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix=".beside-", dir=node.folder.path) as folder:
        made = Projection(Path(folder) / "record.sqlite3")
        try:
            made.catch_up(node.book)
            yield made
        finally:
            made.close()


def compare(node: Node) -> list[Difference]:
    """Where the record that stands differs from one made anew beside it; empty where they are the same."""
    node.book.sync()
    node.projection.catch_up(node.book)
    found: list[Difference] = []
    with _beside(node) as made:
        for table, key, columns in (
            ("state", ("record", "seq"), COLUMNS),
            ("done", ("ledger", "idx"), ["ledger", "idx", "id", "side", "record", "verb", "office", "time", "rule",
                                         "reason", "remedy", "overtaken", "terms", "bodies", "kept"]),
        ):  # fmt: skip
            found += _table(node.projection, made, table, key, columns)
    return found


def _table(
    stands: Projection, made: Projection, table: str, key: tuple[str, str], columns: list[str]
) -> list[Difference]:
    found, width = [], len(key)
    standing, fresh = _rows(stands, table, key, columns), _rows(made, table, key, columns)
    old, new = next(standing, None), next(fresh, None)
    while old or new:
        where = min(row[:width] for row in (old, new) if row)
        name = f"{table} {' '.join(map(str, where))}"
        at_old, at_new = old is not None and old[:width] == where, new is not None and new[:width] == where
        if not at_old:
            found.append(Difference(name, "it is missing"))
        elif not at_new:
            found.append(Difference(name, "nothing in the ledgers gives it"))
        elif old and new and old != new:
            differing = [column for column, one, other in zip(columns, old, new, strict=True) if one != other]
            found.append(Difference(name, f"it differs from the ledgers in {', '.join(differing)}"))
        old = next(standing, None) if at_old else old
        new = next(fresh, None) if at_new else new
    return found


def _rows(projection: Projection, table: str, key: tuple[str, str], columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in the order of their key, with which `columns` begin; some hundreds in memory at a time."""
    names, width = ", ".join(columns), len(key)
    # The order of code points, which is Python's too, whatever language the database sorts by.
    binary = ' COLLATE "C"' if projection.is_postgres and key[0] == "record" else ""
    order = f"{key[0]}{binary}, {key[1]}"
    after: tuple[Any, ...] = ()
    while True:
        beyond = f"WHERE ({order}) > (?, ?)" if after else ""
        query = f"SELECT {names} FROM {table} {beyond} ORDER BY {order} LIMIT 500"  # noqa: S608 - own names only
        rows = projection.engine.run(query, after)
        yield from rows
        if not rows:
            return
        after = tuple(rows[-1][:width])
