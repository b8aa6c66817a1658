"""Parts of the page of what an act would bind to, as `work/binding.html` takes them and JSON gives them. No rule."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from .parts import Row


class Condition(msgspec.Struct, frozen=True):
    """A condition of an act, or what is said beside its text: a value in words, a code as stored, or prose."""

    name: str
    value: object = UNSET
    kind: str | UnsetType = UNSET
    code: object = UNSET
    prose: str | UnsetType = UNSET

    @property
    def stored(self) -> bool:
        """Whether it is shown as it is stored."""
        return self.code is not UNSET


class File(msgspec.Struct, frozen=True):
    """A body of an act that is no text: what the text calls it, and what is there."""

    name: str
    media: str
    size: int
    digest: str
    state: str


class Graded(msgspec.Struct, frozen=True):
    """Grade and side as the macros of grades take them."""

    grade: str
    by: str


class Titled(msgspec.Struct, frozen=True):
    """A text that is compared, by what it is called and its grade."""

    title: str
    grade: str
    by: str


class Change(msgspec.Struct, frozen=True):
    """A text beside one that it is compared with; no comparison where that one is not here, or cannot be read."""

    before: Titled
    after: Titled
    role: str
    comparison: object


class Unread(msgspec.Struct, frozen=True):
    """A text that its kind cannot read, as it came."""

    state: str
    raw: str
    cut: int


class Beside(msgspec.Struct, frozen=True):
    """What a room says of a text. `drawn`: its template; `compares`: it compares the text with another."""

    drawn: str
    said: object
    compares: bool = False


class TextShown(msgspec.Struct, frozen=True):
    """A text beside each that it is compared with, whole, or as it came where its kind cannot read it."""

    title: str
    about: str
    grade: Graded | None
    against: list[Row]
    unread: Unread | None
    changes: list[Change]
    whole: object
    beside: list[Beside]


class OfferShown(TextShown, frozen=True):
    """An offer beside what it is compared with, and its conditions, where nothing is confirmed."""

    conditions: list[Condition]
    files: list[File]


class RawPart(msgspec.Struct, frozen=True):
    """A body of an act as it is stored."""

    number: int
    state: str
    size: int
    commitment: str
    digest: str
    raw: str
    cut: int
    name: str
    media: str


class Raw(msgspec.Struct, frozen=True):
    """An act as it is stored: ids, terms and bodies with their digests."""

    title: str
    verb: str
    head: dict[str, str]
    terms: str
    parts: list[RawPart]


class Compared(msgspec.Struct, frozen=True):
    """An act whose text it is compared with."""

    title: str
    id: str


class Binding(TextShown, frozen=True):
    """A `Bound` as `work/binding.html` draws it, and as the page's JSON twin has it.

    `also`: the further texts that are confirmed with the first, each with its conditions.
    """

    kept: str
    digest: str
    constitution: str
    marks: str
    conditions: list[Condition]
    files: list[File]
    acts: list[Raw]
    compared: list[Compared]
    also: list[OfferShown] = []


class Since(msgspec.Struct, frozen=True):
    """An act that was done on the record since a page was drawn."""

    time: str
    side: str
    verb: str


class Changed(msgspec.Struct, frozen=True):
    """What is not as it was when a page was drawn. `own`: the page's own form has said it since, and nothing else."""

    names: list[str] = []
    parts: list[str] = []
    acts: list[Since] = []
    own: bool = False
