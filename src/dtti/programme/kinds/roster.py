"""Roster: which working groups a dated source counted or named."""

from dtti.accord.refusal import Refusal
from dtti.programme.facets import Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import BodyRef, Ordinal, When


class Roster(Content, frozen=True, kw_only=True):
    """The working groups on a date: the number stated, and those that are named. The two may differ."""

    as_of: When
    stated_count: Ordinal | None = None
    bodies: tuple[BodyRef, ...] = ()


def _facets(roster: Roster) -> Facets:
    return facets(roster, f"Working groups, {roster.as_of}", on=roster.as_of)


def _checks(roster: Roster, context: Context) -> list[Refusal]:
    found = distinct("roster-once", "Working group", list(roster.bodies))
    if roster.stated_count is not None and len(roster.bodies) > roster.stated_count:
        found.append(
            Refusal(
                "roster-count",
                f"{len(roster.bodies)} working groups are named and {roster.stated_count} counted.",
                "Correct the count, or leave it out and note the difference between the sources.",
            )
        )
    return found


ROSTER = Kind(
    code="roster",
    title="roster of working groups",
    plural="rosters of working groups",
    mode="joint",
    writers="co-chair offices",
    content=Roster,
    facets=_facets,
    checks=_checks,
)
