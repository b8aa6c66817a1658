"""The desk of the office that chairs the forum: what came in by form, taken into the record; accounts of industry.

For that office alone: everybody else is answered as for a page that is not there. Holds no rule.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.views.decorators.cache import never_cache

from dtti.accord.refusal import Correction, Refused
from dtti.node.people import duties, industry, models, seats
from dtti.node.record import read
from dtti.office import forum as office
from dtti.office.forum import intake as office_intake
from dtti.programme.kinds.recommendation import RECOMMENDATION
from dtti.web.page import answer, not_here, route
from dtti.web.parts import Option

from . import acting, begun, drafting, versions
from .acting import as_page
from .words import _

KIND = RECOMMENDATION.code


def chairs(request: Any) -> bool:
    """Whether the seat taken is in an office of this side that chairs the forum, and may record what comes in."""
    if not request.viewer.national or not request.seat or not acting.may(request, "write_draft:state", KIND):
        return False
    asking = acting.asking(request)
    state = read.state(request.node, request.viewer, request.seat.office)
    return state is not None and state[0].ref in office.chairs(asking)


def _office(request: HttpRequest) -> Any:
    """The request of somebody of that office; nobody else is told that there is such a page."""
    page = as_page(request)
    if not chairs(page):
        raise not_here(_("page"))
    acting.ask(page, "write_draft:state", KIND)
    return page


@never_cache
def intake(request: HttpRequest) -> HttpResponse:
    """What came in by form and is not in the record yet; each is taken in by one press, and confirmed as it stands."""
    page = _office(request)
    waiting = office_intake.waiting(acting.asking(page), industry.received())
    errors: list[Correction] = []
    if request.method == "POST":
        code, kept = request.POST.get("take", "")[:40], request.POST.get("kept", "")[:40]
        chosen = next((each for each in waiting if each.sent.code == code), None)
        if chosen is None:
            messages.info(request, _("It is in the record by now."))
            return HttpResponseRedirect(reverse("intake"))
        if not chosen.record and kept not in {each.value for each in _readers(page)}:
            errors.append(
                {"field": "kept", "reason": _("It does not say who may read it."), "remedy": _("Choose one.")}
            )
        else:
            return HttpResponseRedirect(_drafted(page, chosen, kept))
    return answer(
        request,
        "forum/intake.html",
        {
            "waiting": [
                {"reference": each.sent.code, "received": each.sent.on, "new": not each.record} for each in waiting
            ],
            "errors": errors,
        },
        status=422 if errors else 200,
        title=_("What came in by form"),
        rows=waiting,
        readers=_readers(page),
        groups=reverse("restricted"),
        confined=bool(acting.kept_choices(page)),
    )


def _readers(page: Any) -> list[Option]:
    """Who may read what is taken in: a restricted group of this office first, else all of this side."""
    return [*acting.kept_choices(page), Option("yes", _("All of our side"))]


def _drafted(page: Any, chosen: office_intake.Waiting, kept: str) -> str:
    """Put what came in into a draft of this office; the address at which it is confirmed for the record."""
    person = drafting.person_of(page)
    if chosen.record:
        held, _work = drafting.draft_of(page, chosen.code, "state")
        particulars = held.particulars
    else:
        name = begun.record(page, KIND, chosen.sent.code)
        there = models.Draft.objects.filter(record__startswith=f"{KIND}/", office=page.seat.office, purpose="state")
        before = next((each for each in there if each.content.get("ref") == chosen.sent.code), None)
        held = before or models.Draft(office=page.seat.office, record=name, purpose="state")
        particulars = {**held.particulars, "kept": kept}
    versions.replace(held, chosen.content, person, particulars)
    return reverse("check_draft", args=[held.record.rpartition("/")[2], "state"])


@never_cache
def accounts(request: HttpRequest) -> HttpResponse:
    """The organisations that this side has invited, who signs in for each, and inviting another."""
    page = _office(request)
    errors: list[Correction] = []
    people = _submitters(page)
    if request.method == "POST":
        chosen = next((each for each in people if each.account == request.POST.get("person", "")), None)
        if chosen is None:
            errors.append({"field": "person", "reason": _("No person is chosen."), "remedy": _("Choose one.")})
        try:
            if chosen is not None:
                name, is_a = request.POST.get("name", ""), request.POST.get("is_a", "")
                industry.represent(chosen, industry.invite(name, is_a, page.seat.office))
                messages.success(request, _("The account is in the industry room now."))
                return HttpResponseRedirect(reverse("industry_accounts"))
        except Refused as refused:
            fields = {"industry-name": "name", "industry-is": "is_a", "industry-other": "person"}
            errors += [each.said(fields.get(each.rule, "name")) for each in refused.refusals]
    known = [
        {"name": each.name, "is_a": each.is_a, "people": [str(one.person) for one in each.people.all()]}
        for each in models.Organisation.objects.prefetch_related("people__person")
    ]
    return answer(
        request,
        "forum/accounts.html",
        {"organisations": known, "errors": errors},
        status=422 if errors else 200,
        title=_("Accounts of industry"),
        people=[Option(each.account, str(each)) for each in people],
        said=request.POST,
        seats=reverse("people"),
    )


def _submitters(page: Any) -> list[models.Person]:
    """People with a seat of industry who are here for no organisation yet."""
    held = models.Seat.objects.filter(seats.in_force(), person__represents=None).select_related("person")
    found = {row.person.account: row.person for row in seats.backed(page.node, held) if duties.submits(row)}
    return sorted(found.values(), key=str)


PATTERNS: list[URLPattern] = [
    *route("forum/intake/", intake, "intake"),
    *route("forum/accounts/", accounts, "industry_accounts"),
]
