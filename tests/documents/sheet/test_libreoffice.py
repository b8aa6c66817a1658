"""LibreOffice opens our workbooks, edits and saves them; what comes back is read with exactly its change."""

import datetime as dt
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.documents.sheet.numbers import Money
from dtti.documents.sheet.table import Cell, Table
from dtti.documents.sheet.write_csv import write_csv
from dtti.documents.sheet.write_xlsx import write_xlsx
from dtti.papers.registers import read_register

from .books import ACTIONS, CONTRACTS, action, book, notices, problems, saved, values
from .reading import read_table
from .test_write import COLUMNS, ORIGIN

pytestmark = pytest.mark.office

ROWS: list[tuple[Cell, ...]] = [
    ("=1+1", -5, Money(Decimal("2906.5"), "INR"), Decimal("12.5"), "2026-04-03"),
    ("क्षत्रिय\nदूसरी पंक्ति", 10**20, Money(5, "USD"), 45, "2026-04"),
    ("-5", Decimal("0.1"), None, None, "1857-05-10"),
    ("_x0041_ ' 0012 ", 12345678, Money(10**17 + 1, "INR"), 100, "2027"),
]


def converted(source: Path, to: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in another format, by a process of its own."""
    folder.mkdir()
    ended = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(folder),
            str(source),
        ],
        capture_output=True,
        timeout=180,
        check=False,
    )
    made = folder / f"{source.stem}.{to.split(':')[0]}"
    assert made.is_file(), ended.stderr.decode()
    return made


def edited(source: Path, folder: Path, before: str, after: str) -> Path:
    """The workbook with one text exchanged by LibreOffice: as flat XML it is edited, and saved as a workbook again."""
    flat = converted(source, "fods", folder / "flat")
    text = flat.read_text(encoding="utf-8")
    assert text.count(f"<text:p>{before}</text:p>") == 1
    flat.write_text(text.replace(f"<text:p>{before}</text:p>", f"<text:p>{after}</text:p>"), encoding="utf-8")
    return converted(flat, "xlsx", folder / "edited")


def test_an_edited_cell_is_the_only_change(tmp_path: Path) -> None:
    sent = tmp_path / "table.xlsx"
    sent.write_bytes(write_xlsx(Table(COLUMNS, [*ROWS, ("to be changed", 1, None, None, None)], ORIGIN)))
    back = edited(sent, tmp_path, "to be changed", "बदला गया")
    assert list(read_table(back, COLUMNS)) == [*ROWS, ("बदला गया", 1, None, None, None)]


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_workbook_saved_by_libreoffice_is_the_same_table(tmp_path: Path, language: str) -> None:
    sent = tmp_path / "table.xlsx"
    sent.write_bytes(write_xlsx(Table(COLUMNS, ROWS, ORIGIN), language))  # type: ignore[arg-type] # one of the two
    back = converted(sent, "xlsx", tmp_path / "back")
    assert list(read_table(back, COLUMNS)) == ROWS


def test_an_opendocument_sheet_saved_as_a_workbook_is_read(tmp_path: Path) -> None:
    made, sheet = book(
        CONTRACTS,
        ("C-1", "Example", 12345678, dt.date(2027, 1, 26), 12, "Example Works"),
        ("C-2", "Example", "₹1,23,456", "24/10/2026", "=E2*2", "Example Works"),
    )
    sheet["C2"].number_format = "[$₹-4009] #,##,##0.00"
    first = tmp_path / "register.xlsx"
    first.write_bytes(saved(made))
    assert problems(read_register(first, "contracts")) == [("E3", "sheet-formula")]
    opened = converted(first, "ods", tmp_path / "ods")
    back = read_register(converted(opened, "xlsx", tmp_path / "back"), "contracts")
    assert [row["value"] for row in values(back)] == [Money(12345678, "INR"), Money(123456, "INR")]
    assert [row["signed"] for row in values(back)] == ["2027-01-26", "2026-10-24"]
    assert [row["quantity"] for row in values(back)] == [12, 24]
    assert notices(back)["sheet-formulas"].endswith("1, the first in E3")


def test_an_opendocument_sheet_itself_is_refused_by_kind(tmp_path: Path) -> None:
    made, _ = book(ACTIONS, action())
    first = tmp_path / "register.xlsx"
    first.write_bytes(saved(made))
    opened = converted(first, "ods", tmp_path / "ods")
    with pytest.raises(Refused) as caught:
        read_register(opened, "actions")
    assert caught.value.refusals[0].rule == "package-kind"
    assert "OpenDocument" in caught.value.refusals[0].reason


def test_csv_of_ours_opened_by_libreoffice_runs_nothing(tmp_path: Path) -> None:
    sent = tmp_path / "table.csv"
    sent.write_bytes(write_csv(Table(COLUMNS[:1], [("=1+1",), ("+1+1",), ("@SUM(1;1)",)], ORIGIN)))
    flat = converted(sent, "fods", tmp_path / "flat").read_text(encoding="utf-8")
    assert "table:formula" not in flat
    for said in ("'=1+1", "'+1+1", "'@SUM(1;1)"):
        assert f"<text:p>{said.replace(chr(39), '&apos;')}</text:p>" in flat or f"<text:p>{said}</text:p>" in flat
