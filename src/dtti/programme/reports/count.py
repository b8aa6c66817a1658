"""How many records of a kind, by any of their facets: with bounds where dates are known in part, and by either reading.

Counted is what is certain; what is only possible is listed beside it, and the most that there can be is both together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import msgspec

from dtti.accord.refusal import Refusal, Refused
from dtti.programme import facts
from dtti.programme.asof import as_of
from dtti.programme.facts import Date
from dtti.programme.kinds import KINDS
from dtti.programme.timeline import Answer, chronological, happened
from dtti.programme.values import Strength, When, weakest

from .dated import Said, checked, said_of
from .facet import ANY, BY_DATE, NONE, Facet, checked_value, facet, periods, rows_of, values_of
from .finish import finished
from .records import Reading, Records, Version
from .rests import UNKNOWN, Evidence, Rests, Result, evidence, iso, rests, tallied, whole

METHOD = (
    "A record counts where every facet asked for is as asked; facets of its rows must hold in one and the same row. "
    "In a count by a facet it stands once in each group of which it has a value, and under none where it has none.",
    "A date known in part is never narrowed: a record counts for certain where every day that its date allows lies "
    "in the stretch asked about, and is only possible where some do. So is one whose date is not known, or not "
    "verified. On a day gone by, what a record dates later says nothing yet.",
    "Where sources differ on a date that is counted by, the count by every other reading stands beside the record's "
    "own.",
)


class Counted(Rests, frozen=True):
    """The records of a group: how many for certain (`n`, the least), the most that there can be, and which."""

    n: int
    high: int
    records: list[str]
    possible: list[str]


class Bounds(msgspec.Struct, frozen=True):
    """How many for certain, and the most that there can be."""

    n: int
    high: int


class CountedAs(Rests, frozen=True):
    """The same count by another reading: which statement (``difference=key``), and the dates that are by it."""

    reading: str
    dates: dict[str, str]
    n: int
    high: int
    groups: dict[str, Bounds]


class Count(Result, frozen=True):
    """How many records of a kind. `n`: for certain, which is the least; `high`: the most, with those only possible."""

    called: ClassVar = "count"

    kind: str
    facets: dict[str, str]
    by: str | None
    dated_by: str | None
    since: str | None
    until: str | None
    n: int
    low: int
    high: int
    records: list[str]
    possible: list[str]
    groups: dict[str, Counted]
    other_readings: list[CountedAs]
    method: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: a kind, by which facets, within which stretch of which date, by which readings."""

    kind: str
    facets: Mapping[str, str]
    by: str = ""
    dated_by: str = ""
    since: When | None = None
    until: When | None = None
    reading: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A record as it is counted: the date that it is counted by as it is read, and what that rests on."""

    version: Version[Any]
    then: Version[Any]  # as it stood at the end of the day asked about
    date: Date | None
    used: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _One:
    """A record that may count: its date as read, whether it counts, and the groups that it may stand in."""

    version: Version[Any]
    date: Date | None
    used: tuple[Evidence, ...]
    counts: Answer
    groups: tuple[str, ...]

    doubtful: bool = False  # its groups are what one date may mean, and which of them is not certain

    @property
    def in_group(self) -> Answer:
        """Whether it counts in each of its groups; only possible where it may stand in another."""
        return "unknown" if self.counts == "yes" and self.doubtful else self.counts


def count(records: Records, asked: Asked, *, on: date | None = None) -> Count:
    """How many records are as `asked`, as things stood at the end of `on`.

    Refused for a kind, a facet, a value, a date or a reading that there is none of, naming those that there are.
    """
    facts.known_kind(asked.kind)
    reading = Reading(records)
    chosen = dict(asked.reading or {})
    checked(reading, chosen)
    _dated_by(asked)
    _stretch(asked)
    wanted = _wanted(reading, asked)
    by = facet(asked.kind, asked.by) if asked.by else None
    every = ((each, _then(each, on)) for each in reading.all(KINDS[asked.kind]))
    read = [_read(reading, each, then, asked, chosen) for each, then in every if _as_asked(then, wanted)]

    def make(one: _Read) -> _One:
        return _one(one, asked, by, wanted, on)

    ones = [make(one) for one in read]
    total = _counted([one for one in ones if one.counts != "no"])
    groups = _groups(ones)
    made = Count(
        Count.called,
        iso(on),
        None,
        asked.kind,
        dict(asked.facets),
        by.name if by else None,
        asked.dated_by or None,
        str(asked.since) if asked.since else None,
        str(asked.until) if asked.until else None,
        total.n,
        total.n,
        total.high,
        total.records,
        total.possible,
        groups,
        _by_other_readings(reading, read, ones, make),
        list(METHOD),
        **whole(
            [used for one in ones if one.counts != "no" for used in one.used],
            groups=tallied(
                (group, rests(one.used)) for one in ones if one.counts != "no" for group in one.groups if by
            ),
        ),
    )
    return finished(made, reading, on)


def _wanted(reading: Reading, asked: Asked) -> dict[Facet, str]:
    """The facets asked for with their values, each as the kind has it."""

    def exists(kind: str, ref: str) -> bool:
        return kind in KINDS and reading.get(KINDS[kind], ref) is not None

    def refs(kind: str) -> list[str]:
        return [each.ref for each in reading.all(KINDS[kind])]

    def there(found: Facet) -> list[str]:
        every = reading.all(KINDS[asked.kind])
        values = {value for each in every for value in _has(each, found, asked.dated_by)} - {NONE}
        return sorted(values, key=lambda value: (int(value) if found.bounds else 0, value))

    return {
        found: checked_value(found, value, exists, refs, there)
        for name, value in asked.facets.items()
        for found in [facet(asked.kind, name)]
    }


def _has(version: Version[Any], found: Facet, dated_by: str) -> Sequence[str]:
    """What a record has in a facet, by its main date or the one that is counted by where a date decides it."""
    if found.name not in BY_DATE:
        return values_of(version, found)
    held = _held(version, dated_by)
    return periods(found.name, held.when if held else None) or ()


def _held(version: Version[Any], dated_by: str) -> Date | None:
    """The date by which a record is counted."""
    return facts.date_at(version.content, version.ref, dated_by) if dated_by else facts.main(version.content)


def _stretch(asked: Asked) -> None:
    """Refused where a stretch of time ends before it begins: no record could lie in it."""
    first, last = asked.since and asked.since.earliest, asked.until and asked.until.latest
    if first and last and first > last:
        reason = f"No day is since {asked.since} and until {asked.until}."
        remedy = f"Give the earlier one first: since {asked.until} until {asked.since}."
        raise Refused(Refusal("count-stretch", reason, remedy))


def _dated_by(asked: Asked) -> None:
    """Refused where the date to count by is none that the kind has, or no date at all."""
    there = facts.declared(asked.kind)
    if asked.dated_by and asked.dated_by not in there:
        remedy = f"Use one of {', '.join(there)}." if there else f"A {asked.kind} has no date."
        raise Refused(Refusal("count-date", f"{asked.kind} has no date {asked.dated_by[:60]!r}.", remedy))


def _as_asked(version: Version[Any], wanted: Mapping[Facet, str]) -> bool:
    """Whether a record is as asked in every facet that no date decides; facets of rows in one and the same row."""
    if not all(
        _is(values_of(version, each), value)
        for each, value in wanted.items()
        if not each.rows and each.name not in BY_DATE
    ):
        return False
    return all(_matching(version, wanted, name) for name in {each.rows for each in wanted if each.rows})


def _matching(version: Version[Any], wanted: Mapping[Facet, str], name: str) -> tuple[Any, ...]:
    """The rows of a list that are as asked; one that stands for all where no row is asked to be there."""
    asked = {each: value for each, value in wanted.items() if each.rows == name}
    rows = rows_of(version, name)
    if not rows and all(value == NONE for value in asked.values()):
        return (None,)
    return tuple(
        row for row in rows if all(_is(values_of(version, each, (row,)), value) for each, value in asked.items())
    )


def _is(values: Sequence[str], value: str) -> bool:
    if value == ANY:
        return tuple(values) != (NONE,)
    return value in values


def _then(version: Version[Any], on: date | None) -> Version[Any]:
    """A record without what it dates later than a day, and without judgements that nothing dates."""
    return version if on is None else replace(version, content=as_of(version.content, on))


def _read(
    reading: Reading, version: Version[Any], then: Version[Any], asked: Asked, chosen: Mapping[str, str]
) -> _Read:
    held = _held(version, asked.dated_by)
    if held is None:
        return _Read(version, then, None, (evidence(version),))
    name = held.field.partition(".")[0]
    used = evidence(version, None, name, f"{name}.not_before", f"{name}.not_after", *held.of)
    for said in said_of(reading, f"{version.kind}:{version.ref}", held.field):
        if chosen.get(said.difference.ref) == said.claim.key:
            return _Read(version, then, Date(held.field, said.when), (used, said.used))
    return _Read(version, then, held, (used,))


def _one(one: _Read, asked: Asked, by: Facet | None, wanted: Mapping[Facet, str], on: date | None) -> _One:
    """Whether a record counts by its date, and in which groups it stands."""
    version, held, used = one.version, one.date, one.used
    when = held.when if held else None
    firm = weakest(each.strength for each in used)
    answers = [_within(when, asked.since, asked.until, firm)] if asked.since or asked.until else []
    if on is not None and facts.declared(version.kind):
        answers.append(happened(when, on, firm))
    answers += [_falls(periods(each.name, when), value, firm) for each, value in wanted.items() if each.name in BY_DATE]
    counts: Answer = "no" if "no" in answers else "unknown" if "unknown" in answers else "yes"
    if by is not None and by.name in BY_DATE:
        found = periods(by.name, when)
        doubtful = found is not None and (len(found) > 1 or firm == "unverified")
        return _One(version, held, used, counts, (UNKNOWN,) if found is None else tuple(found), doubtful)
    return _One(version, held, used, counts, _grouped(one.then, by, wanted))


def _falls(found: list[str] | None, value: str, firm: Strength) -> Answer:
    """Whether a date falls in a period, by the periods in which it may fall."""
    if found is None:
        return "yes" if value == NONE else "unknown"
    if value == ANY:
        return "yes"
    if value not in found:
        return "no"
    return "yes" if len(found) == 1 and firm != "unverified" else "unknown"


def _within(when: When | None, since: When | None, until: When | None, firm: Strength) -> Answer:
    """Whether a date lies in a stretch: yes where all that it allows does, unknown where some of it does."""
    if when is None:
        return "unknown"
    first, last = since.earliest if since else None, until.latest if until else None
    if (first and when.latest and when.latest < first) or (last and when.earliest and when.earliest > last):
        return "no"
    inside = (not first or (when.earliest and when.earliest >= first)) and (
        not last or (when.latest and when.latest <= last)
    )
    return "yes" if inside and firm != "unverified" else "unknown"


def _grouped(version: Version[Any], by: Facet | None, wanted: Mapping[Facet, str]) -> tuple[str, ...]:
    """The groups that a record stands in: its values, of the rows that are as asked where rows are asked for."""
    if by is None:
        return ()
    asked = by.rows and any(each.rows == by.rows for each in wanted)
    return values_of(version, by, _matching(version, wanted, by.rows) if asked else None)


def _counted(ones: Sequence[_One], *, grouped: bool = False) -> Counted:
    ordered = sorted(ones, key=lambda one: (chronological(one.date.when if one.date else None), one.version.ref))
    said = [(one, one.in_group if grouped else one.counts) for one in ordered]
    certain = [one.version.ref for one, answer in said if answer == "yes"]
    possible = [one.version.ref for one, answer in said if answer == "unknown"]
    return Counted(
        len(certain),
        len(certain) + len(possible),
        certain,
        possible,
        **rests(used for one in ones for used in one.used),
    )


def _groups(ones: Sequence[_One]) -> dict[str, Counted]:
    held: dict[str, list[_One]] = {}
    for one in ones:
        if one.counts != "no":
            for group in one.groups:
                held.setdefault(group, []).append(one)
    return {group: _counted(members, grouped=True) for group, members in sorted(held.items())}


def _by_other_readings(
    reading: Reading,
    read: Sequence[_Read],
    ones: Sequence[_One],
    make: Callable[[_Read], _One],
) -> list[CountedAs]:
    """The count by each statement of a difference that changes it, all that it dates read by it."""
    statements: dict[str, dict[int, Said]] = {}
    for place, one in enumerate(read):
        for said in said_of(reading, f"{one.version.kind}:{one.version.ref}", one.date.field) if one.date else ():
            if one.date and said.when != one.date.when:
                statements.setdefault(f"{said.difference.ref}={said.claim.key}", {})[place] = said
    found = []
    for name, by_place in sorted(statements.items()):
        changed = list(ones)
        for place, said in by_place.items():
            one = read[place]
            changed[place] = make(replace(one, date=Date(_field(one), said.when), used=(*one.used[:1], said.used)))
        n, high, groups = _figures(changed)
        if (n, high, groups) != _figures(ones):
            dates = {f"{read[at].version.kind}:{read[at].version.ref}": str(said.when) for at, said in by_place.items()}
            found.append(CountedAs(name, dates, n, high, groups, **rests(said.used for said in by_place.values())))
    return found


def _field(one: _Read) -> str:
    """The field of the date that a record is counted by."""
    return one.date.field if one.date else ""


def _figures(ones: Sequence[_One]) -> tuple[int, int, dict[str, Bounds]]:
    total = _counted([one for one in ones if one.counts != "no"])
    return total.n, total.high, {group: Bounds(each.n, each.high) for group, each in _groups(ones).items()}
