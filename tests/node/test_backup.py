"""Backups: what is in one, that it is taken whole while work goes on, and that only a sound one is restored."""

import gzip
import io
import re
import shutil
import sqlite3
import stat
import tarfile
import threading
from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.ledger.store import LEDGERS, RELEASED
from dtti.node.checking import verify
from dtti.node.core import mark as marks
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.keeping import backup, restore
from dtti.node.line import spill
from dtti.node.record import rebuild
from tests.node import capitals
from tests.node.capitals import Pair

MARKED = "HELDHERE"


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def rewritten(file: Path, change, target: Path) -> Path:
    """The archive with `change` made to its list of (member, data)."""
    with tarfile.open(file) as archive:
        listed = [(one, archive.extractfile(one).read()) for one in archive]  # type: ignore[union-attr]
    with tarfile.open(target, "w:gz") as archive:
        for one, data in change(listed):
            if one.isreg():
                one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
    return target


def refused(file: Path, folder: Path) -> str:
    with pytest.raises(Refused) as caught:
        restore.restore(file, folder)
    assert not folder.exists()
    assert list(folder.parent.glob(f".{folder.name}.*")) == []
    refusal = caught.value.refusals[0]
    assert refusal.remedy
    return refusal.rule


def test_a_restored_node_holds_the_same_ledgers_and_texts(pair: Pair, tmp_path: Path):
    pair.ind.national("kept-here")
    made = backup.backup(pair.ind.node, tmp_path / "b.tar.gz")
    sizes = {ledger: pair.ind.node.store.size(ledger) for ledger in LEDGERS}
    assert (made.side, made.released, made.national) == ("IND", sizes["released"], sizes["national"])
    restore.restore(tmp_path / "b.tar.gz", tmp_path / "again")
    again = Node(tmp_path / "again")
    for ledger, size in sizes.items():
        assert again.store.size(ledger) == size
        assert again.store.root(ledger) == pair.ind.node.store.root(ledger)
        assert list(again.store.leaves(ledger)) == list(pair.ind.node.store.leaves(ledger))
    reports = verify.verify(tmp_path / "again")
    subjects = {one.subject for one in reports}
    assert subjects >= {"IND released", "IND national", "USA mirror", "texts", "verdicts", "record"}
    assert [fault for report in reports for fault in report.faults] == []
    again.close()


def test_a_backup_is_for_its_owner_alone_and_never_holds_the_passphrase_unless_asked(pair: Pair, tmp_path: Path):
    (pair.ind.folder / "keys" / "passphrase").write_bytes(capitals.PASSPHRASE)
    backup.backup(pair.ind.node, tmp_path / "without.tar.gz")
    backup.backup(pair.ind.node, tmp_path / "with.tar.gz", with_passphrase=True)
    assert stat.S_IMODE((tmp_path / "without.tar.gz").stat().st_mode) == 0o600
    without = members(tmp_path / "without.tar.gz")
    assert "keys/passphrase" not in without
    assert not any(capitals.PASSPHRASE in data for data in without.values())
    assert members(tmp_path / "with.tar.gz")["keys/passphrase"] == capitals.PASSPHRASE
    assert {"keys/root.keys", "keys/power.keys", "keys/node.keys", "node.toml", "mark"} <= set(without)


def test_a_backup_inside_the_node_is_refused(pair: Pair):
    with pytest.raises(Refused) as caught:
        backup.backup(pair.ind.node, pair.ind.folder / "b.tar.gz")
    assert caught.value.refusals[0].rule == "backup"


def test_accounts_come_with_it(pair: Pair, tmp_path: Path):
    with sqlite3.connect(pair.ind.node.folder.accounts) as accounts:
        accounts.execute("CREATE TABLE person (name TEXT)")
        accounts.execute("INSERT INTO person VALUES ('held in a seat')")
    (pair.ind.folder / "secret").write_text("0" * 64)
    assert backup.backup(pair.ind.node, tmp_path / "b.tar.gz").accounts == "sqlite"
    restore.restore(tmp_path / "b.tar.gz", tmp_path / "again")
    with sqlite3.connect(tmp_path / "again" / "accounts.sqlite3") as accounts:
        assert accounts.execute("SELECT name FROM person").fetchall() == [("held in a seat",)]
    assert (tmp_path / "again" / "secret").read_text() == "0" * 64


