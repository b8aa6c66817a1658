"""The page from which a side sets itself up: in order, what is there, what is missing, and the way to each."""

import pytest
from django.test import Client

from dtti.demo.exercise import Exercise

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures
from .reading import fetched, page

pytestmark = pytest.mark.django_db


def test_it_says_in_order_what_is_there_and_what_is_missing_and_leads_to_each(
    exercise: Exercise,  # noqa: F811
    serve_side: Serve,  # noqa: F811
) -> None:
    node = serve_side("IND")
    browser = sign_in(node, "secretariat")
    steps = fetched(browser, "/setting-up.json")["steps"]
    assert [each["code"] for each in steps] == ["offices", "appointments", "powers", "people", "bodies"]
    by = {each["code"]: each for each in steps}
    assert by["offices"]["there"] >= 3
    assert by["offices"]["there"] == by["powers"]["there"] + by["powers"]["missing"]
    assert by["powers"]["there"] == by["people"]["there"] + by["people"]["missing"]
    assert by["people"]["there"] == 1  # whoever signed in
    assert by["bodies"]["done"]
    (way,) = [each["url"] for each in by["appointments"]["ways"] if "new" in each["url"]]
    if by["appointments"]["missing"]:
        office = way.partition("?office=")[2]
        begun = browser.get(way)
        assert f'value="{office}" selected' in page(browser, begun["Location"])


def test_the_public_and_the_other_duties_outside_are_shown_no_such_page(serve_side: Serve) -> None:  # noqa: F811
    node = serve_side("IND")
    assert Client().get("/setting-up/").status_code == 404
    assert sign_in(node, "custodian").get("/setting-up/").status_code == 404
    assert "Setting up our side" in page(sign_in(node, "secretariat"), "/")


def test_a_first_power_is_written_out_for_whoever_holds_the_keys(
    exercise: Exercise,  # noqa: F811
    serve_side: Serve,  # noqa: F811
) -> None:
    node = serve_side("IND")
    browser = sign_in(node, "secretariat")
    content: dict[str, object] = {"ref": "IND/ex-signals", "side": "IND", "title": "Director, signals (exercise)"}
    record = exercise.desks["IND/ex-secretariat"].state("office", content)
    node.settle()
    for prefix in ("", "/hi"):
        shown = page(browser, f"{prefix}/setting-up/")
        assert "dtti act power --terms" in shown
        assert record in shown
        assert shown.index("Director, signals") < shown.index("dtti act power")
