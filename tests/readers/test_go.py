"""Other people's transparency-log code, in Go, opens our checkpoints and recomputes our trees.

Needs golang-go and golang-golang-x-mod-dev; run with `-m go`.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dtti.ledger import checkpoint, export
from dtti.ledger.store import MIRROR, RELEASED
from tests.conftest import ROOT
from tests.ledger.test_ed25519 import CASES
from tests.making import Keyring, keyring

from . import pair as pairs
from .pair import AGREED, COUNTER, FIRM, OWN, PAPER, Pair
from .spoil import changed

pytestmark = [pytest.mark.go, pytest.mark.xdist_group("go")]


@pytest.fixture(scope="module")
def readlog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built offline from what Debian ships."""
    built = tmp_path_factory.mktemp("go") / "readlog"
    cache = ROOT / ".cache" / "go"
    cache.mkdir(parents=True, exist_ok=True)
    offline = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(cache), "GOFLAGS": ""}
    subprocess.run(
        ["go", "build", "-o", built, ROOT / "tests" / "go" / "readlog.go"],
        env={**os.environ, **offline},
        check=True,
    )
    return built


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    made.ind.note()
    yield made
    made.close()


def run(program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=120)


def verifier_key(ring: Keyring) -> str:
    return checkpoint.verifier_key(ring.party().origin, ring.key_list().roles["log"].keys[0])


def test_it_opens_the_checkpoint_and_recomputes_the_tree_from_entries_and_tiles(pair: Pair, readlog: Path, tmp_path):
    size = export.write(pair.ind.store, RELEASED, tmp_path / "ind")
    done = run(readlog, "export", tmp_path / "ind", verifier_key(pair.ind.ring))
    assert done.stderr == ""
    root = checkpoint.parse(pair.ind.store.note(RELEASED) or "").note.splitlines()[2]
    assert json.loads(done.stdout) == {
        "entries": size,
        "head": {"origin": "dtti.test/ind", "root": root, "size": size},
    }


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_it_reads_full_and_partial_tiles(readlog: Path, tmp_path, size: int):
    side = pairs.Side(keyring("IND"), pairs.Store(tmp_path / "ind.sqlite3"), pairs.Clock())
    with side.store.writing():
        pairs.founding(side, side.ring)
        while side.store.size(RELEASED) < size:
            side.write("anchor", terms={"digest": "6" * 64})
    side.note()
    export.write(side.store, RELEASED, tmp_path / "export")
    done = run(readlog, "export", tmp_path / "export", verifier_key(side.ring))
    assert (done.stderr, json.loads(done.stdout)["entries"]) == ("", size)
    side.store.close()


def test_a_checkpoint_after_a_rotation_opens_with_the_old_key_and_with_the_new(pair: Pair, readlog: Path, tmp_path):
    export.write(pair.ind.store, RELEASED, tmp_path / "ind")
    for ring in (keyring("IND"), keyring("IND", generation=2)):
        assert run(readlog, "export", tmp_path / "ind", verifier_key(ring)).returncode == 0
    done = run(readlog, "export", tmp_path / "ind", verifier_key(keyring("IND", generation=3)))
    assert (done.returncode, done.stderr) == (1, "checkpoint: note has no verifiable signatures\n")


def test_a_cosigned_checkpoint_opens_with_the_logs_own_key(pair: Pair, readlog: Path, tmp_path):
    held = pair.usa.store.note(MIRROR) or ""
    assert "dtti.test/usa" in [line.name for line in checkpoint.parse(held).lines]
    export.write(pair.usa.store, MIRROR, tmp_path / "ind")
    (tmp_path / "ind" / "checkpoint").write_text(held, encoding="utf-8")
    assert run(readlog, "export", tmp_path / "ind", verifier_key(pair.ind.ring)).returncode == 0


@pytest.mark.parametrize("record", [AGREED, FIRM, COUNTER, PAPER, OWN])
def test_it_opens_the_checkpoints_of_a_proof_and_checks_every_audit_path(
    pair: Pair, readlog: Path, tmp_path, record: str
):
    data = pair.ind.prove(record)
    (tmp_path / "proof").write_bytes(data)
    keys = [verifier_key(side.ring) for side in (pair.ind, pair.usa)]
    done = run(readlog, "proof", tmp_path / "proof", *keys)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["entries"] == len(json.loads(data)["entries"])
    assert found["heads"]["IND"]["size"] == pair.ind.store.size(RELEASED)


def test_it_finds_changed_bytes_of_checkpoint_tiles_and_entries(pair: Pair, readlog: Path, tmp_path):
    folder = tmp_path / "ind"
    export.write(pair.ind.store, RELEASED, folder)
    note = checkpoint.parse((folder / "checkpoint").read_text(encoding="utf-8"))
    unseen = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        # Of a checkpoint others check the text and the line by the key they know; the rest is theirs to ignore.
        until = len(note.text.encode()) if path.name == "checkpoint" else len(data)
        for place, spoiled in changed(data[:until], 20, seed=3):
            path.write_bytes(spoiled + data[until:])
            if run(readlog, "export", folder, verifier_key(pair.ind.ring)).returncode != 1:
                unseen.append((path.name, place))
        path.write_bytes(data)
    assert unseen == []


def test_its_ed25519_goes_by_the_equation_without_the_cofactor(readlog: Path):
    """Of the published edge cases it takes those of small order, which ours refuses before; never 4 and 5."""
    taken = []
    for place, (message, key, signature, _) in enumerate(CASES):
        done = run(readlog, "ed25519", key, message, signature)
        assert done.stderr == ""
        if json.loads(done.stdout):
            taken.append(place)
    assert 3 in taken
    assert not {4, 5} & set(taken)
    assert set(taken) <= {0, 1, 2, 3, 11}, "another library rule than docs/format.md says"
