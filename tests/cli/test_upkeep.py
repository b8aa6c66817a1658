"""Backups, drills, restores and rebuilds as their operator runs them, on nodes that are sound and on damaged ones."""

import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from dtti.ledger.engine import Unusable
from dtti.ledger.schema import VERSION
from dtti.ledger.store import Store
from dtti.node.core import tables
from dtti.node.core.node import Node
from dtti.node.core.projection import Projection
from tests.cli.conftest import Run
from tests.node import capitals
from tests.node.capitals import Pair


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def flip_at(path: Path, words: bytes) -> None:
    flip(path, path.read_bytes().index(words) + len(words) // 2)


def persons(folder: Path, count: int) -> None:
    with closing(sqlite3.connect(folder / "accounts.sqlite3")) as accounts:
        accounts.execute("CREATE TABLE node_person (name TEXT)")
        accounts.executemany("INSERT INTO node_person VALUES (?)", [(f"person {each:060}",) for each in range(count)])
        accounts.commit()


def listing(folder: Path) -> list[str]:
    return sorted(re.sub("-(wal|shm)$", "", path.relative_to(folder).as_posix()) for path in folder.rglob("*"))


# --- backups of damaged nodes ----------------------------------------------------------------------------------------


def test_a_backup_of_a_sound_node_says_that_it_verifies(pair: Pair, run: Run, tmp_path: Path):
    persons(pair.ind.folder, 3)
    answer = run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    assert (answer.code, "What was copied verifies." in answer.out, "DAMAGED" in answer.out) == (0, True, False)


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("ledger.sqlite3", b"TO BE HARMED"),
        ("accounts.sqlite3", b"CREATE TABLE node_person"),
        ("keys/root.keys", b'"sealed":"'),
        ("keys/node.keys", b'"salt":"'),
        ("secret", b"00000000"),
    ],
)
def test_a_backup_of_a_node_with_one_changed_byte_names_the_file_and_is_written_all_the_same(
    pair: Pair, run: Run, tmp_path: Path, file: str, words: bytes
):
    pair.ind.comment(pair.record, "TO BE HARMED, by one byte")
    persons(pair.ind.folder, 3)
    (pair.ind.folder / "secret").write_text("0" * 64)
    pair.close()
    path = pair.ind.folder / file
    at = path.read_bytes().index(words) + (len(words) + 3 if file.startswith("keys") else 2)
    harmed = bytearray(path.read_bytes())
    harmed[at] ^= 0x41
    path.write_bytes(harmed)
    answer = run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    assert answer.code == 1
    assert f"DAMAGED here, and so in the backup: {file}: " in answer.out
    assert "Keep every earlier backup" in answer.out
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        names = archive.getnames()
        kept = file if file != "accounts.sqlite3" else "accounts.sqlite3.damaged"
        held = archive.extractfile(kept).read()  # type: ignore[union-attr]
    assert {"node.toml", "ledger.sqlite3", "mark", "keys/root.keys"} <= set(names)
    if file != "ledger.sqlite3":
        assert held == bytes(harmed)
    faults = run("backup", tmp_path / "c.tar.gz", "--node", pair.ind.folder, "--json").json["faults"]
    assert faults
    assert all(each.startswith(f"{file}: ") for each in faults)


def test_a_ledger_that_cannot_be_copied_is_kept_as_it_is_and_not_restored_as_a_node(
    pair: Pair, run: Run, tmp_path: Path
):
    pair.close()
    path = pair.ind.folder / "ledger.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 12] = b"\xff" * (4096 * 11)
    path.write_bytes(data)
    answer = run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    assert answer.code == 1
    assert "ledger.sqlite3: it cannot be copied" in answer.out
    assert "kept as it is, as ledger.sqlite3.damaged" in answer.out
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        assert archive.extractfile("ledger.sqlite3.damaged").read() == bytes(data)  # type: ignore[union-attr]
    refused = run("restore", tmp_path / "b.tar.gz", tmp_path / "again")
    assert (refused.code, "taken of a broken ledger" in refused.err) == (1, True)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("share", [0.5, 0.75, 0.9, 0.99])
