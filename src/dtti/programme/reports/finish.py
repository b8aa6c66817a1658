"""What is said of a report once it is made: differences that touch it, later sources, grades, the weakest met."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import msgspec

from dtti.programme.kinds.difference import DIFFERENCE
from dtti.programme.kinds.source import SOURCE

from .records import Reading
from .rests import Result, gathered, known_by, parts, remade, weakest_met

R = TypeVar("R", bound=Result)


def finished(made: R, reading: Reading, on: date | None) -> R:
    """A report with what stands at the end of every report, gathered from all its parts."""
    if on is not None:
        made = known_by(made, _later_sources(reading, on))
    uses = gathered(parts(made), "uses")
    touching = [each for each in reading.all(DIFFERENCE) if uses.intersection(each.content.records)]
    uses.update(f"{DIFFERENCE.code}:{each.ref}" for each in touching)
    made = remade(made, lambda part: _graded(part, reading))
    found = list(parts(made))
    return msgspec.structs.replace(
        made,
        differences_touching={each.ref: each.content.status for each in touching},
        uses=sorted(uses),
        sources=sorted(gathered(found, "sources")),
        later_sources=sorted(gathered(found, "later_sources")),
        confidence=weakest_met(found),
        grades=_grades(uses, reading),
    )


def _later_sources(reading: Reading, on: date) -> set[str]:
    """Sources that were published for certain after a day: what was known on it did not come from them."""
    dated = ((each.ref, each.content.published) for each in reading.all(SOURCE))
    return {ref for ref, when in dated if when and when.earliest and when.earliest > on}


def _graded(part: msgspec.Struct, reading: Reading) -> dict[str, dict[str, int]]:
    """At which grades the records stand on which a part of a report rests."""
    uses = getattr(part, "uses", None)
    return {} if uses is None or isinstance(part, Result) else {"grades": _grades(uses, reading)}


def _grades(uses: Iterable[str], reading: Reading) -> dict[str, int]:
    """How many of the records used stand at each grade."""
    return dict(sorted(Counter(grade for link in uses if (grade := reading.grade(link))).items()))
