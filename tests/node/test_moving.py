"""Accounts go with a restore from either database to the other, row for row, or the restore says plainly that not."""

import io
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.node import capitals
from tests.node.capitals import Pair

ANSWER = tuple[int, dict[str, object]]

#: An account with everything that only the accounts database holds; of every type of column.
FILL = """
import sys
from pathlib import Path
from dtti.node.people import accounts
accounts.start(Path(sys.argv[1]))
from datetime import datetime, UTC, date
from django.contrib.sessions.models import Session
from allauth.mfa.models import Authenticator
from dtti.node.people.models import Person, Seat, Draft, DraftFile, Authorship, Passkey, Reading
one = Person(username="a.rao", full_name="अर्जुन Rao", fictitious=True)
one.set_password("a long enough password")
one.save()
two = Person.objects.create(username="k.mehta", full_name="K. Mehta", is_active=False)
office, record = "office/IND/aaaaaaaa", "project/IND/bbbbbbbb"
seat = Seat.objects.create(person=one, office=office, duty="drafter", since=date(2026, 1, 2), until=date(2026, 1, 3))
draft = Draft.objects.create(office=office, record=record, purpose="propose", person=one, base=2,
    content={"name": "Net", "deep": [1, {"x": None}]}, remarks="two\\nlines")
draft.writers.set([one, two])
DraftFile.objects.create(draft=draft, name="scan", media="application/pdf", size=3, data=bytes([0, 255, 7]))
Authorship.objects.create(person=two, record=record, act="ab" * 32)
Passkey.objects.create(person=one, office=office, credential="c1", public="04aa", host="ind.localhost")
for number in range(1201):
    Reading.objects.create(person=one, seat=seat if number else None, path=f"/p/{number}", act="read")
Reading.objects.filter(path="/p/7").update(at=datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
Authenticator.objects.create(user=one, type="totp", data={"secret": "x"})
Session.objects.create(session_key="s1", session_data="d", expire_date=datetime(2030, 1, 1, tzinfo=UTC))
"""
READ = """
import sys, json
from pathlib import Path
from dtti.node.people import accounts
accounts.start(Path(sys.argv[1]))
from django.apps import apps
from django.contrib.auth import authenticate
from dtti.node.people.models import Person, Reading
def shown(value):
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)  # PostgreSQL keeps no order of members
    return repr(bytes(value) if isinstance(value, memoryview) else value)
found = {}
for model in apps.get_models(include_auto_created=True):
    rows = [[shown(v) for v in row] for row in model._base_manager.order_by("pk").values_list()]
    found[model._meta.db_table] = rows
one = Person.objects.get(username="a.rao")
found["signs in"] = one.check_password("a long enough password")
fresh = Reading.objects.create(person=one, path="/fresh", act="read")  # its key is a new one
found["fresh"] = fresh.pk > max(int(row[0]) for row in found["node_reading"])
fresh.delete()
print(json.dumps(found))
"""


def python(code: str, *arguments: object) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=capitals.environment(),
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture
def dtti() -> Callable[..., ANSWER]:
    """Run a command in a process of its own; returns its exit code and its answer in JSON."""

    def go(*words: object) -> ANSWER:
        ended = subprocess.run(
            [sys.executable, "-m", "dtti.cli.main", *map(str, words), "--json"],
            capture_output=True,
            text=True,
            env=capitals.environment(),
            timeout=300,
        )
        assert ended.stdout, ended.stderr
        return ended.returncode, json.loads(ended.stdout)

    return go


def rules(answer: ANSWER) -> list[str]:
    assert answer[0] == 1
    return [str(one["rule"]) for one in answer[1]["refused"]]  # type: ignore[attr-defined]


