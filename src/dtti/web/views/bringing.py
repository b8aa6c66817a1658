"""Bring in a file: kept for the office while its contents are looked at, then recorded or drafted. Holds no rule.

What is read, matched and proposed is the office's (`dtti.office.imports`); what binds goes through `acting`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.node.people import expiry, models, permissions
from dtti.node.people.models import Brought
from dtti.office.imports import recording
from dtti.office.imports.sniff import Sort, sort_of
from dtti.office.writing import Asked
from dtti.programme.kinds import KINDS
from dtti.web import permits, typed
from dtti.web.forms import days
from dtti.web.page import answer, not_here, route
from dtti.web.requests import PageRequest

from . import acting, bringing_papers, bringing_rows, brought, words
from .acting import Words, as_page

MOST: Final = 20  # files that are kept of an office


def may(page: PageRequest) -> bool:
    """Whether the seat taken may draft anything: then it may bring in a file."""
    seat = page.seat if page.viewer.person else None
    return seat is not None and permits.drafts(seat.office, seat.duty)


def _held(page: PageRequest) -> Any:
    """The files of the office that are still kept."""
    since = datetime.now(UTC) - expiry.BROUGHT
    return Brought.objects.filter(office=page.seat.office if page.seat else "", kept__gte=since)


def bring(request: HttpRequest) -> HttpResponse:
    """The files that the office has brought in, and the form for another."""
    page = as_page(request)
    if not page.viewer.person:
        raise not_here(_("form"))
    if not may(page):
        refusal = permissions.ever(page.seat, "write_draft:state", KINDS)
        raise permissions.Forbidden(refusal) if refusal else not_here(_("form"))
    errors: list[Correction] = []
    if request.method == "POST":
        try:
            one = _take(page)
        except Refused as refused:
            errors = [each.said("file") for each in refused.refusals]
        else:
            return HttpResponseRedirect(reverse("brought", args=[one.code]))
    held = [
        {
            "name": one.name,
            "url": reverse("brought", args=[one.code]),
            "kept": one.kept.isoformat(timespec="seconds"),
            "goes": brought.goes(one),
        }
        for one in _held(page).defer("data")
    ]
    return answer(
        request,
        "work/bring.html",
        {"files": held, "errors": errors},
        status=400 if errors else 200,
        said=lambda stored: days.in_both(stored, words.language()),
        largest=page.node.config.largest_file_mib,
        most=MOST,
    )


def _take(page: PageRequest) -> Brought:
    """Keep the file that was sent; the same file again is the one that is there. Refused where it cannot be kept."""
    sent, person, seat = page.FILES.get("file"), page.user, page.seat
    if not isinstance(person, models.Person) or seat is None:
        raise not_here(_("form"))
    if sent is None or not sent.size:
        raise Refused(refuse("bring-file", "no file was chosen, or it is empty", "Choose a file that holds something."))
    limit = page.node.config.largest_file_mib * 1024 * 1024
    if sent.size > limit:
        raise Refused(
            refuse(
                "file-size",
                f"{name_of(sent.name)} has {sent.size:,} bytes; the limit here is {limit:,}",
                "Take out pictures, or send it in parts.",
            )
        )
    data = sent.read()
    with transaction.atomic():
        expiry.delete(datetime.now(UTC))
        if _held(page).count() >= MOST:
            _held(page).order_by("kept").first().delete()
        one, _made = Brought.objects.update_or_create(
            office=seat.office,
            digest=sha256(data).hexdigest(),
            defaults={
                "name": name_of(sent.name),
                "data": data,
                "person": person,
                "kept": datetime.now(UTC),
            },
        )
    return one


def name_of(name: str | None) -> str:
    """The name of a file as pages show it: its last part, one line, at most 120 characters."""
    bare = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in bare if sign.isprintable())[-120:].strip() or _("a file")


def _find(page: PageRequest, code: str) -> Brought:
    one: Brought | None = _held(page).filter(code=code).first() if may(page) else None
    if one is None:
        raise not_here(_("file"))
    return one


def show(request: HttpRequest, code: str) -> HttpResponse:
    """A file as it was understood: what is open is settled, what is to be recorded is ticked."""
    page = as_page(request)
    one = _find(page, code)
    if request.method == "POST" and request.POST.get("remove"):
        one.delete()
        messages.success(request, _("The file was taken away. What was recorded or drafted from it stays."))
        return HttpResponseRedirect(reverse("bring"))
    sort: Sort = sort_of(bytes(one.data))
    made = bringing_rows.show(page, one) if sort == "sheet" else bringing_papers.show(page, one, sort)
    if request.method == "POST" and made.status_code == 302:
        typed.settled(request)
    return made


def check(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """All that was chosen of a file, shown whole and confirmed at once."""
    page = as_page(request)
    one = _find(page, code)
    chosen = [each for each in brought.chosen(one) if each.kind == kind]
    if kind not in KINDS or not chosen:
        return HttpResponseRedirect(reverse("brought", args=[code]))
    purpose = recording.purpose(kind)
    permit = acting.ask(page, purpose, kind)
    kept, group = brought.kept(page, brought.said(one))

    def compose(seed: str) -> Asked:
        return recording.acts(acting.asking(page), chosen, acting.actor(page), seed, kept=kept, group=group)

    def after() -> None:
        one.chosen = []
        one.save(update_fields=["chosen"])
        messages.success(
            request,
            words.many(
                "%(num)s row of the file is in the record.", "%(num)s rows of the file are in the record.", len(chosen)
            ),
        )

    seed = request.POST.get("nonce", "")
    records = [each.record for each in compose(seed).drafts] if request.method == "POST" else [""]
    return acting.confirming(
        page,
        permit,
        records[0],
        compose,
        Words(
            title=_("Check what is to be recorded"),
            outside=not kept,
            binds=_("Your office states all of this, for your side alone.")
            if purpose == "state"
            else _("Your office says that this is how your side itself knows it. It binds nobody."),
            stands=_("Each is a record of its own, kept from the other side until it is released.")
            if kept
            else _("Each is a record of its own, which the other side can read."),
            undo=_("No. A later version can replace it; this one stays in the record."),
            button=_("Confirm all of it for the record"),
        ),
        also=records[1:],
        onward=reverse("brought", args=[code]),
        after=after,
        head=None,
        kind_words=words.plural(kind),
        drafted=one.name,
        back=reverse("brought", args=[code]),
        closed=None,
        begun=None,
        needs_file=False,
        attached=[],
        national=kept,
    )


PATTERNS: list[URLPattern] = [
    *route("bring/", bring, "bring"),
    *route("bring/<slug:code>/", show, "brought"),
    *route("bring/<slug:code>/check/<slug:kind>/", check, "brought_check"),
]
