"""What every page has before its view runs: the language, the node, who looks and from which seat. Holds no rule.

A page asked for without a session cookie costs no query here; one with it costs two: the session, and the person
together with the seats.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.node.core import groups
from dtti.node.core.node import Node
from dtti.node.core.once import StandsAlready
from dtti.node.core.visibility import Viewer
from dtti.node.people import duties, reading, seats
from dtti.node.people.models import Person, Seat
from dtti.node.people.permissions import Forbidden

from . import outcome, permits, seeing, typed, words
from .accounts.guard import second_factor
from .page import refused
from .requests import PageRequest

Answer = Callable[[HttpRequest], HttpResponseBase]

SAFE: Final = ("GET", "HEAD", "OPTIONS")
ACCOUNT: Final = ("allauth.", "dtti.web.accounts.")  # modules of the pages by which one signs in
#: Modules of the pages that whoever is of industry opens as himself; on every other page he is a stranger.
INDUSTRY: Final = (*ACCOUNT, "dtti.web.views.industry")
SEAT: Final = "seat"  # session key of the seat taken
PERMISSIONS: Final = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), "
    "midi=(), payment=(), usb=()"
)


@cache
def open_node(folder: Path | None) -> Node:
    """The node in `folder`, opened once in this process, its record caught up with its ledgers."""
    if folder is None:
        raise ImproperlyConfigured("no node to serve: set DTTI_NODE to the node's folder")
    node = Node(folder)
    node.settle()
    return node


def language_of(path: str) -> str:
    """The language that an address asks for: Hindi under ``/hi/``, else English."""
    return "hi" if path.startswith("/hi/") else "en"


class PageMiddleware:
    """Language, node, and the headers that every page carries. Outermost, so that a refusal speaks the language too."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = build_policy()  # the same for every page: no page loosens it
        words.teach()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        page = cast(PageRequest, request)
        if page.path == "/hi":
            return HttpResponseRedirect("/hi/")
        page.LANGUAGE_CODE = language_of(page.path)
        translation.activate(page.LANGUAGE_CODE)
        page.node = open_node(settings.NODE_FOLDER)
        page.seat, page.seats, page.moment, page.counts = None, (), None, {}
        page.industry = None
        page.see_as, page.seat_behind = "", None
        page.viewer = Viewer(page.node.side, public=True)
        response = self.get_response(page)
        if page.method in SAFE and response.status_code == 200 and has_times(page) and not page.moment:
            response = refused(page, (timeless(),), 422)
        response.headers.setdefault("Content-Language", page.LANGUAGE_CODE)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer what a view refused with rule, reason and remedy, or that a record was not there on the day asked for.

        Anything else is a fault and goes on.
        """
        from .views import record

        if isinstance(exception, record.NotYet):
            return record.not_yet(request, exception)
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, StandsAlready):
            return outcome.already(request, exception)
        if isinstance(exception, Forbidden):
            return refused(request, exception.refusals, 403)
        return refused(request, exception.refusals, 422 if request.method in ("GET", "HEAD") else 409)


def has_times(request: HttpRequest) -> bool:
    """Whether an address asks about a time."""
    return any(request.GET.get(name, "").strip() for name in ("on", "known"))


def timeless() -> Refusal:
    """A time is asked of a page that has none: to show what is now would answer another question."""
    return refuse(
        "clock",
        _("This page shows what is now and has no past."),
        _("Ask for it without `on` and `known`."),
    )


class SeatMiddleware:
    """Who looks: the person signed in, the seat taken, and what may be seen from it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        page = cast(PageRequest, request)
        if settings.SESSION_COOKIE_NAME not in page.COOKIES:
            return self.get_response(page)
        signed_in = isinstance(page.user, Person)
        if isinstance(page.user, Person):
            take(page, page.user)
            if page.session.get(seeing.KEY) and seeing.may(page):
                seeing.take(page)
        response = self.get_response(page)
        if not page.viewer.public or signed_in:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: tuple[Any, ...], given: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Take nothing on a page that `permits` does not list, or from a seat that could not be allowed it.

        Nor from someone signed in without a second factor, whatever page a form came from: `guard.writing` leads people
        to one before they type; this stands behind it, so that no page can forget.
        """
        page = cast(PageRequest, request)
        if duties.submits(page.seat) and not view.__module__.startswith(INDUSTRY):
            estrange(page)
        match = page.resolver_match
        name = (match.url_name or "").removesuffix("-json") if match else ""
        if request.method in SAFE:
            if page.see_as:
                _note_seen(page)
            else:
                typed.take_up(page)
            return None
        if page.see_as and name not in seeing.TAKES:
            return refused(request, (seeing.against(),), 403)
        if request.method != "POST" or not permits.takes(name):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if name in permits.WRITING and not page.viewer.person:
            return _ended(page, name)
        found = typed.whose(page) if name in permits.WRITING else None
        if found is not None and isinstance(page.user, Person) and found.account != page.user.account:
            typed.hold(page)
            return refused(request, (_another_s(),), 403)
        refusal = permits.against(page, name, given)
        if refusal is not None:
            return refused(request, (refusal,), 403)
        if not page.viewer.person or view.__module__.startswith(ACCOUNT):
            return None
        if second_factor(request):
            return outcome.before(page) if name in permits.WRITING else None
        refusal = refuse(
            "second-factor",
            _("Pages that write need a second factor, and none was shown in this session."),
            _("Open the second factor page, set one up or use it, then send this again."),
        )
        return refused(request, (refusal,), 403)


def _note_seen(request: PageRequest) -> None:
    """Enter in the reading log what somebody looks at as the other side does."""
    if isinstance(request.user, Person):
        path = f"{request.get_full_path()} (as {request.see_as})"
        reading.note(reading.Reader(request.user, request.seat_behind), path)


def _ended(request: PageRequest, name: str) -> HttpResponseBase | None:
    """The answer to a form whose session has ended: what was typed is kept, and sign-in leads back to it."""
    row = typed.hold(request)
    if name == "autosave":
        return JsonResponse({"ended": True, "kept": row is not None}, status=401)
    if row is None:
        return None  # led to sign in, by the guard on every such page
    messages.warning(
        request, _("Your session has ended. What you typed is kept for you for a day: sign in, and it is there again.")
    )
    return redirect_to_login(row.back, reverse("demo_sign_in" if settings.DEMONSTRATION else "account_login"))


def _another_s() -> Refusal:
    return refuse(
        "form-whose",
        _("This form was drawn for another person than the one who is signed in now."),
        _("What was typed is kept for that person for a day. Open the page anew to write as yourself."),
    )


def take(request: PageRequest, person: Person) -> None:
    """Put `person` and the seat chosen in this session (else the oldest) on the request."""
    from .accounts.backend import seats_of

    request.seats = tuple(seats.backed(request.node, seats_of(person)))
    chosen = request.session.get(SEAT)
    request.seat = next(
        (seat for seat in request.seats if seat.pk == chosen), request.seats[0] if request.seats else None
    )
    request.viewer = viewer_of(request.node, person, request.seat)


def estrange(request: PageRequest) -> None:
    """Make of somebody of industry the stranger that every page but the room's own is answered to."""
    request.industry = request.user if isinstance(request.user, Person) else None
    request.user = AnonymousUser()
    request.seat, request.seats = None, ()
    request.viewer = Viewer(request.node.side, public=True)


def viewer_of(node: Node, person: Person, seat: Seat | None) -> Viewer:
    """What `person` may see from `seat`. Without one, and in a duty that reads no content: what the public sees."""
    reads = duties.reads(seat)
    return Viewer(
        node.side,
        national=reads == "national",
        person=person.username,
        office=seat.office if seat else "",
        public=reads == "public",
        groups=groups.of(node, seat.office) if seat and reads == "national" else (),
    )
