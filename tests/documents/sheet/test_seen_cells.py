"""What a reader of a sheet sees beside its values is said: struck cells, comments, dates of two orders."""

import json
import zipfile

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from dtti.papers.registers import read_register
from tests.papers.cases import case

from .books import ACTIONS, action, book, csv, notices, saved
from .test_commands import run


def told(data):
    return notices(read_register(data, "actions"))


def strike(cell):
    cell.font = Font(strike=True)


def test_a_struck_cell_is_said_and_read():
    made, sheet = book(ACTIONS, action(ref="A-1"), action(ref="A-2"))
    strike(sheet["A3"])
    found = told(saved(made))["sheet-struck"]
    assert found == "Cells struck through, wholly or in part, which were read all the same: 1 (A3 “A-2”)"


def test_words_struck_within_a_cell_are_said():
    made, sheet = book(ACTIONS, action())
    cell = sheet["B2"]
    cell.value = CellRichText("Send ", TextBlock(InlineFont(strike=True), "two"), " three")
    assert f"({cell.coordinate} “Send two three”)" in told(saved(made))["sheet-struck"]


def test_many_struck_cells_are_counted_and_the_first_named():
    made, sheet = book(ACTIONS, *(action(ref=f"A-{at}") for at in range(1, 80)))
    for row in sheet.iter_rows(min_row=2, max_col=1):
        strike(row[0])
    found = told(saved(made))["sheet-struck"]
    assert ": 79 (A2 “A-1”, A3 “A-2”" in found
    assert found.endswith("…)")


def test_a_font_that_strikes_nothing_is_not_said():
    made, sheet = book(ACTIONS, action())
    sheet["A2"].font = Font(strike=False, bold=True)
    assert "sheet-struck" not in told(saved(made))


def test_comments_on_cells_are_said_with_their_words():
    made, sheet = book(ACTIONS, action(ref="A-1"), action(ref="A-2"))
    sheet["B2"].comment = Comment("Extended by both", "x")
    sheet["C3"].comment = Comment("Ask again", "y")
    found = told(saved(made))["sheet-comments"]
    assert found.endswith("2 (B2 “Extended by both”, C3 “Ask again”)")


def test_a_thread_of_comments_is_said_in_its_own_words(tmp_path):
    made, sheet = book(ACTIONS, action())
    sheet["B2"].comment = Comment("[Threaded comment] open it elsewhere", "x")
    (tmp_path / "one.xlsx").write_bytes(saved(made))
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    threads = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="B2" id="{1}"><text>Only till March</text></threadedComment></ThreadedComments>'
    )
    with zipfile.ZipFile(tmp_path / "one.xlsx") as old, zipfile.ZipFile(tmp_path / "two.xlsx", "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/_rels/sheet1.xml.rels":
                line = f'<Relationship Id="rId99" Type="{kind}" Target="/xl/threadedComments/t1.xml"/></Relationships>'
                part = part.replace(b"</Relationships>", line.encode())
            new.writestr(name, part)
        new.writestr("xl/threadedComments/t1.xml", threads)
    found = told((tmp_path / "two.xlsx").read_bytes())["sheet-comments"]
    assert found.endswith("1 (B2 “Only till March”)")


def test_dates_of_both_orders_in_one_column_are_said():
    found = told(
        csv(action(due="26/01/2027"), action(ref="A-2", due="01/27/2027"), action(ref="A-3", due="28/01/2027"))
    )
    said = found["sheet-orders"]
    assert "dates written day first (2, the first in " in said
    assert "dates written month first (1" in said


def test_dates_of_one_order_are_not():
    rows = action(due="26/01/2027"), action(ref="A-2", due="04/03/2027"), action(ref="A-3", due="27 Jan 2027")
    assert "sheet-orders" not in told(csv(*rows))


CASES = {
    "sheet/c07": "dates written day first (1, the first in D2) and dates written month first (1, the first in D3)",
    "sheet/c17": "D4  “03/04/2027” may be 3 Apr 2027 or 4 Mar 2027",
    "sheet/s03": "The headings stand in two rows (3–4) and were read as one.",
    "sheet/s09": "E6  “26/1/27” has a year of two digits.",
    "sheet/s14": "(C3 “Answer the question”)",
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_on_which_this_once_went_wrong(name):
    code, said, _ = run("import", "--dry-run", str(case(name)), "--register", "actions")
    assert CASES[name] in said
    assert code == (1 if name in ("sheet/c17", "sheet/s09") else 0)


def test_what_is_said_is_said_in_hindi_too():
    _, said, _ = run("import", "--dry-run", str(case("sheet/s14")), "--register", "actions", "--lang", "hi", "--json")
    assert "काटे गए कक्ष" in " ".join(str(each) for each in json.loads(said)["notices"])
