"""What was typed into a form whose session had ended: kept, and given back after sign-in to the same person alone.

Each form that writes carries whose it is (`whose`): account and a random key of the page, signed by this node. Such a
form that comes without a session, or after another sign-in, is kept for that account, encrypted, for a day. It is given
back on a page of that person, to read and confirm: nothing of it is recorded by itself. Files are not kept.
"""

import base64
import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dtti.node.people import expiry
from dtti.node.people.models import Person, Typed
from dtti.office import intake

from . import permits
from .requests import PageRequest

_SALT: Final = "dtti form of a person"
DRAWN: Final = timedelta(days=7)  # how long a page may have been open
MOST: Final = 5  # forms that are kept for one person, the latest
_LARGEST: Final = 1024 * 1024  # bytes of one form

#: What belongs to the session or to the one page, and not to what was typed.
_APART: Final = {
    "csrfmiddlewaretoken",
    "confirm",
    "check",
    "passkey",
    "nonce",
    "shown",
    "marks",
    "whose",
    "typed",
    "act",
}

#: Pages whose forms go to an address of its own, and the page that shows them; parts of the address stay.
_SHOWN_AT: Final = {"autosave": "draft", "ask_seat": "people", "confirm_seat": "people", "restrict": "restricted"}
#: Pages that take up what was typed.
TAKING_UP: Final = frozenset({*permits.WRITING, "people", "restricted"} - set(_SHOWN_AT))


class Whose(msgspec.Struct, frozen=True):
    """Whose page a form was drawn on: the account, the random key of the page, and when (seconds since 1970)."""

    account: str
    key: str
    drawn: int


def hidden(request: HttpRequest) -> SafeString:
    """The hidden answers that say whose form this is, and which kept text it took up; nothing for a visitor."""
    if not isinstance(request.user, Person):
        return SafeString("")
    token = signing.dumps([request.user.account, secrets.token_hex(16), int(time.time())], salt=_SALT)
    row: Typed | None = getattr(request, "typed", None)
    code = row.code if row else request.POST.get("typed", "")[:32]
    made = format_html('<input type="hidden" name="whose" value="{}">', token)
    return made + format_html('<input type="hidden" name="typed" value="{}">', code) if code else made


def whose(request: HttpRequest) -> Whose | None:
    """Whose page the form that was sent was drawn on; None where it does not say, or longer ago than DRAWN."""
    try:
        account, key, drawn = signing.loads(request.POST.get("whose", "")[:500], salt=_SALT, max_age=DRAWN)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Whose(account, key, drawn)


def _box(account: str) -> Fernet:
    info = b"dtti typed text " + account.encode()
    return Fernet(base64.urlsafe_b64encode(HKDF(SHA256(), 32, None, info).derive(settings.SECRET_KEY.encode())))


def hold(request: HttpRequest) -> Typed | None:
    """Keep what was sent for the person whose form it is; None where it is no such form, or says nothing."""
    match, found = request.resolver_match, whose(request)
    name = (match.url_name or "").removesuffix("-json") if match else ""
    if found is None or match is None or name not in permits.WRITING:
        return None
    person = Person.objects.filter(account=found.account, is_active=True).first()
    fields = {field: values for field, values in request.POST.lists() if field not in _APART}
    data = json.dumps(fields).encode()
    if person is None or not any(any(values) for values in fields.values()) or len(data) > _LARGEST:
        return None
    if intake.against(fields, ()):
        return None  # what is marked above the ceiling is not kept here either
    back = reverse(_SHOWN_AT[name], kwargs={}) if _SHOWN_AT.get(name, "draft") != "draft" else ""
    back = back or reverse(_SHOWN_AT.get(name, name), kwargs=match.kwargs)
    begin = request.GET.get("begin", "")
    code = secrets.token_hex(16)
    back += "?" + urlencode({**({"begin": begin} if begin else {}), "typed": code})
    if len(back) > 2000:
        return None
    kept = {"code": code, "back": back, "sealed": _box(found.account).encrypt(data)}
    row, _made = Typed.objects.update_or_create(person=person, form=found.key, defaults=kept)
    Typed.objects.filter(kept__lt=datetime.now(UTC) - expiry.TYPED).delete()
    beyond = Typed.objects.filter(person=person).values_list("pk", flat=True)[MOST:]
    Typed.objects.filter(pk__in=list(beyond)).delete()
    return row


def take_up(request: PageRequest) -> None:
    """Put what was kept under the address's `typed` on the request, as if typed now, where it is this person's."""
    match, code = request.resolver_match, request.GET.get("typed", "")
    if not code or not match or match.url_name not in TAKING_UP or not isinstance(request.user, Person):
        return
    since = datetime.now(UTC) - expiry.TYPED
    row = Typed.objects.filter(person=request.user, code=code[:32], kept__gte=since).first()
    if row is None:
        return
    try:
        fields: dict[str, list[str]] = json.loads(_box(request.user.account).decrypt(bytes(row.sealed)))
    except InvalidToken:  # kept under another `secret` file
        return
    posted = QueryDict(mutable=True)
    for name, values in fields.items():
        posted.setlist(name, values)
    request.POST = posted  # type: ignore[assignment]
    request.typed = row
    words = _("This is what you typed before your session ended. Nothing of it is recorded yet; files are not kept.")
    messages.warning(request, words)


def settled(request: HttpRequest) -> None:
    """Let go of what was kept, once the form that took it up was taken."""
    code = request.POST.get("typed", "")
    if code and isinstance(request.user, Person):
        Typed.objects.filter(person=request.user, code=code[:32]).delete()


def waiting(request: HttpRequest) -> list[dict[str, str]]:
    """What is kept for the person signed in: where it is taken up, and since when."""
    if not isinstance(request.user, Person):
        return []
    since = datetime.now(UTC) - expiry.TYPED
    rows = Typed.objects.filter(person=request.user, kept__gte=since).defer("sealed")
    return [{"url": row.back, "kept": row.kept.isoformat(timespec="seconds")} for row in rows]
