"""Making the record anew: it is what it was, and a difference between record and ledgers is named."""

import re

import pytest

from dtti.ledger.store import LEDGERS
from dtti.node import rebuild
from dtti.node.tables import COLUMNS
from tests.node.capitals import Pair


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


def test_comparing_changes_nothing_and_leaves_nothing(pair: Pair):
    before, held = rows(pair), files(pair)
    assert rebuild.compare(pair.ind.node) == []
    assert (rows(pair), files(pair)) == (before, held)


@pytest.mark.parametrize(
    ("statement", "where", "reason"),
    [
        ("UPDATE state SET title = 'x' WHERE ref = 'ex-net'", "state project/", "differs from the ledgers in title"),
        ("DELETE FROM state WHERE ref = 'ex-net'", "state project/", "missing"),
        (
            "INSERT INTO done SELECT ledger, idx + 1000, id, side, record, verb, office, time, rule, reason, remedy, "
            "overtaken, terms, bodies, kept FROM done WHERE ledger = 0 AND idx = 0",
            "done 0 1000",
            "nothing in the ledgers gives it",
        ),
        ("UPDATE done SET rule = 'pen' WHERE ledger = 0 AND idx = 3", "done 0 3", "in rule"),
    ],
)
def test_a_difference_is_named(pair: Pair, statement: str, where: str, reason: str):
    pair.ind.node.projection.engine.run(statement)
    found = rebuild.compare(pair.ind.node)
    assert found
    assert all(one.where.startswith(where) for one in found)
    assert all(reason in one.reason for one in found)
    rebuild.rebuild(pair.ind.node)
    assert rebuild.compare(pair.ind.node) == []
