"""Whether the record holds what a place names, for whoever asks: a record, a field, words in it, records of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from dtti.node.record import lookups
from dtti.node.record.read import Listed
from dtti.programme import walk
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.values import Cite, Strength, strength, weakest

from .asking import Asking

PAGE: Final = "page:"


class Place(msgspec.Struct, frozen=True):
    """A place as it is written: ``kind:ref``, ``kind:ref/field``, ``kind:ref/field~words``, ``page:name!kind``."""

    text: str

    @property
    def page(self) -> str:
        """The name of the page, with its query; empty for a record."""
        return self.text.removeprefix(PAGE).partition("!")[0] if self.text.startswith(PAGE) else ""

    @property
    def kind(self) -> str:
        """The kind of which a page must show a record; empty where any page will do."""
        return self.text.partition("!")[2] if self.page else ""

    @property
    def record(self) -> str:
        """The record as ``kind:ref``; empty for a page."""
        if self.page:
            return ""
        head = self.text.partition("~")[0]
        link, _slash, field = head.rpartition("/")
        kind = head.partition(":")[0]
        fields = KINDS[kind].content.__struct_fields__ if kind in KINDS else ()
        return link if field in fields and ":" in link else head

    @property
    def field(self) -> str:
        """The field that must say something; empty where the record is enough."""
        head = self.text.partition("~")[0]
        return head.removeprefix(self.record).removeprefix("/") if self.record else ""

    @property
    def words(self) -> str:
        """Words that the field must hold."""
        return self.text.partition("~")[2]


class Held(msgspec.Struct, frozen=True):
    """Whether a place holds what it is named for, and how firm that is; `confidence` None for a page."""

    place: Place
    there: bool
    confidence: Strength | None


def held(asking: Asking, texts: Iterable[str]) -> dict[str, Held]:
    """For each place, whether it holds what it is named for to be seen by who asks, at the times asked for."""
    places = [Place(text) for text in dict.fromkeys(texts)]
    rows = asking.named([each.record for each in places if each.record])
    contents = asking.contents(rows.values())
    counts = lookups.counts(asking.node, asking.viewer, asking.moment.bound)
    return {each.text: _held(each, rows, contents, counts) for each in places}


def _held(place: Place, rows: Mapping[str, Listed], contents: Mapping[str, Content], counts: Mapping[str, int]) -> Held:
    if place.page:
        return Held(place, not place.kind or counts.get(place.kind, 0) > 0, None)
    row = rows.get(place.record)
    content = contents.get(row.record) if row else None
    if content is None:
        return Held(place, there=False, confidence=None)
    if not place.field:
        return Held(place, there=True, confidence=strength(content.cite))
    value = getattr(content, place.field)
    parts = value if isinstance(value, tuple) else (value,) if value is not None else ()
    holding = [part for part in parts if place.words.casefold() in _said(part).casefold()]
    if not holding:
        return Held(place, there=False, confidence=None)
    own = [strength(cite) for part in holding if isinstance(cite := getattr(part, "cite", None), Cite)]
    return Held(place, there=True, confidence=weakest([strength(content.cite, place.field), *own]))


def _said(part: Any) -> str:
    """What a value or a row says."""
    return walk.texts(part) if isinstance(part, msgspec.Struct) else str(part)
