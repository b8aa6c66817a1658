"""What a register is: its columns, their names in both languages, their types and choices. Knows no file.

The registers themselves are data of those who keep them. A heading is compared by `text.folded`, so case,
punctuation and nukta do not matter; a unit in brackets (`Value (₹ crore)`) is taken off first.
"""

from typing import Literal

import msgspec

from dtti.documents.values import Words

from .text import folded

ColumnType = Literal[
    "ref",
    "line",
    "prose",
    "list",
    "choice",
    "number",
    "whole",
    "money",
    "currency",
    "percent",
    "date",
    "email",
    "phone",
]
_MOST = {"prose": 20_000, "line": 1_000, "ref": 80, "list": 2_000, "email": 254, "phone": 60}


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the values a column may hold: the record's code, its name, and what else offices write."""

    code: str
    name: Words
    aliases: tuple[str, ...] = ()


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column. `type` decides how a cell is read.

    `ref` is a reference of the office's own, `line` and `prose` a text (prose may have paragraphs), `list` texts
    divided by semicolons or line breaks, `choice` a code, `money` a Money, `currency` a code that serves the sums of
    its row, `percent` in hundredths, `date` in EDTF (2027, 2027-01 or 2027-01-26). `unique`: no two rows may hold the
    same.
    """

    key: str
    type: ColumnType
    name: Words
    aliases: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    choices: tuple[Choice, ...] = ()
    example: str = ""

    @property
    def most(self) -> int:
        """The most characters that a text in it may have."""
        return _MOST.get(self.type, 1_000)

    def headings(self) -> frozenset[str]:
        """Every heading that means this column, folded."""
        return frozenset(folded(each) for each in (self.key, self.name.en, self.name.hi, *self.aliases) if each)


class Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A register that offices keep, and what is read of it. `passed`: headings that are known and not wanted."""

    code: str
    name: Words
    columns: tuple[Column, ...]
    passed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [each.key for each in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError("two columns have the same key")

    def column(self, key: str) -> Column:
        """The column of that key; KeyError where there is none."""
        for each in self.columns:
            if each.key == key:
                return each
        raise KeyError(key)
