"""Reads back a table that `write_xlsx` or `write_csv` wrote, or that was edited since: exactly, cell by cell.

Unlike a register, nothing is cleaned or guessed here: what was written comes back, and what does not fit its column is
refused with its cell. Knows no register.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from dtti.documents.sheet import dates, numbers
from dtti.documents.sheet.grid import Cell as Stored
from dtti.documents.sheet.numbers import Money
from dtti.documents.sheet.phrases import Fault
from dtti.documents.sheet.reading import open_source
from dtti.documents.sheet.table import Cell, CellType, TableColumn
from dtti.documents.sheet.text import address, shown
from dtti.documents.values import Language

_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_EDTF = re.compile(r"(?:1[0-8]\d\d|2[2-9]\d\d|0\d{3}|[3-9]\d{3})(?:-\d\d){0,2}|\d{4}-\d\d-\d\d|\[.*\.\.|.*\]")
_MONEY = re.compile(r"([A-Z]{3}) (-?\d+(?:\.\d+)?)")


def read_table(
    source: bytes | Path, columns: tuple[TableColumn, ...], *, name: str = "", language: Language = "en"
) -> Iterator[tuple[Cell, ...]]:
    """The rows of the first sheet, typed as `columns` say; headings in either language.

    Refused by `sheet-table` where headings differ or a cell does not fit, and as `read_register` refuses files.
    """
    name = name or (source.name if isinstance(source, Path) else "The file")
    try:
        opened = open_source(source, name)
        headings = False
        for row in opened.sheets[0].rows():
            if not headings:
                _same_headings(row.cells, columns, escaped=opened.escaped)
                headings = True
                continue
            yield tuple(
                _value(row.cells.get(at), column.type, address(row.number, at), opened.escaped, opened.since_1904)
                for at, column in enumerate(columns)
            )
    except Fault as fault:
        raise fault.refused(language) from None


def _same_headings(cells: dict[int, Stored], columns: tuple[TableColumn, ...], *, escaped: bool) -> None:
    for at, column in enumerate(columns):
        said = _text(cells.get(at), escaped=escaped) or ""
        if said not in (column.heading.en, column.heading.hi):
            raise Fault(
                "sheet-table", why=f"{address(1, at)}: “{shown(said)}” ≠ “{shown(column.heading.spoken('en')[0])}”"
            )


def _text(cell: Stored | None, *, escaped: bool) -> str | None:
    if cell is None:
        return None
    return cell.text[1:] if escaped and _ESCAPED.match(cell.text) else cell.text


def _value(cell: Stored | None, type_: CellType, where: str, escaped: bool, since_1904: bool) -> Cell:
    said = _text(cell, escaped=escaped)
    if cell is None or said is None:
        return None
    made: Cell = None
    if cell.formula == "bare" or cell.kind == "error":
        made = None
    elif type_ == "text":
        made = _number_words(cell) if cell.kind == "number" else said
    elif type_ == "date":
        made = _date(cell, said, since_1904=since_1904)
    elif type_ == "money":
        made = _money(cell, said)
    elif cell.kind == "number":
        number = numbers.of_cell(cell.text)
        made = numbers.whole(Decimal(number) * 100) if type_ == "percent" else number
    else:
        bare = said.removesuffix("%") if type_ == "percent" else said
        made = numbers.whole(Decimal(bare)) if re.fullmatch(r"-?\d+(?:\.\d+)?", bare) else None
    if made is None:
        raise Fault("sheet-table", why=f"{where}: “{shown(said)}” ({type_})")
    return made


def _number_words(cell: Stored) -> str:
    value = numbers.of_cell(cell.text)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _money(cell: Stored, said: str) -> Money | None:
    if cell.kind == "number":
        return Money(numbers.of_cell(cell.text), cell.currency) if cell.currency else None
    found = _MONEY.fullmatch(said)
    return Money(numbers.whole(Decimal(found[2])), found[1]) if found else None


def _date(cell: Stored, said: str, *, since_1904: bool) -> str | None:
    if cell.kind == "number" and cell.shows in ("day", "month", "year"):
        return dates.read_serial(float(cell.text), since_1904=since_1904, shows="day").iso or None
    if cell.kind == "number":
        value = numbers.of_cell(cell.text)
        return str(value) if isinstance(value, int) and 1900 <= value <= 2199 else None
    if _EDTF.fullmatch(said):
        return said
    found = dates.read_text(said)
    return found.iso if not found.fault and found.fits == "" else None
