"""A founding is one step: killed anywhere it leaves nothing to remove by hand, and the next one begins anew."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from dtti.accord.refusal import Refused
from dtti.ledger.engine import StoreError
from dtti.node.checking import verify
from dtti.node.core import unfinished
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.folder.config import ConfigError
from dtti.node.line import founding
from tests.node import capitals

DTTI = Path(sys.executable).parent / "dtti"


def dtti(*words: object) -> subprocess.CompletedProcess[str]:
    command = [DTTI, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=capitals.environment(), timeout=120)


def dying(folder: Path, database: str = "") -> None:
    """A founding whose process is killed once its ledger has begun."""
    child = os.fork()
    if child == 0:
        made = config.Config(side="IND", environment="exercise", database=database)
        founding.found(folder, made, b"phrase", then=lambda _: os.kill(os.getpid(), signal.SIGKILL))
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def sound(folder: Path) -> None:
    assert [fault for report in verify.verify(folder) for fault in report.faults] == []
    assert unfinished.left(folder) == []


@pytest.mark.long
def test_what_a_killed_founding_left_is_named_and_the_next_one_begins_anew(tmp_path: Path):
    folder = tmp_path / "ind"
    dying(folder)
    (folder / "of the operator's own").write_text("kept")
    with pytest.raises(ConfigError, match="dtti found"):
        Node(folder)
    said = dtti("status", "--node", folder)
    assert (said.returncode, "cut short" in said.stdout) == (2, True)
    said = dtti("found", "--side", "IND", "--environment", "exercise", "--empty", "--node", folder)
    assert said.returncode == 0, said.stderr
    sound(folder)
    assert (folder / "of the operator's own").read_text() == "kept"
    assert (folder / "invitation.json").is_file()


@pytest.mark.long
def test_a_joining_that_was_cut_is_done_by_the_same_command_again(tmp_path: Path):
    ind, usa = tmp_path / "ind", tmp_path / "usa"
    assert dtti("found", "--side", "IND", "--environment", "exercise", "--empty", "--node", ind).returncode == 0
    dying(usa)
    accede = ("accede", ind / "invitation.json", "--side", "USA", "--empty", "--node", usa)
    for _ in range(2):  # again: as if it was cut before its file was written
        said = dtti(*accede)
        assert said.returncode == 0, said.stderr
    sizes = []
    for _ in range(2):
        said = dtti("found", "--complete", usa / "accession.json", "--node", ind)
        assert said.returncode == 0, said.stderr
        node = Node(ind)
        sizes.append(node.store.size("released"))
        node.close()
    assert sizes == [2, 2]
    sound(ind)
    sound(usa)


def test_a_founding_that_fails_leaves_the_folder_as_it_was(tmp_path: Path):
    def fail(_: Node) -> None:
        raise OSError(28, "No space left on device")

    made = config.Config(side="IND", environment="exercise")
    with pytest.raises(StoreError, match=r"nothing was founded.*No space"):
        founding.found(tmp_path / "new", made, b"phrase", then=fail)
    assert not (tmp_path / "new").exists()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "notes").write_text("kept")
    with pytest.raises(StoreError, match=r"nothing was founded.*No space"):
        founding.found(tmp_path / "old", made, b"phrase", then=fail)
    left = {path.name for path in (tmp_path / "old").iterdir()} - {unfinished.FOLDER}
    assert left == {"notes"}


def test_nothing_that_stands_is_founded_over(pair: capitals.Pair, tmp_path: Path):
    made = config.Config(side="IND", environment="exercise")
    before = sorted((path.name, path.stat().st_size) for path in pair.ind.folder.rglob("*"))
    with pytest.raises(Refused) as refused:
        founding.found(pair.ind.folder, made, b"phrase")
    assert "--invite" in refused.value.refusals[0].remedy
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "root.keys").write_text("of someone")
    with pytest.raises(Refused, match=r"keys/root\.keys"):
        founding.found(tmp_path, made, b"phrase")
    assert sorted((path.name, path.stat().st_size) for path in pair.ind.folder.rglob("*")) == before
    assert (tmp_path / "keys" / "root.keys").read_text() == "of someone"


def test_on_postgresql_its_schemas_go_with_it_and_nobody_elses(postgres_url: str, tmp_path: Path):
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("DROP SCHEMA IF EXISTS dtti_ledger, dtti_record, other_ledger CASCADE")
        server.execute("CREATE SCHEMA other_ledger CREATE TABLE entry (pos bigint)")
        dying(tmp_path / "ind", postgres_url)
        made = config.Config(side="IND", environment="exercise", database=postgres_url)
        node = founding.found(tmp_path / "ind", made, capitals.PASSPHRASE)
        assert node.store.size("released") == 1
        node.close()
        with pytest.raises(Refused, match="already holds tables"):
            founding.found(tmp_path / "second", made, b"phrase")
        assert not (tmp_path / "second").exists()
        assert server.execute("SELECT count(*) FROM dtti_ledger.entry").fetchone() == (1,)
        assert server.execute("SELECT count(*) FROM other_ledger.entry").fetchone() == (0,)
        server.execute("DROP SCHEMA dtti_ledger, dtti_record, other_ledger CASCADE")
