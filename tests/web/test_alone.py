"""A side that works alone: everyone who may state a joint record begins and records it at the pages, kept or told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from tests.node import capitals
from tests.node.capitals import Capital
from tests.web.signing import press

from dtti.ledger import act as acts
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core.node import Node
from dtti.node.people import seats
from dtti.node.people.duties import duties
from dtti.node.people.models import Person
from dtti.web import middleware
from dtti.web.accounts.guard import STAGED

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("alone")]

KINDS = {"project": "projects", "success_definition": "success", "instrument": "instruments"}


@pytest.fixture(scope="module")
def india(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Capital]:
    """A node of India that nobody has joined."""
    made = capitals.found(tmp_path_factory.mktemp("alone") / "ind", "IND")
    yield made
    made.node.close()


@pytest.fixture
def node(india: Capital, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Node:
    """The node, served by this process."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    settings.NODE_FOLDER, settings.NODE_CONFIG = india.node.folder.path, india.node.config
    settings.DEMONSTRATION = True  # one click stands for the second factor
    return middleware.open_node(india.node.folder.path)


@pytest.fixture
def seat(node: Node) -> Callable[[str], Client]:
    """A browser of someone with a duty in the one office there is."""

    def made(duty: str) -> Client:
        person = Person.objects.create(username=duty.replace("_", "-"), full_name=f"{duty} (exercise)", fictitious=True)
        seats.give_seat(node, person, "IND/ex-sec", duty)
        browser = Client()
        browser.force_login(person)
        session = browser.session
        session[STAGED] = True
        session.save()
        return browser

    return made


def may(duty: str, kind: str) -> bool:
    """Whether the table of duties lets `duty` state a record of `kind`."""
    return any(one.covers("state", kind) for one in duties()[duty].may)


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_may_state_it_can_begin_it_and_nobody_who_may_not_even_draft_it(seat: Any, kind: str):
    for duty, row in duties().items():
        answer = seat(duty).get(f"/work/new/{KINDS[kind]}/")
        if row.submits:  # whoever is of industry is a stranger here
            assert answer["Location"] == f"/account/sign-in?next=/work/new/{KINDS[kind]}/"
            assert not may(duty, kind)
            continue
        drafts = any(one.covers("draft", kind) for one in row.may)
        assert (answer.status_code == 302) == (may(duty, kind) or drafts), (duty, kind)
        if answer.status_code == 302:
            assert "/draft/paper/" in answer["Location"]


@pytest.mark.parametrize("duty", ["co_chair", "secretariat", "working_group_co_chair", "project_officer"])
@pytest.mark.parametrize(("basis", "kept"), [("own", "yes"), ("own", "no"), ("paper", "yes"), ("paper", "no")])
def test_a_project_is_recorded_alone_from_a_paper_or_from_what_one_knows(
    node: Node, seat: Any, duty: str, basis: str, kept: str
):
    browser = seat(duty)
    path = browser.get("/work/new/projects/")["Location"]
    code = path.split("/")[2]
    form = {
        **{name: str(value) for name, value in capitals.project(f"ex-{code[:8]}").items() if isinstance(value, str)},
        "in_dtti": "yes", "text_basis": basis, "kept": kept,
        **({"paper_number": "F. 12/3", "paper_date": "2026-11-20"} if basis == "paper" else {}),
    }  # fmt: skip
    assert browser.post(path, form).status_code == 302, browser.post(path, form).content.decode()[:3000]
    sizes = {name: node.store.size(name) for name in (RELEASED, NATIONAL)}
    page = browser.get(f"/work/{code}/check/paper/").content.decode()
    assert ("National, not released" in page) == (kept == "yes")
    done = press(browser, f"/work/{code}/check/paper/")
    assert done.status_code == 302, done.content.decode()[:3000]
    ledger = NATIONAL if kept == "yes" else RELEASED
    act = acts.open_leaf(node.store.leaf(ledger, sizes[ledger])).act
    assert (act.verb, act.terms["basis"], act.record.rpartition("/")[2]) == ("state", basis, code)
    if kept == "yes":
        since = [acts.open_leaf(leaf).act for leaf in list(node.store.leaves(RELEASED))[sizes[RELEASED] :]]
        assert {each.verb for each in since} <= {"anchor"}  # which the node writes at its own hours


def test_whoever_drafts_and_does_not_send_is_told_who_does(node: Node, seat: Any):
    browser = seat("legal")
    path = browser.get("/work/new/instruments/")["Location"]
    code = path.split("/")[2]
    assert browser.post(f"/work/{code}/draft/paper/?{path.partition('?')[2]}", {"name": "x"}).status_code in (200, 302)
    assert browser.post(f"/work/{code}/check/paper/", {"confirm": "yes"}).status_code == 403
