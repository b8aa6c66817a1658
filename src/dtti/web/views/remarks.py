"""What was remarked on a record, whole, for where people read its text and decide: inside this side, or to the other.

Which acts there are, and what they say, is asked of `read` alone, so that visibility is decided once.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from dtti.ledger.store import NATIONAL
from dtti.node.record import read
from dtti.node.record.clock import At
from dtti.node.record.holders import Holders
from dtti.web import labels, page

from . import shown
from .words import _

MOST: Final = 30  # that a page shows; the history has every act

#: Acts that carry what people say beside a text.
VERBS: Final = ("comment", "propose", "send_back", "withdraw", "hand_over", "request_pen", "notice", "state")


def on_record(request: HttpRequest, record: str, known: str | At = "") -> list[dict[str, Any]]:
    """The latest remarks on a record that this viewer may read, newest first, each with who reads it."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found, who = [], Holders(node, viewer)
    for done in read.recent(node, viewer, 4 * MOST, verbs=VERBS, known=known, record=record):
        held = read.body_of(node, viewer, done.id) if done.bodies and not done.rule else None
        said = held.text.remarks if held and held.text else ""
        gone = held.state if held and not held.text and done.verb == "comment" else ""
        if not said and not gone:
            continue
        by = held.text.by if held and held.text else None
        inside = done.ledger == NATIONAL
        found.append(
            {
                "act": done.id,
                "time": done.time,
                "side": done.side,
                "verb": done.verb,
                "inside": inside,
                "kept": page.group_name(request, done.terms.get("group", "")) if inside else "",
                "by": shown.holder(who.acting(done.side, done.office, done.time, by.name if by else "")),
                "remarks": said,
                "gone": gone,
                "what": labels.verb(done.verb) if done.verb != "comment" else _("Remark"),
                "url": reverse("entry", args=[done.id]),
            }
        )
    return found[:MOST]
