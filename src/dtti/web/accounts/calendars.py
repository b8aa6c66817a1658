"""Calendars to subscribe to: the page that makes and revokes them, and the address that a program fetches.

The address is all that the program shows, so that it is long, random, made for one seat, and shown once.
"""

from __future__ import annotations

from typing import Final, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the customary name of the marker
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from msgspec.structs import replace

from dtti.documents.values import Language
from dtti.node.core.visibility import Viewer
from dtti.node.people import feeds, looking
from dtti.node.people.desk_models import Feed
from dtti.node.people.models import Seat
from dtti.office import calendars as office
from dtti.office import desk
from dtti.office.asking import Asking, Moment
from dtti.web import middleware
from dtti.web.frame import recorded
from dtti.web.page import url_of
from dtti.web.requests import PageRequest

from .guard import writing

OF: Final = (
    (
        "mine",
        N_("What is asked of my office"),
        N_("What it has to do, offers it can answer, and what this seat watches."),
    ),
    ("body", N_("One body"), N_("Its meetings, by what day it is to meet, and what is due from it.")),
    (
        "deadlines",
        N_("All meetings and deadlines"),
        N_("All that this seat sees, but for what is kept to a restricted group."),
    ),
)


@writing
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """The calendars of the seat taken: those that stand, making one, revoking one."""
    seat = request.seat
    made, missing = "", ""
    bodies = {row.record: row for row in office.bodies(_asking(request, request.viewer))} if seat else {}
    if request.method == "POST" and seat is not None:
        if number := request.POST.get("revoke", ""):
            feeds.revoke(seat, int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0)
            return HttpResponseRedirect(reverse("calendars"))
        of, body = request.POST.get("of", ""), request.POST.get("body", "")
        if of not in {code for code, _label, _hint in OF}:
            missing = "of"
        elif of == "body" and body not in bodies:
            missing = "body"
        else:
            _feed, secret = feeds.make(seat, of, request.LANGUAGE_CODE, body if of == "body" else "")
            made = f"{request.node.config.address}{reverse('calendar', args=[secret]).removeprefix('/hi')}"
    return render(
        request,
        "accounts/calendars.html",
        {
            "seat": seat,
            "made": made,
            "missing": missing,
            "choices": [{"value": code, "label": _(label), "hint": _(hint)} for code, label, hint in OF],
            "bodies": [{"value": record, "label": row.title} for record, row in bodies.items()],
            "of": request.POST.get("of", ""),
            "held": [_line(request, one, bodies) for one in feeds.of_seat(seat)] if seat else [],
        },
        status=422 if missing else 200,
    )


def _line(request: PageRequest, feed: Feed, bodies: dict[str, desk.Listed]) -> dict[str, object]:
    label = next(_(label) for code, label, _hint in OF if code == feed.of)
    if feed.body and feed.body in bodies:
        label = recorded(bodies[feed.body].title, request.LANGUAGE_CODE)
    return {
        "pk": feed.pk,
        "label": label,
        "made": feed.made.isoformat(timespec="seconds"),
        "fetched": feed.fetched.isoformat(timespec="seconds") if feed.fetched else "",
    }


def _asking(request: PageRequest, viewer: Viewer) -> Asking:
    return Asking(request.node, viewer, Moment())


@require_GET
def fetch(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of an address, made now for its seat; 404 for one that never was, was revoked or has ended."""
    node = cast(PageRequest, request).node
    found = feeds.fetched(node, secret, timezone.now()) if len(secret) == feeds.SECRET else None
    if found is None:
        raise Http404("There is no calendar at this address.")
    seat: Seat = found.seat
    viewer = replace(middleware.viewer_of(node, seat.person, seat), groups=())
    asking = Asking(node, viewer, Moment())
    with translation.override(found.language):
        made = office.feed(
            asking,
            desk.seated(asking, seat, looking.watched(seat)),
            found.of,
            cast(Language, found.language),
            lambda row: f"{node.config.address}{url_of(row)}",
            body=found.body,
        )
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Content-Disposition"] = 'inline; filename="dtti.ics"'
    return answer
