"""The other capital of a demonstration, stopped and started from a page. Where none is served there is no such page."""

from pathlib import Path
from typing import cast

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dtti.language import names
from dtti.language.names import facing
from dtti.node.folder import staged

from .requests import PageRequest


class Capital(msgspec.Struct, frozen=True):
    """The other capital of a demonstration, and the page that stops or starts it."""

    folder: Path
    side: str
    name: str
    stopped: bool
    words: str
    url: str


def other(request: PageRequest) -> Capital | None:
    """The other capital as the band shows it: its name, whether it is stopped, the page that changes it."""
    folder = staged.folder()
    if not settings.DEMONSTRATION or folder is None:
        return None
    side = facing(request.node.side)
    name = names.capital(side, request.LANGUAGE_CODE)
    still = staged.stopped(folder, side)
    words = _("%(capital)s is stopped") if still else _("%(capital)s is running")
    return Capital(folder, side, name, still, words % {"capital": name}, reverse("demo_switch"))


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponseBase:
    """Stop or start the other capital of a demonstration; elsewhere no such page."""
    capital = other(cast(PageRequest, request))
    if capital is None:
        raise Http404
    if request.method == "POST":
        staged.switch(capital.folder, capital.side, stop=request.POST.get("do") == "stop")
        messages.success(request, _("This takes a few seconds."))
        return HttpResponseRedirect(reverse("demo_switch"))
    return render(request, "accounts/demo_switch.html", {"capital": capital})
