"""A text that a file proposes: fields one by one, each with its place and how sure it is. Knows no file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from dtti.documents.values import Words
from dtti.office.asking import Stored

from . import content as contents
from .known import Known, Shelf


class Field(msgspec.Struct, frozen=True):
    """A value as it is proposed: where in the content, the stored form, in words, and where it stands in the file.

    `sure`: it stands there as such; else it is inferred, and not ticked. `other`: the stored form of what it may be as
    well: then a person chooses, and neither is.
    """

    path: str
    stored: Any
    said: str
    place: Words
    sure: bool = True
    other: str = ""


class Unplaced(msgspec.Struct, frozen=True):
    """Words that no field takes: where they stand, and why (a reason of `proposal.REASONS`, or none)."""

    said: str
    place: Words
    why: str = ""


class Document(msgspec.Struct, frozen=True):
    """A text as a file proposes it. `matched`: the record or draft that it seems to be of."""

    kind: str
    title: str
    fields: tuple[Field, ...]
    left: tuple[Unplaced, ...] = ()
    matched: Known | None = None
    notes: tuple[Words, ...] = ()


def paragraph(number: int) -> Words:
    """A place in a text."""
    return Words(en=f"paragraph {number}", hi=f"अनुच्छेद {number}")


def cell(table: int, address: str) -> Words:
    """A place in a table of a text."""
    return Words(en=f"table {table}, {address}", hi=f"तालिका {table}, {address}")


def composed(document: Document, chosen: Iterable[int], before: Stored | None, given: Stored) -> Stored:
    """The content of the chosen fields, over what the record holds. `given`: what a person says beside the file.

    Fields of a path that ends in [] are the rows of that list, in their order.
    """
    made: Stored = {}
    for number in sorted(set(chosen)):
        if number < len(document.fields):
            each = document.fields[number]
            if each.path.endswith("[]"):
                made.setdefault(each.path[:-2], []).append(each.stored)
            else:
                made[each.path] = each.stored
    made = {**made, **given}
    return contents.over(before, made) if before else made


def matching(shelf: Shelf, body: str, number: int | None, day: str) -> Known | None:
    """The meeting of a body with that number, or on that day; a draft before its record; None where it is not one."""
    held = [one for one in shelf.held if one.content.get("body") == body]
    by_number = [one for one in held if number is not None and one.content.get("number") == number]
    found = by_number or [one for one in held if day and one.content.get("date") == day]
    records = {one.record for one in found}
    return found[-1] if len(records) == 1 else None
