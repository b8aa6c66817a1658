"""A passkey over the act in a real browser: made on the page, bound from the command line, signing what the page shows.

The authenticator is Chromium's virtual one; the other capital, both verifiers and the proof are the real ones.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page
from tests.conftest import ROOT
from tests.node import capitals as small
from tests.node.capitals import FAR, Pair, project

from dtti.accord import table
from dtti.ledger import keyfile
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.folder import config

from .test_accounts_browser import chromium, listen, violations  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.browser

KIND = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}


@dataclass
class Site:
    """India's pages, served; both capitals' folders."""

    pair: Pair
    port: int

    @property
    def address(self) -> str:
        return f"http://ind.localhost:{self.port}"

    @property
    def folder(self) -> str:
        return str(self.pair.ind.folder)

    def dtti(self, *words: str) -> str:
        """A command on India's node, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "dtti.cli.main", *words], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def offer(self, ref: str) -> str:
        """A project that Washington offers; its record."""
        record = new_record("project", "USA")
        self.pair.usa.write("propose", record, table.Propose(0, "USA", FAR), text.Text(content=project(ref)))
        self.pair.swap()
        return record


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("passkeys")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_N", 2**4)
        patch.setenv("DTTI_PASSPHRASE", small.PASSPHRASE.decode())
        (folder / "built").mkdir()
        small.build(folder / "built")
    for side in ("ind", "usa"):
        (folder / "built" / side / "keys" / "passphrase").write_text(small.PASSPHRASE.decode())
        (folder / "built" / side / "keys" / "passphrase").chmod(0o600)
    pair = small.copy(folder / "built", folder / "pair")
    kept = config.read(pair.ind.folder)
    named = {"page_address": f"127.0.0.1:{port}", "pages_url": f"http://ind.localhost:{port}"}
    config.write(pair.ind.folder, msgspec.structs.replace(kept, **named, demonstration=True))
    pair.ind = pair.ind.again()
    people = f"a.rao|Arjun Rao (exercise)|{pair.ind.office}|co_chair"
    environment = {**os.environ, "DTTI_NODE": str(pair.ind.folder), "DTTI_PEOPLE": people, "DTTI_WORKERS": "1"}
    subprocess.run([sys.executable, "-m", "dtti.demo.people"], env=environment, check=True, timeout=120)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:dtti.web.gunicorn", "dtti.web.wsgi:application"]
    with (folder / "served").open("wb") as log:
        served = subprocess.Popen(command, env=environment, stderr=log, start_new_session=True)
    try:
        for _ in range(300):
            assert served.poll() is None, (folder / "served").read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/account/sign-in", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Site(pair, port)
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(40) == 0
        pair.close()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:  # noqa: F811
    """Someone of India at the pages, with a device that checks who it is."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    device = context.new_cdp_session(opened)
    device.send("WebAuthn.enable")
    made = {**KIND, "isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": made})
    opened.goto(f"{site.address}/demo-sign-in")
    opened.get_by_role("button", name="Arjun Rao (exercise)").click()
    yield opened
    context.close()


def enrol(page: Page, site: Site) -> str:
    """Make a passkey on the page and have the power keys bind it; its number."""
    page.goto(f"{site.address}/account/passkeys")
    page.get_by_role("button", name="Make a passkey for this office").click()
    page.get_by_text("asked for, not bound").last.wait_for()
    name = page.locator("main li code").last.inner_text()
    bound = json.loads(site.dtti("passkey", "bind", name, "--node", site.folder, "--json"))
    return str(bound["credential"])


def work(record: str, page: str) -> str:
    return f"/work/{record.rsplit('/', 1)[1]}/{page}/"


def test_an_agreement_is_confirmed_by_passkey_and_every_verifier_says_so(
    page: Page, site: Site, tmp_path: Path
) -> None:
    complaints = listen(page)
    enrol(page, site)
    assert violations(page) == []
    record = site.offer("ex-passkey")
    page.goto(site.address + work(record, "agree"))
    assert violations(page) == []
    page.get_by_role("button", name="with a passkey").click()
    page.wait_for_url("**/work/done/**")
    assert "confirmed by passkey of the office Secretariat" in page.inner_text("main")
    identity = page.url.rstrip("/").rpartition("/")[2]
    page.goto(f"{site.address}/record/acts/{identity}/")
    assert "Confirmed by passkey of the office Secretariat" in page.inner_text("main")
    assert [each for each in complaints if "RS256" not in each] == []  # Chromium would have us take others too

    site.pair.ind = site.pair.ind.again()
    from dtti.node.line.attend import attend

    site.pair.swap()
    attend(site.pair.usa.node)
    site.pair.swap()
    assert site.pair.usa.node.book.view(record).version == 1
    proof = tmp_path / "proof.json"
    site.dtti("prove", record, "--node", str(site.pair.usa.folder), "-o", str(proof))
    assert "Confirmed by passkey for IND." in site.dtti("check", str(proof))
    site.dtti("verify", site.folder)
    site.dtti("verify", str(site.pair.usa.folder))
    if shutil.which("node"):
        done = subprocess.run(
            ["node", str(ROOT / "verifier" / "verify.mjs"), "--json", str(proof)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        assert (done.returncode, found["good"]) == (0, True)
        assert "Confirmed by passkey for IND." in found["says"]


def test_an_answer_of_the_device_is_for_one_page_alone(page: Page, site: Site) -> None:
    enrol(page, site)
    record, other = site.offer("ex-first"), site.offer("ex-second")
    page.goto(site.address + work(record, "agree"))
    page.evaluate("""() => { const form = document.querySelector('[data-assert]').closest('form');
        form.requestSubmit = function () { window.caught = form.elements.passkey.value; }; }""")
    page.get_by_role("button", name="with a passkey").click()
    page.wait_for_function("window.caught")
    caught = page.evaluate("window.caught")
    page.goto(site.address + work(other, "agree"))
    page.evaluate(
        """caught => { const form = document.querySelector('[data-assert]').closest('form');
        form.elements.passkey.value = caught;
        const said = document.createElement('input');
        Object.assign(said, { type: 'hidden', name: 'confirm', value: 'passkey' });
        form.append(said); form.submit(); }""",
        caught,
    )
    page.get_by_text("Nothing was recorded").wait_for()
    assert "it signs another form than this act's" in page.inner_text("main")


def test_at_another_address_the_page_says_where_passkeys_work(page: Page, site: Site) -> None:
    enrol(page, site)
    record = site.offer("ex-elsewhere")
    page.goto(f"http://127.0.0.1:{site.port}/demo-sign-in")
    page.get_by_role("button", name="Arjun Rao (exercise)").click()
    page.goto(f"http://127.0.0.1:{site.port}" + work(record, "agree"))
    page.get_by_role("button", name="with a passkey").click()
    page.get_by_text("nothing is recorded").wait_for()
    assert site.address in page.inner_text("[data-answer]")
    page.get_by_role("button", name="server-held key").click()
    page.wait_for_url("**/work/done/**")
    assert "server-held key" in page.inner_text("main")


def test_a_device_that_does_not_check_the_person_confirms_nothing(chromium: Browser, site: Site) -> None:  # noqa: F811
    context = chromium.new_context()
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = {**KIND, "isUserVerified": False, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": made})
    page.goto(f"{site.address}/demo-sign-in")
    page.get_by_role("button", name="Arjun Rao (exercise)").click()
    page.goto(f"{site.address}/account/passkeys")
    page.get_by_role("button", name="Make a passkey for this office").click()
    page.locator("[data-answer]:not([hidden])").wait_for()
    context.close()
