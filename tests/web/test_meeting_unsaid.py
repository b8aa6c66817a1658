"""Items of a meeting of which the record says nothing: listed, carried by one press, never by themselves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.capitals import exercise, serve_side, sign_in

from dtti.demo.exercise import Exercise
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.people.models import Draft
from dtti.node.record import read

from .test_meeting_work import code, page, words

__all__ = ["exercise", "serve_side"]
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("capitals")]
Serve = Callable[[str], Node]
SURVEY = {"number": "4", "title": "Survey of ranges (exercise)", "purpose": "review", "minutes": 30}
RADIO = {"number": "5", "title": "Radio trials (exercise)", "purpose": "review"}


def now(exercise: Exercise, name: str) -> dict[str, Any]:
    state = read.state(exercise.pair.nodes["USA"], Viewer("USA", national=True), exercise.records[name])
    assert state is not None
    return dict(state[1])


def agree(exercise: Exercise, name: str, base: int, **more: Any) -> None:
    """A next version of a meeting that both sides agree, offered by the side that holds the text."""
    record = exercise.records[name]
    one, other = exercise.usa_sec, exercise.ind_sec
    if record.split("/")[1] == "IND":
        one, other = other, one
    one.propose(record, {**now(exercise, name), **more}, base=base)
    exercise.pair.swap()
    other.accept(record)
    exercise.pair.swap()


@pytest.fixture(scope="module")
def silent(exercise: Exercise) -> Exercise:
    """The second meeting, of whose two last items its agreed record says nothing."""
    agenda = [*now(exercise, "meeting-2")["agenda"], SURVEY, RADIO]
    agree(exercise, "meeting-2", 2, agenda=agenda)
    return exercise


@pytest.fixture
def secretary(serve_side: Serve, silent: Exercise) -> Client:
    return sign_in(serve_side("IND"), "secretariat")


def carry(browser: Client, exercise: Exercise, item: str, prefix: str = "") -> Any:
    return browser.post(f"{prefix}/meetings/{code(exercise, 'meeting-2')}/carry/", {"item": item})


def test_they_are_listed_and_one_is_carried_by_a_press_under_its_name(secretary: Client, exercise: Exercise) -> None:
    address = f"/meetings/{code(exercise, 'meeting-2')}/"
    tree = page(secretary, address)
    said = words(tree, "//*[@id='unsaid']")
    assert "The record says nothing of what came of these items" in said
    assert "4 Survey of ranges (exercise)" in said
    assert "5 Radio trials (exercise)" in said
    assert "Needs and offers" not in said
    assert not Draft.objects.exists()  # nothing was carried by looking
    data = secretary.get(f"{address.rstrip('/')}.json").json()
    assert [(each["number"], each["where"]) for each in data["unsaid"]] == [("4", ""), ("5", "")]
    answer = carry(secretary, exercise, "4")
    assert answer.status_code == 302
    held = Draft.objects.get()
    assert held.record == exercise.records["meeting-3"]
    assert held.content["agenda"][-1] == {
        "number": "5",
        "title": "Survey of ranges (exercise)",
        "purpose": "review",
        "minutes": 30,
        "carried": "ex-group-02",
        "carried_number": "4",
    }
    assert held.content["agenda"][:-1] == now(exercise, "meeting-3")["agenda"]
    tree = page(secretary, address)
    rows = [words(each, ".") for each in tree.xpath("//*[@id='unsaid']//li")]
    assert "in your office's draft of the next meeting" in rows[0]
    assert not tree.xpath("//*[@id='unsaid']//li[1]//button")
    assert tree.xpath("//*[@id='unsaid']//li[2]//button")
    carry(secretary, exercise, "4")
    assert len(Draft.objects.get().content["agenda"]) == 5  # a second press adds nothing


def test_what_the_record_does_speak_of_is_not_carried(secretary: Client, exercise: Exercise) -> None:
    for number in ("2", "3", "99", ""):
        assert carry(secretary, exercise, number).status_code == 302
    assert not Draft.objects.exists()


def test_who_may_not_draft_sees_them_and_carries_nothing(serve_side: Serve, silent: Exercise) -> None:
    auditor = sign_in(serve_side("IND"), "auditor")
    tree = page(auditor, f"/meetings/{code(silent, 'meeting-2')}/")
    assert "Survey of ranges" in words(tree, "//*[@id='unsaid']")
    assert not tree.xpath("//*[@id='unsaid']//button")
    assert carry(auditor, silent, "4").status_code == 403
    assert not Draft.objects.exists()


def test_hindi_says_it_too(secretary: Client, exercise: Exercise) -> None:
    said = words(page(secretary, f"/hi/meetings/{code(exercise, 'meeting-2')}/"), "//*[@id='unsaid']")
    assert "अगली बैठक" in said


def test_without_a_planned_meeting_the_press_begins_its_draft_and_opening_it_says_what_was_left(
    secretary: Client, exercise: Exercise
) -> None:
    """The last test of this module: the third meeting is cancelled in the record."""
    agree(exercise, "meeting-3", 1, status="cancelled")
    opened = secretary.get(f"/meetings/{code(exercise, 'meeting-3')}/next/")
    shown = words(page(secretary, opened["Location"]), "//body")
    assert "none of them is in this draft: ex-group-02, 4: Survey of ranges (exercise); ex-group-02, 5" in shown
    assert not Draft.objects.exists()
    carry(secretary, exercise, "5")
    held = Draft.objects.get()
    assert (held.content["follows"], held.content["number"]) == ("ex-group-03", 4)
    named = [(each.get("carried"), each.get("carried_number")) for each in held.content["agenda"]]
    assert ("ex-group-02", "5") in named
    assert ("ex-group-02", "4") not in named
    again = secretary.get(f"/meetings/{code(exercise, 'meeting-3')}/next/")
    assert held.record.rpartition("/")[2] in again["Location"]  # the same draft
    shown = words(page(secretary, again["Location"]), "//body")
    assert "ex-group-02, 4" in shown
    assert "Radio trials (exercise)" not in shown.partition("none of them")[2].partition("under Follow up")[0]
