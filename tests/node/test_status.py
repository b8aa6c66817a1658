"""Status: what it says of ledgers, exchange, keys, databases and what is due, and what it calls amiss."""

import json
import sqlite3
from pathlib import Path

import pytest

from dtti.ledger import keylist
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.core import mark as marks
from dtti.node.core.node import Node
from dtti.node.folder import config, tally
from dtti.node.keeping import status, status_words
from dtti.node.line import rotate
from tests.node import capitals
from tests.node.capitals import Pair


def changed(pair: Pair, **settings: object) -> capitals.Capital:
    """India with other settings."""
    now = config.read(pair.ind.folder)
    config.write(pair.ind.folder, config.msgspec.structs.replace(now, **settings))
    return pair.ind.again()


def rules(made: dict) -> list[str]:
    return [one["rule"] for one in made["amiss"]]


def test_it_is_plain_json_and_says_how_far_each_ledger_reaches(pair: Pair):
    pair.ind.national("kept-here")
    made = status.status(pair.ind.node)
    assert json.loads(json.dumps(made)) == made
    store, other = pair.ind.node.store, pair.usa.node.store
    assert (made["side"], made["programme"], made["environment"]) == ("IND", "dtti", "exercise")
    ledgers = made["ledgers"]
    assert ledgers["released"]["size"] == store.size(RELEASED)
    assert ledgers["released"]["root"] == store.root(RELEASED).hex()
    assert ledgers["national"]["size"] == 1
    assert (ledgers["mirror"]["side"], ledgers["mirror"]["root"]) == ("USA", other.root(RELEASED).hex())
    assert ledgers["mirror"]["checkpoint"] == {"size": store.size(MIRROR), "root": store.root(MIRROR).hex()}
    assert made["amiss"] == []
    assert made["behind"] is None
    assert made["record"] == {"behind_by": 0}
    assert made["signatures"] == "server-held key"


def test_it_says_who_holds_what_of_whom(pair: Pair):
    made = status.status(pair.ind.node)["exchange"]
    assert (made["counterpart"], made["halted"], made["not_held_there"]) == ("USA", None, 0)
    assert made["last"] is not None
    pair.ind.comment(pair.record, "not yet carried")
    after = status.status(pair.ind.node)["exchange"]
    assert (after["not_held_there"], after["held_there"]) == (1, made["held_there"])


def test_a_side_alone_has_no_counterpart(pair: Pair, tmp_path: Path):
    solo = capitals.found(tmp_path / "solo", "USA")
    made = status.status(solo.node)
    assert made["exchange"] == {
        "counterpart": None,
        "peer_address": "",
        "exchange_address": "",
        "halted": None,
        "unusable_keys": [],
        "today": {"day": tally.read(solo.folder).day, "entries": 0, "bytes": 0},
        "late_answers": [],
        "staged": None,
        "last": None,
        "held_here": 0,
        "held_there": 0,
        "not_held_there": 0,
    }
    assert made["keys"]["counterpart_version"] is None
    assert made["ledgers"]["mirror"]["side"] == ""
    assert made["anchor"] == {"last": None, "next": None, "due": True}
    assert "no counterpart has joined" in "\n".join(status_words.words(made))


def test_it_says_what_waits_on_whom(pair: Pair):
    record, offer = capitals.propose(pair.ind, "ex-radar")
    made = status.status(pair.ind.node)["waiting"]
    assert (made["IND"]["count"], made["USA"]["count"]) == (0, 1)
    assert made["USA"]["longest"] == [
        {"record": record, "ref": "ex-radar", "since": offer.time, "why": "offer", "until": capitals.FAR}
    ]


