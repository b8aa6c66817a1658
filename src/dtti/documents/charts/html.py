"""A chart as a figure for a page: caption, drawing, description and table. Knows charts only; escapes all it is given.

Classes are those of the pages (docs/design.md): `chart`, `tbl`, `n`, `soft`, `scroll`. The table stands in `details`.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from .figure import Chart, Table
from .svg import svg
from .words import say


def _table(table: Table, names: Sequence[str]) -> str:
    classes = [' class="n"' if column.kind == "number" else "" for column in table.columns]
    heads = "".join(
        f'<th scope="col"{mark}>{escape(column.label)}</th>'
        for mark, column in zip(classes, table.columns, strict=True)
    )
    rows = []
    for cells, name in zip(table.rows, names or [escape(cells[0]) for cells in table.rows], strict=True):
        made = f'<th scope="row">{name}</th>'
        for mark, cell in zip(classes[1:], cells[1:], strict=True):
            made += f"<td{mark}>{escape(cell)}</td>"
        rows.append(f"<tr>{made}</tr>")
    return (
        f'<table class="tbl"><caption class="vh">{escape(table.caption)}</caption>'
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
    description = f'<p class="soft">{escape(chart.description)}</p>' if told else ""
    table = ""
    if chart.table.rows:
        summary = escape(say(chart.language, "as-table"))
        table = f'<details><summary>{summary}</summary><div class="scroll">{_table(chart.table, names)}</div></details>'
    heading = f"<figcaption>{escape(caption or chart.title)}</figcaption>"
    return f'<figure class="chart" lang="{chart.language}">{heading}{drawing}{description}{table}</figure>'
