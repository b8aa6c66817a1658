"""One changed byte in a file of a node's folder: it is named, or its row in docs/settings.md says why it is not."""

import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.node.checking import verify
from dtti.node.checking.verify_files import COVERED
from dtti.node.core import mark as marks
from dtti.node.folder import config
from dtti.node.line import rotate, spill
from tests.conftest import ROOT
from tests.node import capitals
from tests.node.capitals import Pair

ACCOUNTS = ROOT / "tests" / "fixtures" / "accounts" / "0001_initial.sql"
NOTES = {"fact", "sent"}  # of a ledger store: what it notes for itself


@pytest.fixture(scope="module")
def whole(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """India's folder with every file that a node at rest has, and every kind of row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
        pair = capitals.copy(template, tmp_path_factory.mktemp("whole") / "pair")
        fill(pair)
    return pair.ind.folder


def fill(pair: Pair) -> None:
    pair.ind.national("kept-here")
    receipt = pair.ind.comment(pair.record, "erased since")
    rotate.rotate(pair.ind.node)
    pair.ind.node.checkpoint("national")
    spill.erase(pair.ind.node, receipt.act)
    for number in range(70):  # past the first turn of the mark's slots
        pair.ind.comment(pair.record, f"remark {number}")
    pair.swap()
    folder = pair.ind.folder
    pair.close()
    (folder / "keys" / "passphrase").write_bytes(capitals.PASSPHRASE)
    (folder / "secret").write_text("0a" * 32)
    with closing(sqlite3.connect(folder / "accounts.sqlite3")) as accounts:
        accounts.executescript(ACCOUNTS.read_text(encoding="utf-8"))
        accounts.execute("UPDATE node_seat SET until = '2026-01-03'")  # no act gave it: in force it would be a fault
        accounts.commit()


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def named(folder: Path) -> bool:
    """Whether verifying the folder, or opening what is in it, says that something is wrong."""
    try:
        reports = verify.verify(folder)
    except (Refused, config.ConfigError) as error:
        return bool(str(error))
    faults = [one for report in reports for one in report.faults]
    assert all(one.where and one.reason for one in faults)
    return bool(faults)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a database file holds, its schema and version too."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as held:
        held.text_factory = bytes
        found: dict[str, list[tuple[object, ...]]] = {
            "": [
                *held.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"),
                *held.execute("PRAGMA user_version"),
            ]
        }
        for (name,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[name.decode()] = held.execute(f'SELECT * FROM "{name.decode()}"').fetchall()
    return found


def same_rows(before: Path, after: Path) -> bool:
    was, now = rows(before), rows(after)
    return {name: was[name] for name in {*was} - NOTES} == {name: now.get(name) for name in {*was} - NOTES}


def same_structure(before: Path, after: Path) -> bool:
    """As many rows in each table; where the schema reads otherwise, its columns are the same, or opening names them."""
    was, now = rows(before), rows(after)
    if {name: len(held) for name, held in was.items()} != {name: len(held) for name, held in now.items()}:
        return False
    if was[""] == now[""] or columns(before) == columns(after):
        return True
    shutil.copyfile(after, after.parent / "changed" / "accounts.sqlite3")
    words = [sys.executable, "-m", "dtti.cli.main", "person", "list", "--node", str(after.parent / "changed")]
    opened = subprocess.run(words, capture_output=True, text=True, env=capitals.environment())
    return opened.returncode == 1 and "the accounts database" in opened.stderr


def columns(path: Path) -> dict[str, set[str]]:
    """The columns of every table."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as held:
        tables = [str(name) for (name,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: {str(row[0]) for row in held.execute("SELECT name FROM pragma_table_info(?)", (name,))}
            for name in tables
        }


def same_settings(before: Path, after: Path) -> bool:
    one, other = config.read(before.parent), config.read(after.parent)
    return (one.side, one.programme, one.environment) == (other.side, other.programme, other.environment)


#: What must be as it was where nothing is named: what the row of the file says is not found, and no more.
UNNAMED: dict[str, Callable[[Path, Path], bool]] = {
    "node.toml": same_settings,
    "ledger.sqlite3": same_rows,
    "record.sqlite3": same_rows,
    "accounts.sqlite3": same_structure,
    "secret": lambda _, after: bool(re.fullmatch(r"[0-9a-f]{64}", after.read_text())),
    "mark": lambda before, after: marks.read(before) == marks.read(after),  # white space at the end of an empty slot
    "today": lambda *_: True,
    "staged": lambda *_: True,
}


def test_every_file_of_a_folder_is_said_to_be_covered_or_not(whole: Path):
    assert {each.partition("/")[0] if each.startswith("staged") else each for each in files(whole)} <= set(COVERED)
    assert not named(whole)
    table = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").split("## The folder")[1].split("\n## ")[0]
    said = {}
    for line in table.splitlines():
        if line.startswith("| `"):
            names, *_, words = [cell.strip() for cell in line.strip("|").split("|")]
            said |= dict.fromkeys(re.findall(r"`([^`]+)`", names), words)
    assert said == COVERED


def one_changed(whole: Path, folder: Path, file: str, place: int, bit: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    data = bytearray((folder / file).read_bytes())
    data[place] ^= 1 << bit
    (folder / file).write_bytes(data)
    harmed = folder.with_name("harmed")
    shutil.copyfile(folder / file, harmed)  # as it is before anything is opened
    if named(folder):
        return
    check = UNNAMED.get(file)
    assert check is not None, f"byte {place} of {file}, bit {bit}, is changed and nothing names it"
    before, after = whole / file, harmed
    if file == "node.toml":
        (folder / file).write_bytes(harmed.read_bytes())
        after = folder / file
    assert check(before, after), f"byte {place} of {file}, bit {bit}, changes what it says and nothing names it"


FILES = ["accounts.sqlite3", "keys/node.keys", "keys/passphrase", "keys/power.keys", "keys/root.keys", "ledger.sqlite3",
         "mark", "node.toml", "record.sqlite3", "secret"]  # fmt: skip


def sampled(whole: Path, tmp_path: Path, file: str, count: int, seed: int) -> None:
    size = (whole / file).stat().st_size
    chance = random.Random(f"{file} {seed}")
    for number in range(count):
        place = min(size - 1, size * number // count + chance.randrange(max(1, size // count)))
        one_changed(whole, tmp_path / "changed", file, place, chance.randrange(7))


@pytest.mark.long
@pytest.mark.parametrize("file", FILES)
def test_one_changed_byte_is_named(whole: Path, tmp_path: Path, file: str):
    assert set(FILES) <= set(files(whole))
    sampled(whole, tmp_path, file, 5, 0)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(1, 9))
@pytest.mark.parametrize("file", FILES)
def test_one_changed_byte_is_named_wherever_it_is(whole: Path, tmp_path: Path, file: str, seed: int):
    sampled(whole, tmp_path, file, 40, seed)


@pytest.mark.long
def test_a_column_of_the_accounts_whose_name_was_changed_is_named_when_they_are_opened(whole: Path, tmp_path: Path):
    shutil.copytree(whole, tmp_path / "changed")
    path = tmp_path / "changed" / "accounts.sqlite3"
    place = path.read_bytes().index(b'"verified" bool') + 2
    one_changed(whole, tmp_path / "changed", "accounts.sqlite3", place, 1)
    assert columns(tmp_path / "harmed") != columns(whole / "accounts.sqlite3")
