"""What only SQLite can do to a store: versions, files, full discs, and erased bytes that linger."""

from pathlib import Path
from typing import Any

import apsw
import pytest

from dtti.ledger import body
from dtti.ledger.body import Body, Erased, Owner
from dtti.ledger.engine import Sqlite, StoreError, safe_sqlite
from dtti.ledger.store import RELEASED, Store
from tests import making

from .writers import append, row

DIGEST, TOMBSTONE = "d1" * 32, "70" * 32
OWNER = Owner(RELEASED, "ac" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing in it but the store."""
    made = tmp_path / "node"
    made.mkdir()
    return made


@pytest.fixture
def store(folder: Path) -> Any:
    """A new store in that folder."""
    made = Store(folder / "ledger.sqlite")
    made.create()
    yield made
    made.close()


def connection(store: Store) -> apsw.Connection:
    engine = store.engine
    assert isinstance(engine, Sqlite)
    return engine.connection


def refused(store: Store) -> str:
    with pytest.raises(StoreError) as caught:
        store.size(RELEASED)
    return str(caught.value)


# --- versions and settings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.6.23", True),
        ("3.7.0", False),
        ("3.7.17", False),
        ("3.40.1", False),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.52.0", True),
        ("3.100.0", True),
        ("4.0.0", True),
    ],
)
def test_the_versions_with_the_write_ahead_log_fault_are_known(version: str, safe: bool) -> None:
    assert safe_sqlite(version) is safe


def test_the_version_in_use_is_safe() -> None:
    assert safe_sqlite(apsw.sqlite_lib_version())


def test_an_unsafe_sqlite_is_refused_before_the_file_is_touched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.40.1")
    assert refused(Store(folder / "new.sqlite")) == (
        "SQLite 3.40.1 can corrupt a write-ahead log; install apsw with 3.51.3 or later"
    )
    assert list(folder.iterdir()) == []


@pytest.mark.as_served
def test_a_commit_waits_for_the_disc(store: Store) -> None:
    settings = {name: connection(store).pragma(name) for name in ("journal_mode", "synchronous", "secure_delete")}
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_store_in_no_folder_says_to_check_it(folder: Path) -> None:
    assert refused(Store(folder / "absent" / "ledger.sqlite")) == (
        "cannot open the ledger store ledger.sqlite: unable to open database file; check the folder and its rights"
    )


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(folder: Path) -> None:
    other = folder / "letter.txt"
    other.write_bytes(b"Dear Secretary, " * 100)
    assert refused(Store(other)) == (
        "the ledger store letter.txt is broken: file is not a database; nothing was changed; run `dtti verify` on the "
        "node's folder, and restore the node from a backup: `dtti restore FILE D`"
    )
    assert other.read_bytes() == b"Dear Secretary, " * 100


def test_a_lock_held_too_long_says_who_may_hold_it(store: Store, folder: Path) -> None:
    other = Store(folder / "ledger.sqlite")
    connection(other).set_busy_timeout(0)
    with store.writing(), pytest.raises(StoreError) as caught:
        append(other, "a")
    assert str(caught.value) == (
        "the ledger store refused: database is locked; nothing was changed; "
        "another process holds the append lock; try again, and past about ten writers use PostgreSQL"
    )
    assert append(other, "a") == (1, making.root([b"a"]))
    other.close()


def test_replacing_a_leaf_is_refused_like_deleting_it(store: Store) -> None:
    append(store, "a")
    for table, columns in (("entry", "(pos, id, record, verb, leaf) VALUES (0, x'', '', '', x'')"),
                           ("hash", "(pos, hash) VALUES (0, x'')")):  # fmt: skip
        with pytest.raises(StoreError, match="a ledger is only appended to"):
            store.engine.run(f"INSERT OR REPLACE INTO {table} {columns}")
    assert list(store.leaves(RELEASED)) == [b"a"]
    assert store.root(RELEASED) == making.root([b"a"])


# --- a full disc -----------------------------------------------------------------------------------------------------


FULL = "the ledger store refused: database or disk is full; nothing was changed; free space on the disc and try again"


def leave_room_for(store: Store, pages: int) -> None:
    connection(store).pragma("max_page_count", connection(store).pragma("page_count") + pages)


def test_a_full_disc_refuses_the_write_whole_and_takes_the_next_one(store: Store) -> None:
    append(store, "before")
    leave_room_for(store, 2)
    with pytest.raises(StoreError) as caught:
        append(store, *(f"{number} " + "x" * 4_000 for number in range(20)))
    assert str(caught.value) == FULL
    assert (store.size(RELEASED), list(store.leaves(RELEASED, 0, 50))) == (1, [b"before"])
    leave_room_for(store, 1_000)
    assert append(store, "after") == (2, making.root([b"before", b"after"]))


def test_a_body_that_finds_no_room_takes_nothing_else_with_it_and_leaves_nothing(store: Store) -> None:
    """SQLite may end the whole transaction on a full disc: what follows must not be written one by one."""
    append(store, "before")
    leave_room_for(store, 2)

    def pass_over() -> None:
        with store.writing():
            store.append(RELEASED, [row("a")])
            with pytest.raises(StoreError) as caught:
                store.put_body(OWNER, body.wrap(bytes(100_000)))
            assert str(caught.value) == FULL
            with pytest.raises(StoreError):
                store.put_note(RELEASED, 2, "note")

    with pytest.raises(StoreError, match="a step of this write failed, and nothing was changed"):
        pass_over()
    assert list(store.leaves(RELEASED, 0, 50)) == [b"before"]
    assert (store.size(RELEASED), store.body(OWNER), store.note(RELEASED)) == (1, None, None)


# --- erasure ---------------------------------------------------------------------------------------------------------


SPILT = Body(b"salt of the spilt body " + bytes(9), b"the spilt text, line after line\n" * 4_000)


def files_with(folder: Path, secret: bytes) -> set[str]:
    return {file.name for file in folder.iterdir() if secret in file.read_bytes()}


@pytest.mark.parametrize("settled", [False, True], ids=["still in the log", "moved to the database"])
def test_an_erased_body_stands_in_no_file_after_the_scrub(store: Store, folder: Path, settled: bool) -> None:
    store.put_body(OWNER, SPILT)
    append(store, "after it")
    if settled:
        connection(store).wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    held = {"ledger.sqlite"} if settled else {"ledger.sqlite-wal"}
    assert files_with(folder, SPILT.data[:64]) == files_with(folder, SPILT.salt) == held
    store.erase(OWNER, DIGEST, TOMBSTONE)
    store.scrub()
    assert files_with(folder, SPILT.data[:64]) == files_with(folder, SPILT.salt) == set()
    assert files_with(folder, b"after it") == {"ledger.sqlite"}
    assert store.body(OWNER) == Erased(TOMBSTONE)


def test_a_small_body_leaves_no_trace_in_a_page_it_shared(store: Store, folder: Path) -> None:
    others = [body.wrap(b"kept text %d" % number) for number in range(30)]
    for number, each in enumerate(others):
        store.put_body(Owner(RELEASED, f"{number:02x}" * 32), each)
    store.put_body(OWNER, Body(b"s" * 32, b"a short secret"))
    store.scrub()
    assert files_with(folder, b"a short secret") == {"ledger.sqlite"}
    store.erase(OWNER, DIGEST, TOMBSTONE)
    store.scrub()
    assert files_with(folder, b"a short secret") == files_with(folder, b"s" * 32) == set()
    assert [store.body(Owner(RELEASED, f"{number:02x}" * 32)) for number in range(30)] == others


def test_a_scrub_that_a_reader_prevents_says_so_and_succeeds_when_it_has_ended(store: Store, folder: Path) -> None:
    store.put_body(OWNER, SPILT)
    reader = apsw.Connection(str(folder / "ledger.sqlite"))
    reader.execute("BEGIN")
    reader.execute("SELECT size FROM head").fetchall()
    store.erase(OWNER, DIGEST, TOMBSTONE)
    connection(store).set_busy_timeout(0)
    with pytest.raises(StoreError) as caught:
        store.scrub()
    assert str(caught.value) == (
        "the text is erased, but a copy may still stand in the write-ahead log, because another process is reading "
        "the store; the next round clears it"
    )
    assert files_with(folder, SPILT.data[:64]) == {"ledger.sqlite-wal"}
    reader.close()
    store.scrub()
    assert files_with(folder, SPILT.data[:64]) == set()
