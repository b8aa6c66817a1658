"""The page of an external constraint: what bears on the work from outside it. Holds no rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dtti.office import reports
from dtti.programme.kinds.constraint import Constraint

from . import asked, facts, record, shown, words
from .record import Found
from .words import _


@record.own_page("constraint")
def constraint(request: HttpRequest, found: Found) -> HttpResponse:
    """An external constraint: the law, what is exposed, waivers as dated facts, what each side says, side by side."""
    content = found.content
    if not isinstance(content, Constraint):
        raise TypeError(type(content))
    report = asked.made(request, reports.Events, found.moment)
    made = report.constraints.get(found.row.ref)
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
        waiver=words.word(made.waiver) if made else None,
        rules=facts.table(names, content, content.rules) if content.rules else None,
        exposed=facts.table(names, content, content.exposed) if content.exposed else None,
        waivers=facts.table(names, content, content.waivers) if content.waivers else None,
        positions=positions,
        said=any(positions.values()),
        order=shown.own_first(request),
        never=_("What this side thinks in private is a record of its own, and is not shown here."),
    )
