"""What is asked of the date finder, and what it answers: plain data, no rule.

Every number that decides a score stands in `Points` and can be given; what a number is for is said beside it.
"""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from dtti.documents.values import SIDES, Line, Side, Words

from .event import LATEST, Mode, zone_named

Standing = Literal["known", "estimate", "unknown", "note"]
Confidence = Literal["sourced", "single-source", "inferred", "unverified"]
Weight = Literal["blocks", "strains", "notes"]
Small = Annotated[int, msgspec.Meta(ge=0, le=1000)]
LONGEST_WINDOW = 800  # days between the first and last day asked for


class OffDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A day off on one side's list. `closed`: offices are shut; else officials may choose it (restricted list)."""

    date: dt.date
    name: Words
    closed: bool = True


class ConfirmedList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A side's own list for a year, which takes the place of everything computed for that year."""

    side: Side
    year: int
    days: tuple[OffDay, ...]
    source: Line

    def __post_init__(self) -> None:
        wrong = [each.date.isoformat() for each in self.days if each.date.year != self.year]
        if wrong:
            raise ValueError(f"the list for {self.year} holds {wrong[0]}")


class FixedEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something else in those days: whom it binds, how far it stands in the way, and how surely it is known."""

    first: dt.date
    last: dt.date
    name: Words
    binds: tuple[Side, ...] = SIDES
    weight: Weight = "strains"
    source: Line = ""
    confidence: Confidence = "unverified"

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.name.spoken('en')[0]!r} ends before it begins")


class Travel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Days that a visiting delegation needs before the first and after the last day of a meeting, with the reason."""

    before: Annotated[int, msgspec.Meta(ge=0, le=7)]
    after: Annotated[int, msgspec.Meta(ge=0, le=7)]
    reason: Words | None = None


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A capital's working day, by its own clock."""

    opens: dt.time
    closes: dt.time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("working hours must close after they open, on the same day")


class Cadence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The rule of a body's meetings: when the last one was, after how many days the next is due, whose turn it is."""

    last: dt.date
    days: Annotated[int, msgspec.Meta(ge=1, le=3660)] = 183
    turn: Side | None = None