def test_where_there_is_no_room_for_a_backup_nothing_is_called_damaged_and_nothing_is_left(
    pair: Pair, run: Run, tmp_path: Path, share: float
):
    persons(pair.ind.folder, 3)
    pair.close()
    place = tmp_path / "place"
    place.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    most = int((pair.ind.folder / "ledger.sqlite3").stat().st_size * share)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))  # where files end, as on a full disc
    try:
        answer = run("backup", place / "b.tar.gz", "--node", pair.ind.folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.code == 1
    assert "no copy could be made where the backup was to be written" in answer.err
    assert "DAMAGED" not in answer.out
    assert list(place.iterdir()) == []


def test_a_restore_says_what_was_damaged_when_the_backup_was_taken(pair: Pair, run: Run, tmp_path: Path):
    pair.ind.comment(pair.record, "TO BE HARMED, by one byte")
    pair.close()
    flip_at(pair.ind.folder / "ledger.sqlite3", b"TO BE HARMED")
    run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    answer = run("restore", tmp_path / "b.tar.gz", tmp_path / "again")
    assert answer.code == 1
    assert "It does NOT verify." in answer.out
    assert "damaged already when the backup was taken: ledger.sqlite3: IND released entry" in answer.out


# --- drills ----------------------------------------------------------------------------------------------------------


def test_a_drill_restores_verifies_compares_and_leaves_nothing(pair: Pair, run: Run, tmp_path: Path):
    persons(pair.ind.folder, 3)
    run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    pair.ind.comment(pair.record, "after the backup")
    before = listing(tmp_path)
    answer = run("drill", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    assert (answer.code, answer.out.split()[0]) == (0, "GOOD.")
    size = pair.ind.node.store.size("released") - 1
    assert f"  released entries: {size}, 1 more since\n" in answer.out
    assert "  persons: 3\n" in answer.out
    assert "  3 key rings open with the passphrase of this node" in answer.out
    assert listing(tmp_path) == before


def test_a_drill_of_another_history_or_a_damaged_backup_is_bad_and_leaves_nothing(pair: Pair, run: Run, tmp_path: Path):
    file = tmp_path / "b.tar.gz"
    run("backup", file, "--node", pair.usa.folder)
    other = run("drill", file, "--node", pair.ind.folder)
    assert (other.code, other.out.split()[0]) == (1, "BAD.")
    assert "it is of USA dtti exercise, not of this node" in other.out
    stranger = capitals.found(tmp_path / "stranger", "IND")
    run("backup", tmp_path / "s.tar.gz", "--node", stranger.folder)
    answer = run("drill", tmp_path / "s.tar.gz", "--node", pair.ind.folder)
    assert (answer.code, "released entries of the node at work are not those of the backup" in answer.out) == (1, True)
    assert "keys/root.keys is not the ring of the node at work" not in answer.out  # one passphrase opens both
    flip(file, file.stat().st_size // 2)
    cut = run("drill", file, "--node", pair.ind.folder, "--json")
    assert [one["rule"] for one in cut.json["refused"]] == ["backup-form"]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_drill_shows_accounts_that_are_not_in_the_backup(pair: Pair, run: Run, tmp_path: Path):
    run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    persons(pair.ind.folder, 3)
    answer = run("drill", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    assert (answer.code, "accounts: none" in answer.out) == (1, True)


# --- a broken record -------------------------------------------------------------------------------------------------

BREAK = [
    pytest.param(lambda path: path.write_bytes(b"no database at all" * 500), id="no database"),
    pytest.param(lambda path: path.write_bytes(path.read_bytes()[: 3 * 4096]), id="cut"),
    pytest.param(lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000), id="overwritten"),
    pytest.param(lambda path: path.write_bytes(b""), id="empty"),
]


@pytest.mark.parametrize("harm", BREAK)
def test_a_broken_record_is_called_that_and_rebuild_replaces_it(pair: Pair, run: Run, harm):
    pair.close()
    record = pair.ind.folder / "record.sqlite3"
    harm(record)
    if record.stat().st_size:
        answer = run("status", "--node", pair.ind.folder)
        assert answer.code == 2
        assert "the record database record.sqlite3 is broken" in answer.out
        assert "`dtti rebuild`" in answer.out
        checked = run("verify", pair.ind.folder)
        assert checked.code == 1
        assert [line for line in checked.out.splitlines() if line.startswith("  record.sqlite3: ")]
        assert "ledger store" not in "".join(line for line in checked.out.splitlines() if "(rule" in line)
    # As the command does; the command itself brings up the accounts too, and is run in tests/node/test_moving.py.
    from dtti.node.record import rebuild

    node = Node(pair.ind.folder)
    assert rebuild.rebuild(node) == len(node.store.records())
    node.close()
    assert run("verify", pair.ind.folder).code == 0


def test_a_broken_ledger_is_called_that(pair: Pair, run: Run):
    pair.close()
    (pair.ind.folder / "ledger.sqlite3").write_bytes(b"no database at all" * 500)
    for command in ("status", "rebuild"):
        answer = run(command, "--node", pair.ind.folder)
        assert answer.code in (1, 2)
        assert ": the ledger store ledger.sqlite3 is broken" in answer.out + answer.err
        assert "dtti restore FILE D" in answer.out + answer.err


# --- schema versions -------------------------------------------------------------------------------------------------


def test_a_ledger_of_a_later_version_is_refused_plainly_and_left_as_it_is(pair: Pair, run: Run):
    pair.close()
    path = pair.ind.folder / "ledger.sqlite3"
    connection = apsw.Connection(str(path))
    assert connection.pragma("user_version") == VERSION
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    for words in (["status", "--node"], ["backup", path.parent.parent / "b.tar.gz", "--node"], ["verify"]):
        answer = run(*words, pair.ind.folder)
        assert answer.code in (1, 2)
        assert f"schema version {VERSION + 1}, and this software knows none after {VERSION}" in answer.out + answer.err
    assert path.read_bytes() == before


def test_a_record_of_a_later_version_is_refused_plainly_and_an_earlier_one_made_anew(pair: Pair, run: Run):
    pair.close()
    connection = apsw.Connection(str(pair.ind.folder / "record.sqlite3"))
    connection.execute("UPDATE version SET version = ?", (f"{tables.VERSION + 1} x",))
    answer = run("status", "--node", pair.ind.folder)
    assert answer.code == 2
    assert f"the record database has schema version {tables.VERSION + 1}" in answer.out
    connection.execute("UPDATE version SET version = ?", (f"{tables.VERSION - 1} x",))
    connection.execute("UPDATE state SET title = 'of before'")
    connection.close()
    assert run("verify", pair.ind.folder).code == 0


def test_both_say_their_version_on_postgresql_too(postgres_url: str):
    store = Store(postgres_url, "versions_ledger")
    store.create()
    assert store.engine.version() == VERSION
    store.engine.set_version(VERSION + 1)
    store.close()
    with pytest.raises(Unusable, match=f"knows none after {VERSION}"):
        store.engine.run("SELECT 1")
    record = Projection(postgres_url, "versions_record")
    record.positions()
    record.engine.run("UPDATE version SET version = ?", (f"{tables.VERSION + 1} x",))
    record.close()
    with pytest.raises(Unusable, match="`dtti rebuild`"):
        record.positions()
    record.replace()
    assert set(record.positions().values()) == {0}
    record.close()


@pytest.mark.fault
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("command", "strike"),
    [
        ("drill", "fsync:error=EIO:when=1"),
        ("restore", "fsync:error=EIO:when=1"),
        ("restore", "pwrite64:error=ENOSPC:when=3"),
        ("restore", "pwrite64:error=EIO:when=9"),
    ],
)
def test_a_disc_that_fails_is_named_and_the_backup_is_not_blamed(
    pair: Pair, run: Run, tmp_path: Path, command: str, strike: str
):
    run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    pair.close()
    place = tmp_path / "place"
    place.mkdir()
    more = ["--place", place, "--node", pair.ind.folder] if command == "drill" else [place / "again"]
    words = ["-m", "dtti.cli.main", command, tmp_path / "b.tar.gz", *more]
    ended = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={strike}", sys.executable, *map(str, words)],
        capture_output=True,
        text=True,
        env=capitals.environment(),
        timeout=120,
    )
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "restore-disc" in ended.stderr
    assert f"the disc of {place} did not take what was to be restored" in ended.stderr
    assert "damaged" not in ended.stderr
    assert list(place.iterdir()) == []
