"""Where things stand on a sheet: rows of label, drawing and value; axes of time; legends; headings. Knows no chart.

A chart is rows. On a wide sheet a row has its label left, its drawing in the middle and its value right; on a narrow
one (a telephone) label and value stand above the drawing. Columns are as wide as their widest text needs, within
limits; what is longer is wrapped and then trimmed, and the table under the chart has it whole. So no two texts can
meet.
"""

from collections.abc import Callable, Sequence

import msgspec

from dtti.documents.values import Language

from .metrics import clean, width, wrapped
from .scene import Circle, Colour, Fill, Mark, Rect, Stroke, Text, line
from .words import say

SIZE, SMALL = 14.0, 12.0
GAP = 18.0
NARROW = 520.0
"""Below this width rows are stacked."""

HAIR = Stroke("line", 1.0)
RULE = Stroke("ink", 1.5)

Said = tuple[str, Language]


class Frame(msgspec.Struct, frozen=True):
    """The columns of a sheet."""

    width: float
    language: Language
    label: float
    value: float
    plot_x: float
    plot: float
    stacked: bool


class Row(msgspec.Struct, frozen=True):
    """What stands beside a drawing: label and note to its left, value and note to its right."""

    label: Said
    value: str = ""
    note: str = ""
    value_note: str = ""
    bold: bool = False
    colour: Colour = "ink"


class Placed(msgspec.Struct, frozen=True):
    """A row on the sheet: its texts, the middle line of its drawing, and where the next row begins."""

    marks: tuple[Mark, ...]
    middle: float
    bottom: float


def leading(language: Language, size: float) -> float:
    """From baseline to baseline."""
    return size * (1.6 if language == "hi" else 1.38)


def _lead(frame: Frame, size: float) -> float:
    # Recorded text may be in the other language than the chart: room for Devanagari is kept in both.
    return size * 1.6 if frame.language == "hi" else size * 1.42


def frame(width_: float, language: Language, rows: Sequence[Row]) -> Frame:
    """Columns for these rows on a sheet `width_` units wide (at least 280)."""
    width_ = max(280.0, width_)
    if width_ < NARROW:
        return Frame(width_, language, width_, width_, 1.0, width_ - 2.0, stacked=True)
    label = max((max(width(clean(r.label[0]), SIZE, bold=r.bold), width(r.note, SMALL)) for r in rows), default=0.0)
    value = max((max(width(r.value, SIZE, bold=r.bold), width(r.value_note, SMALL)) for r in rows), default=0.0)
    label = min(max(label, 0.12 * width_), 0.3 * width_) + 1
    value = min(value, 0.27 * width_) + 1 if value else 0.0
    plot_x = label + GAP
    plot = width_ - plot_x - (value + GAP if value else 2.0)
    return Frame(width_, language, label, value, plot_x, plot, stacked=False)


def lines(
    frame: Frame, text: Said, x: float, y: float, most: float, size: float = SIZE, *,
    bold: bool = False, colour: Colour = "ink", count: int = 2,
) -> tuple[tuple[Mark, ...], float]:  # fmt: skip
    """A text in at most `count` lines with its top at `y`; the marks, and where it ends."""
    lead = _lead(frame, size)
    made: list[Mark] = []
    for piece in wrapped(text[0], size, most, bold=bold, lines=count):
        made.append(Text(x, y + lead * 0.72, piece, size, text[1], bold=bold, colour=colour))
        y += lead
    return tuple(made), y


