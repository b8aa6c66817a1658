"""The demonstration's pair of capitals, staged once for all tests that only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtti.demo.exercise import Exercise, stage
from dtti.demo.pair import Pair

PORTS = (8391, 8392, 8393, 8394)  # written into settings; nothing is served here


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, Exercise]]:
    """Both nodes with the public record and the exercise."""
    pair = Pair(tmp_path_factory.mktemp("demonstration"), PORTS)
    pair.found(310)
    pair.load_published()
    pair.swap()
    yield pair, stage(pair)
    pair.close()


@pytest.fixture(params=["IND", "USA"])
def side(request: pytest.FixtureRequest) -> str:
    """Each side in turn."""
    return str(request.param)


@pytest.fixture
def folder(staged: tuple[Pair, Exercise], side: str) -> Path:
    """The folder of one side's node."""
    return staged[0].folder / side.lower()
