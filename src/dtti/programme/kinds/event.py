"""Event: law, sanctions, export control, policy and steps of the programme that are no meeting and no instrument."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.programme.facets import Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import Line, Money, Prose, Slug, When


class Event(Content, frozen=True, kw_only=True):
    """Something that happened. `scope`: inside DTTI or around it; `effect`: what it meant for the programme."""

    name: Line
    scope: Literal["dtti", "external"]
    category: Slug
    date: When
    effect: Prose | None = None
    value: Money | None = None


def _facets(event: Event) -> Facets:
    return facets(
        event,
        event.name,
        subtitle=event.effect or "",
        category=event.category,
        status=event.scope,
        on=event.date,
        money=event.value,
    )


def _checks(event: Event, context: Context) -> list[Refusal]:
    return []


EVENT = Kind(
    code="event",
    title="event",
    plural="events",
    mode="own",
    writers="secretariat",
    content=Event,
    facets=_facets,
    checks=_checks,
)
