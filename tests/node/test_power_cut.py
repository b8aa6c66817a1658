"""A power cut after an act was answered: the record, whose commits are not synced, may have lost any of the last ones.

The ledgers are synced before an answer. Of the record what stands in its write-ahead log may be gone, whole or from any
byte on, and what the system wrote last of it may be torn; the next start finds out by the positions that it keeps.
"""

import random
import shutil
from pathlib import Path

import pytest

from dtti.ledger.store import LEDGERS
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import read, rebuild
from tests.node.capitals import Pair

pytestmark = pytest.mark.as_served

HEADER, FRAME = 32, 24  # bytes of a write-ahead log before its frames, and of a frame before its page (sqlite.org)
CUTS, ACTS = 16, 6


@pytest.fixture
def cut(pair: Pair, tmp_path: Path) -> tuple[Path, dict[str, int], int]:
    """India's folder as a power cut finds it, nothing closed: ledgers whole, the record's log as it was written."""
    node = pair.ind.node
    node.projection.engine.run("PRAGMA wal_checkpoint(TRUNCATE)")
    node.projection.engine.run("PRAGMA wal_autocheckpoint=0")
    for number in range(ACTS):
        pair.ind.comment(pair.record, f"answered {number}")
        pair.ind.national(f"ex-cut-{number}")
    found = tmp_path / "found"
    shutil.copytree(pair.ind.folder, found, ignore=shutil.ignore_patterns("*-shm"))
    ((page,),) = node.projection.engine.run("PRAGMA page_size")
    return found, node.projection.positions(), int(page)


def lay(found: Path, folder: Path, log: bytes) -> Path:
    """The folder with this for the record's log."""
    shutil.copytree(found, folder)
    (folder / "record.sqlite3-wal").write_bytes(log)
    return folder


def caught_up(folder: Path, positions: dict[str, int]) -> dict[str, int]:
    """Open the node as its next start does, with all that was answered; where its record stood before."""
    node = Node(folder)
    before = node.projection.positions()
    node.settle()
    assert node.projection.positions() == positions
    assert rebuild.compare(node) == []
    shown = read.listing(node, Viewer("IND", national=True), "event").rows
    assert {f"ex-cut-{number}" for number in range(ACTS)} <= {row.ref for row in shown}
    node.close()
    assert [fault for report in verify.verify(folder) for fault in report.faults] == []
    return before


@pytest.mark.long
def test_a_record_that_lost_its_last_commits_is_found_out_and_caught_up(
    cut: tuple[Path, dict[str, int], int], tmp_path: Path
):
    found, positions, page = cut
    log = (found / "record.sqlite3-wal").read_bytes()
    frames = (len(log) - HEADER) // (FRAME + page)
    assert frames > CUTS
    stood = set()
    for number in range(CUTS + 1):
        kept = HEADER + (FRAME + page) * (frames * number // CUTS)
        before = caught_up(lay(found, tmp_path / f"cut-{number}", log[:kept]), positions)
        stood.add(sum(before.values()))
        shutil.rmtree(tmp_path / f"cut-{number}")
    assert min(stood) == sum(positions.values()) - 2 * ACTS  # all lost
    assert max(stood) == sum(positions.values())  # none
    assert len(stood) > ACTS


def test_a_torn_log_costs_its_commits_and_nothing_else(cut: tuple[Path, dict[str, int], int], tmp_path: Path):
    found, positions, page = cut
    log = (found / "record.sqlite3-wal").read_bytes()
    draw = random.Random(20260126)
    for number in range(6):
        at = draw.randrange(len(log))
        torn = (
            log[:at],  # cut off
            log[:at] + bytes(len(log) - at),  # sectors that never reached the disc
            log[:at] + draw.randbytes(page) + log[at + page :],  # others in their place
        )
        before = caught_up(lay(found, tmp_path / f"torn-{number}", torn[number % 3]), positions)
        assert all(before[name] <= positions[name] for name in LEDGERS)
        shutil.rmtree(tmp_path / f"torn-{number}")


def test_no_commit_of_the_record_waits_for_the_disc_and_every_one_of_the_ledgers_does(pair: Pair):
    node = pair.ind.node
    normal, full = 1, 2  # PRAGMA synchronous (sqlite.org): a write-ahead log is synced when it is taken over, or always
    assert node.projection.engine.run("PRAGMA synchronous") == [(normal,)]
    assert node.store.engine.run("PRAGMA synchronous") == [(full,)]
    assert node.projection.engine.run("PRAGMA journal_mode") == [("wal",)]
