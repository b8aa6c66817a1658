"""Both capitals of the demonstration, staged once for the tests that look at whole nodes through their pages."""

import fcntl
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.test import Client

from dtti.demo.cast import PEOPLE
from dtti.demo.exercise import Exercise
from dtti.demo.pair import SIDES, Pair
from dtti.node.core.node import Node
from dtti.node.line import published
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.programme.kinds import KINDS
from dtti.programme.published import load, record_id
from dtti.web import middleware
from dtti.web.accounts.guard import STAGED

#: Kinds of the public record that both nodes hold here: enough to be seen by the public.
PUBLISHED = ("side", "source")


def stage(folder: Path) -> Exercise:
    """A staged pair in `folder`, some of the public record in both nodes."""
    pair = Pair(folder, (8000, 8001, 8002, 8003))
    pair.found(330)
    items = [
        (one.kind, record_id(one.kind, one.ref), KINDS[one.kind].write(one.content))
        for one in load()
        if one.kind in PUBLISHED
    ]
    for node in pair.nodes.values():
        published.put(node, items)
    exercise = Exercise(pair)
    exercise.stage()
    return exercise


class _Kept(pickle.Pickler):
    """An exercise without its nodes, which are opened anew."""

    def persistent_id(self, one: object) -> str | None:
        return one.side if isinstance(one, Node) else None


class _Again(pickle.Unpickler):
    def __init__(self, file: BinaryIO, nodes: dict[str, Node]) -> None:
        super().__init__(file)
        self.nodes = nodes

    def persistent_load(self, side: str) -> Node:
        return self.nodes[side]


def staged_once(shared: Path) -> Path:
    """A folder with the staged nodes and the exercise, made by whichever worker comes first; none may write to it."""
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "exercise").exists():
            made = stage(shared / "nodes")
            made.pair.close()
            with (shared / "making").open("wb") as file:
                _Kept(file).dump(made)
            (shared / "making").rename(shared / "exercise")
    return shared


def copied(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """The staged exercise on two nodes: a copy of what is staged once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = staged_once((base.parent if hasattr(request.config, "workerinput") else base) / "staged")
    folder = tmp_path_factory.mktemp("capitals")
    shutil.copytree(shared / "nodes", folder, dirs_exist_ok=True)
    nodes = {side: Node(folder / side.lower()) for side in SIDES}
    with (shared / "exercise").open("rb") as file:
        made: Exercise = _Again(file, nodes).load()
    made.pair.folder = folder
    for node in nodes.values():
        node.clock = made.clock
    yield made
    made.pair.close()


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """The staged exercise on two nodes, for the tests of one module."""
    yield from copied(tmp_path_factory, request)


Serve = Callable[[str], Node]


def serve(settings: Any, node: Node) -> Node:
    """Make this process serve `node`; returns the node as its pages have it open."""
    settings.NODE_FOLDER, settings.NODE_CONFIG = node.folder.path, node.config
    settings.DEMONSTRATION = node.config.demonstration
    opened = middleware.open_node(node.folder.path)
    opened.settle()
    return opened


@pytest.fixture
def serve_side(exercise: Exercise, settings: Any, db: None) -> Serve:
    """Make this process serve the node of a side."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one is Django's to test
    return lambda side: serve(settings, exercise.pair.nodes[side])


def sign_in(node: Node, duty: str, office: str = "") -> Client:
    """A browser signed in on `node` as someone with a duty, in the staged office of that duty or the one named."""
    staged = next((ref for side, _, _, ref, code in PEOPLE if side == node.side and code == duty), "")
    person, made = Person.objects.get_or_create(
        username=f"{node.side.lower()}.{duty}".replace("_", "-"),
        defaults={"full_name": f"{duty} (exercise)", "fictitious": True},
    )
    if made:
        seats.give_seat(node, person, office or staged or f"{node.side}/ex-secretariat", duty)
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True  # as the one click of the demonstration leaves it: no second factor is asked for
    session.save()
    return browser
