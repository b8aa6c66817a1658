"""A recommendation of an association, from its form to the Group's decision and a dated reply, by hand in two capitals.

It is sent in the industry room, taken in and considered; the co-chairs of both sides agree that it goes onto the
Group's next agenda; the Group's meeting is agreed with it and with the decision on it; the submitter reads the reply.
A company signed in meanwhile reads nothing of it.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .capitals import PATIENCE, Capital, Capitals
from .desks import Desk, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes"), pytest.mark.parts(2, together=2)]

TITLE, SECRET = "A yearly calendar of sea ranges", "Our own yard calls its range by night."
PUBLIC, SUMMARY = "Calendar of sea ranges", "Both governments publish one calendar of sea ranges."
DECIDED = "Both sides publish one calendar of sea ranges from next year."
REPLY = "The Group decided to publish one calendar of sea ranges from next year."


def submitter(browser: Browser, capital: Capital, name: str) -> tuple[Desk, Page]:
    """Somebody of industry, signed in by one click, who comes to the industry room."""
    room = browser.new_context(viewport={"width": 1280, "height": 900})
    room.set_default_timeout(PATIENCE * 1000)
    page = room.new_page()
    desk = Desk(capital, page)
    desk.go("/demo-sign-in")
    desk.press(name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Industry room")
    return desk, page


@pytest.fixture(scope="module")
def guild(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """An association of India."""
    desk, page = submitter(browser, capitals.ind, "Uma Sethi")
    yield desk
    page.context.close()


@pytest.fixture(scope="module")
def rival(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """A company of India."""
    desk, page = submitter(browser, capitals.ind, "Joy Lobo")
    yield desk
    page.context.close()


@pytest.fixture(scope="module")
def nisha(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """India's co-chair of the forum."""
    with signed_in(browser, capitals.ind, "Nisha Varma") as desk:
        yield desk


@pytest.fixture(scope="module")
def paul(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """Washington's."""
    with signed_in(browser, capitals.usa, "Paul Hendry") as desk:
        yield desk


@pytest.fixture(scope="module")
def reference(guild: Desk) -> str:
    """The reference that the association was given for what it sent."""
    guild.follow("Send a recommendation")
    guild.fill({"title": TITLE, "text": SECRET, "public_title": PUBLIC, "public_summary": SUMMARY})
    guild.press("Send")
    guild.sees("names no member that was consulted")
    guild.fill({"consulted": "Northern yard (exercise)\nSouthern yard (exercise)"})
    guild.press("Send")
    guild.sees("Received", TITLE)
    found = re.search(r"/industry/([a-z2-7-]{19})/", guild.page.url)
    assert found, guild.page.url
    return found[1]


def confirm(desk: Desk) -> None:
    desk.press("Confirm for the record")
    desk.sees("Recorded: stated")


def code_of(desk: Desk, pattern: str) -> str:
    desk.page.wait_for_url(re.compile(pattern))
    found = re.search(pattern, desk.page.url)
    assert found, desk.page.url
    return found[1]


@pytest.fixture(scope="module")
def record(nisha: Desk, reference: str) -> str:
    """The code of the recommendation in India's record, considered and passed to the co-chairs."""
    nisha.go("/forum/intake/")
    nisha.sees(TITLE, reference)
    nisha.press("Take it into the record")
    nisha.sees("Check your answers", SECRET)
    confirm(nisha)
    nisha.go("/recommendations/")
    nisha.follow(TITLE)
    code = code_of(nisha, "/recommendations/([a-z2-7]{16})/")
    for step in ("Take it under consideration", "Pass it to the co-chairs"):
        nisha.go(f"/recommendations/{code}/")
        nisha.follow(step)
        nisha.press("Check your answers")
        confirm(nisha)
    return code


@pytest.fixture(scope="module")
def disposition(nisha: Desk, paul: Desk, record: str) -> str:
    """The code of the disposition that both co-chairs have agreed."""
    nisha.go(f"/recommendations/{record}/")
    nisha.follow("Offer what is to become of it")
    code = code_of(nisha, "/work/([a-z2-7]{16})/draft/propose/")
    nisha.fill({"outcome": "group-agenda", "reasons": "It asks for what both governments can decide."})
    nisha.page.locator("#id_body").select_option("ex-group")
    nisha.press("Check your answers")
    nisha.sees(PUBLIC, SUMMARY)
    expect(nisha.main).not_to_contain_text(SECRET)
    nisha.press("Send for agreement")
    nisha.sees("Recorded: sent for agreement")
    paul.comes(f"/work/{code}/agree/", "Agree, for the record")
    paul.sees(PUBLIC)
    paul.press("Agree, for the record")
    paul.sees("Recorded: agreed")
    return code


def test_it_goes_onto_the_groups_agenda_and_the_decision_comes_back(
    nisha: Desk, paul: Desk, record: str, disposition: str
) -> None:
    nisha.comes(f"/dispositions/{disposition}/", "Put it onto the next agenda")
    nisha.press("Put it onto the next agenda")
    code = code_of(nisha, "/work/([a-z2-7]{16})/draft/propose/")
    expect(nisha.page.locator("#id_agenda__4__title")).to_have_value(PUBLIC)
    number = nisha.page.locator("#id_agenda__4__number").input_value()
    nisha.fill({"decisions__0__number": "EG/3/D1", "decisions__0__text": DECIDED, "decisions__0__item": number})
    nisha.press("Check your answers")
    nisha.press("Send for agreement")
    nisha.sees("Recorded: sent for agreement")
    paul.comes(f"/work/{code}/agree/", "Agree, for the record")
    paul.press("Agree, for the record")
    nisha.comes(f"/recommendations/{record}/", DECIDED)
    paul.comes(f"/dispositions/{disposition}/", DECIDED)


def test_the_submitter_reads_a_dated_reply_and_a_rival_reads_nothing(
    guild: Desk, rival: Desk, nisha: Desk, paul: Desk, reference: str, record: str, disposition: str
) -> None:
    guild.go(f"/industry/{reference}/")
    guild.sees("To the co-chairs")
    nisha.comes(f"/recommendations/{record}/", "Reply to the submitter")
    nisha.follow("Reply to the submitter")
    nisha.fill({"number": "EX/FORUM/IND/101", "text": REPLY})
    nisha.press("Check your answers")
    confirm(nisha)
    guild.go(f"/industry/{reference}/")
    guild.sees("Disposed", REPLY, "EX/FORUM/IND/101")
    for path in (
        "/industry/",
        "/forum/",
        f"/industry/{reference}/",
        f"/recommendations/{record}/",
        "/recommendations/",
    ):
        rival.go(path)
        said = rival.page.content()
        assert not [each for each in (TITLE, SECRET, PUBLIC, REPLY) if each in said], path
    paul.go("/recommendations/")
    assert SECRET not in paul.page.content()
    assert TITLE not in paul.page.content()
