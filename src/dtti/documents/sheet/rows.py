"""Which rows of a sheet are rows of the register: not headings, blanks, totals or section headings. Knows no values.

Nothing is left out without being taken down: `Taken` tells what was, and where.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .grid import Around, Cell, Merge, Row, filled
from .header import Header
from .outcome import Guess
from .register import Register
from .text import address, plain

_TOTAL = re.compile(
    r"(?:(?:grand|sub|overall|page)[ -]?)?totals?\b(?: ?\(?(?:in )?(?:rs\.?|₹|us\$|inr|usd)?.{0,12}\)?)? ?[:.]?|"
    r"(?:कुल|योग|कुल योग|महायोग|उप-?योग|सकल योग|कुल जोड़) ?[:।]?",
    re.IGNORECASE,
)
_LISTED = 20


class Layout(NamedTuple):
    """Where the register lies in its sheet. `keys`: columns by index; `after`: the last row before the data.

    `down`: merged cells of one column, by their first cell; `across`: those that cover several columns.
    """

    after: int
    keys: dict[int, str]
    required: frozenset[int]
    down: dict[tuple[int, int], Merge]
    across: dict[int, tuple[Merge, ...]]


class Taken:
    """What was passed over or filled while rows were taken: row numbers (the first of them) and counts."""

    def __init__(self) -> None:
        self.totals: list[str] = []
        self.sections: list[str] = []
        self.across: list[tuple[int, int, str]] = []
        self.blank: tuple[int, int] = (0, 0)
        self.filled: tuple[int, str] = (0, "")
        self.formulas: tuple[int, str] = (0, "")
        self.struck: list[str] = []
        self.struck_count = 0


def layout(around: Around, header: Header, guesses: tuple[Guess, ...], register: Register) -> Layout:
    """How the rows below the headings are to be taken."""
    keys = {guess.column: guess.key for guess in guesses if guess.key}
    required = frozenset(at for at, key in keys.items() if register.column(key).required)
    down: dict[tuple[int, int], Merge] = {}
    across: dict[int, list[Merge]] = {}
    for merge in around.merges:
        covered = [at for at in keys if merge.left <= at <= merge.right]
        if merge.bottom <= header.after or not covered:
            continue
        if len(covered) > 1:
            across.setdefault(merge.top, []).append(merge)
        elif merge.bottom > merge.top:
            down[merge.top, merge.left] = merge
    return Layout(header.after, keys, required, down, {row: tuple(found) for row, found in across.items()})


def taken(rows: Iterator[Row], laid: Layout, told: Taken) -> Iterator[tuple[int, dict[int, Cell]]]:
    """The rows of the register with the cells of its columns; what is left out is written down in `told`."""
    held: dict[int, tuple[int, Cell]] = {}
    blanks = (0, 0)
    for row in map(filled, rows):
        if row.number <= laid.after:
            continue
        cells = {at: cell for at, cell in row.cells.items() if at in laid.keys}
        section = _across(row, cells, laid, told)
        if not cells:
            blanks = (blanks[0] + 1, blanks[1] or row.number)
            if row.cells:  # nothing but a serial number, a signature or a footnote: said even at the end
                told.blank = (told.blank[0] + blanks[0], told.blank[1] or blanks[1])
                blanks = (0, 0)
            continue
        if section:
            _list(told.sections, section)
            continue
        if _is_total(row, cells, laid):
            _list(told.totals, str(row.number))
            continue
        if blanks[0]:
            told.blank = (told.blank[0] + blanks[0], told.blank[1] or blanks[1])
            blanks = (0, 0)
        _fill(row, cells, laid, held, told)
        for at, cell in cells.items():
            if cell.formula == "stored":
                told.formulas = (told.formulas[0] + 1, told.formulas[1] or address(row.number, at))
            if cell.struck:
                told.struck_count += 1
                _list(told.struck, f"{address(row.number, at)} “{plain(cell.text)[:40]}”")
        yield row.number, cells


def _list(listed: list[str], said: str) -> None:
    if len(listed) < _LISTED:
        listed.append(said)
    elif listed[-1] != "…":
        listed.append("…")


def _across(row: Row, cells: dict[int, Cell], laid: Layout, told: Taken) -> str:
    """The words of a row that is one merged cell; other cells merged across columns are taken down as problems."""
    for merge in laid.across.get(row.number, ()):
        if merge.left not in row.cells:
            continue
        covered = sum(1 for at in laid.keys if merge.left <= at <= merge.right)
        others = [at for at in cells if at != merge.left]
        if merge.top == merge.bottom and not others and covered * 2 >= len(laid.keys):
            return f"{row.number} “{plain(row.cells[merge.left].text)[:40]}”"
        if len(told.across) < 1_000:
            ends = f"{address(merge.top, merge.left)}:{address(merge.bottom, merge.right)}"
            told.across.append((row.number, merge.left, ends))
    return ""


def _is_total(row: Row, cells: dict[int, Cell], laid: Layout) -> bool:
    """Whether the row's first text says that it sums up, and it is not a row of the register by what it holds."""
    first = min(row.cells)
    cell = row.cells[first]
    return (
        cell.kind == "text"
        and bool(_TOTAL.fullmatch(plain(cell.text)))
        and any(at not in cells or at == first for at in laid.required)
    )


def _fill(row: Row, cells: dict[int, Cell], laid: Layout, held: dict[int, tuple[int, Cell]], told: Taken) -> None:
    """Give the cells below a merged cell its value: they have none of their own."""
    if not laid.down:
        return
    for at in laid.keys:
        merge = laid.down.get((row.number, at))
        if merge and at in cells:
            held[at] = (merge.bottom, cells[at])
        elif at in held:
            bottom, cell = held[at]
            if row.number > bottom:
                del held[at]
            elif at not in cells:
                cells[at] = cell
                told.filled = (told.filled[0] + 1, told.filled[1] or address(row.number, at))
