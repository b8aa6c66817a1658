"""How this office system stands, in officials' words: behind, halted, last exchange, anchors, versions, one operator.

Knows `node.status`; leaves out of it whatever is computed from national acts for a viewer who may not see those.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from dtti.ledger.store import NATIONAL
from dtti.node.core.node import Node
from dtti.node.core.visibility import NATIONAL as NATIONAL_LABEL
from dtti.node.core.visibility import Viewer, sees
from dtti.node.keeping import status as standing
from dtti.node.line import exchange
from dtti.node.record import read
from dtti.web import page
from dtti.web.requests import PageRequest

from .explorer_words import TOOLS
from .words import _

CUSTODIAN = "custodian"
#: What national acts move, or what is of this machine alone.
HIDDEN_FACTS = ("mark", "record", "disc", "node", "files", "clock", "backup", "leftovers", "unfinished")
HIDDEN = (
    "high-water",
    "disc",
    "disc-full",
    "open-files",
    "leftovers",
    "clock-ahead",
    "clock-behind",
    "clock-waits",
    "record-behind",
    "backup-age",
)


def status(request: HttpRequest) -> HttpResponse:
    """The page of how the node stands."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    seat = cast(PageRequest, request).seat
    if viewer.public and (seat is None or seat.duty != CUSTODIAN):
        raise page.not_here(_("status"))
    made = visible(node, viewer, standing.status(node))
    made["versions"] = {"dtti": version("dtti"), "python": sys.version.split()[0]}
    made["fork"] = exchange.halted(node)
    return page.answer(request, "pages/explorer/status.html", {"status": made}, **TOOLS, own=node.side)


def visible(node: Node, viewer: Viewer, made: dict[str, Any]) -> dict[str, Any]:
    """The status as `viewer` may see it. Without the national view no figure remains that national acts could move."""
    if sees(viewer, NATIONAL_LABEL):
        return made
    kept = {name: value for name, value in made.items() if name not in HIDDEN_FACTS}
    kept["ledgers"] = {name: one for name, one in made["ledgers"].items() if name != NATIONAL}
    if made["waiting"] is not None:
        kept["waiting"] = {
            side: {"count": read.listing(node, viewer, filters={"court": side}, count=1).total}
            for side in made["waiting"]
        }
    if made["behind"]:
        kept["behind"] = {**made["behind"], "reason": _("the ledgers here are shorter than they once were")}
    kept["amiss"] = [one for one in made["amiss"] if one["rule"] not in HIDDEN] + (
        [kept["behind"]] if made["behind"] else []
    )
    return kept
