"""Passkeys of offices: asking for one, and which are bound by the power keys. Decides nothing.

What is made here is only asked for. The person reads the name of its key to whoever holds the power keys, who binds it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dtti.accord.refusal import Refused, refuse
from dtti.node.acting import passkeys
from dtti.node.people import enrolment, seats
from dtti.node.people.models import Passkey, Person
from dtti.web import labels
from dtti.web.frame import recorded
from dtti.web.parts import Row
from dtti.web.requests import PageRequest

from .guard import writing

STATE = "office_passkey"  # session key: what the browser was asked


@writing
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """The passkeys of one's office and side, and making one for the seat taken."""
    person, node = request.user, request.node
    if not isinstance(person, Person):  # `writing` has seen to it
        raise TypeError(person)
    if request.method == "POST":
        if number := request.POST.get("take_back", ""):
            enrolment.take_back(person, int(number) if number.isascii() and number.isdigit() else 0)
        else:
            state = request.session.pop(STATE, None)
            if request.seat is None or state is None or state.get("office") != request.seat.office:
                raise Refused(
                    refuse("passkey-form", _("This page was not the last one that asked."), _("Open it again."))
                )
            enrolment.finish(node, person, state, request.POST.get("credential", ""))
            messages.success(request, _("The passkey is made. It does not count before the power keys bind it."))
        return HttpResponseRedirect(reverse("office_passkeys"))
    options, refusal = None, None
    if request.seat is not None:
        try:
            options, state = enrolment.begin(
                node, person, request.seat.office, seats.office_title(node, request.seat.office)
            )
            request.session[STATE] = state
        except Refused as refused:
            refusal = refused.refusals[0].said()
    held = passkeys.bound(node)
    known = {(each.credential.office, each.credential.public) for each in held}
    return render(
        request,
        "accounts/office_passkeys.html",
        {
            "office": _title(request, request.seat.office) if request.seat else "",
            "options": options,
            "refusal": refusal,
            "asked": [
                {
                    "pk": one.pk,
                    "key": passkeys.key_name(one.public),
                    "office": _title(request, one.office),
                    "asked": one.asked.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "bound": (one.office, one.public) in known,
                }
                for one in Passkey.objects.filter(person=person)
            ],
            "bound": rows(request, held),
            "required": [
                _("Confirm from the same paper") if one == "confirm_paper" else labels.verb(one)
                for one in node.config.passkeys.required
            ],
            "address": node.config.address,
        },
    )


def _title(request: PageRequest, office: str) -> Any:
    return recorded(seats.office_title(request.node, office), request.LANGUAGE_CODE)


def rows(request: PageRequest, held: list[passkeys.Bound]) -> list[Row]:
    """Bound passkeys as `bound_passkeys` in accounts/parts.html draws them."""
    return [_row(request, one) for one in held]


def _row(request: PageRequest, one: passkeys.Bound) -> Row:
    given = one.credential
    return {
        "number": given.credential,
        "key": one.key,
        "office": _title(request, given.office),
        "since": given.since,
        "entry": one.entry,
        "url": reverse("entry", args=[one.act]),
        "ended": one.ended if one.ended >= 0 else None,
        "until": given.until,
        "closed": one.closed,
    }
