"""Every request has an id, which the error page shows with this system's own time: nobody is asked for either."""

import re
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from dtti.node.write import Node
from dtti.web import request_id
from dtti.web.urls import handler500 as handler500
from dtti.web.urls import urlpatterns as every

pytestmark = pytest.mark.django_db

HELD: list[str] = []


def fails(_request: HttpRequest) -> HttpResponse:
    """A page with a fault."""
    HELD.append(request_id.current.get())
    raise RuntimeError("a fault of this test")


urlpatterns = [path("fails", fails), path("fails.json", fails), *every]


@pytest.fixture
def browser(node: Node, settings) -> Client:
    settings.ROOT_URLCONF = __name__
    HELD.clear()
    return Client(raise_request_exception=False)


def test_each_answer_has_an_id_of_its_own_and_takes_none_from_outside(browser: Client) -> None:
    theirs = {"X-Request-ID": "theirs"}
    given = {browser.get(address, headers=theirs)["X-Request-ID"] for address in ("/", "/", "/none")}
    assert len(given) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in given)
    assert request_id.current.get() == ""


def test_the_error_page_says_which_request_and_when_and_asks_for_neither(browser: Client) -> None:
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    answer = browser.get("/fails")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert answer["X-Request-ID"] == HELD[0]
    assert HELD[0] in page
    said = re.search(r'<time datetime="([^"]+)"[^>]*>', page[page.index(HELD[0]) :])
    assert said
    assert datetime.fromisoformat(said[1]) >= before
    assert "the time" not in page
    assert "half done" not in page


def test_programs_are_told_the_same(browser: Client) -> None:
    answer = browser.get("/fails.json")
    assert answer.status_code == 500
    assert answer.json()["request"] == answer["X-Request-ID"] == HELD[0]
    assert answer.json()["path"] == "/fails.json"
