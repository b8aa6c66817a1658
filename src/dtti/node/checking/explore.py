"""The official records entry by entry: how each ledger stands, both in one order of time, and what changed since.

Knows the store, the projection and `visibility`; writes nothing and decides no verdict. An entry is public to nobody: a
viewer without a seat sees none, and the national ledger is there only for whoever may see national content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import checkpoint as notes
from dtti.ledger.act import MalformedLeaf, open_leaf
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Placed
from dtti.node.core import visibility
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal, read
from dtti.node.record.journal import Done

PAGE = 50
#: How many acknowledgements are looked at to say which entries of one page are acknowledged.
MOST_ACKNOWLEDGEMENTS = 400

_NAMES = {number: name for name, number in LEDGERS.items()}
_CURSOR = re.compile(r"(?P<time>[0-9TZ:-]{0,20})\.(?P<ledger>[012])\.(?P<index>0|[1-9][0-9]{0,15})\Z")
#: What office systems write by themselves about the record, and nobody acknowledges.
UPKEEP = ("acknowledge", "anchor")


class Ledger(msgspec.Struct, frozen=True):
    """One ledger as it stands: entries, root (hex), and the latest checkpoint held of it, if any."""

    name: str
    side: str
    size: int
    root: str
    checkpoint: Checkpoint | None


class Checkpoint(msgspec.Struct, frozen=True):
    """A held checkpoint: entries it covers, root (hex), who signed, who cosigned and when (Unix seconds), the note."""

    size: int
    root: str
    origin: str
    signers: tuple[str, ...]
    note: str


class About(msgspec.Struct, frozen=True):
    """What a record or an office is called, as far as the viewer sees it."""

    record: str
    kind: str
    ref: str
    title: str
    label: str
    code: str  # what addresses it
    side: str  # the side that it is about, where it says


_ABOUT = visibility.columns(("record", "kind", "ref", "title", "label", "name", "about"))


class Spot(msgspec.Struct, frozen=True):
    """Where an act stands: the side that wrote it, ledger, index, id, claimed time."""

    side: str
    ledger: str
    index: int
    id: str
    time: str
    verb: str


class Stretch(msgspec.Struct, frozen=True):
    """Entries newest first, and the cursor of what comes before them; empty at the beginning."""

    rows: list[Done]
    before: str


def official(node: Node, viewer: Viewer) -> list[str]:
    """Names of the ledgers that `viewer` may look into, own released first, national last."""
    if viewer.public:
        return []
    found = [RELEASED]
    if node.book.other is not None:
        found.append(MIRROR)
    if visibility.sees(viewer, visibility.NATIONAL):
        found.append(NATIONAL)
    return found


def shows(node: Node, viewer: Viewer, placed: Placed) -> bool:
    """Whether `viewer` may look into this entry."""
    return placed.ledger in official(node, viewer) and journal.sees_act(viewer, placed)


def standing(node: Node, viewer: Viewer, known: str = "") -> list[Ledger]:
    """Size, root and checkpoint of every ledger that `viewer` may look into; as claimed by `known`, without checkpoint.

    Which checkpoint was held at a time gone by is not kept.
    """
    found = []
    for name in official(node, viewer):
        size = node.store.size(name)
        if known:
            later = node.projection.engine.run(
                "SELECT MIN(idx) FROM done WHERE ledger = ? AND time > ?", (LEDGERS[name], known)
            )[0][0]
            size = size if later is None else int(later)
        held = None if known else checkpoint(node, name)
        found.append(Ledger(name, side_of(node, name), size, node.store.root(name, size).hex(), held))
    return found


def side_of(node: Node, ledger: str) -> str:
    """The side that writes a ledger of this node's store."""
    return (node.book.other or "") if ledger == MIRROR else node.side


def checkpoint(node: Node, ledger: str) -> Checkpoint | None:
    """The latest checkpoint held of a ledger."""
    held = node.store.note(ledger)
    if held is None:
        return None
    parsed = notes.parse(held)
    return Checkpoint(parsed.size, parsed.root.hex(), parsed.origin, tuple(line.name for line in parsed.lines), held)


# --- both in one order of time ---------------------------------------------------------------------------------------


def entries(
    node: Node,
    viewer: Viewer,
    ledgers: Sequence[str],
    *,
    verb: str = "",
    record: str = "",
    known: str = "",
    before: str = "",
    upkeep: bool = True,
    count: int = PAGE,
) -> Stretch:
    """Entries of the named ledgers, newest first: of a verb, on a record, claimed by a time, before a cursor.

    `upkeep` false: without acknowledgements and anchors, unless one of them is void or the verb asked for.
    """
    wanted = [name for name in ledgers if name in official(node, viewer)]
    if not wanted:
        return Stretch([], "")
    # Plus nothing: the order of time has an index of its own, and that of a ledger would have all of it sorted.
    parts = [f"ledger + 0 IN ({','.join(str(LEDGERS[name]) for name in wanted)})", visibility.within(viewer)]
    values: list[Any] = []
    for column, value in (("verb", verb), ("record", record)):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    if not upkeep and not verb:
        parts.append(f"(verb NOT IN ({','.join('?' * len(UPKEEP))}) OR rule <> '')")
        values += UPKEEP
    if known:
        parts.append("time <= ?")
        values.append(known)
    if before:
        condition, cursor = _before(before)
        parts.append(condition)
        values += cursor
    rows = journal.done_of(
        node.projection.engine.run(
            f"SELECT {journal.DONE_COLUMNS} FROM done WHERE {' AND '.join(parts)} "  # noqa: S608 - own names; values are bound
            "ORDER BY time DESC, ledger, idx DESC LIMIT ?",
            [*values, count + 1],
        )
    )
    more, rows = len(rows) > count, rows[:count]
    return Stretch(rows, _cursor(rows[-1]) if more else "")


