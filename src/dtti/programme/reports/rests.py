"""On what a result rests: records used, sources, the weakest confidence, and the rules applied. Knows no report."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Literal, TypedDict, TypeVar, cast

import msgspec
from msgspec import UNSET, UnsetType

from dtti.programme.values import Cite, Strength, strength, weakest

from .records import Version

Unknown = Literal["unknown"]
UNKNOWN: Unknown = "unknown"
T = TypeVar("T")


class Members(TypedDict):
    """The members by which a result says on what it rests, to be given to it when it is made."""

    uses: list[str]
    sources: list[str]
    confidence: Strength


class Rests(msgspec.Struct, frozen=True, kw_only=True):
    """A result: the records it uses, its sources, the weakest confidence met.

    `later_sources`: those of its sources that are of a later day than the one asked about. `grades`: how many of the
    records used stand at each grade. Both are told of a finished report alone.
    """

    uses: list[str]
    sources: list[str]
    confidence: Strength
    later_sources: list[str] | UnsetType = UNSET
    grades: dict[str, int] | UnsetType = UNSET


class Tally(Rests, frozen=True):
    """How many rows were counted in a group, and what those rows, and no others, rest on."""

    n: int


Tallies = Mapping[str, Mapping[str, Tally]]


class Stands(msgspec.Struct, frozen=True):
    """The version of a record that a rule stands in."""

    record: str
    act: str
    recorded: str
    grade: str


class RuleMembers(TypedDict):
    """The members by which a rule says where it stands."""

    record: str
    version: Stands
    sources: list[str]
    confidence: Strength


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as a report cites it: the record and version it stands in, its sources, how firm they are."""

    record: str
    version: Stands
    sources: list[str]
    confidence: Strength
    later_sources: list[str] | UnsetType = UNSET


class _End(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the end of every report, gathered from all its parts.

    `left_out`: said where something could not be counted. `of`: which records were counted. `not_released`: those of
    the records used that the other side has not been told of. These three a node says.
    """

    tallies: Tallies = {}
    differences_touching: dict[str, str] = {}
    uses: list[str]
    sources: list[str]
    later_sources: list[str] = []
    confidence: Strength
    grades: dict[str, int] = {}
    left_out: str | UnsetType = UNSET
    of: str | UnsetType = UNSET
    not_released: list[str] | UnsetType = UNSET


class Result(_End, frozen=True):
    """What a report answers: its name, the day and the body asked about, and on what it rests (see `rests`)."""

    called: ClassVar[str]

    report: str
    on: str | None
    body: str | None


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


def rests(found: Iterable[Evidence]) -> Members:
    """On what every result that takes this evidence rests; the weakest confidence met."""
    found = list(found)
    return {
        "uses": sorted({link(each.version) for each in found}),
        "sources": sorted({source for each in found if each.cite for source in each.cite.sources}),
        "confidence": weakest(each.strength for each in found),
    }


class Whole(Members):
    """The members of a report as a whole, to be given to it when it is made."""

    tallies: Tallies


def whole(rows: Iterable[Evidence], **tallies: Mapping[str, Tally]) -> Whole:
    """On what a report as a whole rests: the rows that it counts, without which none can be made; its tallies."""
    return {**rests(rows), "tallies": tallies}


def taken(row: Rests) -> Members:
    """On what a row rests, for a result that is taken from it."""
    return {"uses": row.uses, "sources": row.sources, "confidence": row.confidence}


def tallied(counted: Iterable[tuple[str, Members | Rests]]) -> dict[str, Tally]:
    """For each group of a tally, how many rows were counted (`n`) and what those rows, and no others, rest on.

    `counted`: each row counted, as its group and what it rests on.
    """
    found: dict[str, list[Members]] = {}
    for group, row in counted:
        found.setdefault(group, []).append(taken(row) if isinstance(row, Rests) else row)
    return {
        group: Tally(
            len(rows),
            uses=sorted({each for row in rows for each in row["uses"]}),
            sources=sorted({each for row in rows for each in row["sources"]}),
            confidence=weakest(row["confidence"] for row in rows),
        )
        for group, rows in sorted(found.items())
    }


def parts(value: Any) -> Iterator[msgspec.Struct]:
    """Every struct in a result, at any depth, itself before what is in it."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, msgspec.Struct):
            yield each
            inside: Iterable[Any] = [getattr(each, name) for name in each.__struct_fields__]
        else:
            inside = each.values() if isinstance(each, Mapping) else each if isinstance(each, list | tuple) else ()
        waiting += [one for one in inside if type(one) not in _PLAIN]


#: What holds no struct, as most of a result.
_PLAIN: Final = frozenset({str, int, float, bool, type(None), date, UnsetType})


def remade(value: T, change: Callable[[msgspec.Struct], Mapping[str, Any]]) -> T:
    """A result with members changed in every struct of it; `change` says which, of one whose parts are changed."""
    made: Any = value
    if type(value) in _PLAIN:
        return value
    if isinstance(value, msgspec.Struct):
        inside = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: new for name, old in inside.items() if (new := remade(old, change)) is not old}
        made = msgspec.structs.replace(value, **changed) if changed else value
        changed = dict(change(made))
        made = msgspec.structs.replace(made, **changed) if changed else made
    elif isinstance(value, dict):
        made = {name: remade(each, change) for name, each in value.items()}
    elif isinstance(value, list):
        made = [remade(each, change) for each in value]
    return cast(T, made)


def weakest_met(found: Iterable[msgspec.Struct]) -> Strength:
    """The weakest confidence named in any part of a result (`parts`)."""
    return weakest(cast(Strength, each.confidence) for each in found if hasattr(each, "confidence"))


def known_by(value: T, later: Container[str]) -> T:
    """A result that also says which of its sources are of a later day, as `later_sources`: nobody had them on the day.

    They stay among its `sources`, since it rests on them.
    """

    def change(part: msgspec.Struct) -> Mapping[str, Any]:
        found = [each for each in getattr(part, "sources", ()) if each in later]
        return {"later_sources": found} if found else {}

    return remade(value, change)


def rule(version: Version[Any], row: msgspec.Struct | None = None, *fields: str) -> RuleMembers:
    """Where a rule stands: the record and its version, the sources."""
    found = evidence(version, row, *fields)
    return {
        "record": link(version),
        "version": Stands(version.record, version.act, version.recorded, version.grade),
        "sources": list(found.cite.sources) if found.cite else [],
        "confidence": found.strength,
    }


def iso(day: date | None) -> str | None:
    """A day as text; None for no day."""
    return day.isoformat() if day else None


def gathered(found: Iterable[msgspec.Struct], member: str) -> set[str]:
    """Everything listed under `member` (`uses`, `sources`) in any part of a result (`parts`)."""
    return {each for part in found for each in getattr(part, member, None) or ()}
