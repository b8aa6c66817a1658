"""The integrity check that a page can run while someone waits: what the viewer may see, anew from its bytes, in bounds.

The whole of a small installation is checked; of a larger one the last stretch of each ledger, and the answer says so.
`verify` checks a folder from outside and without bounds; this knows a running node and a viewer, and writes nothing. No
figure in the answer comes from what the viewer may not see.
"""

from collections.abc import Iterator

import msgspec

from dtti.accord.pair import Strangers
from dtti.accord.replay import replay
from dtti.accord.rule_sets import RULE_SETS
from dtti.accord.rules import UnknownRules
from dtti.accord.standing import Fork
from dtti.ledger import checkpoint as notes
from dtti.ledger import keylist, tree
from dtti.ledger.act import NOTHING, MalformedLeaf, open_leaf
from dtti.ledger.body import Erased, Owner, opens
from dtti.ledger.chain import Chain, chain_of, check_note
from dtti.ledger.export import governing
from dtti.ledger.keylist import KeyList, KeyListError
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Leaves
from dtti.ledger.verify import Fault, check_leaves
from dtti.node.core.node import Node
from dtti.node.core.tombstone import tombstones
from dtti.node.core.visibility import Viewer
from dtti.node.record import rebuild

from . import entry, explore

#: Entries that are checked while someone waits; above it, the last stretch only.
MOST = 20_000


class Checked(msgspec.Struct):
    """One part of the check. `what`: ledger, checkpoint, texts, verdicts, record. `count`: what was looked at.

    `start`: first entry looked at; `covers`: entries that the checkpoint covers.
    """

    what: str
    side: str = ""
    ledger: str = ""
    start: int = 0
    count: int = 0
    root: str = ""
    faults: list[Fault] = []

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


class Result(msgspec.Struct, frozen=True):
    """The whole check: when (claimed by this node), whether everything was covered, and its parts."""

    at: str
    whole: bool
    parts: list[Checked]

    @property
    def good(self) -> bool:
        """Whether every part holds."""
        return all(part.good for part in self.parts)

    @property
    def faults(self) -> list[Fault]:
        """Everything that does not hold."""
        return [fault for part in self.parts for fault in part.faults]


