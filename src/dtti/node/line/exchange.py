"""Taking in what the counterpart has released, by line or by pack, and giving it ours. No Django, no network here.

Both ways end in `ingest`: all that it is given is checked and kept, or nothing is. Nothing is believed before it is
signed: the checkpoint first, by the log keys in force; then that the entries lead to it; then the entries. A ledger
that contradicts what either side has signed before stops everything: what was signed on both sides of the contradiction
is kept as the proof, and exchange stays halted until people have looked at it. What nobody signed proves nothing, and
is refused.
"""

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import BinaryIO

import msgspec

from dtti.accord.pair import Strangers, check_pair
from dtti.accord.refusal import Refused, refuse
from dtti.accord.standing import Fork
from dtti.ledger import checkpoint as notes
from dtti.ledger import pack as packs
from dtti.ledger import tree, ustar
from dtti.ledger.act import NOTHING, MalformedLeaf, open_leaf
from dtti.ledger.keylist import KeyList
from dtti.ledger.store import MIRROR, RELEASED, Store
from dtti.ledger.ustar import Source
from dtti.ledger.verify import check_leaves
from dtti.node.core import commitments
from dtti.node.core import mark as marks
from dtti.node.core.book import BATCH
from dtti.node.core.commitments import Fetch
from dtti.node.core.draft import Receipt, following
from dtti.node.core.node import Node

from . import usable
from .attend import attend, witness

MAX_NOTE = 16_384  # bytes of a checkpoint
PARALLEL = 2048  # leaves from which several processes check signatures


class Given(msgspec.Struct, frozen=True):
    """A stretch of a released ledger as it was given: its checkpoint, leaves from `start` on, a way to their bodies."""

    note: str
    leaves: Sequence[bytes]
    start: int
    fetch: Fetch


class Taken(msgspec.Struct, frozen=True):
    """What an exchange brought: entries and bodies taken in, void ones among them, and what this node then did.

    `former`: over a line, whose other end knows no chunks.
    """

    start: int
    size: int
    bodies: int
    void: int
    acts: list[Receipt]
    former: bool = False


def halted(node: Node) -> str | None:
    """Why exchange is halted, or None."""
    path = node.folder.path / "fork"
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else None


def _halt(node: Node, reason: str, note: str, entries: Sequence[bytes] = ()) -> Refused:
    """Halt exchange, and keep what proves the contradiction: both sides of it, each as it was signed."""
    ours = node.store.note(RELEASED) or "none made yet"
    mirrored = node.store.note(MIRROR) or "none yet"
    kept = "".join(f"\nSigned entry (base64):\n{base64.b64encode(leaf).decode()}\n" for leaf in entries)
    (node.folder.path / "fork").write_text(
        f"{reason}\n\nCheckpoint received:\n{note}\nLast checkpoint accepted from that side:\n{mirrored}\n"
        f"This side's last checkpoint:\n{ours}\n{kept}",
        encoding="utf-8",
    )
    return Refused(
        refuse(
            "fork",
            reason,
            "Exchange is halted here. Compare both checkpoints with the other side (file `fork` in the node's folder); "
            "remove that file when the two sides have settled which ledger stands.",
        )
    )


def not_halted(node: Node) -> None:
    """Refused while exchange is halted, or where there is nobody to exchange with."""
    reason = halted(node)
    if reason is not None:
        raise Refused(refuse("fork", f"exchange is halted: {reason.splitlines()[0]}", "Settle the fork first."))
    if node.book.other is None:
        raise Refused(
            refuse(
                "counterpart", "no counterpart has joined", "Join one with `dtti accede` or `dtti found --complete`."
            )
        )


