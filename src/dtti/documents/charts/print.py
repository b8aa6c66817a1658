"""The pen for print: a scene as plain data that typst/chart.typ draws in the shipped faces, and a chart as a PDF.

Hindi inside an SVG comes out broken where a PDF engine embeds it; drawn by Typst itself it is set as any other text.
"""

from collections import Counter
from typing import Any

import msgspec

from dtti.documents.values import Language

from .figure import Chart


def for_print(chart: Chart) -> dict[str, Any]:
    """The chart as typst/chart.typ takes it: `title`, `description`, `scene`, `table`, `language`."""
    made = msgspec.to_builtins(chart)
    if not isinstance(made, dict):
        raise TypeError("a chart is a mapping")
    return made


def pdf(chart: Chart) -> bytes:
    """The chart alone on a page, with its description and table: PDF/A-2b, the same bytes for the same data."""
    from dtti.documents.typeset.compile import compiled
    from dtti.documents.typeset.glyphs import fit_all, name  # the fonts' table is read only where something is printed
    from dtti.documents.words import words

    missing: Counter[str] = Counter()
    language: Language = chart.language
    job = {
        "data": fit_all(for_print(chart), missing),
        "extra": {},
        "words": words(),
        "kind": {"en": chart.title, "hi": chart.title},
        "language": language,
        "order": ["IND", "USA"],
        "sheet": "a4",
        "unreviewed": False,
    }
    job["missing"] = [{"name": name(character), "times": often} for character, often in missing.items()]
    return compiled("chart-paper.typ", job)
