"""A record of discussion: its phases, what was said, decisions, actions. Knows no layout."""

from itertools import pairwise
from typing import Literal

import msgspec

from dtti.documents.values import Line, Side, Words
from dtti.programme.kinds.meeting import Phase

from .agenda import Session
from .head import Day, Head, Minute, Person, a_day, before, once


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A phase that the text reached, when, and by whose act. For `no-comment`, `on` is the agreed date that passed.

    No comment came by then: that is not `agreed` and never becomes it by time.
    """

    phase: Phase
    on: Day | None = None
    by: Side | None = None
    note: Words | None = None

    def __post_init__(self) -> None:
        a_day(self.on or "")


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A decision with its number in the body's series. `item`: number of the agenda item."""

    number: Line
    text: Words
    item: Line = ""


class Owner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who owns an action on one side: an office, and its holder where known."""

    side: Side
    office: Words
    name: Line = ""


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An action: one owner per side at most. `due` is kept for ever (null: not known); `due_now`: the present one."""

    number: Line
    text: Words
    owners: tuple[Owner, ...]
    due: Day | None
    due_now: Day | None = None
    state: Literal["open", "done", "dropped"] = "open"
    evidence: Line = ""
    verified_by: Side | None = None

    def __post_init__(self) -> None:
        a_day(self.due or "")
        a_day(self.due_now or "")
        held = [each.side for each in self.owners]
        if not held or len(set(held)) != len(held):
            raise ValueError(f"action {self.number} must have an owner, and one at most on each side")


class Discussion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What was said on one item of the agenda."""

    number: Line
    title: Words
    minutes: tuple[Minute, ...]


class Reserved(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a side reserves on the record, in its own words."""

    side: Side
    text: Words


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A record of discussion. The last of `phases` is where it stands."""

    head: Head
    body: Words
    phases: tuple[Step, ...]
    items: tuple[Discussion, ...]
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    reserved: tuple[Reserved, ...] = ()
    present: tuple[Person, ...] = ()
    chairs: tuple[Person, ...] = ()
    host: Side | None = None
    mode: Literal["in-person", "virtual", "hybrid", "unknown"] = "in-person"
    clocks: tuple[Session, ...] = ()

    def __post_init__(self) -> None:
        if not self.phases:
            raise ValueError("phases must say where the record stands; begin with drafted")
        reached = [each.phase for each in self.phases]
        if "locked" in reached and "agreed" not in reached[: reached.index("locked")]:
            raise ValueError("a record is locked only after it was agreed")
        self._in_time()
        once("items", (each.number for each in self.items))
        once("decisions", (each.number for each in self.decisions))
        once("actions", (each.number for each in self.actions))

    def _in_time(self) -> None:
        """No phase before the one that it follows, and nothing agreed before the meeting."""
        dated = [(each.phase, each.on) for each in self.phases if each.on]
        for (phase, on), (later, then) in pairwise(dated):
            if before(then, on):
                raise ValueError(f"the record was {later} on {then}, before it was {phase} on {on}")
        for phase, on in dated:
            if phase in ("agreed", "locked") and self.head.date and before(on, self.head.date):
                raise ValueError(f"the record was {phase} on {on}, before the meeting on {self.head.date}")
        reached = [each.phase for each in self.phases]
        for phase, needs in (("circulated", "drafted"), ("agreed", "drafted"), ("corrected", "circulated")):
            if phase in reached and needs in reached[reached.index(phase) :]:
                raise ValueError(f"the record is {phase} before it is {needs}")

    @property
    def agreed(self) -> bool:
        """Whether both sides agreed this text. Passing of a date does not make it so."""
        return self.phases[-1].phase in {"agreed", "locked"}
