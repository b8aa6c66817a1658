"""When anything was first and last done on each record of a kind, as a viewer may know. One query for all of them.

What is national moves no span of a reader who may not see it, nor does what a node writes by itself.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from dtti.ledger.store import LEDGERS, NATIONAL
from dtti.node.core import visibility
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer

from . import then
from .clock import At

#: Acts that a node writes by itself, and that nobody does.
_BY_ITSELF: Final = ("acknowledge", "anchor", "tombstone", "close")


class Span(msgspec.Struct, frozen=True):
    """The claimed times of the first and the last act on a record."""

    first: str
    last: str


def of_kind(node: Node, viewer: Viewer, kind: str, at: At) -> dict[str, Span]:
    """The spans of the records of a kind that the viewer sees, by record; kept while the record stays as it is."""

    def find() -> dict[str, Span]:
        rows = node.projection.engine.run(
            f"SELECT record, MIN(time), MAX(time) FROM done WHERE record LIKE ? AND {_acts(viewer)}{_upto(at)} "
            "GROUP BY record",
            [f"{kind}/%", *_values(at)],
        )
        return {str(record): Span(str(first), str(last)) for record, first, last in rows}

    return node.projection.kept(("spans", kind, then.seeing(viewer), at), find)


def _acts(viewer: Viewer, of: str = "") -> str:
    """The condition that keeps the acts that a viewer may know of, void ones and a node's own apart."""
    if viewer.public:
        return "1 = 0"
    kept = "" if visibility.sees(viewer, visibility.NATIONAL) else f"AND {of}ledger <> {LEDGERS[NATIONAL]} "
    within = visibility.within(viewer).replace("kept", f"{of}kept", 1)
    return f"{of}rule = '' {kept}AND {within} AND {of}verb NOT IN ({','.join(repr(each) for each in _BY_ITSELF)})"


def _upto(at: At, of: str = "") -> str:
    return f" AND {of}time <= ?" if at.acts else ""


def _values(at: At) -> list[Any]:
    return [at.acts] if at.acts else []