def signed_note(node: Node, note: str) -> notes.Checkpoint:
    """A checkpoint of the counterpart, parsed; Refused unless its log keys in force at that size signed it."""
    if len(note) > MAX_NOTE:
        raise Refused(
            refuse("checkpoint", f"a checkpoint of {len(note):,} characters", "Ask the other side to send again.")
        )
    try:
        parsed = notes.parse(note)
    except notes.CheckpointError as error:
        raise Refused(refuse("checkpoint", str(error), "Ask the other side to send again.")) from None
    node.book.sync()
    mirror = node.book.authority(MIRROR)
    standing = mirror.standing(parsed.size) if parsed.size < mirror.size else mirror.standing()
    party = node.standing.parties[mirror.side]
    _check_note(parsed, party.origin, [standing.keys if standing else party.keys])
    return parsed


def ingest(
    node: Node, note: str, leaves: Sequence[bytes], start: int, fetch: Fetch, proof: Sequence[bytes] | None = None
) -> Taken:
    """Check and keep leaves start.. of the counterpart's released ledger, on the way to checkpoint `note`, with bodies.

    `proof`: that the leaves end inside what the checkpoint covers (RFC 6962 consistency); without it they reach its
    end. Leaves that are here already are compared and passed over. Raises Refused, and then nothing was taken in.
    """
    not_halted(node)
    store, book = node.store, node.book
    parsed = signed_note(node, note)
    node.not_behind()
    if leaves:
        witness(node)
    try:
        with store.writing():
            book.sync()
            node.not_behind()
            taken = _ingest(node, parsed, leaves, start, fetch, proof)
    except Fork as fork:
        book.reload()
        raise _halt(node, str(fork), note, _evidence(node, fork, leaves, start)) from None
    except BaseException:
        book.reload()
        raise
    with following(f"{taken.size} entries of {book.other} are here and stand"):
        node.settle()
        return msgspec.structs.replace(taken, acts=attend(node))


def _evidence(node: Node, fork: Fork, leaves: Sequence[bytes], start: int) -> list[bytes]:
    """The entries that contradict each other: one that cites what this side never published, or two in one place."""
    held = node.store.size(MIRROR)
    for index, leaf in enumerate(leaves, start):
        if index < held:
            here = node.store.leaf(MIRROR, index)
            if here != leaf:
                return [leaf, here]
            continue
        with suppress(MalformedLeaf):
            seen = open_leaf(leaf).act.seen
            if (seen.size, seen.root) == (fork.size, fork.cited):
                return [leaf]
    return []


def _ingest(
    node: Node, note: notes.Checkpoint, leaves: Sequence[bytes], start: int, fetch: Fetch, proof: Sequence[bytes] | None
) -> Taken:
    store, book, other = node.store, node.book, str(node.book.other)
    held, stop = store.size(MIRROR), start + len(leaves)
    if note.size <= held and store.root(MIRROR, note.size) != note.root:
        raise Fork(f"{other} checkpoint {note.size}", note.size, note.root.hex(), store.root(MIRROR, note.size).hex())
    if note.size < held:
        raise Refused(
            refuse(
                "older",
                f"the checkpoint covers {note.size} entries, {held} are held here already",
                "Nothing is missing here. If the other side was restored from a backup, it recovers first.",
            )
        )
    if start > held or (stop != note.size if proof is None else stop > note.size):
        raise Refused(
            refuse(
                "stretch",
                f"entries {start} to {stop} were given; wanted are {held} to {note.size}",
                f"Ask for a pack from entry {held} on.",
            )
        )
    root = lead(store, MIRROR, note, leaves, start, proof)
    for index, leaf in zip(range(start, held), leaves, strict=False):
        if store.leaf_hash(MIRROR, index) != tree.leaf_hash(leaf):
            raise Fork(
                f"{other} entry {index}", index, tree.leaf_hash(leaf).hex(), store.leaf_hash(MIRROR, index).hex()
            )
    mirror = book.authority(MIRROR)
    before = mirror.standing()
    checked: set[int] = set()
    fresh = _checking(node, islice(leaves, held - start, None), max(stop - held, 0), other, held, checked)
    void = 0
    while batch := list(islice(fresh, BATCH)):  # nothing is kept of them in memory
        void += sum(refusal is not None for _, refusal in book.take_in(MIRROR, batch, checked))
        checked.clear()
    if stop > held and store.root(MIRROR) != root:
        raise Refused(refuse("root", "the entries changed while they were read", "Nothing was taken in; try again."))
    after = mirror.standing()
    try:
        check_pair(book.released, mirror)
    except Strangers as strangers:
        raise Refused(refuse("founding", str(strangers), "Compare fingerprints.")) from None
    if after is None:
        raise Refused(refuse("founding", "this ledger was not founded", "Ask for it from its first entry on."))
    bodies = commitments.keep_bodies(node, islice(leaves, held - start, None), fetch, MIRROR)
    if store.size(MIRROR) == note.size:
        accept_note(node, note, [standing.keys for standing in (before, after) if standing])
    return Taken(held, store.size(MIRROR), bodies, void, [])


