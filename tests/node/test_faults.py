"""Faults of disc and process, injected with strace at the writes and syncs of a node at work.

After each: every ledger verifies, nothing that was answered is lost, nothing is half done, and work goes on.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dtti.ledger.store import LEDGERS, MIRROR, RELEASED
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.line import exchange
from dtti.node.record import rebuild
from tests.node import capitals
from tests.node.capitals import Capital, Pair

pytestmark = [pytest.mark.fault, pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")]

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = [f"{name}.sqlite3{tail}" for name in ("ledger", "record") for tail in ("", "-wal", "-shm")] + ["mark"]
#: What is struck, how, and at how many of its occurrences, spread over the whole run.
SWEEP = [
    ("pwrite64", "error=EIO", 14),
    ("pwrite64", "error=ENOSPC", 14),
    ("pwrite64", "signal=KILL", 18),
    ("fdatasync", "error=EIO", 8),
    ("fdatasync", "signal=KILL", 8),
    ("ftruncate", "error=EIO", 3),
    ("ftruncate", "signal=KILL", 3),
]
POINTS = sum(count for _, _, count in SWEEP)


@dataclass
class Run:
    """What a process at work said before it ended."""

    code: int
    said: list[list[str]]
    trace: str

    @property
    def answered(self) -> list[tuple[str, str, int]]:
        """Acts that were answered: id, ledger, index."""
        return [
            (act, ledger, int(index)) for kind, *rest in self.said if kind == "ACT" for act, ledger, index in [rest]
        ]

    @property
    def taken(self) -> int:
        """How much of the other side's ledger was answered for."""
        return max((int(rest[0]) for kind, *rest in self.said if kind == "TAKEN"), default=0)


@pytest.fixture
def staged(pair: Pair, tmp_path: Path) -> tuple[Pair, Path]:
    """A pair with a pack from the United States waiting, both closed."""
    for number in range(3):
        pair.usa.comment(pair.record, f"to be taken in {number} " + "words " * 100)
    pack = tmp_path / "pack"
    pack.write_bytes(exchange.make_pack(pair.usa.node))
    pair.close()
    return pair, pack


def work(folder: Path, office: str, record: str, pack: Path, inject: str = "", *, syscall: str = "") -> Run:
    """Run tests.node.at_work on the node in `folder` under strace, perhaps with a fault."""
    trace = folder.parent / f"{folder.name}.trace"
    command = ["strace", "-f", "-qq", "-o", str(trace)]
    for name in FILES:
        command += ["-P", str(folder / name)]
    command += ["-e", f"trace={syscall or 'pwrite64,fdatasync,fsync,ftruncate'}"]
    if inject:
        command += ["-e", f"inject={syscall}:{inject}"]
    command += [sys.executable, "-m", "tests.node.at_work", str(folder), office, record, str(pack)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=capitals.environment(), timeout=120)
    assert "Traceback" not in ended.stderr, ended.stderr
    return Run(ended.returncode, [line.split() for line in ended.stdout.splitlines()], trace.read_text())


def occurrences(trace: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in re.findall(r"^\d+ +(\w+)\(", trace, flags=re.MULTILINE):
        found[name] = found.get(name, 0) + 1
    return found


def check(folder: Path, other: Path, run: Run, office: str, record: str) -> None:
    """What must hold after any fault."""
    reports = verify.verify(folder, record=False)
    assert [fault for report in reports for fault in report.faults] == []
    node = Node(folder)
    for act, ledger, index in run.answered:
        placed = node.store.find(act)
        assert placed is not None, f"{act[:16]} was answered, and is not here"
        assert (placed.ledger, placed.index) == (ledger, index)
    assert node.store.size(MIRROR) >= run.taken
    assert node.store.voids(RELEASED) == {}
    capital = Capital(node, office)
    capital.comment(record, "work goes on")
    capital.national("work-goes-on")
    partner = Capital(Node(other), "")
    capitals.swap(capital, partner)
    assert partner.node.store.voids(MIRROR) == {}
    assert exchange.halted(node) is None
    assert rebuild.compare(node) == []
    for ledger in LEDGERS:
        assert node.store.size(ledger) > 0
    node.close()
    partner.node.close()
    for each in (folder, other):
        reports = verify.verify(each)
        assert [fault for report in reports for fault in report.faults] == []


def copied(pair: Pair, folder: Path) -> tuple[Path, Path]:
    """Both nodes in a folder of their own, for one fault."""
    folder.mkdir()
    for each in (pair.ind, pair.usa):
        shutil.copytree(each.folder, folder / each.folder.name)
    return folder / "ind", folder / "usa"


def test_the_sweep_has_as_many_points_as_it_claims():
    assert POINTS >= 60


@pytest.mark.parametrize(("syscall", "fault", "count"), SWEEP, ids=[f"{one[0]}-{one[1]}" for one in SWEEP])
def test_a_fault_at_any_write_or_sync_loses_nothing_that_was_answered(
    staged: tuple[Pair, Path], tmp_path: Path, syscall: str, fault: str, count: int
):
    pair, pack = staged
    ind, _ = copied(pair, tmp_path / "dry")
    dry = work(ind, pair.ind.office, pair.record, pack)
    assert dry.said[-1] == ["END"]
    assert [line for line in dry.said if line[0] == "FAILED"] == []
    total = occurrences(dry.trace).get(syscall, 0)
    assert total >= count, f"{syscall} happens {total} times in the whole run"
    struck = 0
    for point in range(count):
        when = 1 + point * total // count
        ind, usa = copied(pair, tmp_path / f"{point}")
        run = work(ind, pair.ind.office, pair.record, pack, f"{fault}:when={when}", syscall=syscall)
        struck += "INJECTED" in run.trace or "SIGKILL" in run.trace
        check(ind, usa, run, pair.ind.office, pair.record)
        shutil.rmtree(tmp_path / f"{point}")
    assert struck == count


def test_a_disc_that_stays_full_refuses_every_write_and_loses_nothing(staged: tuple[Pair, Path], tmp_path: Path):
    pair, pack = staged
    ind, usa = copied(pair, tmp_path / "full")
    run = work(ind, pair.ind.office, pair.record, pack, "error=ENOSPC:when=25+", syscall="pwrite64")
    assert run.said[-1] == ["END"]
    failed = [line for line in run.said if line[0] == "FAILED"]
    assert failed
    assert any("free space" in " ".join(line) for line in failed), failed
    check(ind, usa, run, pair.ind.office, pair.record)