@pytest.mark.long
def test_every_row_goes_from_sqlite_to_postgresql_and_back(
    pair: Pair, tmp_path: Path, postgres_url: str, dtti: Callable[..., ANSWER]
):
    one = pair.ind.folder
    pair.close()
    python(FILL, one)
    before = json.loads(python(READ, one))
    assert (before["signs in"], before["fresh"], len(before["node_reading"])) == (True, True, 1201)
    assert dtti("backup", tmp_path / "b.tar.gz", "--node", one)[1]["accounts"] == "sqlite"
    moved = dtti("restore", tmp_path / "b.tar.gz", tmp_path / "two", "--database", postgres_url, "--schema", "moved")
    assert (moved[0], moved[1]["verifies"]) == (0, True)
    assert not (tmp_path / "two" / "accounts.sqlite3").exists()
    assert json.loads(python(READ, tmp_path / "two")) == before
    made = dtti("backup", tmp_path / "c.tar.gz", "--node", tmp_path / "two")
    assert (made[0], made[1]["accounts"], made[1]["faults"]) == (0, "sqlite", [])
    tried = dtti("drill", tmp_path / "c.tar.gz", "--node", tmp_path / "two")
    assert (tried[0], tried[1]["faults"]) == (0, [])
    assert {"what": "persons", "backup": 2, "live": 2} in tried[1]["compared"]  # type: ignore[operator]
    assert dtti("restore", tmp_path / "c.tar.gz", tmp_path / "three")[0] == 0
    assert json.loads(python(READ, tmp_path / "three")) == before
    # Neither a schema that is taken nor a restore that fails later is written to, or left behind.
    assert rules(
        dtti("restore", tmp_path / "c.tar.gz", tmp_path / "four", "--database", postgres_url, "--schema", "moved")
    ) == ["restore"]
    assert json.loads(python(READ, tmp_path / "two")) == before
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("ALTER SCHEMA moved_accounts RENAME TO elsewhere")
        failed = dtti(
            "restore", tmp_path / "c.tar.gz", tmp_path / "four", "--database", postgres_url, "--schema", "moved"
        )
        assert rules(failed) == ["restore"]
        assert "schema moved_ledger of the database holds a ledger already" in str(failed[1])
        assert connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'moved_accounts'").fetchall() == []
    assert not (tmp_path / "four").exists()


@pytest.mark.long
def test_what_a_killed_restore_left_in_a_database_needs_no_hand(
    pair: Pair, tmp_path: Path, postgres_url: str, dtti: Callable[..., ANSWER]
):
    pair.close()
    python(FILL, pair.ind.folder)
    dtti("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    words = ["restore", tmp_path / "b.tar.gz", tmp_path / "two", "--database", postgres_url, "--schema", "killed"]
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'killed%' ORDER BY nspname"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        process = subprocess.Popen(
            [sys.executable, "-m", "dtti.cli.main", *map(str, words)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=capitals.environment(),
        )
        while len(connection.execute(schemas).fetchall()) < 2:
            assert process.poll() is None
        process.send_signal(signal.SIGSTOP)
        # The other process of it is still at work: a second restore waits for nobody and takes nothing away.
        assert "another process restores" in str(dtti(*words)[1])
        process.kill()
        process.wait()
        assert connection.execute(schemas).fetchall() == [("killed_accounts",), ("killed_ledger",)]
        assert not (tmp_path / "two").exists()
        assert dtti(*words)[0] == 0
        marks = connection.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname LIKE 'killed%'"
        )
        assert {mark for (mark,) in marks} == {None}
    assert json.loads(python(READ, tmp_path / "two"))["signs in"] is True


def rewritten(file: Path, target: Path, accounts: str, name: str) -> Path:
    """The backup with its accounts under another name, as a former version would have had them."""
    with tarfile.open(file) as archive, tarfile.open(target, "w:gz") as made:
        for member in archive:
            data = archive.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == "manifest.json":
                data = data.replace(b'"accounts": "sqlite"', f'"accounts": "{accounts}"'.encode())
                data = data.replace(b'"accounts.sqlite3"', f'"{name}"'.encode())
                member.size = len(data)
            elif member.name == "accounts.sqlite3":
                member.name = name
            made.addfile(member, io.BytesIO(data))
    return target


