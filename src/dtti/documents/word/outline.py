"""A Word file in an office's own style as lines and tables in their order: headings, numbered items. Compares nothing.

Words are read as people see them, tracked changes accepted. What is seen otherwise than it is read here is said
(`unlike`, as `body.Body` has it), and so are changes that are still tracked and remarks in the margin.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from dtti.documents.package import open_package

from .body import body_of
from .pieces import Paragraph

_HEADING = re.compile(r"(?:heading|शीर्षक) ?(\d)", re.IGNORECASE)
_LISTED = re.compile(r"list (?:number|bullet|paragraph)", re.IGNORECASE)
_NUMBER = re.compile(
    r"\s*(?P<number>\(?(?:\d{1,3}(?:\.\d{1,3})*|[०-९]{1,3}|[a-zA-Z]|[ivx]{1,5})\)"
    r"|\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}\.|[०-९]{1,3}\.)[\s\u00a0]+(?=\S)"
)


class Line(NamedTuple):
    """A paragraph outside tables. `place`: which it is in the file, from 1; `level`: of a heading, 0 for none.

    `number`: as it is printed before the words, without its dot and brackets; `counted`: the program counts it.
    """

    place: int
    text: str
    level: int = 0
    number: str = ""
    counted: bool = False


class Grid(NamedTuple):
    """A table. `place`: which it is in the file, from 1."""

    place: int
    rows: tuple[tuple[str, ...], ...]


class Outline(NamedTuple):
    """A file as it is read. `tracked`: changes that nobody has accepted yet; `remarks`: those in the margin."""

    blocks: tuple[Line | Grid, ...]
    unlike: dict[str, list[str]]
    tracked: int
    remarks: tuple[str, ...]


def outline(data: bytes, name: str) -> Outline:
    """The lines and tables of a file; Refused by the rules of `open_package` and of `body_of`."""
    body = body_of(open_package(data, kind="docx", name=name))
    blocks: list[Line | Grid] = []
    cells: dict[int, dict[tuple[int, int], list[str]]] = {}
    for number, paragraph in enumerate(body.paragraphs, 1):
        said = _said(paragraph)
        if paragraph.cell is not None:
            table, row, column = paragraph.cell
            if table not in cells:
                cells[table] = {}
                blocks.append(Grid(table, ()))
            cells[table].setdefault((row, column), []).append(said)
        elif said:
            blocks.append(_line(number, said, paragraph))
    made = tuple(Grid(each.place, _rows(cells[each.place])) if isinstance(each, Grid) else each for each in blocks)
    tracked = sum(piece.state != "same" for each in body.paragraphs for piece in each.pieces)
    remarks = tuple(each.text for each in body.remarks.values())
    return Outline(made, dict(body.unlike), tracked, remarks)


def _said(paragraph: Paragraph) -> str:
    return " ".join("".join(piece.text for piece in paragraph.pieces if piece.state != "removed").split())


def _line(place: int, said: str, paragraph: Paragraph) -> Line:
    heading = _HEADING.match(paragraph.style)
    level = int(heading[1]) if heading else 1 if paragraph.style.lower() in ("title", "subtitle") else 0
    found = _NUMBER.match(said)
    number = found["number"].strip("(). ") if found else ""
    listed = paragraph.counted or bool(_LISTED.match(paragraph.style))
    return Line(place, said[found.end() :] if found else said, level, number, listed)


def _rows(cells: dict[tuple[int, int], list[str]]) -> tuple[tuple[str, ...], ...]:
    height, width = (1 + max(each) for each in zip(*cells, strict=True))
    return tuple(
        tuple("\n".join(filter(None, cells.get((row, column), ()))) for column in range(width)) for row in range(height)
    )


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """A table as CSV, for what reads sheets."""
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
