"""Event: law, sanctions, export control, policy and steps of the programme that are no meeting and no instrument."""

from typing import Literal

from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Kind
from dtti.programme.values import Line, Money, Prose, Slug, When


class Event(Content, frozen=True, kw_only=True):
    """Something that happened. `scope`: inside DTTI or around it; `effect`: what it meant for the programme."""

    name: Line
    scope: Literal["dtti", "external"]
    category: Slug
    date: When
    effect: Prose | None = None
    value: Money | None = None


EVENT = Kind(
    code="event",
    mode="own",
    writers="secretariat",
    content=Event,
    facets=lambda event: facets(event, subtitle=event.effect, status=event.scope, on=event.date, money=event.value),
    face=Face(
        one=N_("event"),
        many=N_("Events"),
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
        ),
        filters=(("status", N_("Scope")), ("category", N_("Category"))),
        order="earliest",
        descending=True,
        years=True,
    ),
)
