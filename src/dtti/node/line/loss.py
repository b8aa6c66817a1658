"""What a recovery gives up: named entry by entry, confirmed by a person, declared under the root keys.

An entry that was answered for stands in its place for ever. A copy that is older gives those places to other acts when
it signs again: what the high-water mark knows of, and what nobody here can know of. So it asks first, and what is known
to be lost is declared in the ledger. The root keys can do so without the counterpart; what it holds is named then.
"""

from collections.abc import Mapping

import msgspec

from dtti.accord import table
from dtti.accord.refusal import Refused, refuse
from dtti.ledger import tree
from dtti.ledger.act import MalformedLeaf, open_leaf
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import mark as marks
from dtti.node.core import text, unfinished
from dtti.node.core.draft import Draft, Receipt
from dtti.node.core.node import Node

from . import exchange
from .exchange import Given

SENTENCE = "{side} goes on from {released} released and {national} national entries"
SHOWN = 200  # places and entries that are named one by one; the counts are of all
_IN_REMARKS = 20


class Named(msgspec.Struct, frozen=True):
    """An entry of this side in its place: taken back, or given up. Of one that nobody gave, only the place is known.

    `holds`: whether the counterpart holds it, by what it gave or has signed.
    """

    ledger: str
    index: int
    verb: str = ""
    record: str = ""
    time: str = ""
    act: str = ""
    holds: bool = False


class GivenUp(msgspec.Struct, frozen=True):
    """What is given up where this node signs on from `released` and `national` entries.

    `places`: entries known to have been signed, and not here, in order; `released_lost` and `national_lost` are their
    numbers. `unknown`: whether more may have been signed after `last`, the time of the latest entry here.
    """

    released: int
    national: int
    places: list[Named]
    released_lost: int
    national_lost: int
    unknown: bool
    last: str
    sentence: str

    @property
    def asks(self) -> bool:
        """Whether someone has to say that this is so before the node signs."""
        return self.unknown or bool(self.places)


def given_up(node: Node, own: Given | None = None) -> GivenUp:
    """What this node would give up by signing now. `own`: entries of this side that the counterpart gave."""
    node.book.sync()
    path = node.folder.mark(node.config)
    mark = marks.known(path)
    here = {RELEASED: node.book.released.size, NATIONAL: node.book.national.size}
    beyond = _beyond(own, here[RELEASED])
    signed = {
        RELEASED: max(mark.released, exchange.known_to_hold(node), here[RELEASED] + len(beyond)),
        NATIONAL: mark.national,
    }
    places = []
    for ledger, size in here.items():
        for index in range(size, min(signed[ledger], size + SHOWN)):
            place = index - size
            if ledger == RELEASED and place < len(beyond):
                places.append(beyond[place])
            else:
                places.append(Named(ledger, index, holds=ledger == RELEASED and index < exchange.known_to_hold(node)))
    try:
        # A mark without the entry that stood last was moved by the counterpart's checkpoint: this copy is an old one.
        unknown = marks.read(path).unsure or (mark.released > 0 and not mark.last)
    except Refused:
        unknown = True
    return GivenUp(
        here[RELEASED],
        here[NATIONAL],
        places,
        max(0, signed[RELEASED] - here[RELEASED]),
        max(0, signed[NATIONAL] - here[NATIONAL]),
        unknown,
        max(node.book.released.time, node.book.national.time),
        SENTENCE.format(side=node.side, released=here[RELEASED], national=here[NATIONAL]),
    )


def _beyond(own: Given | None, size: int) -> list[Named]:
    """The entries that the counterpart gave of this side, beyond those that are here."""
    if own is None or own.start > size:
        return []
    return [
        named(leaf, RELEASED, index, holds=True) for index, leaf in enumerate(own.leaves, own.start) if index >= size
    ]


def named(leaf: bytes, ledger: str, index: int, *, holds: bool) -> Named:
    """A leaf as a person is told of it."""
    try:
        entry = open_leaf(leaf)
    except MalformedLeaf:
        return Named(ledger, index, act=tree.leaf_hash(leaf).hex(), holds=holds)
    return Named(ledger, index, entry.act.verb, entry.act.record, entry.act.time, entry.id, holds)


