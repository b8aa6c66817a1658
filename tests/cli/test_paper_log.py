"""A paper that is made by a command stands in the reading and export log as one that is taken at its page does."""

import pwd
import sqlite3
import subprocess
import sys
from contextlib import closing
from os import getuid
from pathlib import Path

import pytest

from tests.node import capitals
from tests.node.capitals import Pair

pytestmark = pytest.mark.long


def paper(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`dtti paper`, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dtti.cli.main", "paper", *words, "--node", str(folder)],
        capture_output=True, text=True, env=capitals.environment(),
    )  # fmt: skip


def lines(folder: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / "accounts.sqlite3")) as kept:
        return kept.execute("SELECT account, record, path, act FROM node_reading WHERE at IS NOT NULL").fetchall()


def test_a_paper_made_by_a_command_is_in_the_log_with_who_made_it(pair: Pair, tmp_path: Path) -> None:
    record = pair.ind.office
    made = paper(pair.ind.folder, "handover", "--of", record, "--national", "-o", str(tmp_path / "handover.pdf"))
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "handover.pdf").read_bytes().startswith(b"%PDF")
    account, code = pwd.getpwuid(getuid()).pw_name, record.rpartition("/")[2]
    assert lines(pair.ind.folder) == [(account, record, f"/offices/{code}/papers/handover.en.pdf", "export")]


def test_what_is_refused_is_not_in_the_log_and_what_cannot_be_logged_is_not_made(pair: Pair, tmp_path: Path) -> None:
    record, target = pair.ind.office, tmp_path / "handover.pdf"
    assert paper(pair.ind.folder, "agenda", "--of", record, "-o", str(target)).returncode == 1
    assert not (pair.ind.folder / "accounts.sqlite3").exists()
    (pair.ind.folder / "accounts.sqlite3").write_bytes(b"no database at all" * 100)
    made = paper(pair.ind.folder, "handover", "--of", record, "--national", "-o", str(target))
    assert made.returncode == 1
    assert "accounts" in made.stderr
    assert not target.exists()
