"""Parts of a page as the look's macros take them, and as JSON gives them. Knows no record, no rule, no request."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType


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


class Waits(msgspec.Struct, frozen=True):
    """What waits, on whom and since when, as `wait()` takes it; `on` None: nothing."""

    on: str | None
    since: str | None = None
    days: int | None = None
    what: str | None = None
    action: Link | None = None
    quiet: bool = False
    detail: str | None = None


class Check(msgspec.Struct, frozen=True):
    """A row of a checklist: what is asked for, whether it is met, who can satisfy it."""

    text: str
    state: str
    grade: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    who: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
