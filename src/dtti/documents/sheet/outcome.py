"""What comes of reading a register: rows or problems, how the columns were understood, what else was noted. No file.

`told(language)` of each gives plain values with its words, for JSON and for pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from dtti.documents.values import Language, Words

from .dates import Order
from .numbers import Money, Number
from .phrases import Fault, Filling, say
from .text import column_letters

Why = Literal["name", "alias", "lower", "close", "mapping", "passed", "unread", "contested"]

#: A text, code or EDTF date; a number; a sum; the lines of a list. What is absent is not known.
Value = str | Number | Money | tuple[str, ...]

MOST_PROBLEMS = 1_000
"""Problems that are listed; all are counted."""


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which column of a sheet is which, remembered by its headings. The caller keeps it, as JSON.

    `header`: the headings from column A on, "" where there is none. `columns`: for each the register's key, or None
    for one that is not read. `sheet`: the one preferred where several fit; `date_order`: what decides 03/04/2026.
    `units`: what a person says of columns of sums whose headings give none, by key: `INR lakh`.
    """

    register: str
    header: tuple[str, ...]
    columns: tuple[str | None, ...]
    date_order: Order | None = None
    sheet: str = ""
    units: dict[str, str] = {}


class Guess(msgspec.Struct, frozen=True):
    """How one column of the sheet was understood. `key`: "" where it is not read; `why`: see WHY."""

    column: int
    heading: str
    key: str
    why: Why
    unit: str = ""

    def told(self, language: Language) -> dict[str, Any]:
        """Plain values; `column` as letters."""
        return {
            "column": column_letters(self.column),
            "heading": self.heading,
            "key": self.key or None,
            "why": WHY[self.why].spoken(language)[0],
            **({"unit": self.unit} if self.unit else {}),
        }


WHY: dict[Why, Words] = {
    "name": Words(en="the heading is its name", hi="शीर्षक यही नाम है"),
    "alias": Words(en="offices call it so", hi="कार्यालय इसे यह भी कहते हैं"),
    "lower": Words(en="by the lower of its two headings", hi="दो शीर्षकों में से निचले के अनुसार"),
    "close": Words(en="spelled nearly so", hi="वर्तनी लगभग यही है"),
    "mapping": Words(en="the mapping says so", hi="मानचित्रण के अनुसार"),
    "passed": Words(en="known, and not wanted", hi="ज्ञात है, पर अपेक्षित नहीं"),
    "unread": Words(en="not known in this register", hi="इस रजिस्टर में ज्ञात नहीं"),
    "contested": Words(en="another column has the better claim, or an equal one", hi="दूसरा स्तंभ अधिक या समान उपयुक्त है"),
}


class Problem(msgspec.Struct, frozen=True):
    """What stands against one cell. `cell`: `B7`; `row` from 1; `column`: the register's key, "" where it has none."""

    rule: str
    cell: str
    row: int
    column: str
    filling: dict[str, Filling]

    def told(self, language: Language) -> dict[str, Any]:
        """Plain values with reason and remedy in `language`."""
        reason, remedy = say(self.rule, language, self.filling)
        return {
            "rule": self.rule,
            "cell": self.cell,
            "row": self.row,
            "column": self.column,
            "reason": reason,
            "remedy": remedy,
        }


class Notice(msgspec.Struct, frozen=True):
    """Something done in reading that one might not expect; it stops nothing."""

    rule: str
    filling: dict[str, Filling]

    def told(self, language: Language) -> dict[str, str]:
        """Plain values with its words in `language`."""
        text, remedy = say(self.rule, language, self.filling)
        return {"rule": self.rule, "text": text, **({"remedy": remedy} if remedy else {})}


class RegisterRow(msgspec.Struct, frozen=True):
    """One row as read: its number in the sheet, and its values by the register's keys."""

    number: int
    values: dict[str, Value]


@dataclass(frozen=True)
class Reading:
    """A register read whole. `good` where nothing stands against it; only then can `rows` be had.

    `header`: the first and the last row of the headings. `count`: rows of the register. `preview`: the first of them,
    without the values that have a problem. `problems`: the first of `problem_count`, in the order of the sheet;
    `counts`: all of them by rule.
    """

    register: str
    file: str
    sheet: str
    header: tuple[int, int]
    columns: tuple[Guess, ...]
    mapping: Mapping
    count: int
    preview: tuple[RegisterRow, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    counts: dict[str, int]
    notices: tuple[Notice, ...]
    language: Language
    _rows: Callable[[], Iterator[RegisterRow]] = field(repr=False, compare=False)

    @property
    def good(self) -> bool:
        """Whether every row can be taken."""
        return self.problem_count == 0

    def rows(self) -> Iterator[RegisterRow]:
        """All rows, read again from the source in a stream; Refused (`sheet-problems`) where there is any problem."""
        if not self.good:
            first = self.problems[0]
            raise Fault(
                "sheet-problems",
                file=self.file,
                count=str(self.problem_count),
                first=f"{first.cell}: {say(first.rule, self.language, first.filling)[0]}",
            ).refused(self.language)
        return self._rows()

    def in_part(self) -> Iterator[RegisterRow]:
        """All rows, whatever stands against some of their cells: each without the values that have a problem.

        For whoever shows the problems beside the rows, and asks a person which of them to take.
        """
        return self._rows()

    def told(self, language: Language) -> dict[str, Any]:
        """All of it as plain values: what `dtti sheet import --json` prints."""
        return {
            "register": self.register,
            "file": self.file,
            "sheet": self.sheet or None,
            "good": self.good,
            "header_rows": list(self.header),
            "columns": [each.told(language) for each in self.columns],
            "rows": self.count,
            "problem_count": self.problem_count,
            "problem_counts": self.counts,
            "problems": [each.told(language) for each in self.problems],
            "notices": [each.told(language) for each in self.notices],
            "preview": [msgspec.to_builtins(each) for each in self.preview],
            "mapping": msgspec.to_builtins(self.mapping),
        }
