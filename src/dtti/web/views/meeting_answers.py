"""Answers to a meeting's invitation, brought as the mail program sends them, into the draft of our delegation."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from dtti.accord.refusal import Correction, Refused
from dtti.office.meetings import Meeting, answers
from dtti.web import page
from dtti.web.forms import days
from dtti.web.page import answer, not_here, route

from . import acting, drafting, record, versions, words
from .acting import as_page
from .meeting_work import fault
from .words import _, language

MOST_FILE: Final = 1024 * 1024  # bytes of one answer


def answered(request: HttpRequest, name: str) -> HttpResponse:
    """An answer (.ics) read into the office's draft of its delegation; refused where it is none, or of another meeting.

    Nothing but the name, the answer and another time that is asked for is taken of it.
    """
    looking = as_page(request)
    acting.ask(looking, "write_draft:state", "delegation")
    found = record.find(request, "meetings", name)
    if not isinstance(found.content, Meeting) or not looking.viewer.person:
        raise not_here(_("meeting"))
    asking = page.asked_by(request, found.moment)
    ours = answers.of(asking, found.content)
    errors: list[Correction] = []
    given = request.FILES.get("answer")
    if request.method == "POST" and ours is not None:
        if given is None or (given.size or 0) > MOST_FILE:
            errors.append(fault("answer", _("Choose the answer that came by mail (.ics), at most 1 MB.")))
        else:
            try:
                reply = answers.read(found.row, given.read())
            except Refused as refused:
                errors += [each.said("answer") for each in refused.refusals]
            else:
                held, _work = drafting.draft_of(looking, ours.code, "state")
                held.content, said = answers.taken(held.content, reply)
                versions.add(held, drafting.person_of(looking))
                messages.success(request, _told(said))
                return HttpResponseRedirect(reverse("draft", args=[ours.code, "state"]))
    return answer(
        request,
        "meetings/answers.html",
        {"record": found.row.record},
        status=422 if errors else 200,
        title=_("Answers to the invitation"),
        row=acting.titled(looking, found.row),
        errors=errors,
        ours=ours,
        back=reverse("record", args=["meetings", found.row.code]),
        start=f"{reverse('start', args=['delegations'])}?meeting={found.content.ref}",
    )


def _told(said: answers.Answered) -> str:
    """What was read, in words: it stands in the draft, and nowhere else yet."""
    told = [_("%(name)s: %(answer)s.", name=said.name, answer=words.word(said.answer))]
    if said.proposed:
        at = said.proposed
        when = days.in_both(at, language()) if "T" in at else days.said(at, language())
        told.append(_("Another time is asked for: %(when)s.", when=when))
    if said.instead:
        told.append(_("Instead comes %(who)s.", who=said.instead))
    if said.new:
        told.append(_("The name was not on the list; add the post."))
    return " ".join(told)


PATTERNS: list[URLPattern] = [*route("meetings/<slug:name>/answers/", answered, "meeting_answers")]
