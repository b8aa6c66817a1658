"""Who may open a page: decorators for views. `signed_in` for what is not public, `writing` for pages that write."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dtti.node.people.models import Person
from dtti.web.requests import PageRequest

View = Callable[..., HttpResponseBase]

STAGED: Final = "staged"  # session key: signed in by one click of the demonstration
PROVEN: Final = "second_factor"  # session key: a second factor was set up in this session, and thereby shown
AFTER: Final = "after_second_factor"  # session key: where to go once there is one


def signed_in(view: View) -> View:
    """The view for anyone signed in; others are led to sign in and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        return view(cast(PageRequest, request), *args, **kwargs)

    return guarded


def writing(view: View) -> View:
    """The view for whoever has proved a second factor in this session; others are led to do so, and come back.

    What the person may write is asked of `duties.may` for the act itself; this asks only who it is.
    """

    @signed_in
    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if second_factor(request):
            request.session.pop(AFTER, None)
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else request.path
        held = kinds_held(request)
        if held:
            page = "mfa_reauthenticate" if Authenticator.Type.TOTP in held else "mfa_reauthenticate_webauthn"
            return redirect_to_login(back, reverse(page))
        request.session[AFTER] = back
        messages.warning(
            request,
            _("Pages that write need a second factor. Set up a passkey or an authenticator app: one minute."),
        )
        return redirect("mfa_index")

    return guarded


def kinds_held(request: HttpRequest) -> frozenset[str]:
    """The kinds of second factor that the person signed in has set up; recovery codes only stand in for one."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return frozenset(
        Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).values_list("type", flat=True)
    )


def second_factor(request: HttpRequest) -> bool:
    """Whether the person signed in has a second factor and proved it in this session, by using or by setting it up.

    Staged persons of a demonstration have none and need none: they are nobody.
    """
    if not isinstance(request.user, Person):
        return False
    if settings.DEMONSTRATION and request.user.fictitious and request.session.get(STAGED):
        return True
    used = any(one.get("method") == "mfa" for one in get_authentication_records(request, request.user))
    return (used or bool(request.session.get(PROVEN))) and bool(kinds_held(request))