@pytest.mark.long
def test_accounts_that_cannot_come_are_left_behind_only_on_someone_s_word(
    pair: Pair, tmp_path: Path, dtti: Callable[..., ANSWER]
):
    with closing(sqlite3.connect(pair.ind.folder / "accounts.sqlite3")) as accounts:
        accounts.execute("CREATE TABLE node_person (name TEXT)")
    dtti("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    dump = rewritten(tmp_path / "b.tar.gz", tmp_path / "dump.tar.gz", "pg_dump", "accounts.pgdump")
    assert rules(dtti("restore", dump, tmp_path / "two")) == ["restore-accounts"]
    assert not (tmp_path / "two").exists()
    assert dtti("restore", dump, tmp_path / "two", "--without-accounts")[0] == 0
    assert not [path for path in (tmp_path / "two").iterdir() if path.name.startswith("accounts")]


@pytest.mark.long
def test_a_broken_accounts_database_is_called_that(pair: Pair, dtti: Callable[..., ANSWER]):
    pair.close()
    (pair.ind.folder / "accounts.sqlite3").write_bytes(b"no database at all" * 500)
    for words in (("person", "list"), ("rebuild",)):
        code, answer = dtti(*words, "--node", pair.ind.folder)
        assert code == 1
        (said,) = answer["refused"]  # type: ignore[misc]
        assert str(said["reason"]).startswith("the accounts database accounts.sqlite3 is broken")
        assert "dtti rebuild" in str(said["remedy"])
    (pair.ind.folder / "accounts.sqlite3").unlink()
    assert dtti("rebuild", "--node", pair.ind.folder)[0] == 0


FORMER = Path(__file__).parent.parent / "fixtures" / "accounts"


@pytest.mark.parametrize("made", sorted(FORMER.glob("*.sql")), ids=lambda path: path.stem)
@pytest.mark.long
def test_accounts_of_every_earlier_version_are_brought_up_to_date(pair: Pair, made: Path, dtti: Callable[..., ANSWER]):
    pair.close()
    with closing(sqlite3.connect(pair.ind.folder / "accounts.sqlite3")) as accounts:
        accounts.executescript(made.read_text(encoding="utf-8"))
    found = json.loads(python(READ, pair.ind.folder))
    assert (found["signs in"], found["fresh"], len(found["node_person"]), len(found["node_draft"])) == (
        True,
        True,
        2,
        1,
    )


@pytest.mark.long
def test_accounts_of_a_later_version_or_of_none_that_is_upgraded_are_refused_plainly(
    pair: Pair, dtti: Callable[..., ANSWER]
):
    pair.close()
    made = sorted(FORMER.glob("*.sql"))[-1]
    for statement, words in (
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('node', '9999_later', '2030-01-01')",
            "upgraded by a later version of this software (node 9999_later)",
        ),
        ("ALTER TABLE node_seat DROP COLUMN code", "node_seat has no code"),
    ):
        path = pair.ind.folder / "accounts.sqlite3"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as accounts:
            accounts.executescript(made.read_text(encoding="utf-8"))
            accounts.execute(statement)
            accounts.commit()
        code, answer = dtti("person", "list", "--node", pair.ind.folder)
        (said,) = answer["refused"]  # type: ignore[misc]
        assert (code, words in str(said["reason"])) == (1, True), said
    code, answer = dtti("verify", pair.ind.folder)  # the last one, whose columns it reads itself
    assert (code, "no such column: seat.code" in str(answer), "dtti person list" in str(answer)) == (1, True, True)


# --- a restore into PostgreSQL that ends after its folder has its name -----------------------------------------------

CLAIMED = (
    "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace "
    "WHERE nspname IN ('late_accounts', 'late_ledger') ORDER BY 1"
)


def traced(words: list[object], trace: Path, strike: str = "") -> list[str]:
    """A restore as strace starts it, struck at some rename."""
    injected = ["-e", f"inject=rename:{strike}"] if strike else []
    command = [sys.executable, "-m", "dtti.cli.main", *map(str, words)]
    return ["strace", "-qq", "-s", "500", "-o", str(trace), "-e", "trace=rename", *injected, *command]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env=capitals.environment(), timeout=300)


