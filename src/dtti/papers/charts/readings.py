"""What was measured against where it began and what is aimed at: a band for each measure, one axis of time for all.

In a band the target is a whole line and the baseline a broken one; what India measured is a disc, what the United
States measured is a square, and neither is joined to the other. Measures that are sentences are not drawn.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from dtti.documents.charts.axis import Axis, axis, middle, scale, stretch, today
from dtti.documents.charts.figure import FEW, Chart, chart
from dtti.documents.charts.layout import Row, Sample, disc, empty, frame, legend, row
from dtti.documents.charts.scene import Fill, Mark, Path, Stroke, diamond, line, square
from dtti.documents.charts.when import When, span
from dtti.documents.charts.words import day, say, side, spoken
from dtti.documents.values import Language, Side, Words

NAME = "readings"
_HIGH = 62.0
_NUMBER = r"\A-?[0-9]{1,12}(\.[0-9]{1,6})?\Z"
Number = Annotated[str, msgspec.Meta(pattern=_NUMBER)]


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a side measured on a day."""

    side: Side
    on: When
    value: Number

    def __post_init__(self) -> None:
        span(self.on)


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A measure that is a number: where it began (null: not measured), what is aimed at, by when."""

    name: Words
    unit: Words | None = None
    baseline: Number | None = None
    target: Number
    at_most: bool = False
    by: When | None = None
    measured: Annotated[tuple[Measured, ...], msgspec.Meta(max_length=200)] = ()

    def __post_init__(self) -> None:
        if self.by is not None:
            span(self.by)


class Readings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The measures of a project that are numbers, on a day."""

    subject: Words
    as_of: date
    measures: Annotated[tuple[Measure, ...], msgspec.Meta(max_length=60)] = ()


def met(measure: Measure, value: str) -> bool:
    """Whether a value is at the target or beyond it."""
    said, target = Decimal(value), Decimal(measure.target)
    return said <= target if measure.at_most else said >= target


def _in_unit(value: str, measure: Measure, language: Language) -> str:
    unit = spoken(measure.unit, language)[0] if measure.unit else ""
    return f"{value} {unit}".strip()


def _aim(measure: Measure, language: Language) -> str:
    key = "at-most" if measure.at_most else "at-least"
    return say(language, key, value=_in_unit(measure.target, measure, language))


def _row(measure: Measure, language: Language) -> Row:
    began = measure.baseline or say(language, "not-measured")
    note = say(language, "began-at", value=began)
    by = say(language, "by-day", day=day(measure.by, language)) if measure.by else ""
    return Row(spoken(measure.name, language), _aim(measure, language), note=note, value_note=by)


def _mark(found: Measured, x: float, y: float) -> Mark:
    if found.side == "USA":
        return square(x, y, 4.2, Fill("leaf"), Stroke("usa", 1.8))
    return disc(x, y, 4.6, "ind")


def _band(measure: Measure, along: Axis, top: float) -> list[Mark]:
    """One measure: its two lines, and what each side measured, joined side by side in time."""
    values = [Decimal(each.value) for each in measure.measured] + [Decimal(measure.target)]
    values += [Decimal(measure.baseline)] if measure.baseline else []
    low, high = min(values), max(values)
    room = _HIGH - 16.0

    def at(value: Decimal) -> float:
        part = float((value - low) / (high - low)) if high > low else 0.5
        return top + 8.0 + room * (1.0 - part)

    left, right = along.x, along.x + along.width
    made: list[Mark] = [line(left, at(Decimal(measure.target)), right, at(Decimal(measure.target)), Stroke("ink", 1.4))]
    if measure.baseline:
        y = at(Decimal(measure.baseline))
        made.append(line(left, y, right, y, Stroke("edge", 1.0, dashed=True)))
    if measure.by:
        x, y = along.at(span(measure.by)[1]), at(Decimal(measure.target))
        made.append(diamond(x, y, 6.5, Fill("leaf"), Stroke("ink", 1.4)))
    for code in ("IND", "USA"):
        own = [each for each in measure.measured if each.side == code]
        points = tuple((along.at(middle(each.on)), at(Decimal(each.value))) for each in own)
        if len(points) > 1:
            made.append(Path(points, stroke=Stroke("soft", 1.2, dashed=code == "USA")))
        for each, (x, y) in zip(own, points, strict=True):
            made += stretch(along, each.on, y, Stroke("edge"))
            made.append(_mark(each, x, y))
    return made


def draw(data: Readings, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart; `own` is the side that the legend names first."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "readings-title", subject=subject)
    heads = [say(language, key) for key in ("measure", "baseline-value", "target-value", "by", "whose-reading")]
    heads += [say(language, "read-on"), say(language, "value-read")]
    if not data.measures:
        marks, bottom = empty(width, language)
        return chart(
            NAME, language, title, [say(language, "nothing")],
            size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=(),
        )  # fmt: skip
    rows = [_row(measure, language) for measure in data.measures]
    columns = frame(width, language, rows)
    dates: list[When | None] = [data.as_of.isoformat(), *(measure.by for measure in data.measures)]
    dates += [each.on for measure in data.measures for each in measure.measured]
    along = axis(columns, dates, inset=9.0)
    top = y = 15.0 + 6.0 * (language == "hi")
    body: list[Mark] = []
    for measure, content in zip(data.measures, rows, strict=True):
        placed = row(columns, y, content, _HIGH)
        body += [*placed.marks, *_band(measure, along, placed.middle - _HIGH / 2)]
        y = placed.bottom
    made: list[Mark] = []
    if columns.stacked:
        marks, end = scale(columns, along, y, y)
    else:
        marks, _ = today(columns, along, data.as_of.isoformat(), 0.0, y)
        made += marks
        marks, end = scale(columns, along, top, y)
    made += [*marks, *body]
    marks, y = legend(columns, end + 2.0, _legend(language, own))
    made += marks
    table = [line_ for measure in data.measures for line_ in _table(measure, language)]
    last = [(m, m.measured[-1]) for m in data.measures if m.measured]
    sentences = [
        say(language, "readings-says", n=len(data.measures), day=day(data.as_of, language),
            read=sum(len(m.measured) for m in data.measures)),
    ]  # fmt: skip
    if len(last) < FEW and last:
        said = (
            f"{spoken(m.name, language)[0]}: {_in_unit(found.value, m, language)} ({side(found.side, language)}, "
            f"{day(found.on, language)})"
            for m, found in last
        )
        sentences.append(say(language, "sentence", text="; ".join(said)))
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def _table(measure: Measure, language: Language) -> list[tuple[str, ...]]:
    name = spoken(measure.name, language)[0]
    began = measure.baseline or say(language, "not-measured")
    by = day(measure.by, language)
    aim = _aim(measure, language)
    if not measure.measured:
        return [(name, began, aim, by, "–", "–", say(language, "not-measured"))]
    return [
        (name, began, aim, by, side(each.side, language), day(each.on, language),
         _in_unit(each.value, measure, language))
        for each in measure.measured
    ]  # fmt: skip


def _legend(language: Language, own: str) -> list[tuple[Sample, str]]:
    ind: tuple[Sample, str] = (lambda x, y: (disc(x, y, 4.6, "ind"),), side("IND", language))
    usa: tuple[Sample, str] = (
        lambda x, y: (square(x, y, 4.2, Fill("leaf"), Stroke("usa", 1.8)),),
        side("USA", language),
    )
    sides = [usa, ind] if own == "USA" else [ind, usa]
    return [
        *sides,
        (lambda x, y: (line(x - 9.0, y, x + 9.0, y, Stroke("ink", 1.4)),), say(language, "target-value")),
        (
            lambda x, y: (line(x - 9.0, y, x + 9.0, y, Stroke("edge", 1.0, dashed=True)),),
            say(language, "baseline-value"),
        ),
        (lambda x, y: (diamond(x, y, 6.5, Fill("leaf"), Stroke("ink", 1.4)),), say(language, "by-sign")),
    ]


DATA = Readings
