"""Accounts in a real browser on a served node: a passkey set up and used, axe on every page, the policy kept."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .conftest import PASSWORD, found_node
from .test_accounts import code
from .test_look_browser import RULES

pytestmark = pytest.mark.browser

MAKE = """
import sys
from pathlib import Path
from dtti.node.people import accounts
accounts.start(Path(sys.argv[1]))
from dtti.node.people import seats
from dtti.node.core.node import Node
node = Node(Path(sys.argv[1]))
for user in sys.argv[3:]:
    person = seats.create_person(user, "A. Rao (exercise)", password=sys.argv[2], fictitious=True)
    for office, duty in (("IND/desk-officer", "project_officer"), ("IND/director", "disclosure_officer")):
        seats.give_seat(node, person, office, duty)
"""
USERS = ("key", "plain", "wide", "narrow")  # one for each test: what it sets up stays
BEFORE = ("account/sign-in", "account/closed", "demo-sign-in", "no-such-page")
INSIDE = (
    "account/",
    "account/seat",
    "account/passkeys",
    "account/sign-out",
    "account/password",
    "account/second-factor",
    "account/second-factor/app",
    "account/second-factor/passkeys",
    "account/second-factor/passkeys/add",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A node served by gunicorn as `dtti serve` does it; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("site") / "ind"
    found_node(folder, page_address=f"localhost:{port}", demonstration=True).close()
    subprocess.run([sys.executable, "-c", MAKE, str(folder), PASSWORD, *USERS], check=True, timeout=60)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:dtti.web.gunicorn", "dtti.web.wsgi:application"]
    with (folder.parent / "served").open("wb") as log:
        served = subprocess.Popen(
            command, env={**os.environ, "DTTI_NODE": str(folder)}, stderr=log, start_new_session=True
        )
    address = f"http://localhost:{port}"
    try:
        _answers(address, served, folder.parent / "served")
        yield address
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(40) == 0


def _answers(address: str, served: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if served.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/account/sign-in", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium here; Debian: apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--no-first-run"])
        yield browser
        browser.close()


@pytest.fixture
def room(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has used."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def listen(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def sign_in(page: Page, site: str, user: str) -> None:
    page.goto(f"{site}/account/sign-in")
    page.fill("#id_login", user)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def test_a_passkey_is_set_up_and_then_signs_in_by_itself(room: BrowserContext, site: str) -> None:
    page = room.new_page()
    complaints = listen(page)
    device = room.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page, site, "key")
    page.goto(f"{site}/account/second-factor/passkeys/add")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.fill("#id_name", "Laptop")
    page.check("#id_passwordless")
    page.get_by_role("button", name="Set up a passkey").click()
    page.wait_for_url("**/account/second-factor/recovery")
    page.goto(f"{site}/account/second-factor/passkeys")
    assert "Laptop" in page.inner_text("main")
    assert "signs in without a password" in page.inner_text("main")

    page.goto(f"{site}/account/sign-out")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site}/account/sign-in?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site}/account/")
    assert "A. Rao (exercise)" in page.inner_text("main")

    page.goto(f"{site}/account/second-factor/passkeys")
    page.get_by_role("link", name="Remove it").click()
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**/account/second-factor/passkeys")
    assert complaints == []


def test_without_a_device_the_page_says_so_and_stays(room: BrowserContext, site: str) -> None:
    page = room.new_page()
    device = room.new_cdp_session(page)
    device.send("WebAuthn.enable")
    page.goto(f"{site}/account/sign-in")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The passkey was not used. Try again, or choose another way.").wait_for()
    assert page.url == f"{site}/account/sign-in"


def test_without_scripts_one_signs_in_and_no_passkey_is_offered(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/account/sign-in?next=/account/")
    assert page.get_by_role("button", name="Sign in with a passkey").is_visible() is False
    assert page.locator("noscript p").is_visible()
    page.fill("#id_login", "plain")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.url == f"{site}/account/"
    context.close()


@pytest.mark.parametrize(
    ("user", "prefix", "width"),
    [("wide", "", 1280), ("narrow", "hi/", 375)],
)
def test_axe_finds_nothing_on_any_page_of_the_account(
    room: BrowserContext, site: str, user: str, prefix: str, width: int
) -> None:
    page = room.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    complaints = listen(page)

    def look(names: tuple[str, ...]) -> None:
        for name in names:
            page.goto(f"{site}/{prefix}{name}")
            assert (name, violations(page)) == (name, [])
            assert (name, page.evaluate("document.documentElement.scrollWidth <= innerWidth")) == (name, True)

    look(BEFORE)
    sign_in(page, site, user)
    page.goto(f"{site}/account/second-factor/app")
    look(("account/confirm",))
    page.goto(f"{site}/account/second-factor/app")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    look(INSIDE)
    page.goto(f"{site}/account/second-factor/app")
    secret = re.search("[A-Z2-7]{16,}", page.inner_text("main"))
    assert secret is not None
    page.fill("#id_code", code(secret[0], time.time()))
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url("**/recovery")
    look(("account/second-factor/recovery", "account/second-factor/recovery/new", "account/second-factor/app/remove"))
    assert [one for one in complaints if "404" not in one] == []
