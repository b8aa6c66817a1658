"""An agenda as it is proposed and agreed. Knows no layout."""

from typing import Literal

import msgspec

from dtti.documents.values import Line, Side, Words
from dtti.programme.kinds.meeting import Purpose

from .head import Clock, Head, Person, once


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An item. `minutes`: time set aside. `papers`: references of the papers for it. `carried`: came back open."""

    number: Line
    title: Words
    purpose: Purpose
    note: Words | None = None
    minutes: int | None = msgspec.field(default=None)
    lead: tuple[Side, ...] = ()
    presenter: Line = ""
    papers: tuple[Line, ...] = ()
    carried: Line = ""

    def __post_init__(self) -> None:
        if self.minutes is not None and not 0 < self.minutes < 10_000:
            raise ValueError("minutes must lie between 1 and 9,999")


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """When it begins on one capital's clock."""

    place: Words
    time: Clock
    day: Words | None = None


class Agenda(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An agenda: the meeting, both clocks, who presides, the items in order."""

    head: Head
    body: Words
    items: tuple[Item, ...]
    host: Side | None = None
    mode: Literal["in-person", "virtual", "hybrid", "unknown"] = "in-person"
    clocks: tuple[Session, ...] = ()
    chairs: tuple[Person, ...] = ()
    remarks: tuple[Words, ...] = ()

    def __post_init__(self) -> None:
        once("items", (each.number for each in self.items))
