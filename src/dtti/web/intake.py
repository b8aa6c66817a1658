"""Looks through what a form sends before its view reads it: nothing marked above the ceiling is kept by any page.

It asks after permissions, so that it looks for nobody who could not send anyway. The rule is the node's, not its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refusal
from dtti.office import intake

from . import characters, labels
from .page import refused, wants_json

#: Answers that a page itself put into its form: signed by this node, or drawn by it.
_OURS: Final = frozenset(
    ("csrfmiddlewaretoken", "password", "next", "begin", "nonce", "shown", "marks", "whose", "typed", "passkey")
)
#: Modules of the pages by which one signs in: a password is what it is.
_ACCOUNTS: Final = ("allauth.", "dtti.web.accounts.")


def against(request: HttpRequest) -> list[Refusal]:
    """What stands against keeping anything of a form: its answers, and the files that came with it."""
    texts = {name: values for name, values in request.POST.lists() if name not in _OURS}
    files = []
    for field, each in request.FILES.lists():
        for one in each:
            files.append((field, one.name or "", one.read()))
            one.seek(0)
    return intake.against(texts, files)


class IntakeMiddleware:
    """Refuses a form or a file that bears a marking above the ceiling, before any view has it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_given: Any) -> HttpResponseBase | None:
        """The refusal, or nothing: then the view has the form."""
        if request.method != "POST" or view.__module__.startswith(_ACCOUNTS):
            return None
        try:
            found = against(request)
        except SuspiciousOperation:
            return None  # the view meets it too, and is answered for
        if not found:
            return None
        if request.resolver_match is not None and request.resolver_match.url_name == "autosave":
            return JsonResponse({"refused": [each.said() for each in found]}, status=422)
        return shown(request, found)


def shown(request: HttpRequest, found: list[Refusal]) -> HttpResponse:
    """The refusal as a page or as problem+json: each marking, its place, the question of the form, what to do."""
    if wants_json(request):
        return refused(request, tuple(found), 422)
    items = [{**each.said(), "at": place(each.field)} for each in found]
    lede = _("Nothing of the form or the file was kept. Go back in your browser: what you typed is still in the form.")
    return render(request, "refused.html", {"refusals": items, "lede": lede}, status=422)


def place(field: str) -> str:
    """The question of a form that a refusal is about, in words; empty where it has none, as of a file."""
    found = characters.PLACED.match(field) if field else None
    if found is None:
        return ""
    words = [labels.field(found[1])] if labels.has_words(found[1]) else []
    if found[2]:
        words.append(_("row %(number)s") % {"number": int(found[2]) + 1})
    if found[3] and labels.has_words(found[3]):
        words.append(labels.field(found[3]))
    return ", ".join(words)
