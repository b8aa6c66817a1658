"""Writes a table as an Excel workbook: a sheet to work in and print, and a sheet of notes. Knows no register.

Texts are stored as texts, never as formulas or links. Numbers are grouped as the reader's own machine groups them (lakh
and crore in India). Days are real dates, shown with the month as a word; what is less than a day is text, since a
spreadsheet would make it the first of the month.
"""

import datetime as dt
import io
import re
from decimal import Decimal
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter  # type: ignore[import-untyped] # ships no types; what is called is annotated here

from dtti.documents.values import Language, Words
from dtti.language.dates import day

from . import dates
from .numbers import Money
from .phrases import Fault
from .table import Cell, Table, TableColumn, checked, date_words, digits

FONT = "Nirmala UI"
"""Ships with Windows since 8 and has Devanagari and Latin alike; elsewhere a program falls back to Noto."""
MOST_ROWS = 1_048_575
_INK, _SOFT, _WASH, _LINE = "#1b202a", "#565d69", "#efeee8", "#d9d6cd"
_DAY = {"en": "d mmm yyyy", "hi": "[$-439]d mmmm yyyy"}
_NOTES = Words(en="Notes", hi="टिप्पणी")
_LABELS: dict[str, Words] = {
    "title": Words(en="Table", hi="तालिका"),
    "source": Words(en="Source", hi="स्रोत"),
    "as_of": Words(en="As of", hi="इस तारीख़ की स्थिति"),
    "made": Words(en="Made", hi="बनाई गई"),
    "marking": Words(en="Marking", hi="अंकन"),
    "rows": Words(en="Rows", hi="पंक्तियाँ"),
    "notes": Words(en="Notes", hi="टिप्पणियाँ"),
}
_LINE_HEIGHT = 16  # points; 1.6 of the type, as Devanagari wants it
_PAGE = Words(en="Page &P of &N", hi="पृष्ठ &P / &N")
_RUNS = re.compile(r"[=+\-@\t\r]")
_OVERLAP = re.compile(r"(?<=_x[0-9a-fA-F]{4}_)(?=x[0-9a-fA-F]{4}_)")


def write_xlsx(table: Table, language: Language = "en") -> bytes:
    """The workbook as bytes, headings and notes in `language`; Refused (`sheet-table`) where a cell is unfit.

    Same table, same bytes: the time in its properties is `origin.made`, or 1 Jan 1980 where that is not given.
    """
    try:
        return _written(table, language)
    except Fault as fault:
        raise fault.refused(language) from None


