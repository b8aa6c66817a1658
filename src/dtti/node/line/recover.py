"""Bringing a restored node up to what it had signed, from what the counterpart holds. Line or file: it sees stretches.

A node restored from a backup has forgotten its own latest acts. The counterpart holds those that were released, in its
mirror; both ledgers cite each other, so they are taken back together, in causal order: each entry after what it had
seen. Nothing is signed until the ledgers have reached everything this side is known to have signed. What is lost
(national acts, and released ones that never arrived) is declared in a `loss` act under the root keys, never passed by.
"""

import io
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.accord.standing import Fork
from dtti.ledger import checkpoint as notes
from dtti.ledger import pack as packs
from dtti.ledger import tree, ustar
from dtti.ledger.act import MalformedLeaf, open_leaf
from dtti.ledger.body import Body, Owner
from dtti.ledger.keylist import KeyList
from dtti.ledger.store import MIRROR, RELEASED, Row, Store
from dtti.ledger.ustar import Source
from dtti.ledger.verify import check_leaves
from dtti.node.core import commitments
from dtti.node.core.book import BATCH
from dtti.node.core.draft import Receipt, following
from dtti.node.core.node import Node
from dtti.node.folder.files import workplace

from . import exchange, loss, spill, usable
from .exchange import Given
from .loss import GivenUp, Named

OWN, THEIRS = "own.pack", "theirs.pack"
_GIVEN = re.compile(r"own\.pack|theirs\.pack")


class Recovered(msgspec.Struct, frozen=True):
    """What a recovery did: entries taken back of this side's ledger and taken in of the other's; what was lost.

    `sure`: whether the node signs again; where not, `up` says what has to be confirmed. `taken`: the first of `own`.
    """

    own: int = 0
    theirs: int = 0
    lost_released: int = 0
    lost_national: int = 0
    sure: bool = False
    loss: Receipt | None = None
    taken: list[Named] = []
    up: GivenUp | None = None


def take_back(node: Node, own: Given, theirs: Given) -> tuple[int, int]:
    """Take in what is new of both ledgers, in causal order; returns how many entries of each. All of it or nothing.

    Refused where a stretch does not join on to what is here, an entry is not sound, or a text is missing.
    """
    book = node.book
    if book.other is None:
        raise Refused(refuse("counterpart", "no counterpart has joined", "Use `dtti recover --alone`."))
    try:
        with node.store.writing():
            book.sync()
            counts = _take_back(node, own, theirs)
    except Fork as fork:
        book.reload()
        raise Refused(
            refuse(
                "fork",
                f"the two ledgers do not fit together: {fork}",
                "Nothing was taken in. Compare both checkpoints with the other side.",
            )
        ) from None
    except BaseException:
        book.reload()
        raise
    with following(f"{counts[0]} entries of {node.side} and {counts[1]} of {book.other} were taken in and stand"):
        node.projection.catch_up(book)
        spill.obey(node)
    return counts


def _take_back(node: Node, own: Given, theirs: Given) -> tuple[int, int]:
    book = node.book
    fresh = {RELEASED: _fresh(node, RELEASED, own), MIRROR: _fresh(node, MIRROR, theirs)}
    at = {RELEASED: 0, MIRROR: 0}
    moved = True
    while moved:
        moved = False
        for ledger, facing in ((RELEASED, MIRROR), (MIRROR, RELEASED)):
            run = _run(fresh[ledger][at[ledger] :], book.authority(facing).size)
            verdicts = book.take_in(ledger, run)
            if ledger == RELEASED:
                _all_sound(verdicts)
            at[ledger] += len(run)
            moved = moved or bool(run)
    for ledger, leaves in fresh.items():
        if at[ledger] < len(leaves):
            raise Refused(
                refuse(
                    "recover",
                    "entries given back cite others that were not given with them",
                    "Have the other side give back both ledgers whole: `dtti exchange pack --give-back`.",
                )
            )
    for ledger, given in ((RELEASED, own), (MIRROR, theirs)):
        commitments.keep_bodies(node, fresh[ledger], given.fetch, ledger)
        _keep_note(node, ledger, given)
    return len(fresh[RELEASED]), len(fresh[MIRROR])


