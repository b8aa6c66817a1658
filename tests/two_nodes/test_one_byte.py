"""One changed byte in a pack, an export, the store of a stopped node: found by command and on the page, with where."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .capitals import Capital, Capitals, dtti, pair
from .desks import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes")]

SAID = b"Eight minutes after the barge trial."  # a remark of the exercise, in the clear in a body


def change(path: Path, place: int) -> None:
    """Change one bit of the byte at `place`."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An open pack and an export of Delhi's released ledger, before anything is changed."""
    made = tmp_path_factory.mktemp("whole")
    delhi = pair(folder).ind
    delhi.run("exchange", "pack", "--open", "--from", "0", "-o", str(made / "pack"))
    delhi.run("export", "--bodies", "-o", str(made / "export"))
    known = ["--constitution", json.loads(delhi.run("status", "--json", good=False).stdout)["constitution"]]
    for name in ("pack", "export"):
        assert dtti(["verify", str(made / name)]).stdout.startswith("NOT CONFIRMED.")
        assert dtti(["verify", str(made / name), *known]).stdout.startswith("GOOD.")
    return made


@pytest.fixture(scope="module")
def delhi(folder: Path, whole: Path) -> Iterator[Capital]:
    """Delhi served alone."""
    capital = pair(folder).ind
    capital.serve()
    yield capital
    capital.stop()


@pytest.mark.parametrize("seed", range(3))
def test_a_changed_pack_is_found_bad_by_command_and_on_the_page(
    browser: Browser, delhi: Capital, whole: Path, tmp_path: Path, seed: int
) -> None:
    pack = tmp_path / "pack"
    shutil.copy(whole / "pack", pack)
    change(pack, random.Random(seed).randrange(pack.stat().st_size))
    found = dtti(["verify", str(pack)], good=False)
    assert (found.returncode, found.stdout.split()[0]) == (1, "BAD.")
    where = [line.strip() for line in found.stdout.splitlines() if "(rule " in line]
    assert where, found.stdout
    with signed_in(browser, delhi) as desk:
        desk.go("/check/")
        desk.page.set_input_files("#id_file", pack)
        desk.press("Check")
        desk.sees("Integrity check: does not verify")
        desk.sees(where[0].split(": ")[0])


def test_a_changed_entry_of_an_export_is_found_and_named(whole: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    shutil.copytree(whole / "export", export)
    tiles = sorted(path for path in export.rglob("*") if path.is_file() and "entries" in path.parts)
    change(tiles[-1], tiles[-1].stat().st_size // 2)
    found = dtti(["verify", str(export)], good=False)
    assert found.returncode == 1
    assert "entry " in next(line for line in found.stdout.splitlines() if "(rule " in line)


def leaf_of(store: Path) -> tuple[int, bytes]:
    """Position and bytes of an entry of the store of a stopped node, from the middle of it."""
    with sqlite3.connect(f"file:{store}?mode=ro&immutable=1", uri=True) as connection:
        rows = connection.execute("SELECT pos, leaf FROM entry ORDER BY pos").fetchall()
    return rows[len(rows) // 4]


def _in_a_text(store: Path) -> int:
    return store.read_bytes().index(SAID)


def _in_an_entry(store: Path) -> int:
    _position, leaf = leaf_of(store)
    return store.read_bytes().index(leaf[40:200]) + 90


@pytest.mark.parametrize(("place", "named"), [(_in_a_text, "text"), (_in_an_entry, "entry")])
def test_a_changed_byte_in_the_store_of_a_stopped_node_is_found_and_its_page_says_where(
    browser: Browser, staged: Path, tmp_path: Path, place: Callable[[Path], int], named: str
) -> None:
    shutil.copytree(staged, tmp_path / "pair")
    both: Capitals = pair(tmp_path / "pair", line=False)
    store = both.ind.folder / "ledger.sqlite3"
    change(store, place(store))
    found = dtti(["verify", str(both.ind.folder)], good=False)
    assert (found.returncode, found.stdout.split()[0]) == (1, "BAD.")
    where = [line.strip().split(": ")[0] for line in found.stdout.splitlines() if "(rule " in line]
    assert any(named in line for line in where), found.stdout
    try:
        both.ind.serve()
        with signed_in(browser, both.ind, "Asha Menon") as desk:
            desk.go("/record/check/")
            desk.press("Check now")
            expect(desk.page.get_by_role("heading", name="Integrity check: does not verify")).to_be_visible()
            assert any(each in desk.main.inner_text() for each in where), (where, desk.main.inner_text())
    finally:
        both.ind.stop()
