"""The page on which days for a meeting are found: the search, the days on which somebody cannot meet, what was found.

A day is taken into the office's draft; a file of absences is read, shown, and kept beside the plan. Holds no rule.
"""

from __future__ import annotations

from datetime import date
from typing import Final, cast
from urllib.parse import urlencode

import msgspec
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.documents.calendar.clocks import span
from dtti.documents.calendar.request import FixedEvent, LeftOut, Proposal
from dtti.documents.values import SIDES, Language
from dtti.node.people import models
from dtti.office.meetings import away, dates
from dtti.office.meetings.away import Brought, Changes, Entry
from dtti.office.meetings.dates import Wanted
from dtti.web.forms import days
from dtti.web.page import route
from dtti.web.parts import Row

from . import acting, drafting
from .bringing import name_of
from .meeting_work import At, at_draft, fault, in_words, keep, shown
from .words import _, language

MOST_FILE: Final = 4 * 1024 * 1024  # bytes of a calendar file that is brought


def find_days(request: HttpRequest, name: str) -> HttpResponse:
    """Days for the meeting, each with all that is known against it; one of them is taken into the draft."""
    at = at_draft(request, name)
    asked = request.POST if request.method == "POST" else request.GET
    wanted, errors = _wanted(at, {name: asked.get(name, "") for name in asked})
    if request.method == "POST" and asked.get("away") and not errors:
        try:
            return _answered(request, at, wanted, asked["away"])
        except Refused as refused:
            errors += [each.said("calendar") for each in refused.refusals]
    held, found = _held(at), None
    kept = _kept(at, held)
    if not [each for each in errors if each["field"] != "calendar"]:
        try:
            matter = dates.matter(at.draft.record, at.draft.content)
            found = dates.found(acting.asking(at.page), matter, wanted, kept)
        except ValueError as error:
            errors.append(fault("", str(error)))
    proposals = list(found.proposals) if found else []
    chosen = asked.get("take", "")
    if request.method == "POST" and chosen and not errors:
        for each in proposals:
            if each.first.isoformat() == chosen:
                keep(at, dates.chosen(at.draft.content, wanted, each))
                messages.success(request, _("The days stand in the draft of your office. Nothing is sent yet."))
                return HttpResponseRedirect(f"{at.back}#{'work' if at.work else 'id_date'}")
    brought = msgspec.convert(held.brought, Brought) if held and held.brought else None
    return shown(
        at,
        "meetings/days.html",
        _("Days for the meeting"),
        request,
        status=422 if errors else 200,
        data={
            "left_out": found.left_out if found else [],
            "kept": kept,
            "brought": brought,
            "changes": away.changes(kept, brought) if brought else None,
        },
        wanted=wanted,
        errors=errors,
        sides=SIDES,
        rows=[_row(each) for each in proposals],
        looked=[in_words(each) for each in found.looked_at] if found else [],
        unknown=[in_words(each) for each in found.not_known] if found else [],
        left=[_left(each) for each in found.left_out] if found else [],
        files=_files(kept),
        brought_rows=_changed(away.changes(kept, brought)) if brought else [],
        largest=MOST_FILE // 1024**2,
        spans=_spans,
    )


# --- days on which somebody cannot meet ------------------------------------------------------------------------------


def _held(at: At) -> models.DaysAway | None:
    """What the office keeps beside the plan of this meeting."""
    return models.DaysAway.objects.filter(office=at.draft.office, record=at.draft.record).first()


def _kept(at: At, held: models.DaysAway | None) -> tuple[Entry, ...]:
    """The days on which somebody cannot meet that are not over yet."""
    return away.ahead(msgspec.convert(held.kept, list[Entry]), acting.asking(at.page).moment.today) if held else ()


