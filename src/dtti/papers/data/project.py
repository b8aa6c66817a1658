"""A project on one page: stages, national steps on both sides, measures of success, whose court. Knows no layout."""

from typing import Annotated, Literal

import msgspec

from dtti.documents.values import Line, Side, Words
from dtti.papers.charts.court import Court
from dtti.programme.sop.spine import ShownStage

from .head import Day, Head, a_day


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A row of a checklist. `waived` needs a note: by whom, why, on what authority."""

    what: Words
    state: Literal["met", "open", "waived", "failed"]
    on: Day | None = None
    note: Words | None = None
    waits_on: Side | None = None

    def __post_init__(self) -> None:
        a_day(self.on or "")
        if self.state == "waived" and self.note is None:
            raise ValueError("a waived step says by whom and why (note)")


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A measure of success: where it began, what is aimed at and by when, what is known now (null: not known)."""

    name: Words
    target: Words
    baseline: Words | None = None
    now: Words | None = None
    by: Day | None = None

    def __post_init__(self) -> None:
        a_day(self.by or "")


class OnePager(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A project as it stands on a day. `stage`: the one it is in; `waived`: stages that were waived."""

    head: Head
    ref: Line
    aim: Words
    body: Words
    stage: ShownStage
    as_of: Day
    waived: tuple[ShownStage, ...] = ()
    standing: Words | None = None
    gate: Annotated[tuple[Step, ...], msgspec.Meta(max_length=6)] = ()
    steps: dict[Side, Annotated[tuple[Step, ...], msgspec.Meta(max_length=5)]] = {}
    measures: Annotated[tuple[Measure, ...], msgspec.Meta(max_length=6)] = ()
    court: Court | None = None
    next: Words | None = None

    def __post_init__(self) -> None:
        a_day(self.as_of)
        texts = [self.aim, *(each.what for each in self.gate), *(each.name for each in self.measures)]
        texts += [each.what for steps in self.steps.values() for each in steps]
        texts += [each.note for steps in (*self.steps.values(), self.gate) for each in steps if each.note]
        long = max(sum(len(text.en or text.hi) for text in texts), sum(len(text.hi or text.en) for text in texts))
        if long > 1_600:
            raise ValueError(f"it is one page: its texts come to {long:,} characters in one language, at most 1,600")
