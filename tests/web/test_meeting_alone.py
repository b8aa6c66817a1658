"""A meeting worked by a side alone: its days found, its record kept from paper, the next one opened, nothing sent."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import html
from tests.web.signing import press
from tests.web.test_alone import india, node, seat

from dtti.ledger import act as acts
from dtti.ledger.store import RELEASED
from dtti.node.core.node import Node

__all__ = ["india", "node", "seat"]
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("alone")]

PAPER = {"text_basis": "paper", "kept": "yes", "paper_date": "2026-11-20"}


def tree(browser: Client, address: str) -> html.HtmlElement:
    answer = browser.get(address.partition("#")[0])
    assert answer.status_code == 200, (address, answer.status_code, answer.content.decode()[:1500])
    return html.fromstring(answer.content.decode())


def words(of: Any, path: str = "//main") -> str:
    return " ".join(" ".join(str(each.text_content()).split()) for each in of.xpath(path))


def link(of: Any, label: str) -> str:
    """The address of the first link in the work on a meeting whose words begin so."""
    return next(
        str(each.get("href"))
        for each in of.xpath("//*[@id='work']//a")
        if each.text_content().strip().startswith(label)
    )


def typed(of: Any) -> dict[str, str]:
    """What a form would send as it stands."""
    form = of.xpath("//form[@id='draft']")[0]
    held = {name: value for name, value in form.form_values() if name}
    return {name: str(value) for name, value in held.items()}


def record(browser: Client, address: str, **answers: str) -> None:
    """Fill in a form, check it, and confirm it for the record."""
    code = address.split("/")[-4] if "?" not in address else address.partition("/work/")[2].partition("/")[0]
    answer = browser.post(address.partition("#")[0], typed(tree(browser, address)) | answers)
    assert answer.status_code == 302, words(html.fromstring(answer.content.decode()), "//*[@role='alert']")
    done = press(browser, f"/work/{code}/check/paper/")
    assert done.status_code == 302, done.content.decode()[:2000]


def phase(of: Any, title: str) -> str:
    return next(words(each, ".") for each in of.xpath("//*[@id='work']//li") if title in each.xpath("string(.//h3)"))


def test_a_meeting_from_the_search_for_days_to_the_next_one_by_one_side(node: Node, seat: Any) -> None:
    secretary = seat("secretariat")
    told = node.store.size(RELEASED)
    group = secretary.get("/work/new/bodies/")["Location"]
    record(secretary, group, ref="ex-land", name="Land Group (exercise)", type="working-group",
           paper_number="EX/1", **PAPER)  # fmt: skip

    begun = secretary.get("/work/new/meetings/")["Location"]
    first = {"ref": "ex-land-01", "body": "ex-land", "number": "1", "mode": "in-person", "status": "planned"}
    onward = secretary.post(begun, typed(tree(secretary, begun)) | first | {"aid": "meeting_days"})
    assert onward["Location"].endswith("/days/")
    found = tree(secretary, onward["Location"])
    day = str(found.xpath("//button[@name='take']/@value")[0])
    search = {each.get("name"): each.get("value") or "" for each in found.xpath("//form[@id='search']//input[@name]")}
    taken = secretary.post(onward["Location"], search | {"mode": "in-person", "host": "IND", "take": day})
    form = taken["Location"].partition("#")[0]
    assert typed(tree(secretary, form))["host"] == "IND"
    record(secretary, form, **PAPER, paper_number="EX/2", place="New Delhi", agenda__0__number="1",
           agenda__0__title="Ranges for the trial", agenda__0__purpose="decision", agenda__1__number="2",
           agenda__1__title="Dates of the trial", agenda__1__purpose="decision")  # fmt: skip

    page = tree(secretary, "/meetings/ex-land-01/")
    assert "done" in phase(page, "Agenda")
    assert "agreed by both sides" not in words(page)
    notes = link(page, "Take notes")
    answer = secretary.post(
        notes, {"item": "1", "said": "Two ranges were named.", "decided": "The first range is taken."}
    )
    assert answer.status_code == 302
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    edit = next(str(each) for each in page.xpath("//*[@id='work']//a/@href") if "/draft/paper/" in str(each))
    held = {"status": "held", "date": yesterday.isoformat(), "opens": "", "discussion": "agreed"}
    record(secretary, edit, **PAPER, **held, paper_number="EX/3")

    page = tree(secretary, "/meetings/ex-land-01/")
    assert "done" in phase(page, "Record of discussion")
    assert "The first range is taken." in words(page)
    pdf = secretary.get(next(str(each) for each in page.xpath("//*[@id='papers']//a/@href") if "record.en.pdf" in each))
    assert pdf.content.startswith(b"%PDF")
    following = tree(secretary, secretary.get(link(page, "Open the next meeting"))["Location"])
    assert (typed(following)["number"], typed(following)["host"]) == ("2", "USA")
    titles = [value for name, value in typed(following).items() if re.fullmatch(r"agenda__\d+__title", name) and value]
    assert titles == ["Adoption of the agenda", "Dates of the trial"]
    since = [acts.open_leaf(leaf).act.verb for leaf in list(node.store.leaves(RELEASED))[told:]]
    assert set(since) <= {"anchor"}  # which the office system writes at its own hours
