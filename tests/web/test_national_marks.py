"""What this side has not released says so wherever it is named: every list, board, chart and report page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from lxml import etree, html
from tests.node import capitals
from tests.node.capitals import Capital

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.line import published as public
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.programme.kinds import KINDS
from dtti.web import middleware

from .reading import published

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("national-marks")]

PLANTED = "PLANTED"
MARK = "National, not released"
#: The member of a kind that says what a record of it is called.
CALLED = {"appointment": "holder", "trade_contract": "item", "success_definition": "problem", "difference": "subject",
          "need": "title", "office": "title", "source": "title", "constraint": "name"}  # fmt: skip
#: What stands on one line: the nearest of these around a name carries the mark.
LINES = ("li", "tr", "figure", "h1", "dt", "dd", "p", "article", "caption", "option", "header")
PAGES = (
    "/", "/projects-board/", "/scorecard/", "/cadence/", "/promises/", "/trade/", "/trade/compared/", "/expiring/",
    "/statements/", "/record/", "/search/?q=planted", "/needs-matched/", "/who/", "/record/entries/?ledger=national",
)  # fmt: skip


def plant(capital: Capital) -> dict[str, str]:
    """One national record of every kind, made after one of the public record; its id by kind."""
    found: dict[str, str] = {}
    for kind, _record, content in published():
        if kind in (*found, "side"):
            continue
        name = CALLED.get(kind, "name")
        planted = {**content, "ref": f"planted-{kind.replace('_', '-')}"}
        if name in planted:
            planted[name] = f"{PLANTED} {kind}"
        if kind == "office":
            planted |= {"ref": "IND/planted-office", "side": "IND"}
        record = new_record(kind, capital.side)
        joint = KINDS[kind].mode == "joint"
        terms = table.State(basis="own") if joint else table.State(base=0)
        try:
            capital.write("state", record, terms, text.Text(content=planted), ledger="national")
        except Refused:  # of the other side: the next of its kind
            continue
        found[kind] = record
    return found


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Capital, dict[str, str]]]:
    made = capitals.found(tmp_path_factory.mktemp("marks") / "ind", "IND", environment="live")
    public.put(made.node, published())
    yield made, plant(made)
    made.node.close()


@pytest.fixture
def auditor(planted: tuple[Capital, dict[str, str]], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    node = planted[0].node
    settings.NODE_FOLDER, settings.NODE_CONFIG = node.folder.path, node.config
    middleware.open_node(node.folder.path).settle()
    person = Person.objects.create(username="auditor", full_name="Auditor (exercise)")
    seats.give_seat(node, person, "IND/ex-sec", "auditor")
    browser = Client()
    browser.force_login(person)
    return browser


def unmarked(page: str) -> list[str]:
    """The names of planted records that stand on a line without the mark."""
    tree = html.fromstring(page)
    found = []
    for place in tree.iter():
        if not isinstance(place.tag, str) or place.tag in ("head", "title", "input", "script"):
            continue
        said = [place.text or "", *(each.tail or "" for each in place), place.get("aria-label", "")]
        if not any(PLANTED in each for each in said):
            continue
        line = next((each for each in (place, *place.iterancestors()) if each.tag in LINES), place)
        if MARK not in line.text_content() + " ".join(line.xpath(".//@aria-label")):
            found.append(etree.tostring(line, encoding="unicode")[:300])
    return found


def test_every_list_board_chart_and_report_marks_what_was_not_released(auditor: Client, planted: Any) -> None:
    lists = [f"/{kind.face.address}/" for kind in KINDS.values()]
    faults, seen = {}, ""
    for address in (*PAGES, *lists):
        answer = auditor.get(address)
        if answer.status_code == 404:
            continue
        assert answer.status_code == 200, address
        page = answer.content.decode()
        seen += page
        if wrong := unmarked(page):
            faults[address] = wrong
    assert faults == {}
    assert {kind for kind in planted[1] if f"{PLANTED} {kind}" in seen} >= {"project", "trade_contract", "body"}
    for address in ("/trade/", "/scorecard/", "/cadence/"):  # its totals and charts too, which name no record
        assert "that the other side has not been told of" in auditor.get(address).content.decode()
