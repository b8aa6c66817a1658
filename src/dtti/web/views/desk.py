"""The desk: what waits on me, what waits on them and since when, what is due, what changed."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import escape

from dtti.language.dates import day
from dtti.office import desk as office
from dtti.web import labels, typed
from dtti.web.page import answer, asked_by, moment, route, url_of
from dtti.web.parts import Link
from dtti.web.requests import PageRequest
from dtti.web.states import noted, notices, side_name, waits_for

from . import acting
from .acting import as_page
from .shown import Names, marked, text
from .work import SeenLate, late_shown


class Line(msgspec.Struct, frozen=True):
    """A record that waits, on a line of the desk."""

    on: str
    state: str
    days: int
    since: str
    due: str | None
    what: str
    detail: str
    url: str
    action: Link
    record: str
    late: SeenLate | None


class DueLine(msgspec.Struct, frozen=True):
    """What falls due, on a line of the desk."""

    on: str
    what: str
    url: str
    why: str
    late: bool


class Changed(msgspec.Struct, frozen=True):
    """A record that changed, on a line of the desk."""

    title: str
    url: str
    kind: str
    grade: str
    by: str
    note: str | None
    at: str


class DraftLine(msgspec.Struct, frozen=True):
    """A draft of the office, on a line of the desk."""

    title: str
    kind: str
    purpose: str
    updated: str
    url: str


class Page(msgspec.Struct, frozen=True):
    """The desk as a page shows it and JSON gives it."""

    mine: str
    other: str
    on_me: list[Line]
    on_them: list[Line]
    due: list[DueLine]
    on: str | None
    known: str | None
    changed: list[Changed]
    drafts: list[DraftLine]


def _line(page: PageRequest, waiting: office.Waiting, names: Names) -> Line:
    row, wait, mine = waiting.row, waiting.wait, page.node.side
    late = late_shown(waiting.late) if waiting.late else None
    if late:
        what = _("%(what)s: answered, first seen late")
    elif wait.why == "answered":
        what = _("%(what)s: answered by us") if wait.on != mine else _("%(what)s: answered by them")
    elif wait.why == "offer":
        what = _("Answer the text: %(what)s") if waiting.ours else _("Their answer: %(what)s")
    else:
        what = _("Hand over the text: %(what)s") if waiting.ours else _("The text we asked for: %(what)s")
    answers = waiting.to_answer and acting.may_answer(page, row.kind)
    words = [_late(late)] if late else [waits_for(wait, row, mine)] if row.awaits else []
    url = reverse("work", args=[row.code])
    return Line(
        wait.on,
        wait.why,
        wait.days,
        wait.since[:10],
        (row.offer_until[:10] or None) if not row.awaits else None,
        escape(what) % {"what": text(names.called(row))},
        ", ".join((labels.kind(row.kind), *notices(row), *words)),
        url,
        Link(_("Compare and answer") if answers else _("Open"), url),
        row.record,
        late,
    )


def _late(late: SeenLate) -> str:
    """What shows that an answer came late, in one line: claimed time, our first entry after the date, checkpoints."""
    told = [
        _("open until %(until)s, answered on %(time)s by their own clock")
        % {"until": _moment(late.until), "time": _moment(late.time)}
    ]
    if late.sighted:
        sighted = {"n": late.sighted.index, "time": _moment(late.sighted.time)}
        told.append(_("our entry %(n)s of %(time)s had not seen it") % sighted)
    if late.checkpoints:
        count = len(late.checkpoints)
        told.append(
            ngettext(
                "%(n)s of their checkpoints lacked it, taken in on %(time)s",
                "%(n)s of their checkpoints lacked it, the last taken in on %(time)s",
                count,
            )
            % {"n": count, "time": _moment(late.checkpoints[-1].time)}
        )
    told.append(_("a person on our side decides"))
    return "; ".join(told)


def _moment(time: str) -> str:
    return day(time, get_language() or "en")


def _due(page: PageRequest, due: office.Due) -> DueLine:
    row, action = due.row, due.action
    if action:
        what, sides = action.text, ", ".join(side_name(side) for side in action.sides)
        why = _("action %(n)s of %(meeting)s, %(sides)s") % {"n": action.number, "meeting": row.title, "sides": sides}
    else:
        what, why = (
            (text(row.title), _("by its own rule")) if row.kind == "body" else (row.title, labels.kind(row.kind))
        )
    name = marked(page, row, what)
    if row.kind == "body":
        name = escape(_("Next meeting: %(body)s")) % {"body": name}
    return DueLine(due.on, name, url_of(row), why, due.late)


def _changed(row: office.Listed, names: Names, mine: str) -> Changed:
    return Changed(
        names.called(row),
        url_of(row),
        labels.kind(row.kind),
        row.grade,
        row.stated_by,
        noted(row, mine),
        row.known_from,
    )


def _drafts(page: PageRequest, asking: office.Asking) -> list[DraftLine]:
    drafts = acting.drafts_of_office(page) if asking.moment.now else []
    addresses = office.addresses(asking, [draft.record for draft in drafts])
    return [
        DraftLine(
            str(draft.content.get("name") or draft.content.get("title") or draft.content.get("ref") or ""),
            labels.kind(draft.kind),
            draft.purpose,
            draft.updated.isoformat(),
            reverse("draft", args=[addresses[draft.record], draft.purpose]),
        )
        for draft in drafts
    ]


def desk(request: HttpRequest) -> HttpResponse:
    """The front page of whoever is signed in; the record's own front for anyone else."""
    page = as_page(request)
    if not page.viewer.person:
        return HttpResponseRedirect(reverse("record-index"))
    when = moment(request)
    asking = asked_by(request, when)
    found = office.desk(asking)
    names = Names.of(request, when)
    names.learn_for([*found.changed, *(each.row for each in (*found.on_me, *found.on_them))])
    page.counts = {"desk": (found.asked, _("%(n)s waiting on you") % {"n": found.asked})} if found.asked else {}
    shown = Page(
        found.mine,
        found.other,
        [_line(page, each, names) for each in found.on_me],
        [_line(page, each, names) for each in found.on_them],
        [_due(page, each) for each in found.due],
        when.on or None,
        when.known or None,
        [_changed(row, names, found.mine) for row in found.changed],
        _drafts(page, asking),
    )
    return answer(
        request,
        "desk/desk.html",
        shown,
        begin=[
            Link(_("New %(kind)s") % {"kind": labels.kind(kind)}, reverse("start", args=[address]))
            for kind, address in office.begun()
            if acting.may_begin(page, kind)
        ],
        typed=typed.waiting(request),
    )


PATTERNS = [*route("", desk, "desk")]
