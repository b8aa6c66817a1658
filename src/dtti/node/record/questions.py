"""Questions put together where they are asked: how long between two facts, how many records. As a viewer sees them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.programme.published import PUBLISHED
from dtti.programme.reports import between as spans
from dtti.programme.reports import count as counting
from dtti.programme.reports.between import Between
from dtti.programme.reports.count import Asked, Count
from dtti.programme.reports.records import Records, created_by

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
    held = _records(node, viewer, on, known, of)
    day = today or on or datetime.now(UTC).date()
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
    made = counting.count(_records(node, viewer, on, known, of), asked, on=on)
    return msgspec.structs.replace(made, of=of)


def _records(node: Node, viewer: Viewer, on: date | None, known: str | At, of: str) -> Records:
    if of not in reporting.OF:
        raise Refused(
            refuse("report-of", f"records are not parted by {of[:40]!r}", f"Use one of: {', '.join(reporting.OF)}.")
        )
    at = clock.at(known)
    if on is not None and not at.on:
        at = clock.At(at.known, clock.asked(on.isoformat(), "").on)
    found: Records = reporting.records(node, viewer, at)
    if of == "all":
        return found
    return created_by(found, *((PUBLISHED,) if of == "published" else node.book.sides))
