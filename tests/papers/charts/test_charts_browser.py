"""Charts on a page in a real browser: nothing is refused by a strict policy, labels are as narrow as was reckoned."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from dtti.documents.charts.scene import box
from dtti.papers import charts

pytestmark = pytest.mark.browser

_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'"


class Strict(SimpleHTTPRequestHandler):
    """Serves a folder under the content policy of the pages."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", _POLICY)
        super().end_headers()

    def log_message(self, *parts: object) -> None:
        pass


def _drawn() -> dict[str, charts.Chart]:
    made = {}
    for name in charts.CHARTS:
        for language in ("en", "hi"):
            data = charts.read(name, charts.sample(name))
            made[f"{name}-{language}"] = charts.draw(data, language, width=1000.0)  # type: ignore[arg-type]
    return made


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder: Path = tmp_path_factory.mktemp("charts")
    static = files("dtti.web") / "static" / "dtti"
    (folder / "fonts").mkdir()
    (folder / "dtti.css").write_bytes((static / "dtti.css").read_bytes())
    for face in (static / "fonts").iterdir():
        (folder / "fonts" / face.name).write_bytes(face.read_bytes())
    figures = "".join(charts.html(chart, key=key) for key, chart in _drawn().items())
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Charts</title>'
        '<link rel="stylesheet" href="dtti.css">'
        f'<body><main id="main"><h1>Charts</h1>{figures}</main></body></html>',
        "utf-8",
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        opened = browser.new_page()
        said: list[str] = []
        opened.on("console", lambda message: said.append(message.text))
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        opened.evaluate("document.fonts.ready.then(() => true)")
        assert [each for each in said if "policy" in each.lower()] == []
        yield opened
        browser.close()
    server.shutdown()
    server.server_close()


def test_no_label_is_wider_than_was_reckoned(page: Page) -> None:
    measured = page.evaluate(
        "[...document.querySelectorAll('svg text')].map(t => [t.textContent, t.getComputedTextLength()])"
    )
    texts = [text for chart in _drawn().values() for text in chart.scene.texts]
    assert [each[0] for each in measured] == [text.text for text in texts]
    for (_, wide), text in zip(measured, texts, strict=True):
        left, _, right, _ = box(text)
        assert wide <= right - left + 0.5, text.text


def test_the_figures_meet_the_rules_of_accessibility(page: Page) -> None:
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(page, options=rules).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
