"""Account pages that allauth has not: the account, taking a seat, the demonstration's sign-in, policy reports."""

import json
import logging
from collections import Counter
from itertools import groupby
from typing import cast

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from dtti.node.people import duties, seats
from dtti.node.people.models import Person, Seat
from dtti.web import typed
from dtti.web.frame import recorded
from dtti.web.middleware import SEAT
from dtti.web.parts import Row
from dtti.web.requests import PageRequest

from .guard import STAGED, second_factor, signed_in

BACKEND = "dtti.web.accounts.backend.SeatedBackend"

log = logging.getLogger("dtti.csp")

#: Reports of refused content since this process began, by directive. Tests read it; so does an operator's log.
refused_content: Counter[str] = Counter()


@signed_in
@never_cache
def account(request: PageRequest) -> HttpResponse:
    """The account: name, seats, password, second factor."""
    return render(request, "accounts/account.html", {"seats": _shown(request), "second_factor": second_factor(request)})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def seat(request: PageRequest) -> HttpResponse:
    """Take another of the seats one holds."""
    if request.method == "POST":
        chosen = next((held for held in request.seats if str(held.pk) == request.POST.get("seat")), None)
        if chosen is not None:
            request.session[SEAT] = chosen.pk
            return HttpResponseRedirect(_next(request))
    return render(
        request,
        "accounts/seat.html",
        {"seats": _shown(request), "next": _next(request), "missing": request.method == "POST"},
        status=422 if request.method == "POST" else 200,
    )


@signed_in
def change_password(request: PageRequest) -> HttpResponseBase:
    """Change the password one has; whoever has none (a staged person, someone with a passkey) is told who gives one."""
    if isinstance(request.user, Person) and not request.user.has_usable_password():
        messages.warning(request, _("This account has no password. The custodian can give it one."))
        return redirect("account_home")
    answer: HttpResponseBase = allauth_views.password_change(request)
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def demo_sign_in(request: HttpRequest) -> HttpResponseBase:
    """In a demonstration: every staged person by office, and one click to be any of them. Elsewhere no such page."""
    if not settings.DEMONSTRATION:
        raise Http404
    staged = (
        Seat.objects.filter(seats.in_force(), person__fictitious=True, person__is_active=True)
        .select_related("person")
        .order_by("office", "pk")
    )
    if request.method == "POST":
        chosen = staged.filter(pk=_number(request.POST.get("seat"))).first()
        if chosen is not None:
            login(request, chosen.person, backend=BACKEND)
            request.session[STAGED] = True
            request.session[SEAT] = chosen.pk
            return HttpResponseRedirect(reverse("industry") if duties.submits(chosen) else _next(request))
    node, language = cast(PageRequest, request).node, cast(PageRequest, request).LANGUAGE_CODE
    offices = [
        {"title": recorded(seats.office_title(node, office), language), "people": [_line(one) for one in held]}
        for office, held in groupby(staged, key=lambda one: one.office)
    ]
    return render(request, "accounts/demo_sign_in.html", {"offices": offices, "next": _next(request)})


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Count what a browser refused to load under the content policy. Keeps no address and no person."""
    try:
        data = request.body
        report = json.loads(data).get("csp-report", {}) if len(data) <= 64 * 1024 else {}
        named = str(report.get("violated-directive", "unknown")).split(" ")[0]
    except (ValueError, AttributeError, RecursionError, RequestDataTooBig, UnreadablePostError):
        named = ""
    # Anyone can send one: what is counted and logged is a directive of the policy, or nothing that was sent.
    listed = named.removesuffix("-attr").removesuffix("-elem") in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    directive = named if listed and len(named) <= 40 else "unreadable"
    refused_content[directive] += 1
    log.warning("content policy: %s refused", directive)
    return HttpResponse(status=204)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a sound token: it expired, or came from another site."""
    row = typed.hold(request)
    mine = row is not None and isinstance(request.user, Person) and row.person_id == request.user.pk
    back = row.back if row and mine else request.path
    return render(request, "accounts/form_expired.html", {"back": back, "kept": bool(row), "mine": mine}, status=403)


def _shown(request: PageRequest) -> list[Row]:
    return [
        {
            **_line(one),
            "office": (office := recorded(seats.office_title(request.node, one.office), request.LANGUAGE_CODE)),
            "taken": one == request.seat,
            "value": one.pk,
            "label": format_html("{} · {}", office, _(duties.duties()[one.duty].title)),
            "hint": _(duties.duties()[one.duty].does),
        }
        for one in request.seats
    ]


def _line(one: Seat) -> Row:
    duty = duties.duties()[one.duty]
    return {
        "pk": one.pk,
        "name": one.person.full_name,
        "duty": _(duty.title),
        "does": _(duty.does),
        "since": one.since.isoformat(),
    }


def _number(given: str | None) -> int:
    """A row number in a form; 0, which no row has, for anything else."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else 0


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: the page that was asked for, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/hi/" if getattr(request, "LANGUAGE_CODE", "en") == "hi" else "/"