def naming(file: Path, folder: Path, database: str) -> int:
    """Which of the renames of a restore gives the folder its name, as a first one shows."""
    trace = folder.with_name("trace")
    words = ["restore", file, folder, "--database", database, "--schema", f"{folder.name}_{secrets.token_hex(4)}"]
    whole = run(traced(words, trace))
    assert whole.returncode == 0, whole.stderr
    renames = [line for line in trace.read_text().splitlines() if line.startswith("rename(")]
    return 1 + next(number for number, line in enumerate(renames) if f'"{folder}"' in line)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_restore_that_ends_once_its_folder_stands_leaves_a_node_that_no_other_restore_takes(
    pair: Pair, tmp_path: Path, postgres_url: str, dtti: Callable[..., ANSWER]
):
    pair.close()
    python(FILL, pair.ind.folder)
    dtti("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    given = ["--database", postgres_url, "--schema", "late"]
    words = ["restore", tmp_path / "b.tar.gz", tmp_path / "two", *given]
    number, trace = naming(tmp_path / "b.tar.gz", tmp_path / "first", postgres_url), tmp_path / "trace"
    # Killed as it would give the folder its name: the schemas are nobody's, and the next one takes them out.
    assert run(traced(words, trace, f"error=EIO:signal=KILL:when={number}")).returncode != 0
    assert not (tmp_path / "two").exists()
    # Killed once it has its name.
    process = subprocess.Popen(traced(words, trace, f"delay_exit=60000000:when={number}"), env=capitals.environment())
    while not (tmp_path / "two").exists():
        assert process.poll() is None
        time.sleep(0.01)
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
    process.kill()
    process.wait()
    assert (tmp_path / "two").is_dir()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        other = dtti("restore", tmp_path / "b.tar.gz", tmp_path / "other", *given)
        assert rules(other) == ["restore"]
        assert f"that of the node in {tmp_path / 'two'}" in str(other[1])
        # It may have been moved before anybody opened it; where, no other restore knows.
        (tmp_path / "two").rename(tmp_path / "moved")
        other = dtti("restore", tmp_path / "b.tar.gz", tmp_path / "other", *given)
        assert rules(other) == ["restore"]
        assert "may be that of a node elsewhere" in str(other[1])
        assert not (tmp_path / "other").exists()
        # Its first opening says that it is its own: a backup has its accounts.
        made = dtti("backup", tmp_path / "c.tar.gz", "--node", tmp_path / "moved")
        assert (made[0], made[1]["accounts"]) == (0, "sqlite")
        assert connection.execute(CLAIMED).fetchall() == [("late_accounts", None), ("late_ledger", None)]
        assert not (tmp_path / "moved" / "claim").exists()
        # What another restore claims is never "no accounts".
        connection.execute("COMMENT ON SCHEMA late_accounts IS 'dtti restore, not yet to the end'")
        assert rules(dtti("backup", tmp_path / "d.tar.gz", "--node", tmp_path / "moved")) == ["backup"]
        assert not (tmp_path / "d.tar.gz").exists()
        # A former version named no folder: what bears its mark may be a node that stands.
        assert rules(dtti("restore", tmp_path / "b.tar.gz", tmp_path / "other", *given)) == ["restore"]
    assert json.loads(python(READ, tmp_path / "moved"))["signs in"] is True


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_restore_whose_database_hangs_up_says_what_stands(
    pair: Pair, tmp_path: Path, postgres_url: str, dtti: Callable[..., ANSWER]
):
    dtti("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    words = ["restore", tmp_path / "b.tar.gz", tmp_path / "two", "--database", postgres_url, "--schema", "late2"]
    name = urlsplit(postgres_url).path.lstrip("/")
    asked = "SELECT 1 FROM pg_namespace WHERE nspname LIKE 'late2%%' AND obj_description(oid, 'pg_namespace') LIKE %s"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        number, trace = naming(tmp_path / "b.tar.gz", tmp_path / "first", postgres_url), tmp_path / "trace"
        # A server that hangs up on whoever is idle takes nothing from a restore that is slow.
        connection.execute(f"ALTER DATABASE {name} SET idle_session_timeout = '4s'".encode())
        try:
            slow = run(traced(words, trace, f"delay_exit=8000000:when={number}"))
        finally:
            connection.execute(f"ALTER DATABASE {name} RESET idle_session_timeout".encode())
        assert slow.returncode == 0, slow.stderr
        shutil.rmtree(tmp_path / "two")
        for schema in ("late2_ledger", "late2_accounts", "late2_record"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
        # No new connection once the folder has its name: it stands, that is said, and the next opening does the rest.
        process = subprocess.Popen(
            traced(words, trace, f"delay_exit=4000000:when={number}"),
            stderr=subprocess.PIPE,
            text=True,
            env=capitals.environment(),
        )
        while not (tmp_path / "two").exists():
            assert process.poll() is None
            time.sleep(0.01)
        assert connection.execute(asked, ("dtti restore, all is in%",)).fetchall()
    with psycopg.connect(postgres_url.replace(f"/{name}", "/postgres"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0".encode())
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            _, said = process.communicate(timeout=120)
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true CONNECTION LIMIT -1".encode())
    assert (process.returncode, "Traceback" in said) == (1, False), said
    assert "and stands" in said
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        assert dtti("status", "--quick", "--node", tmp_path / "two")[1]["side"] == "IND"
        assert connection.execute(asked, ("dtti restore%",)).fetchall() == []
