"""The desk: what waits on me, what waits on them and since when, what is due, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import escape

from dtti.language.dates import day
from dtti.node.checking import explore
from dtti.node.people import models
from dtti.node.record import lookups, read
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.meeting import Meeting
from dtti.web import labels, typed
from dtti.web.page import Moment, answer, moment, route, url_of
from dtti.web.requests import PageRequest
from dtti.web.states import noted, notices, side_name, state_of

from . import acting
from .acting import as_page
from .shown import Names, marked, text
from .work import seen_late

SOON = 30  # days ahead that the desk looks
MOST_DUE = 200  # lines of what is due, the longest overdue first: whoever states meetings must not fill the desk
_SETTLED = ("met", "done", "dropped", "replaced")


def _wait(page: PageRequest, row: read.Listed, names: Names, when: Moment) -> dict[str, Any]:
    mine = page.node.side
    late = seen_late(page, page.node.book.view(row.record)) if row.awaits == mine and when.now else None
    state = state_of(row, mine, when.instant)
    assert state is not None  # noqa: S101 - only rows that wait for something are asked for
    if late:
        what = _("%(what)s: answered, first seen late")
    elif state["why"] == "answered":
        what = _("%(what)s: answered by us") if state["on"] != mine else _("%(what)s: answered by them")
    elif state["why"] == "offer":
        what = _("Answer the text: %(what)s") if row.court == mine else _("Their answer: %(what)s")
    else:
        what = _("Hand over the text: %(what)s") if row.court == mine else _("The text we asked for: %(what)s")
    answers = row.court == mine and row.court_why == "offer" and acting.may_answer(page, row.kind)
    words = [_late(late)] if late else [state["words"]] if row.awaits else []
    stands = ", ".join((labels.kind(row.kind), *notices(row), *words))
    return {
        "on": state["on"],
        "state": state["why"],
        "days": state["days"],
        "since": state["since"][:10],
        "due": (row.offer_until[:10] or None) if not row.awaits else None,
        "what": escape(what) % {"what": text(names.called(row))},
        "detail": stands,
        "url": reverse("work", args=[row.code]),
        "action": {
            "label": _("Compare and answer") if answers else _("Open"),
            "url": reverse("work", args=[row.code]),
        },
        "record": row.record,
        "late": late,
    }


def _late(late: Mapping[str, Any]) -> str:
    """What shows that an answer came late, in one line: claimed time, our first entry after the date, checkpoints."""
    told = [
        _("open until %(until)s, answered on %(time)s by their own clock")
        % {"until": _moment(late["until"]), "time": _moment(late["time"])}
    ]
    if late["sighted"]:
        sighted = {"n": late["sighted"]["index"], "time": _moment(late["sighted"]["time"])}
        told.append(_("our entry %(n)s of %(time)s had not seen it") % sighted)
    if late["checkpoints"]:
        count = len(late["checkpoints"])
        last = _moment(late["checkpoints"][-1]["time"])
        told.append(
            ngettext(
                "%(n)s of their checkpoints lacked it, taken in on %(time)s",
                "%(n)s of their checkpoints lacked it, the last taken in on %(time)s",
                count,
            )
            % {"n": count, "time": last}
        )
    told.append(_("a person on our side decides"))
    return "; ".join(told)


def _moment(time: str) -> str:
    return day(time, get_language() or "en")


def _due(page: Any, when: Moment) -> list[dict[str, Any]]:
    """What falls due soon or is overdue: commitments, actions of meetings, meetings by their body's rule."""
    node, viewer, today = page.node, page.viewer, when.today
    limit = (today + timedelta(days=SOON)).isoformat()
    found: list[dict[str, Any]] = [
        {"on": row.latest, "what": marked(page, row, row.title), "url": url_of(row), "why": labels.kind("commitment")}
        for row in read.listing(node, viewer, "commitment", order="latest", count=2000, known=when.bound).rows
        if row.label != "public" and row.latest and row.latest <= limit and row.status not in _SETTLED
    ]
    found += [each for each in _actions(page, when) if each["on"] <= limit]
    found += [each for each in _meetings(page, when) if each["on"] <= limit]
    found = sorted(found, key=lambda each: (each["on"], each["url"]))[:MOST_DUE]
    for each in found:
        each["late"] = each["on"] < today.isoformat()
    return found


