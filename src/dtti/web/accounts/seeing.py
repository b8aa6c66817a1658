"""Begin and end to look as the other side does: a record's button, and the band's. Changes the session alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dtti.web import seeing
from dtti.web.requests import PageRequest

from .guard import signed_in


@signed_in
@never_cache
@require_POST
def page(request: PageRequest) -> HttpResponse:
    """Look as the other side does, or no longer; then the page that one came from."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    back = wanted if safe else reverse("record-index")
    if request.POST.get("as") == "us":
        request.session.pop(seeing.KEY, None)
        return HttpResponseRedirect(back)
    if not seeing.may(request):
        raise Http404
    request.session[seeing.KEY] = seeing.other_of(request.node)
    return HttpResponseRedirect(back)


def band(request: HttpRequest) -> dict[str, str] | None:
    """The band of a page that is looked at as the other side does; None elsewhere."""
    side: str = getattr(request, "see_as", "")
    if not side:
        return None
    return {"side": side, "url": reverse("see_as"), "next": request.get_full_path()}


def offered(request: HttpRequest) -> dict[str, str] | None:
    """The button of the record whose page is being made; None for who may not look so."""
    asked: PageRequest = request  # type: ignore[assignment]
    if getattr(request, "watchable", None) is None or asked.see_as or not seeing.may(asked):
        return None
    return {"side": seeing.other_of(asked.node), "url": reverse("see_as"), "next": request.get_full_path()}
