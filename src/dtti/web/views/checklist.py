"""What the stages of the SOP ask of a project, row by row. Holds no rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.office import gates as office
from dtti.web import page
from dtti.web.page import route

from . import conflicts, gate_rows, record, shown
from .shown import Names


def checklist(request: HttpRequest, name: str) -> HttpResponse:
    """The whole checklist of a project, stage by stage."""
    found = record.find(request, "projects", name)
    asking = page.asked_by(request, found.moment)
    if not isinstance(found.content, office.Project):
        raise page.not_here(_("record"))
    held = office.on_page(asking, found.row, found.content)
    names = Names.of(request, found.moment).learn(held.links)
    title = found.content.name
    return page.answer(
        request,
        "project/checklist.html",
        held,
        title=title,
        row=found.row,
        mine=asking.mine,
        sections=gate_rows.sections(held, names),
        flagged=gate_rows.flagged(held, names),
        flagged_columns=gate_rows.flagged_columns(),
        columns=gate_rows.columns(asking.mine),
        procedure=reverse("procedure"),
        warned=conflicts.by_stage(request, found),
        crumbs=shown.crumbs(
            found.moment, (_("Projects"), "projects"), (title, page.url_of(found.row)), (_("Checklist"), None)
        ),
    )


PATTERNS: list[URLPattern] = [
    *route("projects/<path:name>/checklist/", checklist, "project-checklist"),
]
