"""Reports of the programme over the record as who asks may see it, with what of it was not released."""

from __future__ import annotations

from typing import Any

from dtti.node.record import lookups, read
from dtti.programme.reports import Records

from .asking import Asking

__all__ = ["Records"]


def records(asking: Asking) -> Records:
    """The records that reports are made from, read once for an answer."""
    return read.records(asking.node, asking.viewer, asking.moment.bound)


def made(
    asking: Asking, name: str, *, body: str | None = None, now: bool = False, held: Records | None = None, of: str = ""
) -> dict[str, Any]:
    """The report `name`. `now`: ask about today where no day is asked for; `held`: records read already."""
    node, viewer, when = asking.node, asking.viewer, asking.moment
    on = when.day or (when.today if now else None)
    found = read.report(node, viewer, name, on=on, body=body, known=when.bound, of=of, held=held)
    found["not_released"] = lookups.not_released(node, viewer, found["uses"], when.bound)
    return found
