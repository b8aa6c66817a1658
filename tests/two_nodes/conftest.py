"""A staged demonstration built once, copies of it that tests may spoil, and a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from .capitals import Capitals, dtti, pair


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both office systems as `dtti demo --no-serve` leaves them. Copied by whoever writes to them."""
    folder = tmp_path_factory.mktemp("staged") / "demonstration"
    dtti(["demo", "--dir", str(folder), "--no-serve"])
    return folder


@pytest.fixture(scope="module")
def folder(staged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration for one module of tests."""
    copy = tmp_path_factory.mktemp("capitals") / "pair"
    shutil.copytree(staged, copy)
    return copy


@pytest.fixture(scope="module")
def capitals(folder: Path) -> Iterator[Capitals]:
    """Both capitals served, with a line between them."""
    both = pair(folder)
    try:
        both.serve()
        yield both
    finally:
        both.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, silent on the network."""
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
