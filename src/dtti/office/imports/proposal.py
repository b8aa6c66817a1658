"""What a file proposes: values with their places, what was left and why, what is there already. Knows no file."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from dtti.accord.refusal import Refusal
from dtti.documents.sheet.text import folded
from dtti.documents.values import Words
from dtti.language.marking import N_
from dtti.office.asking import Stored

from .known import Known

#: `open`: a person must say something first; `barred`: it cannot be recorded by this side.
State = Literal["new", "changed", "same", "open", "barred"]

#: Why a value has no place of its own, or a row is not taken: English, marked, translated where shown.
REASONS: Final[dict[str, str]] = {
    "no-field": N_("the record has no field for it"),
    "no-day": N_("it holds on a day, and it is not said for which day the file speaks"),
    "not-known": N_("no record is called so"),
    "several": N_("several records are called so"),
    "withheld": N_("private telephone numbers and e-mail addresses are not stored"),
    "invited": N_("who was invited is not taken from a calendar file"),
    "not-whole": N_("it is no whole number of units"),
    "needs": N_("a value is missing without which there is no record"),
    "two": N_("it is like more than one record"),
    "other-side": N_("the other side alone states this"),
    "published": N_("it stands in the public record, which neither side rewrites"),
    "twice": N_("an earlier row of the file is the same"),
    "first-stays": N_("the first date given stays as it was recorded"),
    "first": N_("record the offices of this file first"),
    "title": N_("the reference is the same, and the name is another"),
}


class Taken(msgspec.Struct, frozen=True):
    """A value as it is proposed: of which field, in words, and where it stands in the file."""

    path: str
    label: Words
    said: Words
    place: str


class Left(msgspec.Struct, frozen=True):
    """A value that has no place in the record, and why (`REASONS`); `noted`: it is kept in the notes."""

    label: Words
    said: Words
    place: str
    why: str
    noted: bool = False


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A record as a part of a file proposes it.

    `number`: the row, or what else tells it apart in the file. `content`: as it would stand, laid over `before`, what
    the `record` holds (neither where it is new). `why`: of an open or barred one. `rivals`: the records that it may be.
    `drafted`: what it was matched with is a draft of this office; `agreed`: both sides hold the text of the record.
    `against`: rules that its content does not satisfy.
    """

    number: int
    kind: str
    title: str
    content: Stored
    state: State
    record: str = ""
    before: Stored | None = None
    why: str = ""
    taken: tuple[Taken, ...] = ()
    left: tuple[Left, ...] = ()
    problems: tuple[str, ...] = ()
    rivals: tuple[Known, ...] = ()
    drafted: bool = False
    agreed: bool = False
    against: tuple[Refusal, ...] = ()

    @property
    def takeable(self) -> bool:
        """Whether there is anything to be recorded, and nothing stands against it."""
        return self.state in ("new", "changed") and not self.against

    @property
    def recordable(self) -> bool:
        """Whether this side alone can record it at once; else it goes by a draft."""
        return self.takeable and not self.drafted and not self.agreed

    @property
    def sure(self) -> bool:
        """Whether it is ticked before anybody has looked: all of it was understood."""
        return self.takeable and not self.problems and not self.why


class Name(msgspec.Struct, frozen=True):
    """A name in the file that means no single record by itself: of which kind, of which side, as it is written."""

    kind: str
    said: str
    side: str
    places: tuple[str, ...]
    choices: tuple[Known, ...]

    @property
    def key(self) -> str:
        """What it is remembered by."""
        return f"{self.kind}|{self.side}|{folded(self.said)}"
