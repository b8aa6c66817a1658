"""Bodies: the state of each on a day, what a suspended body stops, and the rosters of working groups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import ClassVar

import msgspec

from dtti.programme.kinds.body import BODY, Body
from dtti.programme.kinds.meeting import MEETING
from dtti.programme.kinds.project import PROJECT
from dtti.programme.kinds.roster import ROSTER, Roster
from dtti.programme.timeline import Answer, chronological, happened
from dtti.programme.values import When, strength

from . import progress
from .counts import groups
from .records import Reading, Version
from .rests import UNKNOWN, Evidence, Rests, Result, Unknown, evidence, iso, rests, tallied, whole

METHOD = (
    "A body's state on a day is the last one stated for certain by then: a stated change, a meeting held or a listing "
    "on a roster (active), its beginning (active) or its end. Later ones, possible by then, are shown beside it.",
    "A body with no statement by the day is unknown; one that certainly began later did not exist yet. That a body was "
    "last seen on a day and is unknown since begins on the day after.",
    "Working groups that a source counts and does not name stay unnamed.",
)
#: What a meeting held, a listing, or a beginning says of a body.
_SEEN = "active"


@dataclass(frozen=True, slots=True)
class Stated:
    """A state of a body, when it is stated, by what, and for which reason."""

    when: When
    state: str
    basis: str
    evidence: Evidence
    rank: int
    reason_code: str | None = None

    def by(self, on: date | None) -> Answer:
        """Whether it held by the end of `on`; that nothing is known since a day begins on the day after."""
        answer = happened(self.when, on, self.evidence.strength)
        seen_that_day = self.state == UNKNOWN and on is not None and self.when.latest == on
        return "no" if seen_that_day else answer

    def order(self) -> tuple[date, int]:
        """By the day on which it certainly held; of two on one day the more telling speaks."""
        return self.when.latest or date.max, self.rank


class Change(Rests, frozen=True):
    """A state that a body is stated to have entered."""

    date: str
    state: str
    reason_code: str | None
    note: str | None


class Standing(msgspec.Struct, frozen=True):
    """The last known state of a body."""

    state: str
    as_of: str


class Stop(msgspec.Struct, frozen=True):
    """A project that the suspension of a body stops, and the reason stated for it."""

    reason_code: str
    project: str


class BodyThen(Rests, frozen=True):
    """A body as it stood."""

    name: str
    type: str
    domain: str
    parent: str | None
    state: str
    stated: str
    stated_by: str
    possible: list[str]
    last_known: Standing | None
    start: str
    end: str
    changes: list[Change]
    stops: list[Stop]


class ListedBodies(Rests, frozen=True):
    """A roster: how many groups it states, which it names, how many stay unnamed."""

    as_of: str
    stated_count: int | Unknown
    bodies: list[str]
    unnamed: int | Unknown


class LatestRoster(Rests, frozen=True):
    """The last roster, by its reference."""

    ref: str
    as_of: str
    stated_count: int | Unknown
    bodies: list[str]
    unnamed: int | Unknown


class RosterChange(Rests, frozen=True, rename={"before": "from", "after": "to"}):
    """Which named groups came and went between two rosters."""

    before: str
    after: str
    added: list[str]
    dropped: list[str]
    whole: bool


class Bodies(Result, frozen=True):
    """The report on bodies."""

    called: ClassVar = "bodies"

    bodies: dict[str, BodyThen]
    by_state: dict[str, list[str]]
    children: dict[str, list[str]]
    roster_sequence: list[str]
    roster_counts: list[int | None]
    rosters: dict[str, ListedBodies]
    roster_changes: list[RosterChange]
    latest_roster: LatestRoster | Unknown
    method: list[str]


def bodies(reading: Reading, on: date | None, body: str | None) -> Bodies:
    """Every body, or one, as it stood at the end of `on`, and every roster drawn up by then."""
    found = {each.ref: _body(reading, each, on) for each in reading.all(BODY) if body in (None, each.ref)}
    rosters = [
        each
        for each in reading.all(ROSTER)
        if happened(each.content.as_of, on, strength(each.content.cite, "as_of")) == "yes"
    ]
    rosters.sort(key=lambda each: chronological(each.content.as_of))
    rows = [
        *(evidence(each) for each in reading.all(BODY) if each.ref in found),
        *(evidence(each, None, "bodies") for each in rosters),
    ]
    return Bodies(
        Bodies.called,
        iso(on),
        body,
        bodies=found,
        by_state=groups((each.state, ref) for ref, each in found.items()),
        children=groups((each.parent, ref) for ref, each in found.items() if each.parent),
        roster_sequence=[each.ref for each in rosters],
        roster_counts=[each.content.stated_count for each in rosters],
        rosters={each.ref: ListedBodies(*_roster(each), **rests([evidence(each, None, "bodies")])) for each in rosters},
        roster_changes=[_change(before, after) for before, after in pairwise(rosters)],
        latest_roster=LatestRoster(
            rosters[-1].ref, *_roster(rosters[-1]), **rests([evidence(rosters[-1], None, "bodies")])
        )
        if rosters
        else UNKNOWN,
        method=list(METHOD),
        **whole(
            rows,
            by_state=tallied((each.state, each) for each in found.values()),
            children=tallied(
                (each.content.parent, rests([evidence(each, None, "parent")]))
                for each in reading.all(BODY)
                if each.ref in found and each.content.parent
            ),
        ),
    )


def _roster(version: Version[Roster]) -> tuple[str, int | Unknown, list[str], int | Unknown]:
    content = version.content
    counted = content.stated_count
    unnamed = counted - len(content.bodies) if counted is not None else UNKNOWN
    return str(content.as_of), counted if counted is not None else UNKNOWN, sorted(content.bodies), unnamed


def _change(before: Version[Roster], after: Version[Roster]) -> RosterChange:
    """Which named groups came and went between two rosters; not `whole` where one counts groups it does not name."""
    old, new = set(before.content.bodies), set(after.content.bodies)
    return RosterChange(
        before.ref,
        after.ref,
        added=sorted(new - old),
        dropped=sorted(old - new),
        whole=all(each.content.stated_count in (None, len(each.content.bodies)) for each in (before, after)),
        **rests([evidence(before, None, "bodies"), evidence(after, None, "bodies")]),
    )


def statements(reading: Reading, body: Version[Body]) -> Iterator[Stated]:
    """Everything the record states about a body's state at a time. Changes tell most, sightings least."""
    content = body.content
    standing = content.standing
    if content.start:
        yield Stated(content.start, _SEEN, "its beginning", evidence(body, None, "start", "start.not_after"), 0)
    for change in content.states:
        yield Stated(change.date, change.state, "a change", evidence(body, change, "date"), 2, change.reason_code)
    if content.end:
        ended = standing.state if standing and standing.state in ("closed", "not-listed") else "closed"
        yield Stated(content.end, ended, "its end", evidence(body, None, "end", "end.not_after"), 1)
    if standing and standing.as_of:
        yield Stated(standing.as_of, standing.state, "its last known state", evidence(body, None, "standing"), 1)
    for met in reading.all(MEETING):
        if met.content.body == body.ref and met.content.status == "held":
            yield Stated(met.content.date, _SEEN, f"meeting {met.ref}", evidence(met, None, "date"), 0)
    for roster in reading.all(ROSTER):
        if body.ref in roster.content.bodies:
            yield Stated(roster.content.as_of, _SEEN, f"roster {roster.ref}", evidence(roster, None, "bodies"), 0)


