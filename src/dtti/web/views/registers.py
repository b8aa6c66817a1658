"""Lists of kinds that need nothing but a list: rosters, sides, success definitions. Holds no rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from . import lists, shown
from .codes import N_
from .lists import Column, Listing

ROSTERS = Listing(
    kind="roster",
    lede=N_("Which working groups a dated source counted or named. The two may differ."),
    columns=(
        Column(N_("Roster"), lists.name_cell),
        Column(N_("As of"), lists.held(lambda names, roster: shown.when(roster.as_of)), order="earliest"),
        Column(N_("Number stated"), lists.held(lambda names, roster: roster.stated_count), kind="number"),
        Column(
            N_("Working groups named"),
            lists.held(lambda names, roster: names.links(f"body:{ref}" for ref in roster.bodies)),
        ),
        Column(N_("Source"), lists.held(lambda names, roster: names.cite(roster.cite, weak=True))),
        lists.GRADE,
    ),
    links=lambda row, content: shown.links_of([content]) if content else (),
    contents=True,
    order="earliest",
)

SIDES = Listing(
    kind="side",
    lede=N_("The two parties. A side writes only its own ledger."),
    columns=(
        Column(N_("Side"), lists.name_cell),
        Column(N_("Defence ministry"), lists.held(lambda names, side: shown.text(side.defence_ministry or ""))),
        Column(N_("Lead department"), lists.held(lambda names, side: shown.text(side.lead_department or ""))),
        lists.GRADE,
    ),
    contents=True,
)

SUCCESS = Listing(
    kind="success_definition",
    lede=N_("What both sides mean by success of a project, agreed before it is listed."),
    columns=(
        Column(N_("Success definition"), lists.name_cell),
        Column(N_("Project"), lists.link_cell("project")),
        Column(N_("Last date aimed at"), lists.date_cell, order="latest"),
        Column(
            N_("Waits on"),
            lambda names, row, content: shown.macro("value", "side", row.court) if row.court else {"absent": "none"},
        ),
        lists.GRADE,
    ),
    filters=(("project", N_("Project")), ("grade", N_("Grade")), ("court", N_("Waits on"))),
    links=lambda row, content: (f"project:{row.project}",) if row.project else (),
)


def rosters(request: HttpRequest) -> HttpResponse:
    """The rosters of working groups."""
    return lists.listing(request, ROSTERS)


def sides(request: HttpRequest) -> HttpResponse:
    """The two sides."""
    return lists.listing(request, SIDES)


def success(request: HttpRequest) -> HttpResponse:
    """The success definitions."""
    return lists.listing(request, SUCCESS)
