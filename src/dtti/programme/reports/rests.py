"""On what a result rests: records used, sources, the weakest confidence, and the rules applied. Knows no report."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import msgspec

from dtti.programme.values import Cite, Strength, strength, weakest

from .records import Version

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record, and the row and fields of it that a result takes."""

    version: Version[Any]
    cite: Cite | None
    strength: Strength


def evidence(version: Version[Any], row: msgspec.Struct | None = None, *fields: str) -> Evidence:
    """Evidence from a record, or from a row inside it. A row without a citation of its own stands on its record's."""
    cite = getattr(row, "cite", None) if row is not None else None
    cite = cite or version.content.cite
    return Evidence(version, cite, strength(cite, *fields))


def link(version: Version[Any]) -> str:
    """``kind:ref`` of a version."""
    return f"{version.kind}:{version.ref}"


def rests(found: Iterable[Evidence]) -> Json:
    """The members `uses`, `sources` and `confidence` (the weakest met) that every result carries."""
    found = list(found)
    return {
        "uses": sorted({link(each.version) for each in found}),
        "sources": sorted({source for each in found if each.cite for source in each.cite.sources}),
        "confidence": weakest(each.strength for each in found),
    }


def tallied(counted: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    """For each group of a tally, how many rows were counted (`n`) and what those rows, and no others, rest on.

    `counted`: each row counted, as its group and the members that `rests` gives it.
    """
    found: dict[str, list[Json]] = {}
    for group, row in counted:
        found.setdefault(group, []).append(row)
    return {
        group: {
            "n": len(rows),
            "uses": sorted({each for row in rows for each in row["uses"]}),
            "sources": sorted({each for row in rows for each in row["sources"]}),
            "confidence": weakest(row["confidence"] for row in rows),
        }
        for group, rows in sorted(found.items())
    }


class Result(dict[str, Any]):
    """What a report answers: it cannot be made without the rows that it counts, and carries what they rest on."""

    def __init__(self, rows: Iterable[Evidence], members: Json) -> None:
        super().__init__({**members, **rests(rows)})


def weakest_met(value: Any) -> Strength:
    """The weakest confidence named anywhere in a result."""
    return weakest(_confidences(value))


def _confidences(value: Any) -> Iterator[Strength]:
    if isinstance(value, dict):
        found = value.get("confidence")
        if isinstance(found, str):
            yield cast(Strength, found)
        for each in value.values():
            yield from _confidences(each)
    elif isinstance(value, list):
        for each in value:
            yield from _confidences(each)


def known_by(value: Any, later: Container[str]) -> Any:
    """A result that also says which of its sources are of a later day, as `later_sources`: nobody had them on the day.

    They stay among its `sources`, since it rests on them.
    """
    if isinstance(value, list):
        return [known_by(each, later) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: known_by(each, later) for name, each in value.items()}
    sources = made.get("sources")
    if isinstance(sources, list) and any(each in later for each in sources):
        made["later_sources"] = [each for each in sources if each in later]
    return made


def rule(text: str, version: Version[Any], row: msgspec.Struct | None = None, *fields: str, **said: Any) -> Json:
    """A rule as a report cites it: its words, what it says, the record and version it stands in, its sources."""
    found = evidence(version, row, *fields)
    cite = found.cite
    return {
        "rule": text,
        **said,
        "record": link(version),
        "version": {"record": version.record, "act": version.act, "recorded": version.recorded, "grade": version.grade},
        "sources": list(cite.sources) if cite else [],
        "confidence": found.strength,
    }


def iso(day: date | None) -> str | None:
    """A day as text; None for no day."""
    return day.isoformat() if day else None


def gathered(value: Any, member: str) -> set[str]:
    """Everything listed under `member` (`uses`, `sources`) anywhere in a result."""
    if isinstance(value, dict):
        found = set(value.get(member, ())) if isinstance(value.get(member), list) else set()
        return found.union(*(gathered(each, member) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(gathered(each, member) for each in value))
    return set()
