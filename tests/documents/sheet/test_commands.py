"""`dtti sheet import`, `export` and `template`: what they print, what they write, how they end."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from dtti.cli import sheets

from .books import action, csv

app = typer.Typer()
sheets.add(app)


@app.callback()
def _root() -> None:
    """As the table of commands has one."""


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    ended = CliRunner().invoke(app, ["sheet", *arguments])
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.exit_code, ended.stdout, ended.stderr


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "actions.csv"
    path.write_bytes(csv(action(due="03/04/2026"), action(ref="A-2")))
    return path


def test_a_good_register_is_shown_and_ends_well(good: Path) -> None:
    code, out, _ = run("import", "--dry-run", str(good), "--register", "actions", "--date-order", "dmy")
    assert code == 0
    assert "Due: 3 Apr 2026; Status: open" in out
    assert out.endswith("Every row can be taken.\n")


def test_problems_are_listed_by_cell_and_end_badly(good: Path) -> None:
    code, out, _ = run("import", "--dry-run", str(good), "--register", "actions", "--lang", "hi")
    assert code == 1
    assert "D2  “03/04/2026” का अर्थ 3 अप्रैल 2026 भी हो सकता है और 4 मार्च 2026 भी" in out


def test_json_says_the_same(good: Path) -> None:
    code, out, _ = run("import", "--dry-run", str(good), "--register", "actions", "--json")
    told = json.loads(out)
    assert (code, told["good"], told["rows"]) == (1, False, 2)
    assert [(each["cell"], each["rule"]) for each in told["problems"]] == [("D2", "sheet-date-order")]
    assert told["preview"][1]["values"]["due"] == "2027-01-26"


def test_a_mapping_is_kept_once_and_read_from_then_on(good: Path, tmp_path: Path) -> None:
    kept = tmp_path / "mapping.json"
    run("import", "--dry-run", str(good), "--register", "actions", "--date-order", "mdy", "--mapping", str(kept))
    assert json.loads(kept.read_text())["columns"] == ["ref", "text", "owner_ind", "due", "status"]
    before = kept.read_bytes()
    code, out, _ = run("import", "--dry-run", str(good), "--register", "actions", "--mapping", str(kept))
    assert code == 0
    assert "Due: 4 Mar 2026" in out
    assert kept.read_bytes() == before
    kept.write_text('{"register": 5}')
    code, out, _ = run("import", "--dry-run", str(good), "--register", "actions", "--mapping", str(kept), "--json")
    assert (code, json.loads(out)["refused"][0]["rule"]) == (1, "sheet-mapping")


def test_without_dry_run_nothing_is_read(good: Path) -> None:
    code, _, err = run("import", str(good), "--register", "actions")
    assert code == 1
    assert err == (
        "refused: This command reads and shows; it changes no record\n   rule: sheet-dry-run\n remedy: Add --dry-run.\n"
        " source: docs/papers/sheets.md, version papers 1 (stated), in force from 2026-11-22\n"
    )


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    code, _, err = run("import", "--dry-run", str(tmp_path / "none.xlsx"), "--register", "actions")
    assert code == 1
    assert "rule: file" in err


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_an_empty_register_is_written_and_read_back(tmp_path: Path, suffix: str) -> None:
    made = tmp_path / f"contacts.{suffix}"
    assert run("template", "--register", "contacts", "-o", str(made), "--lang", "hi")[0] == 0
    assert run("import", "--dry-run", str(made), "--register", "contacts")[0] == 0


def test_a_table_is_exported_by_the_name_of_the_file(tmp_path: Path) -> None:
    data = tmp_path / "table.json"
    data.write_text('{"columns": [{"heading": {"en": "Item"}}], "rows": [["=1"]], "origin": {"title": {"en": "T"}}}')
    made = tmp_path / "table.csv"
    code, out, _ = run("export", "--data", str(data), "-o", str(made), "--json")
    assert (code, json.loads(out)["rows"]) == (0, 1)
    assert made.read_bytes() == b'\xef\xbb\xbf"Item"\r\n"\'=1"\r\n'
    assert run("export", "--data", str(data), "-o", str(tmp_path / "table.pdf"))[0] == 2
