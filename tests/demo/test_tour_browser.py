"""README's ten minutes, step by step as written, in two windows of a real browser and in a shell."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.cli.served import PATIENCE, answers, until
from tests.demo.test_served import going_on, row_of_ports

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

README = (Path(__file__).resolve().parent.parent.parent / "README.md").read_text(encoding="utf-8")
NET, SUCCESS = "Shipboard drone recovery net", "Success of Shipboard drone recovery net"


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Page, Page, int]]:
    """A window at each capital of a new demonstration, and the first of its ports."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium here; Debian: apt-get install chromium")
    port = row_of_ports()
    with going_on(tmp_path / "pair", port), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--no-first-run"])
        windows = [browser.new_context(viewport={"width": 1280, "height": 900}).new_page() for _ in range(2)]
        for window in windows:
            window.set_default_timeout(PATIENCE * 1000)
        yield windows[0], windows[1], port
        browser.close()


def sign_in(window: Page, address: str, person: str) -> None:
    """One click signs in as a staged person."""
    window.goto(address)
    window.get_by_role("link", name="Sign in", exact=True).click()
    window.get_by_role("button", name=person).first.click()


def waits(window: Page, address: str, name: str) -> None:
    """Load the desk until something of that name waits on it."""

    def there() -> bool:
        window.goto(address)
        return window.get_by_role("link", name=f"Answer the text: {name}").count() > 0

    until(there, f"{name} does not come")


def test_the_tour_goes_as_the_readme_says(desks: tuple[Page, Page, int]) -> None:
    delhi, washington, port = desks
    india, usa = f"http://ind.localhost:{port}/", f"http://usa.localhost:{port + 1}/"

    # 1. Delhi: the desk.
    sign_in(delhi, india, "Cdr. Arjun Rao")
    for head in ("Asked of you", "Waiting on the United States", "Late and due", "What changed in the last 30 days"):
        expect(delhi.get_by_role("heading", name=head)).to_be_visible()

    # 2. The project; an earlier date takes the page back to it.
    delhi.get_by_role("link", name="Projects", exact=True).click()
    delhi.get_by_role("main").get_by_role("link", name=NET, exact=True).click()
    for head in ("What success means", "Statements and sources", "Agreements and statements of intent"):
        expect(delhi.get_by_role("heading", name=head)).to_be_visible()
    project = delhi.url
    expect(delhi.get_by_role("main")).to_contain_text("agreed here, version 2")
    delhi.goto(f"{project}?known={earlier(delhi)}")
    expect(delhi.get_by_text("Not now.")).to_be_visible()
    expect(delhi.get_by_role("main")).not_to_contain_text("agreed here, version 2")

    # 3. Its success definition waits on India: compare, and send back a counter-text.
    delhi.goto(india)
    delhi.get_by_role("link", name=SUCCESS).first.click()
    expect(delhi.get_by_role("main")).to_contain_text("Six minutes: the deck must be clear")
    delhi.get_by_role("link", name="Send back", exact=True).click()
    delhi.get_by_role("button", name="Write a counter-text instead").click()
    delhi.fill("#id_measures__1__target", "7")
    delhi.fill("#id_remarks", "Seven: the hook is rigged by hand.")
    delhi.get_by_role("button", name="Check your answers").last.click()
    delhi.get_by_role("button", name="Send back with this counter-text").click()
    for said in ("What stands now", "Who is next"):
        expect(delhi.get_by_role("main")).to_contain_text(said)

    # 4. Washington: it waits there; agree to it.
    sign_in(washington, usa, "Daniel Ortega")
    waits(washington, usa, SUCCESS)
    washington.get_by_role("link", name=SUCCESS).first.click()
    washington.get_by_role("link", name="Agree", exact=True).click()
    if washington.get_by_role("button", name="Check your answers").count():
        washington.get_by_role("button", name="Check your answers").last.click()
    washington.locator("main button[name=confirm]").click()
    expect(washington.get_by_role("main")).to_contain_text("Recorded: agreed")

    # 5. Both desks and both official records show it, and under which grade.
    for window, address in ((delhi, india), (washington, usa)):

        def settled(window: Page = window, address: str = address) -> bool:
            window.goto(f"{address}projects/{project.rstrip('/').rpartition('/')[2]}/")
            return (
                "agreed here, version 2" in window.locator("section", has_text="What success means").last.inner_text()
            )

        until(settled, f"{address} does not show it")
        window.goto(address)
        expect(window.get_by_role("main")).to_contain_text(SUCCESS)
        window.get_by_role("link", name="Both official records").click()
        expect(window.get_by_role("heading", level=1)).to_be_visible()

    # 6. Stop Washington from the striped band, and record the next step from a letter.
    delhi.get_by_role("link", name="Washington is running").click()
    delhi.get_by_role("button", name="Stop Washington").click()
    until(lambda: not answers(f"127.0.0.1:{port + 1}"), "Washington does not stop")
    delhi.goto(f"{india}work/{project.rstrip('/').rpartition('/')[2]}/")
    delhi.get_by_role("link", name="Record from paper", exact=True).click()
    delhi.get_by_label("Both sides, at once").check()
    delhi.locator("input[name=text_basis][value=paper]").check()
    delhi.fill("#id_paper_number", "EX/2026/114")
    delhi.fill("#id_paper_date", "2026-11-20")
    delhi.fill("#id_purpose", "Recover fixed-wing drones under 60 kg; the letter adds patrol vessels.")
    delhi.get_by_role("button", name="Check your answers").last.click()
    delhi.locator("main button[name=confirm]").click()
    expect(delhi.get_by_role("main")).to_contain_text("Recorded")
    delhi.get_by_role("link", name="Washington is stopped").click()
    delhi.get_by_role("button", name="Start Washington").click()
    until(lambda: answers(f"127.0.0.1:{port + 1}"), "Washington does not start again")


def earlier(window: Page) -> str:
    """A day soon after the first text of the project was agreed, long before the second: by the dates on its page."""
    days = sorted({(each.get_attribute("datetime") or "")[:10] for each in window.locator("main time").all()} - {""})
    return (date.fromisoformat(next(day for day in days if len(day) == 10)) + timedelta(days=20)).isoformat()


def test_the_pair_as_plain_folders_is_verified_and_one_changed_byte_is_found(tmp_path: Path) -> None:
    blocks = re.findall(r"^ {7}(\./run dtti .*)$", README, re.MULTILINE)
    demo, verify = [block.split()[1:] for block in blocks if "/tmp/pair" in block]
    assert demo[:2] == ["dtti", "demo"]
    assert verify[:2] == ["dtti", "verify"]

    def run(words: list[str]) -> subprocess.CompletedProcess[str]:
        given = [word.replace("/tmp/pair", str(tmp_path / "pair")) for word in words[1:]]
        command = [sys.executable, "-m", "dtti.cli.main", *given]
        return subprocess.run(command, capture_output=True, text=True, timeout=600)

    assert run(demo).returncode == 0
    assert run(verify).returncode == 0
    ledger = tmp_path / "pair" / "ind" / "ledger.sqlite3"
    data = bytearray(ledger.read_bytes())
    at = data.index(b"Recover fixed-wing drones")  # in a text
    data[at] ^= 1
    ledger.write_bytes(data)
    said = run(verify)
    assert said.returncode == 1
    assert "body" in said.stdout
