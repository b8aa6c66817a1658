"""Devices from which someone has signed in: a signed cookie, so that throttling can tell them from a guesser's.

The cookie (OWASP, *Slow Down Online Guessing Attacks with Device Cookies*) holds random numbers, each signed under one
user name; it names nobody, lets nobody in, and gives its holder rates of his own for that one name, no more.
"""

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = f"{settings.SESSION_COOKIE_NAME}_device"
KEPT: Final = 5  # people who share a device
DAYS: Final = 180


def _signer(username: str) -> signing.Signer:
    return signing.Signer(salt=f"dtti device of {username.strip().lower()}")


def _given(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(COOKIE, "")[:1000].split("|")[:KEPT]


def known(request: HttpRequest, username: str) -> str:
    """A name for this device where it is one from which `username` has signed in before; empty where it is not."""
    for each in _given(request) if username else ():
        try:
            return f"device-{_signer(username).unsign(each)}"
        except signing.BadSignature:
            continue
    return ""


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let this device be known as one of `username`'s, beside the others who use it."""
    if known(request, username):
        return
    made = "|".join([_signer(username).sign(secrets.token_hex(8)), *(one for one in _given(request) if one)][:KEPT])
    response.set_cookie(
        COOKIE,
        made,
        max_age=DAYS * 86_400,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
