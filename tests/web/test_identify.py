"""A pair of a need and an offer at its page: a project begins from what both sides may read, and from nothing else."""

from collections.abc import Iterator

import pytest

from dtti.demo.exercise import Exercise
from dtti.node.people.models import Draft

from .capitals import Serve, copied, serve_side, sign_in  # noqa: F401 - fixtures
from .signing import Page

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("identify")]

KEPT = "PLANTED-NATIONAL what the fleet will pay at most"


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Two capitals of its own for each test: they write."""
    yield from copied(tmp_path_factory, request)


def need(ref: str, **more: object) -> dict[str, object]:
    plain = {"ref": ref, "side": "IND", "type": "need", "title": "Nets for patrol craft", "domain": "naval"}
    return {**plain, "user": "Naval staff (exercise)", "capability": "Nets that fit a patrol craft.", **more}


def test_no_project_begins_from_what_was_not_released(exercise: Exercise, serve_side: Serve) -> None:  # noqa: F811
    exercise.ind_po.state("need", need("inside", capability=KEPT), ledger="national")
    officer = sign_in(serve_side("IND"), "working_group_co_chair")
    page = Page(officer.get("/identify/inside/with/ex-us-31/"))
    assert "Not released yet, so that no text for both sides can name it" in page.text
    assert "Make this a project" not in [each.text_content().strip() for each in page.tree.xpath("//main//a")]
    for address in ("/identify/inside/with/ex-us-31/make/", "/identify/ex-us-31/with/inside/make.json"):
        refused = officer.get(address)
        assert refused.status_code == 422, address
        assert "no text for both sides can say what it says" in refused.content.decode()
        assert KEPT not in refused.content.decode()
    hindi = officer.get("/hi/identify/inside/with/ex-us-31/make/").content.decode()
    assert "पहले उसे जारी करें।" in hindi
    assert not Draft.objects.exists()


def test_what_was_said_inside_of_a_released_need_enters_no_project(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    exercise.ind_po.state("need", need("twice"))
    exercise.ind_po.state("need", need("twice", capability=KEPT), ledger="national")
    officer = sign_in(serve_side("IND"), "working_group_co_chair")
    page = Page(officer.get("/identify/twice/with/ex-us-31/"))
    assert "Not released yet" not in page.text
    form = officer.get("/identify/twice/with/ex-us-31/make/", follow=True)
    assert form.status_code == 200
    assert KEPT not in form.content.decode()
    assert Page(form).tree.xpath("//input[@name='name']/@value") == ["Nets for patrol craft"]
