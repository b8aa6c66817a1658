"""Checking one stored ledger: each entry in its place, the tree over them, the columns they are found by, checkpoints.

Knows the store and key lists; no record, no programme. `Snapshot` fixes how far the check goes, so that a node may
write on meanwhile.
"""

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from dtti.ledger import checkpoint as notes
from dtti.ledger import export, keylist, tree
from dtti.ledger.act import NOTHING, MalformedLeaf, open_leaf
from dtti.ledger.chain import Chain, chain_of, check_note
from dtti.ledger.keylist import Key, KeyList
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Store
from dtti.ledger.verify import Fault, Report, check_leaves

HEADS = "SELECT ledger, size FROM head ORDER BY ledger"
_STRIDE = 2**40


class Snapshot(msgspec.Struct, frozen=True):
    """The ledgers of a store as they stood when the check began, and whose they are."""

    store: Store
    sizes: dict[str, int]
    sides: dict[str, str]

    def chain(self, ledger: str, size: int | None = None) -> Chain:
        """What the sound foundings and key lists among the first `size` entries say."""
        return chain_of(export.governing(self.store, ledger, self.sizes[ledger] if size is None else size))


def heads(store: Store) -> dict[str, int]:
    """How many entries each ledger holds now, by one query."""
    found = {int(number): int(size) for number, size in store.engine.run(HEADS)}
    return {name: found.get(number, 0) for name, number in LEDGERS.items()}


