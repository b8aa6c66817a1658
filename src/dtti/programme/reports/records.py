"""What a report reads: versions of records as the caller selected them, one to a reference. Knows kinds; no report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from dtti.programme.kind import Content, Kind
from dtti.programme.kinds import KINDS
from dtti.programme.published import PUBLISHED, load, record_id

C = TypeVar("C", bound=Content)

#: Which grade speaks first where several records carry one reference. Unknown grades speak last.
_GRADES: Final = {"agreed_here": 4, "on_paper": 3, "stated": 2, "recorded": 1, "published": 0}


@dataclass(frozen=True, slots=True)
class Version(Generic[C]):
    """The text of one record that holds at the time the caller asks about (`known`).

    `record` is its id (``KIND/SIDE/CODE``), `ref` its readable reference, `side` who created it, `act` the act that
    states it, `recorded` when it was written (UTC). Grades are those of the accord floor. `speaks`: which of several
    records of one reference the caller hears first, the highest; by grade among equals.
    """

    record: str
    ref: str
    kind: str
    side: str
    grade: str
    act: str
    recorded: str
    content: C
    speaks: int = 0


class Records(Protocol):
    """The records of one programme and environment, as known at one time: at most one version of each record."""

    def of(self, kind: str) -> Sequence[Version[Any]]: ...


class Collection:
    """Records held in memory."""

    def __init__(self, versions: Iterable[Version[Any]]) -> None:
        self._by_kind: dict[str, list[Version[Any]]] = {}
        for version in versions:
            self._by_kind.setdefault(version.kind, []).append(version)

    def of(self, kind: str) -> Sequence[Version[Any]]:
        return self._by_kind.get(kind, [])


class _CreatedBy:
    """Records of some creators among others'."""

    def __init__(self, records: Records, sides: frozenset[str]) -> None:
        self._records, self._sides = records, sides

    def of(self, kind: str) -> Sequence[Version[Any]]:
        return [version for version in self._records.of(kind) if version.side in self._sides]


def created_by(records: Records, *sides: str) -> Records:
    """Those of `records` that one of `sides` created: ``PUB`` for the public record, ``IND``, ``USA`` for their own.

    An exercise beside the public record is reported apart from it by this: counts over both would mean nothing.
    """
    return _CreatedBy(records, frozenset(sides))


class _Heard:
    """Records without those that one other side states alone."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def of(self, kind: str) -> Sequence[Version[Any]]:
        return [version for version in self._records.of(kind) if version.speaks > 0]


def heard(records: Records) -> Records:
    """Those of `records` that do not rest on the other side's word alone."""
    return _Heard(records)


def published() -> Collection:
    """The packaged public record by itself, as a report reads it where no node is at hand."""
    return Collection(
        Version(record_id(item.kind, item.ref), item.ref, item.kind, PUBLISHED, "published", "", "", item.content)
        for item in load()
    )


class Reading:
    """Typed access to records for the length of one report: one version to a reference, the firmest grade first."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._chosen: dict[str, dict[str, Version[Any]]] = {}

    def _of(self, kind: Kind[C]) -> Mapping[str, Version[C]]:
        if kind.code not in self._chosen:
            chosen: dict[str, Version[Any]] = {}
            for version in self._records.of(kind.code):
                held = chosen.get(version.ref)
                if held is None or _precedence(version) > _precedence(held):
                    chosen[version.ref] = version
            self._chosen[kind.code] = chosen
        return self._chosen[kind.code]

    def all(self, kind: Kind[C]) -> list[Version[C]]:
        """Every reference of the kind, in alphabetical order."""
        return [version for _, version in sorted(self._of(kind).items())]

    def get(self, kind: Kind[C], ref: str | None) -> Version[C] | None:
        return self._of(kind).get(ref) if ref else None

    def grade(self, link: str) -> str:
        """The grade at which a record named by ``kind:ref`` is read here; empty where there is none."""
        kind, _, ref = link.partition(":")
        found = self.get(KINDS[kind], ref) if kind in KINDS else None
        return found.grade if found else ""

    def others(self, version: Version[C]) -> list[Version[C]]:
        """Records of the same kind and reference that `version` speaks before: another side's, or the published one."""
        return [each for each in self._records.of(version.kind) if each.ref == version.ref and each is not version]


def _precedence(version: Version[Any]) -> tuple[int, int, str, str]:
    return version.speaks, _GRADES.get(version.grade, -1), version.recorded, version.record
