"""What a submitter said at the door after a recommendation was taken in, as far as it is not in the record yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dtti.accord.refusal import Refusal, refuse
from dtti.node.people import industry
from dtti.office.forum import intake
from dtti.programme.kinds.disposition import DISPOSITION

from . import acting
from .words import _


def said_since(page: Any, reference: str) -> Refusal | None:
    """Why nothing is passed on of a recommendation now; None where the record has all that its submitter has said."""
    waiting = intake.waiting(acting.asking(page), industry.referred(reference))
    found = next((each for each in waiting if each.record), None)
    if found is None:
        return None
    remedy = _("Take it in first, on the page of what came in by form.")
    if found.sent.withdrawn:
        return refuse(
            "recommendation-since", _("Its submitter has withdrawn it, and the record does not say so yet."), remedy
        )
    return refuse(
        "recommendation-since", _("Its submitter has said more since, which the record does not hold yet."), remedy
    )


def disposing(page: Any, kind: str, content: Mapping[str, Any]) -> Refusal | None:
    """The same of a text of this side that says what is to become of a recommendation; None for any other text."""
    mine = kind == DISPOSITION.code and content.get("side") == page.node.side
    return said_since(page, str(content.get("reference", ""))) if mine else None
