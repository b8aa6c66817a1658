"""`dtti status` at the command: each broken state is said with its exit code, its rule and what to do."""

import contextlib
import functools
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import psycopg
import pytest

from dtti.accord import table_2
from dtti.node.core import seating
from dtti.node.core.unfinished import intending
from dtti.node.folder import config, keys
from dtti.node.keeping import conditions, upkeep
from dtti.node.keeping.backup import backup
from dtti.node.line import rotate
from tests.cli.served import command, connect, serving
from tests.conftest import ROOT
from tests.node import capitals
from tests.node.capitals import Pair

#: A command as a user whom the rights of files bind, though he be root.
BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
ROOT_ALONE = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a disc")
PAGE = (ROOT / "docs" / "conditions.md").read_text(encoding="utf-8")


def run(folder: Path, *words: object, phrase: str = capitals.PASSPHRASE.decode()) -> tuple[int, dict[str, str]]:
    """Exit code, and the rules amiss with their severity."""
    done = subprocess.run(
        command("status", "--node", folder, "--json", *words),
        capture_output=True,
        text=True,
        env={**os.environ, "DTTI_PASSPHRASE": phrase},
        check=False,
    )
    made = json.loads(done.stdout)
    assert all(one["remedy"] and one["reason"] and one["source"] for one in made["amiss"])
    return done.returncode, {one["rule"]: one["severity"] for one in made["amiss"]}


def damage(path: Path, sought: bytes) -> None:
    data = bytearray(path.read_bytes())
    place = data.index(sought)
    data[place] ^= 1
    path.write_bytes(bytes(data))


def settle(folder: Path) -> None:
    """Bring what stands in a write-ahead log into its file."""
    for name in ("ledger.sqlite3", "record.sqlite3"):
        connection = sqlite3.connect(folder / name)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def test_the_page_has_the_whole_list():
    assert [line for line in PAGE.splitlines() if line.startswith("|")] == conditions.table()
    assert len(conditions.BY_RULE) == len(conditions.CONDITIONS)


def test_a_node_that_is_well_is_said_to_be(pair: Pair):
    pair.close()
    assert run(pair.ind.folder) == (0, {})
    assert run(pair.ind.folder, "--quick") == (0, {})


def _no_settings(folder: Path) -> None:
    (folder / "node.toml").write_text('side = "IND"\nunknown = 1\n')


def _cut_ledger(folder: Path) -> None:
    path = folder / "ledger.sqlite3"
    settle(folder)
    path.write_bytes(path.read_bytes()[:100] + b"\0" * 8000)


def _no_ledger(folder: Path) -> None:
    (folder / "ledger.sqlite3").unlink()


def _cut_record(folder: Path) -> None:
    settle(folder)
    for tail in ("-wal", "-shm"):
        (folder / f"record.sqlite3{tail}").unlink(missing_ok=True)
    (folder / "record.sqlite3").write_bytes(b"no database at all" * 400)


def _cut_accounts(folder: Path) -> None:
    (folder / "accounts.sqlite3").write_bytes(b"no database at all" * 400)


def _no_mark(folder: Path) -> None:
    (folder / "mark").unlink()


def _no_ring(folder: Path) -> None:
    (folder / "keys" / "node.keys").unlink()


def _cut_root_ring(folder: Path) -> None:
    (folder / "keys" / "root.keys").write_bytes(b"")


def _no_words_in_secret(folder: Path) -> None:
    (folder / "secret").write_text("")


def _typed_secret(folder: Path) -> None:
    (folder / "secret").write_text("a\n")


def _fork(folder: Path) -> None:
    (folder / "fork").write_text("two histories\n")


def _left(folder: Path) -> None:
    path = folder / ".mark.0123abcd"
    path.write_text("")
    os.utime(path, (0, 0))


def _cut_short(folder: Path) -> None:
    with pytest.raises(RuntimeError), intending(folder, "nobody-knows"):
        raise RuntimeError


def _failed_round(folder: Path) -> None:
    upkeep.note(folder, upkeep.ROUND, upkeep.Round("2026-11-29T00:00:00Z", "line"))


def _failed_folder(folder: Path) -> None:
    named = config.Public(str(folder.parent / "www"))
    config.write(folder, msgspec.structs.replace(config.read(folder), public=named))
    upkeep.note(folder, upkeep.PUBLIC, upkeep.Public("2026-11-29T00:00:00Z", "", "public-folder"))


