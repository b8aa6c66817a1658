"""What waits on the texts of a project: all of it at the head of its page, and on board and portfolio."""

from collections.abc import Iterator
from typing import Any

import pytest

from dtti.demo.exercise import Exercise
from dtti.web.views.words import heading

from .capitals import Serve, copied, serve_side, sign_in  # noqa: F401 - fixtures
from .signing import Page

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("waiting")]


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Two capitals of its own: a text is offered."""
    yield from copied(tmp_path_factory, request)


def told(exercise: Exercise, serve_side: Serve, side: str) -> tuple[Any, Page, Any]:  # noqa: F811
    """The project of the net as its page and its JSON have it at a side, and its card on the board there."""
    browser = sign_in(serve_side(side), "working_group_co_chair")
    address = f"/projects/{exercise.records['net'].rpartition('/')[2]}"
    board = browser.get("/projects-board.json").json()
    (card,) = [each for one in board["stages"] for each in one["cards"] if each["ref"] == "ex-net"]
    return browser.get(f"{address}.json").json(), Page(browser.get(f"{address}/")), card


def test_what_the_reader_has_to_answer_stands_first_and_nothing_that_waits_is_left_out(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    project, definition = "the text of the project", "the success definition"

    def waits(side: str) -> list[tuple[str, str]]:
        data, page, _card = told(exercise, serve_side, side)
        found = [data["waiting"], *data["waiting_too"]]
        assert [each["what"] for each in found if each["what"] not in page.text] == []
        return [(each["on"], each["what"].removeprefix("to answer a text offered for ")) for each in found]

    before, _page, card = told(exercise, serve_side, "USA")
    assert ("IND", definition) in waits("USA")
    assert not [what for _on, what in waits("USA") if what == project]
    assert card["on"]
    content = {**before["content"], "purpose": "Recover drones on ships, by night too."}
    exercise.clock.later()
    exercise.ind_po.propose(exercise.records["net"], content, base=before["row"]["number"])
    exercise.pair.swap()
    theirs = waits("USA")
    assert theirs[0][0] == "USA"
    assert {("USA", project), ("IND", definition)} <= set(theirs)
    assert waits("IND")[0] == ("IND", definition)


def test_the_stage_of_the_procedure_is_named_beside_the_seven(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    data, page, card = told(exercise, serve_side, "IND")
    (now,) = [each for each in data["stages"] if each["state"] == "now"]
    last = data["content"]["stages"][-1]
    assert (now["last"], now["entered"]) == (last["stage"], last["entered"])
    stage = heading(last["stage"])
    assert f"{stage} since" in " ".join(page.text.split())
    assert card["text"].startswith(f"{stage} since")
