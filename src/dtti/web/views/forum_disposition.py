"""The page of a disposition, and putting it onto the next agenda of the Group. Holds no rule; sends nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from dtti.node.people import models
from dtti.office.forum import recommendations as office
from dtti.office.meetings import following, notes
from dtti.programme.kinds.disposition import DISPOSITION, Disposition
from dtti.web import page
from dtti.web.page import not_here

from . import acting, drafting, forum_recommendation, meeting_carry, record, shown, versions
from .acting import as_page
from .record import Found
from .words import _


@record.own_page("disposition")
def disposition(request: HttpRequest, found: Found) -> HttpResponse:
    """What is to become of a recommendation, where it comes up, what was decided on it."""
    content = found.content
    if not isinstance(content, Disposition):
        raise TypeError(type(content))
    asking = page.asked_by(request, found.moment)
    agenda = office.on_agendas(asking, content.ref)
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    return record.answer(
        request,
        "forum/disposition.html",
        found,
        near,
        names,
        also={"agenda": list(agenda)},
        title=content.public_title,
        agenda_rows=forum_recommendation.agenda(names, agenda),
        to_agenda=_may_put(request, found, content, agenda),
    )


def _may_put(request: HttpRequest, found: Found, content: Disposition, agenda: tuple[office.OnAgenda, ...]) -> str:
    """The address that puts it onto the next agenda, where both agreed that and whoever looks may draft it."""
    held, asking = as_page(request), page.asked_by(request, found.moment)
    if content.outcome != "group-agenda" or agenda or not found.moment.now or not office.agreed(asking, found.row):
        return ""
    may = held.viewer.person and acting.may_begin(held, following.NEXT)
    return reverse("disposition_agenda", args=[found.row.code]) if may else ""


@require_POST
def onto_agenda(request: HttpRequest, name: str) -> HttpResponse:
    """Put it as an item into the office's draft of the next meeting of the body; nothing is sent by it."""
    held = as_page(request)
    acting.ask(held, f"write_draft:{acting.joint_purpose(held)}", following.NEXT)
    found = record.find(request, DISPOSITION.face.address, name)
    content = found.content
    if not isinstance(content, Disposition) or not _may_put(
        request, found, content, office.on_agendas(acting.asking(held), content.ref)
    ):
        raise not_here(_("page"))
    draft = meeting_carry.next_draft(held, content.body or "")
    if draft is None:
        messages.warning(request, _("No meeting of that body is recorded. Begin its next meeting first."))
        return HttpResponseRedirect(shown.url_of(found.row))
    _put(held, draft, found, content)
    return HttpResponseRedirect(reverse("draft", args=[draft.record.rpartition("/")[2], draft.purpose]))


def _put(held: Any, draft: models.Draft, found: Found, content: Disposition) -> None:
    """Put the item into the draft as it stands in this moment: what a colleague put there meanwhile stays."""
    person = drafting.person_of(held)
    with transaction.atomic():
        now = meeting_carry.locked(draft, person)
        if office.carries(now.content, found.row):
            messages.info(held, _("The item is in the draft of the next meeting already."))
            return
        rows = list(now.content.get("agenda", []))
        item = {"number": notes.next_number(rows, ""), **office.item(found.row, content)}
        now.content = {**now.content, "agenda": [*rows, item]}
        versions.add(now, person)
    messages.success(held, _("The item stands in your office's draft of the next meeting. Nothing is sent yet."))


PATTERNS: list[URLPattern] = [path("dispositions/<slug:name>/agenda/", onto_agenda, name="disposition_agenda")]
