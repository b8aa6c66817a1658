"""Reports that a side makes from time to time, as they are held: between which days each lies, which are last. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Generic, Protocol, TypeVar

import msgspec

from .values import When


class _Of(Protocol):
    @property
    def date(self) -> When: ...


R = TypeVar("R", bound=_Of)


class Reported(msgspec.Struct, Generic[R], frozen=True):
    """A report as it is held: its reference, its text, when it was recorded (empty: compiled from what is public)."""

    ref: str
    text: R
    recorded: str = ""

    @property
    def first(self) -> date:
        """The first day that its date may mean."""
        return self.text.date.earliest or date.min

    @property
    def last(self) -> date:
        """The last day that its date may mean: what was recorded had been seen by then."""
        known = self.text.date.latest or date.max
        return min(known, max(date.fromisoformat(self.recorded[:10]), self.first)) if self.recorded else known


def latest(reports: Sequence[Reported[R]], on: date | None = None) -> tuple[Reported[R], ...]:
    """Those of some reports that may be the last by the end of a day: none is surely followed by another of them.

    Of several that name the same day, the one that was recorded last corrects the others.
    """
    sure = [each for each in reports if on is None or each.last <= on]
    found = [one for one in reports if not any(other.first > one.last for other in sure)]
    return tuple(
        one
        for one in found
        if not (one.text.date.day and any(_corrects(other, one) for other in found if other is not one))
    )


def _corrects(one: Reported[R], other: Reported[R]) -> bool:
    return one.text.date.day == other.text.date.day and (one.recorded, one.ref) > (other.recorded, other.ref)
