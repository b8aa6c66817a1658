"""What is answered after a form was confirmed: that it stands, that it may, or that nothing of it does. Never guessed.

A form is known by the random value that its page was made with (`nonce`), and is remembered in the ledger's own
database with the seat and with all that it said (see `node.once`). So the answer after a fault is looked up, and the
same form sent again, by whatever way, is answered by the entry that it made.
"""

import json
import logging
from hashlib import sha256
from typing import Any, Final, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import sent
from dtti.ledger.act import open_leaf
from dtti.ledger.engine import MayStand, StoreError
from dtti.ledger.sent import Form
from dtti.ledger.store import NATIONAL
from dtti.node.acting import binding
from dtti.node.core import once
from dtti.node.people.models import Person, Seat

from . import labels, permits
from .page import answer, not_here, refused
from .request_id import current
from .requests import PageRequest

log = logging.getLogger("dtti.web")

#: Fields that do not belong to what a form says: they are of the session, of the device, or of the way back to it.
_APART: Final = {"csrfmiddlewaretoken", "confirm", "passkey", "whose", "typed"}


def form_of(request: PageRequest) -> Form:
    """The form that was sent, by digests; Refused where it carries no key."""
    nonce = request.POST.get("nonce", "")
    if not binding.is_digest(nonce):
        reason = _("This form carries no key of its own.")
        raise Refused(refuse("form-key", reason, _("Open its page anew and send it from there.")))
    match = request.resolver_match
    said = {
        "page": [(match.url_name or "").removesuffix("-json"), match.kwargs] if match else [],
        "fields": sorted((name, values) for name, values in request.POST.lists() if name not in _APART),
        "files": [[one.name, _digest_of(one)] for _name, files in request.FILES.lists() for one in files],
    }
    return Form(_key(nonce), _seat(request.user, request.seat), _digest(b"dtti-sent-1\0", said))


def _key(nonce: str) -> str:
    """The seed of a form makes the salts of its texts, so that only a digest of it is ever kept."""
    return sha256(b"dtti-form-1\0" + bytes.fromhex(nonce)).hexdigest()


def _seat(person: Any, seat: Seat | None) -> str:
    account = person.account if isinstance(person, Person) else ""
    return _digest(b"dtti-seat-1\0", [account, seat.office if seat else "", seat.duty if seat else ""])


def _digest(about: bytes, value: Any) -> str:
    return sha256(about + json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _digest_of(file: Any) -> str:
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def before(request: PageRequest) -> HttpResponse | None:
    """The answer to a form that was confirmed before, ahead of its page, which may have gone; None for any other."""
    if not binding.is_digest(request.POST.get("nonce", "")):
        return None
    found = once.against(request.node, form_of(request))
    if isinstance(found, once.StandsAlready):
        return already(request, found)
    return refused(request, found.refusals, 409) if found else None


def already(request: HttpRequest, found: once.StandsAlready) -> HttpResponse:
    """The answer to a form sent again: the entry that it made."""
    return _answer(request, "already", found.act)


def after_fault(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to a form during which something failed, as the ledger has it; None where it was no such form."""
    page = cast(PageRequest, request)
    match = page.resolver_match
    if request.method != "POST" or not match or (match.url_name or "").removesuffix("-json") not in permits.WRITING:
        return None
    nonce = page.POST.get("nonce", "")
    if not binding.is_digest(nonce) or not page.viewer.person:
        return None
    try:
        found = sent.find(page.node.store, _key(nonce))
    except (StoreError, OSError):
        log.exception("the ledger could not be asked about a form")
        return _answer(request, "may", key=_key(nonce), status=503)
    if found is not None:
        return _answer(request, "stands", found.act)
    if any(isinstance(each, MayStand) for each in chain(error)):
        return _answer(request, "may", key=_key(nonce), status=503)
    return _answer(request, "nothing", key=_key(nonce), status=500)


def chain(error: BaseException | None) -> list[BaseException]:
    """An error and what it came of, the last first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def look(request: HttpRequest, form: str) -> HttpResponse:
    """Whether a form stands, for the person who sent it: where the answer was lost, or could not be given."""
    page = cast(PageRequest, request)
    if not page.viewer.person:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    found = sent.find(page.node.store, form) if binding.is_digest(form) else None
    if found is None:
        return _answer(request, "nothing", key=form[:64])
    if found.form.seat not in {_seat(request.user, seat) for seat in (None, *page.seats)}:
        raise not_here(_("form"))
    return _answer(request, "stands", found.act)


def entry_words(ledger: str, index: int) -> str:
    """An entry as people are told of it."""
    words = {"n": index}
    if ledger == NATIONAL:
        return _("entry %(n)s of what our side keeps for itself") % words
    return _("entry %(n)s of our official record") % words


def _answer(request: HttpRequest, how: str, act: str = "", *, key: str = "", status: int = 200) -> HttpResponse:
    page = cast(PageRequest, request)
    data: dict[str, object] = {"stands": how}
    if request.method == "POST":  # something failed, or was sent twice: whoever looks it up finds it by this
        data["request_id"] = current.get()
    if act:
        placed = page.node.store.find(act)
        if placed is None:
            raise LookupError(f"form of the act {act[:16]}, which is not here")
        made = open_leaf(placed.leaf).act
        data |= {"act": act, "ledger": placed.ledger, "index": placed.index, "time": made.time, "verb": made.verb}
        extra = {
            "entry": entry_words(placed.ledger, placed.index),
            "entry_url": reverse("entry", args=[act]),
            "work": reverse("work", args=[made.record.rsplit("/", 1)[1]]) if made.record else "",
            "verb_words": labels.verb(made.verb),
        }
    else:
        data |= {"look": reverse("sent", args=[key])}
        extra = {}
    return answer(request, "work/stands.html", data, status=status, **extra)
