"""Amounts of one measure as plain bars beside their figures. An amount that is not known is said and draws nothing."""

from collections.abc import Sequence

import msgspec

from dtti.documents.values import Language

from .figure import Chart, chart
from .layout import Row, Said, empty, frame, row, swatch
from .scene import Fill, Mark, Rect, Stroke
from .words import say

NAME = "bars"


class Bar(msgspec.Struct, frozen=True):
    """One amount: what it is of, the figure in words, a remark. `side`: drawn in its sign; "none" outlined."""

    label: Said
    amount: float | None
    value: str
    note: str = ""
    side: str | None = None


def draw(title: str, rows: Sequence[Bar], language: Language, *, unit: str = "", width: float = 720.0) -> Chart:
    """The chart of amounts that share one measure, `unit` says which."""
    heads = [title, f"#{unit or title}"]
    if not rows:
        marks, bottom = empty(width, language)
        nothing = [say(language, "nothing")]
        return chart(
            NAME, language, title, nothing, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    columns = frame(width, language, [Row(each.label, each.value, note=each.note) for each in rows])
    top = max((each.amount for each in rows if each.amount is not None), default=0) or 1
    made: list[Mark] = []
    y = 0.0
    for each in rows:
        placed = row(columns, y, Row(each.label, each.value, note=each.note), 14.0)
        if long := columns.plot * (each.amount or 0) / top:
            bar = swatch(each.side, columns.plot_x, placed.middle - 7.0, long, 14.0)
            plain = Rect(bar.x, bar.y, bar.width, bar.height, Fill("soft"), Stroke("soft"))
            made.append(bar if each.side else plain)
        made += placed.marks
        y = placed.bottom
    says = [say(language, "bar-says", label=each.label[0], value=each.value) for each in rows]
    table = [(each.label[0], f"{each.value} ({each.note})" if each.note else each.value) for each in rows]
    return chart(NAME, language, title, says, size=(columns.width, y), marks=made, columns=heads, rows=table)
