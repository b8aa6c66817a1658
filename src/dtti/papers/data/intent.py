"""A Statement of Intent: the projects both sides mean to pursue, with horizon and promised date. Knows no layout."""

from typing import Literal

import msgspec

from dtti.documents.values import Line, Party, Side, Words
from dtti.programme.kinds.project import Horizon

from .head import Day, Head, a_day, once


class Intended(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A project as the statement lists it. `change`: against the version before; `before`: its promised date there."""

    number: Line
    project: Words
    horizon: Horizon
    body: Words | None = None
    promised: Day | None = None
    change: Literal["new", "kept", "moved", "dropped"] = "kept"
    before: Day | None = None
    note: Words | None = None

    def __post_init__(self) -> None:
        a_day(self.promised or "")
        a_day(self.before or "")


class StatementOfIntent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A version of the Statement of Intent. Title and preamble hold `{parties}`, as in an instrument (alternat).

    `digest`: SHA-256 of the agreed text as the record holds it; "" where there is none yet.
    """

    head: Head
    version: Line
    parties: dict[Side, Party]
    preamble: Words
    projects: tuple[Intended, ...]
    paragraphs: tuple[Words, ...] = ()
    closing: Words | None = None
    digest: Line = ""

    def __post_init__(self) -> None:
        if set(self.parties) != {"IND", "USA"}:
            raise ValueError("parties must hold IND and USA, and no other")
        once("projects", (each.number for each in self.projects))
