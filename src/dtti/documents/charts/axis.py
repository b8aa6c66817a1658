"""The axis of time: where a day lies, and which days can be named without their names meeting. Knows no chart."""

from collections.abc import Iterable
from datetime import date

import msgspec

from dtti.documents.values import Language

from .layout import HAIR, SMALL, Frame
from .metrics import trimmed, width
from .scene import Mark, Rect, Stroke, Text, line
from .when import When, said, span
from .words import say

_STEPS = (
    *((unit, step) for unit, steps in (("month", (1, 3, 6)), ("year", (1, 2, 5))) for step in steps),
    *(("year", step * power) for power in (10, 100, 1000) for step in (1, 2, 5)),
)


class Axis(msgspec.Struct, frozen=True):
    """Days from `first` to `last` (ordinals, both drawn) over `width` units from `x`."""

    first: int
    last: int
    x: float
    width: float

    def at(self, day: float) -> float:
        """Where a day lies; a day outside lies at the end."""
        if self.last <= self.first:
            return self.x + self.width / 2
        part = (day - self.first) / (self.last - self.first)
        return self.x + self.width * min(1.0, max(0.0, part))


def axis(frame: Frame, dates: Iterable[When | None], *, inset: float = 7.0) -> Axis:
    """An axis that holds all these dates, over a frame's drawing column."""
    spans = [span(each) for each in dates if each is not None]
    first = min((start for start, _ in spans), default=1)
    last = max((end for _, end in spans), default=first)
    return Axis(first, last, frame.plot_x + inset, frame.plot - 2 * inset)


def _named(axis: Axis, unit: str, step: int, language: Language) -> list[tuple[int, str]]:
    start, end = date.fromordinal(axis.first), date.fromordinal(axis.last)
    named: list[tuple[int, str]] = []
    if unit == "year":
        year = -(-start.year // step) * step
        while year <= end.year and len(named) < 60:
            named.append((date(year, 1, 1).toordinal(), str(year)))
            year += step
    else:
        month = (start.year * 12 + start.month - 1 + step - 1) // step * step
        while month <= end.year * 12 + end.month - 1 and len(named) < 60:
            at = date(month // 12, month % 12 + 1, 1)
            named.append((at.toordinal(), said(at.isoformat()[:7], language)))
            month += step
    return [(day, words) for day, words in named if axis.first <= day <= axis.last]


def _boxed(
    axis: Axis, named: list[tuple[int, str]], left: float, right: float
) -> list[tuple[float, float, str]] | None:
    boxes: list[tuple[float, float, str]] = []
    for day, words in named:
        wide = width(words, SMALL)
        start = min(max(axis.at(day) - wide / 2, left), right - wide)
        if boxes and start < boxes[-1][1] + 10.0:
            return None
        boxes.append((start, start + wide, words))
    return boxes


def ticks(axis: Axis, language: Language, left: float, right: float) -> list[tuple[float, float, str]]:
    """Days to name: (where its rule stands, where its words begin, words), as many as fit between left and right."""
    for unit, step in _STEPS:
        named = _named(axis, unit, step, language)
        if len(named) < 2:
            break
        boxes = _boxed(axis, named, left, right)
        if boxes is not None:
            return [(axis.at(day), start, words) for (day, words), (start, _, _) in zip(named, boxes, strict=True)]
    # A short span: its two ends, or the first alone.
    ends = [(day, said(date.fromordinal(day), language)) for day in dict.fromkeys((axis.first, axis.last))]
    for named in (ends, ends[:1]):
        boxes = _boxed(axis, named, left, right)
        if boxes is not None:
            return [(axis.at(day), start, words) for (day, words), (start, _, _) in zip(named, boxes, strict=True)]
    return []


def scale(frame: Frame, axis: Axis, top: float, bottom: float) -> tuple[tuple[Mark, ...], float]:
    """Rules over the drawing from `top` to `bottom` with their days beneath; the marks, and where they end."""
    made: list[Mark] = []
    lead = SMALL * (1.6 if frame.language == "hi" else 1.42)
    left, right = frame.plot_x, frame.plot_x + frame.plot
    for x, start, words in ticks(axis, frame.language, left, right):
        made.append(line(x, top, x, bottom + 4.0, HAIR))
        made.append(Text(start, bottom + 4.0 + lead * 0.72, words, SMALL, frame.language, colour="soft"))
    return tuple(made), bottom + 4.0 + lead + 2.0


def today(frame: Frame, axis: Axis, as_of: When, top: float, bottom: float) -> tuple[tuple[Mark, ...], float]:
    """The day up to which is told, as a dashed line under its words; the marks, and where the drawing may begin."""
    lead = SMALL * (1.6 if frame.language == "hi" else 1.42)
    x = axis.at(span(as_of)[1])
    most = frame.plot
    words = trimmed(say(frame.language, "as-of", day=said(as_of, frame.language)), SMALL, most)
    wide = width(words, SMALL)
    start = min(max(x - wide / 2, frame.plot_x), frame.plot_x + frame.plot - wide)
    made: tuple[Mark, ...] = (
        Text(start, top + lead * 0.72, words, SMALL, frame.language, colour="ink"),
        line(x, top + lead, x, bottom, Stroke("ink", 1.0, dashed=True)),
    )
    return made, top + lead + 2.0


def stretch(axis: Axis, when: When, y: float, stroke: Stroke) -> tuple[Mark, ...]:
    """A date that is known to the month or year, as the range that it may be: a bar with open ends. Else nothing."""
    first, last = span(when)
    if first == last:
        return ()
    a, b = axis.at(first), axis.at(last)
    return (Rect(a, y - 4.0, max(b - a, 2.0), 8.0, None, Stroke(stroke.colour, 1.0, dashed=True)),)


def middle(when: When) -> float:
    """The middle of the days that a date may be, where its sign stands."""
    first, last = span(when)
    return (first + last) / 2
