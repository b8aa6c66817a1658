"""A chart as readers get it: scene, table and description, made from the same data. Knows no pen.

The table holds everything that is drawn, whole; the description says in sentences what the drawing shows.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from dtti.documents.values import Language

from .layout import Frame, lines
from .metrics import clean
from .scene import Fill as _Fill
from .scene import Mark, Rect, Scene, moved

FEW = 5
"""Below this many cases they are listed and no rate or median is given (domain.md 9)."""


class Column(msgspec.Struct, frozen=True):
    """A column of a table."""

    label: str
    kind: Literal["text", "number"] = "text"


class Table(msgspec.Struct, frozen=True):
    """What a chart shows, in rows; the first column names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(msgspec.Struct, frozen=True):
    """One chart in one language."""

    name: str
    language: Language
    title: str
    description: str
    scene: Scene
    table: Table


def chart(
    name: str, language: Language, title: str, sentences: Iterable[str], *,
    size: tuple[float, float], marks: Sequence[Mark], columns: Sequence[str], rows: Iterable[Sequence[str]],
) -> Chart:  # fmt: skip
    """Put a chart together. A column whose label begins with `#` holds figures and is set to the right."""
    description = " ".join(each for each in sentences if each)
    scene = Scene(size[0], round(size[1], 2), language, title, description, tuple(marks))
    table = Table(
        title,
        tuple(Column(label.removeprefix("#"), "number" if label.startswith("#") else "text") for label in columns),
        tuple(tuple(clean(cell) for cell in each) for each in rows),
    )
    return Chart(name, language, title, description, scene, table)


def headed(shown: Chart) -> Scene:
    """The scene with its title above it and room around it, for a file that stands alone."""
    margin = 24.0
    scene = shown.scene
    bare = Frame(scene.width, scene.language, scene.width, 0.0, 0.0, scene.width, stacked=True)
    title, y = lines(bare, (shown.title, scene.language), 0.0, 0.0, scene.width, 17.0, bold=True, count=3)
    ground = Rect(0.0, 0.0, scene.width + 2 * margin, y + 12.0 + scene.height + 2 * margin, _Fill("leaf"))
    marks = (ground, *moved(title, margin, margin), *moved(scene.marks, margin, margin + y + 12.0))
    return Scene(ground.width, ground.height, scene.language, scene.title, scene.description, marks)
