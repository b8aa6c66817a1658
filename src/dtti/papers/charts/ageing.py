"""Open items by the days they have waited, for each side. An item whose beginning is not known is shown as that."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.figure import FEW, Chart, chart
from dtti.documents.charts.layout import Row, Sample, empty, frame, heading, legend, lines, row, sample_bar, swatch
from dtti.documents.charts.scene import Fill, Mark, Rect, Stroke, line
from dtti.documents.charts.when import When, span
from dtti.documents.charts.words import between, day, say, side, side_inside, spoken
from dtti.documents.values import Language, Line, Words
from dtti.language.names import facing
from dtti.language.numbers import grouped

NAME = "ageing"

EDGES = (14, 30, 90, 180)
"""Last days of the classes; the last class has no end."""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something open: on whom it waits (null: no one), and since when (null: not known)."""

    ref: Annotated[Line, msgspec.Meta(min_length=1)]
    what: Words
    side: Literal["IND", "USA", "both"] | None = None
    since: When | None = None
    due: When | None = None

    def __post_init__(self) -> None:
        for when in (self.since, self.due):
            if when is not None:
                span(when)


class Ageing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Open items on a day."""

    subject: Words
    as_of: date
    items: Annotated[tuple[Item, ...], msgspec.Meta(max_length=5_000)] = ()

    def __post_init__(self) -> None:
        for n, item in enumerate(self.items, 1):
            if item.since is not None and span(item.since)[0] > self.as_of.toordinal():
                raise ValueError(
                    f"item {n} ({item.ref[:40]}) has waited since {item.since}, which is after {self.as_of}"
                )


def waited(item: Item, as_of: date) -> tuple[int, int] | None:
    """Least and most days that an item has waited; None where its beginning is not known."""
    if item.since is None:
        return None
    first, last = span(item.since)
    return max(0, as_of.toordinal() - last), as_of.toordinal() - first


def _class(days: tuple[int, int] | None) -> int:
    """Which class an item falls in; the last of all is for what is not known, or not known closely enough."""
    if days is None:
        return len(EDGES) + 1
    low, high = (next((n for n, edge in enumerate(EDGES) if each <= edge), len(EDGES)) for each in days)
    return low if low == high else len(EDGES) + 1


def _class_words(n: int, language: Language) -> str:
    if n > len(EDGES):
        return say(language, "age-unknown")
    if n == len(EDGES):
        return say(language, "age-over", n=EDGES[-1])
    return say(language, "age-between", low=0 if n == 0 else EDGES[n - 1] + 1, high=EDGES[n])


def _overdue(item: Item, as_of: date, language: Language) -> str:
    if item.due is None:
        return ""
    past = span(item.due)[1] < as_of.toordinal()
    return say(language, "was-due" if past else "is-due", day=day(item.due, language))


def _sides(items: Sequence[Item], own: str) -> list[str | None]:
    order = [own, facing(own), "both", None]
    return [code for code in order if code in ("IND", "USA") or any(item.side == code for item in items)]


def draw(data: Ageing, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart; `own` is the side that is named first."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "ageing-title", subject=subject)
    heads = [say(language, key) for key in ("reference", "item", "waits-on", "since")]
    heads += ["#" + say(language, "days-head"), say(language, "due")]
    if not data.items:
        marks, bottom = empty(width, language)
        sentences = [say(language, "nothing-open", day=day(data.as_of, language))]
        return chart(
            NAME, language, title, sentences, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    sides = _sides(data.items, own)
    aged = sorted(data.items, key=lambda item: (-(waited(item, data.as_of) or (-1, 0))[0], item.ref))
    counted = {
        (code, n): [item for item in data.items if item.side == code and _class(waited(item, data.as_of)) == n]
        for code in sides
        for n in range(len(EDGES) + 2)
    }
    oldest = aged if len(aged) <= 2 * FEW else aged[:8]
    listed = [_listed(item, data.as_of, language) for item in oldest]
    columns = frame(width, language, listed)
    made: list[Mark] = []
    y = 0.0
    if len(data.items) >= FEW:
        classes, y = _classes(columns.width, language, sides, counted)
        made += classes
        y += 8.0
    key = "all-open" if len(oldest) == len(aged) else "oldest-open"
    marks, y = heading(columns, y + 1.0, say(language, key, n=len(oldest)))
    made += marks
    longest = max((found[1] for item in oldest if (found := waited(item, data.as_of))), default=0)
    for item, content in zip(oldest, listed, strict=True):
        placed = row(columns, y, content, 12.0)
        made += placed.marks
        found = waited(item, data.as_of)
        if found is not None and longest:
            unit = (columns.plot - 4.0) / longest
            x, top = columns.plot_x, placed.middle - 6.0
            if found[0]:
                made.append(swatch(item.side, x, top, found[0] * unit, 12.0))
            if found[1] > found[0]:
                far = (found[1] - found[0]) * unit
                made.append(Rect(x + found[0] * unit, top, far, 12.0, None, Stroke("edge", 1.0, dashed=True)))
        y = placed.bottom
    samples: list[tuple[Sample, str]] = [(sample_bar(code), side(code, language)) for code in sides]
    marks, y = legend(columns, y + 2.0, samples)
    made += marks
    parts = ", ".join(
        f"{side_inside(code, language)} {grouped(sum(1 for item in data.items if item.side == code), language)}"
        for code in sides
    )
    sentences = [say(language, "ageing-says", n=len(data.items), day=day(data.as_of, language), parts=parts)]
    first = waited(aged[0], data.as_of)
    if first is not None:
        longest_words = between(*first, language)
        sentences.append(say(language, "ageing-oldest", ref=aged[0].ref, days=longest_words))
    table = []
    for item in aged:
        found = waited(item, data.as_of)
        table.append(
            (
                item.ref, spoken(item.what, language)[0], side(item.side, language), day(item.since, language),
                between(*found, language) if found else say(language, "unknown"),
                _overdue(item, data.as_of, language) or "–",
            )
        )  # fmt: skip
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def _listed(item: Item, as_of: date, language: Language) -> Row:
    found = waited(item, as_of)
    value = between(*found, language) if found else say(language, "unknown")
    note = f"{item.ref} · {side(item.side, language)}"
    return Row(spoken(item.what, language), value, note=note, value_note=_overdue(item, as_of, language))


def _classes(
    width: float, language: Language, sides: Sequence[str | None], counted: dict[tuple[str | None, int], list[Item]]
) -> tuple[list[Mark], float]:
    """How many wait how long: a row for each class, a column for each side; below five their references."""
    shown = [n for n in range(len(EDGES) + 2) if n < len(EDGES) + 1 or any(counted[code, n] for code in sides)]
    most = max(len(found) for found in counted.values())
    rows = [Row((_class_words(n, language), language)) for n in shown]
    columns = frame(width, language, rows)
    left = 0.0 if columns.stacked else columns.label + 18.0
    each = (columns.width - left) / len(sides)
    made: list[Mark] = []
    y = 0.0
    tops = []
    for n, code in enumerate(sides):
        name = (side(code, language), language)
        marks, end = lines(columns, name, left + n * each, 0.0, each - 12.0, bold=True)
        made += marks
        tops.append(end)
    y = max(tops) + 2.0
    made.append(line(0.0, y, columns.width, y, Stroke("ink", 1.5)))
    for n, content in zip(shown, rows, strict=True):
        placed = row(columns, y, content, 12.0, rule=False)
        made += placed.marks
        top = placed.bottom - (24.0 if columns.stacked else 0.0)
        ends = [placed.bottom]
        base = y + 5.0 if not columns.stacked else top
        for k, code in enumerate(sides):
            items = counted[code, n]
            x = left + k * each
            unit = (each - 64.0) / most
            if items:
                bar = swatch(code, x, base + 4.0, max(len(items) * unit, 2.0), 12.0)
                made.append(
                    bar
                    if n <= len(EDGES)
                    else Rect(bar.x, bar.y, bar.width, 12.0, Fill("edge", "dots"), Stroke("edge"))
                )
                marks, end = lines(
                    columns, (grouped(len(items), language), language), x + len(items) * unit + 8.0, base, 48.0, count=1
                )
            else:
                marks, end = lines(columns, ("0", language), x, base, 40.0, colour="soft", count=1)
            made += marks
            if items and len(items) < FEW:
                refs = ", ".join(item.ref for item in items)
                marks, end = lines(columns, (refs, language), x, end, each - 14.0, 12.0, colour="soft", count=2)
                made += marks
            ends.append(end + 5.0)
        y = max(ends)
        made.append(line(0.0, y, columns.width, y, Stroke("line")))
    return made, y


DATA = Ageing