def _answered(request: HttpRequest, at: At, wanted: Wanted, asked: str) -> HttpResponse:
    """A file read, kept or taken away again; back to the same search. Refused where nothing of it is understood.

    It is done to what the office keeps in this moment: what a colleague kept meanwhile stays.
    """
    person, onward = drafting.person_of(at.page), "away"
    came = _read(at, request) if asked == "read" else None
    with transaction.atomic():
        held, _made = models.DaysAway.objects.select_for_update().get_or_create(
            office=at.draft.office, record=at.draft.record, defaults={"person": person}
        )
        kept = _kept(at, held)
        brought = msgspec.convert(held.brought, Brought) if held.brought else None
        if came is not None:
            held.brought, held.person = msgspec.to_builtins(came), person
        elif asked == "keep" and brought:
            kept, held.brought, held.person, onward = away.taken(kept, brought), {}, person, "found"
            messages.success(request, _("The days are kept beside the plan, for your office alone, and left out."))
        elif asked == "drop":
            held.brought = {}
        else:
            kept = tuple(each for each in kept if each.file != asked.removeprefix("without:"))
        held.kept = msgspec.to_builtins(kept)
        held.until = max((span.last for each in kept for span in each.days), default=None)
        if held.kept or held.brought:
            held.save()
        else:
            held.delete()
    back: dict[str, object] = {
        "first": wanted.first,
        "last": wanted.last,
        "mode": wanted.mode,
        "host": wanted.host or "",
    }
    back |= {"days": wanted.days, "minutes": wanted.minutes, "lead": wanted.lead or ""}
    return HttpResponseRedirect(f"{request.path}?{urlencode(back)}#{onward}")


def _read(at: At, request: HttpRequest) -> Brought:
    """The file that was sent, as it is understood."""
    sent = request.FILES.get("calendar")
    if sent is None or not sent.size:
        raise Refused(refuse("bring-file", "no file was chosen, or it is empty", "Choose a file that holds something."))
    if sent.size > MOST_FILE:
        raise Refused(refuse("file-size", _("The calendar file is too large."), _("Export fewer months.")))
    return away.read(sent.read(), name_of(sent.name), acting.asking(at.page).moment.today)


def _files(kept: tuple[Entry, ...]) -> list[Row]:
    """What is kept, by file."""
    named = dict.fromkeys(each.file for each in kept)
    return [{"name": name, "entries": [each for each in kept if each.file == name]} for name in named]


def _spans(entry: Entry) -> str:
    """The days of an absence in words."""
    return "; ".join(span(each.first, each.last, _spoken()) for each in entry.days[:12]) + (
        "; …" if len(entry.days) > 12 else ""
    )


def _spoken() -> Language:
    return "hi" if language() == "hi" else "en"


def _changed(changes: Changes) -> list[Row]:
    """What a file changes, in words."""
    words = {"new": _("new"), "changed": _("changed"), "gone": _("no longer in the file, and taken out")}
    return [{"state": words[each.state], "entry": each.entry, "before": each.before} for each in changes.rows]


def _left(left: LeftOut) -> Row:
    """Days that were left out, and why, in words."""

    def why(event: FixedEvent) -> dict[str, str]:
        return {"name": in_words(event.name), "days": span(event.first, event.last, _spoken()), "file": event.source}

    return {"days": span(left.first, left.last, _spoken()), "because": [why(each) for each in left.because]}


# --- the search ------------------------------------------------------------------------------------------------------


class Days(msgspec.Struct, frozen=True):
    """Days that could be proposed, in words, with what is known against them: text, points, source."""

    first: str
    days: str
    score: int
    clocks: str
    summary: str
    findings: list[tuple[str, int, str]]


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


def _wanted(at: At, asked: dict[str, str]) -> tuple[Wanted, list[Correction]]:
    """What is searched for, from the form, and what of it could not be read; the usual where nothing is said."""
    usual = dates.usual(acting.asking(at.page), dates.matter(at.draft.record, at.draft.content))
    errors: list[Correction] = []

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


PATTERNS: list[URLPattern] = [*route("meetings/<slug:name>/days/", find_days, "meeting_days")]
