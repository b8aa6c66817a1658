"""What stands on a desk, as its page and its `.json` have it. Knows no office, no request."""

from __future__ import annotations

import msgspec

from dtti.office.conflicts import Warn
from dtti.web.parts import Link

from .office_asks import OnDesk
from .release import Warned
from .work import SeenLate


class Line(msgspec.Struct, frozen=True):
    """A record that waits, on a line of the desk."""

    on: str
    state: str
    days: int
    since: str
    due: str | None
    due_there: str | None
    what: str
    detail: str
    url: str
    action: Link
    record: str
    late: SeenLate | None


class DueLine(msgspec.Struct, frozen=True):
    """What falls due, on a line of the desk."""

    on: str
    what: str
    url: str
    why: str
    late: bool
    days: int
    ours: bool


class Changed(msgspec.Struct, frozen=True):
    """A record that changed, on a line of the desk: what was done last, what was said, what is not as it was."""

    title: str
    url: str
    kind: str
    grade: str
    by: str
    note: str | None
    at: str
    did: str
    more: int
    said: str
    fields: list[str]


class WatchLine(msgspec.Struct, frozen=True):
    """A record that the seat watches, on a line of the desk."""

    title: str
    url: str
    kind: str
    waits: str
    changed: bool
    leave: str


class EntryLine(msgspec.Struct, frozen=True):
    """What stands on a day of the calendar."""

    what: str
    url: str
    there: str


class DayLine(msgspec.Struct, frozen=True):
    """A day of the calendar."""

    on: str
    weekday: str
    entries: list[EntryLine]


class DraftLine(msgspec.Struct, frozen=True):
    """A draft of the office, on a line of the desk."""

    title: str
    kind: str
    purpose: str
    updated: str
    url: str


class Page(msgspec.Struct, frozen=True):
    """The desk as a page shows it and JSON gives it. Lists hold the first of what there is; totals count all of it."""

    mine: str
    other: str
    on_me: list[Line]
    on_me_total: int
    elsewhere: int
    on_them: list[Line]
    on_them_total: int
    watched: list[WatchLine]
    due: list[DueLine]
    days: list[DayLine]
    on: str | None
    known: str | None
    since: str
    looked: bool
    changed: list[Changed]
    drafts: list[DraftLine]
    unreached: str | None
    conflicts: list[Warn]
    exports: list[Warned]
    asks: OnDesk


class Waits(msgspec.Struct, frozen=True):
    """A page of all that waits, as a page shows it and JSON gives it."""

    whose: str
    rows: list[Line]
    total: int
