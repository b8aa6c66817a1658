"""A handover pack: what an office passes on when its holder changes. Knows no layout."""

from typing import Annotated, Literal

import msgspec

from dtti.documents.values import Line, Side, Words
from dtti.papers.charts.ageing import Ageing

from .head import Day, Head, Minute, Person, a_day


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What the office is charged with, and on what authority."""

    what: Words
    authority: Line = ""


class Undertaking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What the office has promised to whom; the date first given is kept beside the present one."""

    ref: Line
    what: Words
    to: Words
    due: Day
    due_now: Day | None = None

    def __post_init__(self) -> None:
        a_day(self.due)
        a_day(self.due_now or "")


class Coming(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A date that comes: a meeting, a clock that runs out, an expiry."""

    on: Day
    what: Words
    ref: Line = ""

    def __post_init__(self) -> None:
        a_day(self.on)


class Passed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A thing to hand over and to sign for: a file, a power, a key, an account, an original."""

    kind: Literal["file", "power", "key", "account", "original", "other"]
    what: Words
    number: Line = ""
    where: Words | None = None


class Handover(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The pack of one office. `waiting`: everything open that waits on it, drawn by age. `advice`: in own words."""

    head: Head
    office: Words
    side: Side
    on: Day
    outgoing: Person | None = None
    incoming: Person | None = None
    duties: Annotated[tuple[Duty, ...], msgspec.Meta(max_length=40)] = ()
    waiting: Ageing | None = None
    undertakings: Annotated[tuple[Undertaking, ...], msgspec.Meta(max_length=200)] = ()
    coming: Annotated[tuple[Coming, ...], msgspec.Meta(max_length=200)] = ()
    people: Annotated[tuple[Person, ...], msgspec.Meta(max_length=100)] = ()
    passed: Annotated[tuple[Passed, ...], msgspec.Meta(max_length=200)] = ()
    advice: Annotated[tuple[Minute, ...], msgspec.Meta(max_length=40)] = ()

    def __post_init__(self) -> None:
        a_day(self.on)
        for each in (self.outgoing, self.incoming):
            if each is not None and each.side != self.side:
                raise ValueError(f"{each.name[:60]} is of another side than the office")
