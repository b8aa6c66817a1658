"""The same text without a line: what one capital tells the other travels as sealed files, carried by hand."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .capitals import Capital, Capitals, pair
from .desks import TITLE, Desk, agree, begin, confirm_paper, record_paper, send, send_back, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes")]

Carry = Callable[[Capital, Capital], bytes]


@pytest.fixture(scope="module")
def apart(folder: Path) -> Iterator[Capitals]:
    """Both capitals served, neither knowing where the other is."""
    both = pair(folder, line=False)
    try:
        both.serve()
        yield both
    finally:
        both.stop()


@pytest.fixture(scope="module")
def delhi(browser: Browser, apart: Capitals) -> Iterator[Desk]:
    with signed_in(browser, apart.ind) as desk:
        yield desk
        assert desk.complaints == []


@pytest.fixture(scope="module")
def washington(browser: Browser, apart: Capitals) -> Iterator[Desk]:
    with signed_in(browser, apart.usa) as desk:
        yield desk
        assert desk.complaints == []


@pytest.fixture
def carry(tmp_path: Path) -> Carry:
    """Carry a pack from one capital to the other; returns its bytes."""

    def carried(giver: Capital, taker: Capital) -> bytes:
        pack = tmp_path / "pack"
        giver.run("exchange", "pack", "-o", str(pack))
        taker.run("exchange", "unpack", str(pack))
        return pack.read_bytes()

    return carried


def test_a_text_is_agreed_and_goes_on_from_paper_by_sealed_files_alone(
    delhi: Desk, washington: Desk, apart: Capitals, carry: Carry
) -> None:
    code = begin(delhi)
    send(delhi)
    washington.go("/")
    expect(washington.main).not_to_contain_text(TITLE)
    assert b"Forward posts burn fuel" not in carry(apart.ind, apart.usa)

    washington.go("/")
    expect(washington.section("mine")).to_contain_text(TITLE)
    send_back(washington, code)
    carry(apart.usa, apart.ind)  # the answer; Delhi's office system closes its offer, and the counter-text opens
    carry(apart.ind, apart.usa)

    agree(delhi, code)
    carry(apart.ind, apart.usa)  # the acceptance; Washington's office system closes its offer
    carry(apart.usa, apart.ind)
    for desk in (delhi, washington):
        desk.go(f"/success/{code}/")
        desk.sees("agreed here", "version 1", "240")

    assert apart.usa.stop() == 0
    record_paper(delhi, code)
    carry(apart.ind, apart.usa)  # a pack is taken in though nothing is served
    apart.usa.serve()
    confirm_paper(washington, code)
    carry(apart.usa, apart.ind)
    for desk in (delhi, washington):
        desk.go(f"/success/{code}/")
        desk.sees("on paper, both confirm", "200")


def test_a_pack_is_refused_by_whoever_it_is_not_for_and_nothing_is_taken_in(apart: Capitals, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    apart.ind.run("exchange", "pack", "--from", "0", "-o", str(pack))
    before = json.loads(apart.ind.run("status", "--json").stdout)["ledgers"]
    refused = apart.ind.run("exchange", "unpack", str(pack), "--json", good=False)
    assert refused.returncode == 1
    assert [one["rule"] for one in json.loads(refused.stdout)["refused"]] == ["pack-seal"]
    assert json.loads(apart.ind.run("status", "--json").stdout)["ledgers"] == before
