"""What is written as a workbook or CSV comes back exactly, and the same table gives the same bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dtti.accord.refusal import Refused
from dtti.documents.sheet.numbers import Money, whole
from dtti.documents.sheet.table import Cell, Origin, Table, TableColumn
from dtti.documents.sheet.write_csv import write_csv
from dtti.documents.sheet.write_xlsx import write_xlsx
from dtti.documents.values import Words
from dtti.language.characters import visible

from .reading import read_table

COLUMNS = (
    TableColumn(Words(en="Text", hi="पाठ")),
    TableColumn(Words(en="Number", hi="संख्या"), "number"),
    TableColumn(Words(en="Value", hi="मूल्य"), "money"),
    TableColumn(Words(en="Share", hi="अंश"), "percent"),
    TableColumn(Words(en="=Due", hi="नियत"), "date"),
)
ORIGIN = Origin(Words(en="Table of examples", hi="उदाहरण तालिका"), made="2026-11-22")

# Whole alphabets, and what is known to go wrong: escapes of workbooks, formulas, apostrophes, line ends, conjuncts.
hard = some.sampled_from(
    [
        *(
            "=1+1",
            "'=1",
            "''@x",
            "-5",
            "+91 11 2301 0000",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "a\r\nb",
            "a\rb",
            " a ",
            " ",
            "\n",
            "'",
        ),
        *("_x0041_", "_x0041_x0042_", "_x005F_", "x\x00y", "\x1f", "\ufffe", "\ufeffa", '"', 'a"b', "a;=b", "1,23,456"),
        *(
            "क्षत्रिय\u200dर्",
            "e\u0301",
            "👩‍🚀",
            "<r>",
            "</r>",
            "<r><t>x</t></r>",
            "a & <b>",
            "]]>",
            "\u202eabc",
            "2009-10",
            "TRUE",
            "#REF!",
            "03/04/2026",
            "0012",
            "1E5",
            "sep=;",
        ),
    ]
)
texts = (
    hard
    | some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
    | some.lists(hard, min_size=2, max_size=3).map("".join)
)
numbers = some.integers(-(10**20), 10**20) | some.decimals(
    min_value=-(10**9), max_value=10**9, places=4, allow_nan=False
).map(whole)
dates = (
    some.dates().map(lambda day: day.isoformat())
    | some.dates().map(lambda day: day.isoformat()[:7])
    | some.dates().map(lambda day: day.isoformat()[:4])
    | some.just("[2015-02..2023]")
)
money = some.builds(Money, numbers, some.sampled_from(["INR", "USD", "EUR", "GBP"]))
rows = some.lists(
    some.tuples(
        texts | some.none(), numbers | some.none(), money | some.none(), numbers | some.none(), dates | some.none()
    ),
    max_size=4,
)


def seen(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The rows with what cannot be seen as its code: so it stands in a file that people open."""
    return [
        tuple("\r".join(map(visible, each.split("\r"))) if isinstance(each, str) else each for each in row)
        for row in rows
    ]


def test_what_cannot_be_seen_stands_in_a_cell_as_its_code_and_a_mixed_word_as_it_is() -> None:
    table = Table(COLUMNS[:1], [("re\u200blease",), ("P\u0430tent",), ("a" + "\u0301" * 90,)], ORIGIN)
    cells = [("re[U+200B]lease",), ("P\u0430tent",), ("a[U+0301 ×2][U+0301 ×88]",)]
    for made in (write_csv(table), write_xlsx(table)):
        assert list(read_table(made, COLUMNS[:1])) == cells


@settings(max_examples=60, deadline=None)
@given(rows)
def test_csv_comes_back_as_it_was(rows: list[tuple[Cell, ...]]) -> None:
    made = write_csv(Table(COLUMNS, rows, ORIGIN))
    assert list(read_table(made, COLUMNS)) == seen(rows)


@settings(max_examples=25, deadline=None)
@given(rows, some.sampled_from(["en", "hi"]))
def test_a_workbook_comes_back_as_it_was(rows: list[tuple[Cell, ...]], language: str) -> None:
    made = write_xlsx(Table(COLUMNS, rows, ORIGIN), language)  # type: ignore[arg-type] # one of the two
    kept = [row for row in read_table(made, COLUMNS) if row != (None,) * 5]
    assert kept == [row for row in seen(rows) if row != (None,) * 5]


@pytest.mark.parametrize(
    "text", ["<r><t>x</t></r>", "<r></r>", "<r>\x00_x0041_x0042_</r>", "_x0041_x0042_x0043_", "<r>" + "<" * 32_000]
)
def test_a_text_that_looks_like_markup_comes_back_as_it_was(text: str) -> None:
    table = Table(COLUMNS[:1], [(text,)], ORIGIN)
    assert list(read_table(write_xlsx(table), COLUMNS[:1])) == seen([(text,)])


def test_markup_that_would_be_cut_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        write_xlsx(Table(COLUMNS[:1], [("<r>" + "<" * 32_000 + "</r>",)], ORIGIN))
    assert caught.value.refusals[0].rule == "sheet-table"
