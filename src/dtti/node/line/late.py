"""Answers that this side first saw after their offer had lapsed. Says what shows it; closes nothing.

The time in an answer is only claimed: whoever wants to agree to an offer that has run out writes an earlier one. What
this side saw in time is what it has signed to have seen: an entry of its own, or its cosignature under a checkpoint of
the other side. Where neither covers the answer by `until`, the office system leaves the offer open, and a person
decides: late, or by the answer all the same.
"""

from datetime import UTC, datetime
from typing import Literal

import msgspec

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused, refuse
from dtti.accord.view import Offer
from dtti.ledger import checkpoint as notes
from dtti.ledger.act import open_leaf
from dtti.ledger.store import LEDGERS, MIRROR, RELEASED
from dtti.node.core.draft import Draft, Receipt
from dtti.node.core.node import Node


class Lacking(msgspec.Struct, frozen=True):
    """A statement of this side that covers none of the answer: entries of the other side seen then, and when that was.

    `act`: this side's own signed entry; empty where it is a checkpoint of the other side that this side cosigned.
    """

    seen: int
    time: str
    act: str = ""
    index: int = -1


class LateAnswer(msgspec.Struct, frozen=True):
    """An offer of this side that is answered and open, because its answer was first seen after `until`.

    `time`: claimed in the answer. `sighted`: this side's first entry later than `until` that had not seen it, which the
    acts that end such an offer name; None where there is none. `checkpoints`: those of the other side, taken in here
    from the answer's claimed time on, that lacked it.
    """

    record: str
    offer: str
    until: str
    answer: str
    verb: str
    time: str
    place: int
    sighted: Lacking | None
    checkpoints: list[Lacking]


def late_answers(node: Node) -> list[LateAnswer]:
    """Every such offer, as the record stands now."""
    node.projection.catch_up(node.book)
    rows = node.projection.engine.run(
        "SELECT DISTINCT record FROM state WHERE known_until = '9999' AND answer <> '' AND offer_side = ?", (node.side,)
    )
    offers = [node.book.view(record).offer for (record,) in sorted(rows)]
    found = [seen_late(node, offer) for offer in offers if offer is not None and offer.side == node.side]
    return [one for one in found if one is not None]


def seen_late(node: Node, offer: Offer) -> LateAnswer | None:
    """What shows that the answer to this side's `offer` came after its time; None where it was seen in time, or none.

    While `until` has not come, whatever is seen now is seen in time.
    """
    placed = node.store.find(offer.answer) if offer.answer else None
    if placed is None or placed.ledger != MIRROR or node.clock() <= offer.until:
        return None
    checkpoints = _checkpoints(node)
    if any(one.seen > placed.index and one.time <= offer.until for one in checkpoints):
        return None
    sighted = None
    for index, leaf in _entries_back(node):
        act = open_leaf(leaf).act
        if act.time <= offer.until:
            if act.seen.size > placed.index:
                return None
            break  # entries before it had seen no more
        if act.seen.size <= placed.index:
            sighted = Lacking(act.seen.size, act.time, open_leaf(leaf).id, index)
    answer = node.book.entry(placed.leaf).act
    record = answer.record
    return LateAnswer(
        record,
        offer.id,
        offer.until,
        offer.answer,
        answer.verb,
        answer.time,
        placed.index,
        sighted,
        [one for one in checkpoints if one.seen <= placed.index and one.time >= answer.time],
    )


End = Literal["late", "agreed", "returned"]


def ends(node: Node, found: LateAnswer) -> tuple[End, ...]:
    """How the offer can end: by its answer, and as late where its rule set knows that and an entry shows it."""
    wanted: End = "agreed" if found.verb == "accept" else "returned"
    return (wanted,) if found.sighted is None or _first_set(node, found) else ("late", wanted)


def _first_set(node: Node, found: LateAnswer) -> bool:
    placed = node.store.find(found.offer)
    return placed is not None and node.book.entry(placed.leaf).act.rules == "dtti_1"


def decide(node: Node, record: str, outcome: End, office: str) -> Receipt:
    """End this side's offer on `record`, whose answer came late: as late, or by the answer (agreed or returned)."""
    return node.write(ending(node, record, outcome, office))


def ending(node: Node, record: str, outcome: str, office: str) -> Draft:
    """The act that ends it so; Refused where the record has no such offer, or it cannot end so."""
    offer = node.book.view(record).offer
    found = seen_late(node, offer) if offer is not None and offer.side == node.side else None
    if found is None:
        raise Refused(
            refuse(
                "late-answer",
                "no offer of this side on that record waits for such a decision",
                "Of an offer that was answered in time the office system itself records how it ended.",
            )
        )
    first, wanted = _first_set(node, found), "agreed" if found.verb == "accept" else "returned"
    if outcome not in ends(node, found):
        why = (
            f"its answer is {'an acceptance' if found.verb == 'accept' else 'a return'}"
            if outcome != "late"
            else "the offer was made under dtti_1, which knows no such end"
            if first
            else "this side signed nothing between the date and the answer, so nothing shows that it came late"
        )
        raise Refused(refuse("late-answer", f"it cannot end as {outcome}: {why}", f"It can end as {wanted}."))
    if first or found.sighted is None:
        return Draft("close", record, table.Close(found.offer, wanted, found.answer))  # type: ignore[arg-type]
    terms = table_2.Close(found.offer, outcome, found.answer, found.sighted.act)
    return Draft("close", record, terms, office)


def _entries_back(node: Node) -> list[tuple[int, bytes]]:
    """This side's own sound entries, latest first."""
    voids = node.store.voids(RELEASED)
    return [
        (index, leaf) for index, leaf in reversed(list(enumerate(node.store.leaves(RELEASED)))) if index not in voids
    ]


def _checkpoints(node: Node) -> list[Lacking]:
    """The other side's checkpoints that this side cosigned: entries covered, and when it did."""
    keys = {key.public: key for standing in node.book.released.history for key in standing.keys.keys("mirror")}
    found = []
    for size, note in node.store.engine.run(
        "SELECT size, note FROM note WHERE ledger = ? ORDER BY size", (LEDGERS[MIRROR],)
    ):
        parsed = notes.parse(str(note))
        moments = [notes.cosigned_by(parsed, node.party.origin, key) for key in keys.values()]
        moment = min((each for each in moments if each is not None), default=None)
        if moment is not None:
            found.append(Lacking(int(size), datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
    return found
