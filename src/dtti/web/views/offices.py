"""Offices by side, their holders in time, and who held the chairs on a day. Reads the report; holds no rule."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from markupsafe import escape

from dtti.programme.kinds.appointment import Appointment
from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.office import OFFICE
from dtti.programme.reports.records import Reading
from dtti.web import page

from . import asked, bodies, lists, record, shown, words
from .codes import N_
from .lists import Column, Listing
from .record import Found
from .shown import Names
from .words import _

OFFICES = Listing(
    kind="office",
    lede=N_("A post outlives its holder. Who holds it is an appointment; what it may do is given by keys."),
    columns=(
        Column(N_("Office"), lists.name_cell, order="title"),
        Column(N_("Side"), lists.side_cell),
        Column(
            N_("Co-chairs"),
            lists.held(lambda names, office: names.links(f"body:{ref}" for ref in office.co_chairs) or "–"),
        ),
        Column(N_("From"), lists.held(lambda names, office: shown.when(office.start))),
        Column(N_("To"), lists.held(lambda names, office: shown.when(office.end))),
        lists.GRADE,
    ),
    filters=(("about", N_("Side")), ("body", N_("Body"))),
    links=lambda row, content: shown.links_of([content]) if content else (),
    contents=True,
    order="ref",
    views=((N_("Appointments"), "appointments"), (N_("Co-chairs on a day"), "co-chairs")),
)


def _tenure(names: Names, appointment: Appointment) -> Any:
    if appointment.start or appointment.end:
        return shown.joined(
            (
                shown.macro("value", "value", shown.when(appointment.start)),
                shown.macro(
                    "value",
                    "value",
                    shown.when(appointment.end) if appointment.end_state != "holding" else _("in post"),
                ),
            ),
            " – ",
        )
    days = shown.joined(shown.macro("value", "value", shown.when(day)) for day in appointment.attested)
    return shown.with_note({"absent": "unknown"}, days and escape(_("shown in post: %(days)s")) % {"days": days})


APPOINTMENTS = Listing(
    kind="appointment",
    lede=N_("Who held an office, in what capacity, from when to when, as far as it is known."),
    columns=(
        Column(
            N_("Holder"),
            lambda names, row, content: {
                "text": shown.marked(names.request, row, shown.text(row.title)),
                "url": shown.url_of(row) + names.moment.query,
            },
            order="title",
        ),
        Column(N_("Office"), lists.link_cell("subtitle", "office")),
        Column(N_("Side"), lists.side_cell),
        Column(N_("Capacity"), lists.code_cell("category")),
        Column(N_("Tenure"), lists.held(_tenure), order="earliest"),
        Column(N_("Source"), lists.held(lambda names, appointment: names.cite(appointment.cite, weak=True))),
        lists.GRADE,
    ),
    filters=(("about", N_("Side")), ("category", N_("Capacity")), ("status", N_("State"))),
    links=lambda row, content: (f"office:{row.subtitle}", *(shown.links_of([content]) if content else ())),
    contents=True,
    views=((N_("Offices"), "offices"), (N_("Co-chairs on a day"), "co-chairs")),
)


def offices(request: HttpRequest) -> HttpResponse:
    """The list of offices."""
    return lists.listing(request, OFFICES)


def appointments(request: HttpRequest) -> HttpResponse:
    """The list of appointments."""
    return lists.listing(request, APPOINTMENTS)


def co_chairs(request: HttpRequest) -> HttpResponse:
    """Who certainly, and who possibly, held the chairs of each body on the day asked about."""
    moment = page.moment(request)
    held = asked.records(request, moment)
    wanted = request.GET.get("body", "").strip()[:80] or None
    found = asked.made(request, "co-chairs", moment, body=wanted, now=True, held=held)
    if page.wants_json(request):
        return page.answer(request, "pages/co_chairs.html", found)
    every = [
        each
        for each in Reading(held).all(BODY)
        if each.content.co_chair_offices or each.content.former_co_chair_offices
    ]
    links = shown.mentioned(found) | {f"office:{office}" for office in found["offices"]}
    names = Names.of(request, moment).learn(links | {f"body:{each.ref}" for each in every})
    blank = {"value": "", "label": _("all")}
    options = [{"value": each.ref, "label": each.content.name} for each in every]
    return shown.show(
        request,
        "pages/co_chairs.html",
        found,
        moment,
        names,
        crumbs=shown.crumbs(moment, (words.plural("office"), "offices"), (_("Co-chairs on a day"), None)),
        fields=[
            {"name": "on", "label": _("On"), "kind": "date", "value": found["on"]},
            {"name": "body", "label": _("Body"), "kind": "select", "value": wanted or "", "options": [blank, *options]},
        ],
        kept=shown.kept(moment)[1:] if moment.on else shown.kept(moment),
        parts=[
            {
                "ref": ref,
                "title": chairs["name"],
                "link": shown.anchor(names.link(f"body:{ref}", said=_("Body"))),
                "rows": bodies.seats(names, chairs),
                "none": all(each == "none" for each in (chairs["co_chairs"] or {"": ""}).values()),
            }
            for ref, chairs in found["bodies"].items()
        ],
    )


@record.own_page("office")
def office(request: HttpRequest, found: Found) -> HttpResponse:
    """An office: its holders in time, who certainly and who possibly held it that day, the bodies it chairs."""
    held = asked.records(request, found.moment)
    speaks = Reading(held).get(OFFICE, found.row.ref)
    report = asked.made(request, "co-chairs", found.moment, now=True, held=held)
    made = report["offices"].get(found.row.ref) if speaks and speaks.record == found.row.record else None
    near = record.around(request, found)
    names = record.names_for(request, found, near, made)
    if made:
        names.learn(f"appointment:{each['appointment']}" for each in made["tenures"])
    chaired = [
        {"one": ref, "co_chaired": chairs["seats"][found.row.ref]["co_chaired"]}
        for ref, chairs in report["bodies"].items()
        if found.row.ref in chairs["seats"]
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
        on=report["on"],
        tenures=[_row(names, each) for each in made["tenures"]] if made else [],
        certain=shown.lines(bodies.holder(each) for each in made["holders"])
        if made and made["holders"] != "unknown"
        else None,
        possible=shown.lines(bodies.holder(each) for each in made["candidates"])
        if made and made["candidates"]
        else None,
        method=report["method"],
    )


def _row(names: Names, each: dict[str, Any]) -> dict[str, Any]:
    return {
        "holder": names.link(f"appointment:{each['appointment']}", said=each["holder"]),
        "capacity": words.word(each["capacity"]),
        "start": shown.when(each["start"]),
        "end": _("in post") if each["end_state"] == "holding" else shown.when(each["end"]),
        "certain": _certain(each),
        "cite": names.rests(each),
    }


def _certain(each: dict[str, Any]) -> Any:
    if not each["certain_from"]:
        return {"absent": "unknown"}
    first = shown.macro("value", "when", each["certain_from"])
    if each["certain_to"] == each["certain_from"]:
        return first
    last = _("now") if each["certain_to"].startswith("9999") else shown.macro("value", "when", each["certain_to"])
    return shown.joined((first, last), " – ")
