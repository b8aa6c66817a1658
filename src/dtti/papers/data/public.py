"""What both sides tell the public: a joint readout and a fact sheet. Knows no layout.

Decided and announced are two states. A text that both sides have agreed is decided; it is announced only on the day on
which both make it public. Until then every page says that it is not for publication.
"""

from typing import Annotated

import msgspec

from dtti.documents.values import Line, Side, Words

from .head import Day, Head, a_day


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Where a public text stands: when each side agreed it, when and where it was announced."""

    agreed: dict[Side, Day] = {}
    announced: Day | None = None
    where: Words | None = None
    not_before: Line = ""

    def __post_init__(self) -> None:
        for day in (*self.agreed.values(), self.announced):
            a_day(day or "")
        if self.announced is not None:
            if set(self.agreed) != {"IND", "USA"}:
                raise ValueError("it is announced, and not both sides have agreed it")
            if any(self.announced[: len(day)] < day[: len(self.announced)] for day in self.agreed.values()):
                raise ValueError(f"it was announced on {self.announced}, before both sides had agreed it")

    @property
    def decided(self) -> bool:
        """Whether both sides have agreed the text."""
        return set(self.agreed) == {"IND", "USA"}


class Readout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A joint readout of a meeting, in the words that both sides agreed."""

    head: Head
    occasion: Words
    on: Day
    paragraphs: Annotated[tuple[Words, ...], msgspec.Meta(min_length=1, max_length=40)]
    release: Release = Release()
    contacts: dict[Side, Words] = {}

    def __post_init__(self) -> None:
        a_day(self.on)


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A fact with the day on which it was decided and, apart from it, the day on which it was announced."""

    name: Words
    value: Words
    decided: Day | None = None
    announced: Day | None = None
    source: Line = ""

    def __post_init__(self) -> None:
        a_day(self.decided or "")
        a_day(self.announced or "")


class FactSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Facts in groups. One that goes out (`release.announced`) may hold only facts that have been announced."""

    head: Head
    lead: Words
    groups: Annotated[tuple["Group", ...], msgspec.Meta(min_length=1, max_length=20)]
    release: Release = Release()
    contacts: dict[Side, Words] = {}

    def __post_init__(self) -> None:
        if self.release.announced is None:
            return
        for group in self.groups:
            for fact in group.facts:
                if fact.announced is None:
                    name = fact.name.en or fact.name.hi
                    raise ValueError(f"the sheet is announced, and the fact {name[:60]!r} is not")


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Facts that belong together."""

    title: Words
    facts: Annotated[tuple[Fact, ...], msgspec.Meta(min_length=1, max_length=40)]