def _fresh(node: Node, ledger: str, given: Given) -> list[bytes]:
    """The leaves beyond what is here, once all are shown to lead to their checkpoint, and those before compared."""
    held = node.store.size(ledger)
    if not given.note:
        return []
    note, stop = parsed(node, ledger, given.note), given.start + len(given.leaves)
    if (given.start > held or stop != note.size) if given.leaves else note.size > held:
        raise Refused(
            refuse(
                "stretch",
                f"entries {given.start} to {stop} were given of {note.size}; {held} are here",
                f"Ask for entries from {held} on, or from 0.",
            )
        )
    if not given.leaves:
        return []
    exchange.lead(node.store, ledger, note, given.leaves, given.start)
    for index, leaf in zip(range(given.start, held), given.leaves, strict=False):
        if node.store.leaf_hash(ledger, index) != tree.leaf_hash(leaf):
            _signed(node, ledger, given.note)  # else nobody has said it, and it contradicts nothing
            where = f"{_side(node, ledger)} entry {index}"
            raise Fork(where, index, tree.leaf_hash(leaf).hex(), node.store.leaf_hash(ledger, index).hex())
    return list(islice(given.leaves, held - given.start, None))


class OwnStretch:
    """This side's own entries as they are given back, page by page: each in its place and signed, or it ends there."""

    def __init__(self, node: Node, start: int) -> None:
        standing = node.book.released.standing()
        self._side, self._index = node.side, start
        self._keys: KeyList | None = standing.keys if standing else None
        self._previous = node.book.released.previous

    def take(self, page: Sequence[bytes]) -> None:
        """Check the next page; Refused at the first entry that this side did not sign for its place."""
        found = check_leaves(page, self._side, keys=self._keys, previous=self._previous, start=self._index, workers=0)
        for _, one, keys in found:
            if one.fault is not None:
                raise _unsound(f"entry {self._index}: {one.fault[1]}")
            self._keys, self._previous, self._index = keys, one.hash.hex(), self._index + 1


def _side(node: Node, ledger: str) -> str:
    return node.side if ledger == RELEASED else str(node.book.other)


def parsed(node: Node, ledger: str, note: str) -> notes.Checkpoint:
    """A checkpoint given back, of the log that it should be of; who signed it is looked at when its keys are here."""
    try:
        found = notes.parse(note[: exchange.MAX_NOTE + 1])
    except notes.CheckpointError as error:
        raise Refused(refuse("checkpoint", str(error), "Ask for it again.")) from None
    origin = node.standing.parties[_side(node, ledger)].origin
    if found.origin != origin:
        raise Refused(
            refuse("checkpoint", f"a checkpoint of {found.origin} was given, not of {origin}", "Ask for it again.")
        )
    return found


def _signed(node: Node, ledger: str, note: str) -> notes.Checkpoint:
    """A checkpoint that its side signed, by the keys that are known here; Refused otherwise."""
    found = exchange.own_note(node, note) if ledger == RELEASED else exchange.signed_note(node, note)
    if found is None:
        raise Refused(
            refuse("checkpoint", "the checkpoint given back was not signed by this side", "Ask for it again.")
        )
    return found


def _run(leaves: Sequence[bytes], reached: int) -> list[bytes]:
    """The first of `leaves` that had seen no more of the other ledger than is here."""
    run: list[bytes] = []
    for leaf in leaves:
        try:
            if open_leaf(leaf).act.seen.size > reached:
                break
        except MalformedLeaf:
            pass  # it cites nothing; taking it in judges it
        run.append(leaf)
    return run


def _all_sound(verdicts: Sequence[tuple[object, object]]) -> None:
    if any(refusal is not None for _, refusal in verdicts):
        raise _unsound("it breaks a rule")


def _unsound(why: str) -> Refused:
    return Refused(
        refuse(
            "recover",
            f"an entry given back is not sound: {why}",
            "Compare checkpoints with the other side, then ask again.",
        )
    )


