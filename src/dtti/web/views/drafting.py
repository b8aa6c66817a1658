"""Drafting: begin a record, write its text in private, check it against what stands, and send, state or record it.

A draft belongs to an office, is kept while one types, and is seen by nobody else until it is confirmed for the record.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dtti.accord import table
from dtti.accord.grade import current
from dtti.accord.refusal import Refused, refuse
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node import models, read
from dtti.node import text as texts
from dtti.node.context import context
from dtti.node.write import Draft, new_record
from dtti.programme.kind import Basis
from dtti.programme.kinds import KINDS
from dtti.web import content_form, labels
from dtti.web.page import SECTIONS, answer, not_here, refused, route

from . import acting
from .acting import as_page
from .work import head

#: Kinds that people draft on pages, by the part of the address.
DRAFTED = ("project", "success_definition", "need", "meeting", "instrument", "commitment")


def start(request: HttpRequest, section: str) -> HttpResponse:
    """Begin a new record of a kind: it is given its id with its first draft, and exists for nobody else yet."""
    page = as_page(request)
    kind = next((code for code, word in SECTIONS.items() if word == section and code in DRAFTED), None)
    if kind is None or not page.viewer.person:
        raise not_here(_("form"))
    purpose = "propose" if KINDS[kind].mode == "joint" else "state"
    office = acting.check_duty(page, purpose if not page.node.book.other or purpose == "state" else "draft", kind)
    if page.node.book.other is None and purpose == "propose":
        purpose = "paper"
    content: dict[str, Any] = {}
    if kind == "need":
        content["side"] = page.node.side
    if kind == "project":
        content["in_dtti"] = True
    project = request.GET.get("project", "")[:80]
    if kind == "success_definition":
        both = [{"side": side} for side in (page.node.side, page.node.book.other) if side]
        content |= {"end_users": both, "assessors": both} | ({"project": project} if project else {})
    # Whoever asks twice, or whose browser does, finds the draft in which nothing has been written yet.
    untouched = {"office": office, "purpose": purpose, "person": _person(page), "content": content, "remarks": ""}
    held = models.Draft.objects.filter(**untouched, record__startswith=f"{kind}/").first()
    held = held or models.Draft.objects.create(**untouched, record=new_record(kind, page.node.side))
    return HttpResponseRedirect(reverse("draft", args=[held.record.rsplit("/", 1)[1], purpose]))


def _person(page: Any) -> models.Person:
    """The person signed in."""
    if not isinstance(page.user, models.Person):
        raise not_here(_("form"))
    return page.user


def draft_of(page: Any, name: str, purpose: str) -> tuple[models.Draft, acting.Work | None]:
    """The draft of this office for a record and purpose, made from what stands where there is none."""
    if purpose not in models.PURPOSES or not page.viewer.person or page.seat is None:
        raise not_here(_("draft"))
    held = models.Draft.objects.filter(office=page.seat.office, record__endswith=f"/{name}", purpose=purpose).first()
    record = read.find(page.node, page.viewer, name)
    work = acting.work_on(page, name) if record else None
    if held is not None:
        return held, work
    if work is None:
        raise not_here(_("draft"))
    base = work.content
    if purpose == "counter":
        base = acting.offered(page, work.view) or work.content
    number = work.view.version if work.view.mode == "joint" else work.row.number
    made = models.Draft.objects.create(
        office=page.seat.office,
        record=work.row.record,
        purpose=purpose,
        person_id=page.user.pk,
        base=number,
        content=base,
    )
    return made, work


def draft(request: HttpRequest, name: str, purpose: str) -> HttpResponse:
    """The form of a text: private to the office, kept while one types, sent to nobody."""
    page = as_page(request)
    held, work = draft_of(page, name, purpose)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        _keep(page, held)
        if request.POST.get("discard"):
            held.delete()
            return HttpResponseRedirect(reverse("work", args=[name]) if work else reverse("desk"))
        if request.POST.get("more"):
            return HttpResponseRedirect(request.path + f"#{request.POST['more'][:40]}")
        content, errors = content_form.tidy(held.kind, held.content)
        if content is not None and request.POST.get("show"):
            body = texts.Text(content=content, remarks=held.remarks)
            return acting.write(page, Draft("draft", held.record, table.Plain(), texts=(body,)))
        if content is not None and not errors:
            return HttpResponseRedirect(reverse("check", args=[name, purpose]))
    return answer(
        request,
        "work/draft.html",
        {"kind": held.kind, "purpose": purpose, "record": held.record, "errors": errors},
        parts=content_form.parts(held.kind, held.content, errors),
        draft=held,
        particulars=held.particulars,
        work=work,
        head=head(work) if work else None,
        title=_title(purpose, held.kind),
        autosave=reverse("autosave", args=[name, purpose]),
        other=acting.other(page),
        mine=page.node.side,
        largest=page.node.config.largest_file_mib,
        can_show=purpose == "propose" and acting.may(page, "draft", held.kind),
        chooses_ledger=purpose == "state" and work is None,
    )


def _title(purpose: str, kind: str) -> str:
    words = {"kind": labels.kind(kind)}
    return {
        "propose": _("Draft the text of a %(kind)s") % words,
        "counter": _("Draft a counter-text of a %(kind)s") % words,
        "state": _("State a %(kind)s") % words,
        "paper": _("Record a %(kind)s from paper") % words,
    }[purpose]


_PARTICULARS = ("until", "next", "firm", "paper_number", "paper_date", "paper_title", "file_number", "kept")


def _keep(page: Any, held: models.Draft) -> None:
    posted = {name: page.POST.get(name, "") for name in page.POST}
    held.content = content_form.read(held.kind, posted, held.content)
    held.remarks = acting.remarks(page)
    held.particulars = held.particulars | {name: posted[name].strip() for name in _PARTICULARS if name in posted}
    held.person = _person(page)
    held.save()


@require_POST
def autosave(request: HttpRequest, name: str, purpose: str) -> HttpResponse:
    """Keep a draft while it is typed."""
    page = as_page(request)
    held, _work = draft_of(page, name, purpose)
    _keep(page, held)
    return JsonResponse({"saved": held.updated.isoformat()})


def check(request: HttpRequest, name: str, purpose: str) -> HttpResponse:
    """Check the answers against what stands, then confirm for the record."""
    page = as_page(request)
    held, work = draft_of(page, name, purpose)
    content, _errors = content_form.tidy(held.kind, held.content)
    if content is None:
        return HttpResponseRedirect(reverse("draft", args=[name, purpose]))
    basis: Basis = "paper" if purpose == "paper" else "own"
    ledger = NATIONAL if purpose == "state" and _is_national(held, work) else RELEASED
    page.node.book.sync()
    beside = context(page.node, held.record, basis=basis, ledger=ledger)
    against = KINDS[held.kind].rules(KINDS[held.kind].read(content), beside)
    stands = work.content if work and current(work.view) else {}
    if purpose == "counter" and work:
        stands = acting.offered(page, work.view) or stands
    if request.method == "POST" and request.POST.get("confirm") and not against:
        try:
            response = acting.write(page, _compose(page, held, work, content))
        except Refused as stopped:
            return refused(request, stopped.refusals)
        held.delete()
        return response
    return answer(
        request,
        "work/check.html",
        {
            "kind": held.kind,
            "purpose": purpose,
            "record": held.record,
            "against": [content_form.error(each) for each in against],
            "comparison": content_form.compared(held.kind, stands, content),
            "remarks": held.remarks,
            "particulars": held.particulars,
        },
        head=head(work) if work else None,
        new=not stands,
        kind_words=labels.kind(held.kind),
        who=acting.who(page),
        mine=page.node.side,
        other=acting.other(page),
        title=KINDS[held.kind].facets(KINDS[held.kind].read(content)).title,
        back=reverse("draft", args=[name, purpose]),
        needs_file=purpose == "paper",
        largest=page.node.config.largest_file_mib,
        until=_until_words(page, held),
        national=_is_national(held, work),
    )


def _until_words(page: Any, held: models.Draft) -> str:
    page.POST = page.POST.copy()
    page.POST["until"] = held.particulars.get("until", "")
    try:
        return acting.until(page)[:10]
    except Refused:
        return ""


def _compose(page: Any, held: models.Draft, work: acting.Work | None, content: dict[str, Any]) -> Draft:
    """The act that a checked draft becomes."""
    particulars = held.particulars
    paper = None
    if held.purpose == "paper":
        paper = texts.Paper(
            particulars.get("paper_number", ""), particulars.get("paper_date", ""), particulars.get("paper_title", "")
        )
        if not paper.number or not paper.date:
            raise Refused(refuse("paper", "the paper is not named", "Give the number and the date that stand on it."))
    uploads = page.FILES.getlist("scan")
    limit = page.node.config.largest_file_mib * 1024 * 1024
    for one in uploads:
        if one.size > limit:
            raise Refused(
                refuse(
                    "file-size",
                    f"{one.name[:80]} has {one.size:,} bytes; the limit here is {limit:,}",
                    "Scan it smaller.",
                )
            )
    files = [texts.File(one.name[:200], _media(one.content_type)) for one in uploads]
    body = texts.Text(
        content=content,
        remarks=held.remarks if held.purpose != "counter" else "",
        paper=paper,
        file_number=particulars.get("file_number", ""),
        files=files,
    )
    data = tuple(one.read() for one in uploads)
    page.POST = page.POST.copy()
    page.POST["until"] = particulars.get("until", "")
    following = particulars.get("next") or page.node.side
    record = held.record
    if held.purpose == "propose":
        terms: object = table.Propose(held.base, following, acting.until(page), particulars.get("firm") == "yes")
        return Draft("propose", record, terms, texts=(body,), files=data)
    if held.purpose == "counter":
        offer = work.view.offer if work else None
        if offer is None:
            raise Refused(refuse("offer", "the offer is no longer open", "Look at what stands now."))
        terms = table.SendBack(offer.id, following, acting.until(page))
        return Draft(
            "send_back", record, terms, texts=(texts.Text(remarks=held.remarks or _("Counter-text.")), body), files=data
        )
    if held.purpose == "paper":
        return Draft("state", record, table.State(basis="paper"), texts=(body,), files=data)
    ledger = "national" if _is_national(held, work) else "released"
    return Draft("state", record, table.State(base=held.base), texts=(body,), files=data, ledger=ledger)


def _is_national(held: models.Draft, work: acting.Work | None) -> bool:
    """Whether a statement stays with this side: as its record does, or by default for a new one."""
    return work.row.label == "national" if work else held.particulars.get("kept", "yes") == "yes"


def _media(given: str | None) -> str:
    import re

    return (
        given if given and re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,90}", given) else "application/octet-stream"
    )


PATTERNS: list[URLPattern] = [
    *route("work/new/<slug:section>/", start, "start"),
    path("work/<slug:name>/draft/<slug:purpose>/save", autosave, name="autosave"),
    *route("work/<slug:name>/draft/<slug:purpose>/", draft, "draft"),
    *route("work/<slug:name>/check/<slug:purpose>/", check, "check"),
]