def _old_backup(folder: Path) -> None:
    upkeep.note(folder, upkeep.BACKUP, upkeep.Backup("2020-01-01T00:00:00Z", 1, 0))


@pytest.mark.long
@pytest.mark.parametrize(
    ("spoil", "code", "rule"),
    [
        (_no_settings, 3, "settings"),
        (_cut_ledger, 2, "store"),
        (_no_ledger, 2, "store"),
        (_cut_record, 2, "record-database"),
        (_cut_accounts, 2, "accounts"),
        (_no_mark, 2, "mark"),
        (_no_ring, 2, "keys"),
        (_cut_root_ring, 2, "keys"),
        (_no_words_in_secret, 2, "secret"),
        (_typed_secret, 2, "secret"),
        (_fork, 2, "fork"),
        (_left, 1, "leftovers"),
        (_cut_short, 1, "unfinished"),
        (_failed_round, 1, "round"),
        (_failed_folder, 1, "public-made"),
        (_old_backup, 1, "backup-age"),
    ],
)
def test_each_broken_state_is_said(pair: Pair, spoil: Callable[[Path], None], code: int, rule: str):
    pair.close()
    spoil(pair.ind.folder)
    found, rules = run(pair.ind.folder, "--quick")
    assert (found, rule in rules) == (code, True), rules


def test_accounts_whose_writer_died_are_not_called_damaged(pair: Pair, tmp_path: Path):
    pair.close()
    path, kept = pair.ind.folder / "accounts.sqlite3", tmp_path / "kept"
    kept.mkdir()
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE held (words TEXT)")
    writer.execute("INSERT INTO held VALUES ('before')")
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN")
    writer.execute("UPDATE held SET words = 'half done'")
    writer.executemany("INSERT INTO held VALUES (?)", [("x" * 3000,)] * 100)
    for each in (path, path.with_name("accounts.sqlite3-journal")):  # as they stand at this moment
        shutil.copy(each, kept)
    writer.close()
    for each in kept.iterdir():
        shutil.copy(each, pair.ind.folder)
    assert (kept / "accounts.sqlite3-journal").stat().st_size > 512
    assert run(pair.ind.folder, "--quick") == (0, {})
    with contextlib.closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT words FROM held").fetchall() == [("before",)]


def test_a_wrong_passphrase_is_said(pair: Pair):
    pair.close()
    code, rules = run(pair.ind.folder, "--quick", phrase="another passphrase")
    assert (code, rules) == (2, {"keys": "broken"})


@pytest.mark.long
def test_a_text_with_a_flipped_byte_is_said_and_not_by_a_quick_look(pair: Pair):
    pair.ind.comment(pair.record, "a remark that is looked for")
    pair.close()
    settle(pair.ind.folder)
    damage(pair.ind.folder / "ledger.sqlite3", b"a remark that is looked for")
    assert run(pair.ind.folder, "--quick") == (0, {})
    code, rules = run(pair.ind.folder)
    assert code == 2
    assert set(rules) & {"body", "store"}


def test_a_record_that_says_otherwise_than_the_ledgers_is_said(pair: Pair):
    pair.ind.node.projection.engine.run("UPDATE state SET title = 'another title'")
    pair.close()
    code, rules = run(pair.ind.folder)
    assert (code, rules) == (2, {"record-database": "broken"})


@pytest.mark.long
def test_a_door_that_does_not_answer_is_attention_and_one_that_does_is_well(pair: Pair):
    connect(pair)
    assert run(pair.ind.folder) == (1, {"line": "attention"})
    assert run(pair.ind.folder, "--quick") == (0, {})
    with serving(pair.usa.folder):
        assert run(pair.ind.folder) == (0, {})


def test_a_backup_is_noted(pair: Pair, tmp_path: Path):
    _old_backup(pair.ind.folder)
    made = backup(pair.ind.node, tmp_path / "kept.tar.gz")
    pair.close()
    noted = msgspec.json.decode((pair.ind.folder / "backup").read_bytes(), type=upkeep.Backup)
    assert noted == upkeep.Backup(made.made, made.released, made.national)
    assert run(pair.ind.folder, "--quick") == (0, {})


