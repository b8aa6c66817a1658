"""The pages on which a meeting is worked: days found, notes taken, the next one begun.

Each writes into the draft of this office alone; sending it for agreement is the ordinary page. Holds no rule.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, cast

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from dtti.accord.refusal import Refused, refuse
from dtti.documents.calendar.request import Proposal
from dtti.documents.values import SIDES, Words
from dtti.node.people import models
from dtti.node.record.read import Listed
from dtti.office.meetings import Meeting, dates, following, notes
from dtti.office.meetings.dates import Wanted
from dtti.programme.kinds import KINDS
from dtti.web.forms import days
from dtti.web.forms.choices import Choices
from dtti.web.page import answer, not_here, route

from . import acting, drafting, record, versions
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
    purpose = "propose" if page.node.book.other else "paper"
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


def keep(at: At, content: dict[str, Any]) -> None:
    """Keep a text in the office's draft; what a colleague typed meanwhile is not lost by it."""
    at.draft.content = content
    versions.add(at.draft, drafting.person_of(at.page))


def shown(at: At, template: str, title: str, request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    """A page of work on a meeting."""
    data = {"record": at.draft.record, "draft": bool(at.draft.pk)}
    return answer(
        request,
        template,
        data,
        status=status,
        title=title,
        called=at.row.title or at.row.ref if at.work else title,
        back=at.back,
        edit=at.edit,
        faulty=at.faulty,
        said=lambda stored: days.said(stored, language()),
        **more,
    )


# --- days ------------------------------------------------------------------------------------------------------------


def find_days(request: HttpRequest, name: str) -> HttpResponse:
    """Days for the meeting, each with all that is known against it; one of them is taken into the draft."""
    at = at_draft(request, name)
    asked = request.POST if request.method == "POST" else request.GET
    wanted, errors = _wanted(at, {name: asked.get(name, "") for name in asked})
    calendar = request.FILES.get("calendar")
    found, proposals = None, []
    if not errors:
        try:
            if calendar is not None and (calendar.size or 0) > MOST_FILE:
                raise Refused(refuse("file-size", _("The calendar file is too large."), _("Export fewer months.")))
            matter = dates.matter(at.draft.record, at.draft.content)
            found = dates.found(acting.asking(at.page), matter, wanted, calendar.read() if calendar else b"")
            proposals = list(found.proposals)
        except ValueError as error:
            errors.append(fault("", str(error)))
        except Refused as refused:
            errors += [each.said() for each in refused.refusals]
    chosen = asked.get("take", "")
    if request.method == "POST" and chosen and not errors:
        for each in proposals:
            if each.first.isoformat() == chosen:
                keep(at, dates.chosen(at.draft.content, wanted, each))
                messages.success(request, _("The days stand in the draft of your office. Nothing is sent yet."))
                return HttpResponseRedirect(f"{at.back}#{'work' if at.work else 'id_date'}")
    return shown(
        at,
        "meetings/days.html",
        _("Days for the meeting"),
        request,
        status=422 if errors else 200,
        wanted=wanted,
        errors=errors,
        sides=SIDES,
        rows=[_row(each) for each in proposals],
        looked=[in_words(each) for each in found.looked_at] if found else [],
        unknown=[in_words(each) for each in found.not_known] if found else [],
    )


class Days(msgspec.Struct, frozen=True):
    """Days that could be proposed, in words, with what is known against them: text, points, source."""

    first: str
    days: str
    score: int
    clocks: str
    summary: str
    findings: list[tuple[str, int, str]]


def in_words(words: Words) -> str:
    """A text in the language of the page, or in the one that it has."""
    return words.spoken("hi" if language() == "hi" else "en")[0]


def _row(found: Proposal) -> Days:
    ends = [found.first] if found.first == found.last else [found.first, found.last]
    return Days(
        found.first.isoformat(),
        " – ".join(days.said(each.isoformat(), language()) for each in ends),
        found.score,
        in_words(found.sessions[0].clocks) if found.sessions else "",
        in_words(found.summary),
        [(in_words(each.text), each.points, each.source) for each in found.findings],
    )


def fault(field: str, reason: str, remedy: str = "") -> dict[str, Any]:
    """What has to be put right, at a field of a form."""
    return {"field": field, "reason": reason, "remedy": remedy}


def _wanted(at: At, asked: dict[str, str]) -> tuple[Wanted, list[dict[str, Any]]]:
    """What is searched for, from the form, and what of it could not be read; the usual where nothing is said."""
    usual = dates.usual(acting.asking(at.page), dates.matter(at.draft.record, at.draft.content))
    errors: list[dict[str, Any]] = []

    def a_day(name: str, otherwise: date) -> date:
        typed = asked.get(name, "").strip()
        if not typed:
            return otherwise
        read = days.read(typed)
        if len(read.stored) != 10:
            errors.append(fault(name, read.why or _("Give a day."), _("As 18 Nov 2026.")))
            return otherwise
        return date.fromisoformat(read.stored)

    def a_number(name: str, otherwise: int, most: int) -> int:
        typed = asked.get(name, "").strip()
        if not typed:
            return otherwise
        if not typed.isdigit() or not 0 <= int(typed[:6]) <= most:
            errors.append(fault(name, _("Give a whole number, at most %(most)s.", most=most)))
            return otherwise
        return int(typed)

    first = a_day("first", usual.first)
    last = a_day("last", max(usual.last, first))
    mode = cast("dates.Mode", asked["mode"]) if asked.get("mode") in ("in-person", "virtual", "hybrid") else usual.mode
    host = next((side for side in SIDES if side == asked.get("host")), usual.host or "IND")
    length = max(1, a_number("days", usual.days, 10))
    minutes = max(15, a_number("minutes", usual.minutes, 480))
    lead = a_number("lead", usual.lead, 100)
    if last < first:
        errors.append(fault("last", _("The last day lies before the first.")))
        last = first
    return Wanted(first, last, mode, None if mode == "virtual" else host, length, minutes, lead), errors


# --- notes -----------------------------------------------------------------------------------------------------------


def take_notes(request: HttpRequest, name: str) -> HttpResponse:
    """Notes while the meeting sits: what was said, decided and is to be done, kept in the office's draft one by one."""
    at = at_work(request, name)
    errors: list[dict[str, Any]] = []
    typed = {each: request.POST.get(each, "").strip() for each in ("item", "said", "decided", "action", "due")}
    offices = [request.POST.get(f"office_{side}", "").strip() for side in SIDES]
    if request.method == "POST":
        due = days.read(typed["due"]) if typed["due"] else days.Read()
        if typed["due"] and not due.stored:
            errors.append(fault("due", due.why or _("Give a day."), _("As 18 Nov 2026.")))
        else:
            note = notes.Note(**{**typed, "due": due.stored}, offices=tuple(each for each in offices if each))
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


def _noted(at: At, note: notes.Note) -> list[dict[str, Any]]:
    """Put a note into the draft; what stands against it, where it cannot be put there."""
    if note.said and not note.item:
        return [fault("item", _("Choose the item on which this was said."))]
    if not (note.said or note.decided or note.action):
        return [fault("said", _("Nothing is written yet."))]
    try:
        keep(at, notes.noted(at.draft.content, note, at.meeting.body))
    except Refused as refused:
        return [each.said() | {"field": "action"} for each in refused.refusals]
    return []


# --- the meeting after -----------------------------------------------------------------------------------------------


def next_meeting(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the meeting after: its form opens with what carried over, and nothing is kept before it is saved."""
    page = as_page(request)
    found = record.find(request, "meetings", name)
    if not isinstance(found.content, Meeting):
        raise not_here(_("meeting"))
    return HttpResponseRedirect(drafting.begun_at(page, KIND, following.begun(acting.asking(page), found.content)))


def readout(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the readout of a meeting: its form opens with what was decided, and nothing is kept before it is saved."""
    page = as_page(request)
    found = record.find(request, "meetings", name)
    if not isinstance(found.content, Meeting):
        raise not_here(_("meeting"))
    begun = following.readout(acting.asking(page), found.content)
    return HttpResponseRedirect(drafting.begun_at(page, following.READOUT, begun))


PATTERNS: list[URLPattern] = [
    *route("meetings/<slug:name>/days/", find_days, "meeting_days"),
    *route("meetings/<slug:name>/notes/", take_notes, "meeting_notes"),
    path("meetings/<slug:name>/next/", next_meeting, name="meeting_next"),
    path("meetings/<slug:name>/readout/", readout, name="meeting_readout"),
]
