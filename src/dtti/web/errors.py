"""What is answered when there is no page to give: not here, not allowed, not understood, broken; why, and what then.

The answer for what does not exist and for what the viewer may not see is the same one, so that it tells nothing.
"""

import logging
import sqlite3
import sys
from datetime import UTC, datetime

from django.core.exceptions import DisallowedHost
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dtti.accord.refusal import SaidRefusal, refuse
from dtti.ledger.engine import Away

from . import busy, outcome
from .request_id import current

log = logging.getLogger("dtti.web")

AGAIN = 30  # seconds after which a browser is asked to come again where the database was away


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read. The frame of a page asks for its own address, which a wrong host has not."""
    title, words, remedy = (
        _("The request was not understood"),
        _("The browser sent something that cannot be read: too many fields, a wrong host name, a broken form."),
        _("Go back, load the page again and try once more."),
    )
    if isinstance(exception, DisallowedHost):
        return HttpResponse(f"{title}. {words} {remedy}", "text/plain", status=400)
    return _answer(request, 400, title, "request", words, remedy)


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
    """500: a fault of this system. It has been logged; the page names the request, and says what it cannot know.

    503 where it is the database that does not answer (`_away`): that ends by itself, and the page asks for nobody.
    """
    fault = {"request": current.get(), "time": datetime.now(UTC).isoformat(timespec="seconds"), "path": request.path}
    read = request.method in ("GET", "HEAD")
    error = sys.exc_info()[1]
    title = _("Something is broken here")
    refusal = (
        refuse(
            "fault",
            _("This system failed to answer. A page that is only read changes nothing."),
            _("Load the page again. If it fails again, tell the custodian the number of this request."),
        )
        if read
        else refuse(
            "fault",
            _("This system failed to answer. What was sent may stand, or may not: it is not known here."),
            _("Look at what stands before you send it again; tell the custodian the number of this request."),
        )
    ).said()
    if not hasattr(request, "viewer"):  # it failed before a page was begun, so that there is no frame to draw
        return _away(request, fault) if _database_away(error) else _bare(request, 500, title, refusal, fault)
    try:
        known, away = outcome.after_fault(request, error), _database_away(error)
        if away and known is None:
            return _away(request, fault)
        if away and known is not None:
            known.status_code = 503  # whatever stands, what failed ends by itself
        return known or _refused(request, 500, title, refusal, fault)
    except Exception as failed:  # the frame itself may be what is broken, and an error page must not need it
        if _database_away(failed):
            return _away(request, fault)
        if isinstance(failed, DatabaseError):  # damaged accounts, of which the first fault has told the log
            return _bare(request, 500, title, refusal, fault)
        log.exception("the error page failed")
        words = f"Something is broken here. Tell the custodian: request {fault['request']}, {fault['time']}."
        return HttpResponse(words, "text/plain", status=500)


def _database_away(error: BaseException | None) -> bool:
    """Whether `error` comes of a database server, of the ledger or of the accounts, that does not answer."""
    return any(
        isinstance(each, Away)
        or (isinstance(each, OperationalError | InterfaceError) and not isinstance(each.__cause__, sqlite3.Error))
        for each in outcome.chain(error)
    )


def _away(request: HttpRequest, fault: dict[str, str]) -> HttpResponse:
    """503 with Retry-After: the database server does not answer now. Drawn without it, and asks for nobody."""
    title = _("The database does not answer now")
    if request.method in ("GET", "HEAD"):
        reason = _("This page is only read: nothing was changed.")
    else:
        reason = _("What was sent may stand, or may not: it is not known here.")
    remedy = _("Try again in a minute; look at what stands before you send a form again.")
    answer = _bare(request, 503, title, refuse("database-away", reason, remedy).said(), fault)
    answer["Retry-After"] = str(AGAIN)
    return answer


def _bare(request: HttpRequest, status: int, title: str, refusal: SaidRefusal, fault: dict[str, str]) -> HttpResponse:
    """An answer that is drawn without node, session and database."""
    if request.path_info.endswith(".json"):
        return _problem(status, title, refusal, fault)
    return HttpResponse(busy.bare(title, refusal, get_language() or "en", fault), status=status)


def _problem(status: int, title: str, refusal: SaidRefusal, fault: dict[str, str] | None) -> JsonResponse:
    problem = {"type": "about:blank", "title": title, "status": status, "refusals": [refusal], **(fault or {})}
    return JsonResponse(problem, status=status, content_type="application/problem+json")


def _answer(
    request: HttpRequest,
    status: int,
    title: str,
    rule: str,
    reason: str,
    remedy: str,
    fault: dict[str, str] | None = None,
) -> HttpResponse:
    return _refused(request, status, title, refuse(rule, reason, remedy).said(), fault)


def _refused(
    request: HttpRequest, status: int, title: str, refusal: SaidRefusal, fault: dict[str, str] | None
) -> HttpResponse:
    if request.path_info.endswith(".json"):
        return _problem(status, title, refusal, fault)
    return render(request, "accounts/error.html", {"title": title, "refusal": refusal, "fault": fault}, status=status)