def _actions(page: PageRequest, when: Moment) -> list[dict[str, Any]]:
    """Actions of meetings that are not done, by the day on which each is due now."""
    node, viewer = page.node, page.viewer
    rows = read.listing(node, viewer, "meeting", count=2000, known=when.bound).rows
    contents = lookups.contents(node, viewer, [row.record for row in rows], when.bound)
    return [
        {
            "on": due.latest.isoformat(),
            "what": marked(page, row, action.text),
            "url": url_of(row),
            "why": _("action %(n)s of %(meeting)s, %(sides)s")
            % {
                "n": action.number,
                "meeting": row.title,
                "sides": ", ".join(side_name(side) for side in sorted({each.side for each in action.owners})),
            },
        }
        for row in rows
        if isinstance(content := contents.get(row.record), Meeting) and content.status != "cancelled"
        for action in content.actions
        if action.done is None and (due := action.due_now or action.due).latest
    ]


def _meetings(page: PageRequest, when: Moment) -> list[dict[str, Any]]:
    """The day by which each body is to meet next by its own rule, where its record lets that be computed."""
    node, viewer = page.node, page.viewer
    made = read.report(node, viewer, "cadence", on=when.today, known=when.bound, of="all")["bodies"]
    rows = {row.ref: row for row in read.listing(node, viewer, "body", count=2000, known=when.bound).rows}
    found = []
    for ref, body in made.items():
        due = (body["last"] or {}).get("next_due_by", "unknown")
        if due != "unknown" and ref in rows and rows[ref].status not in ("closed", "not-listed", "suspended"):
            words = escape(_("Next meeting: %(body)s")) % {"body": marked(page, rows[ref], text(rows[ref].title))}
            found.append({"on": due, "what": words, "url": url_of(rows[ref]), "why": _("by its own rule")})
    return found


def _address(called: Mapping[str, explore.About], record: str) -> str:
    """What addresses a record: of one that nobody has been told of yet its code."""
    return called[record].code if record in called else record.rpartition("/")[2]


def desk(request: HttpRequest) -> HttpResponse:
    """The front page of whoever is signed in; the record's own front for anyone else."""
    page = as_page(request)
    if not page.viewer.person:
        return HttpResponseRedirect(reverse("record-index"))
    when = moment(request)
    node, viewer = page.node, page.viewer
    mine, other = node.side, node.book.other or ""
    mine_now = read.waiting(node, viewer, mine, when.bound)
    theirs = read.waiting(node, viewer, other, when.bound) if other else []
    closing = read.answered(node, viewer, when.bound)
    since = (when.instant - timedelta(days=SOON)).strftime("%Y-%m-%dT%H:%M:%SZ")
    changed = read.changed(node, viewer, since, known=when.bound)
    names = Names.of(request, when).learn_for([*changed, *mine_now, *theirs, *closing])
    on_me = [_wait(page, row, names, when) for row in (*mine_now, *(row for row in closing if row.awaits == mine))]
    on_them = [_wait(page, row, names, when) for row in (*theirs, *(row for row in closing if row.awaits != mine))]
    drafts = [
        draft
        for draft in (models.Draft.objects.filter(office=page.seat.office)[:200] if page.seat and when.now else ())
        if acting.may(page, f"read_draft:{draft.purpose}", draft.kind) and acting.open_to(page, draft)
    ][:20]
    called = explore.called(node, viewer, [draft.record for draft in drafts])
    page.counts = {"desk": (len(mine_now), _("%(n)s waiting on you") % {"n": len(mine_now)})} if mine_now else {}
    return answer(
        request,
        "desk/desk.html",
        {
            "mine": mine,
            "other": other,
            "on_me": on_me,
            "on_them": on_them,
            "due": _due(page, when),
            "on": when.on or None,
            "known": when.known or None,
            "changed": [
                {
                    "title": names.called(row),
                    "url": url_of(row),
                    "kind": labels.kind(row.kind),
                    "grade": row.grade,
                    "by": row.stated_by,
                    "note": noted(row, mine),
                    "at": row.known_from,
                }
                for row in changed
            ],
            "drafts": [
                {
                    "title": str(
                        draft.content.get("name") or draft.content.get("title") or draft.content.get("ref") or ""
                    ),
                    "kind": labels.kind(draft.kind),
                    "purpose": draft.purpose,
                    "updated": draft.updated.isoformat(),
                    "url": reverse("draft", args=[_address(called, draft.record), draft.purpose]),
                }
                for draft in drafts
            ],
        },
        begin=[
            {
                "label": _("New %(kind)s") % {"kind": labels.kind(kind.code)},
                "url": reverse("start", args=[kind.face.address]),
            }
            for kind in sorted(KINDS.values(), key=lambda kind: kind.face.begun)
            if kind.face.begun
            and acting.may(
                page, f"write_draft:{'state' if kind.mode == 'own' else 'propose' if other else 'paper'}", kind.code
            )
        ],
        typed=typed.waiting(request),
    )


PATTERNS = [*route("", desk, "desk")]
