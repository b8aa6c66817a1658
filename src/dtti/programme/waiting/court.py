"""Whose court, day by day: waits on either side laid together, each day counted once for a side. Pure; knows no node.

What a side is awaited for is told to it as waits; which of them a reader may know of is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, Literal

import msgspec

from .stretches import Stretch, common, days, joined, twice, without

Why = Literal["offer", "request", "ask"]
SIDES: Final = ("IND", "USA")
MOST: Final = 400  # stretches of a picture


class Wait(msgspec.Struct, frozen=True):
    """Something awaited of a side. Its first day is known to lie in `began`, its last (without it) in `ended`.

    `ended` None: it is awaited still. `why`: an offer to answer, a text asked for, a request to an office (`ask`).
    `office`: the one that is awaited, where it is known. `what`: what is asked for. `record`: what it is about, as a
    link; `ask`: the request, as one. `act`: the offer or request of the text. `reasons`: codes that its own side gave,
    each with the days that it goes for.
    """

    side: str
    why: Why
    record: str
    began: tuple[date, date]
    ended: tuple[date, date] | None
    office: str = ""
    what: str = ""
    ask: str = ""
    act: str = ""
    wanted: str = ""
    national: bool = False
    reasons: tuple[tuple[str, Stretch], ...] = ()

    def certain(self, today: int) -> Stretch:
        """The days on which it was certainly awaited; empty (from a day to itself) where that is none."""
        end = min(self.ended[0].toordinal(), today) if self.ended else today
        start = self.began[1].toordinal()
        return (start, max(start, end))

    def possible(self, today: int) -> Stretch:
        """The days on which it may have been awaited."""
        end = min(self.ended[1].toordinal(), today) if self.ended else today
        start = self.began[0].toordinal()
        return (start, max(start, end))


class OfReason(msgspec.Struct, frozen=True):
    """Days of a side that go by one reason; `code` empty: no reason was given for them."""

    code: str
    days: int


class OfSide(msgspec.Struct, frozen=True):
    """What a side was awaited for: days counted once (`least`; `most` where dates are known in part), by reason.

    `twice`: days of these on which more than one thing was awaited of it, which are counted once.
    """

    side: str
    least: int
    most: int
    twice: int
    reasons: list[OfReason]


class Spell(msgspec.Struct, frozen=True):
    """A stretch of days in one court: a side, `both`, `none` (nothing awaited) or `unknown` (the record is silent).

    `waits`: the places of what was awaited, among the waits that it was made of.
    """

    who: str
    start: date
    end: date
    waits: list[int]


class Court(msgspec.Struct, frozen=True):
    """Who was awaited, from the first day of which the record tells to the day that is asked for."""

    as_of: date
    since: date | None
    sides: list[OfSide]
    both: int
    none: int
    unknown: int
    spells: list[Spell]


def court(waits: Sequence[Wait], today: date, *, first: date | None = None, watched: date | None = None) -> Court:
    """The court of some waits up to a day.

    `first`: the first day of which the record tells anything. `watched`: from which day both sides have worked on it
    here, so that days on which nothing is awaited are nobody's; before that, and where None, they are not known.
    """
    end = today.toordinal()
    sure = {side: [each.certain(end) for each in waits if each.side == side] for side in SIDES}
    may = {side: joined(each.possible(end) for each in waits if each.side == side) for side in SIDES}
    by_side = {side: joined(found) for side, found in sure.items()}
    starts = [found[0][0] for found in may.values() if found] + ([first.toordinal()] if first else [])
    if not starts or min(starts) >= end:
        return Court(today, None, [_of_side(side, waits, sure[side], may[side], end) for side in SIDES], 0, 0, 0, [])
    begin = min(starts)
    spells = _spells(waits, by_side, may, (begin, end), watched.toordinal() if watched else None)
    lengths: dict[str, int] = {}
    for each in spells:
        lengths[each.who] = lengths.get(each.who, 0) + (each.end - each.start).days
    return Court(
        today,
        date.fromordinal(begin),
        [_of_side(side, waits, sure[side], may[side], end) for side in SIDES],
        lengths.get("both", 0),
        lengths.get("none", 0),
        lengths.get("unknown", 0),
        spells[-MOST:],
    )


def _of_side(side: str, waits: Sequence[Wait], sure: Sequence[Stretch], may: Sequence[Stretch], end: int) -> OfSide:
    whole = joined(sure)
    by_code: dict[str, list[Stretch]] = {}
    for each in waits:
        if each.side == side:
            for code, going in each.reasons:
                by_code.setdefault(code, []).extend(common([each.certain(end)], [going]))
    given = {code: joined(found) for code, found in by_code.items()}
    told = joined(each for found in given.values() for each in found)
    found = [OfReason(code, days(one)) for code, one in given.items() if one]
    if silent := days(without(whole, told)):
        found.append(OfReason("", silent))
    found.sort(key=lambda each: (not each.code, -each.days, each.code))
    return OfSide(side, days(whole), days(may), twice(sure), found)


def _spells(
    waits: Sequence[Wait],
    sure: Mapping[str, Sequence[Stretch]],
    may: Mapping[str, Sequence[Stretch]],
    whole: Stretch,
    watched: int | None,
) -> list[Spell]:
    """The days in order, each stretch with the same waits; what may have been awaited and may not is not known."""
    begin, end = whole
    certain = [each.certain(end) for each in waits]
    cuts = {begin, end, *([watched] if watched is not None and begin < watched < end else [])}
    for found in (*sure.values(), *may.values(), certain):
        cuts.update(each for stretch in found for each in stretch if begin <= each <= end)
    running: list[Spell] = []
    for left, right in pairwise(sorted(cuts)):
        on = [place for place, each in enumerate(certain) if each[0] <= left and each[1] >= right and each[0] < each[1]]
        sides = {waits[place].side for place in on}
        who = "both" if len(sides) > 1 else next(iter(sides), "")
        if not who:
            unsure = any(covers(found, left) for found in may.values())
            who = "unknown" if unsure or watched is None or left < watched else "none"
        last = running[-1] if running else None
        if last is not None and (last.who, last.waits) == (who, on):
            running[-1] = msgspec.structs.replace(last, end=date.fromordinal(right))
        else:
            running.append(Spell(who, date.fromordinal(left), date.fromordinal(right), on))
    return running


def covers(stretches: Iterable[Stretch], day: int) -> bool:
    """Whether one of them covers a day."""
    return any(start <= day < end for start, end in stretches)
