"""Files as offices keep them; every name is fictitious."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl


def workbook(rows: Iterable[Sequence[Any]], merges: Iterable[str] = (), title: str = "Sheet1") -> bytes:
    """A workbook of one sheet, saved as openpyxl saves."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for each in merges:
        sheet.merge_cells(each)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PROJECTS = [
    ["Projects under the initiative, position as held by the naval desk"],
    [],
    [
        "S. No.",
        "Project no.",
        "Name of project",
        "Domain",
        "Sponsor",
        None,
        "Est. cost (Rs. lakh)",
        "Date proposed",
        "Current status",
        "Stage",
        "File no",
        "Remarks",
    ],
    [None, None, None, None, "India", "US", None, None, None, None, None, None],
    [
        1,
        "EX-01",
        "Shipboard drone recovery net (exercise)",
        "Navy",
        "Naval desk, exercise",
        "Harbour laboratory",
        4550,
        "18.11.2024",
        "Ongoing",
        "Shape",
        "MoD/EX/7",
        "Trials asked for",
    ],
    [
        2,
        "EX-02",
        "Hand launched sensor (exercise)",
        "Army",
        "Land desk, exercise",
        None,
        "1,20.5",
        "03/04/2025",
        "On hold",
        None,
        "MoD/EX/8",
        None,
    ],
    [
        3,
        "EX-03",
        "Deck handling tractor (exercise)",
        "Carrier",
        "Naval desk, exercise",
        None,
        12.5,
        dt.date(2025, 6, 30),
        "Ongoing",
        None,
        None,
        None,
    ],
    ["Total", None, None, None, None, None, 4562.5],
]


def projects(rows: Sequence[Sequence[Any]] = PROJECTS) -> bytes:
    """A projects sheet with a title, two rows of merged headings, dates as text and as dates, lakh, and a total."""
    return workbook(rows, ["A1:L1", "E3:F3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "G3:G4"])


CONTACTS = [
    ["क्रम सं", "नाम", "रैंक", "पदनाम", "देश", "मोबाइल", "ईमेल", "कब से", "टिप्पणी"],
    [
        1,
        "Officer One (exercise)",
        "Cdr",
        "Director (Trials), exercise",
        "भारत",
        "+91 98000 00000",
        "one@example.in",
        "01.04.2025",
        "sits at example@example.in",
    ],
    [2, "Officer Two (exercise)", None, "Director, exercise", "भारतीय पक्ष", None, None, "2025", None],
    [3, "Officer Three (exercise)", None, "Country desk, exercise", "अमेरिका", "1-800-000-0000", None, None, None],
]


def contacts() -> bytes:
    """A list of contacts under Hindi headings, with telephone numbers and addresses."""
    return workbook(CONTACTS)
