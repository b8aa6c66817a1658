"""Event: law, sanctions, export control, policy and steps of the programme that are no meeting and no instrument."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import GRADE, NAME, SOURCE, Column, Face
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
    mode="own",
    writers="secretariat",
    content=Event,
    facets=_facets,
    checks=_checks,
    face=Face(
        one=N_("event"),
        many=N_("Events"),
        address="events",
        section="around",
        place=2,
        lede=N_("Law, policy, export control and steps of the initiative that are no meeting and no instrument."),
        columns=(
            Column(N_("Date"), field="date", order="earliest"),
            Column(N_("Event"), NAME, order="title"),
            Column(N_("Scope"), "status"),
            Column(N_("Category"), "category"),
            Column(N_("Effect"), "subtitle"),
            SOURCE,
            GRADE,
        ),
        filters=(("status", N_("Scope")), ("category", N_("Category"))),
        order="earliest",
        descending=True,
        years=True,
    ),
)
