"""Questions put together where they are asked, as doors read them: texts in, what is to be counted or dated out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dtti.accord.refusal import Refusal, Refused
from dtti.programme import facts
from dtti.programme.facts import asked_readings
from dtti.programme.kinds import KINDS
from dtti.programme.reports.between import Between, Span
from dtti.programme.reports.count import Asked, Count, Counted, CountedAs
from dtti.programme.reports.dated import TODAY, FactRead
from dtti.programme.reports.facet import ANY, NONE, Facet, facet, facets_of
from dtti.programme.values import When

__all__ = [
    "ANY",
    "NONE",
    "TODAY",
    "Asked",
    "Between",
    "Count",
    "Counted",
    "CountedAs",
    "Facet",
    "FactRead",
    "Span",
    "asked_readings",
    "dates_of",
    "facet_names",
    "facet_of",
    "wanted",
]  # fmt: skip


def dates_of(kind: str) -> tuple[str, ...]:
    """The dates by which records of a kind can be counted; none for what is no kind."""
    return facts.declared(kind) if kind in KINDS else ()


def facet_names(kind: str) -> tuple[str, ...]:
    """The facets of a kind; none for what is no kind."""
    return tuple(facets_of(kind)) if kind in KINDS else ()


def facet_of(kind: str, name: str) -> Facet:
    """A facet of a kind; Refused where there is none."""
    return facet(kind, name)


def wanted(
    kind: str,
    pairs: Iterable[tuple[str, str]],
    by: str = "",
    dated_by: str = "",
    since: str = "",
    until: str = "",
    readings: Sequence[str] = (),
) -> Asked:
    """What is to be counted. Refused where a facet is asked for twice, or a date or a reading is not written as one."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if not name or not value:
            raise Refused(
                Refusal("count-form", f"{(value or name)[:60]!r} is no facet with its value.", "Write --NAME VALUE.")
            )
        if found.setdefault(name, value) != value:
            raise Refused(Refusal("count-form", f"{name[:60]} is asked for twice.", "Give one value of each facet."))
    return Asked(kind, found, by, dated_by, _when(since), _when(until), asked_readings(list(readings)))


def _when(text: str) -> When | None:
    try:
        return When(text[:40]) if text else None
    except ValueError as error:
        raise Refused(Refusal("count-date", f"{error}.", "Give a year, a month or a day.")) from None
