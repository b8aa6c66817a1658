"""Milestones that slip: the baseline, every forecast by the day on which it was reported, and what came.

For each milestone a trail: down the rows the reports, across them the date that was forecast. A trail that runs
straight down held; one that runs right slipped. Reports that repeat the forecast before them are left out of the
drawing and stand in the table.
"""

from datetime import date
from typing import Annotated

import msgspec

from dtti.documents.charts.axis import Axis, axis, middle, scale, stretch, today
from dtti.documents.charts.figure import FEW, Chart, chart
from dtti.documents.charts.layout import SMALL, Row, Sample, disc, empty, frame, legend, lines, row
from dtti.documents.charts.metrics import width as wide
from dtti.documents.charts.scene import Circle, Fill, Mark, Path, Stroke, diamond, line
from dtti.documents.charts.when import When, exact, span
from dtti.documents.charts.words import day, days, say, spoken
from dtti.documents.values import Language, Words
from dtti.language.numbers import grouped

NAME = "slip"


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a report of a day forecast; null where it said that no date is known."""

    on: date
    forecast: When | None

    def __post_init__(self) -> None:
        if self.forecast is not None:
            span(self.forecast)


class Milestone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A milestone with the date first agreed, the forecasts since, and the day on which it was reached."""

    name: Words
    baseline: When | None = None
    reports: Annotated[tuple[Report, ...], msgspec.Meta(max_length=200)] = ()
    actual: When | None = None

    def __post_init__(self) -> None:
        for when in (self.baseline, self.actual):
            if when is not None:
                span(when)
        for before, after in zip(self.reports, self.reports[1:], strict=False):
            if after.on <= before.on:
                raise ValueError(f"the report of {after.on} stands below that of {before.on}")