def _written(table: Table, language: Language) -> bytes:
    rows = list(checked(table))
    if len(rows) > MOST_ROWS:
        raise Fault("sheet-table", why=f"{len(rows):,} rows; a sheet of Excel holds {MOST_ROWS:,}")
    title = table.origin.title.spoken(language)[0]
    held = io.BytesIO()
    look = {"font_name": FONT, "font_size": 10, "font_color": _INK, "valign": "top"}
    book = xlsxwriter.Workbook(held, {"in_memory": True, "default_format_properties": look})
    made = table.origin.made
    when = dt.datetime.fromisoformat(made.removesuffix("Z")) if made else dt.datetime(1980, 1, 1)  # noqa: DTZ001
    book.set_properties({"title": title, "created": when, "comments": table.origin.marking})
    sheet = book.add_worksheet(_sheet_name(title))
    _set_page(sheet, table, title, language)
    formats = _Formats(book, language)
    widths = [_width(column, at, rows, language) for at, column in enumerate(table.columns)]
    for at, column in enumerate(table.columns):
        right = column.type in ("number", "money", "percent")
        _write_text(sheet, 0, at, column.heading.spoken(language)[0], formats.heading(right=right))
        sheet.set_column(at, at, widths[at])
        if column.choices and len(",".join(column.choices)) <= 255:
            sheet.data_validation(
                1, at, max(len(rows), 1_000), at, {"validate": "list", "source": list(column.choices)}
            )
    for down, row in enumerate(rows, 1):
        lines = max(_lines(cell, width) for cell, width in zip(row, widths, strict=True))
        if lines > 1:
            sheet.set_row(down, min(lines * _LINE_HEIGHT + 2, 400))
        for at, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            if cell is None:
                sheet.write_blank(down, at, None, formats.text(literal=False))
            else:
                _write(sheet, down, at, cell, column, formats)
    last = len(table.columns) - 1
    sheet.freeze_panes(1, 1 if last > 3 else 0)
    sheet.autofilter(0, 0, len(rows), last)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xlsxwriter.utility.xl_rowcol_to_cell(len(rows), last)}"})
    _write_notes(book, table, len(rows), language)
    book.close()
    return held.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, language: Language) -> None:
        self._book, self.language = book, language
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **look: Any) -> Any:
        """The format of that look."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def heading(self, *, right: bool) -> Any:
        """The format of a heading."""
        return self.of(
            bold=True, bg_color=_WASH, bottom=1, bottom_color=_INK, text_wrap=True, valign="bottom",
            align="right" if right else "left", indent=1 if right else 0,
        )  # fmt: skip

    def text(self, *, literal: bool) -> Any:
        """The format of a text; `literal` keeps one that looks like a formula a text when the cell is edited."""
        look = {"text_wrap": True, "num_format": "@", "bottom": 4, "bottom_color": _LINE}
        return self.of(**look, quote_prefix=True) if literal else self.of(**look)

    def number(self, code: str) -> Any:
        """The format of a number."""
        # `_)` leaves the room of a bracket, so that a number does not touch the text of the next column.
        spaced = code if code == "@" else f"{code}_)"
        return self.of(num_format=spaced, align="right", bottom=4, bottom_color=_LINE)


def _write(sheet: Any, row: int, at: int, cell: Cell, column: TableColumn, formats: _Formats) -> None:
    if isinstance(cell, str):
        if column.type == "date":
            _write_date(sheet, row, at, cell, formats)
        else:
            _write_text(sheet, row, at, cell, formats.text(literal=bool(_RUNS.match(cell))))
        return
    if isinstance(cell, Money):
        code, value = f"[${cell.currency}] #,##0", cell.amount
    else:
        code, value = "#,##0", cell or 0
    fraction = -int(Decimal(value).as_tuple().exponent)
    if column.type == "percent":
        value, code = Decimal(value) / 100, "0" + ("." + "0" * min(fraction, 10) if fraction > 0 else "") + "%"
    elif fraction > 0:
        code += "." + "0" * max(2 if isinstance(cell, Money) else 1, min(fraction, 10))
    if len(Decimal(value).normalize().as_tuple().digits) > 15:  # more than a spreadsheet holds as a number
        said = digits(value if column.type != "percent" else cell)  # type: ignore[arg-type] # percent is a number
        prefix = f"{cell.currency} " if isinstance(cell, Money) else ""
        suffix = "%" if column.type == "percent" else ""
        sheet.write_string(row, at, prefix + said + suffix, formats.number("@"))
        return
    sheet.write_number(row, at, float(value), formats.number(code))


def _write_date(sheet: Any, row: int, at: int, iso: str, formats: _Formats) -> None:
    try:
        whole = dt.date.fromisoformat(iso) if len(iso) == 10 else None
    except ValueError:
        whole = None
    if whole and dt.date(1900, 3, 1) <= whole < dt.date(2200, 1, 1):
        look = formats.of(num_format=_DAY[formats.language], align="left", bottom=4, bottom_color=_LINE)
        sheet.write_number(row, at, dates.serial(whole), look)
    else:
        _write_text(sheet, row, at, date_words(iso, formats.language), formats.text(literal=False))


def _write_text(sheet: Any, row: int, at: int, text: str, look: Any) -> None:
    """Write a text as it is.

    xlsxwriter takes a text from `<r>` to `</r>` for markup of its own and writes it raw; and of two escapes that share
    an underscore it escapes one. Such a text is given as that markup: runs that hold it, a new one at each overlap.
    """
    pieces = _OVERLAP.split(text) if "_x" in text else [text]
    if len(pieces) > 1 or (text.startswith("<r>") and text.endswith("</r>")):
        text = "".join(f'<r><t xml:space="preserve">{escape(piece)}</t></r>' for piece in pieces)
    if sheet.write_string(row, at, text, look):
        raise Fault("sheet-table", why=f"row {row}: {len(text):,} characters as a workbook stores them")


def _sheet_name(title: str) -> str:
    """A title as the name of a sheet: what Excel forbids is left out, 31 UTF-16 units at most."""
    made = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")
    while len(made.encode("utf-16-le")) > 62:
        made = made[:-1]
    made = made.strip(" '")
    return (
        made if made and made.lower() not in ("history", *(each.lower() for each in (_NOTES.en, _NOTES.hi))) else "DTTI"
    )


def _width(column: TableColumn, at: int, rows: list[tuple[Cell, ...]], language: Language) -> float:
    """A width in characters that shows most of a column's cells in one line, 60 at most."""
    if column.width:
        return column.width
    if column.type == "date":
        return 18 if language == "hi" else 14
    lengths = sorted(_length(row[at], language) for row in rows[:500] if row[at] is not None)
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    heading = column.heading.spoken(language)[0]
    longest_word = max((len(word) for word in heading.split()), default=0)
    return max(8, min(60, max(usual, longest_word + 3, len(heading) / 2 + 3) * 1.05 + 2))


