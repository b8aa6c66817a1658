"""What a node does by itself, by keys of its own: close, erase, acknowledge, anchor. Writes through `Node.write` alone.

Nothing here decides: an offer is closed because its answer was seen in time, or because its time has passed without
one; a body erased because a sound tombstone orders it, an act acknowledged because it is held, the national ledger
anchored because the hours have passed.
"""

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger import canonical
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.core.draft import Draft, Receipt
from dtti.node.core.node import Node

from . import late, spill


def attend(node: Node) -> list[Receipt]:
    """What a node does by itself: close what was answered or lapsed, erase what is ordered, acknowledge, anchor.

    Refused, once what is ordered was erased, where the clock cannot be believed: no entry is written by it unasked.
    """
    with node.store.writing():
        node.book.sync()
        if node.behind() is not None or node.book.released.standing() is None:
            return []
        records = _due(node)
    spill.obey(node)
    node.sure_of_time()
    receipts: list[Receipt] = []
    for record, stood in records.items():
        receipts += _close(node, record)
        _LEFT[node][record] = stood
    receipts += _acknowledge(node)
    receipts += _anchor(node)
    return receipts


#: What a record and the other side's ledger were when its offer was left open: until they change, it stays so.
_LEFT: WeakKeyDictionary[Node, dict[str, tuple[object, ...]]] = WeakKeyDictionary()


def _due(node: Node) -> dict[str, tuple[object, ...]]:
    """Records whose offer of this side has an answer, or has run out, and what they stood like: no other is read."""
    node.projection.catch_up(node.book)
    now = node.clock()
    rows = node.projection.engine.run(
        "SELECT record, seq, answer, offer_until < ? FROM state WHERE known_until = '9999' AND offer <> '' "
        "AND offer_side = ? AND (answer <> '' OR offer_until < ?)",
        (now, node.side, now),
    )
    mirrored = node.store.size(MIRROR)
    found: dict[str, tuple[object, ...]] = {record: (mirrored, *stood) for record, *stood in rows}
    _LEFT[node] = {record: stood for record, stood in _LEFT.get(node, {}).items() if found.get(record) == stood}
    return {record: stood for record, stood in found.items() if record not in _LEFT[node]}


def _close(node: Node, record: str) -> list[Receipt]:
    offer = node.book.view(record).offer
    if offer is None or offer.side != node.side:
        return []
    if offer.answer and (not offer.firm or offer.closes):
        if late.seen_late(node, offer) is not None:
            return []  # a person decides (see `late`)
        outcome = "agreed" if offer.answer_verb == "accept" else "returned"
        terms = table.Close(offer.id, outcome, offer.answer)  # type: ignore[arg-type]
    elif not offer.answer and node.clock() > offer.until:
        terms = table.Close(offer.id, "lapsed")
    else:
        return []
    try:
        return [node.write(Draft("close", record, terms))]
    except Refused:  # a notice stands, or a firm offer's clock has not been seen to pass: nothing to do yet
        return []


def _acknowledge(node: Node) -> list[Receipt]:
    if node.book.other is None:
        return []
    done = {
        held["act"]
        for placed in node.store.of_verb("acknowledge", RELEASED)[-64:]
        for held in acts.open_leaf(placed.leaf).act.terms["acts"]
    }
    voids = node.store.voids(MIRROR)
    start = _acknowledged_to(node)
    wanted: list[table.Held] = []
    receipts: list[Receipt] = []

    def write() -> None:
        receipts.append(node.write(Draft("acknowledge", terms=table.Acknowledge(list(wanted)))))
        wanted.clear()

    for index, leaf in enumerate(node.store.leaves(MIRROR, start), start):
        if index in voids:
            continue
        entry = acts.open_leaf(leaf)
        if entry.act.verb in ("acknowledge", "anchor") or entry.id in done:
            continue
        if entry.act.record and entry.id in node.book.record(entry.act.record).void:
            continue
        digest = entry.act.body[0].digest if entry.act.body else None
        wanted.append(table.Held(entry.id, entry.act.record, digest))
        if len(wanted) == 100:
            write()
    if wanted:
        write()
    return receipts


def _acknowledged_to(node: Node) -> int:
    placed = node.store.of_verb("acknowledge", RELEASED)
    if not placed:
        return 0
    last = acts.open_leaf(placed[-1].leaf).act.terms["acts"][-1]["act"]
    found = node.store.find(last)
    return found.index + 1 if found else 0


def witness(node: Node) -> list[Receipt]:
    """Before anything is taken in: where an offer of this side ran out unanswered, an entry that shows what was seen.

    If an answer comes now, its author may claim any time for it; that this side had not seen it by then is shown by
    what this side signed before it came.
    """
    if node.doubted() is not None:
        return []  # what comes may settle it; an entry by this clock would show nothing
    now, latest = node.clock(), node.book.released.time
    offers = [node.book.view(record).offer for record in _lapsed(node, latest, now)]
    over = [one for one in offers if one is not None and not one.answer and latest <= one.until < now]
    return _anchor(node, early=True) if over else []


def _lapsed(node: Node, latest: str, now: str) -> list[str]:
    """Records whose offer of this side ran out unanswered after this side's last entry."""
    node.projection.catch_up(node.book)
    rows = node.projection.engine.run(
        "SELECT record FROM state WHERE known_until = '9999' AND offer <> '' AND offer_side = ? AND answer = '' "
        "AND offer_until >= ? AND offer_until < ? LIMIT 1",
        (node.side, latest, now),
    )
    return [record for (record,) in rows]


def _anchor(node: Node, *, early: bool = False) -> list[Receipt]:
    last = node.store.of_verb("anchor", RELEASED)
    if last and not early:
        made = datetime.fromisoformat(acts.open_leaf(last[-1].leaf).act.time)
        if datetime.fromisoformat(node.clock()) - made < timedelta(hours=node.config.anchor_hours):
            return []
    # Kept as a body of this side alone: who is shown it later can check that the national record stood like this.
    head = {"root": node.store.root(NATIONAL).hex(), "size": node.store.size(NATIONAL)}
    stood = bodies.wrap(canonical.encode(head))
    digest = bodies.commit(stood).digest
    with node.store.writing():
        receipt = node.write(Draft("anchor", terms=table.Anchor(digest)))
        node.store.put_body(bodies.Owner(NATIONAL, receipt.act), stood)
    return [receipt]
