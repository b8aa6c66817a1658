"""Every address with odd answers in it: no page breaks, and what is not understood is refused with its rule."""

import random
import re

import pytest
from django.test import Client

from dtti.accord.refusal import registry
from dtti.node.core.node import Node

from .reading import SignIn, india, node, sign_in  # noqa: F401 - fixtures
from .routes import routes

NAMES = (
    *("on", "known", "q", "page", "order", "year", "kind", "body", "domain", "category", "status", "grade", "court"),
    *("before", "since", "ledger", "side", "verb", "record", "upkeep", "project", "type", "base", "with", "next", "of"),
)
ODD = (
    *("\0", "a\0b", "%00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "‮", "x" * 5000, "क" * 300),
    *("9999-12-31", "0001-01-01", "9999-01-01", "1899-12-31", "2201-01-01", "2026-02-30", "2026-W01-1", "20260101"),
    *("२०२६-०१-०१", "-1", "0", "1" * 60, "1e9", "٣", "NaN", "None", "-title", "title;drop", "' OR 1=1 --", '"', "*"),
    *("NEAR(", "a AND", "\n", "\t", "'", "\\", "../../etc/passwd", "<script>", "{{7*7}}", "%", "_", "", "9999-12-31"),
)
RECORDS = (
    "/bodies/dtti-group/",
    "/projects/aluav/",
    "/instruments/gsomia/",
    "/sources/S1/",
    "/no/such/",
    "/bodies/\0/",
)


def addresses() -> list[str]:
    """Every address without arguments, of pages and of twins, and a few records."""
    found = [f"/{route}" for _name, route in routes() if "<" not in route]
    return [each for each in dict.fromkeys([*found, *RECORDS]) if "(?P" not in each and "sign-out" not in each]


def hold(browser: Client, address: str, name: str, value: str) -> None:
    answer = browser.get(address, {name: value})
    assert answer.status_code < 500, (address, name, value)
    if answer.status_code == 422 and address.endswith(".json"):
        (refusal,) = answer.json()["refusals"]
        assert refusal["rule"] in registry(), (address, name, value)
        assert refusal["reason"], (address, name, value)
        assert refusal["remedy"], (address, name, value)
        assert refusal["source"], (address, name, value)


#: Records of the public record, by the part of an address that leads to them.
KNOWN = {"projects": "aluav", "instruments": "gsomia", "meetings": "dtti-group-09"}


@pytest.mark.parametrize("section", KNOWN)
def test_no_page_of_a_record_breaks_on_a_day_before_the_record_began(
    sign_in: SignIn,  # noqa: F811
    section: str,
) -> None:
    browser, early = sign_in("secretariat"), []
    browser.raise_request_exception = False
    for _name, pattern in routes():
        parts = re.findall(r"<[^>]*>", pattern)
        if not parts or not (pattern.startswith(f"{section}/") or "section>" in parts[0]):
            continue
        address = re.sub(r"<[^>]*section>", section, pattern)
        address = re.sub(r"<[^>]*>", KNOWN[section], address)
        answer = browser.get(f"/{address}", {"on": "1960-01-01"})
        assert answer.status_code < 500, address
        early += [address] if b"Not yet there" in answer.content and answer.status_code == 200 else []
    assert f"{section}/{KNOWN[section]}/" in early


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_no_page_breaks_by_what_is_asked_of_it(sign_in: SignIn, name: str) -> None:  # noqa: F811
    browser = sign_in("secretariat")
    browser.raise_request_exception = False
    for address in addresses():
        for value in ODD:
            hold(browser, address, name, value)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_some_pages_and_odd_answers_at_random(sign_in: SignIn, seed: int) -> None:  # noqa: F811
    browser = sign_in("secretariat")
    browser.raise_request_exception = False
    chance = random.Random(seed)
    for _ in range(60):
        hold(browser, chance.choice(addresses()), chance.choice(NAMES), chance.choice(ODD))


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("/search.json?q=%00", "words"),
        ("/projects.json?q=a%00b", "words"),
        ("/index.json?on=9999-12-31", "day"),
        ("/expiring.json?on=9999-01-01", "day"),
        ("/projects.json?known=0000-00-00", "day"),
        ("/projects.json?order=drop", "order"),
        ("/projects.json?page=0", "number"),
        ("/projects-board.json?page=x&on=2026-13-01", "day"),
    ],
)
def test_what_is_not_understood_is_refused(sign_in: SignIn, address: str, rule: str) -> None:  # noqa: F811
    answer = sign_in("secretariat").get(address)
    assert answer.status_code == 422
    assert [each["rule"] for each in answer.json()["refusals"]] == [rule]


def test_a_browser_may_complain_in_any_form(node: Node) -> None:  # noqa: F811
    bodies = (
        b'{"csp-report": []}',
        b'{"csp-report": "x"}',
        b"",
        b"\0",
        b"[]",
        b"{}",
        b'"a"',
        b"null",
        b"\xff\xfe",
        b"[" * 60_000,
        b"[" * 3_000_000,
    )
    for body in bodies:
        for media in ("application/csp-report", "application/json", "application/reports+json", "text/plain"):
            answer = Client(raise_request_exception=False).post("/csp-report", body, content_type=media)
            assert answer.status_code < 500, (body, media)
