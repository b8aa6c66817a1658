"""What was done on a record, newest first, a page at a time: one read model for every record's page and its JSON.

Knows the acts as `read` gives them and words. Holds no rule.
"""

from __future__ import annotations

from typing import Final

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from dtti.language.refusals import refusal_in
from dtti.node.core.visibility import NATIONAL
from dtti.node.record import journal, read
from dtti.node.record.clock import At
from dtti.node.record.holders import Holders
from dtti.node.record.journal import Done, Shown
from dtti.web import labels, page
from dtti.web.parts import Pages

from . import shown, words
from .words import _

MOST_NOTE: Final = 600  # characters of a remark in it; the entry has it whole
#: What names the page of the history in an address.
ASKED: Final = "history"


class Deed(msgspec.Struct, frozen=True):
    """An act on a line of a history, as `history()` takes it."""

    act: str
    verb: str
    ledger: str
    index: int
    verdict: str
    rule: str
    on: str
    what: str
    side: str
    national: bool
    kept: str
    confirmed: str
    note: str | None
    url: str | None
    grade: str | None


class History(msgspec.Struct, frozen=True):
    """A page of the acts on a record, and where it stands among all."""

    history: list[Deed]
    history_pages: Pages


def on_record(request: HttpRequest, record: str, known: At) -> History:
    """A page of the acts on a record that the viewer sees; which page, the address says."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    start = (page.number(request, ASKED, 1, most=20_000) - 1) * read.PAGE
    acts, total = journal.history_page(node, viewer, record, known, start)
    who = Holders(node, viewer)
    pages = shown.rows_page(request, total, start, read.PAGE, len(acts), name=ASKED)
    texts = journal.bodies_of(node, viewer, [(done.id, 0) for done in acts if done.bodies])
    return History([_row(request, who, done, texts.get((done.id, 0))) for done in acts], pages)


def _row(request: HttpRequest, who: Holders, done: Done, body: Shown | None) -> Deed:
    node = page.node_of(request)
    national = done.ledger == NATIONAL
    text = body.text if body else None
    by = shown.holder(who.acting(done.side, done.office, done.time, text.by.name if text and text.by else ""))
    wrong = _("claimed %(day)s, by a clock that was wrong") % {"day": done.claimed[:10]} if done.claimed else ""
    why = refusal_in(words.language(), done.reason) if done.verdict != "valid" else ""
    notes = (why, wrong, by, text.remarks if text else "")
    note = " · ".join(each for each in notes if each)
    compiled = done.verb == "state" and done.terms.get("basis") == "published" and done.side == node.side
    return Deed(
        done.id,
        done.verb,
        done.ledger,
        done.index,
        done.verdict,
        done.rule,
        on=done.time,
        what=_("Compiled from public sources") if compiled else _what(done),
        side=done.side,
        national=national,
        kept=page.group_name(request, done.terms.get("group", "")) if national else "",
        confirmed=shown.confirmed(node, done),
        note=(note if len(note) <= MOST_NOTE else f"{note[:MOST_NOTE]}…") or None,
        url=reverse("entry", args=[done.id]) if done.id else None,
        grade=done.verdict if done.verdict != "valid" else "published" if compiled else None,
    )


def did(done: Done) -> str:
    """What an act did, in words."""
    return _what(done)


def _what(done: Done) -> str:
    side = shown.side_name(done.side)
    closed = {
        "agreed": _("The offer ended: agreed"),
        "returned": _("The offer ended: sent back"),
        "lapsed": _("The offer lapsed"),
        "late": _("The offer ended: it was answered late"),
    }
    noticed = {
        "suspend": _("%(side)s suspended it", side=side),
        "resume": _("%(side)s resumed it", side=side),
        "withdraw_from": _("%(side)s withdrew from it", side=side),
    }
    plain = _("%(side)s %(verb)s", side=side, verb=labels.verb(done.verb))
    if done.verb == "close":
        return closed.get(str(done.terms.get("outcome", "")), plain)
    return noticed.get(str(done.terms.get("notice", "")), plain) if done.verb == "notice" else plain
