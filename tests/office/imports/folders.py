"""Files as offices keep them; every name is fictitious."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import docx
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


def minutes() -> bytes:
    """A Word record of a meeting in an office's own style: a title, numbered items, a table of actions, a signature."""
    document = docx.Document()
    document.add_heading("Record of discussion", 0)
    document.add_paragraph("Twelfth meeting of the Drone Working Group, exercise")
    document.add_paragraph("Held at New Delhi on 18-19 November 2026")
    document.add_paragraph("Circulated by hand to both sides")
    document.add_heading("1. Participants", 1)
    document.add_paragraph("Indian side: Officer One (exercise), co-chair")
    document.add_paragraph("US side: Officer Three (exercise), co-chair")
    document.add_heading("2. Agenda", 1)
    document.add_paragraph("1. Review of the last meeting's actions (for review)")
    document.add_paragraph("2. Recovery net: next step – for decision")
    document.add_paragraph("Any other matter", style="List Number")
    document.add_heading("3. Decisions", 1)
    document.add_paragraph("(a) The net is tried at sea in March 2027.")
    document.add_paragraph("Costs lie where they fall.")
    document.add_heading("4. Action points", 1)
    table = document.add_table(rows=1, cols=4)
    for cell, said in zip(table.rows[0].cells, ("Action no.", "Action", "Action by India", "Due date"), strict=True):
        cell.text = said
    for row in (
        ("A-1", "Name the ship", "Desk officer, exercise", "31 December 2026"),
        ("A-2", "Send the drawings", "Nobody's office", "ASAP"),
    ):
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    document.add_heading("Annex", 1)
    document.add_paragraph("A list that nobody reads")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def calendar(*entries: str) -> bytes:
    """A calendar file with these lines of each entry."""
    events = [
        ["BEGIN:VEVENT", f"UID:ex-{n}", "DTSTAMP:20261101T000000Z", *each.split("\n"), "END:VEVENT"]
        for n, each in enumerate(entries)
    ]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//office//en", *(one for each in events for one in each)]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def letter(lines: Sequence[str]) -> bytes:
    """A PDF of one page with these lines as its text."""
    import typst

    said = " \\\n".join(line.replace("/", "\\/").replace("#", "\\#") for line in lines)
    made = typst.compile(f'#set page(paper: "a4")\n{said}'.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made
