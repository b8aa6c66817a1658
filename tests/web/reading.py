"""One node of India with the whole public record and a few records of its own, for the tests of the reading pages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from tests.node import capitals
from tests.node.capitals import Capital

from dtti.accord import table
from dtti.node.core import text
from dtti.node.core.draft import Receipt, new_record
from dtti.node.core.node import Node
from dtti.node.line.published import put
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.programme.kinds import KINDS
from dtti.programme.published import load, record_id
from dtti.web import middleware

DAY = "2024-08-01"  # no answer may depend on the day on which the tests run


def published() -> list[tuple[str, str, dict[str, Any]]]:
    """The packaged public record as a node loads it."""
    return [(one.kind, record_id(one.kind, one.ref), KINDS[one.kind].write(one.content)) for one in load()]


def state(capital: Capital, kind: str, content: dict[str, Any], ledger: str = "released") -> tuple[str, Receipt]:
    """State an own record of the side; returns its id and the receipt."""
    record = new_record(kind, capital.side)
    return record, capital.write("state", record, table.State(base=0), text.Text(content=content), ledger=ledger)


@pytest.fixture(scope="session")
def india(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Capital]:
    """The node: the public record; a need, an offer of the same side that fits it, and a need not released."""
    made = capitals.found(tmp_path_factory.mktemp("reading") / "ind", "IND")
    put(made.node, published())
    need = {
        "type": "need",
        "side": "IND",
        "domain": "naval",
        "user": "Corvettes",
        "capability": "Recover drones at sea.",
    }
    state(made, "need", {**need, "ref": "drone-net", "title": "Recover drones", "priority": "high"})
    offer = {"type": "offer", "side": "IND", "domain": "naval", "capability": "A net.", "answers": ["drone-net"]}
    state(made, "need", {**offer, "ref": "net-offer", "title": "Capture net", "status": "paired"})
    secret = {**need, "ref": "kept-back", "title": "KEPTBACK need", "domain": "air", "capability": "KEPTBACK sentence."}
    state(made, "need", secret, ledger="national")
    yield made
    made.node.close()


@pytest.fixture
def node(india: Capital, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Node:
    """The node, served by this process."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    settings.NODE_FOLDER, settings.NODE_CONFIG = india.node.folder.path, india.node.config
    opened = middleware.open_node(india.node.folder.path)
    opened.settle()
    return opened


SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(node: Node) -> SignIn:
    """A browser signed in as someone with a duty."""

    def make(duty: str) -> Client:
        person = Person.objects.create(username=duty.replace("_", "-"), full_name=f"{duty} (exercise)")
        seats.give_seat(node, person, "IND/ex-sec", duty)
        browser = Client()
        browser.force_login(person)
        return browser

    return make


@pytest.fixture
def public(node: Node) -> Client:
    """A browser of nobody in particular."""
    return Client()


def page(browser: Client, address: str) -> str:
    """The text of a page that answers 200."""
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def fetched(browser: Client, address: str) -> Any:
    """The JSON of a twin that answers 200."""
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.json()
