"""The page of a meeting: who sat that day, what was decided, what came of it. Holds no rule."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse

from dtti.office import meetings as office
from dtti.web import page
from dtti.web.requests import PageRequest

from . import asked, bodies, meeting_steps, meeting_text, record, shown
from .record import Found


@record.own_page("meeting")
def meeting(request: HttpRequest, found: Found) -> HttpResponse:
    """A meeting: who sat or held the chairs that day, the gap before it, its papers, decisions and actions."""
    content = found.content
    if not isinstance(content, office.Meeting):
        raise TypeError(type(content))
    near = record.around(request, found)
    one = office.meeting(page.asked_by(request, found.moment), found.row, content, near.pointing)
    if one.cadence:
        asked.told(request, one.cadence)
    names = record.names_for(request, found, near, one.gaps, one.chairs).learn(
        {*one.links, *meeting_text.links(content)}
    )
    phases = meeting_steps.phases(cast(PageRequest, request), found.row, one, near)
    return record.answer(
        request,
        "pages/meeting.html",
        found,
        near,
        names,
        skip=("instruments", "outcomes", *meeting_text.SHOWN),
        apart=("instrument",),
        also={
            "gaps": one.gaps,
            "co_chairs_that_day": one.seats,
            "unsaid": [each for phase in phases for each in phase.unsaid],
        },
        phases=phases,
        text_of=meeting_text.text(names, content, found.row),
        standing=meeting_text.standing(content, found.row),
        outcomes=[shown.text(each) for each in content.outcomes],
        papers=[shown.anchor(names.link(each)) for each in one.papers],
        gaps_shown=[bodies.gap(names, gap) for gap in one.gaps],
        seats=bodies.seats(names, one.seats) if one.chairs else [],
        day=str(one.day) if one.day else None,
    )
