"""What stands is said truly: our answer until it is closed, a suspension beside the grade, what is due."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.node import capitals
from tests.node.capitals import Pair
from tests.node.conftest import pair, template  # noqa: F401 - fixtures

from dtti.accord import table, table_2
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.node import Node
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.web import middleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(settings: Any, pair: Pair) -> Iterator[Any]:  # noqa: F811
    """A browser of the secretary of one capital."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def browser(node: Node) -> Client:
        settings.NODE_FOLDER, settings.NODE_CONFIG = node.folder.path, node.config
        middleware.open_node(node.folder.path).settle()
        person = Person.objects.create(username=f"sec-{node.side}", full_name="Secretary (exercise)")
        seats.give_seat(node, person, f"{node.side}/ex-sec", "secretariat")
        made = Client()
        made.force_login(person)
        return made

    yield browser
    middleware.open_node.cache_clear()


def told(browser: Client, address: str) -> Any:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.content[:300])
    return json.loads(answer.content) if ".json" in address else answer.content.decode()


def test_an_answer_of_ours_stands_until_their_system_closes_it(pair: Pair, at: Any) -> None:  # noqa: F811
    record, offer = capitals.propose(pair.ind, "ex-second")
    pair.swap()
    pair.usa.write("accept", record, table.Answer(offer.act))
    browser, code = at(pair.usa.node), record.rsplit("/", 1)[1]
    (waits,) = told(browser, "/index.json")["on_them"]
    assert (waits["record"], waits["state"], waits["on"]) == (record, "answered", "IND")
    said = "answered by us on"
    assert said in told(browser, "/")
    assert "waiting for their system" in told(browser, "/")
    assert told(browser, f"/projects/{code}.json")["waiting"]["state"] == "answered"
    assert said in told(browser, f"/projects/{code}/")
    assert said in told(browser, f"/work/{code}/")
    assert "answered by the United States on" in told(browser, "/projects/")
    assert said in told(browser, "/projects-board/")
    assert [row["answer"] for row in told(browser, "/projects.json")["rows"] if row["record"] == record] == ["accept"]
    assert "हमने" in told(browser, f"/hi/projects/{code}/")
    pair.swap()
    assert told(browser, "/index.json")["on_them"] == []


def test_a_suspension_stands_wherever_the_grade_does(pair: Pair, at: Any) -> None:  # noqa: F811
    terms = table_2.Notice("suspend", reason="funding")
    pair.usa.write("notice", pair.record, terms, text.Text(remarks="Until the review."))
    pair.swap()
    browser, code = at(pair.ind.node), pair.record.rsplit("/", 1)[1]
    for address in ("/projects/", "/projects-board/", f"/projects/{code}/", f"/work/{code}/", "/"):
        page = told(browser, address)
        assert "suspended by the United States" in page, address
    listed = told(browser, "/projects.json")
    assert listed["rows"][0]["standing"].startswith("USA:suspend:")
    assert [(one["code"], one["by"]) for one in listed["stands"].values()] == [("suspended", ["USA"])]


def test_actions_and_a_group_overdue_by_its_rule_reach_the_desk(pair: Pair, at: Any) -> None:  # noqa: F811
    group = {"ref": "ex-group", "name": "Exercise group", "type": "working-group"}
    action = {
        "number": "3",
        "text": "Send the drawings",
        "owners": [{"side": "IND", "office": "IND/ex-sec"}],
        "due": "2026-01-05",
    }
    met = {"ref": "ex-met", "body": "ex-group", "date": "2026-01-02", "mode": "virtual", "status": "held"}
    for kind, content in (
        ("body", group | {"cadence": {"text": "every six months", "days": 183}}),
        ("meeting", met | {"actions": [action, action | {"number": "4", "done": "2026-01-04"}]}),
    ):
        record = new_record(kind, "IND")
        offer = pair.ind.write("propose", record, table.Propose(0, "IND", capitals.FAR), text.Text(content=content))
        pair.swap()
        pair.usa.write("accept", record, table.Answer(offer.act))
        pair.swap()
    due = told(at(pair.ind.node), "/index.json")["due"]
    assert [(each["on"], each["late"], "drawings" in each["what"]) for each in due] == [
        ("2026-01-05", True, True),
        ("2026-07-04", True, False),
    ]