def test_a_backup_taken_while_others_write_is_of_one_moment(pair: Pair, tmp_path: Path):
    stop = threading.Event()
    failed: list[BaseException] = []

    def write() -> None:
        other = capitals.Capital(Node(pair.ind.folder), pair.ind.office)
        try:
            while not stop.is_set():
                other.comment(pair.record, "meanwhile")
                other.national(f"n-{other.node.store.size('national')}")
        except BaseException as error:
            failed.append(error)
        finally:
            other.node.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifests = [backup.backup(pair.ind.node, tmp_path / f"{number}.tar.gz") for number in range(4)]
    finally:
        stop.set()
        writer.join()
    assert failed == []
    assert manifests[0].released < manifests[-1].released
    for number in (0, 3):
        restore.restore(tmp_path / f"{number}.tar.gz", tmp_path / str(number))
        reports = verify.verify(tmp_path / str(number))
        assert [fault for report in reports for fault in report.faults] == []


def test_the_next_backup_does_not_hold_an_erased_text(pair: Pair, tmp_path: Path):
    receipt = pair.ind.comment(pair.record, MARKED)
    backup.backup(pair.ind.node, tmp_path / "before.tar.gz")
    spill.erase(pair.ind.node, receipt.act)
    backup.backup(pair.ind.node, tmp_path / "after.tar.gz")
    assert any(MARKED.encode() in data for data in members(tmp_path / "before.tar.gz").values())
    assert not any(MARKED.encode() in data for data in members(tmp_path / "after.tar.gz").values())
    restore.restore(tmp_path / "after.tar.gz", tmp_path / "again")
    reports = verify.verify(tmp_path / "again")
    assert [fault for report in reports for fault in report.faults] == []


def test_a_restored_node_signs_nothing_and_touches_neither_old_mark_nor_old_database(pair: Pair, tmp_path: Path):
    outside = tmp_path / "mark of the live node"
    settings = config.read(pair.ind.folder)
    config.write(pair.ind.folder, config.msgspec.structs.replace(settings, mark_file=str(outside)))
    shutil.copyfile(pair.ind.folder / "mark", outside)
    live = pair.ind.again()
    live.comment(pair.record, "moves the mark")
    backup.backup(live.node, tmp_path / "b.tar.gz")
    live.comment(pair.record, "after the backup")
    kept = outside.read_bytes()
    restore.restore(tmp_path / "b.tar.gz", tmp_path / "again")
    again = capitals.Capital(Node(tmp_path / "again"), live.office)
    size = again.node.store.size(RELEASED)
    with pytest.raises(Refused) as caught:
        again.comment(pair.record, "a fork, were it signed")
    assert caught.value.refusals[0].rule == "restored"
    assert again.node.store.size(RELEASED) == size
    assert outside.read_bytes() == kept
    assert again.node.config.mark_file == ""
    mark = marks.read(tmp_path / "again" / "mark")
    assert (mark.unsure, mark.released) == (True, size + 1)  # the old mark outside knows of one more
    again.node.settle()
    assert marks.read(tmp_path / "again" / "mark") == mark
    live.comment(pair.record, "the live node goes on")
    again.node.close()
    live.node.close()


def test_a_folder_that_is_there_is_not_restored_into(pair: Pair, tmp_path: Path):
    backup.backup(pair.ind.node, tmp_path / "b.tar.gz")
    (tmp_path / "again").mkdir()
    with pytest.raises(Refused) as caught:
        restore.restore(tmp_path / "b.tar.gz", tmp_path / "again")
    assert caught.value.refusals[0].rule == "restore"


