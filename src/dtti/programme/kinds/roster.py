"""Roster: which working groups a dated source counted or named."""

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import BodyRef, Ordinal, When


class Roster(Content, frozen=True, kw_only=True):
    """The working groups on a date: the number stated, and those that are named. The two may differ."""

    as_of: When
    stated_count: Ordinal | None = None
    bodies: tuple[BodyRef, ...] = ()


def _checks(roster: Roster, context: Context) -> list[Refusal]:
    found = distinct("roster-once", "Working group", list(roster.bodies), "bodies.#")
    if roster.stated_count is not None and len(roster.bodies) > roster.stated_count:
        found.append(
            Refusal(
                "roster-count",
                f"{len(roster.bodies)} working groups are named and {roster.stated_count} counted.",
                "Correct the count, or leave it out and note the difference between the sources.",
                "stated_count",
            )
        )
    return found


def _called(row: Columns) -> Called:
    return Called(N_("Working groups, %(date)s"), texts={"date": row.title.partition(", ")[2]})


ROSTER = Kind(
    code="roster",
    mode="joint",
    writers="co-chair offices",
    content=Roster,
    facets=lambda roster: facets(roster, f"Working groups, {roster.as_of}", on=roster.as_of),
    checks=_checks,
    face=Face(
        one=N_("list of working groups"),
        many=N_("Rosters of working groups"),
        address="rosters",
        section="meets",
        place=3,
        lede=N_("Which working groups a dated source counted or named. The two may differ."),
        columns=(
            Column(N_("Roster"), NAME),
            Column(N_("As of"), field="as_of", order="earliest"),
            Column(N_("Number stated"), field="stated_count", number=True),
            Column(N_("Working groups named"), field="bodies"),
            SOURCE,
        ),
        order="earliest",
        called=_called,
    ),
)
