"""An instrument as it is negotiated and signed: parties, clauses, brackets, signature blocks. Knows no layout.

Alternat (domain.md 5): two originals, each side's own naming it first in title, preamble and signature block; all the
rest is equal. So a title or preamble never spells the two parties: it holds `{parties}` (full names) or
`{parties_short}`, which are filled in the order of the original at hand. A brace of any other kind is ordinary text.
"""

import datetime as dt
from typing import Literal

import msgspec

from dtti.documents.values import Line, Party, Passage, Side, Words


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A numbered clause. `key` stays the same when a clause is moved or renumbered; `number` is as printed."""

    key: Line
    number: Line
    passages: tuple[Passage, ...]
    heading: Words | None = None
    level: Literal[1, 2, 3] = 1

    @property
    def agreed(self) -> bool:
        """Whether nothing in it is in brackets."""
        return all(each.bracket is None for each in self.passages)


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The text of an agreement, arrangement or record that both sides sign."""

    type: Words
    reference: Line
    title: Words
    preamble: Words
    parties: dict[Side, Party]
    clauses: tuple[Clause, ...]
    closing: Words | None = None
    digest: Line = ""
    """SHA-256 of the agreed text as the record holds it, in lower-case hexadecimal; "" where there is none yet."""
    place: Words | None = None
    date: dt.date | None = None
    status: Words | None = None
    label: Line = ""

    def __post_init__(self) -> None:
        if set(self.parties) != {"IND", "USA"}:
            raise ValueError("parties must hold IND and USA, and no other")
        keys = [each.key for each in self.clauses]
        if len(set(keys)) != len(keys):
            raise ValueError("two clauses have the same key")