def test_a_certificate_that_ends_soon_is_said(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(keys, "certificate", functools.partial(keys.certificate, years=20 / 365))
        rotate.rotate(pair.ind.node, ["tls"], revoke=True)
    pair.close()
    assert run(pair.ind.folder, "--quick") == (1, {"certificate-days": "attention"})


@pytest.mark.long
@pytest.mark.parametrize("left", [None, b""], ids=["gone", "empty"])
def test_accounts_that_are_gone_are_named(pair: Pair, left: bytes | None):
    pair.ind.node.write(seating.draft(table_2.Seat("a" * 16, "open"), user="a.rao", name="A. Rao (exercise)"))
    pair.close()
    accounts = pair.ind.folder / "accounts.sqlite3"
    accounts.unlink(missing_ok=True)
    if left is not None:
        accounts.write_bytes(left)
    code, amiss = run(pair.ind.folder, "--quick")
    assert (code, amiss.get("accounts")) == (2, "broken")


@pytest.mark.long
@pytest.mark.parametrize("page", [1, 3, 20])
def test_accounts_with_damaged_pages_are_named_by_a_quick_look(pair: Pair, page: int):
    pair.close()
    made = command("person", "add", "a.rao", "A. Rao (exercise)", "--fictitious", "--node", pair.ind.folder)
    subprocess.run(made, env=capitals.environment(), check=True, capture_output=True)
    with (pair.ind.folder / "accounts.sqlite3").open("r+b") as file:
        file.seek(page * 4096)
        file.write(bytes(40 * 4096))
    assert run(pair.ind.folder, "--quick") == (2, {"accounts": "broken"})


def said(folder: Path, *before: str, words: tuple[str, ...] = ("status", "--quick", "--json")) -> tuple[int, str, str]:
    """Exit code, output and errors of `dtti` on a folder, run by the command `before`."""
    given = [*before, *command(*words, *(("--node",) if words[0] == "status" else ()), folder)]
    done = subprocess.run(given, capture_output=True, text=True, env=capitals.environment(), check=False)
    return done.returncode, done.stdout, done.stderr


def unharmed(answer: tuple[int, str, str], rule: str) -> None:
    """A node is broken by one rule, and nobody is advised to give anything up."""
    code, out, _ = answer
    made = json.loads(out)["amiss"]
    assert (code, {one["rule"] for one in made}) == (2, {rule}), made
    for one in made:
        assert "`dtti recover`" not in one["remedy"] + one["reason"]
        assert "nothing" in one["remedy"].lower()


@pytest.mark.long
@pytest.mark.parametrize("name", ["ledger.sqlite3", "record.sqlite3", "accounts.sqlite3"])
def test_a_database_that_may_not_be_read_is_not_called_damaged(pair: Pair, name: str):
    pair.close()
    made = command("person", "add", "a.rao", "A. Rao (exercise)", "--fictitious", "--node", pair.ind.folder)
    subprocess.run(made, env=capitals.environment(), check=True, capture_output=True)
    settle(pair.ind.folder)
    (pair.ind.folder / name).chmod(0)
    unharmed(said(pair.ind.folder, *(BOUND if os.geteuid() == 0 else ())), "file-rights")


def mounted(folder: Path, prepare: str) -> tuple[str, ...]:
    """What runs a command with discs of its own, which `prepare` mounts."""
    prepare = f'set -e; folder={shlex.quote(str(folder))}; {prepare}; exec "$@"'
    return "unshare", "--mount", "sh", "-c", prepare, "sh"


READ_ONLY = "mount --bind $folder $folder; mount -o remount,bind,ro $folder"


@pytest.mark.long
@ROOT_ALONE
def test_a_disc_mounted_for_reading_alone_is_not_called_damage(pair: Pair):
    pair.close()
    folder = pair.ind.folder
    unharmed(said(folder, *mounted(folder, READ_ONLY)), "file-rights")
    code, out, errors = said(folder, *mounted(folder, READ_ONLY), words=("verify",))
    assert (code, "BAD" in out, "rule: file-rights" in errors) == (1, False, True), out + errors
    assert said(folder, words=("verify",))[0] == 0


@pytest.mark.long
@ROOT_ALONE
def test_a_full_disc_is_not_called_damage(pair: Pair):
    pair.close()
    folder = pair.ind.folder
    full = "cp -a $folder $folder.kept; mount -t tmpfs -o size=64m tmpfs $folder; cp -a $folder.kept/. $folder"
    full += "; head -c 100m /dev/zero > $folder/filled 2>/dev/null || true"
    unharmed(said(folder, *mounted(folder, full)), "disc-full")


def test_a_database_server_that_is_away_is_a_condition_of_its_own(pair: Pair):
    pair.close()
    folder = pair.ind.folder
    now = config.read(folder)
    config.write(folder, msgspec.structs.replace(now, database="postgresql://127.0.0.1:1/none"))
    unharmed(said(folder), "database-away")
    code, out, errors = said(folder, words=("verify",))
    assert (code, "BAD" in out, "rule: database-away" in errors) == (1, False, True), out + errors


SEATED = ("a.rao", "b.two")


def peopled(folder: Path, office: str) -> None:
    """Two accounts, the first of them seated."""
    for user in SEATED:
        asked(folder, "person", "add", user, f"{user} (exercise)", "--fictitious")
    asked(folder, "person", "seat", SEATED[0], office, "secretariat")


def asked(folder: Path, *words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    """A command on a node, which ends with `code`."""
    given = command(*words, *(() if words[0] == "verify" else ("--node", folder)))
    done = subprocess.run(given, capture_output=True, text=True, env=capitals.environment(), check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def gone(folder: Path, backup: Path) -> None:
    """Accounts that the national record names and no database holds are said by every door, and none is made."""
    assert run(folder, "--quick") == (2, {"accounts": "broken"})
    for words in (("person", "list"), ("passkey", "list"), ("person", "add", "c.three", "C Three (exercise)")):
        done = asked(folder, *words, code=1)
        assert "rule: accounts" in done.stderr
        assert "`dtti rebuild`" in done.stderr
    assert run(folder, "--quick") == (2, {"accounts": "broken"})
    assert "names 2 accounts" in asked(folder, "backup", backup, code=1).stdout
    assert "names 2 accounts" in asked(folder, "verify", folder, code=1).stdout


@pytest.mark.long
def test_accounts_that_are_gone_stay_gone_until_they_are_put_back(pair: Pair, tmp_path: Path):
    folder, accounts = pair.ind.folder, pair.ind.folder / "accounts.sqlite3"
    pair.close()
    peopled(folder, pair.ind.office)
    assert run(folder, "--quick") == (0, {})
    with contextlib.closing(sqlite3.connect(accounts)) as held:  # one is seated, and his row is gone
        held.execute("PRAGMA foreign_keys = OFF")
        held.execute("UPDATE node_person SET account = 'another' WHERE username = ?", SEATED[:1])
        held.commit()
    code, rules = run(folder, "--quick")
    assert (code, rules["accounts"]) == (2, "broken")
    accounts.unlink()
    gone(folder, tmp_path / "b.tar.gz")
    assert not accounts.exists()
    asked(folder, "rebuild")
    assert run(folder, "--quick") == (0, {})
    assert SEATED[0] in asked(folder, "person", "list").stdout


@pytest.mark.long
def test_accounts_that_are_empty_are_named(pair: Pair):
    folder = pair.ind.folder
    pair.close()
    asked(folder, "person", "add", SEATED[0], "A Rao (exercise)", "--fictitious")
    (folder / "accounts.sqlite3").unlink()
    asked(folder, "rebuild")  # which makes the tables: without a seat there is nothing to put back
    assert run(folder, "--quick") == (2, {"accounts": "broken"})
    asked(folder, "person", "add", SEATED[0], "A Rao (exercise)", "--fictitious")
    assert run(folder, "--quick") == (0, {})


def test_who_only_lists_makes_no_database(pair: Pair):
    folder = pair.ind.folder
    pair.close()
    (folder / "accounts.sqlite3").unlink(missing_ok=True)
    assert asked(folder, "person", "list").stdout == "No one yet.\n"
    assert "No passkey" in asked(folder, "passkey", "list").stdout
    assert not (folder / "accounts.sqlite3").exists()


@pytest.mark.long
def test_accounts_that_are_gone_are_named_on_postgresql(tmp_path: Path, postgres_url: str):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
        made = capitals.found(tmp_path / "ind", "IND", database=postgres_url, schema="gone")
    made.node.close()
    folder = tmp_path / "ind"
    assert asked(folder, "person", "list").stdout == "No one yet.\n"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'gone_accounts'"
        assert server.execute(schemas).fetchone() == (0,)
        peopled(folder, made.office)
        assert run(folder, "--quick") == (0, {})
        server.execute("ALTER SCHEMA gone_accounts RENAME TO gone_elsewhere")
        gone(folder, tmp_path / "b.tar.gz")
        assert server.execute(schemas).fetchone() == (0,)
        server.execute("ALTER SCHEMA gone_elsewhere RENAME TO gone_accounts")
    assert run(folder, "--quick") == (0, {})
