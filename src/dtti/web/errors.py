"""What is answered when there is no page to give: not here, not allowed, not understood, broken; why, and what then.

The answer for what does not exist and for what the viewer may not see is the same one, so that it tells nothing.
"""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dtti.accord.refusal import refuse

log = logging.getLogger("dtti.web")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return _answer(
        request,
        400,
        _("The request was not understood"),
        "request",
        _("The browser sent something that cannot be read: too many fields, a wrong host name, a broken form."),
        _("Go back, load the page again and try once more."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, and still not for this person."""
    return _answer(
        request,
        403,
        _("Not for this account"),
        "not-allowed",
        _("The account you are signed in with may not open this page."),
        _("Act from another of your seats, or ask the custodian."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none that this viewer may see."""
    return _answer(
        request,
        404,
        _("Not here"),
        "not-here",
        _("There is no such page here, or none that you may see."),
        _("Check the address, or search for it from the first page."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """429: more attempts than anyone makes by hand."""
    return _answer(
        request,
        429,
        _("Too many attempts"),
        "rate",
        _("More attempts came from here than a person makes, so the next ones are not looked at."),
        _("Wait a minute, then try again."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of this system. It has been logged; what was acknowledged before it is kept."""
    try:
        return _answer(
            request,
            500,
            _("Something is broken here"),
            "fault",
            _("This system failed to answer. Nothing that was confirmed is lost, and nothing was half done."),
            _("Try again. If it happens again, tell the custodian the time and the address of the page."),
        )
    except Exception:  # the frame itself may be what is broken, and an error page must not need it
        log.exception("the error page failed")
        return HttpResponse("Something is broken here. Tell the custodian the time.", "text/plain", status=500)


def _answer(request: HttpRequest, status: int, title: str, rule: str, reason: str, remedy: str) -> HttpResponse:
    refusal: dict[str, Any] = refuse(rule, reason, remedy).said()
    if request.path_info.endswith(".json"):
        problem = {"type": "about:blank", "title": title, "status": status, "refusals": [refusal]}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    return render(request, "accounts/error.html", {"title": title, "refusal": refusal}, status=status)
