"""One text from the first draft to an agreement, and on when the other capital is silent, with a real exchange."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from .capitals import Capitals
from .desks import TITLE, Desk, agree, begin, confirm_paper, record_paper, send, send_back, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes")]


@pytest.fixture(scope="module")
def delhi(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    with signed_in(browser, capitals.ind) as desk:
        yield desk
        assert desk.complaints == []


@pytest.fixture(scope="module")
def washington(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    with signed_in(browser, capitals.usa) as desk:
        yield desk
        assert desk.complaints == []


@pytest.fixture(scope="module")
def code(delhi: Desk) -> str:
    return begin(delhi)


def test_a_text_is_drafted_in_delhi_checked_and_sent_for_agreement(delhi: Desk, code: str) -> None:
    send(delhi)
    delhi.sees("United States: to answer the offer")
    delhi.go("/")
    expect(delhi.section("theirs")).to_contain_text(TITLE)
    expect(delhi.section("mine")).not_to_contain_text(TITLE)


def test_washington_finds_it_waiting_compares_and_sends_it_back_with_a_counter_text(
    washington: Desk, code: str
) -> None:
    washington.comes("/", TITLE)
    row = washington.section("mine").get_by_role("listitem").filter(has_text=TITLE)
    row.get_by_role("link", name="Compare and answer").click()
    washington.sees("Offered, not agreed", "offer by India, not agreed", "A week without a sound.")
    washington.sees("No text stands yet: all of it is new.", "168")
    assert [washington.main.locator(mark).count() for mark in ("ins", "del")] == [0, 0]
    send_back(washington, code)


def test_delhi_sees_the_counter_text_word_by_word_and_agrees(delhi: Desk, code: str) -> None:
    delhi.comes(f"/work/{code}/", "offer by the United States, not agreed")
    delhi.sees("Ten days: resupply comes every tenth.", "240")
    delhi.go("/")
    expect(delhi.section("mine")).to_contain_text(TITLE)
    agree(delhi, code)


def test_both_desks_and_both_records_show_it_agreed_here(delhi: Desk, washington: Desk, code: str) -> None:
    for desk in (delhi, washington):
        desk.comes(f"/success/{code}/", "agreed here")
        desk.sees("version 1", "240", "The offer ended: agreed")
        desk.go("/")
        expect(desk.section("changed").get_by_role("listitem").filter(has_text=TITLE)).to_contain_text("agreed here")
        for waits in ("mine", "theirs"):
            expect(desk.section(waits)).not_to_contain_text(TITLE)
        desk.go(f"/record/entries/?record={code}")
        ended = "recorded how the offer ended"
        acts = ["agreed", ended, ended, "sent back", "sent for agreement"]
        assert sorted(desk.main.locator("table.ledgers td.e b").all_inner_texts()) == acts
        desk.press("Integrity check")
        desk.sees("Integrity check: sound")


def test_with_washington_silent_delhi_records_the_next_step_from_paper(
    delhi: Desk, capitals: Capitals, code: str
) -> None:
    assert capitals.usa.stop() == 0
    record_paper(delhi, code)
    delhi.go(f"/work/{code}/")
    delhi.sees("agreed here", "recorded by India")
    delhi.go(f"/success/{code}/")
    delhi.sees("agreed here", "version 1", "240")


def test_when_washington_is_back_it_confirms_from_the_same_paper_and_both_say_so(
    delhi: Desk, washington: Desk, capitals: Capitals, code: str
) -> None:
    capitals.usa.serve()
    washington.comes(f"/work/{code}/", "Confirm from the same paper")
    confirm_paper(washington, code)
    for desk in (washington, delhi):
        desk.comes(f"/success/{code}/", "on paper, both confirm")
        desk.sees("200")
        desk.go(f"/work/{code}/")
        expect(desk.main).not_to_contain_text("Confirm from the same paper")
        expect(desk.main).not_to_contain_text("recorded by")
    assert not re.search("content policy|Traceback", capitals.ind.log() + capitals.usa.log())