def _cursor(last: Done) -> str:
    return f"{last.time}.{LEDGERS[last.ledger]}.{last.index}"


def _before(cursor: str) -> tuple[str, list[Any]]:
    found = _CURSOR.match(cursor)
    if found is None:
        raise Refused(
            refuse("cursor", f"`before` is {cursor[:40]!r}, which no page of the record gave", "Follow its own links.")
        )
    time, ledger, index = found["time"], int(found["ledger"]), int(found["index"])
    return (
        "(time < ? OR (time = ? AND (ledger > ? OR (ledger = ? AND idx < ?))))",
        [time, time, ledger, ledger, index],
    )


def called(node: Node, viewer: Viewer, records: Iterable[str]) -> dict[str, About]:
    """What records are called, of those that `viewer` sees: one query for all."""
    wanted = sorted({record for record in records if record})
    if not wanted:
        return {}
    where, values = read.seen_where(viewer, "")
    marks = ",".join("?" * len(wanted))
    rows = node.projection.engine.run(
        f"SELECT {_ABOUT} FROM state WHERE record IN ({marks}) AND {where}",  # noqa: S608
        [*wanted, *values],
    )
    return {row[0]: About(*row) for row in rows}


def placed(node: Node, viewer: Viewer, acts: Iterable[str]) -> dict[str, Spot]:
    """Where acts stand, of those that `viewer` sees: one query for all."""
    wanted = sorted({act for act in acts if act})
    seen = official(node, viewer)
    if not wanted or not seen:
        return {}
    rows = node.projection.engine.run(
        "SELECT side, ledger, idx, id, time, verb FROM done "  # noqa: S608 - own names; values are bound
        f"WHERE id IN ({','.join('?' * len(wanted))}) AND ledger IN ({','.join(str(LEDGERS[name]) for name in seen)}) "
        f"AND {visibility.within(viewer)}",
        wanted,
    )
    return {row[3]: Spot(row[0], _NAMES[row[1]], row[2], row[3], row[4], row[5]) for row in rows}


def acknowledgements(node: Node, rows: Sequence[Done]) -> dict[str, Spot]:
    """By which entry the other side acknowledged each of `rows` (released or mirrored), as far as one is held here.

    Acknowledgements are looked for from the first entry on that had seen the oldest of them, and no more than
    MOST_ACKNOWLEDGEMENTS of them; what is acknowledged later than that is found on the entry's own page.
    """
    found: dict[str, Spot] = {}
    for ledger, facing in ((RELEASED, MIRROR), (MIRROR, RELEASED)):
        wanted = {row.id: row.index for row in rows if row.ledger == ledger and row.id and row.verb not in UPKEEP}
        if wanted and node.book.other is not None:
            found |= _acknowledged(node, facing, wanted)
    return found


def _acknowledged(node: Node, facing: str, wanted: dict[str, int]) -> dict[str, Spot]:
    start = _first_that_saw(node, facing, min(wanted.values()))
    rows = node.projection.engine.run(
        "SELECT idx FROM done WHERE ledger = ? AND idx >= ? AND verb = 'acknowledge' AND rule = '' "
        "ORDER BY idx LIMIT ?",
        (LEDGERS[facing], start, MOST_ACKNOWLEDGEMENTS),
    )
    found: dict[str, Spot] = {}
    for (index,) in rows:
        entry = open_leaf(node.store.leaf(facing, index))
        spot = Spot(entry.act.side, facing, index, entry.id, entry.act.time, "acknowledge")
        for held in entry.act.terms["acts"]:
            if held["act"] in wanted:
                found.setdefault(held["act"], spot)
        if len(found) == len(wanted):
            break
    return found


def _first_that_saw(node: Node, ledger: str, index: int) -> int:
    """The first entry of `ledger` whose author had seen entry `index` of the other; `seen` never shrinks."""
    low, high = 0, node.store.size(ledger)
    while low < high:
        middle = (low + high) // 2
        if _seen(node.store.leaf(ledger, middle)) > index:
            high = middle
        else:
            low = middle + 1
    return low


def _seen(leaf: bytes) -> int:
    try:
        return open_leaf(leaf).act.seen.size
    except MalformedLeaf:
        return 0


# --- what changed, for other programs --------------------------------------------------------------------------------


class Change(msgspec.Struct, frozen=True):
    """A record's state as it came to be known at `known_from`, by the act `act` (empty where that is not shown)."""

    record: str
    kind: str
    side: str
    label: str
    ref: str
    title: str
    grade: str
    number: int
    court: str
    court_since: str
    offer: str
    offer_until: str
    standing: str
    known_from: str
    name: str  # what addresses it


_CHANGE = visibility.columns(Change.__struct_fields__)


def changes(node: Node, viewer: Viewer, since: str, after: str = "", count: int = PAGE) -> list[Change]:
    """Records whose present state is known since later than `since`, oldest first.

    `after`: the record last given with that very time, where a page ended in the middle of it.
    """
    where, values = read.seen_where(viewer, "")
    rows = node.projection.engine.run(
        f"SELECT {_CHANGE} FROM state WHERE {where} AND (known_from > ? OR (known_from = ? AND record > ?)) "  # noqa: S608
        "ORDER BY known_from, record LIMIT ?",
        [*values, since, since if after else "", after, count],
    )
    return [Change(*row) for row in rows]