def _keep_note(node: Node, ledger: str, given: Given) -> None:
    if not given.note:
        return
    note = _signed(node, ledger, given.note)
    if node.store.root(ledger, note.size) != note.root:
        raise Fork(f"{_side(node, ledger)} checkpoint {note.size}", note.size, note.root.hex(), None)
    if ledger == RELEASED:
        node.store.put_note(RELEASED, note.size, given.note)
    elif note.size == node.store.size(MIRROR):
        exchange.accept_note(node, note, [])


# --- being sure again ------------------------------------------------------------------------------------------------


def recover(node: Node, own: Given, theirs: Given, *, confirm: str = "", declare_loss: bool = False) -> Recovered:
    """Take back from the counterpart what this side signed since the backup, and let the node sign again.

    It signs only once someone has said, in the sentence that `up` of the answer asks for, what may be given up.
    """
    size = node.store.size(RELEASED)
    mine, others = take_back(node, own, theirs)
    if not own.note:
        raise Refused(
            refuse(
                "recover",
                "the other side gave nothing back: it says that it holds no entry of this side",
                "If it has never taken any in, use `dtti recover --alone`.",
            )
        )
    taken = [
        loss.named(leaf, RELEASED, index, holds=True)
        for index, leaf in enumerate(node.store.leaves(RELEASED, size, min(size + mine, size + loss.SHOWN)), size)
    ]
    return _going_on(
        node, loss.given_up(node), confirm, Recovered(mine, others, taken=taken), declare_loss=declare_loss
    )


def _going_on(
    node: Node, up: GivenUp, confirm: str, made: Recovered, *, declare_loss: bool, without: str = ""
) -> Recovered:
    took = f"{made.own} entries of {node.side} and {made.theirs} of {node.book.other} were taken in and stand"
    with following(took, "`dtti recover` goes on from there"):
        sure, receipt = loss.make_sure(node, up, confirm, declare_loss=declare_loss, without=without)
    lost = {"lost_released": up.released_lost, "lost_national": up.national_lost}
    return msgspec.structs.replace(made, **lost, sure=sure, loss=receipt, up=up)


def alone(node: Node, confirm: str, *, declare_loss: bool = False) -> Recovered:
    """Let a node sign again on its operator's word, where no counterpart has taken in any of its entries."""
    if node.book.other is not None and exchange.known_to_hold(node):
        raise Refused(
            refuse(
                "recover",
                f"{node.book.other} holds entries of this side, and can say what is missing here",
                "Recover from it: `dtti recover` by line, or with the file of its `dtti exchange pack --give-back`. "
                "Where it gives nothing, the root keys can go on without it: --by-root.",
            )
        )
    return _going_on(node, loss.given_up(node), confirm, Recovered(), declare_loss=declare_loss)


def by_root(node: Node, confirm: str, *, own: Given | None = None, declare_loss: bool = False) -> Recovered:
    """Let a node sign again by its root keys, without what the counterpart holds: that is named, and declared.

    `own`: what the counterpart gave of this side's entries, where it gave something that was not taken back.
    """
    other = node.book.other
    if other is None:
        raise Refused(refuse("counterpart", "no counterpart has joined", "Use `dtti recover --alone`."))
    up = msgspec.structs.replace(loss.given_up(node, own), unknown=True)
    return _going_on(node, up, confirm, Recovered(), declare_loss=declare_loss, without=other)


# --- by file ---------------------------------------------------------------------------------------------------------


def write_given_back(node: Node, out: BinaryIO, start: int = 0) -> None:
    """Write both ledgers from `start` on, as held here, in one file sealed to the counterpart, for its recovery."""
    other = node.book.other
    held = node.store.note(MIRROR)
    if other is None or held is None:
        raise Refused(refuse("counterpart", "nothing of another side is held here", "There is nothing to give back."))
    standing = node.book.authority(MIRROR).standing()
    keys = standing.keys if standing else node.standing.parties[other].keys
    box = usable.recipient(keys, other)
    with ustar.temporary(node.folder.path) as both:
        for name in (OWN, THEIRS):
            with ustar.temporary(node.folder.path) as one:
                if name == OWN:
                    with workplace(node.folder.path) as folder:
                        _mirror_pack(node, folder, one, start)
                else:
                    exchange.write_pack(node, one, min(start, node.store.size(RELEASED)), sealed=False)
                ustar.put(both, name, Source(one))
        ustar.end(both)
        both.seek(0)
        packs.seal_file(both, out, box)


