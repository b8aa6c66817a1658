"""A chart as a figure for a page: caption, drawing, description and table. Knows charts only; escapes all it is given.

Classes are those of the pages (docs/design.md): `chart`, `tbl`, `n`, `soft`, `scroll`. The table stands in `details`.
"""

import re
from collections.abc import Sequence
from html import escape

from dtti.documents.values import Language

from .figure import Chart, Table
from .svg import svg
from .words import say

_LATIN = re.compile(r"([A-Za-z][\w .,'()/&-]*)", re.ASCII)


def _marked(text: str, language: Language) -> str:
    """A text that may name a record in its own language: what is English within Hindi is marked as that."""
    parts = _LATIN.split(text) if language == "hi" else [text]
    return "".join(
        f'<span lang="en">{escape(part, quote=False)}</span>' if at % 2 else escape(part, quote=False)
        for at, part in enumerate(parts)
    )


def _table(table: Table, names: Sequence[str], language: Language) -> str:
    classes = [' class="n"' if column.kind == "number" else "" for column in table.columns]
    heads = "".join(
        f'<th scope="col"{mark}>{escape(column.label, quote=False)}</th>'
        for mark, column in zip(classes, table.columns, strict=True)
    )
    rows = []
    for cells, name in zip(table.rows, names or [_marked(cells[0], language) for cells in table.rows], strict=True):
        made = f'<th scope="row">{name}</th>'
        for mark, cell in zip(classes[1:], cells[1:], strict=True):
            made += f"<td{mark}>{_marked(cell, language)}</td>"
        rows.append(f"<tr>{made}</tr>")
    return (
        f'<table class="tbl"><caption class="vh">{_marked(table.caption, language)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def html(
    chart: Chart,
    *,
    narrow: Chart | None = None,
    key: str = "",
    caption: str = "",
    names: Sequence[str] = (),
    told: bool = True,
) -> str:
    """The figure. `narrow`: the same chart drawn for a telephone, shown in its place by the pages' style sheet.

    `key` begins the ids; give one where a page shows the same chart twice. `caption`: instead of the title. `names`:
    HTML for the first cell of each row, where a page has links for them. `told`: whether the description stands under
    the drawing as well as inside it.
    """
    drawing = svg(chart.scene, key=key)
    if narrow is not None:
        small = svg(narrow.scene, key=f"{key}-narrow" if key else "")
        drawing = f'<div class="chart-wide">{drawing}</div><div class="chart-narrow">{small}</div>'
    description = f'<p class="soft">{escape(chart.description, quote=False)}</p>' if told else ""
    table = ""
    if chart.table.rows:
        summary = escape(say(chart.language, "as-table"), quote=False)
        rows = _table(chart.table, names, chart.language)
        scroll = f'class="scroll" tabindex="0" role="group" aria-label="{summary}"'
        table = f"<details><summary>{summary}</summary><div {scroll}>{rows}</div></details>"
    heading = f"<figcaption>{_marked(caption or chart.title, chart.language)}</figcaption>"
    return f'<figure class="chart" lang="{chart.language}">{heading}{drawing}{description}{table}</figure>'
