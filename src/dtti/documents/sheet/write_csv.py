"""Writes a table as CSV (RFC 4180): UTF-8 with a BOM, CRLF, every text quoted. Knows no register.

A text that begins with `=`, `+`, `-`, `@`, tab or return would run as a formula when a spreadsheet program opens the
file (OWASP, "CSV Injection"); it gets an apostrophe before it, and so does a text that already begins with apostrophes
before such a sign, so that reading takes exactly one off and nothing is lost. Only texts: a negative number stays a
number.
"""

import re

from dtti.documents.values import Language

from .numbers import Money
from .phrases import Fault
from .table import Cell, CellType, Table, checked, date_words, digits

_RUNS = re.compile(r"'*[=+\-@\t\r]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def write_csv(table: Table, language: Language = "en") -> bytes:
    """The table as bytes, headings and names of months in `language`; Refused (`sheet-table`) where a cell is unfit.

    Days are ISO dates, months `Apr 2026`, money `INR 25000000`, percentages `45%`. Same table, same bytes.
    """
    try:
        lines = [",".join(_text(column.heading.spoken(language)[0]) for column in table.columns)]
        for row in checked(table):
            pairs = zip(row, table.columns, strict=True)
            lines.append(",".join(_field(cell, column.type, language) for cell, column in pairs))
        return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
    except Fault as fault:
        raise fault.refused(language) from None


def _text(text: str) -> str:
    escaped = f"'{text}" if _RUNS.match(text) else text
    return '"' + escaped.replace('"', '""') + '"'


def _field(cell: Cell, type_: CellType, language: Language) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return f"{cell.currency} {digits(cell.amount)}"
    if isinstance(cell, str):
        if type_ == "date":
            return cell if _DAY.fullmatch(cell) else _text(date_words(cell, language))
        return _text(cell)
    return digits(cell) + ("%" if type_ == "percent" else "")