def make_sure(
    node: Node, up: GivenUp, confirm: str, *, declare_loss: bool = False, without: str = ""
) -> tuple[bool, Receipt | None]:
    """Let the node sign again where someone confirmed what it gives `up`; returns whether it does, and its declaration.

    What is known to be lost is declared too, with `declare_loss` and the root ring; without it, Refused. `without`: the
    counterpart, where this is done without what it holds: then it is declared in any case.
    """
    if up.asks and confirm != up.sentence:
        return False, None
    if not up.places and not without:
        marks.write(node.folder.mark(node.config), marks.here(node.book))
        return True, None
    if not declare_loss:
        raise Refused(
            refuse(
                "loss",
                f"{up.released_lost} released and {up.national_lost} national entries that this side had signed are "
                "nowhere to be had",
                "Look for a later backup first. If there is none, declare the loss: add --declare-loss. It needs the "
                "root keys, and stands in the ledger for ever.",
            )
        )
    terms = table.Loss(up.national_lost, up.released)
    with unfinished.working(node, "recover", declared=str(up.released)):
        receipt = node.write_after_loss(Draft("loss", terms=terms, texts=(text.Text(remarks=_remarks(up, without)),)))
        marks.write(node.folder.mark(node.config), marks.here(node.book))
    return True, receipt


def _remarks(up: GivenUp, without: str) -> str:
    said = [
        f"{up.national_lost} national and {up.released_lost} released entries that this side had signed are lost.",
        f"The ledgers go on from {up.released} released and {up.national} national entries.",
    ]
    if up.unknown:
        said.append(f"More may have been signed after {up.last or 'the founding'}; this copy cannot know of it.")
    if without:
        said.append(f"This is said without {without}, which may hold released entries from {up.released} on.")
    held = [one for one in up.places if one.holds]
    if held:
        ids = ", ".join(f"{one.index}{f' ({one.act[:16]})' if one.act else ''}" for one in held[:_IN_REMARKS])
        more = f" and {len(held) - _IN_REMARKS} more" if len(held) > _IN_REMARKS else ""
        said.append(f"Held there and not here: entry {ids}{more}.")
    return " ".join(said)


@unfinished.finishes("recover")
def _finish(node: Node, about: Mapping[str, str]) -> None:
    """Move the mark where the declaration of a loss stands; else nothing was done yet."""
    node.book.sync()
    if any(one.index == int(about["declared"]) for one in node.store.of_verb("loss", RELEASED)):
        marks.write(node.folder.mark(node.config), marks.here(node.book))


# --- in words --------------------------------------------------------------------------------------------------------


def line(one: Named) -> str:
    """One entry, for a person at a terminal."""
    what = f"{one.verb or 'entry'}{f' of {one.record}' if one.record else ''}{f', {one.time}' if one.time else ''}"
    return f"  {one.ledger} entry {one.index}: {what}{f' (act {one.act[:16]})' if one.act else ''}"


def words(up: GivenUp, *, other: str, without: bool = False) -> list[str]:
    """What is asked before the node signs again."""
    lines = ["This node does not sign yet. If it went on from here it would give up, for ever:"]
    for one in up.places:
        why = f"; {other} HOLDS it" if one.holds else "; it was signed and answered for, and is nowhere to be had"
        lines.append(f"{line(one)}{why}")
    more = up.released_lost + up.national_lost - len(up.places)
    if more:
        lines.append(f"  and {more} more that are known of")
    if up.unknown:
        theirs = ("may hold" if without else "did not give back") if other else "holds"
        lines.append(
            f"  and whatever was signed after {up.last or 'the founding'} and is not here: national entries, and "
            f"released ones that {other or 'nobody'} {theirs}. This copy cannot know of it; other acts will stand there"
        )
    if without:
        lines.append(
            f"Without {other}: what it holds from released entry {up.released} on contradicts what is signed next. Its "
            "system then halts the exchange as a fork, until both sides settle by hand which entries stand"
        )
    declare = " --declare-loss" if up.places or without else ""
    lines += [
        "Look for a later backup first. If there is none, say that it is so:",
        f"  --confirm '{up.sentence}'{declare}",
    ]
    if declare:
        lines.append("The root keys then declare it in the ledger, for ever.")
    return lines
