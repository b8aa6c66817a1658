"""Making the record anew from the ledgers, and comparing what stands with what would. Writes no ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from dtti.ledger.engine import StoreError, Unusable
from dtti.node.core.node import Node
from dtti.node.core.projection import Projection
from dtti.node.core.state_row import APART
from dtti.node.core.tables import AS_WORDS, COLUMNS, DONE, PUBLIC_WORDS
from dtti.node.folder.files import workplace


class Difference(msgspec.Struct, frozen=True):
    """A row of the record that is not what the ledgers give."""

    where: str
    reason: str


def rebuild(node: Node) -> int:
    """Make the record anew from the ledgers, in the place of a broken file too; returns how many records it holds."""
    node.book.sync()
    try:
        if node.projection.damage():
            raise Unusable("its file is broken")
        node.projection.catch_up(node.book, whole=True)
    except StoreError:
        node.projection.replace()
        node.projection.catch_up(node.book)
    return int(node.projection.engine.run("SELECT COUNT(DISTINCT record) FROM state")[0][0])


@contextmanager
def _beside(node: Node) -> Iterator[Projection]:
    """A second record of the same ledgers, gone when the block ends."""
    with workplace(node.folder.path) as folder:
        made = Projection(folder / "record.sqlite3")
        try:
            made.catch_up(node.book)
            yield made
        finally:
            made.close()


def compare(node: Node) -> list[Difference]:
    """Where the record that stands differs from one made anew beside it; empty where they are the same.

    What another process writes meanwhile is no difference: then it is compared again, at last with the ledgers held.
    """
    found, reached = _compared(node)
    if found and node.projection.positions() != reached:
        with node.store.writing():
            found, _ = _compared(node)
    return found


def _compared(node: Node) -> tuple[list[Difference], object]:
    """The differences, and how far the record had come in the ledgers when the comparison began."""
    node.book.sync()
    stands = node.projection
    stands.catch_up(node.book)
    reached = stands.positions()
    found: list[Difference] = []
    with _beside(node) as made:
        for table, width, columns in (
            ("state", 2, COLUMNS),
            ("done", 2, DONE),
            ("link", 2, ["target", "record"]),
            ("unnamed", 3, ["record", "kind", "ref"]),
        ):
            old, new = (_rows(one, table, width, columns) for one in (stands, made))
            found += _table(old, new, table, width, columns)
        if not stands.is_postgres:  # of its tables and indices too the words are read again each time it is opened
            old, new = (_rows(one, "sqlite_master", 2, ["type", "name", "sql"]) for one in (stands, made))
            found += _table(old, new, "schema:", 2, ["type", "name", "sql"])
        old, new = _searched(stands), _as_stored(stands, _searched(made))
        found += [*_table(old, new, "search", 1, ["record", "named", "words"]), *_astray(stands)]
    return found, reached


# The words that records are found by stand, on SQLite, at the place of the record's first state; on PostgreSQL under
# the record, as a set of words, so that what is made anew is asked of the same server.


def _searched(projection: Projection) -> Iterator[tuple[Any, ...]]:
    source = (
        "(SELECT record, record AS named, CAST(words AS TEXT) AS words FROM search) AS searched"
        if projection.is_postgres
        else f"(SELECT state.record || CASE state.seq WHEN 0 THEN '' ELSE '{PUBLIC_WORDS}' END AS record, "
        "search.record AS named, search.words AS words FROM state "
        f"JOIN search ON search.rowid = state.place WHERE state.seq IN (0, {APART}))"
    )
    rows = _rows(projection, source, 1, ["record", "named", "words"])
    return (row for row in rows if row[2])  # no words find nothing


def _as_stored(stands: Projection, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    if not stands.is_postgres:
        yield from rows
        return
    for record, named, words in rows:
        ((stored,),) = stands.engine.run(f"SELECT CAST({AS_WORDS} AS TEXT)", (words,))
        if stored:
            yield record, named, stored


def _astray(projection: Projection) -> list[Difference]:
    """Words that stand at the place of no record: a search finds them, and nothing in the ledgers gives them."""
    if projection.is_postgres:
        return []
    query = f"SELECT record FROM search WHERE rowid NOT IN (SELECT place FROM state WHERE seq IN (0, {APART})) LIMIT 20"
    return [
        Difference(f"search {record}", "nothing in the ledgers gives it") for (record,) in projection.engine.run(query)
    ]


def _table(
    standing: Iterator[tuple[Any, ...]], fresh: Iterator[tuple[Any, ...]], table: str, width: int, columns: list[str]
) -> list[Difference]:
    found = []
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


def _rows(projection: Projection, source: str, width: int, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table or query in the order of their first `width` columns; some hundreds in memory at a time."""
    names, key = ", ".join(columns), columns[:width]
    # The order of code points, which is Python's too, whatever language the database sorts by.
    texts = {"record", "kind", "ref"} if projection.is_postgres else set()
    order = ", ".join(f'{one} COLLATE "C"' if one in texts else one for one in key)
    after: tuple[Any, ...] = ()
    while True:
        beyond = f"WHERE ({order}) > ({', '.join('?' * width)})" if after else ""
        query = f"SELECT {names} FROM {source} {beyond} ORDER BY {order} LIMIT 500"
        rows = projection.engine.run(query, after)
        yield from rows
        if not rows:
            return
        after = tuple(rows[-1][:width])
