"""What was remarked on a record, whole, for where people read its text and decide: inside this side, or to the other.

Which acts there are, and what they say, is asked of `read` alone, so that visibility is decided once.
"""

from __future__ import annotations

from typing import Final

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from dtti.ledger.store import NATIONAL
from dtti.node.record import journal
from dtti.node.record.clock import At
from dtti.node.record.holders import Holders
from dtti.web import labels, page

from . import shown
from .words import _

MOST: Final = 30  # that a page shows; the history has every act

#: Acts that carry what people say beside a text.
VERBS: Final = ("comment", "propose", "send_back", "withdraw", "hand_over", "request_pen", "notice", "state")


class Remark(msgspec.Struct, frozen=True):
    """A remark, as `remarks_of()` takes it: `gone` where its text is (erased, missing), else empty."""

    act: str
    time: str
    side: str
    verb: str
    inside: bool
    kept: str
    by: str
    remarks: str
    gone: str
    what: str
    url: str


def on_record(request: HttpRequest, record: str, known: str | At = "") -> list[Remark]:
    """The latest remarks on a record that this viewer may read, newest first, each with who reads it."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found: list[Remark] = []
    who = Holders(node, viewer)
    acts = journal.recent(node, viewer, 4 * MOST, verbs=VERBS, known=known, record=record)
    texts = journal.bodies_of(node, viewer, [(done.id, 0) for done in acts if done.bodies and not done.rule])
    for done in acts:
        if len(found) == MOST:
            break
        held = texts.get((done.id, 0))
        said = held.text.remarks if held and held.text else ""
        gone = held.state if held and not held.text and done.verb == "comment" else ""
        if not said and not gone:
            continue
        by = held.text.by if held and held.text else None
        inside = done.ledger == NATIONAL
        found.append(
            Remark(
                done.id,
                done.time,
                done.side,
                done.verb,
                inside,
                page.group_name(request, done.terms.get("group", "")) if inside else "",
                shown.holder(who.acting(done.side, done.office, done.time, by.name if by else "")),
                said,
                gone,
                labels.verb(done.verb) if done.verb != "comment" else _("Remark"),
                reverse("entry", args=[done.id]),
            )
        )
    return found
