"""What happened year by year, down the page: every year from the first to the last, those with nothing recorded too.

Three signs: meetings of the body that steers, statements that were signed, any other step. A date that is known between
two stands where the first of them is, in its words.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.figure import Chart, chart
from dtti.documents.charts.layout import SIZE, SMALL, Sample, disc, empty, frame, leading, legend, lines
from dtti.documents.charts.metrics import width as wide
from dtti.documents.charts.scene import Circle, Fill, Mark, Stroke, Text, diamond, line
from dtti.documents.charts.when import When, span
from dtti.documents.charts.words import day, say, spoken
from dtti.documents.values import Language, Words

NAME = "years"

Sort = Literal["meeting", "statement", "step"]
SORTS: tuple[Sort, ...] = ("meeting", "statement", "step")
_LONGEST = 100  # years that are drawn one by one


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that happened, and when."""

    name: Words
    on: When
    sort: Sort = "step"

    def __post_init__(self) -> None:
        span(self.on)


class Years(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happened, told on a day."""

    subject: Words
    as_of: date
    steps: Annotated[tuple[Step, ...], msgspec.Meta(max_length=500)] = ()


def key(step: Step) -> tuple[int, int, int]:
    """A key that puts steps in the order in which they are drawn: by the first day that each may be."""
    return (*span(step.on), SORTS.index(step.sort))


def _sign(sort: Sort, x: float, y: float) -> tuple[Mark, ...]:
    if sort == "meeting":
        return (disc(x, y, 4.5),)
    if sort == "statement":
        return (diamond(x, y, 6.0, Fill("leaf"), Stroke("ink", 1.5)),)
    return (Circle(x, y, 4.0, Fill("leaf"), Stroke("soft", 1.5)),)


def _sample(sort: Sort) -> Sample:
    return lambda x, y: _sign(sort, x, y)


def _year(step: Step) -> int:
    return date.fromordinal(span(step.on)[0]).year


def draw(data: Years, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: what happened is one for both."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "years-title", subject=subject)
    heads = [say(language, key) for key in ("step-head", "date-head", "sort-head")]
    steps = sorted(data.steps, key=key)
    if not steps:
        marks, bottom = empty(width, language)
        nothing = [say(language, "nothing")]
        return chart(
            NAME, language, title, nothing, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    sheet = frame(width, language, ())
    by_year: dict[int, list[Step]] = {}
    for step in steps:
        by_year.setdefault(_year(step), []).append(step)
    first, last = min(by_year), max(*by_year, data.as_of.year)
    years = range(first, last + 1) if last - first < _LONGEST else sorted(by_year)
    lead, trunk = leading(language, SIZE), 56.0
    days = max(wide(day(each.on, language), SMALL) for each in steps) + 12.0
    stacked = days > 0.3 * sheet.width
    left = trunk + 16.0
    made: list[Mark] = []
    y = 2.0
    for year in years:
        made.append(Text(0.0, y + lead * 0.78, str(year), SIZE, language, bold=True))
        if year not in by_year:
            empty_words, end = lines(
                sheet, (say(language, "nothing-that-year"), language), left, y + 2.0, sheet.width - left, SMALL,
                colour="soft",
            )  # fmt: skip
            made += empty_words
            y = max(end, y + lead) + 3.0
        for step in by_year.get(year, ()):
            made += _sign(step.sort, trunk, y + lead * 0.52)
            at = left if stacked else left + days
            when, ended = lines(
                sheet, (day(step.on, language), language), left, y + 1.5, sheet.width - left, SMALL, colour="soft",
                count=1,
            )  # fmt: skip
            name, end = lines(
                sheet, spoken(step.name, language), at, ended if stacked else y, sheet.width - at,
                bold=step.sort == "meeting", count=3,
            )  # fmt: skip
            made += [*when, *name]
            y = max(end, ended) + 2.0
        y += 3.0
    made.insert(0, line(trunk, 2.0, trunk, y, Stroke("line", 1.5)))
    sorts = [sort for sort in SORTS if any(each.sort == sort for each in steps)]
    marks, y = legend(sheet, y + 2.0, [(_sample(sort), say(language, f"years-{sort}")) for sort in sorts])
    without = sum(1 for year in years if year not in by_year)
    sentence = say(language, "years-says", n=len(steps), first=str(first), last=str(last), without=without)
    return chart(
        NAME,
        language,
        title,
        [sentence],
        size=(sheet.width, y),
        marks=[*made, *marks],
        columns=heads,
        rows=[
            (spoken(each.name, language)[0], day(each.on, language), say(language, f"years-{each.sort}"))
            for each in steps
        ],
    )


DATA = Years