def row(frame: Frame, y: float, content: Row, height: float = 0.0, *, rule: bool = True) -> Placed:
    """Place a row with its top at `y` whose drawing is `height` high; a hair line closes it."""
    y += 5.0
    made: list[Mark] = []
    own = frame.language
    first = _lead(frame, SIZE)
    if frame.stacked:
        at = y
        for text, size, bold, colour, count in (
            (content.label, SIZE, content.bold, content.colour, 2),
            ((content.note, own), SMALL, False, "soft", 3),
            ((content.value, own), SIZE, content.bold, content.colour, 2),
            ((content.value_note, own), SMALL, False, "soft", 2),
        ):
            marks, at = lines(frame, text, 0.0, at, frame.width, size, bold=bold, colour=colour, count=count)
            made += marks
        middle = at + 4.0 + height / 2
        bottom = at + (height + 10.0 if height else 0.0)
    else:
        marks, left = lines(frame, content.label, 0.0, y, frame.label, bold=content.bold, colour=content.colour)
        made += marks
        marks, left = lines(frame, (content.note, own), 0.0, left, frame.label, SMALL, colour="soft", count=3)
        made += marks
        x = frame.width - frame.value
        marks, right = lines(frame, (content.value, own), x, y, frame.value, bold=content.bold, colour=content.colour)
        made += marks
        marks, right = lines(frame, (content.value_note, own), x, right, frame.value, SMALL, colour="soft")
        made += marks
        middle = y + max(first, height) / 2
        bottom = max(left, right, y + max(first, height))
    bottom += 5.0
    if rule:
        made.append(line(0.0, bottom, frame.width, bottom, HAIR))
    return Placed(tuple(made), middle, bottom)


def heading(frame: Frame, y: float, text: str, aside: str = "") -> tuple[tuple[Mark, ...], float]:
    """A part's heading under a rule, a soft remark beneath it."""
    made: list[Mark] = [line(0.0, y, frame.width, y, RULE)]
    marks, y = lines(frame, (text, frame.language), 0.0, y + 6.0, frame.width, bold=True)
    made += marks
    marks, y = lines(frame, (aside, frame.language), 0.0, y, frame.width, SMALL, colour="soft", count=3)
    made += marks
    return tuple(made), y + 2.0


def remark(frame: Frame, y: float, text: str, count: int = 3) -> tuple[tuple[Mark, ...], float]:
    """A soft sentence over the whole width."""
    return lines(frame, (text, frame.language), 0.0, y, frame.width, SMALL, colour="soft", count=count)


Sample = Callable[[float, float], tuple[Mark, ...]]
"""Draws a sign by its middle, within 9 units to either side."""


def legend(frame: Frame, y: float, items: Sequence[tuple[Sample, str]]) -> tuple[tuple[Mark, ...], float]:
    """Signs with their words, side by side as far as the width goes."""
    lead = _lead(frame, SMALL)
    made: list[Mark] = []
    x = 0.0
    y += 4.0
    for sample, words in items:
        (piece, *_) = wrapped(words, SMALL, frame.width - 24.0, lines=1) or ("",)
        wide = 24.0 + width(piece, SMALL)
        if x and x + wide > frame.width:
            x, y = 0.0, y + lead
        made += sample(x + 9.0, y + lead * 0.45)
        made.append(Text(x + 24.0, y + lead * 0.72, piece, SMALL, frame.language, colour="soft"))
        x += wide + GAP
    return tuple(made), y + (lead if items else 0.0) + 4.0


def empty(width_: float, language: Language) -> tuple[tuple[Mark, ...], float]:
    """What a chart shows where there is nothing to draw: it says so."""
    made: list[Mark] = [line(0.0, 1.0, max(280.0, width_), 1.0, HAIR)]
    bare = frame(width_, language, ())
    marks, y = lines(bare, (say(language, "nothing"), language), 0.0, 12.0, bare.width, colour="soft")
    return (*made, *marks, line(0.0, y + 10.0, bare.width, y + 10.0, HAIR)), y + 11.0


def swatch(side: str | None, x: float, y: float, wide: float, high: float) -> Rect:
    """A bar in a side's sign: India solid, United States hatched, both crossed, no one outlined."""
    if side == "IND":
        return Rect(x, y, wide, high, Fill("ind"), Stroke("ind"))
    if side == "USA":
        return Rect(x, y, wide, high, Fill("usa", "hatch"), Stroke("usa"))
    if side == "both":
        return Rect(x, y, wide, high, Fill("ink", "cross"), Stroke("ink"))
    return Rect(x, y, wide, high, Fill("leaf"), Stroke("edge", 1.0, dashed=True))


def sample_bar(side: str | None) -> Sample:
    """A side's bar for a legend."""
    return lambda x, y: (swatch(side, x - 8.0, y - 5.0, 16.0, 10.0),)


def disc(x: float, y: float, radius: float, colour: Colour = "ink") -> Circle:
    """A full disc."""
    return Circle(x, y, radius, Fill(colour), Stroke(colour))
