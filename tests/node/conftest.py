"""A pair of capitals for any test of the node floor and of the commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtti.ledger import keyfile
from tests.node import capitals
from tests.node.capitals import Pair

CHEAP = 2**4  # what a guess at the passphrase costs is tested with the key rings (tests/ledger), and is not paid here


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders that every test copies."""
    folder = tmp_path_factory.mktemp("template") / "pair"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_N", CHEAP)
        patch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
        capitals.build(folder)
    return folder


@pytest.fixture
def pair(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Two joined capitals that hold one agreed project."""
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    monkeypatch.setattr(keyfile, "_N", CHEAP)
    made = capitals.copy(template, tmp_path / "pair")
    yield made
    made.close()
