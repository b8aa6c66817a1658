"""`dtti person`: what a command says was done stands, in the record and in the accounts."""

import subprocess
import sys
from pathlib import Path

import pytest

from dtti.ledger.store import NATIONAL, Store
from tests.node import capitals


def person(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A command, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dtti.cli.main", "person", *words, "--node", str(folder)],
        input=given, capture_output=True, text=True, env=capitals.environment(),
    )  # fmt: skip


@pytest.mark.long
def test_a_password_that_is_refused_is_no_entry_of_the_record(tmp_path: Path):
    capital = capitals.found(tmp_path / "ind", "IND")
    capital.node.close()
    assert person(capital.folder, "add", "a.person", "A. Person", "--fictitious").returncode == 0
    before = Store(capital.folder / "ledger.sqlite3").size(NATIONAL)
    refused = person(capital.folder, "password", "a.person", "--password-stdin", given="short\n")
    assert refused.returncode == 1
    assert "rule: password" in refused.stderr
    assert Store(capital.folder / "ledger.sqlite3").size(NATIONAL) == before
    assert person(capital.folder, "password", "a.person").returncode == 0
    assert Store(capital.folder / "ledger.sqlite3").size(NATIONAL) == before + 1