def test_it_counts_entries_that_are_void_and_says_why(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    thief = pair.ind.node.keys.signing("node")
    rotate.rotate(pair.ind.node, ["node"])
    with monkeypatch.context() as patch:
        patch.setattr(pair.ind.node.signer, "act", lambda role, signed, also=(): keylist.sign(signed, thief))
        stolen = pair.ind.comment(pair.record, "by an old key")
    capitals.carry(pair.ind, pair.usa)
    made = status.status(pair.usa.node)
    assert made["ledgers"]["mirror"]["void"] == 1
    assert [(one["index"], one["rule"]) for one in made["ledgers"]["mirror"]["void_entries"]] == [
        (stolen.index, "signature")
    ]
    assert (made["keys"]["version"], made["keys"]["counterpart_version"]) == (1, 2)


def test_a_halted_exchange_is_amiss(pair: Pair):
    (pair.ind.folder / "fork").write_text("USA checkpoint 12 cites what was never published\n\nmore\n")
    made = status.status(pair.ind.node)
    assert made["exchange"]["halted"] == "USA checkpoint 12 cites what was never published"
    assert rules(made) == ["fork"]


def test_an_old_copy_is_amiss_and_status_moves_no_mark(pair: Pair):
    path = pair.ind.folder / "mark"
    mark = marks.read(path)
    marks.write(path, marks.Mark(mark.released + 2, mark.national))
    made = status.status(pair.ind.node)
    assert rules(made) == ["high-water"]
    assert made["behind"]["rule"] == "high-water"
    assert made["waiting"] is None
    assert marks.read(path) == marks.Mark(mark.released + 2, mark.national)


@pytest.mark.as_served
def test_it_says_how_each_database_is_set(pair: Pair):
    node = pair.ind.node
    sqlite3.connect(node.folder.accounts).execute("CREATE TABLE person (name TEXT)").connection.close()
    databases = {one.pop("what"): one for one in status.status(node)["databases"]}
    version = node.store.engine.run("SELECT sqlite_version()")[0][0]
    assert databases == {
        "ledger": {"engine": "sqlite", "version": version, "journal": "wal", "synchronous": "full", "unsafe": False},
        "record": {"engine": "sqlite", "version": version, "journal": "wal", "synchronous": "normal", "unsafe": False},
        "accounts": {
            "engine": "sqlite",
            "version": sqlite3.sqlite_version,
            "journal": "rollback",
            "synchronous": "full",
            "unsafe": False,
        },
    }


@pytest.mark.parametrize(
    ("version", "journal", "wanted"),
    [
        ("3.6.23", "wal", False),
        ("3.7.0", "wal", True),
        ("3.40.1", "wal", True),
        ("3.40.1", "rollback", False),
        ("3.51.2", "wal", True),
        ("3.51.3", "wal", False),
        ("3.54.1", "wal", False),
    ],
)
def test_a_write_ahead_log_under_a_faulty_sqlite_is_unsafe(version: str, journal: str, wanted: bool):
    assert status.unsafe(version, journal) is wanted


def test_an_accounts_database_that_someone_set_to_a_write_ahead_log_is_noticed(pair: Pair):
    accounts = sqlite3.connect(pair.ind.node.folder.accounts)
    accounts.execute("PRAGMA journal_mode=WAL").fetchall()
    accounts.execute("CREATE TABLE person (name TEXT)")
    accounts.close()
    assert status.journal_of(pair.ind.node.folder.accounts) == "wal"
    made = status.status(pair.ind.node)
    faulty = not status.safe_sqlite(sqlite3.sqlite_version)
    assert [one["unsafe"] for one in made["databases"] if one["what"] == "accounts"] == [faulty]
    assert rules(made) == (["unsafe-sqlite"] if faulty else [])


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("127.0.0.1:8101", True),
        ("127.9.9.9:1", True),
        ("[::1]:8101", True),
        ("localhost:8101", True),
        ("exchange.example:443", False),
        ("10.0.0.1:443", False),
        ("", False),
    ],
)
def test_a_counterpart_on_this_machine_means_a_single_operator(pair: Pair, address: str, wanted: bool):
    capital = changed(pair, peer_address=address)
    made = status.status(capital.node)
    assert made["single_operator"] is wanted
    assert ("SINGLE OPERATOR" in status_words.words(made)[0]) is wanted
    capital.node.close()


def test_an_anchor_falls_due_by_the_setting(pair: Pair):
    made = status.status(pair.ind.node)["anchor"]
    assert made["due"] is False
    later = Node(pair.ind.folder, clock=lambda: "2090-01-01T00:00:00Z")
    assert status.status(later)["anchor"] == {**made, "due": True}
    later.close()


def test_a_disc_that_is_nearly_full_is_amiss(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(status, "LOW_DISC", 2**62)
    assert rules(status.status(pair.ind.node)) == ["disc"]
