"""Who held the chairs on a day, and the page of an office with its holders in time. Holds no rule."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from dtti.office import reports
from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.office import OFFICE
from dtti.programme.reports.records import Reading
from dtti.web import page
from dtti.web.parts import Field, Option, Row

from . import asked, bodies, record, shown, words
from .record import Found
from .shown import Names
from .words import _


def co_chairs(request: HttpRequest) -> HttpResponse:
    """Who certainly, and who possibly, held the chairs of each body on the day asked about."""
    moment = page.moment(request)
    held = asked.records(request, moment)
    wanted = request.GET.get("body", "").strip()[:80] or None
    found = asked.made(request, reports.CoChairs, moment, body=wanted, now=True, held=held)
    if page.wants_json(request):
        return page.answer(request, "pages/co_chairs.html", found)
    every = [
        each
        for each in Reading(held).all(BODY)
        if each.content.co_chair_offices or each.content.former_co_chair_offices
    ]
    links = shown.mentioned(found) | {f"office:{office}" for office in found.offices}
    names = Names.of(request, moment).learn(links | {f"body:{each.ref}" for each in every})
    options = [Option("", _("all")), *(Option(each.ref, each.content.name) for each in every)]
    return shown.show(
        request,
        "pages/co_chairs.html",
        found,
        moment,
        names,
        crumbs=shown.crumbs(moment, (words.plural("office"), "offices"), (_("Co-chairs on a day"), None)),
        fields=[
            Field("on", _("On"), "date", found.on),
            Field("body", _("Body"), "select", wanted or "", options),
        ],
        kept=shown.kept(moment)[1:] if moment.on else shown.kept(moment),
        parts=[
            {
                "ref": ref,
                "title": chairs.name,
                "link": shown.anchor(names.link(f"body:{ref}", said=_("Body"))),
                "rows": bodies.seats(names, chairs),
                "none": all(each == "none" for each in (chairs.co_chairs or {"": ""}).values()),
            }
            for ref, chairs in found.bodies.items()
        ],
    )


@record.own_page("office")
def office(request: HttpRequest, found: Found) -> HttpResponse:
    """An office: its holders in time, who certainly and who possibly held it that day, the bodies it chairs."""
    held = asked.records(request, found.moment)
    speaks = Reading(held).get(OFFICE, found.row.ref)
    report = asked.made(request, reports.CoChairs, found.moment, now=True, held=held)
    made = report.offices.get(found.row.ref) if speaks and speaks.record == found.row.record else None
    near = record.around(request, found)
    names = record.names_for(request, found, near, made)
    if made:
        names.learn(f"appointment:{each.appointment}" for each in made.tenures)
    chaired = [
        {"one": ref, "co_chaired": chairs.seats[found.row.ref].co_chaired}
        for ref, chairs in report.bodies.items()
        if found.row.ref in chairs.seats
    ]
    return record.answer(
        request,
        "pages/office.html",
        found,
        near,
        names,
        skip=("title",),
        apart=("appointment",),
        also={"holders": made, "chairs": chaired},
        on=report.on,
        tenures=[_row(names, each) for each in made.tenures] if made else [],
        certain=shown.lines(bodies.holder(each) for each in made.holders)
        if made and isinstance(made.holders, list)
        else None,
        possible=shown.lines(bodies.holder(each) for each in made.candidates) if made and made.candidates else None,
        method=report.method,
    )


def _row(names: Names, each: reports.Tenured) -> Row:
    return {
        "holder": names.link(f"appointment:{each.appointment}", said=each.holder),
        "capacity": words.word(each.capacity),
        "start": shown.when(each.start),
        "end": _("in post") if each.end_state == "holding" else shown.when(each.end),
        "certain": _certain(each),
        "cite": names.rests(each),
    }


def _certain(each: reports.Tenured) -> Any:
    if not each.certain_from or not each.certain_to:
        return {"absent": "unknown"}
    first = shown.macro("value", "when", each.certain_from)
    if each.certain_to == each.certain_from:
        return first
    last = _("now") if each.certain_to.startswith("9999") else shown.macro("value", "when", each.certain_to)
    return shown.joined((first, last), " – ")
