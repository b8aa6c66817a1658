"""Mail of one's own: the page that switches it on for an address, and writing the letters of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from msgspec.structs import replace

from dtti.accord.refusal import Refused
from dtti.language.refusals import refusal_in
from dtti.node.core.node import Node
from dtti.node.keeping import upkeep
from dtti.node.people import looking, outbox, seats
from dtti.node.people.desk_models import Mailing
from dtti.node.people.models import Person
from dtti.node.record.read import Listed
from dtti.office import desk, digest
from dtti.office.asking import Asking, Moment
from dtti.web import middleware
from dtti.web.page import url_of
from dtti.web.requests import PageRequest

from .guard import writing


@writing
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """One's own mail: on for which address, in which language; confirming the address; off."""
    person, node = request.user, request.node
    if not isinstance(person, Person):  # `writing` has seen to it
        raise TypeError(person)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        does, now = request.POST.get("does", ""), timezone.now()
        if does == "end":
            Mailing.objects.filter(person=person).delete()
            messages.success(request, _("No more mail is sent to you."))
        elif does == "confirm":
            if outbox.confirm(person, request.POST.get("code", ""), now):
                messages.success(request, _("The address is confirmed."))
            else:
                wrong["code"] = _("This is not the code that was sent, or it is older than a day. Ask for a new one.")
        elif does == "choose":
            Mailing.objects.filter(person=person).update(
                digest=request.POST.get("digest") == "yes",
                due=request.POST.get("due") == "yes",
                language=request.LANGUAGE_CODE,
            )
            messages.success(request, _("Kept."))
        else:
            try:
                _ask(node, person, request.POST.get("address", "").strip(), request.LANGUAGE_CODE, now)
            except Refused as refused:
                (one,) = refused.refusals
                wrong["address"] = ". ".join(
                    refusal_in(request.LANGUAGE_CODE, said).rstrip(".") for said in (one.reason, one.remedy)
                )
        if not wrong:
            return HttpResponseRedirect(reverse("mail"))
    held = Mailing.objects.filter(person=person).first()
    return render(
        request,
        "accounts/mail.html",
        {"held": held, "wrong": wrong, "off": not node.config.mail.host, "typed": request.POST.get("address", "")},
        status=422 if wrong else 200,
    )


def _ask(node: Node, person: Person, address: str, language: str, now: datetime) -> None:
    with transaction.atomic():
        code = outbox.ask(person, node.config.mail, address, language, now)
        made = digest.address_code(code, language)
        key = f"address {person.account} {now.isoformat()}"
        outbox.put(person, key, "address", address, made.subject, made.text, now)
    upkeep.mail_waits(node.folder.path)


def write(node: Node, now: datetime) -> int:
    """Write the letters of the day for all who want them, once this side's capital has reached the hour; how many."""
    at = digest.local(now, node.side)
    if at.hour < node.config.mail.hour:
        return 0
    written = 0
    for mailing in outbox.confirmed():
        written += _write_to(node, mailing, f"{at:%Y-%m-%d}", now)
    return written


def _write_to(node: Node, mailing: Mailing, day: str, now: datetime) -> int:
    person, language, written = mailing.person, mailing.language, 0
    held = [seat for seat in seats.backed(node, seats.held(person)) if seat.duty]
    offices = []
    for seat in held:
        viewer = replace(middleware.viewer_of(node, person, seat), groups=())
        asking = Asking(node, viewer, Moment())
        last = looking.last(seat)
        look = desk.LastLook(desk.looked(last.at), last.reaches) if last else None
        offices.append(digest.Office(asking, desk.seated(asking, seat, (), look)))
    with translation.override(language):
        for wanted, sort, make in (
            (mailing.digest, "digest", digest.digest),
            (mailing.due, "due", digest.falls_due),
        ):
            made = make(offices, language, _urls(node)) if wanted else None
            if made is not None:
                key = f"{sort} {person.account} {day}"
                written += outbox.put(person, key, sort, mailing.address, made.subject, made.text, now)
    return written


def _urls(node: Node) -> Callable[[str, Listed | None], str]:
    def address(of: str, row: Listed | None) -> str:
        if row is None:
            return node.config.address + reverse(of)
        return node.config.address + (reverse("work", args=[row.code]) if of == "work" else url_of(row))

    return address
