"""All projects along time: the stages each went through, in which it is, who is awaited, what was promised.

A bar for each stage from the day on which it was entered to the day on which the next one was, with the stage's number
in it. A day that is known to the month or year stands at its middle.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.axis import Axis, axis, middle, scale, today
from dtti.documents.charts.figure import Chart, chart
from dtti.documents.charts.layout import SMALL, Row, Sample, empty, frame, legend, remark, row
from dtti.documents.charts.metrics import width as wide
from dtti.documents.charts.scene import Fill, Mark, Rect, Stroke, Text, diamond
from dtti.documents.charts.when import When, span
from dtti.documents.charts.words import day, days, say, side, spoken
from dtti.documents.values import Language, Words
from dtti.language.names import facing
from dtti.language.numbers import grouped
from dtti.programme.sop.spine import SHOWN_STAGES, ShownStage

NAME = "portfolio"
_ORDER = [name for name, _first in SHOWN_STAGES]


class Stay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stage of a project: when it was entered, and left; without `left` it is in it still."""

    stage: ShownStage
    entered: When
    left: When | None = None

    def __post_init__(self) -> None:
        for when in (self.entered, self.left):
            if when is not None:
                span(when)


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A project: the stages it went through, what is marked on it, who is awaited and for how many days, its promise.

    `slip`: days from the day first promised to the day promised last; left out where it is not known.
    """

    ref: str
    name: Words
    stays: Annotated[tuple[Stay, ...], msgspec.Meta(max_length=20)] = ()
    marks: Annotated[tuple[Words, ...], msgspec.Meta(max_length=6)] = ()
    awaited: Literal["IND", "USA"] | None = None
    days: Annotated[int, msgspec.Meta(ge=0)] = 0
    promised: When | None = None
    slip: int | None = None

    def __post_init__(self) -> None:
        if self.promised is not None:
            span(self.promised)


class Portfolio(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The projects of a programme on a day."""

    subject: Words
    as_of: date
    projects: Annotated[tuple[Project, ...], msgspec.Meta(max_length=500)] = ()


def _row(one: Project, language: Language) -> Row:
    now = one.stays[-1] if one.stays else None
    said = [say(language, f"stage-{now.stage}")] if now else [say(language, "no-stage")]
    said += [spoken(each, language)[0] for each in one.marks]
    value = (
        f"{side(one.awaited, language)}, {days(one.days, language)}" if one.awaited else say(language, "awaits-none")
    )
    return Row(spoken(one.name, language), value, note=" · ".join(said), value_note=_slip(one, language))


def _slip(one: Project, language: Language) -> str:
    if one.slip is None:
        return ""
    if one.slip <= 0:
        return say(language, "promise-held")
    return say(language, "promise-moved", days=days(one.slip, language))


def _bars(one: Project, along: Axis, y: float, as_of: int, language: Language) -> list[Mark]:
    made: list[Mark] = []
    taken = 0.0  # up to where this row has words
    for stay in one.stays:
        number = _ORDER.index(stay.stage)
        a = along.at(middle(stay.entered))
        b = along.at(middle(stay.left) if stay.left else max(as_of, span(stay.entered)[1]))
        made.append(Rect(a, y - 8.0, max(b - a, 1.5), 16.0, Fill("line" if number % 2 else "leaf"), Stroke("edge")))
        words = grouped(number + 1, language)
        long, centre = wide(words, SMALL), (a + b) / 2
        if long <= b - a - 4.0 and centre - long / 2 > taken:
            made.append(Text(centre, y + 4.0, words, SMALL, language, "middle"))
            taken = centre + long / 2 + 2.0
    if one.promised is not None:
        made.append(diamond(along.at(middle(one.promised)), y, 6.0, Fill("leaf"), Stroke("ink", 1.4)))
    return made


def draw(data: Portfolio, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart; `own` is the side that is named first."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "portfolio-title", subject=subject)
    heads = [say(language, key) for key in ("project-head", "stage-head", "since", "whose-court")]
    heads += ["#" + say(language, "days-head"), say(language, "promised-head"), say(language, "slip-head")]
    if not data.projects:
        marks, bottom = empty(width, language)
        sentence = say(language, "nothing")
        return chart(
            NAME, language, title, [sentence], size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    rows = [_row(one, language) for one in data.projects]
    columns = frame(width, language, rows)
    drawn = [stay.entered for one in data.projects for stay in one.stays]
    drawn += [stay.left for one in data.projects for stay in one.stays if stay.left]
    promised = [one.promised for one in data.projects if one.promised]
    along = axis(columns, [*drawn, *promised, data.as_of.isoformat()])
    made: list[Mark] = []
    y = top = 0.0 if columns.stacked else 15.0 + 6.0 * (language == "hi")
    body: list[Mark] = []
    for one, content in zip(data.projects, rows, strict=True):
        placed = row(columns, y, content, 18.0)
        body += placed.marks
        body += _bars(one, along, placed.middle, data.as_of.toordinal(), language)
        y = placed.bottom
    if columns.stacked:
        marks, end = scale(columns, along, y, y)
    else:
        marks, _ = today(columns, along, data.as_of.isoformat(), 0.0, y)
        made += marks
        marks, end = scale(columns, along, top, y)
    made += [*marks, *body]
    names = ", ".join(f"{grouped(n, language)} {say(language, f'stage-{name}')}" for n, name in enumerate(_ORDER, 1))
    marks, end = remark(columns, end + 2.0, names, count=4)
    made += marks
    signs: list[tuple[Sample, str]] = []
    if promised:
        signs.append(
            (lambda x, y: (diamond(x, y, 6.0, Fill("leaf"), Stroke("ink", 1.4)),), say(language, "promised-sign"))
        )
    marks, end = legend(columns, end, signs)
    made += marks
    waited = {code: sum(1 for one in data.projects if one.awaited == code) for code in (own, facing(own))}
    parts = ", ".join(f"{side(code, language)} {grouped(n, language)}" for code, n in waited.items())
    sentences = [say(language, "portfolio-says", n=len(data.projects), day=day(data.as_of, language), parts=parts)]
    table = [
        (
            spoken(one.name, language)[0],
            content.note,
            day(one.stays[-1].entered, language) if one.stays else "–",
            side(one.awaited, language) if one.awaited else say(language, "awaits-none"),
            grouped(one.days, language) if one.awaited else "–",
            day(one.promised, language) if one.promised else "–",
            content.value_note or say(language, "unknown"),
        )
        for one, content in zip(data.projects, rows, strict=True)
    ]  # fmt: skip
    return chart(NAME, language, title, sentences, size=(columns.width, end), marks=made, columns=heads, rows=table)


DATA = Portfolio
