"""The desk: what waits on me, what waits on them and since when, what is due, what changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import escape

from dtti.node import models, read
from dtti.programme.kinds import KINDS
from dtti.web import labels
from dtti.web.page import answer, moment, route, url_of

from . import acting
from .acting import as_page
from .shown import Names, marked, text

SOON = 30  # days ahead that the desk looks


def days_since(time: str) -> int:
    """Whole days from a claimed time to now."""
    return (datetime.now(UTC) - datetime.fromisoformat(time)).days


def _wait(row: read.Listed, mine: str, names: Names) -> dict[str, Any]:
    if row.court_why == "offer":
        what = _("Answer the text: %(what)s") if row.court == mine else _("Their answer: %(what)s")
    else:
        what = _("Hand over the text: %(what)s") if row.court == mine else _("The text we asked for: %(what)s")
    return {
        "on": row.court,
        "days": days_since(row.court_since),
        "since": row.court_since[:10],
        "due": row.offer_until[:10] or None,
        "what": escape(what) % {"what": text(names.called(row))},
        "detail": labels.kind(row.kind),
        "url": reverse("work", args=[row.code]),
        "action": {
            "label": _("Compare and answer") if row.court == mine and row.court_why == "offer" else _("Open"),
            "url": reverse("work", args=[row.code]),
        },
        "record": row.record,
    }


def _due(page: Any, today: date) -> list[dict[str, Any]]:
    """What falls due soon or is overdue: commitments, offers that lapse, meetings by their body's rule."""
    node, viewer = page.node, page.viewer
    found: list[dict[str, Any]] = []
    limit = (today + timedelta(days=SOON)).isoformat()
    found += [
        {"on": row.latest, "what": marked(row, row.title), "url": url_of(row), "why": labels.kind("commitment")}
        for row in read.listing(node, viewer, "commitment", order="latest", count=200).rows
        if row.label != "public" and row.latest and row.latest <= limit and row.status not in ("met", "done", "dropped")
    ]
    bodies = [row for row in read.listing(node, viewer, "body", count=100).rows if row.label != "public"]
    for row in bodies:
        overdue = _cadence(node, viewer, row.ref, today)
        if overdue:
            found.append(
                {
                    "on": overdue,
                    "what": escape(_("Next meeting: %(body)s")) % {"body": marked(row, text(row.title))},
                    "url": url_of(row),
                    "why": _("by its own rule"),
                }
            )
    for each in found:
        each["late"] = each["on"] < today.isoformat()
    return sorted(found, key=lambda each: each["on"])


def _cadence(node: Any, viewer: Any, body: str, today: date) -> str:
    """The day by which the body is to meet next by its rule, where its record lets it be computed."""
    made = read.report(node, viewer, "cadence", on=today, body=body)
    last = made["bodies"].get(body, {}).get("last") or {}
    due = str(last.get("next_due_by", "unknown"))
    return "" if due == "unknown" else due


def desk(request: HttpRequest) -> HttpResponse:
    """The front page of whoever is signed in; the record's own front for anyone else."""
    page = as_page(request)
    if not page.viewer.person:
        return HttpResponseRedirect(reverse("record-index"))
    when = moment(request)
    node, viewer = page.node, page.viewer
    mine, other = node.side, node.book.other or ""
    waiting = {side: read.waiting(node, viewer, side, when.bound) for side in (mine, other) if side}
    since = (datetime.now(UTC) - timedelta(days=SOON)).strftime("%Y-%m-%dT%H:%M:%SZ")
    changed = read.changed(node, viewer, since)
    names = Names.of(request, when).learn_for([*changed, *(row for rows in waiting.values() for row in rows)])
    on_me = [_wait(row, mine, names) for row in waiting[mine]]
    on_them = [_wait(row, mine, names) for row in waiting.get(other, ())]
    drafts = [
        draft
        for draft in (models.Draft.objects.filter(office=page.seat.office)[:200] if page.seat else ())
        if acting.may(page, f"read_draft:{draft.purpose}", draft.kind)
    ][:20]
    page.counts = {"desk": (len(on_me), _("%(n)s waiting on you") % {"n": len(on_me)})} if on_me else {}
    return answer(
        request,
        "desk/desk.html",
        {
            "mine": mine,
            "other": other,
            "on_me": on_me,
            "on_them": on_them,
            "due": _due(page, when.day or datetime.now(UTC).date()),
            "changed": [
                {
                    "title": names.called(row),
                    "url": url_of(row),
                    "kind": labels.kind(row.kind),
                    "grade": row.grade,
                    "by": row.stated_by,
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
                    "updated": draft.updated.isoformat(),
                    "url": reverse("draft", args=[draft.record.rsplit("/", 1)[1], draft.purpose]),
                }
                for draft in drafts
            ],
        },
        begin=[
            {"label": _("New %(kind)s") % {"kind": labels.kind(kind)}, "url": reverse("start", args=[section])}
            for kind, section in (
                ("project", "projects"),
                ("need", "needs"),
                ("success_definition", "success"),
                ("meeting", "meetings"),
                ("instrument", "instruments"),
                ("commitment", "commitments"),
            )
            if acting.may(
                page, f"write_draft:{'state' if KINDS[kind].mode == 'own' else 'propose' if other else 'paper'}", kind
            )
        ],
    )


PATTERNS = [*route("", desk, "desk")]
