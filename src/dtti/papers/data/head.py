"""What stands at the head of a paper, and small values several papers share: a day, a person. Knows no layout."""

import calendar
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import msgspec

from dtti.documents.values import Line, Side, Words
from dtti.programme.kinds.appointment import Capacity

Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A date as far as it is known: "2027", "2027-01" or "2027-01-26". Never made more precise than it came in."""

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of day on some stated clock, "14:30"."""


def a_day(value: str) -> None:
    """ValueError where `value` names a day that its month does not have; shape is checked by `Day` before."""
    if len(value) == 10:
        year, month, day = map(int, value.split("-"))
        if year < 1 or day > calendar.monthrange(year, month)[1]:
            raise ValueError(f"{value} is no day of the calendar")


def before(one: str, other: str) -> bool:
    """Whether a date is before another for certain, as far as both are known."""
    known = min(len(one), len(other))
    return one[:known] < other[:known]


def once(what: str, numbers: Iterable[str]) -> None:
    """ValueError where two of `what` bear the same number."""
    for number, often in Counter(each for each in numbers if each).items():
        if often > 1:
            raise ValueError(f"two {what} have the same number, {number}")


class Basis(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """On what of the record a paper rests; every page says it at its foot.

    `version`, `grade`, `digest` (SHA-256, hexadecimal): of the text it is made from. `on`: the day for which it was
    asked, null for now. `entry` in the ledger of `side`, and its time `known`: the last act that the paper knows.
    """

    version: int
    grade: Words
    known: Line
    on: Day | None = None
    entry: int | None = None
    side: Side | None = None
    digest: Line = ""

    def __post_init__(self) -> None:
        a_day(self.on or "")


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The head of a paper.

    `label`: the handling label as its owner's system renders it, shown at the top and foot of every page; it is never
    worked out here. `file_numbers`: each side's own. `date`: the paper's own date, which also becomes the PDF's.
    `exercise`: people and projects in it are made up, and every page says so. `basis`: where it was made from a record.
    """

    title: Words
    subtitle: Words | None = None
    reference: Line = ""
    label: Line = ""
    file_numbers: dict[Side, Line] = {}
    date: Day | None = None
    place: Words | None = None
    status: Words | None = None
    exercise: bool = False
    basis: Basis | None = None

    def __post_init__(self) -> None:
        a_day(self.date or "")


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A holder, the office held that day, and in which capacity."""

    name: Line
    office: Words
    side: Side
    capacity: Capacity = "substantive"
    organisation: Words | None = None


class Minute(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A paragraph of a paper, with the portion mark that its owner gave it ("" where the paper has none)."""

    text: Words
    portion: Line = ""
