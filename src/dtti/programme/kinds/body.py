"""Body: a standing body of the programme or beside it, with its life, its chairs and its rule of meeting."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import BodyRef, Cite, Days, InstrumentRef, Line, OfficeRef, Prose, Row, SideCode, Slug, When

BodyState = Literal["active", "suspended", "closed", "not-listed", "unknown"]


class StateChange(Row, frozen=True, kw_only=True):
    """A dated statement of a body's state."""

    date: When
    state: BodyState
    reason_code: Slug | None = None
    note: Prose | None = None
    cite: Cite | None = None


class Standing(Row, frozen=True, kw_only=True):
    """How the body was last seen; `as_of` is left out where nobody says when."""

    state: BodyState
    as_of: When | None = None


class Cadence(Row, frozen=True, kw_only=True):
    """How often it is to meet: the rule in words, and the longest interval in days that is taken to keep it."""

    text: Line
    days: Days | None = None


class Body(Content, frozen=True, kw_only=True):
    """A body, its meetings numbered by itself. `virtual_uses_turn`: whether a meeting by video uses a turn to host."""

    name: Line
    aliases: tuple[Line, ...] = ()
    type: Slug
    domain: Slug | None = None
    side: SideCode | None = None
    parent: BodyRef | None = None
    predecessors: tuple[BodyRef, ...] = ()
    co_chair_offices: tuple[OfficeRef, ...] = ()
    former_co_chair_offices: tuple[OfficeRef, ...] = ()
    cadence: Cadence | None = None
    host_rule: Literal["alternate"] | None = None
    virtual_uses_turn: bool | None = None
    terms_of_reference: InstrumentRef | None = None
    founding_instrument: InstrumentRef | None = None
    governing_instrument: InstrumentRef | None = None
    start: When | None = None
    end: When | None = None
    states: tuple[StateChange, ...] = ()
    standing: Standing | None = None


def _checks(body: Body, context: Context) -> list[Refusal]:
    found = not_after("body-dates", "The body begins", body.start, "it ends", body.end, "end")
    for place, change in enumerate(body.states):
        at = f"states.{place}.date"
        found += not_after("body-dates", "The body begins", body.start, "a change of its state", change.date, at)
    if body.parent == body.ref or body.ref in body.predecessors:
        found.append(
            Refusal("body-parent", "The body stands under or after itself.", "Name another body, or none.", "parent")
        )
    both = set(body.co_chair_offices) & set(body.former_co_chair_offices)
    if both:
        found.append(
            Refusal(
                "body-co-chair",
                f"{min(both)} is named both as present and as former co-chair.",
                "Keep it in one of the two lists.",
                "co_chair_offices",
            )
        )
    return found


BODY = Kind(
    code="body",
    mode="joint",
    writers="co-chair offices",
    content=Body,
    facets=lambda body: facets(
        body,
        subtitle=", ".join(body.aliases),
        category=body.type,
        status=body.standing.state if body.standing else "",
        body=body.parent,
        about=body.side,
        on=body.start,
    ),
    checks=_checks,
    face=Face(
        one=N_("body"),
        many=N_("Bodies"),
        section="meets",
        place=1,
        missed=("start", "cadence", "standing"),
    ),
)