class Points(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How much each thing counts against a day, out of 100."""

    closed: Small = 40
    """offices of a side that must attend are shut that day"""
    abroad: Small = 25
    """a holiday at home, of the delegation that is on a visit"""
    restricted: Small = 3
    """a day that officials may choose to take off"""
    weekend: Small = 30
    """a meeting day on Saturday or Sunday"""
    shifting: Small = 6
    """the day beside a feast that the moon decides"""
    bridge: Small = 5
    """a working day between two days off"""
    travel_closed: Small = 8
    """a day of travel on the visitors' own holiday"""
    travel_weekend: Small = 2
    """a day of travel on Saturday or Sunday"""
    blocks: Small = 40
    """an event that takes the same people or the place"""
    strains: Small = 15
    """an event that takes much of their time"""
    notes: Small = 3
    """an event worth knowing of"""
    late_week: Small = 2
    """each week after the date at which the cadence asks for the meeting, or after the first day searched if later"""
    turn: Small = 10
    """the host is not the side whose turn it is"""
    lead: Small = 20
    """less time than a side needs for visit requests"""
    clocks: Small = 1
    """Washington's clocks change in the week before, or during the meeting"""
    unknown: Small = 10
    """a side's holidays in that year are not known here"""


# Delhi: the central government's five-day week. Washington: the window in which the Department of Defense meets.
# Both are believed, not sourced, and can be given.
DEFAULT_HOURS: dict[Side, Hours] = {
    "IND": Hours(dt.time(9, 0), dt.time(17, 30)),
    "USA": Hours(dt.time(8, 30), dt.time(17, 30)),
}
DEFAULT_TRAVEL: dict[Side, Travel] = {
    "USA": Travel(
        2,
        1,
        Words(
            en="eastward: one leaves in the evening, loses 9½ to 10½ hours to the clock, lands the next night; then a "
            "night's rest; the night flight home lands on the following morning",
            hi="पूर्व की ओर: शाम को प्रस्थान, घड़ी 9½ से 10½ घंटे आगे, अगली रात आगमन; फिर एक रात का विश्राम; "
            "वापसी की रात्रि उड़ान अगली सुबह पहुँचती है",
        ),
    ),
    "IND": Travel(
        2,
        2,
        Words(
            en="westward: a night flight lands on the same calendar day, and a day is kept to adjust; the flight home "
            "loses the hours won, leaves in the evening and lands in the night after",
            hi="पश्चिम की ओर: रात्रि उड़ान उसी तारीख को पहुँचती है, फिर एक दिन समायोजन का; "
            "वापसी में शाम को प्रस्थान और अगली रात को आगमन",
        ),
    ),
}


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A search for days. `first` to `last` is where the first day of the meeting may fall.

    In person or hybrid: `days` on end at `host`'s capital, or by the clock of `zone` elsewhere in that country.
    Virtual: `minutes` on each of `days`, at the same time in New Delhi. `sat_out` is the side that sat outside its
    working hours last time. `asked_on` with `lead` (days that each side needs for visit requests) finds what is too
    soon. `away` are days on which those whom it `binds` cannot meet: no meeting is proposed on them. `most` proposals
    are given, their first days at least `apart` days apart.
    """

    first: dt.date
    last: dt.date
    mode: Mode = "in-person"
    days: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    host: Side | None = None
    zone: Line = ""
    minutes: Annotated[int, msgspec.Meta(ge=15, le=480)] = 60
    hours: dict[Side, Hours] = msgspec.field(default_factory=lambda: dict(DEFAULT_HOURS))
    travel: dict[Side, Travel] = msgspec.field(default_factory=lambda: dict(DEFAULT_TRAVEL))
    lists: tuple[ConfirmedList, ...] = ()
    events: Annotated[tuple[FixedEvent, ...], msgspec.Meta(max_length=1000)] = ()
    away: Annotated[tuple[FixedEvent, ...], msgspec.Meta(max_length=2000)] = ()
    standing: bool = True
    cadence: Cadence | None = None
    sat_out: Side | None = None
    asked_on: dt.date | None = None
    lead: dict[Side, Small] = msgspec.field(default_factory=dict)
    points: Points = Points()
    most: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5
    apart: Annotated[int, msgspec.Meta(ge=1, le=60)] = 3

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day asked for comes before the first")
        if (self.last - self.first).days > LONGEST_WINDOW:
            raise ValueError(f"at most {LONGEST_WINDOW} days are searched at once")
        if not 1990 <= self.first.year <= self.last.year < LATEST:
            raise ValueError(f"days are searched in the years 1990 to {LATEST - 1}")
        if self.mode != "virtual" and self.host is None:
            raise ValueError("a meeting in person needs its host, IND or USA")
        if self.mode == "virtual" and self.host is not None:
            raise ValueError("nobody hosts a meeting by video: leave host out")
        if set(self.hours) != set(SIDES):
            raise ValueError("hours are given for both sides, IND and USA, or not at all")
        if self.zone:
            zone_named(self.zone)
        if len({(each.side, each.year) for each in self.lists}) != len(self.lists):
            raise ValueError("a side has two lists for the same year")


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing known against a proposal (or worth knowing, with 0 points), in words, with how surely it is known."""

    code: str
    points: int
    text: Words
    standing: Standing = "known"
    side: Side | None = None
    source: str = ""


class Session(msgspec.Struct, frozen=True):
    """One sitting: its moments (UTC), and both capitals' clocks in words."""

    start: dt.datetime
    end: dt.datetime
    clocks: Words


class Proposal(msgspec.Struct, frozen=True):
    """Days that could be proposed: 100 less the points of everything known against them, never below 0.

    `first` and `last` are days by the venue's clock (New Delhi's where there is no venue).
    """

    first: dt.date
    last: dt.date
    score: int
    against: int
    sessions: tuple[Session, ...]
    findings: tuple[Finding, ...]
    summary: Words


class LeftOut(msgspec.Struct, frozen=True):
    """Days that are not proposed, and why: a meeting beginning on one of `first` to `last` would meet all of these."""

    first: dt.date
    last: dt.date
    because: tuple[FixedEvent, ...]


class Found(msgspec.Struct, frozen=True):
    """The whole answer: proposals, best first; what was looked at and how surely it is known; what was not.

    `left_out`: the days on which somebody cannot meet, in their order.
    """

    proposals: tuple[Proposal, ...]
    looked_at: tuple[Words, ...]
    not_known: tuple[Words, ...]
    left_out: tuple[LeftOut, ...] = ()
