"""The page of a meeting: who sat that day, what was decided, what came of it. Holds no rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.reports import report

from . import asked, bodies, record, shown
from .record import Found


@record.own_page("meeting")
def meeting(request: HttpRequest, found: Found) -> HttpResponse:
    """A meeting: who sat or held the chairs that day, the gap before it, its papers, decisions and actions."""
    content = found.content
    if not isinstance(content, Meeting):
        raise TypeError(type(content))
    held = asked.records(request, found.moment)
    body = content.body if any(each.ref == content.body for each in held.of("body")) else None
    cadence = asked.made(request, "cadence", found.moment, body=body, now=True, held=held) if body else {"bodies": {}}
    met = cadence["bodies"].get(body, {"gaps": {"rows": []}})
    gaps = [gap for gap in met["gaps"]["rows"] if found.row.ref in (gap["from"], gap["to"])]
    day = content.date.day
    chairs = report("co-chairs", held, on=day, body=body) if body and day and not content.co_chairs else None
    near = record.around(request, found)
    names = record.names_for(request, found, near, gaps, chairs)
    if chairs:
        names.learn(f"office:{office}" for office in chairs["offices"])
    names.learn(f"meeting:{gap[end]}" for gap in gaps for end in ("from", "to"))
    papers = {f"instrument:{ref}" for ref in content.instruments}
    papers |= {f"instrument:{row.ref}" for row, paper in near.of(Instrument) if paper.meeting == found.row.ref}
    return record.answer(
        request,
        "pages/meeting.html",
        found,
        near,
        names,
        skip=("instruments", "outcomes"),
        apart=("instrument",),
        also={"gaps": gaps, "co_chairs_that_day": chairs["bodies"].get(body) if chairs else None},
        outcomes=[shown.text(each) for each in content.outcomes],
        papers=[shown.anchor(names.link(each)) for each in sorted(papers)],
        gaps_shown=[bodies.gap(names, gap) for gap in gaps],
        seats=bodies.seats(names, chairs["bodies"].get(body)) if chairs else [],
        day=str(day) if day else None,
    )
