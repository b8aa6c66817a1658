"""Charts as one scene with two pens, a table and a description: the door of this room.

`read` takes plain data strictly from JSON, `draw` makes the chart in one language, `svg` and `html` write it for
pages, `pdf` for print. A paper that holds a chart takes `for_print` into the data of its template. Charts know no
record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Protocol

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.charts.figure import Chart, Table, headed
from dtti.documents.charts.html import html
from dtti.documents.charts.print import for_print, pdf
from dtti.documents.charts.scene import Scene
from dtti.documents.charts.svg import svg
from dtti.documents.reading import decoded
from dtti.documents.values import LANGUAGES, Language, Words

from . import ageing, cadence, court, flow, portfolio, promises, readings, slip, structure, timeline, trade, years

__all__ = [
    "CHARTS", "Chart", "Kind", "Scene", "Table", "draw", "for_print", "gallery", "headed", "html", "json", "kind_of",
    "pdf", "read", "sample", "svg",
]  # fmt: skip

LARGEST = 16 * 1024 * 1024
"""Bytes of JSON that are read for one chart."""


class _Draw(Protocol):
    def __call__(self, data: Any, language: Language, *, width: float = ..., own: str = ...) -> Chart: ...


@dataclass(frozen=True)
class Kind:
    """A kind of chart: what it holds, how it is drawn, its name for people."""

    name: str
    struct: type[msgspec.Struct]
    draw: _Draw
    title: Words


_TITLES: dict[str, Words] = {
    "timeline": Words("Planned and actual", "योजना और वास्तविक"),
    "flow": Words("How far projects came", "परियोजनाएँ कहाँ तक पहुँचीं"),
    "court": Words("Days in whose court", "कितने दिन किसके पाले में"),
    "cadence": Words("Meetings against the rule", "नियम के सामने बैठकें"),
    "promises": Words("Promises against the record", "अभिलेख के सामने वचन"),
    "trade": Words("Contracts against claims", "दावों के सामने संविदाएँ"),
    "slip": Words("Slip of milestones", "पड़ावों का विलंब"),
    "readings": Words("Measured against the target", "लक्ष्य के सामने माप"),
    "portfolio": Words("All projects along time", "समय के साथ सभी परियोजनाएँ"),
    "ageing": Words("Open items by days waiting", "प्रतीक्षा के दिनों के अनुसार लंबित विषय"),
    "structure": Words("Who meets, one under another", "कौन मिलते हैं, एक के अधीन दूसरा"),
    "years": Words("What happened, year by year", "क्या हुआ, वर्ष दर वर्ष"),
}

CHARTS: dict[str, Kind] = {
    name: Kind(name, struct, drawn, _TITLES[name])
    for name, struct, drawn in (
        (timeline.NAME, timeline.Timeline, timeline.draw),
        (flow.NAME, flow.Flow, flow.draw),
        (court.NAME, court.Court, court.draw),
        (cadence.NAME, cadence.Cadence, cadence.draw),
        (promises.NAME, promises.Promises, promises.draw),
        (trade.NAME, trade.Trade, trade.draw),
        (slip.NAME, slip.Slip, slip.draw),
        (readings.NAME, readings.Readings, readings.draw),
        (ageing.NAME, ageing.Ageing, ageing.draw),
        (portfolio.NAME, portfolio.Portfolio, portfolio.draw),
        (structure.NAME, structure.Structure, structure.draw),
        (years.NAME, years.Years, years.draw),
    )
}
"""Every chart by its name, as `dtti chart NAME` spells it."""

_BY_STRUCT: dict[type, Kind] = {kind.struct: kind for kind in CHARTS.values()}


def kind_of(wanted: str) -> Kind:
    """The chart called `wanted`; Refused where there is none."""
    if wanted not in CHARTS:
        raise Refused(
            refuse("chart-name", f"there is no chart called {wanted[:40]!r}", f"Choose one of: {', '.join(CHARTS)}.")
        )
    return CHARTS[wanted]


def read(wanted: str, raw: bytes, *, where: str = "the data") -> msgspec.Struct:
    """`raw`, JSON in UTF-8, as what the chart `wanted` holds; Refused with the place in it that is wrong."""
    return decoded(
        raw,
        kind_of(wanted).struct,
        rule="chart-data",
        where=where,
        what=wanted,
        remedy=f"Correct it; `dtti chart {wanted} --example` prints data in the right form.",
        largest=LARGEST,
    )


def draw(data: msgspec.Struct, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart of `data` in one language, `width` units wide (a telephone: 340); `own` is the side named first."""
    return _BY_STRUCT[type(data)].draw(data, language, width=width, own=own)


def json(chart: Chart) -> bytes:
    """The chart as JSON: scene, table and description."""
    return msgspec.json.format(msgspec.json.encode(chart), indent=2)


def sample(name: str) -> bytes:
    """Sample data of a chart, fictitious, as JSON."""
    return (files(__package__) / "samples" / f"{kind_of(name).name}.json").read_bytes()


def gallery(progress: Callable[[str], None] | None = None) -> Iterator[tuple[str, Language, bytes, bytes]]:
    """Every chart with its sample data in both languages: name, language, SVG, PDF."""
    for name in CHARTS:
        data = read(name, sample(name))
        for language in LANGUAGES:
            if progress:
                progress(f"chart {name}, {language}")
            made = draw(data, language)
            yield name, language, svg(headed(made)).encode(), pdf(made)
