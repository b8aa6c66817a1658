"""A side's own view of an external constraint: what it thinks inside, what it would do, and the days it watches."""

from datetime import date

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import ConstraintRef, Line, OfficeRef, Prose, Row, SideCode, When


class Watched(Row, frozen=True, kw_only=True):
    """A day on which something may change: what is looked for, and on which day it was looked at."""

    on: When
    text: Line
    looked: When | None = None


class ConstraintView(Content, frozen=True, kw_only=True):
    """What a side thinks of a constraint. A record of its own, so that it never goes out with the constraint."""

    constraint: ConstraintRef
    side: SideCode
    office: OfficeRef | None = None
    as_of: When
    view: Prose
    consequence: Prose | None = None
    advice: tuple[Prose, ...] = ()
    watched: tuple[Watched, ...] = ()


def next_day(view: ConstraintView) -> date | None:
    """The first watched day that nobody has looked at yet: its end, where it is known to a month or a year."""
    return min((each.on.latest for each in view.watched if each.looked is None and each.on.latest), default=None)


def _checks(view: ConstraintView, context: Context) -> list[Refusal]:
    found = []
    for place, each in enumerate(view.watched):
        found += not_after(
            "watch-dates",
            "The view was written",
            view.as_of,
            "the day it was looked at",
            each.looked,
            f"watched.{place}.looked",
        )
    if view.office and not view.office.startswith(f"{view.side}/"):
        found.append(
            Refusal("view-office", f"{view.office} is not of {view.side}.", "Name an office of that side.", "office")
        )
    return found


def _called(row: Columns) -> Called | None:
    _side, _comma, constraint = row.title.partition(", ")
    return Called(N_("Our view: %(constraint)s"), {"constraint": f"constraint:{constraint}"}) if constraint else None


CONSTRAINT_VIEW = Kind(
    code="constraint_view",
    mode="own",
    writers="policy office of that side",
    content=ConstraintView,
    facets=lambda view: facets(
        view,
        f"{view.side}, {view.constraint}",
        about=view.side,
        on=view.as_of,
        began=None,
        due=next_day(view),
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("view of a constraint"),
        many=N_("Views of constraints"),
        address="constraint-views",
        section="around",
        place=2,
        lede=N_("What this side thinks of a law or policy from outside. It stays inside this side."),
        columns=(
            Column(N_("Constraint"), NAME, order="title"),
            Column(N_("As of"), "date", order="earliest"),
            Column(N_("Next day watched"), of=lambda view, day: str(next_day(view) or "–")),
        ),
        order="earliest",
        descending=True,
        begins=lambda beginning: {"side": beginning.side},
        called=_called,
        words={
            "constraint": N_("External constraint"),
            "view": N_("What this side thinks"),
            "consequence": N_("What would follow"),
            "watched": N_("Days watched"),
            "looked": N_("Looked at on"),
        },
    ),
)