def _body(reading: Reading, body: Version[Body], on: date | None) -> BodyThen:
    content = body.content
    said = sorted(statements(reading, body), key=Stated.order)
    certain = [each for each in said if each.by(on) == "yes"]
    last = certain[-1] if certain else None
    later = [each for each in said if each.by(on) == "unknown" and (last is None or each.order() >= last.order())]
    begun = happened(content.start, on) if strength(content.cite, "start") != "unverified" else "unknown"
    state = last.state if last else "not-yet" if content.start and begun == "no" else UNKNOWN
    if on is None and content.standing:
        state = content.standing.state
    elif last and any(each.basis == "its end" and each.state != last.state for each in later):
        state = UNKNOWN
    stops = _stops(reading, body, certain, on) if state == "suspended" else []
    held = {row.project for row in stops}
    stopped = [evidence(project) for project in reading.all(PROJECT) if project.ref in held]
    return BodyThen(
        content.name,
        content.type,
        content.domain or UNKNOWN,
        content.parent,
        state,
        stated=str(last.when) if last else UNKNOWN,
        stated_by=last.basis if last else UNKNOWN,
        possible=sorted({each.state for each in later} | ({last.state} if last and state == UNKNOWN else set())),
        last_known=_standing(content),
        start=str(content.start) if content.start else UNKNOWN,
        end=str(content.end) if content.end else UNKNOWN,
        changes=[
            Change(
                str(change.date),
                change.state,
                change.reason_code,
                change.note,
                **rests([evidence(body, change, "date")]),
            )
            for change in content.states
            if happened(change.date, on) != "no"
        ],
        stops=stops,
        **rests([evidence(body), *([last.evidence] if last else []), *stopped]),
    )


def _standing(body: Body) -> Standing | None:
    if body.standing is None:
        return None
    return Standing(body.standing.state, str(body.standing.as_of) if body.standing.as_of else UNKNOWN)


def _stops(reading: Reading, body: Version[Body], certain: Sequence[Stated], on: date | None) -> list[Stop]:
    """The projects that a suspension of the body stops, each with the reason stated for the suspension."""
    stated = [each.reason_code for each in certain if each.state == "suspended" and each.reason_code]
    reason = stated[-1] if stated else UNKNOWN
    return [
        Stop(reason, project.ref)
        for project in reading.all(PROJECT)
        if project.content.body == body.ref and progress.standing(project, on)[0] == "suspended"
    ]
