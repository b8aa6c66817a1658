"""A co-chair's brief: what moved, what waits on whom, what is asked. Two pages, never more. Knows no layout."""

from typing import Annotated, Literal

import msgspec

from dtti.documents.values import Line, Side, Words

from .head import Day, Head, a_day

MOST_FIRST, MOST_SECOND = 1_500, 1_800
"""Characters in one language that the first page (what moved, what waits) and the second (what is asked) may hold."""


class Moved(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Something that moved since the last brief. `by`: the side whose act it was; null for a joint one."""

    ref: Line
    subject: Words
    what: Words
    on: Day
    by: Side | None = None

    def __post_init__(self) -> None:
        a_day(self.on)


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Something that waits: on whom (null: on no one), since when, for how many days, and what it holds up."""

    ref: Line
    what: Words
    on: Literal["IND", "USA", "both"] | None
    since: Day
    days: Annotated[int, msgspec.Meta(ge=0, le=40_000)] | None = None
    holds_up: Words | None = None

    def __post_init__(self) -> None:
        a_day(self.since)


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A decision that is asked of the co-chair: options, what the office recommends, and what follows without it."""

    number: Line
    question: Words
    background: Words | None = None
    options: Annotated[tuple[Words, ...], msgspec.Meta(max_length=5)] = ()
    recommended: Words | None = None
    otherwise: Words | None = None
    by: Day | None = None

    def __post_init__(self) -> None:
        a_day(self.by or "")


class Brief(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The brief of one side's co-chair for a period, before a meeting or by itself."""

    head: Head
    co_chair: Words
    side: Side
    period_from: Day
    period_to: Day
    occasion: Words | None = None
    moved: Annotated[tuple[Moved, ...], msgspec.Meta(max_length=6)] = ()
    waiting: Annotated[tuple[Waiting, ...], msgspec.Meta(max_length=8)] = ()
    asked: Annotated[tuple[Asked, ...], msgspec.Meta(max_length=4)] = ()

    def __post_init__(self) -> None:
        a_day(self.period_from)
        a_day(self.period_to)
        first = [text for each in self.moved for text in (each.subject, each.what)]
        first += [text for each in self.waiting for text in (each.what, each.holds_up) if text]
        second = [
            text
            for each in self.asked
            for text in (each.question, each.background, *each.options, each.recommended, each.otherwise)
            if text
        ]
        for name, texts, most in (("moved and waiting", first, MOST_FIRST), ("asked", second, MOST_SECOND)):
            long = max(sum(len(text.en or text.hi) for text in texts), sum(len(text.hi or text.en) for text in texts))
            if long > most:
                raise ValueError(
                    f"a brief has two pages: {name} come to {long:,} characters in one language, at most {most:,}"
                )