class LedgerCheck:
    """One ledger under check. `clean` afterwards: every entry is well formed, in its place and rightly signed."""

    def __init__(self, snapshot: Snapshot, ledger: str) -> None:
        self.snapshot, self.store, self.ledger = snapshot, snapshot.store, ledger
        self.side, self.size = snapshot.sides[ledger], snapshot.sizes[ledger]
        self.name = f"{self.side or 'counterpart'} {ledger}"
        self.base = LEDGERS[ledger] * _STRIDE
        self.report = Report(self.name, 0, tree.EMPTY.hex(), [])
        self.clean = True

    def run(self) -> Report:
        """Check it, entry by entry; memory holds a few hundred at a time."""
        report = self.report
        known = self.store.voids(self.ledger)
        kept = self._notes()
        roots = dict.fromkeys((at for at, _ in kept), tree.EMPTY)
        frontier: list[bytes] = []
        hashes: list[bytes] = []
        position = 0
        rows = self._rows()
        for leaf, digest, fault in self._checked():
            hashes += tree.append(report.size, frontier, digest)
            if fault is None:
                report.acts += 1
            else:
                self.clean = False
                if report.size not in known:  # what is remembered as void is judged by replay
                    report.faults.append(Fault(f"{self.name} entry {report.size}", *fault))
            self._compare(leaf, next(rows, None))
            report.size += 1
            if report.size in roots:
                roots[report.size] = tree.fold(frontier)
            if len(hashes) >= 1024:
                position = self._compare_hashes(position, hashes)
                hashes = []
        self._compare_hashes(position, hashes)
        report.root = tree.fold(frontier).hex()
        if report.size != self.size:
            reason = f"its head says {self.size} entries, {report.size} are here"
            report.faults.append(Fault(self.name, "truncated", reason))
        for at, note in kept:
            self._check_note(at, note, roots[at])
        if self.ledger != NATIONAL:
            with suppress(keylist.KeyListError):  # then it was reported where it stands
                report.constitution = self.snapshot.chain(self.ledger).constitution
        return report

    # --- entries -----------------------------------------------------------------------------------------------------

    def _checked(self) -> Iterator[tuple[bytes, bytes, tuple[str, str] | None]]:
        """Each leaf, its hash and what is wrong with it by itself."""
        leaves = self.store.leaves(self.ledger, 0, self.size)
        if self.ledger != NATIONAL:
            for leaf, found, _ in check_leaves(leaves, self.side):
                yield leaf, found.hash, found.fault
            return
        lists = self._key_lists()
        previous = NOTHING
        for index, leaf in enumerate(leaves):
            digest = tree.leaf_hash(leaf)
            yield leaf, digest, self._national_fault(leaf, index, previous, lists)
            previous = digest.hex()

    def _key_lists(self) -> list[KeyList]:
        """Every key list of this side: national entries have no place in the ledger that holds them."""
        found, so_far = [], Chain()
        for entry in export.governing(self.store, RELEASED, self.snapshot.sizes[RELEASED]):
            so_far.take(entry)
            if so_far.keys is not None:
                found.append(so_far.keys)
        return found

    def _national_fault(self, leaf: bytes, index: int, previous: str, lists: list[KeyList]) -> tuple[str, str] | None:
        """What is wrong with a national leaf by itself. Which of the key lists was in force then, replay decides."""
        try:
            entry = open_leaf(leaf)
        except MalformedLeaf as error:
            return error.rule, error.reason
        act = entry.act
        if (act.side, act.ledger, act.index, act.previous) != (self.side, NATIONAL, index, previous):
            return "place", f"it says it is {act.side} {act.ledger} entry {act.index} after {act.previous[:12]}"
        fault = ("signature", "no key list stands before it")
        for keys in lists:
            try:
                keylist.check_signed(keys, entry)
            except keylist.KeyListError as error:
                fault = (error.rule, error.reason)
            else:
                return None
        return fault

    # --- what the store keeps beside them ----------------------------------------------------------------------------

    def _rows(self) -> Iterator[tuple[int, str, str, str]]:
        for low in range(0, self.size, 512):
            yield from (
                (int(at) - self.base, bytes(identity).hex(), record, verb)
                for at, identity, record, verb in self.store.engine.run(
                    "SELECT pos, id, record, verb FROM entry WHERE pos >= ? AND pos < ? ORDER BY pos",
                    (self.base + low, self.base + min(low + 512, self.size)),
                )
            )

    def _compare(self, leaf: bytes, row: tuple[int, str, str, str] | None) -> None:
        """The columns by which the store finds a leaf say what the leaf says."""
        index = self.report.size
        try:
            entry = open_leaf(leaf)
            self.report.time = max(self.report.time, entry.act.time)
            said = (index, entry.id, entry.act.record, entry.act.verb)
        except MalformedLeaf:
            said = (index, tree.leaf_hash(leaf).hex(), "", "")
        if row != said:
            reason = "the store files it under another place, id, record or verb"
            self.report.faults.append(Fault(f"{self.name} entry {index}", "index", reason))

    def _compare_hashes(self, start: int, expected: list[bytes]) -> int:
        stop = start + len(expected)
        stored = {
            int(at) - self.base: bytes(value)
            for at, value in self.store.engine.run(
                "SELECT pos, hash FROM hash WHERE pos >= ? AND pos < ?", (self.base + start, self.base + stop)
            )
        }
        self.report.faults += [
            Fault(f"{self.name} tree hash {number}", "tree", "it is not what the entries hash to")
            for number, value in enumerate(expected, start)
            if stored.get(number) != value
        ]
        return stop

    # --- checkpoints -------------------------------------------------------------------------------------------------

    def _notes(self) -> list[tuple[int, str]]:
        rows = self.store.engine.run(
            "SELECT size, note FROM note WHERE ledger = ? ORDER BY size", (LEDGERS[self.ledger],)
        )
        return [(int(size), str(note)) for size, note in rows]

    def _check_note(self, size: int, note: str, root: bytes) -> None:
        where = f"{self.name} checkpoint {size}"
        if size > self.size:
            now = heads(self.store)[self.ledger]
            if size > now:  # else it was written since the check began
                reason = f"it covers {size} entries, only {now} are here"
                self.report.faults.append(Fault(where, "truncated", reason))
            return
        try:
            parsed = notes.parse(note)
            if parsed.size != size or parsed.root != root:
                raise notes.CheckpointError(f"the first {size} entries here do not lead to the signed root")
            if self.ledger == NATIONAL:
                self._check_national(parsed)
            else:
                check_note(parsed, self.snapshot.chain(self.ledger, size), self._mirror_keys())
        except (notes.CheckpointError, keylist.KeyListError) as error:
            self.report.faults.append(Fault(where, "checkpoint", str(error)))

    def _mirror_keys(self) -> list[tuple[str, Key]]:
        """Keys under which the side that keeps a mirror of this ledger cosigns it, with its name."""
        return self.snapshot.chain(MIRROR if self.ledger == RELEASED else RELEASED).mirrors

    def _check_national(self, parsed: notes.Checkpoint) -> None:
        chain = self.snapshot.chain(RELEASED)
        origin = f"{chain.party.origin if chain.party else ''}/national"
        if parsed.origin != origin:
            raise notes.CheckpointError(f"it is of {parsed.origin}, not of {origin}")
        notes.check_every_line(parsed, [(origin, key) for _, key in chain.logs])
