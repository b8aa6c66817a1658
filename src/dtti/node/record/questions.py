"""Questions put together where they are asked: how long between two facts, how many records. As a viewer sees them."""

from collections.abc import Mapping
from datetime import date

import msgspec

from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.programme.reports import between as spans
from dtti.programme.reports import count as counting
from dtti.programme.reports.between import Between
from dtti.programme.reports.count import Asked, Count

from . import clock, reporting
from .clock import At


def between(
    node: Node,
    viewer: Viewer,
    start: str,
    end: str,
    *,
    on: date | None = None,
    known: str | At = "",
    of: str = "all",
    reading: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Between:
    """How long from one fact to another, over the records that a viewer sees; see `programme.reports.between`.

    `today`: the day that ``today`` means; the day asked about, or the day it is.
    """
    held = reporting.part(node, reporting.known_by(node, viewer, on, known), of)
    day = today or on or clock.now().date()
    made = spans.between(held, start, end, on=on, reading=reading, today=day)
    return msgspec.structs.replace(made, of=of)


def count(
    node: Node, viewer: Viewer, asked: Asked, *, on: date | None = None, known: str | At = "", of: str = ""
) -> Count:
    """How many records of a kind, over those that a viewer sees; see `programme.reports.count`.

    In an exercise the published ones alone are counted unless asked otherwise: invented records beside real ones make
    no total.
    """
    of = of or ("published" if node.config.environment == "exercise" else "all")
    held = reporting.part(node, reporting.known_by(node, viewer, on, known), of)
    made = counting.count(held, asked, on=on)
    return msgspec.structs.replace(made, of=of)
