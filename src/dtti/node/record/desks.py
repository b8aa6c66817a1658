"""What a desk asks of the record: what waits, falls due, ends, changed since. A stretch of each, never all.

Every answer goes through `visibility`; each is one query whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from dtti.ledger.store import LEDGERS, NATIONAL
from dtti.node.core import visibility
from dtti.node.core.node import Node
from dtti.node.core.tables import FAR
from dtti.node.core.visibility import Viewer
from dtti.programme.published import PUBLISHED

from . import clock, journal, read, then
from .clock import At
from .read import LISTED, Listed, Page

MOST_ACTS: Final = 200  # of each ledger that are looked through for what changed
#: Acts that a node writes by itself, and that change nothing that people read.
_BY_ITSELF: Final = ("acknowledge", "anchor", "tombstone")


class Waits(msgspec.Struct, frozen=True):
    """Which records in a court are asked for: those there for one of these reasons, of a kind that goes with it."""

    offer: Collection[str]
    request: Collection[str]

    def holds(self, row: Listed) -> bool:
        """Whether a row in a court is among them."""
        return row.kind in (self.offer if row.court_why == "offer" else self.request)


def waiting(
    node: Node, viewer: Viewer, side: str, at: At, *, of: Waits | None = None, start: int = 0, count: int = read.PAGE
) -> Page:
    """Records in the court of `side`, the longest first; `of`: only those."""
    if then.apart(at):
        held = [one for one in then.rows(node, viewer, at) if one.row.court == side]
        held = [one for one in held if of is None or of.holds(one.row)]
        return then.page(held, {}, "", "court_since", descending=False, start=start, count=count)
    where, values = read.seen_where(viewer, at, filters={"court": side})
    if of is not None:
        parts = [
            f"(court_why = '{why}' AND kind IN ({_marks(kinds)}))"
            for why, kinds in (("offer", of.offer), ("request", of.request))
            if kinds
        ]
        where = f"{where} AND ({' OR '.join(parts) or '1 = 0'})"
        values = [*values, *of.offer, *of.request]
    return read.stretch(node, where, values, "court_since", descending=False, start=start, count=count)


def ages(node: Node, viewer: Viewer, at: At, most: int) -> list[Listed]:
    """Records in a court, of either side, the longest first."""
    where, values = read.seen_where(viewer, At(at.acts))
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND court <> '' ORDER BY court_since, ref_order, record LIMIT ?",
        [*values, most],
    )
    return [read.listed(row) for row in rows]


def due(node: Node, viewer: Viewer, upto: str, at: At, *, office: str = "", count: int = read.PAGE) -> list[Listed]:
    """Commitments and meetings of which something falls due by the day `upto`, the first first.

    Those compiled from public sources are left out. `office`: only those whose text names an office, by reference.
    """
    if then.apart(at):
        held = [one for one in then.rows(node, viewer, at) if one.row.due and one.row.due <= upto]
        held = [one for one in held if not one.row.compiled and (not office or f'"{office}"' in one.stored)]
        return then.page(held, {}, "", "due", descending=False, start=0, count=count).rows
    where, values = read.seen_where(viewer, at)
    if office:
        where, values = f"{where} AND content LIKE ?", [*values, f'%"{office}"%']
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND due IS NOT NULL AND due <= ? "
        f"AND {read.NOT_COMPILED} AND {read.READABLE} ORDER BY due, ref_order, record LIMIT ?",
        [*values, upto, count],
    )
    return [read.listed(row) for row in rows]


def ending(node: Node, viewer: Viewer, first: str, last: str, count: int) -> list[Listed]:
    """Open offers whose time ends between two moments, the first first."""
    where, values = read.seen_where(viewer, "")
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND offer <> '' AND answered = '' AND offer_until BETWEEN ? AND ? "
        "ORDER BY offer_until, record LIMIT ?",
        [*values, first, last, count],
    )
    return [read.listed(row) for row in rows]


def meetings(node: Node, viewer: Viewer, first: str, last: str, count: int) -> list[Listed]:
    """Meetings that are planned for days between two, the first first."""
    where, values = read.seen_where(viewer, "", "meeting")
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND status = 'planned' AND earliest BETWEEN ? AND ? "
        f"AND {read.READABLE} ORDER BY earliest, ref_order, record LIMIT ?",
        [*values, first, last, count],
    )
    return [read.listed(row) for row in rows]


def rows_of(node: Node, viewer: Viewer, records: Sequence[str], known: str = "") -> dict[str, Listed]:
    """The rows of some records as a viewer sees them, by record; as they stood at a claimed time where one is given."""
    if not records:
        return {}
    where, values = read.seen_where(viewer, known)
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE record IN ({_marks(records)}) AND {where}", [*records, *values]
    )
    return {each.record: each for each in map(read.listed, rows)}


#: A row of `done`, not read yet: `Done` of all that came would be made for the few that are shown.
Raw = Sequence[Any]
_LEDGER, _PLACE, _RECORD, _TIME = 0, 1, 4, 7


def came(node: Node, viewer: Viewer, reached: Mapping[str, int]) -> dict[str, list[Raw]]:
    """Acts that came into the ledgers after they `reached` these sizes, as a viewer sees them, newest first, by record.

    By place in the ledgers and not by claimed time: what the other side did earlier and sent later came later. At most
    `MOST_ACTS` of each ledger; what was compiled from public sources is left out.
    """
    found: list[Raw] = []
    for ledger, number in LEDGERS.items():
        found += _acts(node, viewer, "ledger = ? AND idx >= ?", [number, int(reached.get(ledger, 0))], "idx DESC")
    return _by_record(sorted(found, key=lambda row: (row[_TIME], row[_LEDGER], row[_PLACE]), reverse=True))


def since(node: Node, viewer: Viewer, moment: str, at: At) -> dict[str, list[Raw]]:
    """Acts after a claimed time, as `came` gives them, where nobody has looked before."""
    upto = at.acts or FAR
    order = "time DESC, ledger, idx DESC"
    return _by_record(_acts(node, viewer, "time > ? AND time <= ?", [moment, upto], order))


def _by_record(rows: Iterable[Raw]) -> dict[str, list[Raw]]:
    found: dict[str, list[Raw]] = {}
    for row in rows:
        found.setdefault(str(row[_RECORD]), []).append(row)
    return found


def _acts(node: Node, viewer: Viewer, condition: str, values: Sequence[Any], order: str) -> list[Raw]:
    if viewer.public:
        return []
    kept = "" if visibility.sees(viewer, visibility.NATIONAL) else f"AND ledger <> {LEDGERS[NATIONAL]} "
    return node.projection.engine.run(  # type: ignore[return-value]
        f"SELECT {journal.DONE_COLUMNS} FROM done WHERE {condition} AND record <> '' AND rule = '' "
        f"AND record NOT LIKE '%/{PUBLISHED}/%' AND verb NOT IN ({_marks(_BY_ITSELF)}) {kept}"
        f"AND {visibility.within(viewer)} ORDER BY {order} LIMIT ?",
        [*values, *_BY_ITSELF, MOST_ACTS],
    )


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))


def answered(node: Node, viewer: Viewer, known: str | At = "", count: int = 200) -> list[Listed]:
    """Records on which an answer was given that the proposer's office system has not closed yet, longest first."""
    at = clock.at(known)
    where, values = read.seen_where(viewer, clock.At(at.acts))
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND answered <> '' ORDER BY answered, record LIMIT ?",
        [*values, count],
    )
    return [read.listed(row) for row in rows]


def changed(node: Node, viewer: Viewer, since: str, count: int = 20, known: str | At = "") -> list[Listed]:
    """Records, published ones apart, whose state changed after `since`, newest first."""
    where, values = read.seen_where(viewer, clock.At(clock.at(known).acts))
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND {read.NOT_COMPILED} AND known_from > ? "
        "ORDER BY known_from DESC LIMIT ?",
        [*values, since, count],
    )
    return [read.listed(row) for row in rows]