def _lines(cell: Cell, width: float) -> int:
    """How many lines a text takes in a column, about: a letter has nine tenths of the width of a digit."""
    if not isinstance(cell, str) or (len(cell) < width and "\n" not in cell):
        return 1
    return sum(max(1, ceil(len(line) * 0.9 / width)) for line in cell.split("\n"))


def _length(cell: Cell, language: Language) -> int:
    if isinstance(cell, Money):
        return len(digits(cell.amount)) * 4 // 3 + 5
    if isinstance(cell, str):
        return max(map(len, cell.split("\n")))
    return len(digits(cell or 0)) * 4 // 3


def _set_page(sheet: Any, table: Table, title: str, language: Language) -> None:
    """On paper: A4, as wide as one page, headings on each, marking and page number at the foot."""
    sheet.set_paper(9)
    if len(table.columns) > 5:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_default_row(_LINE_HEIGHT + 1)
    sheet.hide_gridlines(1)
    marking = table.origin.marking.replace("&", "&&")[:80]
    sheet.set_header(f"&L{title.replace('&', '&&')[:120]}&R{marking}")
    sheet.set_footer(f"&L{marking}&R{_PAGE.spoken(language)[0]}")


def _write_notes(book: Any, table: Table, count: int, language: Language) -> None:
    origin = table.origin
    sheet = book.add_worksheet(_NOTES.spoken(language)[0])
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    label = book.add_format({"font_color": _SOFT, "text_wrap": True})
    value = book.add_format({"text_wrap": True})
    first = book.add_format({"text_wrap": True, "bold": True})
    lines = [
        ("title", origin.title.spoken(language)[0]),
        ("source", origin.source.spoken(language)[0] if origin.source else ""),
        ("as_of", day(origin.as_of, language)),
        ("made", _moment(origin.made, language)),
        ("marking", origin.marking),
        ("rows", str(count)),
        *(("notes", each.spoken(language)[0]) for each in origin.notes),
    ]
    row, before = 0, ""
    for name, said in lines:
        if said:
            if name != before:
                _write_text(sheet, row, 0, _LABELS[name].spoken(language)[0], label)
            _write_text(sheet, row, 1, said, first if name == "title" else value)
            row, before = row + 1, name


def _moment(made: str, language: Language) -> str:
    given, _, time = made.partition("T")
    return f"{day(given, language)}, {time[:5]} UTC" if time else day(given, language)
