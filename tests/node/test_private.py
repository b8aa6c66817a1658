"""What a node makes is its owner's alone, its passphrase goes to nobody, and one place signs."""

import ast
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dtti.node.core.node import Node
from dtti.node.folder import config, passphrase
from dtti.node.keeping import backup, restore, status, status_words
from dtti.node.line import exchange, founding
from dtti.node.people import accounts
from tests.cli.served import PATIENCE, answers, command, connect, free_ports
from tests.node import capitals
from tests.node.capitals import Pair

SOURCE = Path(backup.__file__).resolve().parents[2]
PHRASE = "a passphrase that nobody else sees"


def open_to_others(folder: Path) -> dict[str, str]:
    """What under a folder others of this machine have any right to."""
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.lstat().st_mode))
        for path in (folder, *folder.rglob("*"))
        if path.lstat().st_mode & 0o077
    }


@pytest.fixture
def lax() -> object:
    """A process whose umask lets everyone read what it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_everything_a_node_makes_is_its_owner_s_alone_whatever_the_umask(lax: object, tmp_path: Path):
    folder = tmp_path / "made" / "ind"
    node = founding.found(folder, config.Config(side="IND"), b"x" * 12, keep_passphrase=True)
    node.checkpoint()
    node.settle()
    assert {"ledger.sqlite3", "ledger.sqlite3-wal", "record.sqlite3", "node.toml", "mark"} <= set(os.listdir(folder))
    assert open_to_others(folder) == {}
    script = (
        "import os, sys, pathlib; os.umask(0); from dtti.node.people import accounts; "
        "accounts.start(pathlib.Path(sys.argv[1])); "
        "from dtti.node.people import seats; seats.create_person('a.rao', 'A. Rao')"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True)
    backup.backup(node, tmp_path / "b.tar.gz")
    restore.restore(tmp_path / "b.tar.gz", tmp_path / "again")
    assert open_to_others(folder) == open_to_others(tmp_path / "again") == {}
    assert stat.S_IMODE((tmp_path / "b.tar.gz").stat().st_mode) == 0o600
    assert (folder / "accounts.sqlite3").is_file()
    node.close()
    assert accounts.UMASK == 0o077


def test_a_node_found_open_is_closed_to_others_when_it_is_opened_and_its_status_warns(pair: Pair):
    folder = pair.ind.folder
    pair.close()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)
    node = Node(folder)
    made = status.status(node)
    assert open_to_others(folder) == {}
    assert "ledger.sqlite3 0644" in made["files"]["found_open"]
    assert ". 0777" in made["files"]["found_open"]
    assert made["files"]["open"] == []
    assert any("WARNING" in line and "ledger.sqlite3" in line for line in status_words.words(made))
    node.close()
    again = Node(folder)
    assert status.status(again)["files"]["found_open"] == []
    again.close()


def environ(pid: int) -> bytes:
    """What the kernel shows of the environment of a process."""
    return Path(f"/proc/{pid}/environ").read_bytes()


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


@pytest.mark.long
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")
def test_no_process_of_a_served_node_shows_the_passphrase_in_its_environment(pair: Pair):
    connect(pair)
    now = config.read(pair.ind.folder)
    pages = f"127.0.0.1:{free_ports(1)[0]}"
    config.write(pair.ind.folder, config.msgspec.structs.replace(now, page_address=pages))
    given = {**os.environ, passphrase.VARIABLE: capitals.PASSPHRASE.decode(), "DTTI_WORKERS": "1"}
    process = subprocess.Popen(
        command("serve", "--node", pair.ind.folder, "--every", 3600), env=given, stderr=subprocess.DEVNULL
    )
    try:
        limit = time.monotonic() + PATIENCE
        while not (answers(pages) and answers(now.exchange_address)) or len(family(process.pid)) < 6:
            assert process.poll() is None
            assert time.monotonic() < limit, family(process.pid)
            time.sleep(0.2)
        seen = {pid: environ(pid) for pid in family(process.pid)}
        assert len(seen) >= 6  # the watch, the rounds, two masters and their workers
        for pid, shown in seen.items():
            assert capitals.PASSPHRASE not in shown, Path(f"/proc/{pid}/cmdline").read_bytes()
            held = [os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_symlink()]
            assert not any(passphrase.DESCRIPTOR in each for each in held)
    finally:
        process.terminate()
        process.wait(PATIENCE)
    node = Node(pair.ind.folder)
    assert node.behind() is None
    node.close()


def test_the_passphrase_leaves_the_environment_when_it_is_read_and_no_child_inherits_it(pair: Pair):
    pair.close()
    script = f"""
