"""The pages on which a meeting is worked: its draft, notes taken, the next one begun.

Each writes into the draft of this office alone; sending it for agreement is the ordinary page. Holds no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from dtti.accord.refusal import Correction, Refused
from dtti.documents.values import SIDES, Words
from dtti.node.people import models
from dtti.node.record.read import Listed
from dtti.office.asking import Stored
from dtti.office.meetings import Meeting, following, notes
from dtti.programme.kinds import KINDS
from dtti.web.forms import days
from dtti.web.forms.choices import Choices
from dtti.web.page import answer, not_here, route

from . import acting, drafting, meeting_carry, record, versions
from .acting import as_page
from .words import _, language

KIND: Final = "meeting"
MOST_FILE: Final = 4 * 1024 * 1024  # bytes of a calendar file that is brought


class At(msgspec.Struct):
    """The meeting that a page is about, and the office's draft of its text. `work`: None before it is recorded."""

    page: Any
    draft: models.Draft
    work: acting.Work | None

    @property
    def row(self) -> Listed:
        """The meeting as it is listed; not here where it is not recorded yet."""
        if self.work is None:
            raise not_here(_("meeting"))
        return self.work.row

    @property
    def code(self) -> str:
        """What addresses the record."""
        return self.draft.record.rpartition("/")[2]

    @property
    def edit(self) -> str:
        """The address of the form of its text."""
        return reverse("draft", args=[self.code, self.draft.purpose])

    @property
    def back(self) -> str:
        """The address of its page; of the form where it has none yet."""
        return reverse("record", args=["meetings", self.code]) if self.work else self.edit

    @property
    def faulty(self) -> bool:
        """Whether the draft is not whole yet."""
        try:
            KINDS[KIND].tidy(self.draft.content)
        except Refused:
            return True
        return False

    @property
    def meeting(self) -> Meeting:
        """The content of the draft; where that is not whole yet what stands, and what is typed goes into the draft."""
        row, kind = self.row, KINDS[KIND]
        stands = self.work.content if self.work else {}
        read = kind.read(stands if self.faulty else kind.tidy(self.draft.content))
        if not isinstance(read, Meeting):
            raise TypeError(row.record)
        return read


def at_draft(request: HttpRequest, name: str) -> At:
    """A meeting, recorded or only begun, with the office's draft of it; Forbidden for who may not draft it."""
    page = as_page(request)
    purpose = acting.joint_purpose(page)
    doing = "read_draft" if request.method in ("GET", "HEAD") else "write_draft"
    held, work = drafting.draft_of(page, name, purpose, doing)
    if held.kind != KIND:
        raise not_here(_("meeting"))
    return At(page, held, work)


def at_work(request: HttpRequest, name: str) -> At:
    """The same for a meeting that is recorded."""
    at = at_draft(request, name)
    if at.work is None:
        raise not_here(_("meeting"))
    return at


def keep(at: At, content: Stored) -> None:
    """Keep a text in the office's draft; what a colleague typed meanwhile is not lost by it."""
    at.draft.content = content
    versions.add(at.draft, drafting.person_of(at.page))


def shown(
    at: At,
    template: str,
    title: str,
    request: HttpRequest,
    status: int = 200,
    data: Mapping[str, object] | None = None,
    **more: Any,
) -> HttpResponse:
    """A page of work on a meeting; `data`: what its JSON says beside the record."""
    said = {"record": at.draft.record, "draft": bool(at.draft.pk), **(data or {})}
    return answer(
        request,
        template,
        said,
        status=status,
        title=title,
        called=at.row.title or at.row.ref if at.work else title,
        back=at.back,
        edit=at.edit,
        faulty=at.faulty,
        said=lambda stored: days.said(stored, language()),
        **more,
    )


def in_words(words: Words) -> str:
    """A text in the language of the page, or in the one that it has."""
    return words.spoken("hi" if language() == "hi" else "en")[0]


def fault(field: str, reason: str, remedy: str = "") -> Correction:
    """What has to be put right, at a field of a form."""
    return {"field": field, "reason": reason, "remedy": remedy}


# --- notes -----------------------------------------------------------------------------------------------------------


def take_notes(request: HttpRequest, name: str) -> HttpResponse:
    """Notes while the meeting sits: what was said, decided and is to be done, kept in the office's draft one by one."""
    at = at_work(request, name)
    errors: list[Correction] = []
    typed = {each: request.POST.get(each, "").strip() for each in ("item", "said", "decided", "action", "due")}
    offices = [request.POST.get(f"office_{side}", "").strip() for side in SIDES]
    if request.method == "POST":
        due = days.read(typed["due"]) if typed["due"] else days.Read()
        if typed["due"] and not due.stored:
            errors.append(fault("due", due.why or _("Give a day."), _("As 18 Nov 2026.")))
        note = notes.Note(**{**typed, "due": due.stored}, offices=tuple(each for each in offices if each))
        errors += _against_note(note)
        if not errors:
            errors = _noted(at, note)
        if not errors:
            return HttpResponseRedirect(request.path + f"?item={typed['item'][:40]}#note")
    choices = Choices(request)
    return shown(
        at,
        "meetings/notes.html",
        _("Notes of the meeting"),
        request,
        status=422 if errors else 200,
        errors=errors,
        typed=typed if errors else {"item": request.GET.get("item", "")},
        items=[{"value": number, "label": f"{number}. {title}"} for number, title in notes.items_of(at.meeting)],
        offices=[
            {
                "side": side,
                "name": f"office_{side}",
                "value": offices[place] if errors else "",
                "options": choices.listed("office", side) or [],
            }
            for place, side in enumerate(SIDES)
        ],
        content=at.draft.content,
    )


def _against_note(note: notes.Note) -> list[Correction]:
    """What a note lacks."""
    found = []
    if note.said and not note.item:
        found.append(fault("item", _("Choose the item on which this was said.")))
    if not (note.said or note.decided or note.action):
        found.append(fault("said", _("Nothing is written yet.")))
    return found


def _noted(at: At, note: notes.Note) -> list[Correction]:
    """Put a note into the draft; what stands against it, where it cannot be put there."""
    try:
        keep(at, notes.noted(at.draft.content, note, at.meeting.body))
    except Refused as refused:
        return [each.said("action") for each in refused.refusals]
    return []


# --- the meeting after -----------------------------------------------------------------------------------------------


def next_meeting(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the meeting after: its form opens with what carried over, and nothing is kept before it is saved."""
    page = as_page(request)
    found = record.find(request, "meetings", name)
    if not isinstance(found.content, Meeting):
        raise not_here(_("meeting"))
    address = drafting.begun_at(page, KIND, following.begun(acting.asking(page), found.content))
    meeting_carry.told(page, found.content)
    return HttpResponseRedirect(address)


def readout(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the readout of a meeting: its form opens with what was decided, and nothing is kept before it is saved."""
    page = as_page(request)
    found = record.find(request, "meetings", name)
    if not isinstance(found.content, Meeting):
        raise not_here(_("meeting"))
    begun = following.readout(acting.asking(page), found.content)
    return HttpResponseRedirect(drafting.begun_at(page, following.READOUT, begun))


PATTERNS: list[URLPattern] = [
    *route("meetings/<slug:name>/notes/", take_notes, "meeting_notes"),
    path("meetings/<slug:name>/next/", next_meeting, name="meeting_next"),
    path("meetings/<slug:name>/readout/", readout, name="meeting_readout"),
]