class Slip(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A project's milestones on a day."""

    subject: Words
    as_of: date
    milestones: Annotated[tuple[Milestone, ...], msgspec.Meta(max_length=100)] = ()


def slipped(milestone: Milestone, to: When | None) -> tuple[int, int] | None:
    """Least and most days by which `to` lies after the baseline, negative before; None where one is not known."""
    if milestone.baseline is None or to is None:
        return None
    (a, b), (c, d) = span(milestone.baseline), span(to)
    return c - b, d - a


def _latest(milestone: Milestone) -> When | None:
    return milestone.reports[-1].forecast if milestone.reports else None


def _slip_words(found: tuple[int, int] | None, language: Language) -> str:
    if found is None:
        return say(language, "slip-unknown")
    low, high = found
    if low == high:
        key = "slip-late" if low > 0 else "slip-early" if low < 0 else "slip-none"
        return say(language, key, days=days(abs(low), language))
    if low <= 0 <= high:
        return say(language, "slip-open", days=days(high, language))
    span_words = say(
        language,
        "days-between",
        low=grouped(min(abs(low), abs(high)), language),
        high=grouped(max(abs(low), abs(high)), language),
    )
    return say(language, "slip-late" if low > 0 else "slip-early", days=span_words)


def _trail(milestone: Milestone) -> list[Report]:
    kept: list[Report] = []
    for report in milestone.reports:
        if not kept or kept[-1].forecast != report.forecast:
            kept.append(report)
    return kept


def _row(milestone: Milestone, language: Language) -> Row:
    told = milestone.actual or _latest(milestone)
    if milestone.actual is not None:
        value = say(language, "reached-on", day=day(milestone.actual, language))
    elif milestone.reports:
        latest = _latest(milestone)
        value = say(language, "forecast-for", day=day(latest, language)) if latest else say(language, "no-forecast")
    else:
        value = say(language, "no-forecast")
    baseline = day(milestone.baseline, language) if milestone.baseline else say(language, "unknown")
    note = say(language, "baseline-on", day=baseline)
    return Row(
        spoken(milestone.name, language), value, note=note, value_note=_slip_words(slipped(milestone, told), language)
    )


_STEP = {"en": 17.0, "hi": 20.0}


def _drawn(milestone: Milestone, along: Axis, top: float, language: Language) -> list[Mark]:
    """The trail with its top at `top`: one line for each report that changed the forecast, then the day it came."""
    made: list[Mark] = []
    trail = _trail(milestone)
    step = _STEP[language]
    rows = len(trail) + (milestone.actual is not None)
    ends = top + max(rows, 1) * step
    if milestone.baseline is not None:
        x = along.at(middle(milestone.baseline))
        made.append(line(x, top, x, ends, Stroke("edge", 1.0, dashed=True)))
        made += stretch(along, milestone.baseline, top + _STEP[language] / 2, Stroke("edge"))
        made.append(diamond(x, top + _STEP[language] / 2, 7.5, Fill("leaf"), Stroke("ink", 1.4)))
    points: list[tuple[float, float]] = []
    for n, report in enumerate(trail):
        y = top + (n + 0.5) * step
        if report.forecast is not None:
            x = along.at(middle(report.forecast))
            made += stretch(along, report.forecast, y, Stroke("edge"))
            points.append((x, y))
    if milestone.actual is not None:
        x = along.at(middle(milestone.actual))
        points.append((x, top + (len(trail) + 0.5) * step))
        if not exact(milestone.actual):
            made += stretch(along, milestone.actual, points[-1][1], Stroke("ink"))
    if len(points) > 1:
        made.append(Path(tuple(points), stroke=Stroke("soft", 1.5)))
    for n, (x, y) in enumerate(points):
        if milestone.actual is not None and n == len(points) - 1:
            made.append(disc(x, y, 5.0))
        else:
            made.append(Circle(x, y, 4.0, Fill("leaf"), Stroke("ink", 1.6)))
    return made


def draw(data: Slip, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: a baseline is joint."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "slip-title", subject=subject)
    heads = [say(language, key) for key in ("milestone", "reported", "baseline", "forecast", "actual")]
    heads.append(say(language, "against-baseline"))
    if not data.milestones:
        marks, bottom = empty(width, language)
        sentences = [say(language, "nothing")]
        return chart(
            NAME, language, title, sentences, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    rows = [_row(milestone, language) for milestone in data.milestones]
    columns = frame(width, language, rows)
    # Reports stand left of their line, so the drawing gives them a column of its own.
    words = [day(report.on, language) for milestone in data.milestones for report in milestone.reports]
    aside = max((wide(each, SMALL) for each in words), default=0.0) + 14.0
    aside = aside if aside < columns.plot * 0.45 else 0.0
    plot = msgspec.structs.replace(columns, plot_x=columns.plot_x + aside, plot=columns.plot - aside)
    dates: list[When | None] = [data.as_of.isoformat()]
    for milestone in data.milestones:
        dates += [milestone.baseline, milestone.actual, *(report.forecast for report in milestone.reports)]
    along = axis(plot, dates)
    top = 15.0 + 6.0 * (language == "hi")
    y = top
    body: list[Mark] = []
    for milestone, content in zip(data.milestones, rows, strict=True):
        trail = _trail(milestone)
        high = max(1, len(trail) + (milestone.actual is not None)) * _STEP[language]
        placed = row(columns, y, content, high)
        body += placed.marks
        start = placed.middle - high / 2
        body += _drawn(milestone, along, start, language)
        if aside:
            for n, report in enumerate(trail):
                marks, _ = lines(
                    columns, (day(report.on, language), language), columns.plot_x, start + n * _STEP[language],
                    aside - 10.0, SMALL, colour="soft", count=1,
                )  # fmt: skip
                body += marks
        y = placed.bottom
    made: list[Mark] = []
    if columns.stacked:
        marks, end = scale(plot, along, y, y)
    else:
        marks, _ = today(plot, along, data.as_of.isoformat(), 0.0, y)
        made += marks
        marks, end = scale(plot, along, top, y)
    made += [*marks, *body]
    marks, y = legend(columns, end + 2.0, _legend(language))
    made += marks
    known = [found for m in data.milestones if (found := slipped(m, m.actual or _latest(m))) is not None]
    late = sum(1 for low, _ in known if low > 0)
    sentences = [
        say(language, "slip-says", n=len(data.milestones), day=day(data.as_of, language), late=late, known=len(known))
    ]
    if len(data.milestones) < FEW:
        sentences.append(
            say(language, "sentence", text="; ".join(f"{r.label[0]}: {r.value}, {r.value_note}" for r in rows))
        )
    return chart(
        NAME,
        language,
        title,
        sentences,
        size=(columns.width, y),
        marks=made,
        columns=heads,
        rows=_table(data, language),
    )


def _table(data: Slip, language: Language) -> list[tuple[str, ...]]:
    table: list[tuple[str, ...]] = []
    for milestone in data.milestones:
        name = spoken(milestone.name, language)[0]
        baseline = day(milestone.baseline, language)
        for report in milestone.reports:
            found = _slip_words(slipped(milestone, report.forecast), language)
            table.append((name, day(report.on, language), baseline, day(report.forecast, language), "–", found))
        if milestone.actual is not None or not milestone.reports:
            found = _slip_words(slipped(milestone, milestone.actual), language)
            actual = day(milestone.actual, language) if milestone.actual else "–"
            table.append((name, "–", baseline, "–", actual, found))
    return table


def _legend(language: Language) -> list[tuple[Sample, str]]:
    return [
        (lambda x, y: (diamond(x, y, 5.5, Fill("leaf"), Stroke("ink", 1.4)),), say(language, "baseline-sign")),
        (lambda x, y: (Circle(x, y, 4.0, Fill("leaf"), Stroke("ink", 1.6)),), say(language, "forecast-sign")),
        (lambda x, y: (disc(x, y, 5.0),), say(language, "actual-sign")),
    ]


DATA = Slip