import os, pathlib, subprocess, sys
from dtti.node.core.node import Node
node = Node(pathlib.Path(sys.argv[1]))
node.signer.ready("node")
assert "DTTI_PASSPHRASE" not in os.environ
shown = pathlib.Path("/proc/self/environ").read_bytes()
assert {PHRASE.encode()!r} not in shown and {capitals.PASSPHRASE!r} not in shown, shown
child = subprocess.run([sys.executable, "-c", "import os; print(sorted(os.environ))"], capture_output=True, text=True)
assert "PASSPHRASE" not in child.stdout
again = Node(pathlib.Path(sys.argv[1]))
again.signer.ready("log")
"""
    given = {**os.environ, passphrase.VARIABLE: capitals.PASSPHRASE.decode()}
    subprocess.run([sys.executable, "-c", script, str(pair.ind.folder)], env=given, check=True)


def test_the_passphrase_can_come_on_an_open_file_which_is_read_once(pair: Pair):
    pair.close()
    reading = passphrase.hand_over(capitals.PASSPHRASE)
    script = f"""
import errno, os, pathlib, sys
from dtti.node.core.node import Node
node = Node(pathlib.Path(sys.argv[1]))
node.signer.ready("node")
assert "DTTI_PASSPHRASE_FD" not in os.environ
try:
    os.fstat({reading})
except OSError as error:
    assert error.errno == errno.EBADF
else:
    raise SystemExit("still open")
node.signer.ready("log")
"""
    given = {name: value for name, value in os.environ.items() if name != passphrase.VARIABLE}
    given[passphrase.DESCRIPTOR] = str(reading)
    subprocess.run([sys.executable, "-c", script, str(pair.ind.folder)], env=given, pass_fds=[reading], check=True)
    os.close(reading)


@pytest.mark.long
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://dtti:hunter2@db/dtti",
        "postgresql://db/dtti?user=dtti&password=hunter2",
        "host=db user=dtti password=hunter2",
        "host=db sslpassword = hunter2",
    ],
)
def test_a_database_password_on_the_command_line_is_refused(tmp_path: Path, url: str):
    ended = subprocess.run(
        command("found", "--solo", "--side", "IND", "--node", tmp_path / "n", "--database", url),
        capture_output=True,
        text=True,
        env={**os.environ, passphrase.VARIABLE: PHRASE},
        check=False,
    )
    assert ended.returncode == 1
    assert "database-password" in ended.stderr
    assert "hunter2" not in ended.stderr + ended.stdout
    assert not (tmp_path / "n").exists()


@pytest.mark.long
def test_a_private_key_signs_in_one_place_alone():
    """Outside the signer nobody asks for private keys, but for the rotation that makes new ones."""
    asked = re.compile(r"\.(signing|retired|box)\(|keylist\.sign\(|\.cosign\(|notes\.make\(")
    held = {"node/folder/signer.py", "node/folder/keys.py", "ledger/checkpoint.py", "ledger/keylist.py"}
    found = set()
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith("documents/sign/"):  # signs papers with a person's own key, given for one paper
            continue
        code = ast.unparse(ast.parse(path.read_text(encoding="utf-8")))  # without comments
        if asked.search(code.replace("node.signer.cosign(", "")):
            found.add(name)
    assert found <= held
    assert "node/folder/signer.py" in found


def test_what_is_signed_goes_through_the_signer(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    signer = pair.ind.node.signer
    for name in ("act", "checkpoint", "cosign"):
        honest = getattr(signer, name)
        monkeypatch.setattr(
            signer,
            name,
            lambda *given, honest=honest, name=name, **more: (asked.append(name), honest(*given, **more))[1],
        )
    pair.ind.comment(pair.record, "one")
    exchange.make_pack(pair.ind.node, 0, sealed=False)
    pair.usa.comment(pair.record, "two")
    capitals.carry(pair.usa, pair.ind)
    assert set(asked) == {"act", "checkpoint", "cosign"}


def test_every_test_that_the_page_of_threats_names_is_there():
    page = (SOURCE.parents[1] / "docs" / "threats.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    there = {
        name
        for path in (SOURCE.parents[1] / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 15
    assert named - there == set()
    for path in re.findall(r"`(tests/[\w/]+\.py)`", page):
        assert (SOURCE.parents[1] / path).is_file(), path