def lead(
    store: Store,
    ledger: str,
    note: notes.Checkpoint,
    leaves: Sequence[bytes],
    start: int,
    proof: Sequence[bytes] | None = None,
) -> bytes:
    """The root of what is held of `ledger` up to `start`, and then `leaves`; Refused unless `note` covers it."""
    frontier = tree.frontier(start, store.reader(ledger))
    for index, leaf in enumerate(leaves, start):
        tree.append(index, frontier, tree.leaf_hash(leaf))
    root, stop = tree.fold(frontier), start + len(leaves)
    try:
        if proof is not None and stop < note.size:
            tree.check_consistency(stop, note.size, proof, root, note.root)
        elif root != note.root:
            raise tree.ProofError("they lead to another root")
    except tree.ProofError as error:
        raise Refused(
            refuse(
                "root",
                f"entries {start} to {stop} do not lead to what the checkpoint of {note.size} entries says: {error}",
                "Ask for a pack from entry 0. If that does not fit either, compare checkpoints with the other side.",
            )
        ) from None
    return root


def _checking(
    node: Node, leaves: Iterable[bytes], count: int, other: str, start: int, checked: set[int]
) -> Iterator[bytes]:
    """The `count` leaves in order, many of them while several processes check the signatures of those that follow.

    `checked` is given the index of each whose signatures were found good, before it is handed on.
    """
    if count < PARALLEL:
        yield from leaves
        return
    authority = node.book.authority(MIRROR)
    standing = authority.standing()
    previous = authority.previous if start else NOTHING
    keys = standing.keys if standing else None
    found = check_leaves(leaves, other, keys=keys, previous=previous, start=start)
    for index, (leaf, one, _) in enumerate(found, start):
        if one.fault is None and not one.governs:
            checked.add(index)
        yield leaf


def accept_note(node: Node, note: notes.Checkpoint, lists: list[KeyList]) -> None:
    """Keep a checkpoint of the counterpart, cosigned; Refused where it is not signed by `lists`, before and after."""
    _check_note(note, node.standing.parties[node.book.other or ""].origin, lists)
    node.sure_of_time(behind=True)  # by all that is known now, the entries of this very checkpoint among it
    moment = int(datetime.fromisoformat(node.clock()).timestamp())  # of this node's own clock, as its entries are
    node.store.put_note(MIRROR, note.size, node.signer.cosign(note, node.party.origin, moment).note)


def _check_note(note: notes.Checkpoint, origin: str, lists: list[KeyList]) -> None:
    try:
        for keys in lists:  # before and after: a rotation of the log key is signed by both
            notes.check_signed(note, origin, keys)
    except notes.CheckpointError as error:
        raise Refused(refuse("checkpoint", str(error), "Ask the other side for its present checkpoint.")) from None


# --- packs -----------------------------------------------------------------------------------------------------------


