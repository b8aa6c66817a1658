"""Stores to test with: the same tests on an SQLite file and in a PostgreSQL schema of their own."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from dtti.ledger.store import Store

from .writers import Place


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a new store is to be, on each database in turn."""
    if request.param == "sqlite":
        return Place(str(tmp_path / "ledger.sqlite"))
    return Place(request.getfixturevalue("postgres_url"), f"t_{secrets.token_hex(8)}")


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """A new store with its tables made."""
    made = place.open()
    made.create()
    yield made
    made.close()
