"""A table in other programs: texts stay texts, numbers numbers, dates dates; same table, same bytes."""

import csv as plain_csv
import datetime as dt
import io
import subprocess
import sys
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from dtti.accord.refusal import Refused
from dtti.documents.sheet.numbers import Money
from dtti.documents.sheet.table import Cell, Origin, Table, TableColumn, from_json, template
from dtti.documents.sheet.write_csv import write_csv
from dtti.documents.sheet.write_xlsx import write_xlsx
from dtti.documents.values import Words
from dtti.papers.registers import REGISTERS, read_register, register

COLUMNS = (
    TableColumn(Words(en="Item", hi="मद")),
    TableColumn(Words(en="Number", hi="संख्या"), "number"),
    TableColumn(Words(en="Value", hi="मूल्य"), "money"),
    TableColumn(Words(en="Share", hi="अंश"), "percent"),
    TableColumn(Words(en="Due", hi="नियत तारीख़"), "date"),
)
ORIGIN = Origin(
    Words(en="Example table", hi="उदाहरण तालिका"),
    source=Words(en="The record of the example", hi="उदाहरण का अभिलेख"),
    as_of="2026-11-22",
    made="2026-11-22T04:30:00Z",
    marking="UNCLASSIFIED // REL TO IND, USA",
)
RUNS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "'=1")


def table(*rows: tuple[Cell, ...]) -> Table:
    return Table(COLUMNS, rows, ORIGIN)


@pytest.mark.parametrize("text", RUNS)
def test_no_text_runs_as_a_formula_in_csv(text: str) -> None:
    data = write_csv(table((text, None, None, None, None)))
    (_, row) = plain_csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row[0] == "'" + text


def test_csv_has_a_bom_and_crlf_and_negative_numbers_stay_numbers() -> None:
    data = write_csv(
        table(
            ("a;=b", -5, Money(Decimal("-2.5"), "INR"), Decimal("-0.5"), "2026-04-03"), ("x", 1, None, None, "2026-04")
        )
    )
    assert data == (
        b'\xef\xbb\xbf"Item","Number","Value","Share","Due"\r\n'
        b'"a;=b",-5,INR -2.5,-0.5%,2026-04-03\r\n'
        b'"x",1,,,"Apr 2026"\r\n'
    )


def test_a_workbook_holds_texts_numbers_and_real_dates_for_another_program() -> None:
    data = write_xlsx(
        table(("=1+1", -5, Money(2906, "INR"), Decimal("12.5"), "2026-04-03"), ("b", 2, None, None, "2026-04"))
    )
    read = load_workbook(io.BytesIO(data))
    sheet = read["Example table"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "n", "d"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", -5, 2906, 0.125, dt.datetime(2026, 4, 3)]  # noqa: DTZ001 - a workbook knows no zone
    assert [cell.number_format for cell in sheet[2]][2:] == ["[$INR] #,##0_)", "0.0%_)", "d mmm yyyy"]
    assert sheet["E3"].value == "Apr 2026"
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B2", "A1:E3", "$1:$1")
    assert sheet["A1"].font.name == "Nirmala UI"
    assert [[cell.value for cell in row] for row in read["Notes"].iter_rows()] == [
        ["Table", "Example table"],
        ["Source", "The record of the example"],
        ["As of", "22 Nov 2026"],
        ["Made", "22 Nov 2026, 04:30 UTC"],
        ["Marking", "UNCLASSIFIED // REL TO IND, USA"],
        ["Rows", "2"],
    ]
    read.close()


def test_a_hindi_workbook_has_hindi_headings_sheets_and_months() -> None:
    read = load_workbook(io.BytesIO(write_xlsx(table(("क", 1, None, None, "2026-04")), "hi")))
    assert read.sheetnames == ["उदाहरण तालिका", "टिप्पणी"]
    assert [cell.value for cell in read["उदाहरण तालिका"][1]] == ["मद", "संख्या", "मूल्य", "अंश", "नियत तारीख़"]
    assert read["उदाहरण तालिका"]["E2"].value == "अप्रैल 2026"
    read.close()


def test_the_same_table_gives_the_same_bytes_in_another_process() -> None:
    here = table(*((text, number, Money(number, "USD"), 5, "2027-01-26") for number, text in enumerate(RUNS)))
    program = (
        "import sys; from tests.documents.sheet.test_write import *;"
        "here = table(*((text, number, Money(number, 'USD'), 5, '2027-01-26') for number, text in enumerate(RUNS)));"
        "sys.stdout.buffer.write(write_xlsx(here) + write_csv(here))"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert there == write_xlsx(here) + write_csv(here)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("x" * 32_768, None, None, None, None), "a cell holds 32,767"),
        (("\ud800", None, None, None, None), "half a character"),
        ((5, None, None, None, None), "in a column of text"),
        ((None, "5", None, None, None), "in a column of number"),
        ((None, Decimal("NaN"), None, None, None), "more digits"),
        ((None, 10**40, None, None, None), "more digits"),
        ((None, None, None, None, "3/4/2026"), "no date in EDTF"),
        (("a",), "1 cells for 5 columns"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_with_its_row(row: tuple[Cell, ...], said: str) -> None:
    for write in (write_csv, write_xlsx):
        with pytest.raises(Refused) as caught:
            write(table(("good", None, None, None, None), row))
        (refusal,) = caught.value.refusals
        assert refusal.rule == "sheet-table"
        assert "row 2" in refusal.reason
        assert said in refusal.reason


def test_a_table_comes_from_json_and_a_wrong_one_is_refused() -> None:
    data = (
        '{"columns": [{"heading": {"en": "Item"}}, {"heading": {"en": "Value"}, "type": "money"}, '
        '{"heading": {"en": "N"}, "type": "number"}], "origin": {"title": {"en": "T"}}, '
        '"rows": [["a", {"amount": "2.5", "currency": "INR"}, 0.1]]}'
    )
    assert from_json(data.encode()).rows == [("a", Money(Decimal("2.5"), "INR"), Decimal("0.1"))]
    for wrong in ("{", "[]", data.replace("INR", "inr"), data.replace("2.5", "x"), data.replace('"origin"', '"other"')):
        with pytest.raises(Refused) as caught:
            from_json(wrong.encode())
        assert caught.value.refusals[0].rule == "sheet-table"


@pytest.mark.parametrize("code", REGISTERS)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_an_empty_register_that_is_filled_in_is_read_column_by_column(code: str, language: str) -> None:
    empty = template(register(code), language)  # type: ignore[arg-type] # one of the two
    for write in (write_csv, write_xlsx):
        reading = read_register(write(empty, language), code)  # type: ignore[operator]
        assert [each.key for each in reading.columns] == [column.key for column in register(code).columns]
        assert {each.why for each in reading.columns} == {"name"}
        assert (reading.count, reading.problem_count) == (0, 0)
