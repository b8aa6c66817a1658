"""Sheets for the tests: CSV from lines, workbooks by openpyxl, a program that is not ours. All names are made up."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dtti.documents.sheet.outcome import Reading

ACTIONS = ("Action no.", "Action", "Owner (India)", "Due", "Status")
CONTRACTS = ("Ref", "Item", "Value", "Signed", "Quantity", "Vendor")


def csv(*rows: Sequence[str], heads: Sequence[str] = ACTIONS) -> bytes:
    """Rows under headings, as Excel writes them."""
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (heads, *rows)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def action(**given: str) -> tuple[str, ...]:
    """A row of ACTIONS that nothing stands against, but for what is given."""
    said = {
        "ref": "A-1",
        "text": "Send the list",
        "owner": "Example Desk",
        "due": "26 Jan 2027",
        "status": "open",
    } | given
    return tuple(said.values())


def book(*rows: Sequence[Any], title: str = "Register") -> tuple[Workbook, Worksheet]:
    """A workbook with one sheet of these rows."""
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return made, sheet


def saved(made: Workbook) -> bytes:
    """The workbook's bytes."""
    held = io.BytesIO()
    made.save(held)
    made.close()
    return held.getvalue()


def problems(reading: Reading) -> list[tuple[str, str]]:
    """What stands against which cell."""
    return [(each.cell, each.rule) for each in reading.problems]


def notices(reading: Reading) -> dict[str, str]:
    """What was noted, in English, by rule."""
    return {each.rule: each.told("en")["text"] for each in reading.notices}


def values(reading: Reading) -> list[dict[str, Any]]:
    """The values of every row."""
    return [row.values for row in reading.rows()]