def test_damage_anywhere_is_refused_and_nothing_is_left(pair: Pair, tmp_path: Path):
    file = tmp_path / "b.tar.gz"
    backup.backup(pair.ind.node, file)
    data = file.read_bytes()
    bad = tmp_path / "bad.tar.gz"
    for at in range(20, len(data) - 1, len(data) // 25):
        bad.write_bytes(data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :])
        assert refused(bad, tmp_path / "again") == "backup-form"
    for at in (0, 10, 1000, len(data) // 2, len(data) - 9):
        bad.write_bytes(data[:at])
        assert refused(bad, tmp_path / "again") == "backup-form"
    bad.write_bytes(gzip.compress(b"no archive at all" * 100))
    assert refused(bad, tmp_path / "again") == "backup-form"


def test_path_tricks_are_refused(pair: Pair, tmp_path: Path):
    file, bad = tmp_path / "b.tar.gz", tmp_path / "bad.tar.gz"
    backup.backup(pair.ind.node, file)

    def renamed(old: str, new: str):
        """The manifest and the member agree on a name that leads out of the folder."""

        def change(listed):
            for one, data in listed:
                if one.name == "manifest.json":
                    yield one, data.replace(f'"name": "{old}"'.encode(), f'"name": "{new}"'.encode())
                else:
                    one.name = new if one.name == old else one.name
                    yield one, data

        return change

    for name in ("../outside", "/etc/outside", "keys/../../outside", "keys/sub/root.keys", "other"):
        rewritten(file, renamed("keys/root.keys", name), bad)
        assert refused(bad, tmp_path / "again") == "backup-form"
    assert not (tmp_path / "outside").exists()

    def linked(listed):
        for one, data in listed:
            if one.name == "keys/root.keys":
                one.type, one.linkname, one.size, data = tarfile.SYMTYPE, "/etc/passwd", 0, b""
            yield one, data

    assert refused(rewritten(file, linked, bad), tmp_path / "again") == "backup-form"


def test_a_file_too_many_too_few_or_in_another_place_is_refused(pair: Pair, tmp_path: Path):
    file, bad = tmp_path / "b.tar.gz", tmp_path / "bad.tar.gz"
    backup.backup(pair.ind.node, file)
    changes = (
        lambda listed: [*listed, (tarfile.TarInfo("secret"), b"")],
        lambda listed: listed[:-1],
        lambda listed: listed[1:],
        lambda listed: [listed[0], *reversed(listed[1:])],
    )
    for change in changes:
        assert refused(rewritten(file, change, bad), tmp_path / "again") == "backup-form"


@pytest.mark.long
def test_a_node_on_postgresql_is_backed_up_and_restored_on_either(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
):
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    one = capitals.found(tmp_path / "one", "IND", database=postgres_url, schema="one")
    one.national("kept-here")
    assert backup.backup(one.node, tmp_path / "first.tar.gz").accounts == "none: there is no accounts database yet"
    backup.backup(one.node, tmp_path / "b.tar.gz")
    restore.restore(tmp_path / "b.tar.gz", tmp_path / "two")
    restore.restore(tmp_path / "b.tar.gz", tmp_path / "three", database=postgres_url, schema="three")
    for folder in (tmp_path / "two", tmp_path / "three"):
        again = Node(folder)
        for ledger in LEDGERS:
            assert list(again.store.leaves(ledger)) == list(one.node.store.leaves(ledger))
        reports = verify.verify(folder)
        assert [fault for report in reports for fault in report.faults] == []
        again.close()
    with pytest.raises(Exception, match="holds a ledger already"):
        restore.restore(tmp_path / "b.tar.gz", tmp_path / "four", database=postgres_url, schema="three")
    assert not (tmp_path / "four").exists()
    rebuilt = rebuild.rebuild(one.node)
    one.node.projection.engine.run("DROP TABLE state")
    assert rebuild.rebuild(one.node) == rebuilt > 0
    assert rebuild.compare(one.node) == []
    # A text that was changed in the database is in the backup as it is, and named.
    one.node.store.engine.run("UPDATE body SET data = data || '\\x41'::bytea WHERE ledger = 1")
    (fault,) = backup.backup(one.node, tmp_path / "d.tar.gz").faults
    assert re.fullmatch(r"ledger\.sqlite3: IND national entry 0, text 0: .+", fault)
    one.node.close()
