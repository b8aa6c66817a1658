"""The reports of the programme over the records that a viewer sees, and those records."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from dtti.accord.grade import GRADES
from dtti.accord.refusal import Refused, refuse
from dtti.node.core import standing
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.programme import reports
from dtti.programme.published import PUBLISHED
from dtti.programme.reports.records import Collection, Records, Version, created_by, heard
from dtti.programme.reports.rests import Result

from . import clock, read, then
from .clock import At

log = logging.getLogger(__name__)

# What reports count: texts that stand. An offer or a draft is nobody's record of anything.
_STANDS = ", ".join(f"'{each}'" for each in GRADES)


def _of_our_offices(kind: str, about: str, side: str, by: str, mine: str) -> bool:
    """Whether it is the other side's word on this side's offices or who sits in them, in its own or the public record.

    That this side says alone: what the other says of it stands on its own pages, and counts nowhere.
    """
    return kind in ("office", "appointment") and about == mine and (by != mine if side == PUBLISHED else side != mine)


class _Lazy(Collection):
    """Records read kind by kind as a report asks for them."""

    def __init__(self, node: Node, viewer: Viewer, known: str | At) -> None:
        super().__init__(())
        self._node, self._viewer, self._known = node, viewer, clock.at(known)
        self._read: dict[str, list[Version[Any]]] = {}

    def of(self, kind: str) -> Sequence[Version[Any]]:
        if kind not in self._read and self._known.on:
            self._read[kind] = [
                Version(row.record, row.ref, kind, row.side, row.grade, row.act, row.known_from, content)
                for row, content in then.whole(self._node, self._viewer, self._known, kind)
                if row.grade in GRADES
                and not _of_our_offices(kind, row.about, row.side, row.stated_by, self._node.side)
            ]
        if kind not in self._read:
            where, values = read.seen_where(self._viewer, self._known, kind)
            mine = self._node.side
            rows = self._node.projection.engine.run(
                f"SELECT record, ref, side, about, stated_by, grade, act, known_from, content FROM state WHERE {where} "
                f"AND text_state = 'held' AND grade IN ({_STANDS}) ORDER BY ref, record",
                values,
            )
            self._read[kind] = [
                Version(
                    record,
                    ref,
                    kind,
                    side,
                    grade,
                    act,
                    known,
                    read.read_content(kind, content),
                    speaks=standing.speaks(grade, side, by, mine),
                )
                for record, ref, side, about, by, grade, act, known, content in rows
                if not _of_our_offices(kind, about, side, by, mine)
            ]
        return self._read[kind]


def records(node: Node, viewer: Viewer, known: str | At = "") -> Collection:
    """The records that reports are computed from, as the viewer sees them, as known at a time (now if empty)."""
    return _Lazy(node, viewer, known)


OF = ("all", "published", "live")


def known_by(node: Node, viewer: Viewer, on: date | None, known: str | At = "") -> Records:
    """The records that a question about a day is asked of, as known at a time: that day's end where it names none."""
    at = clock.at(known)
    if on is not None and not at.on:
        at = clock.At(at.known, clock.asked(on.isoformat(), "").on)
    return records(node, viewer, at)


def part(node: Node, whole: Records, of: str) -> Records:
    """Of records all, the published ones, or the live ones. Refused where `of` is none of these."""
    if of not in OF:
        raise Refused(refuse("report-of", f"records are not parted by {of[:40]!r}", f"Use one of: {', '.join(OF)}."))
    if of == "all":
        return whole
    return created_by(whole, *((PUBLISHED,) if of == "published" else node.book.sides))


# Reports that answer for each body by itself, so that bodies of an exercise add nothing to those of the public record.
_BODY_BY_BODY = ("cadence", "co-chairs", "bodies")


def report(
    node: Node,
    viewer: Viewer,
    name: str,
    *,
    on: date | None = None,
    body: str | None = None,
    known: str | At = "",
    of: str = "",
    held: Records | None = None,
) -> Result:
    """A report of the programme over the records that a viewer sees, as known at a time.

    `of`: over all records, the published ones, or the live ones. In an exercise a report over the whole record is of
    the published records unless asked otherwise: invented projects beside real ones make no total. `held`: records
    already read.
    """
    apart = node.config.environment == "exercise" and body is None
    beside = apart and not of and name in _BODY_BY_BODY
    of = of or ("published" if apart else "all")
    whole = held if held is not None else known_by(node, viewer, on, known)
    made = _made(name, part(node, whole, of), on, body)
    if beside:
        # Bodies of the exercise answer each for itself beside those of the public record, and enter none of its totals.
        own = _made(name, created_by(whole, *node.book.sides), on, None)
        both = [each for each in ("bodies", "offices") if hasattr(made, each)]
        made = msgspec.structs.replace(made, **{each: {**getattr(own, each), **getattr(made, each)} for each in both})
    return msgspec.structs.replace(made, of=of)


def _made(name: str, found: Records, on: date | None, body: str | None) -> Result:
    try:
        return reports.report(name, found, on=on, body=body)
    except Refused:
        raise
    except Exception:
        # What the other side alone states takes no report away: it is made without that, and says so.
        log.exception("the report %s cannot be made of all records", name)
        made = reports.report(name, heard(found), on=on, body=body)
        return msgspec.structs.replace(made, left_out="what the other side alone states: no report could be made of it")
