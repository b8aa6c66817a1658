"""Requests to offices at the pages: asked from a record, seen by whom they ask, answered, withdrawn, kept inside."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.demo.exercise import Exercise
from dtti.node.core import release, text
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.office import asks, awaited
from dtti.office.asking import Asking, Moment
from dtti.office.standing import standings

from .capitals import Serve, copied, serve_side  # noqa: F401 - fixtures
from .signing import Page
from .test_permissions import seat

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("permissions")]

OFFICER, DESK = "IND/ex-project-officer", "IND/ex-secretariat"


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Two capitals of its own for each test: most of them write."""
    yield from copied(tmp_path_factory, request)


@pytest.fixture
def node(serve_side: Serve) -> Node:  # noqa: F811
    return serve_side("IND")


@pytest.fixture
def officer(node: Node) -> Client:
    return seat(node, "working_group_co_chair", OFFICER)


def asked(node: Node, side: str = "", *, national: bool = True) -> dict[str, asks.OneAsk]:
    """Every request as an official of a side sees it on a node."""
    asking = Asking(node, Viewer(side or node.side, national=national), Moment())
    return {each.row.ref: each for each in asks.asks(asking)}


def form(browser: Client, address: str) -> tuple[str, dict[str, Any]]:
    """The form that an address leads to: where it is sent, and all that it holds."""
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200, answer.content[:300]
    at = answer.request["PATH_INFO"] + (f"?{answer.request['QUERY_STRING']}" if answer.request["QUERY_STRING"] else "")
    (made,) = [each for each in Page(answer).tree.forms if "version" in each.fields]
    return at, {name: value for name, value in made.fields.items() if value is not None}


def kept(browser: Client, address: str, **given: Any) -> Any:
    """Fill in a form and confirm what it becomes; the answer that refused it where it was."""
    at, fields = form(browser, address)
    answer = browser.post(at, {**fields, **given})
    if answer.status_code != 302:
        return answer
    shown = Page(browser.get(answer["Location"]))
    done = browser.post(answer["Location"], {**shown.fields, "confirm": "yes"})
    assert done.status_code == 302, Page(done).text
    return done


def test_an_office_is_asked_from_the_page_of_a_project_and_answers(
    exercise: Exercise, node: Node, officer: Client
) -> None:
    code = exercise.records["survey"].rpartition("/")[2]
    page = Page(officer.get(f"/projects/{code}/"))
    (way,) = {each for each in page.tree.xpath("//a[contains(., 'Ask an office')]/@href") if "survey" not in each}
    before = set(asked(node))
    kept(officer, way, of="Secretariat of the Exercise Group", what="comments", text="Which format is in use?")
    node.settle()
    (ref,) = set(asked(node)) - before
    one = asked(node)[ref]
    assert (one.content.of, one.content.office, one.state, one.national) == (DESK, OFFICER, "open", True)
    assert one.content.about == "project:ex-survey"
    secretariat = seat(node, "secretariat", DESK)
    desk = secretariat.get("/index.json").json()
    assert ref in {each["record"] and asked(node)[ref].row.ref for each in desk["asks"]["of_office"]}
    assert desk["asks"]["of_office_total"] == 2
    assert officer.get("/index.json").json()["asks"]["by_office_total"] == 3
    kept(secretariat, f"/asks/{one.row.code}/answer/", result="given", text="Version 2 of the survey office.")
    node.settle()
    after = asked(node)[ref]
    assert (after.state, [each.counts for each in after.answers]) == ("given", [True])
    assert "Version 2 of the survey office." in Page(officer.get(f"/asks/{one.row.code}/")).text
    exercise.pair.swap()
    theirs = exercise.pair.nodes["USA"]
    assert ref not in asked(theirs)


def test_all_that_a_request_lacks_is_said_at_once_in_both_languages(exercise: Exercise, officer: Client) -> None:
    code = exercise.records["net"].rpartition("/")[2]
    for prefix, words in (("", "missing"), ("/hi", "")):
        at, fields = form(officer, f"{prefix}/asks/about/projects/{code}/")
        answer = officer.post(at, {**fields, "of": "", "what": "", "text": ""})
        assert answer.status_code == 200
        (summary,) = Page(answer).tree.xpath("//section[@role='alert']")
        assert words in summary.text_content()
        assert len(summary.xpath(".//a")) == 3


def test_what_is_asked_inside_is_never_told_to_the_other_side(exercise: Exercise, node: Node, officer: Client) -> None:
    code = exercise.records["net"].rpartition("/")[2]
    at, fields = form(officer, f"/asks/about/projects/{code}/")
    given = {"of": "Secretariat of the Exercise Group", "what": "reply", "text": "Shall we?", "kept": "no"}
    answer = officer.post(at, {**fields, **given})
    assert "stays with that side" in Page(answer).text
    with pytest.raises(Refused, match="stays with that side"):
        release.release(node, exercise.records["ex-ask-fleet"], exercise.desks["IND/ex-disclosure"].office)
    with pytest.raises(Refused, match="stays with that side"):
        exercise.desks[OFFICER].state("ask", {**exercise.asked["ex-ask-fleet"], "ref": "ex-ask-told"})


