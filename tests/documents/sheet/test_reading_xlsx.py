"""A register in a workbook: both date systems, merged, hidden, calculated and wrong cells, several sheets."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from dtti.accord.refusal import Refused
from dtti.documents.sheet.numbers import Money
from dtti.papers.registers import read_register

from .books import ACTIONS, CONTRACTS, action, book, notices, problems, saved, values

DAY = dt.date(2027, 1, 26)


def altered(data: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The workbook with texts of one part exchanged: what no program of ours would write."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                for before, after in changes:
                    assert before.encode() in text
                    text = text.replace(before.encode(), after.encode())
            new.writestr(name, text)
    return held.getvalue()


def test_real_dates_numbers_and_sums_are_read_as_such() -> None:
    made, sheet = book(CONTRACTS, ("C-1", "Example", 12345678, DAY, 12, "Example Works"))
    sheet["C2"].number_format = "[$₹-4009] #,##0.00"
    reading = read_register(saved(made), "contracts")
    assert problems(reading) == []
    assert values(reading) == [
        {
            "ref": "C-1", "item": "Example", "value": Money(12345678, "INR"), "signed": "2027-01-26", "quantity": 12,
            "maker": "Example Works",
        }
    ]  # fmt: skip


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    made, _ = book(ACTIONS, ("A-1", "Send", "Desk", DAY, "open"))
    made.epoch = CALENDAR_MAC_1904
    data = saved(made)
    assert b"date1904" in zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml")
    assert values(read_register(data, "actions"))[0]["due"] == "2027-01-26"


def test_a_date_shown_as_a_month_is_that_month() -> None:
    made, sheet = book(ACTIONS, ("A-1", "Send", "Desk", dt.date(2027, 1, 1), "open"))
    sheet["D2"].number_format = "mmm yyyy"
    reading = read_register(saved(made), "actions")
    assert values(reading)[0]["due"] == "2027-01"
    assert notices(reading)["sheet-month"].endswith("1, the first in D2")


def test_a_plain_number_is_a_year_or_no_date() -> None:
    made, _ = book(ACTIONS, ("A-1", "Send", "Desk", 2027, "open"), ("A-2", "Send", "Desk", 46413, "open"))
    reading = read_register(saved(made), "actions")
    assert reading.preview[0].values["due"] == "2027"
    assert problems(reading) == [("D3", "sheet-date-number")]
    assert "26 Jan 2027" in reading.problems[0].told("en")["reason"]


def test_real_dates_beside_text_of_one_order_are_suspected() -> None:
    rows = [("A-1", "Send", "Desk", dt.date(2026, 4, 3), "open"), ("A-2", "Send", "Desk", "24/10/2026", "open")]
    made, _ = book(ACTIONS, *rows)
    assert "the first in D2" in notices(read_register(saved(made), "actions"))["sheet-order-suspect"]
    made, _ = book(ACTIONS, *rows, ("A-3", "Send", "Desk", DAY, "open"))
    assert "sheet-order-suspect" not in notices(read_register(saved(made), "actions"))


def test_a_reference_that_became_a_date_is_a_problem() -> None:
    made, _ = book(ACTIONS, (DAY, "Send", "Desk", DAY, "open"))
    assert problems(read_register(saved(made), "actions")) == [("A2", "sheet-ref-date")]


def test_percentages_are_read_by_their_format() -> None:
    heads = ("Ref", "Project", "Indian share", "US share")
    made, sheet = book(heads, ("P-1", "Example glider", 0.45, 55), ("P-2", "Other", 0.45, "55%"))
    sheet["C2"].number_format = "0%"
    reading = read_register(saved(made), "projects")
    assert problems(reading) == [("C3", "sheet-percent-scale")]
    assert reading.preview[0].values["share_ind"] == 45
    assert [row.values["share_usa"] for row in reading.preview] == [55, 55]


def test_merged_headings_and_a_merged_title_are_understood() -> None:
    made, sheet = book(
        ("Register of actions", None, None, None, None),
        ("Action no.", "Action", "Responsibility", None, "Due"),
        (None, None, "India", "US", None),
        ("A-1", "Send", "Desk One", "Desk Two", DAY),
    )
    for cells in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        sheet.merge_cells(cells)
    reading = read_register(saved(made), "actions")
    assert values(reading) == [
        {"ref": "A-1", "text": "Send", "owner_ind": "Desk One", "owner_usa": "Desk Two", "due": "2027-01-26"}
    ]
    assert notices(reading)["sheet-two-rows"] == "The headings stand in two rows (2–3) and were read as one"


def test_merged_cells_below_are_filled_down_sections_left_out_and_the_rest_refused() -> None:
    made, sheet = book(
        ACTIONS,
        ("Land", None, None, None, None),
        ("A-1", "Send", "Example Desk", DAY, "open"),
        ("A-2", "Send", None, DAY, "open"),
        ("A-3", "Send", "Both cells", None, "open"),
    )
    for cells in ("A2:E2", "C3:C4", "C5:D5"):
        sheet.merge_cells(cells)
    reading = read_register(saved(made), "actions")
    assert [row.values.get("owner_ind") for row in reading.preview][:2] == ["Example Desk", "Example Desk"]
    said = notices(reading)
    assert said["sheet-sections"] == "Rows that are headings of a section were left out: 2 “Land”"
    assert said["sheet-filled"].endswith("1, the first in C4")
    assert problems(reading) == [("C5", "sheet-merged"), ("D5", "sheet-required")]


def test_formulas_give_their_stored_result_or_are_a_problem() -> None:
    made, _ = book(ACTIONS, ("A-1", "Send", "Desk", DAY, "=open"), ("=1+1", "Send", "Desk", DAY, "open"))
    data = saved(made)
    assert problems(read_register(data, "actions")) == [("E2", "sheet-formula"), ("A3", "sheet-formula")]
    stored = altered(
        data,
        "xl/worksheets/sheet1.xml",
        ("<f>open</f><v></v>", "<f>open</f><v>open</v>"),
        ("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>"),
    )
    stored = altered(stored, "xl/worksheets/sheet1.xml", ('<c r="E2"', '<c r="E2" t="str"'))
    reading = read_register(stored, "actions")
    assert [row["ref"] for row in values(reading)] == ["A-1", "2"]
    assert notices(reading)["sheet-formulas"].endswith("2, the first in E2")
    assert "sheet-recalculate" in notices(reading)


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_value_is_a_problem(error: str) -> None:
    made, sheet = book(ACTIONS, action())
    sheet["D2"] = error
    assert sheet["D2"].data_type == "e"
    reading = read_register(saved(made), "actions")
    assert problems(reading) == [("D2", "sheet-error")]
    assert error in reading.problems[0].told("hi")["reason"]


def test_hidden_rows_and_columns_are_read_and_hidden_sheets_are_not() -> None:
    made, sheet = book(ACTIONS, action(), action(ref="A-2"))
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    made.create_sheet("Old").sheet_state = "hidden"
    made.create_sheet("Legend")
    reading = read_register(saved(made), "actions")
    assert reading.count == 2
    said = notices(reading)
    assert said["sheet-hidden-rows"] == "Hidden rows, which were read too: 1, the first is row 3"
    assert said["sheet-hidden-columns"] == "Hidden columns were read too: C"
    assert said["sheet-hidden-sheets"] == "Hidden sheets were not read: Old"
    assert said["sheet-other-sheets"] == "Other sheets were not read: Legend"


def test_of_two_sheets_that_fit_alike_one_must_be_named() -> None:
    made, _ = book(ACTIONS, action(), title="2026")
    other = made.create_sheet("2027")
    for row in (ACTIONS, action(ref="B-1")):
        other.append(list(row))
    data = saved(made)
    with pytest.raises(Refused) as caught:
        read_register(data, "actions")
    assert caught.value.refusals[0].rule == "sheet-which"
    assert values(read_register(data, "actions", sheet="2027"))[0]["ref"] == "B-1"
    kept = read_register(data, "actions", sheet="2027").mapping
    assert values(read_register(data, "actions", kept))[0]["ref"] == "B-1"
    with pytest.raises(Refused) as caught:
        read_register(data, "actions", sheet="2028")
    assert caught.value.refusals[0].rule == "sheet-no-sheet"


def test_the_kind_is_told_by_what_a_file_holds(tmp_path: Path) -> None:
    made, _ = book(ACTIONS, action())
    misnamed = tmp_path / "register.csv"
    misnamed.write_bytes(saved(made))
    assert read_register(misnamed, "actions").count == 1
    text = tmp_path / "register.xls"
    text.write_bytes("\t".join(ACTIONS).encode() + b"\r\n" + "\t".join(action()).encode())
    assert "sheet-named" in notices(read_register(text, "actions"))


def test_strict_workbooks_read_alike() -> None:
    made, _ = book(ACTIONS, action())
    data = saved(made)
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        data = altered(
            data,
            part,
            (
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
        )
    assert values(read_register(data, "actions"))[0]["due"] == "2027-01-26"
