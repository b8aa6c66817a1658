"""Making the record anew: it is what it was, and a difference between record and ledgers is named."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dtti.ledger.store import LEDGERS
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.core.projection import Projection
from dtti.node.core.tables import COLUMNS
from dtti.node.core.visibility import Viewer
from dtti.node.record import read, rebuild
from tests.node import capitals
from tests.node.capitals import Pair, carry, project
from tests.simulator.node import hostile, put

IND = Viewer("IND", national=True, person="someone")


def rows(pair: Pair) -> list[tuple[object, ...]]:
    engine = pair.ind.node.projection.engine
    state = engine.run(f"SELECT {', '.join(COLUMNS)} FROM state ORDER BY record, seq")
    return [*state, *engine.run("SELECT * FROM done ORDER BY ledger, idx")]


def files(pair: Pair) -> set[str]:
    return {re.sub("-(wal|shm)$", "", path.name) for path in pair.ind.folder.iterdir()}


def test_the_record_made_anew_is_the_same(pair: Pair):
    pair.ind.national("kept-here")
    before = rows(pair)
    assert rebuild.compare(pair.ind.node) == []
    assert rebuild.rebuild(pair.ind.node) == len(pair.ind.node.store.records())
    assert rows(pair) == before
    assert pair.ind.node.projection.positions() == {each: pair.ind.node.store.size(each) for each in LEDGERS}


class Watched(Projection):
    """A record of which, when its rows are made and not yet committed, another process sees so many."""

    seen: set[int]

    def _judge_again(self, *given: Any) -> None:
        super()._judge_again(*given)
        self.seen.add(count(self))


def count(projection: Projection) -> int:
    other = Projection(projection.address, projection.schema)
    ((number,),) = other.engine.run("SELECT COUNT(*) FROM state WHERE known_until = '9999'")
    found = other.engine.run("SELECT COUNT(*) FROM search")[0][0]
    other.close()
    assert found
    return int(number)


def test_who_reads_while_it_is_made_anew_sees_what_stood_before(tmp_path: Path, pair: Pair, postgres_url: str):
    for node in (
        pair.ind.node,
        capitals.found(tmp_path / "on-postgresql", "IND", database=postgres_url, schema="anew").node,
    ):
        stands = node.projection
        node.projection = watched = Watched(stands.address, stands.schema)
        watched.seen = set()
        rebuild.rebuild(node)
        assert watched.seen == {count(stands)}
        watched.close()
        node.projection = stands
    node.close()


def test_comparing_changes_nothing_and_leaves_nothing(pair: Pair):
    before, held = rows(pair), files(pair)
    assert rebuild.compare(pair.ind.node) == []
    assert (rows(pair), files(pair)) == (before, held)


def naming(pair: Pair) -> None:
    """A text of the other side that names what nothing here is called."""
    put(hostile(pair.usa), "project", project("ex-naming") | {"body": "not-here"})
    carry(pair.usa, pair.ind)
    assert pair.ind.node.projection.engine.run("SELECT kind, ref FROM unnamed") == [("body", "not-here")]


@pytest.mark.parametrize(
    ("statement", "where", "reason"),
    [
        ("UPDATE state SET title = 'x' WHERE ref = 'ex-net'", "state project/", "differs from the ledgers in title"),
        ("DELETE FROM state WHERE ref = 'ex-net'", "state project/", "missing"),
        (
            "INSERT INTO done SELECT ledger, idx + 1000, id, side, record, verb, office, time, rule, reason, remedy, "
            "overtaken, terms, bodies, kept, claimed FROM done WHERE ledger = 0 AND idx = 0",
            "done 0 1000",
            "nothing in the ledgers gives it",
        ),
        ("UPDATE done SET rule = 'pen' WHERE ledger = 0 AND idx = 3", "done 0 3", "in rule"),
        ("UPDATE search SET words = 'elsewhere' WHERE record LIKE 'project/IND/%'", "search project/", "in words"),
        ("UPDATE search SET record = 'project/IND/x' WHERE record LIKE 'project/%'", "search project/", "in named"),
        ("DELETE FROM search WHERE record LIKE 'project/%'", "search project/", "missing"),
        ("INSERT INTO search (rowid, record, words) VALUES (9999, 'x', 'y')", "search x", "nothing in the ledgers"),
        ("INSERT INTO unnamed VALUES ('a', 'project', 'b')", "unnamed a project b", "nothing in the ledgers gives it"),
        ("DELETE FROM unnamed WHERE ref = 'not-here'", "unnamed project/", "missing"),
        ("UPDATE unnamed SET ref = 'b' WHERE ref = 'not-here'", "unnamed project/", "i"),
    ],
)
def test_a_difference_is_named(pair: Pair, statement: str, where: str, reason: str):
    naming(pair)
    assert rebuild.compare(pair.ind.node) == []
    pair.ind.node.projection.engine.run(statement)
    found = rebuild.compare(pair.ind.node)
    assert found
    assert found[0].where.startswith(where)
    assert reason in found[0].reason
    assert all(one.where.startswith((where, "search project/IND/")) for one in found)
    rebuild.rebuild(pair.ind.node)
    assert rebuild.compare(pair.ind.node) == []


def test_an_index_of_words_that_finds_something_else_than_it_holds_is_named_and_mended(pair: Pair):
    node, folder = pair.ind.node, pair.ind.folder
    assert read.listing(node, IND, words="shipboard").rows
    ((place, words),) = node.projection.engine.run("SELECT rowid, words FROM search WHERE record = ?", (pair.record,))
    node.projection.engine.run("UPDATE search SET words = 'elsewhere' WHERE rowid = ?", (place,))
    node.projection.engine.run("UPDATE search_content SET c1 = ? WHERE id = ?", (words, place))
    assert not read.listing(node, IND, words="shipboard").rows
    node.close()
    assert [fault.where for one in verify.verify(folder) for fault in one.faults] == ["record.sqlite3"]
    pair.ind = pair.ind.again()
    rebuild.rebuild(pair.ind.node)
    assert read.listing(pair.ind.node, IND, words="shipboard").rows
    assert all(one.good for one in verify.verify(folder))


def test_on_postgresql_words_are_compared_too(tmp_path: Path, pair: Pair, postgres_url: str):
    node = capitals.found(tmp_path / "on-postgresql", "IND", database=postgres_url, schema="words").node
    try:
        assert rebuild.compare(node) == []
        node.projection.engine.run("UPDATE search SET words = to_tsvector('simple', 'elsewhere')")
        found = rebuild.compare(node)
        assert {(one.where.split(" ")[0], one.reason) for one in found} == {
            ("search", "it differs from the ledgers in words")
        }
        assert len(found) == node.projection.engine.run("SELECT COUNT(*) FROM search")[0][0]
        rebuild.rebuild(node)
        assert rebuild.compare(node) == []
    finally:
        node.close()


def test_what_another_process_writes_meanwhile_is_no_difference(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    beside, other, written = rebuild._beside, pair.ind.again(), list[str]()

    @contextmanager
    def meanwhile(node: Node) -> Iterator[Projection]:
        with beside(node) as made:
            if not written:
                written.append(other.comment(pair.record, "meanwhile").act)
            yield made

    monkeypatch.setattr(rebuild, "_beside", meanwhile)
    assert rebuild.compare(pair.ind.node) == []
    assert written
    other.node.close()
