"""A seat watches a record, or no longer: the button on every record's page. Writes a row of one's own seat alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dtti.accord.refusal import Refused, refuse
from dtti.node.people import looking, permissions
from dtti.node.record import read
from dtti.programme.kinds import KINDS
from dtti.web.page import not_here, url_of
from dtti.web.requests import PageRequest

from .guard import signed_in


@signed_in
@never_cache
@require_POST
def page(request: PageRequest, name: str) -> HttpResponse:
    """Watch the record of a code, or leave it; then its page again."""
    node, viewer = request.node, request.viewer
    record = read.find(node, viewer, name)
    found = read.state(node, viewer, record) if record else None
    if found is None:
        raise not_here(_("record"))
    if request.seat is None:
        raise Refused(refuse("watch-seat", "no seat is taken, and a seat is what watches", "Take a seat first."))
    if request.POST.get("watch") == "no":
        looking.leave(request.seat, found[0].record)
    else:
        looking.watch(request.seat, found[0].record)
    return HttpResponseRedirect(reverse("desk") if request.POST.get("from") == "desk" else url_of(found[0]))


def offered(request: HttpRequest) -> dict[str, object] | None:
    """The button of the record whose page is being made, as the layout takes it; None where there is no seat."""
    row, seat = getattr(request, "watchable", None), getattr(request, "seat", None)
    if row is None or seat is None:
        return None
    address = KINDS[row.kind].face.address
    may = permissions.against(seat, "write_draft:state", "ask") is None
    return {
        "url": reverse("watch", args=[row.code]),
        "on": looking.watches(seat, row.record),
        "ask": reverse("ask-begin", args=[address, row.code]) if may and row.ref else "",
        "awaited": reverse("awaited-of", args=[address, row.code]) if KINDS[row.kind].mode == "joint" else "",
    }
