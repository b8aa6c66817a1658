"""Commitments, external constraints and events: what was promised elsewhere and what bears on the work. No rule."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from dtti.node.record.read import Listed
from dtti.programme.kinds.commitment import Commitment, state_of
from dtti.programme.kinds.constraint import Constraint

from . import asked, facts, lists, record, shown, words
from .codes import N_
from .lists import Column, Listing
from .record import Found
from .shown import Names
from .words import _


def _due(names: Names, commitment: Commitment) -> Any:
    return shown.when(commitment.due) if commitment.due else shown.text(commitment.due_text or "")


def _state(names: Names, row: Listed, commitment: Any) -> Any:
    """How it stands on the day asked about, as every page and report says it."""
    if not isinstance(commitment, Commitment):
        return lists.code_cell("status")(names, row, commitment)
    state = state_of(commitment, names.moment.today)[0]
    return {"absent": "unknown"} if state == "unknown" else words.word(state)


def _owners(names: Names, commitment: Commitment) -> Any:
    return shown.joined(shown.macro("value", "side", owner.side) for owner in commitment.owners)


COMMITMENTS = Listing(
    kind="commitment",
    lede=N_("What the two sides said would be done, and what is known of it."),
    columns=(
        Column(N_("Commitment"), lists.name_cell, order="title"),
        Column(N_("Force"), lists.code_cell("category")),
        Column(N_("Made"), lists.held(lambda names, commitment: shown.when(commitment.made))),
        Column(N_("Due"), lists.held(_due), order="earliest"),
        Column(N_("State"), _state, order="status"),
        Column(N_("Who has to do it"), lists.held(_owners)),
        Column(N_("Project"), lists.link_cell("project")),
        lists.GRADE,
    ),
    filters=(("status", N_("State")), ("category", N_("Force")), ("body", N_("Body")), ("project", N_("Project"))),
    links=lambda row, content: (f"project:{row.project}",) if row.project else (),
    contents=True,
    order="earliest",
    views=((N_("Promises against facts"), "promises"),),
)


def _exposed(names: Names, constraint: Constraint) -> Any:
    return len(constraint.exposed) + len(constraint.projects)


CONSTRAINTS = Listing(
    kind="constraint",
    lede=N_("Law and policy that bears on projects or purchases. Shown where it matters; it blocks nothing by itself."),
    columns=(
        Column(N_("Constraint"), lists.name_cell, order="title"),
        Column(N_("Type"), lists.code_cell("category")),
        Column(N_("Imposed by"), lists.side_cell),
        Column(N_("Since"), lists.date_cell, order="earliest"),
        Column(N_("Purchases and projects exposed"), lists.held(_exposed), kind="number"),
        Column(N_("Waiver"), lists.code_cell("status")),
        lists.GRADE,
    ),
    filters=(("category", N_("Type")), ("status", N_("Waiver")), ("project", N_("Project"))),
    contents=True,
)

EVENTS = Listing(
    kind="event",
    lede=N_("Law, policy, export control and steps of the initiative that are no meeting and no instrument."),
    columns=(
        Column(N_("Date"), lists.held(lambda names, event: shown.when(event.date)), order="earliest"),
        Column(N_("Event"), lists.name_cell, order="title"),
        Column(N_("Scope"), lists.code_cell("status")),
        Column(N_("Category"), lists.code_cell("category")),
        Column(N_("Effect"), lists.text_cell("subtitle")),
        Column(N_("Source"), lists.held(lambda names, event: names.cite(event.cite, weak=True))),
        lists.GRADE,
    ),
    filters=(("status", N_("Scope")), ("category", N_("Category"))),
    links=lambda row, content: shown.links_of([content]) if content else (),
    contents=True,
    order="earliest",
    descending=True,
    years=True,
)


def commitments(request: HttpRequest) -> HttpResponse:
    """The list of commitments."""
    return lists.listing(request, COMMITMENTS)


def constraints(request: HttpRequest) -> HttpResponse:
    """The list of external constraints."""
    return lists.listing(request, CONSTRAINTS)


def events(request: HttpRequest) -> HttpResponse:
    """The list of events."""
    return lists.listing(request, EVENTS)


@record.own_page("constraint")
def constraint(request: HttpRequest, found: Found) -> HttpResponse:
    """An external constraint: the law, what is exposed, waivers as dated facts, what each side says, side by side."""
    content = found.content
    if not isinstance(content, Constraint):
        raise TypeError(type(content))
    report = asked.made(request, "events", found.moment)
    made = report["constraints"].get(found.row.ref)
    near = record.around(request, found)
    names = record.names_for(request, found, near, made)
    positions = {
        side: [
            {"text": shown.text(row.text), "date": shown.when(row.date), "cite": names.cite(row.cite or content.cite)}
            for row in content.positions
            if row.side == side
        ]
        for side in ("IND", "USA")
    }
    return record.answer(
        request,
        "pages/constraint.html",
        found,
        near,
        names,
        skip=("name", "positions", "rules", "exposed", "waivers"),
        also={"as_it_stood": made},
        waiver=words.word(made["waiver"]) if made else None,
        rules=facts.table(names, content, content.rules) if content.rules else None,
        exposed=facts.table(names, content, content.exposed) if content.exposed else None,
        waivers=facts.table(names, content, content.waivers) if content.waivers else None,
        positions=positions,
        said=any(positions.values()),
        order=shown.own_first(request),
        never=_("What this side thinks in private is a record of its own, and is not shown here."),
    )
