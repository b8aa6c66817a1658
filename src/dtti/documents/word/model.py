"""What a comparison says: a proposal of changes, each to be confirmed by a person. Knows neither file nor method.

Plain frozen structures, to be kept, shown, sent as JSON. Nothing here is ever applied by itself.
"""

from typing import Literal

import msgspec

from dtti.documents.values import Language, Side, Words

ClauseState = Literal["same", "changed", "deleted", "added", "moved", "moved and changed"]
ChangeKind = Literal["words", "value", "bracket", "number", "added", "deleted", "moved"]


class Author(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who tracked a change, and when, as their program wrote it."""

    author: str
    at: str = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Words that came in, and the side in whose bracket they stand."""

    text: str
    bracket: Side | None = None


class Trouble(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Why a change cannot be taken as it is, in both languages; `rule`: by which rule confirming it is refused."""

    rule: str
    reason: Words


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One change to confirm or leave.

    `id`: unlike any other's, the same each time the same files are compared. `slot`: the text it is in (`title`,
    `clause/KEY/text`, `party/IND/name`), or `clause/KEY` where it is a whole clause. `language`: of the text.
    `start`, `end`: the words of the text as sent that it concerns. `removed`: those words. `added`: what stands in
    their place. `bracket`, `bracket_before`: for a bracket put around words, taken away, or given to the other side.
    `after`: for a clause that was moved or added, the key of the clause before it ("" at the start).
    `value_before`, `value`: for a date, side or other value, what it was and what it is now, in code (`values`; ""
    for nothing). `trouble`: why it cannot be taken; to be seen, and refused if confirmed.
    `tracked_by`: who tracked it; `tracked` is False where some of it was changed without tracking.
    """

    id: str
    kind: ChangeKind
    slot: str
    language: Language
    start: int = 0
    end: int = 0
    removed: str = ""
    added: tuple[Part, ...] = ()
    bracket_before: Side | None = None
    bracket: Side | None = None
    before: str = ""
    """A few words before it, to find the place."""
    behind: str = ""
    """A few words after it."""
    after: str = ""
    value_before: str = ""
    value: str = ""
    trouble: Trouble | None = None
    tracked: bool = False
    tracked_by: tuple[Author, ...] = ()


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Words that are the same, added or removed, to show a text with its changes; `change`: the id of theirs."""

    op: Literal["same", "ins", "del"]
    text: str
    bracket: Side | None = None
    change: str = ""


class Noise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What programs changed by themselves in a text, by kind: how often, and the first example."""

    slot: str
    language: Language
    kind: str
    count: int
    sent: str
    returned: str


class SlotCompared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One text in one language, word by word. `rejected`: what it says with every tracked change rejected."""

    slot: str
    language: Language
    state: Literal["same", "changed", "missing"]
    runs: tuple[Run, ...] = ()
    sent: str = ""
    accepted: str = ""
    rejected: str = ""


class Comment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A comment in the margin. `slot`: the text it stands in ("" for none of ours); `on`: the words it stands on."""

    id: str
    author: str
    at: str
    text: str
    slot: str = ""
    language: Language = "en"
    on: str = ""
    reply_to: str = ""
    done: bool = False


class ClauseCompared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A clause, or a row of a register: what became of it, its number as sent and as returned.

    `place_sent`, `place_returned`: its place among all, from 1; 0 where it is not there.
    """

    key: str
    state: ClauseState
    number_sent: str = ""
    number_returned: str = ""
    place_sent: int = 0
    place_returned: int = 0
    slots: tuple[SlotCompared, ...] = ()
    changes: tuple[str, ...] = ()
    found_by: Literal["mark", "likeness", ""] = "mark"


class AddedClause(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A clause or row that was not in what was sent: its key to be, its number as printed, its words by language.

    `sort`: which kind of entry it is, by the part in which it stands; `values`: its labelled lines, by field.
    """

    key: str
    number: str
    after: str
    sort: str = "clause"
    level: Literal[1, 2, 3] = 1
    heading: dict[Language, str] = {}
    text: dict[Language, tuple[Part, ...]] = {}
    values: dict[str, dict[Language, str]] = {}


class Hand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One person's tracked changes: words put in and struck out, first and last time."""

    author: str
    inserted: int
    deleted: int
    first: str = ""
    last: str = ""


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What came back against what was sent: a proposal.

    `kind`: of the text. `sent`: SHA-256 of the text as compared, so that it is applied to nothing else.
    `same`: no change, and nothing that a reader sees otherwise than it is read here.
    `languages`, `first`: as the file shows them. `fields`: texts outside the clauses that differ. `notes`: footnotes,
    which the text has not. `warnings`: what a person should look at, in words.
    """

    kind: str
    reference: str
    sent: str
    languages: tuple[Language, ...]
    first: Side
    same: bool
    clauses: tuple[ClauseCompared, ...] = ()
    added: tuple[AddedClause, ...] = ()
    fields: tuple[SlotCompared, ...] = ()
    changes: tuple[Change, ...] = ()
    noise: tuple[Noise, ...] = ()
    comments: tuple[Comment, ...] = ()
    hands: tuple[Hand, ...] = ()
    notes: tuple[str, ...] = ()
    formatting: int = 0
    warnings: tuple[Words, ...] = ()
