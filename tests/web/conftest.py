"""A node of India with two offices, its accounts in memory, and a browser that signs people in to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.line import founding, published
from dtti.node.people import seats
from dtti.node.people.models import Person, Seat
from dtti.programme.published import record_id
from dtti.web import middleware

PASSWORD = "a long walk by the river"
OFFICES = {
    "IND/desk-officer": ("IND", "Desk officer, exercise"),
    "IND/director": ("IND", "Director, exercise"),
    "USA/desk-officer": ("USA", "Country director, exercise"),
}


def found_node(folder: Path, **settings: object) -> Node:
    """A node of India in `folder`, an exercise unless `settings` say otherwise, with OFFICES in its record."""
    kept = {"side": "IND", "environment": "exercise", **settings}
    node = founding.found(folder, config.Config(**kept), b"passphrase of a test")  # type: ignore[arg-type]
    (folder / "keys" / "passphrase").write_text("passphrase of a test")
    cite = {"confidence": "unverified"}
    published.put(
        node,
        [
            ("office", record_id("office", ref), {"ref": ref, "side": side, "title": title, "cite": cite})
            for ref, (side, title) in OFFICES.items()
        ],
    )
    return node


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Node]]:
    """The same node twice: as it is in an exercise, and as a demonstration. Tests write accounts, not the record."""
    made = {
        name: found_node(tmp_path_factory.mktemp("nodes") / name, demonstration=name == "demonstration", name="Delhi")
        for name in ("exercise", "demonstration")
    }
    yield made
    for node in made.values():
        node.close()


@pytest.fixture
def serve(nodes: dict[str, Node], settings, db: None) -> Callable[[str], Node]:
    """Make this process serve one of `nodes`, by name."""

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one is Django's to test

    def serving(name: str) -> Node:
        node = nodes[name]
        settings.NODE_FOLDER = node.folder.path
        settings.NODE_CONFIG = node.config
        settings.DEMONSTRATION = node.config.demonstration
        return middleware.open_node(node.folder.path)

    return serving


@pytest.fixture
def node(serve: Callable[[str], Node]) -> Node:
    """The node that this process serves: an exercise."""
    return serve("exercise")


@pytest.fixture
def seated(node: Node) -> Callable[..., Person]:
    """Make a person with a password and, where a duty is given, a seat."""

    def make(username: str = "a.rao", duty: str = "", office: str = "IND/desk-officer", **more: bool) -> Person:
        person = seats.create_person(username, f"{username.title()} (exercise)", password=PASSWORD, **more)
        if duty:
            seats.give_seat(node, person, office, duty)
        return person

    return make


@pytest.fixture
def browser() -> Client:
    """A browser that checks form tokens, as a real one meets them."""
    return Client(enforce_csrf_checks=False)


def only_seat(person: Person) -> Seat:
    """The one seat of a person."""
    (seat,) = seats.held(person)
    return seat
