"""A drawing as plain marks: rectangles, paths of straight pieces, circles, texts. Knows no chart and no pen.

Units are those of a page at its usual size (1/96 inch); x runs right, y down, both from the top left corner. A text
stands on its baseline. Every mark is drawn over those before it. Two pens draw a scene: `svg` for pages, `print` for
paper.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from dtti.documents.values import Language

from .metrics import width

Colour = Literal["ink", "soft", "edge", "line", "leaf", "wash", "ind", "usa", "heed", "stop"]
COLOURS: dict[Colour, str] = {
    "ink": "#1b202a",
    "soft": "#565d69",
    "edge": "#757a83",
    "line": "#d9d6cd",
    "leaf": "#ffffff",
    "wash": "#efeee8",
    "ind": "#07626f",
    "usa": "#7a3a6d",
    "heed": "#7d4e07",
    "stop": "#9a2b1b",
}
"""The palette of the pages (docs/design.md); each hue is doubled by a pattern or a shape."""

Pattern = Literal["solid", "hatch", "cross", "dots"]


class Fill(msgspec.Struct, frozen=True):
    """A colour, whole or as a pattern on white."""

    colour: Colour
    pattern: Pattern = "solid"


class Stroke(msgspec.Struct, frozen=True):
    """An outline: colour, width in units, dashed or whole."""

    colour: Colour
    width: float = 1.0
    dashed: bool = False


class Rect(msgspec.Struct, frozen=True, tag="rect", tag_field="mark"):
    """A rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: Fill | None = None
    stroke: Stroke | None = None


class Path(msgspec.Struct, frozen=True, tag="path", tag_field="mark"):
    """Straight pieces from point to point, closed or open."""

    points: tuple[tuple[float, float], ...]
    closed: bool = False
    fill: Fill | None = None
    stroke: Stroke | None = None


class Circle(msgspec.Struct, frozen=True, tag="circle", tag_field="mark"):
    """A circle by its middle."""

    x: float
    y: float
    radius: float
    fill: Fill | None = None
    stroke: Stroke | None = None


class Text(msgspec.Struct, frozen=True, tag="text", tag_field="mark"):
    """One line of text; `x` is its start, middle or end, `y` its baseline."""

    x: float
    y: float
    text: str
    size: float
    language: Language
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    colour: Colour = "ink"


Mark = Rect | Path | Circle | Text


class Scene(msgspec.Struct, frozen=True):
    """Marks on a sheet of `width` by `height`; `title` and `description` speak for it where it cannot be seen."""

    width: float
    height: float
    language: Language
    title: str
    description: str
    marks: tuple[Mark, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        """Its texts, in the order in which they are drawn."""
        return tuple(mark for mark in self.marks if isinstance(mark, Text))


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def box(text: Text) -> Box:
    """The room that a text takes at the most: its advances, and the marks of Devanagari above and below."""
    wide = width(text.text, text.size, bold=text.bold)
    left = text.x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    hindi = any("\u0900" <= character <= "\u097f" for character in text.text)
    above, below = (1.0, 0.36) if hindi else (0.82, 0.25)
    return left, text.y - above * text.size, left + wide, text.y + below * text.size


def moved(marks: Iterable[Mark], dx: float, dy: float) -> tuple[Mark, ...]:
    """The same marks, shifted."""
    made: list[Mark] = []
    for mark in marks:
        if isinstance(mark, Path):
            points = tuple((x + dx, y + dy) for x, y in mark.points)
            made.append(msgspec.structs.replace(mark, points=points))
        else:
            made.append(msgspec.structs.replace(mark, x=mark.x + dx, y=mark.y + dy))
    return tuple(made)


def line(x1: float, y1: float, x2: float, y2: float, stroke: Stroke) -> Path:
    """A straight line."""
    return Path(((x1, y1), (x2, y2)), stroke=stroke)


def diamond(x: float, y: float, radius: float, fill: Fill | None, stroke: Stroke) -> Path:
    """A square on its corner, by its middle."""
    points = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
    return Path(points, closed=True, fill=fill, stroke=stroke)


def square(x: float, y: float, radius: float, fill: Fill | None, stroke: Stroke) -> Rect:
    """A square by its middle."""
    return Rect(x - radius, y - radius, 2 * radius, 2 * radius, fill, stroke)
