"""Looking as the other side does: what is shown is what their node would show; it is logged, and nothing is written."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from dtti.accord.refusal import Refused
from dtti.demo.exercise import Exercise
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.node.people.models import Reading
from dtti.web import permits, seeing

from .capitals import Serve, copied, serve_side, sign_in  # noqa: F401 - fixtures
from .routes import routes
from .signing import Page
from .test_leaks import WithoutNational

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("seeing")]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Both capitals; these tests write accounts alone."""
    yield from copied(tmp_path_factory, request)


@pytest.fixture
def node(serve_side: Serve) -> Node:  # noqa: F811
    return serve_side("IND")


@pytest.fixture
def looking(node: Node) -> Client:
    """An official of India who looks as the United States does."""
    browser = sign_in(node, "working_group_co_chair", "IND/ex-project-officer")
    assert browser.post("/account/see-as", {"as": "them", "next": "/projects/"})["Location"] == "/projects/"
    return browser


ALIKE = (
    "/projects/ex-net.json",
    "/projects/ex-buoy.json",
    "/awaited/projects/ex-net.json",
    "/awaited/projects/ex-buoy.json",
    "/projects/ex-net/story.json",
    "/projects/ex-power/story.json",
    "/projects-board.json",
    "/portfolio.json",
    "/asks.json",
    "/asks/ex-ask-barge.json",
    "/ask-answers.json",
    "/delays.json",
    "/needs.json",
    "/search.json?q=net",
    "/actions.json",
    "/awaited.json?whose=side",
)
#: What hangs on whose system gives the answer: places in its ledgers, what the seat of whoever asks may do.
_OF_A_NODE = frozenset({"index", "ledger", "action", "act_url"})


def plain(value: Any) -> Any:
    """An answer without what hangs on whose system gives it."""
    if isinstance(value, dict):
        # What is public each side has stated for itself: the same text by another act.
        apart = _OF_A_NODE | ({"stated_by", "act"} if value.get("side") == "PUB" else set())
        return {name: plain(each) for name, each in value.items() if name not in apart}
    return [plain(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("address", ALIKE)
def test_what_is_shown_is_what_their_own_node_shows_a_reader_of_what_was_told(
    serve_side: Serve,  # noqa: F811
    settings: Any,
    address: str,
) -> None:
    here = sign_in(serve_side("IND"), "working_group_co_chair", "IND/ex-project-officer")
    here.post("/account/see-as", {"as": "them"})
    seen = here.get(address)
    assert seen.status_code == 200
    reader = sign_in(serve_side("USA"), "auditor")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{WithoutNational.__module__}.{WithoutNational.__name__}"]
    there = plain(reader.get(address).json())
    assert plain(seen.json()) == there


def test_nothing_that_was_not_released_is_there_and_the_page_says_as_whom_one_looks(looking: Client) -> None:
    for address in ("/projects/ex-net/", "/awaited/projects/ex-net/", "/projects-board/", "/desk.json", "/asks/"):
        answer = looking.get(address, follow=True)
        said = answer.content.decode()
        assert "ex-ask-fleet" not in said
        assert "fleet says of six minutes" not in said
        assert "National, not released" not in said
        if not address.endswith(".json"):
            assert "As the United States would see it." in said
    assert looking.get("/asks/ex-ask-fleet/").status_code == 404
    hindi = looking.get("/hi/projects/ex-net/").content.decode()
    assert "को दिखेगा" in hindi


def test_it_is_entered_in_the_reading_log_with_whom_it_was_seen_as(looking: Client) -> None:
    looking.get("/projects/ex-net/")
    last = Reading.objects.first()
    assert last is not None
    assert (last.path, last.act) == ("/projects/ex-net/ (as USA)", "read")
    assert last.person is not None
    assert last.seat is not None


def test_no_page_takes_anything_in_that_mode_and_no_button_is_there(looking: Client, node: Node) -> None:
    names = {name for name in (*permits.WRITING, *permits.ACCOUNTS) if name not in seeing.TAKES}
    tried = 0
    for name, route in routes(get_resolver("dtti.web.views.urls")):  # the pages about the record
        if name in names:
            address = re.sub(
                r"<(?:\w+:)?(\w+)>", lambda found: {"purpose": "propose"}.get(found[1], "ex-net"), f"/{route}"
            )
            answer = looking.post(address, {"confirm": "yes"})
            assert answer.status_code == 403, (address, answer.status_code)
            assert "nothing can be written so" in answer.content.decode()
            tried += 1
    assert tried > 30
    assert looking.post("/account/seat", {"seat": "1"}).status_code == 403
    for address in ("/projects/ex-net/", "/needs/", "/asks/ex-ask-barge/"):
        page = Page(looking.get(address))
        assert page.tree.xpath("//main//form[@method='post']") == []
        assert page.tree.xpath("//main//a[contains(@href, '/work/') or contains(@href, 'asks/about')]") == []
    assert looking.get("/work/new/needs/").status_code == 404
    with pytest.raises(Refused, match="nothing can be written so"):
        seeing.Theirs(node).write(Draft("state", "need/IND/x"))


def test_one_comes_back_to_ones_own_view_and_only_officials_look_so(looking: Client, node: Node) -> None:
    assert looking.post("/account/see-as", {"as": "us", "next": "//elsewhere.example/"})["Location"] == "/record/"
    assert "ex-ask-fleet" in looking.get("/asks.json").content.decode()
    custodian = sign_in(node, "custodian")
    assert custodian.post("/account/see-as", {"as": "them"}).status_code == 404
    assert Client().post("/account/see-as", {"as": "them"}).status_code in (302, 403)


def test_before_a_release_one_sees_it_as_they_will(exercise: Exercise, node: Node) -> None:
    officer = sign_in(node, "disclosure_officer", "IND/ex-disclosure")
    drawings = exercise.records["ex-ask-drawings"].rpartition("/")[2]
    page = Page(officer.get(f"/work/{drawings}/release/"))
    (preview,) = page.tree.xpath("//section[@id='preview']")
    said = preview.text_content()
    assert "They see nothing of it now." in said
    assert "The interface drawing of the fuel cartridge" in said
    assert "Silent field power unit" in said
    delay = next(each for each in node.projection.engine.run(
        "SELECT name FROM state WHERE ref = 'ex-delay-net' AND known_until = '9999'"))[0]  # fmt: skip
    assert "They see nothing" in Page(officer.get(f"/work/{delay}/release/")).text