def test_a_request_to_the_other_side_waits_there_once_it_is_released(exercise: Exercise, node: Node) -> None:
    theirs = exercise.pair.nodes["USA"]
    assert "ex-ask-drawings" not in asked(theirs)
    for record in (exercise.records["ex-ask-drawings"],):
        release.release(node, record, exercise.desks["IND/ex-disclosure"].office)
    exercise.pair.swap()
    # The asker noted an answer from a letter, which stays inside: there it is open, here it is not.
    assert asked(theirs)["ex-ask-drawings"].state == "open"
    here = asked(node)["ex-ask-drawings"]
    assert (here.state, here.national, len(here.answers)) == ("given", False, 1)
    # It waits on them for certain from the day on which they were told, and perhaps from the day of the letter.
    assert here.began[0] < here.began[1] == asked(theirs)["ex-ask-drawings"].began[1]


@pytest.mark.parametrize(
    ("change", "against"),
    [
        ({"office": "USA/ex-secretariat", "letter": "X/1"}, "other-office"),
        ({"given_on": -70}, "too-early"),
        ({}, ""),
    ],
)
def test_an_answer_counts_only_of_the_office_that_was_asked_and_after_it_was(
    exercise: Exercise, node: Node, change: dict[str, Any], against: str
) -> None:
    day = exercise.clock.day
    content = {
        "ref": "ex-try", "side": "USA", "ask": "ex-ask-nominee", "office": "USA/ex-project-officer",
        "result": "given", "text": "Lt. Fox.", **change, "given_on": day(change.get("given_on", -2)),
    }  # fmt: skip
    exercise.usa_po.state("ask_answer", content)
    exercise.pair.swap()
    one = asked(node)["ex-ask-nominee"]
    assert one.state == ("open" if against else "given")
    assert [each.against for each in one.answers] == [against]


def test_a_hostile_answer_ends_nothing_that_one_side_asks_inside(exercise: Exercise, node: Node) -> None:
    from dtti.programme.kinds.ask_answer import ASK_ANSWER

    forged = {
        "ref": "forged", "side": "USA", "ask": "ex-ask-fleet", "office": DESK, "result": "given", "letter": "X/9",
        "given_on": exercise.clock.day(-1),
    }  # fmt: skip
    content = ASK_ANSWER.read(ASK_ANSWER.tidy(forged))
    assert asks._against(asked(node)["ex-ask-fleet"].content, content) == "other-side"


def test_the_two_sides_count_the_same_days_of_what_both_know(exercise: Exercise) -> None:
    """What national requests and reasons add is seen by their own side alone; without them both nodes say the same."""
    said = {}
    for side, node in exercise.pair.nodes.items():
        asking = Asking(node, Viewer(side), Moment())
        rows = asking.rows("project", count=100)
        said[side] = {row.ref: awaited.awaited(asking, row).court for row in rows}
    assert said["IND"] == said["USA"]
    own = Asking(exercise.pair.nodes["IND"], Viewer("IND", national=True), Moment())
    (row,) = (each for each in own.rows("project", count=100) if each.ref == "ex-net")
    mine = awaited.awaited(own, row)
    assert mine.court != said["IND"]["ex-net"]
    assert mine.inside == ["ask:ex-ask-fleet", "ask:ex-ask-funds", "delay:ex-delay-net"]


def test_a_request_is_withdrawn_by_its_own_form(exercise: Exercise, node: Node, officer: Client) -> None:
    code = exercise.records["ex-ask-fleet"].rpartition("/")[2]
    kept(officer, f"/asks/{code}/withdraw/", withdrawn=exercise.clock.day(0), why="Answered by word.")
    node.settle()
    assert asked(node)["ex-ask-fleet"].state == "withdrawn"
    theirs = exercise.records["ex-ask-barge"].rpartition("/")[2]
    assert officer.get(f"/asks/{theirs}/withdraw/").status_code == 404


def test_a_reason_is_given_by_a_side_for_itself_and_stays_there(
    exercise: Exercise, node: Node, officer: Client
) -> None:
    code = exercise.records["power"].rpartition("/")[2]
    kept(
        officer, f"/delays/about/projects/{code}/", reason="delayed decision", start=exercise.clock.day(-20),
        text="Two committees have it.",
    )  # fmt: skip
    node.settle()
    held = officer.get(f"/awaited/projects/{code}.json").json()
    assert [each["code"] for each in held["reasons"]] == ["delayed-decision"]
    assert held["now"][0]["codes"] == ["delayed-decision"]
    exercise.pair.swap()
    theirs = exercise.pair.nodes["USA"]
    asking = Asking(theirs, Viewer("USA", national=True), Moment())
    (row,) = (each for each in asking.rows("project", count=100) if each.ref == "ex-power")
    assert awaited.awaited(asking, row).reasons == []


def test_nobody_signed_in_is_shown_no_request(node: Node) -> None:
    assert Client().get("/asks.json").json()["total"] == 0
    for address in ("/awaited/", "/awaited/projects/ex-net/"):
        assert Client().get(address).status_code == 404


def test_a_national_act_wakes_no_project_for_the_other_side(exercise: Exercise, node: Node) -> None:
    """What is kept inside counts for nobody: both sides, and who looks as the other does, are told the same."""
    desk = exercise.ind_po
    remark = text.Text(remarks="Ask the squadron once more.")
    draft = Draft("comment", exercise.records["signal"], table.Plain(), desk.office, (remark,), ledger="national")
    desk.node.write(draft)
    node.settle()
    (row,) = (
        each for each in Asking(node, Viewer("IND"), Moment()).rows("project", count=100) if each.ref == "ex-signal"
    )
    said = {
        viewer: standings(Asking(node, viewer, Moment()), [row])[row.record].code
        for viewer in (Viewer("IND", national=True), Viewer("IND"), Viewer("USA"))
    }
    assert list(said.values()) == ["dormant"] * 3