def write_pack(node: Node, out: BinaryIO, start: int | None = None, *, sealed: bool = True) -> None:
    """Write a pack of this side's released ledger from `start` on (by default what the counterpart may not hold)."""
    other = node.book.other
    if other is None:
        raise Refused(refuse("counterpart", "no counterpart has joined", "There is nobody to seal a pack for."))
    note = notes.parse(node.checkpoint())
    begin = known_to_hold(node) if start is None else start
    about = note.size, node.party, other, node.config.programme, node.config.environment
    if not sealed:
        packs.write(out, node.store, begin, *about)
        return
    standing = node.book.authority(MIRROR).standing()
    keys = standing.keys if standing else node.standing.parties[other].keys
    box = usable.recipient(keys, other)
    with ustar.temporary(node.folder.path) as plain:
        packs.write(plain, node.store, begin, *about)
        plain.seek(0)
        packs.seal_file(plain, out, box)


def make_pack(node: Node, start: int | None = None, *, sealed: bool = True) -> bytes:
    """The same in memory: for packs that are known to be small."""
    out = io.BytesIO()
    write_pack(node, out, start, sealed=sealed)
    return out.getvalue()


def known_to_hold(node: Node) -> int:
    """How many of this side's released entries the counterpart has shown to have seen."""
    return node.book.mirror.seen if node.book.mirror else 0


def take_pack(node: Node, data: bytes | Source) -> Taken:
    """Take in a sealed or open pack; Refused with what is wrong, and then nothing was taken in."""
    try:
        pack = packs.open_pack(unsealed(node, Source.of(data)), node.config.pack_entries)
    except packs.PackError as error:
        raise Refused(
            refuse(error.fault.rule, f"{error.fault.where}: {error.fault.reason}", "Ask for it again.")
        ) from None
    manifest = pack.manifest
    config = node.config
    if (manifest.programme, manifest.environment) != (config.programme, config.environment):
        raise Refused(
            refuse(
                "programme",
                f"the pack is of {manifest.programme} ({manifest.environment}), this node of {config.programme} "
                f"({config.environment})",
                "Unpack it in an office system of its own programme and environment.",
            )
        )
    if manifest.receiver != node.side or manifest.side != node.book.other:
        raise Refused(
            refuse("receiver", f"the pack is from {manifest.side} for {manifest.receiver}", "Give it to its receiver.")
        )
    return ingest(node, pack.checkpoint, pack.leaves, manifest.start, lambda one: pack.bodies.get(one.digest))


def unsealed(node: Node, source: Source) -> Source:
    """An open pack as it is; of one sealed to this node what is inside. PackError where no box key here opens it."""
    if not packs.is_sealed(source):
        return source
    node.book.sync()
    opened = ustar.temporary(node.folder.path)
    try:
        node.signer.unseal(source.file(), opened)
    except BaseException:
        opened.close()
        raise
    return Source.closing(opened)


# --- this side's ledger as the counterpart holds it -------------------------------------------------------------------


def compare_own(node: Node, note: str) -> None:
    """Look at the counterpart's checkpoint of this side's ledger, which this side signed once.

    Where it covers more than is here, this is an old copy, and the mark says so from now on. Where it covers other
    entries than are here, two ledgers were signed: exchange halts. A note that this side never signed says nothing.
    """
    parsed = own_note(node, note)
    if parsed is None:
        return
    node.book.sync()
    path = node.folder.mark(node.config)
    mark = marks.held(path, node.store)
    if parsed.size > node.book.released.size:
        if parsed.size > mark.released:
            marks.write(path, msgspec.structs.replace(mark, released=parsed.size, last=""))
    elif node.store.root(RELEASED, parsed.size) != parsed.root:
        raise _halt(node, f"{node.side} checkpoint {parsed.size} as the other side holds it is of another ledger", note)


def own_note(node: Node, note: str) -> notes.Checkpoint | None:
    """`note` parsed, if this side's log keys in force at that size signed it as a checkpoint of its released ledger."""
    try:
        parsed = notes.parse(note[: MAX_NOTE + 1])
        standing = node.book.released.standing(parsed.size)
        notes.check_signed(parsed, node.party.origin, (standing or node.standing).keys)
    except notes.CheckpointError:
        return None
    return parsed
