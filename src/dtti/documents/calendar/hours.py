"""The least bad hour for both capitals: their working days hardly meet, so somebody sits early or late. No holidays.

Being outside working hours counts by how far outside: the minutes of a meeting are each weighed by their distance from
the working day, so that one hour at 19:00 weighs less than two, and either far less than one at midnight.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from dtti.documents.values import SIDES, Side
from dtti.language.names import ZONES

from .request import Hours

STEP = dt.timedelta(minutes=30)  # between the beginnings that are tried
POINT = 600  # minutes x minutes outside the working day that cost one point: an hour just outside it costs three
_SLICE = 5  # minutes


class Seat(NamedTuple):
    """How one side sits: how long before its working day it begins, how long after it ends (minutes); the points."""

    early: int
    late: int
    points: int


@lru_cache(maxsize=4096)
def seat(begins: int, minutes: int, opens: int, closes: int) -> Seat:
    """How a meeting of `minutes` sits with a working day from `opens` to `closes` (all in minutes of the local day).

    Time outside belongs to the working day that is nearer, yesterday's evening or tomorrow's morning.
    """
    early = late = weight = 0
    for at in range(begins, begins + minutes, _SLICE):
        middle = (at + _SLICE // 2) % 1440
        if opens <= middle < closes:
            continue
        before, after = (opens - middle) % 1440, (middle - closes) % 1440
        if before <= after:
            early = max(early, (opens - at) % 1440)
        else:
            late = max(late, (at + _SLICE - closes) % 1440)
        weight += _SLICE * min(before, after)
    return Seat(early, late, round(weight / POINT))


def seats(start: dt.datetime, minutes: int, hours: dict[Side, Hours]) -> dict[Side, Seat]:
    """How both sides sit in a meeting that begins at `start`."""
    found = {}
    for side in SIDES:
        local = start.astimezone(ZONES[side])
        kept = hours[side]
        found[side] = seat(local.hour * 60 + local.minute, minutes, _minutes(kept.opens), _minutes(kept.closes))
    return found


def beginnings(date: dt.date) -> Iterator[dt.datetime]:
    """The moments at which a meeting may begin on `date` by New Delhi's clock."""
    at = dt.datetime.combine(date, dt.time(), tzinfo=ZONES["IND"]).astimezone(dt.UTC)
    for step in range(48):
        yield at + step * STEP


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute
