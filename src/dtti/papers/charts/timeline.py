"""A project along time: stages as planned and as they were, milestones, and the statements that named it.

Planned is an outline, actual is solid. A stage that has begun and not ended runs up to the day that is told; a date
that is not known is not drawn.
"""

from datetime import date
from typing import Annotated

import msgspec

from dtti.documents.charts.axis import Axis, axis, middle, scale, stretch, today
from dtti.documents.charts.figure import Chart, chart
from dtti.documents.charts.layout import Frame, Row, Sample, disc, empty, frame, heading, legend, row
from dtti.documents.charts.scene import Fill, Mark, Rect, Stroke, diamond, line
from dtti.documents.charts.when import When, span
from dtti.documents.charts.words import day, days, say, spoken
from dtti.documents.values import Language, Words
from dtti.programme.kinds.project import Horizon

NAME = "timeline"


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stage: planned from and to, and when it was entered and left."""

    name: Words
    planned_from: When | None = None
    planned_to: When | None = None
    entered: When | None = None
    left: When | None = None

    def __post_init__(self) -> None:
        for start, end, what in ((self.planned_from, self.planned_to, "planned"), (self.entered, self.left, "actual")):
            if start is not None and end is not None and span(end)[1] < span(start)[0]:
                raise ValueError(f"its {what} end {end} lies before its beginning {start}")
            for when in (start, end):
                if when is not None:
                    span(when)
        if self.left is not None and self.entered is None:
            raise ValueError("it was left, and it is not said when it was entered")


class Milestone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A milestone: planned first, forecast now, and the day on which it was reached."""

    name: Words
    planned: When | None = None
    forecast: When | None = None
    actual: When | None = None

    def __post_init__(self) -> None:
        for when in (self.planned, self.forecast, self.actual):
            if when is not None:
                span(when)


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A Statement of Intent that named the project, its horizon, and the date that it promised."""

    name: Words
    on: When
    horizon: Horizon | None = None
    promised: When | None = None

    def __post_init__(self) -> None:
        for when in (self.on, self.promised):
            if when is not None:
                span(when)


class Timeline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A project's course, told on a day."""

    subject: Words
    as_of: date
    statements: Annotated[tuple[Statement, ...], msgspec.Meta(max_length=50)] = ()
    stages: Annotated[tuple[Stage, ...], msgspec.Meta(max_length=50)] = ()
    milestones: Annotated[tuple[Milestone, ...], msgspec.Meta(max_length=200)] = ()


def _range(start: When | None, end: When | None, language: Language) -> str:
    if start is None and end is None:
        return say(language, "unknown")
    if end is None:
        return say(language, "from-day", day=day(start, language))
    if start is None:
        return say(language, "until-day", day=day(end, language))
    return f"{day(start, language)} – {day(end, language)}"


def _stage_row(stage: Stage, as_of: date, language: Language) -> Row:
    if stage.entered is None:
        value = say(language, "not-entered")
    elif stage.left is None:
        first, last = span(stage.entered)
        value = (
            say(language, "under-way", n=max(0, as_of.toordinal() - first))
            if first == last
            else say(language, "under-way-plain")
        )
    else:
        value = say(language, "passed")
    note = _range(stage.entered, stage.left, language) if stage.entered else ""
    planned = say(language, "planned", when=_range(stage.planned_from, stage.planned_to, language))
    return Row(spoken(stage.name, language), value, note=planned, value_note=note)


def _milestone_row(milestone: Milestone, language: Language) -> Row:
    if milestone.actual is not None:
        value = say(language, "reached-on", day=day(milestone.actual, language))
    elif milestone.forecast is not None:
        value = say(language, "forecast-for", day=day(milestone.forecast, language))
    else:
        value = say(language, "not-reached")
    told = milestone.actual or milestone.forecast
    note = ""
    if told and milestone.planned:
        (_, last), (first, end) = span(milestone.planned), span(told)
        if first == end and first > last:
            note = say(language, "after-plan", days=days(first - last, language))
    planned = say(language, "planned", when=day(milestone.planned, language))
    return Row(spoken(milestone.name, language), value, note=planned, value_note=note)


def _statement_row(statement: Statement, language: Language) -> Row:
    value = say(language, f"horizon-{statement.horizon}") if statement.horizon else say(language, "no-horizon")
    note = say(language, "promised-for", day=day(statement.promised, language)) if statement.promised else ""
    return Row(spoken(statement.name, language), value, note=day(statement.on, language), value_note=note)


def _bar(
    along: Axis, start: When | None, end: When | None, top: float, high: float, until: int, *, solid: bool
) -> list[Mark]:
    """A bar from the middle of one date to the middle of the other; without an end it runs open to `until`."""
    if start is None:
        return []
    a = along.at(middle(start))
    b = along.at(middle(end) if end else max(until, span(start)[1]))
    made: list[Mark] = []
    fill, stroke = (Fill("soft"), Stroke("soft")) if solid else (Fill("leaf"), Stroke("ink", 1.2))
    if end is None and not solid:
        made.append(line(a, top + high / 2, b, top + high / 2, Stroke("ink", 1.2, dashed=True)))
        made.append(line(a, top, a, top + high, Stroke("ink", 1.2)))
    else:
        made.append(Rect(a, top, max(b - a, 1.5), high, fill, stroke))
    for when in (start, end):
        if when is not None:
            made += stretch(along, when, top + high / 2, Stroke("edge"))
    return made


def _stage_marks(stage: Stage, along: Axis, y: float, as_of: int) -> list[Mark]:
    return [
        *_bar(along, stage.planned_from, stage.planned_to, y - 9.0, 7.0, along.last, solid=False),
        *_bar(along, stage.entered, stage.left, y + 1.0, 9.0, as_of, solid=True),
    ]


def _milestone_marks(milestone: Milestone, along: Axis, y: float) -> list[Mark]:
    made: list[Mark] = []
    told = milestone.actual or milestone.forecast
    if milestone.planned and told:
        late = span(told)[0] > span(milestone.planned)[1]
        stroke = Stroke("stop" if late else "edge", 3.0 if late else 1.0, dashed=milestone.actual is None)
        made.append(line(along.at(middle(milestone.planned)), y, along.at(middle(told)), y, stroke))
    for when in (milestone.planned, told):
        if when is not None:
            made += stretch(along, when, y, Stroke("edge"))
    if milestone.planned:
        made.append(diamond(along.at(middle(milestone.planned)), y, 6.0, Fill("leaf"), Stroke("ink", 1.4)))
    if milestone.actual:
        made.append(disc(along.at(middle(milestone.actual)), y, 4.5))
    elif milestone.forecast:
        made.append(
            diamond(along.at(middle(milestone.forecast)), y, 6.0, Fill("edge", "dots"), Stroke("ink", 1.2, dashed=True))
        )
    return made


def _statement_marks(statement: Statement, along: Axis, y: float) -> list[Mark]:
    x = along.at(middle(statement.on))
    made: list[Mark] = [*stretch(along, statement.on, y, Stroke("edge"))]
    if statement.promised:
        end = along.at(middle(statement.promised))
        made.append(line(x, y, end, y, Stroke("ink", 1.0, dashed=True)))
        made += stretch(along, statement.promised, y, Stroke("edge"))
        made.append(diamond(end, y, 6.0, Fill("leaf"), Stroke("ink", 1.4)))
    made.append(Rect(x - 4.0, y - 6.0, 8.0, 12.0, Fill("ink"), Stroke("ink")))
    return made


def draw(data: Timeline, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: stages are joint."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "timeline-title", subject=subject)
    heads = [say(language, key) for key in ("what", "planned-head", "actual-head", "note")]
    parts = (
        ("statements", [(_statement_row(each, language), each) for each in data.statements]),
        ("stages", [(_stage_row(each, data.as_of, language), each) for each in data.stages]),
        ("milestones", [(_milestone_row(each, language), each) for each in data.milestones]),
    )
    everything = [content for _, rows in parts for content, _ in rows]
    if not everything:
        marks, bottom = empty(width, language)
        sentences = [say(language, "nothing")]
        return chart(
            NAME, language, title, sentences, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    columns = frame(width, language, everything)
    dates: list[When | None] = [data.as_of.isoformat()]
    for statement in data.statements:
        dates += [statement.on, statement.promised]
    for stage in data.stages:
        dates += [stage.planned_from, stage.planned_to, stage.entered, stage.left]
    for milestone in data.milestones:
        dates += [milestone.planned, milestone.forecast, milestone.actual]
    along = axis(columns, dates)
    made, end = _body(data, parts, columns, along)
    marks, end = legend(columns, end + 2.0, _legend(data, language))
    made += marks
    sentences = [say(language, "timeline-says", day=day(data.as_of, language))]
    for each in everything:
        parts_said = ", ".join(part for part in (each.note, each.value, each.value_note) if part)
        sentences.append(say(language, "sentence", text=f"{each.label[0]}: {parts_said}"))
    table = [(content.label[0], content.note, content.value, content.value_note or "–") for content in everything]
    return chart(NAME, language, title, sentences, size=(columns.width, end), marks=made, columns=heads, rows=table)


_Parts = tuple[
    tuple[str, list[tuple[Row, Statement]]],
    tuple[str, list[tuple[Row, Stage]]],
    tuple[str, list[tuple[Row, Milestone]]],
]


def _body(data: Timeline, parts: _Parts, columns: Frame, along: Axis) -> tuple[list[Mark], float]:
    language = columns.language
    top = 0.0 if columns.stacked else 15.0 + 6.0 * (language == "hi")
    y = top
    body: list[Mark] = []
    for key, rows in parts:
        if not rows:
            continue
        marks, y = heading(columns, y + 4.0, say(language, f"timeline-{key}"))
        body += marks
        for content, each in rows:
            placed = row(columns, y, content, 18.0)
            body += placed.marks
            if isinstance(each, Statement):
                body += _statement_marks(each, along, placed.middle)
            elif isinstance(each, Stage):
                body += _stage_marks(each, along, placed.middle, data.as_of.toordinal())
            else:
                body += _milestone_marks(each, along, placed.middle)
            y = placed.bottom
    made: list[Mark] = []
    if columns.stacked:
        marks, end = scale(columns, along, y, y)
    else:
        marks, _ = today(columns, along, data.as_of.isoformat(), 0.0, y)
        made += marks
        marks, end = scale(columns, along, top, y)
    return [*marks, *made, *body], end


def _legend(data: Timeline, language: Language) -> list[tuple[Sample, str]]:
    shown: list[tuple[Sample, str]] = []
    if data.stages:
        shown += [
            (
                lambda x, y: (Rect(x - 8.0, y - 3.5, 16.0, 7.0, Fill("leaf"), Stroke("ink", 1.2)),),
                say(language, "planned-sign"),
            ),
            (
                lambda x, y: (Rect(x - 8.0, y - 4.5, 16.0, 9.0, Fill("soft"), Stroke("soft")),),
                say(language, "actual-bar"),
            ),
        ]
    if data.milestones or data.statements:
        shown.append(
            (lambda x, y: (diamond(x, y, 6.0, Fill("leaf"), Stroke("ink", 1.4)),), say(language, "planned-date"))
        )
    if data.milestones:
        shown += [
            (
                lambda x, y: (diamond(x, y, 6.0, Fill("edge", "dots"), Stroke("ink", 1.2, dashed=True)),),
                say(language, "forecast-sign"),
            ),
            (lambda x, y: (disc(x, y, 4.5),), say(language, "actual-sign")),
        ]
    if data.statements:
        shown.append(
            (
                lambda x, y: (Rect(x - 4.0, y - 6.0, 8.0, 12.0, Fill("ink"), Stroke("ink")),),
                say(language, "statement-sign"),
            )
        )
    return shown


DATA = Timeline
