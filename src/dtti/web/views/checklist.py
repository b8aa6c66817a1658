"""What the stages of the SOP ask of a project, row by row; and the versions of the SOP. Holds no rule."""

from __future__ import annotations

from itertools import groupby

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.office import gates as office
from dtti.web import page
from dtti.web.page import route

from . import conflicts, gate_rows, record, shown, words
from .shown import Names


def checklist(request: HttpRequest, name: str) -> HttpResponse:
    """The whole checklist of a project, stage by stage."""
    found = record.find(request, "projects", name)
    asking = page.asked_by(request, found.moment)
    if not isinstance(found.content, office.Project):
        raise page.not_here(_("record"))
    held = office.gates(asking, found.row, found.content)
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


def procedure(request: HttpRequest) -> HttpResponse:
    """The versions of the SOP: what each stage asks, of whom, why, and how sure that is."""
    held = office.procedures()
    moment = page.moment(request)
    return page.answer(
        request,
        "project/procedure.html",
        {"versions": [msgspec.to_builtins(each) for each in held]},
        shown=[
            {
                "title": _(each.about.title),
                "basis": _(each.about.basis),
                "effective": each.about.effective,
                "confidence": each.about.confidence,
                "sections": [
                    gate_rows.Section(words.heading(stage), "", [_rule(one) for one in rows])
                    for stage, rows in groupby(each.rows.values(), key=lambda row: row.stage)
                ],
            }
            for each in held
        ],
        columns=[
            {"key": "what", "label": _("What is asked")},
            {"key": "of", "label": _("Of whom")},
            {"key": "paths", "label": _("Kinds of project")},
            {"key": "who", "label": _("Who can answer")},
            {"key": "waivable", "label": _("May both go on without it")},
            {"key": "rests", "label": _("Why it is asked")},
        ],
        crumbs=shown.crumbs(moment, (_("Projects"), "projects"), (_("Procedure"), None)),
    )


def _rule(row: office.Rule) -> dict[str, str]:
    return {
        "what": _(row.words),
        "of": ", ".join(shown.side_name(side) for side in row.sides) or _("Both at once"),
        "paths": ", ".join(words.word(path) for path in row.paths) or _("every kind"),
        "who": _(row.by),
        "waivable": words.heading("yes" if row.waivable else "no"),
        "rests": f"{_(row.basis)} ({words.word(row.confidence)})",
    }


PATTERNS: list[URLPattern] = [
    *route("projects/<path:name>/checklist/", checklist, "project-checklist"),
    *route("procedure/", procedure, "procedure"),
]
