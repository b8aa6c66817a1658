"""The demonstration's pair of capitals, staged once for all tests that only read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dtti.demo.exercise import Exercise, stage
from dtti.demo.pair import Pair
from dtti.node.people import seats
from dtti.node.people.models import Person, Seat

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


@pytest.fixture
def reader(staged: tuple[Pair, Exercise], settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody who reads India's national texts too, whom the accounts seat and the record does not.

    The record is that of all tests, and one that is cut off before today holds no seat of today's; who reads is not
    what they look at.
    """
    monkeypatch.setattr(seats, "backed", lambda node, rows, on=None: list(rows))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = Person.objects.create(username="reader", full_name="Reader (exercise)")
    office = seats.office_id(staged[0].nodes["IND"], "IND/ex-secretary")
    Seat.objects.create(person=person, office=office, duty="co_chair", since=seats.today())
    return person


@pytest.fixture(params=["IND", "USA"])
def side(request: pytest.FixtureRequest) -> str:
    """Each side in turn."""
    return str(request.param)


@pytest.fixture
def folder(staged: tuple[Pair, Exercise], side: str) -> Path:
    """The folder of one side's node."""
    return staged[0].folder / side.lower()
