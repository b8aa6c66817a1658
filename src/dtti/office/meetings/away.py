"""Days on which somebody of this side cannot meet, kept beside the plan of a meeting: read, compared, left out.

Own material of an office, told to nobody: what an absence is called may say where an official is. No address is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from dtti.accord.refusal import SaidRefusal
from dtti.documents.calendar.request import FixedEvent
from dtti.documents.values import SIDES, Words
from dtti.office.imports.privacy import private

if TYPE_CHECKING:
    from dtti.documents.calendar.away import Read

MOST: Final = 2_000  # spans that one search is given
_UNNAMED: Final = Words(en="Somebody cannot meet", hi="कोई उपलब्ध नहीं")


class Span(msgspec.Struct, frozen=True):
    """Whole days, from the first to the last, both included."""

    first: date
    last: date


class Entry(msgspec.Struct, frozen=True):
    """An absence: what it is called, from which file it came, its days. `key`: by which a later file knows it again."""

    key: str
    name: str
    file: str
    days: tuple[Span, ...]


class NotRead(msgspec.Struct, frozen=True):
    """An entry of a file that was not understood: its place there, what it is called, why (as doors show refusals)."""

    number: int
    name: str
    why: list[SaidRefusal]


class Brought(msgspec.Struct, frozen=True):
    """A file as it was understood, before its days are to be left out. `past`: how many of its entries are over."""

    file: str
    entries: tuple[Entry, ...]
    left: tuple[NotRead, ...]
    past: int = 0


class Change(msgspec.Struct, frozen=True):
    """What a file changes in what is kept: `new`, `changed` (from `before`), or `gone` from the file."""

    state: str
    entry: Entry
    before: Entry | None = None


class Changes(msgspec.Struct, frozen=True):
    """What a file changes, in the order of the days; `same`: how many of its entries are kept already, as they are."""

    rows: tuple[Change, ...]
    same: int


def read(data: bytes, file: str, today: date) -> Brought:
    """The absences of a calendar file from `today` on; Refused where nothing of it can be understood."""
    from dtti.documents.calendar.away import read as read_away  # here: it is large, and few pages read calendar files

    found = read_away(data)
    entries = ahead(_entries(found, file), today)
    left = tuple(
        NotRead(each.number, "" if private(each.name) else each.name, [why.said() for why in each.why])
        for each in found.left
    )
    return Brought(file, entries, left, len(found.away) - len(entries))


def _entries(found: Read, file: str) -> Iterable[Entry]:
    for each in found.away:
        name = "" if private(each.name) else each.name
        yield Entry(each.key, name, file, tuple(Span(span.first, span.last) for span in each.days))


def ahead(entries: Iterable[Entry], today: date) -> tuple[Entry, ...]:
    """The entries with the days that are not over yet, the first first; none of which all are over."""
    made = [
        msgspec.structs.replace(each, days=tuple(span for span in each.days if span.last >= today)) for each in entries
    ]
    return tuple(sorted((each for each in made if each.days), key=lambda each: (each.days[0].first, each.name)))


def changes(kept: Sequence[Entry], brought: Brought) -> Changes:
    """What a file says otherwise than what is kept. An entry is known again whatever file it comes in."""
    held, said = {each.key: each for each in kept}, {each.key for each in brought.entries}
    rows, same = [], 0
    for each in brought.entries:
        before = held.get(each.key)
        if before is None:
            rows.append(Change("new", each))
        elif (before.name, before.days) != (each.name, each.days):
            rows.append(Change("changed", each, before))
        else:
            same += 1
    rows += [Change("gone", each) for each in kept if each.file == brought.file and each.key not in said]
    return Changes(tuple(sorted(rows, key=lambda row: (row.entry.days[0].first, row.entry.name))), same)


def taken(kept: Sequence[Entry], brought: Brought) -> tuple[Entry, ...]:
    """What is kept once the days of a file are: what came from a file of that name before is replaced."""
    said = {each.key for each in brought.entries}
    others = [each for each in kept if each.file != brought.file and each.key not in said]
    return tuple(sorted([*others, *brought.entries], key=lambda each: (each.days[0].first, each.name)))


def events(kept: Iterable[Entry], mine: str, first: date, last: date) -> tuple[FixedEvent, ...]:
    """The absences that bear on meetings beginning in those days, as the finder takes them."""
    side = next(each for each in SIDES if each == mine)
    near = (first - timedelta(days=2), last + timedelta(days=14))
    made = [
        FixedEvent(
            span.first,
            span.last,
            Words(en=each.name) if each.name else _UNNAMED,
            binds=(side,),
            weight="blocks",
            source=each.file,
            confidence="sourced",
        )
        for each in kept
        for span in each.days
        if span.last >= near[0] and span.first <= near[1]
    ]
    return tuple(made[:MOST])
