"""Every request has an id, which the error page shows with this system's own time: nobody is asked for either."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from dtti.ledger.engine import StoreError
from dtti.ledger.store import Store
from dtti.node.core.node import Node
from dtti.web import errors, request_id
from dtti.web.urls import handler500 as handler500
from dtti.web.urls import urlpatterns as every

pytestmark = pytest.mark.django_db

HELD: list[str] = []


def fails(_request: HttpRequest) -> HttpResponse:
    """A page with a fault."""
    HELD.append(request_id.current.get())
    raise RuntimeError("a fault of this test")


def unreached(_request: HttpRequest) -> HttpResponse:
    """A page whose database server does not answer."""
    Store("postgresql://127.0.0.1:1/none", "none").sizes()
    raise AssertionError("something answers there")


def lacking(_request: HttpRequest) -> HttpResponse:
    """A page that asks a database here for what is not in it: a fault, which does not end by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_such_table")
    raise AssertionError("there is such a table")


urlpatterns = [
    path("fails", fails),
    path("fails.json", fails),
    path("unreached", unreached),
    path("hi/unreached", unreached),
    path("unreached.json", unreached),
    path("lacking", lacking),
    *every,
]


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


@pytest.mark.parametrize(
    ("address", "said"), [("/unreached", "The database does not answer now"), ("/hi/unreached", "डेटाबेस अभी उत्तर नहीं")]
)
def test_a_database_server_that_does_not_answer_is_said_with_what_is_known(
    browser: Client, address: str, said: str
) -> None:
    answer = browser.get(address)
    page = answer.content.decode()
    assert (answer.status_code, int(answer["Retry-After"])) == (503, 30)
    assert said in page
    assert answer["X-Request-ID"] in page


def test_of_what_was_sent_meanwhile_nothing_is_claimed(browser: Client) -> None:
    for method, claimed in (("GET", "nothing was changed"), ("POST", "may stand, or may not")):
        request = RequestFactory().generic(method, "/unreached")
        try:
            unreached(request)
        except StoreError:
            page = errors.broken(request).content.decode()
        assert [words for words in ("nothing was changed", "may stand, or may not") if words in page] == [claimed]


def test_programs_are_told_so_too_by_its_rule(browser: Client) -> None:
    answer = browser.get("/unreached.json")
    (refusal,) = answer.json()["refusals"]
    assert (answer.status_code, refusal["rule"]) == (503, "database-away")
    assert refusal["source"]


def test_a_table_that_is_missing_here_is_a_fault_and_no_passing_thing(browser: Client) -> None:
    answer = browser.get("/lacking")
    assert (answer.status_code, "Retry-After" in answer) == (500, False)


def test_a_fault_before_a_page_is_begun_has_its_page_too(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    for address, kind in (("/readyz", "text/html; charset=utf-8"), ("/readyz.json", "application/problem+json")):
        try:
            raise RuntimeError("a fault of this test")
        except RuntimeError:
            answer = errors.broken(RequestFactory().get(address))
        assert (answer.status_code, answer["Content-Type"]) == (500, kind)
        assert "This system failed to answer" in answer.content.decode()
    assert "the error page failed" not in caplog.text