def give_back(node: Node, start: int = 0) -> bytes:
    """The same in memory: for ledgers that are known to be small."""
    out = io.BytesIO()
    write_given_back(node, out, start)
    return out.getvalue()


def _mirror_pack(node: Node, folder: Path, out: BinaryIO, start: int) -> None:
    """Write an open pack of the mirror: the mirror copied as if it were a released ledger, and packed as any."""
    other, size = str(node.book.other), notes.parse(node.store.note(MIRROR) or "").size
    copy = Store(folder / "mirror.sqlite3")
    try:
        copy.create()
        with copy.writing():
            rows: list[Row] = []
            for index, leaf in enumerate(node.store.leaves(MIRROR, 0, size)):
                if len(rows) == BATCH:
                    copy.append(RELEASED, rows)
                    rows.clear()
                try:
                    entry = open_leaf(leaf)
                    rows.append(Row(entry.id, entry.act.record, entry.act.verb, leaf))
                except MalformedLeaf:
                    rows.append(Row(tree.leaf_hash(leaf).hex(), "", "", leaf))
                    continue
                for part in range(len(entry.act.body)):
                    held = node.store.body(Owner(MIRROR, entry.id, part))
                    if isinstance(held, Body) and index >= start:
                        copy.put_body(Owner(RELEASED, entry.id, part), held)
            copy.append(RELEASED, rows)
            copy.put_note(RELEASED, size, node.store.note(MIRROR) or "")
            for index, void in node.store.voids(MIRROR).items():
                copy.put_void(RELEASED, index, *void)
        about = node.standing.parties[other], other, node.config.programme, node.config.environment
        packs.write(out, copy, min(start, size), size, *about)
    finally:
        copy.close()


def read_given_back(node: Node, data: bytes | Source) -> tuple[Given, Given]:
    """The two stretches in a file that the counterpart gave back; Refused where it is none, or for someone else."""
    try:
        opened = exchange.unsealed(node, Source.of(data))
        own, theirs = (packs.open_pack(each, node.config.pack_entries) for each in _two(opened))
    except packs.PackError as error:
        fault = error.fault
        raise Refused(refuse(fault.rule, f"{fault.where}: {fault.reason}", "Ask for the file again.")) from None
    other = node.book.other
    sides = [(each.manifest.side, each.manifest.receiver) for each in (own, theirs)]
    config = node.config
    if sides != [(node.side, node.side), (other, node.side)] or own.manifest.origin != node.party.origin:
        raise Refused(
            refuse("receiver", f"the file is not one given back to this {node.side}", "Give it to its receiver.")
        )
    for each in (own, theirs):
        if (each.manifest.programme, each.manifest.environment) != (config.programme, config.environment):
            raise Refused(
                refuse(
                    "programme",
                    f"the file is of {each.manifest.programme} ({each.manifest.environment})",
                    "Use one of this node's own programme and environment.",
                )
            )
    return _given(own), _given(theirs)


def _given(pack: packs.Pack) -> Given:
    return Given(pack.checkpoint, pack.leaves, pack.manifest.start, lambda one: pack.bodies.get(one.digest))


def _two(source: Source) -> list[Source]:
    """The two packs in an opened file, which must be exactly what `write_given_back` writes."""
    found = list(islice(ustar.members(source, _GIVEN), 3))
    if [name for name, _, _ in found] != [OWN, THEIRS]:
        raise packs.PackError("file", "pack-files", "it is not a file that `dtti exchange pack --give-back` wrote")
    return [source.part(at, size) for _, at, size in found]
