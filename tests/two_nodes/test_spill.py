"""A text that should not have been sent is erased: gone on both nodes, said on both pages, and everything verifies."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .capitals import Capitals, dtti
from .desks import Desk, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes")]

SPILLED = b"Eight minutes after the barge trial."
WHY = "A figure from a national trial stood in it."


@pytest.fixture(scope="module")
def desks(browser: Browser, capitals: Capitals) -> Iterator[list[Desk]]:
    with signed_in(browser, capitals.ind) as delhi, signed_in(browser, capitals.usa) as washington:
        yield [delhi, washington]
        assert delhi.complaints + washington.complaints == []


def act_of(desk: Desk) -> str:
    """The id of the act that carries the spilled text, from the history of its record."""
    desk.go("/success/")
    desk.follow(re.compile("Shipboard drone recovery net"))
    row = desk.section("history").get_by_role("listitem").filter(has_text=SPILLED.decode())
    address = row.get_by_role("link").first.get_attribute("href") or ""
    return address.strip("/").rsplit("/", 1)[-1]


def test_a_spilled_text_is_gone_on_both_nodes_and_both_pages_say_by_whom_when_and_why(
    desks: list[Desk], capitals: Capitals, tmp_path: Path
) -> None:
    act = act_of(desks[0])
    for desk in desks:
        desk.go(f"/record/acts/{act}/")
        desk.sees(SPILLED.decode())
    capitals.ind.run("erase", act, "--reason", "spill", "--remarks", WHY)
    for desk in desks:
        desk.comes(f"/record/acts/{act}/", "erased")
        assert SPILLED.decode() not in desk.page.content()
        desk.sees("by order of India", "marked above what may stand here")
        assert re.search(r"by order of India,\s+\d{1,2} \w{3} 20\d\d", desk.main.inner_text())
        desk.main.locator("p", has_text="by order of India").get_by_role("link").click()
        desk.sees(WHY)
        desk.go("/record/entries/")
        desk.press("Integrity check")
        desk.sees("Integrity check: sound")
    for capital in (capitals.ind, capitals.usa):
        assert dtti(["verify", str(capital.folder)]).stdout.startswith("GOOD.")
        pack, backup = tmp_path / f"{capital.side}.pack", tmp_path / f"{capital.side}.tar"
        capital.run("exchange", "pack", "--open", "--from", "0", "-o", str(pack))
        capital.run("backup", str(backup))
        assert SPILLED not in pack.read_bytes()
        files = [path for path in capital.folder.rglob("*") if path.is_file()]
        assert [path.name for path in files if SPILLED in path.read_bytes()] == []
