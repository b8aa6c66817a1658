"""How far projects came: named, listed, agreed, executing, fielded, closed; all together and by cohort.

For every project and stage the record says yes, no, or that it is not known; what is only possible is drawn as an
outline and counted apart. A share is given of five projects or more; where fewer than five reached a stage they are
named.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.figure import FEW, Chart, chart
from dtti.documents.charts.layout import SMALL, Frame, Row, Sample, empty, frame, legend, lines, row
from dtti.documents.charts.metrics import width as wide
from dtti.documents.charts.scene import Fill, Mark, Rect, Stroke, Text, line
from dtti.documents.charts.words import day, say, spoken
from dtti.documents.values import Language, Line, Words
from dtti.language.numbers import grouped

NAME = "flow"

Stage = Literal["named", "listed", "agreed", "executing", "fielded", "closed"]
STAGES: tuple[Stage, ...] = ("named", "listed", "agreed", "executing", "fielded", "closed")
Known = Literal["yes", "no", "unknown"]


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A project and the stages that it is known to have reached. A stage that is left out is not known."""

    ref: Annotated[Line, msgspec.Meta(min_length=1)]
    name: Words
    cohort: Words
    stages: dict[Stage, Known]


class Flow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The projects of a programme on a day."""

    subject: Words
    as_of: date
    projects: Annotated[tuple[Project, ...], msgspec.Meta(max_length=2_000)] = ()


class Count(msgspec.Struct, frozen=True):
    """Projects of a group that certainly, and that possibly, reached a stage."""

    certain: tuple[Project, ...]
    possible: tuple[Project, ...]


def count(projects: tuple[Project, ...], stage: Stage) -> Count:
    """Who of `projects` reached `stage`."""
    return Count(
        tuple(each for each in projects if each.stages.get(stage, "unknown") == "yes"),
        tuple(each for each in projects if each.stages.get(stage, "unknown") == "unknown"),
    )


def _figure(found: Count, language: Language) -> str:
    low, high = len(found.certain), len(found.certain) + len(found.possible)
    if low == high:
        return grouped(low, language)
    return f"{grouped(low, language)}–{grouped(high, language)}"


def _cohorts(data: Flow, language: Language) -> list[tuple[tuple[str, Language], tuple[Project, ...]]]:
    groups: dict[Words, list[Project]] = {}
    for project in data.projects:
        groups.setdefault(project.cohort, []).append(project)
    return [(spoken(cohort, language), tuple(found)) for cohort, found in groups.items()]


def _told(found: Count, of: int, language: Language) -> str:
    """A count in words, with its share or its cases."""
    words = _figure(found, language)
    if found.certain and len(found.certain) < FEW:
        return f"{words}: " + ", ".join(project.ref for project in found.certain)
    if of >= FEW and not found.possible:
        return say(language, "share", n=words, of=of, rate=round(100 * len(found.certain) / of))
    return words


def draw(data: Flow, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: projects belong to both."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "flow-title", subject=subject)
    stages = [say(language, f"stage-{stage}") for stage in STAGES]
    heads = [say(language, "cohort"), "#" + say(language, "projects"), *stages]
    if not data.projects:
        marks, bottom = empty(width, language)
        sentences = [say(language, "nothing")]
        return chart(
            NAME, language, title, sentences, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    everything = (say(language, "all-projects"), language)
    groups = [(everything, data.projects), *_cohorts(data, language)]
    rows = [
        Row(label, note=say(language, "n-projects", n=len(found)), bold=n == 0)
        for n, (label, found) in enumerate(groups)
    ]
    columns = frame(width, language, rows)
    left = 0.0 if columns.stacked else columns.label + 18.0
    each = (columns.width - left) / len(STAGES)
    made: list[Mark] = []
    tops = []
    longest = max(wide(word, SMALL, bold=True) for words in stages for word in words.split())
    size = SMALL * min(1.0, (each - 8.0) / longest)
    for n, words in enumerate(stages):
        marks, end = lines(columns, (words, language), left + n * each, 0.0, each - 8.0, size, bold=True)
        made += marks
        tops.append(end)
    y = max(tops) + 4.0
    made.append(line(0.0, y, columns.width, y, Stroke("ink", 1.5)))
    for content, (_, found) in zip(rows, groups, strict=True):
        placed = row(columns, y, content, 0.0, rule=False)
        made += placed.marks
        top = (placed.bottom - 4.0) if columns.stacked else y + 5.0
        cells, y = _cells(columns, found, left, each, top, language)
        made += cells
        y = max(y, placed.bottom)
        made.append(line(0.0, y, columns.width, y, Stroke("line")))
    samples: list[tuple[Sample, str]] = [
        (lambda x, y: (Rect(x - 8.0, y - 5.0, 16.0, 10.0, Fill("soft"), Stroke("soft")),), say(language, "reached")),
        (
            lambda x, y: (Rect(x - 8.0, y - 5.0, 16.0, 10.0, Fill("edge", "dots"), Stroke("edge", 1.0, dashed=True)),),
            say(language, "reached-unknown"),
        ),
    ]
    marks, y = legend(columns, y + 2.0, samples)
    made += marks
    counts = [count(data.projects, stage) for stage in STAGES]
    told = "; ".join(
        f"{words} {_told(found, len(data.projects), language)}" for words, found in zip(stages, counts, strict=True)
    )
    sentences = [say(language, "flow-says", n=len(data.projects), day=day(data.as_of, language), told=told)]
    table = [
        (
            label[0], grouped(len(found), language),
            *(_told(count(found, stage), len(found), language) for stage in STAGES),
        )
        for label, found in groups
    ]  # fmt: skip
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def _cells(
    columns: Frame, found: tuple[Project, ...], left: float, each: float, top: float, language: Language
) -> tuple[list[Mark], float]:
    """A group's six counts, each as a bar as high as its share of the group, so that groups of any size compare."""
    high = 40.0
    made: list[Mark] = []
    ends = []
    for n, stage in enumerate(STAGES):
        x = left + n * each
        counted = count(found, stage)
        unit = high / len(found)
        base = top + high
        bar = min(18.0, each * 0.3)
        sure, maybe = len(counted.certain) * unit, len(counted.possible) * unit
        if maybe:
            dots = Fill("edge", "dots")
            made.append(Rect(x, base - sure - maybe, bar, maybe, dots, Stroke("edge", 1.0, dashed=True)))
        if sure:
            made.append(Rect(x, base - sure, bar, sure, Fill("soft"), Stroke("soft")))
        made.append(line(x, base, x + each - 8.0, base, Stroke("edge")))
        figure = _figure(counted, language)
        room = each - bar - 12.0
        beside = not (sure or maybe) or wide(figure, SMALL, bold=True) <= room
        size = SMALL if columns.stacked or wide(figure, 14.0, bold=True) > room else 14.0
        if beside:
            at = x + bar + 5.0 if sure or maybe else x
            made.append(Text(at, base - 4.0, figure, size, language, bold=True))
            under = base + 2.0
        else:
            marks, under = lines(columns, (figure, language), x, base + 2.0, each - 8.0, SMALL, bold=True, count=1)
            made += marks
        share = len(found) >= FEW and len(counted.certain) >= FEW and not counted.possible
        note = f"{round(100 * len(counted.certain) / len(found))} %" if share else ""
        if counted.certain and len(counted.certain) < FEW:
            note = ", ".join(project.ref for project in counted.certain)
        marks, end = lines(columns, (note, language), x, under, each - 8.0, SMALL, colour="soft", count=4)
        made += marks
        ends.append(end + 4.0)
    return made, max(ends)


DATA = Flow
