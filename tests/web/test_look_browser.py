"""The look in a real browser: axe, narrow, enlarged, without scripts, by keyboard, drafts kept, a strict policy."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.web import gallery

pytestmark = pytest.mark.browser

ENGLISH_FACES = ["Hindi Word normal", "Noto Sans 400", "Noto Sans 600", "Noto Sans Signs normal"]
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'"
PAGES = ("en", "hi", "past", "sign-in.en", "sign-in.hi")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


class Strict(SimpleHTTPRequestHandler):
    """Serves a folder under the content policy the product promises; keeps what is posted to it."""

    posted: list[bytes]
    answer = 204

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_POST(self) -> None:
        self.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *parts: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("gallery")
    gallery.write(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium here; Debian: apt-get install chromium")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path, args=[*quiet, "--disable-component-update", "--disable-sync"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, *, width: int = 1280, **context: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page and what the browser complained of while it was open."""
    room = browser.new_context(viewport={"width": width, "height": 900}, **context)
    page, complaints = room.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address, wait_until="load")
    yield page, complaints
    room.close()


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_the_policy_is_kept(browser: Browser, address: str, name: str, width: int) -> None:
    with opened(browser, f"{address}/{name}.html", width=width) as (page, complaints):
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert complaints == []
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


# 320 px is also a page of 1280 px enlarged to 400 %.
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_off_the_side_at_320_px(browser: Browser, address: str, name: str) -> None:
    with opened(browser, f"{address}/{name}.html", width=320) as (page, _complaints):
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_shipped_fonts_are_the_ones_used_and_english_pages_fetch_no_hindi_face(
    browser: Browser, address: str
) -> None:
    loaded = """document.fonts.ready.then(() => [...document.fonts].filter(face => face.status === 'loaded')
        .map(face => face.family + ' ' + face.weight).sort())"""
    with opened(browser, f"{address}/en.html") as (page, _complaints):
        assert page.evaluate(loaded) == ENGLISH_FACES
    with opened(browser, f"{address}/hi.html") as (page, _complaints):
        assert {"Noto Sans Devanagari 400", "Noto Sans Devanagari 600"} <= set(page.evaluate(loaded))


@pytest.mark.parametrize("name", ["en", "hi"])
def test_hindi_has_room_and_no_letter_is_spaced_or_capitalised(browser: Browser, address: str, name: str) -> None:
    measure = """[...document.querySelectorAll('main *')].filter(part => part.matches(':lang(hi)') && part.offsetHeight
        && [...part.childNodes].some(node => node.nodeType === 3 && /[\\u0900-\\u097f]/.test(node.data)))
        .filter(part => { const s = getComputedStyle(part)
            return parseFloat(s.lineHeight) / parseFloat(s.fontSize) < 1.59
                || s.letterSpacing !== 'normal' || s.textTransform !== 'none' })
        .map(part => part.outerHTML.slice(0, 120))"""
    with opened(browser, f"{address}/{name}.html") as (page, _complaints):
        assert page.evaluate(measure) == []


def test_without_scripts_no_control_is_dead(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/en.html", java_script_enabled=False) as (page, complaints):
        assert page.locator("[data-copy]").first.is_visible() is False
        assert page.locator("form#drafting textarea").is_editable()
        page.locator(".asof summary").click()
        assert page.locator("#t-on").is_visible()
        assert complaints == []


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/en.html") as (page, _complaints):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.crumb') !== null")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_draft_is_kept_while_one_types_and_a_failure_is_said(browser: Browser, address: str) -> None:
    Strict.posted, Strict.answer = [], 204
    with opened(browser, f"{address}/en.html") as (page, _complaints):
        page.locator("form#drafting").evaluate("form => { form.dataset.autosave = '/draft' }")
        page.locator("#id_problem").fill("Six minutes & no more")
        page.get_by_text("Draft saved").wait_for()
        assert b"problem=Six+minutes+%26+no+more" in Strict.posted[-1]
        assert b"base=1" in Strict.posted[-1]
        Strict.answer = 403
        page.locator("#id_problem").fill("Five")
        page.get_by_text("Draft not saved").wait_for()
        assert page.locator("#id_problem").input_value() == "Five"


def test_an_answer_of_the_system_takes_the_focus(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/sign-in.en.html") as (page, _complaints):
        assert page.evaluate("document.activeElement.querySelector('h2').textContent") == "Please put this right"


def test_colours_chosen_by_the_reader_leave_sides_and_stages_apart(browser: Browser, address: str) -> None:
    swatch = "side => getComputedStyle(document.querySelector('.side.' + side), '::before').backgroundImage"
    with opened(browser, f"{address}/en.html", forced_colors="active") as (page, _complaints):
        assert page.evaluate(swatch, "IND") == "none"
        assert "repeating-linear-gradient" in page.evaluate(swatch, "USA")
        ring = "name => getComputedStyle(document.querySelector('.stages .' + name), '::before').borderTopWidth"
        assert [page.evaluate(ring, name) for name in ("done", "now", "next")] == ["8px", "5px", "2px"]
