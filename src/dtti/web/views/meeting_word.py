"""A text of a meeting as a Word file sent round, and back: each change confirmed into the office's draft. No rule."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, cast

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from dtti.accord.refusal import Correction, Refused
from dtti.documents.words import Reading
from dtti.node.people import models
from dtti.office.asking import Stored
from dtti.office.meetings import returned
from dtti.office.meetings.returned import TEXTS
from dtti.programme.kinds import KINDS
from dtti.web.page import not_here, route

from . import acting, drafting
from .entries import download, log
from .meeting_work import KIND, At, at_work, fault, in_words, keep, shown
from .papers_row import READINGS
from .words import _, many

if TYPE_CHECKING:
    from dtti.documents.word import Change, Comparison

MOST_FILE: Final = 4 * 1024 * 1024  # bytes of a Word file that is brought back
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Changed(msgspec.Struct, frozen=True):
    """A change to confirm: what went out and came in, the words around it, who tracked it, why it cannot be taken."""

    id: str
    where: str
    before: str
    removed: str
    added: str
    behind: str
    by: str
    trouble: str


def word(request: HttpRequest, name: str, text: str) -> HttpResponse:
    """A text of the meeting sent round as a Word file, and what came back confirmed change by change into the draft."""
    at = at_work(request, name)
    if text not in TEXTS:
        raise not_here(_("paper"))
    errors: list[Correction] = []
    brought = _brought(request, at, errors) if request.method == "POST" else _found(request, at)
    found, proposal = None, None
    if brought is not None and not errors:
        try:
            proposal = returned.compared(
                acting.asking(at.page), at.row, _tidy(at), text, bytes(brought.data), brought.name
            )
            found = _changes(proposal)
        except Refused as refused:
            errors += [each.said() | {"field": "returned"} for each in refused.refusals]
    if request.method == "POST" and proposal is not None and brought is not None:
        if not request.POST.get("confirm"):
            return HttpResponseRedirect(f"{request.path}?file={brought.code}#changes")
        confirmed = set(request.POST.getlist("change"))
        try:
            made = returned.applied(acting.asking(at.page), at.row, _tidy(at), text, proposal, confirmed)
        except Refused as refused:
            errors += [each.said() for each in refused.refusals]
        else:
            keep(at, made)
            brought.delete()
            messages.success(request, _taken(len(confirmed), len(proposal.changes) - len(confirmed)))
            return HttpResponseRedirect(at.edit)
    return shown(
        at,
        "meetings/word.html",
        _("Agenda in Word") if text == "agenda" else _("Record of discussion in Word"),
        request,
        status=422 if errors else 200,
        text=text,
        errors=errors,
        brought=brought,
        changes=found,
        same=proposal is not None and proposal.same,
        warnings=[in_words(each) for each in proposal.warnings] if proposal else [],
        comments=proposal.comments if proposal else [],
        files=[
            {"label": label, "url": reverse("meeting_word_file", args=[at.code, text, spoken])}
            for spoken, label in zip(READINGS, (_("English"), _("Hindi"), _("both languages")), strict=True)
        ],
    )


def _taken(taken: int, left: int) -> str:
    """What became of the changes of a file that came back, in words."""
    said = many(
        "%(num)s change is in the draft of your office.", "%(num)s changes are in the draft of your office.", taken
    )
    return f"{said} {many('%(num)s was left out.', '%(num)s were left out.', left)}" if left else said


def _tidy(at: At) -> Stored:
    """The content of the draft in its stored form; Refused where it is not whole yet."""
    return KINDS[KIND].tidy(at.draft.content)


def _brought(request: HttpRequest, at: At, errors: list[Correction]) -> models.Brought | None:
    """The file that was brought now, kept for the office for a day; or the one that the form names."""
    given = request.FILES.get("returned")
    if given is None:
        held = _found(request, at)
        if held is None:
            errors.append(fault("returned", _("Choose the file that came back.")))
        return held
    if (given.size or 0) > MOST_FILE:
        errors.append(fault("returned", _("The file has more than 4 MB."), _("Take pictures out of it.")))
        return None
    data = given.read()
    made, _new = models.Brought.objects.get_or_create(
        office=at.draft.office,
        digest=sha256(data).hexdigest(),
        defaults={"person": drafting.person_of(at.page), "name": (given.name or "")[:200], "data": data},
    )
    return made


def _found(request: HttpRequest, at: At) -> models.Brought | None:
    code = request.POST.get("file") or request.GET.get("file") or ""
    return models.Brought.objects.filter(office=at.draft.office, code=code[:16]).first() if code else None


def _change(one: Change, clauses: dict[str, str]) -> Changed:
    """A change as the page lists it; `clauses`: the number of each clause or row by its key."""
    parts = one.slot.split("/")
    where = clauses.get(parts[1], "") if len(parts) > 1 else ""
    added = "".join(each.text for each in one.added) or one.value
    return Changed(
        one.id,
        where,
        one.before,
        one.removed or one.value_before,
        added,
        one.behind,
        ", ".join(each.author for each in one.tracked_by),
        in_words(one.trouble.reason) if one.trouble else "",
    )


def _changes(proposal: Comparison) -> list[Changed]:
    clauses = {each.key: each.number_returned or each.number_sent for each in proposal.clauses}
    clauses |= {each.key: each.number for each in proposal.added}
    return [_change(each, clauses) for each in proposal.changes]


def word_file(request: HttpRequest, name: str, text: str, spoken: str) -> HttpResponse:
    """The text in work as a Word file with Track Changes on; entered in the export log."""
    at = at_work(request, name)
    if text not in TEXTS or spoken not in READINGS:
        raise not_here(_("paper"))
    made = returned.file(acting.asking(at.page), at.row, _tidy(at), text, cast(Reading, spoken))
    log(request, at.row.record)
    name = f"{(at.row.ref or at.code).replace('/', '-')}-{text}-{spoken}.docx"
    return download(made, name, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


PATTERNS: list[URLPattern] = [
    *route("meetings/<slug:name>/word/<slug:text>/", word, "meeting_word"),
    path("meetings/<slug:name>/word/<slug:text>.<slug:spoken>.docx", word_file, name="meeting_word_file"),
]