def check(node: Node, viewer: Viewer, most: int = MOST) -> Result:
    """Check every ledger that `viewer` may look into, its checkpoint, its texts, its verdicts and the record of it."""
    node.book.sync()
    ledgers = explore.official(node, viewer)
    held = {name: node.store.note(name) for name in ledgers}  # before the sizes: what comes meanwhile has its own
    sizes = {name: node.store.size(name) for name in ledgers}
    whole = sum(sizes.values()) <= most
    starts = {name: 0 if whole else max(0, size - most // max(1, len(sizes))) for name, size in sizes.items()}
    parts = []
    for name in ledgers:
        parts.append(_ledger(node, name, starts[name], sizes[name]))
        parts += _note(node, name, held[name], sizes[name])
    parts.append(_texts(node, starts, sizes))
    if whole:
        parts.append(_verdicts(node, sizes))
        if all(part.good for part in parts):
            parts.append(_record(node, ledgers))
    return Result(node.clock(), whole, parts)


def _ledger(node: Node, name: str, start: int, size: int) -> Checked:
    """Signatures, places and the tree of entries `start` to `size`."""
    side = explore.side_of(node, name)
    found = Checked("ledger", side, name, start, size - start, faults=[])
    voids, reader = node.store.voids(name, start), node.store.reader(name)
    frontier = tree.frontier(start, reader)
    index = start
    for digest, fault in _leaves(node, name, start, size):
        if fault and index not in voids:
            found.faults.append(Fault(f"{side} {name} entry {index}", *fault))
        tree.append(index, frontier, digest)
        index += 1
    found.root = tree.fold(frontier).hex()
    if index != size:
        found.faults.append(Fault(f"{side} {name}", "truncated", f"its head says {size} entries, {index} are here"))
    elif found.root != node.store.root(name, size).hex():
        found.faults.append(Fault(f"{side} {name}", "tree", "its entries do not lead to the stored root"))
    return found


def _leaves(node: Node, name: str, start: int, size: int) -> Iterator[tuple[bytes, tuple[str, str] | None]]:
    """Tree hash of each entry, and what is wrong with it by itself."""
    previous = node.store.leaf_hash(name, start - 1).hex() if start else NOTHING
    leaves = node.store.leaves(name, start, size)
    side = explore.side_of(node, name)
    if name == NATIONAL:
        lists = [keys for _, keys in entry.key_lists(node, RELEASED)]
        for index, leaf in enumerate(leaves, start):
            digest = tree.leaf_hash(leaf)
            yield digest, _national(leaf, index, previous, side, lists)
            previous = digest.hex()
        return
    keys = chain_of(governing(node.store, name, start)).keys if start else None
    for _, checked, _ in check_leaves(leaves, side, keys=keys, previous=previous, start=start, workers=0):
        yield checked.hash, checked.fault


def _national(leaf: bytes, index: int, previous: str, side: str, lists: list[KeyList]) -> tuple[str, str] | None:
    """A national entry goes by this side's key lists; which was in force at its moment, its own ledger cannot say."""
    try:
        opened = open_leaf(leaf)
    except MalformedLeaf as error:
        return error.rule, error.reason
    act = opened.act
    if (act.side, act.ledger, act.index, act.previous) != (side, NATIONAL, index, previous):
        return "place", f"it says it is {act.side} {act.ledger} entry {act.index}"
    for keys in lists:
        try:
            keylist.check_signed(keys, opened)
        except KeyListError:
            continue
        return None
    return "signature", "no key list of this side verifies it"


def _note(node: Node, name: str, held: str | None, size: int) -> list[Checked]:
    """The latest checkpoint against the tree and the keys that may sign it; nothing where none was made yet."""
    if held is None or name == NATIONAL:
        return []
    side = explore.side_of(node, name)
    found = Checked("checkpoint", side, name, faults=[])
    try:
        note = notes.parse(held)
        found.count, found.root = note.size, note.root.hex()
        if note.size > size:
            raise notes.CheckpointError(f"it covers {note.size} entries, only {size} are here")
        if node.store.root(name, note.size) != note.root:
            raise notes.CheckpointError(f"the first {note.size} entries do not lead to the signed root")
        check_note(note, _chain(node, name, note.size), _mirrors(node, name))
    except (notes.CheckpointError, KeyListError) as error:
        found.faults.append(Fault(f"{side} {name} checkpoint", "checkpoint", str(error)))
    return [found]


def _chain(node: Node, name: str, size: int) -> Chain:
    return chain_of(governing(node.store, name, size))


def _mirrors(node: Node, name: str) -> list[tuple[str, keylist.Key]]:
    """Keys under which the side that keeps a mirror of this ledger cosigns it."""
    facing = MIRROR if name == RELEASED else RELEASED
    size = node.store.size(facing)
    return _chain(node, facing, size).mirrors if size else []


def _texts(node: Node, starts: dict[str, int], sizes: dict[str, int]) -> Checked:
    """Every text that an entry commits to is here and is what was committed to, or a tombstone took it."""
    found = Checked("texts", faults=[])
    ordered = _ordered(node)
    for name, size in sizes.items():
        for index, leaf in enumerate(node.store.leaves(name, starts[name], size), starts[name]):
            try:
                entry = open_leaf(leaf)
            except MalformedLeaf:
                continue
            for part, commitment in enumerate(entry.act.body):
                found.count += 1
                where = f"{explore.side_of(node, name)} {name} entry {index}, text {part}"
                owner = Owner(name, entry.id, part)
                held = node.store.body(owner)
                if held is None:
                    found.faults.append(Fault(where, "body-missing", "the text that it commits to is not here"))
                elif isinstance(held, Erased):
                    if (held.tombstone, owner) not in ordered:
                        found.faults.append(Fault(where, "tombstone", "it was erased, and no sound order says so"))
                elif not opens(commitment, held):
                    found.faults.append(Fault(where, "body", "the text here is not what the entry committed to"))
    return found


def _ordered(node: Node) -> set[tuple[str, Owner]]:
    return {(one.id, owner) for one in tombstones(node.store) for owner, _ in one.orders}


def _verdicts(node: Node, sizes: dict[str, int]) -> Checked:
    """Every act judged anew from nothing, against what is remembered of it."""
    found = Checked("verdicts", faults=[])
    taken = {
        (explore.side_of(node, name), NATIONAL if name == NATIONAL else RELEASED): (name, size)
        for name, size in sizes.items()
        if size
    }
    try:
        state = replay(
            {key: Leaves(node.store, name, size) for key, (name, size) in taken.items()},
            RULE_SETS,
            verify=False,
        )
    except (Fork, Strangers, UnknownRules, KeyListError) as error:
        found.faults.append(Fault("replay", "replay", str(error)))
        return found
    for key, (name, size) in taken.items():
        remembered = dict(
            node.projection.engine.run("SELECT idx, rule FROM done WHERE ledger = ? AND rule <> ''", (LEDGERS[name],))
        )
        for one in state.judged[key]:
            found.count += 1
            rule = one.void.rule if one.void else ""
            if remembered.get(one.index, "") != rule:
                said = f"void by rule {rule}" if rule else "sound"
                found.faults.append(
                    Fault(
                        f"{one.side} {name} entry {one.index}",
                        "verdict",
                        f"judged anew it is {said}; the record differs",
                    )
                )
        if len(state.judged[key]) != size:
            where = f"{key[0]} {name} entry {len(state.judged[key])}"
            found.faults.append(Fault(where, "seen", "it cites entries of the other ledger that are not here"))
    return found


def _record(node: Node, ledgers: list[str]) -> Checked:
    """What pages read, against one made anew from the ledgers; of what the viewer may see."""
    found = Checked("record", faults=[])
    for one in rebuild.compare(node):
        table, name, *_ = one.where.split(" ")
        hidden = NATIONAL not in ledgers and (
            name == str(LEDGERS[NATIONAL])
            if table == "done"
            else any(placed.ledger == NATIONAL for placed in node.store.of_record(name))
        )
        if not hidden:
            found.faults.append(Fault(one.where, "record", one.reason))
    return found
