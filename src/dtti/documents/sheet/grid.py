"""What every kind of sheet gives its readers: rows of cells, and what lies around them. Knows no file format."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

CellKind = Literal["text", "number", "bool", "error", "date"]
Shows = Literal["", "day", "month", "year", "time", "percent"]

MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
HEAD_ROWS = 40
"""Headings are looked for in this many rows that are not blank, and kept in memory while that is done."""


class Cell(NamedTuple):
    """A cell as stored. `text`: its text, or its number as digits; a `date` cell holds an ISO date.

    `formula`: "" for none, `stored` where the text is a formula's stored result, `bare` where there is no result.
    `shows`: what the number format makes of a number. `currency`: the one its number format names, "" for none.
    `struck`: all or some of it is struck through.
    """

    kind: CellKind
    text: str
    formula: Literal["", "stored", "bare"] = ""
    shows: Shows = ""
    currency: str = ""
    struck: bool = False


class Row(NamedTuple):
    """A row with its number as spreadsheets count (from 1) and its cells that are not empty, by column from 0."""

    number: int
    cells: dict[int, Cell]


def filled(row: Row) -> Row:
    """The row without cells that hold nothing but blanks: to a person they are empty."""
    for cell in row.cells.values():
        if cell.kind == "text" and not cell.formula and cell.text.isspace():
            return Row(row.number, {at: cell for at, cell in row.cells.items() if cell.formula or cell.text.strip()})
    return row


class Merge(NamedTuple):
    """Merged cells: rows from 1, columns from 0, both ends within."""

    top: int
    left: int
    bottom: int
    right: int


class Around(NamedTuple):
    """What one look through a sheet finds beside the values.

    `head`: its first rows that are not blank. `hidden_rows`: how many, and the first. `comments`: how many cells have
    one, and the first of them by cell with their words.
    """

    head: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    hidden_rows: tuple[int, int] = (0, 0)
    comments: tuple[int, tuple[tuple[str, str], ...]] = (0, ())


class Sheet(NamedTuple):
    """One sheet that can be read any number of times, row by row. `name` is "" in a CSV file."""

    name: str
    around: Callable[[], Around]
    rows: Callable[[], Iterator[Row]]


class Source(NamedTuple):
    """A file with its sheets that are shown, the names of those that are not, and what is to be said of it.

    `notices`: rules of `phrases.NOTICES` with what fills them. `since_1904`: how its serial dates count.
    """

    file: str
    sheets: tuple[Sheet, ...]
    hidden_sheets: tuple[str, ...] = ()
    notices: tuple[tuple[str, dict[str, str]], ...] = ()
    since_1904: bool = False
    escaped: bool = False
    """Whether an apostrophe before `=`, `+`, `-`, `@`, tab or return is there to keep a text from being a formula."""
