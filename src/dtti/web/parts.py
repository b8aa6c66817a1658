"""Parts of a page as the look's macros take them, and as JSON gives them. Knows no record, no rule, no request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from markupsafe import Markup
from msgspec import UNSET, UnsetType

from dtti.accord.refusal import Correction as Correction  # as `error_summary()` takes it


class Link(msgspec.Struct, frozen=True):
    """A way to another page: its words and its address."""

    label: str
    url: str | None


class Way(msgspec.Struct, frozen=True):
    """One of several ways to look at the same."""

    label: str
    url: str | None
    current: bool


class Fact(msgspec.Struct, frozen=True):
    """A name and its value, as `facts()` takes them."""

    name: str
    value: Any
    kind: str = "text"
    cite: Markup | None = None


class Waits(msgspec.Struct, frozen=True):
    """What waits, on whom and since when, as `wait()` takes it; `on` None: nothing."""

    on: str | None
    since: str | None = None
    days: int | None = None
    what: str | None = None
    action: Link | None = None
    quiet: bool = False
    detail: str | None = None


class Source(msgspec.Struct, frozen=True):
    """A source, as `cite()` takes it; `place`: where in it something stands."""

    ref: str
    url: str | None
    title: str
    place: str = ""


class Check(msgspec.Struct, frozen=True):
    """A row of a checklist: what is asked for, whether it is met, who can satisfy it."""

    text: str
    state: str
    grade: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    who: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET


class Bar(msgspec.Struct, frozen=True):
    """A bar beside its figure, as `bars()` takes it."""

    label: str
    amount: int | None
    text: str | None = None
    note: str | None = None
    url: str | None = None
    side: str | None = None


class Head(msgspec.Struct, frozen=True):
    """The head of a column, as `table()` takes it; `sort`: the address that orders by it."""

    key: str
    label: str
    kind: str = "text"
    sort: str | None = None
    sorted: str | None = None


class Option(msgspec.Struct, frozen=True):
    """A choice in a form."""

    value: str
    label: str


class Choice(msgspec.Struct, frozen=True):
    """One of several to be chosen, as `radios()` takes it; `missing` is said where none was."""

    name: str
    label: str
    options: list[Option]
    value: str
    missing: str | None = None


class Field(msgspec.Struct, frozen=True):
    """A field of a form that narrows a page, as `filters()` takes it."""

    name: str
    label: str
    kind: str
    value: str | None
    options: list[Option] = []


class Pages(msgspec.Struct, frozen=True):
    """Where a long list stands, as `pagination()` takes it."""

    first: int
    last: int
    total: int
    previous: str | UnsetType = UNSET
    next: str | UnsetType = UNSET
    last_page: str | UnsetType = UNSET


class Kept(msgspec.Struct, frozen=True):
    """An answer of the address that a form carries along."""

    name: str
    value: str


#: What stands in each column of a row of `table()`, by the column's key, as `value()` takes it.
Row = Mapping[str, object]
