"""The ledgers of one store, judged as they grow: accord.replay, incrementally. Knows no Django; writes no act.

One write costs what its record and its side's few governing acts cost, not what the ledgers weigh. A leaf is judged
once, when it is taken in; what made it void is remembered beside it, and verification judges everything anew. What was
read lately is held decoded and folded: entries never change, and a fold is let go when an act on its record comes.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from copy import copy
from types import MappingProxyType
from typing import TypeVar

from msgspec.structs import replace

from dtti.accord.authority import EMPTY_ROOT, GOVERNING, Authority
from dtti.accord.fold import Filed, Offer, Record, View, apply, fold
from dtti.accord.refusal import Refusal
from dtti.accord.rules import RuleSets
from dtti.accord.standing import Outlook, Where
from dtti.accord.view import Mode
from dtti.ledger.act import Act, Entry, open_leaf
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Placed, Row, Store

from .tombstone import reached

BATCH = 256  # leaves that are given to the store at a time
REPAIRS = ("reset_time",)
HELD = 1024  # entries, and folded records, that are held

K = TypeVar("K")
V = TypeVar("V")


def _hold(held: dict[K, V], key: K, value: V) -> V:
    if len(held) >= HELD:
        del held[next(iter(held))]
    held[key] = value
    return value


def advanced(folded: Record, side: str, one: Filed) -> Record:
    """`folded` after a further act that is sound and had seen all of it. `folded` itself stays as it was."""
    was = folded.whole
    held = {name: getattr(was, name) for name in was.__struct_fields__}
    own = {name: copy(each) for name, each in held.items() if isinstance(each, list | dict)}
    own |= {
        "offers": [_copied(each) for each in was.offers],
        "texts": [copy(each) for each in was.texts],
        "requests": [copy(each) for each in was.requests],
    }
    view = replace(was, **own)
    if was.offer is not None:
        view.offer = view.offers[was.offers.index(was.offer)]
    apply(view, side, one)
    return Record(view, {}, folded.void)


def _copied(offer: Offer) -> Offer:
    made = copy(offer)
    made.counter = copy(offer.counter) if offer.counter else None
    return made


class Book:
    """The released and national ledgers of `side` and the mirror of its counterpart's, as one store holds them."""

    def __init__(self, store: Store, side: str, rule_sets: RuleSets) -> None:
        self.store, self.side, self.rule_sets = store, side, rule_sets
        self.mirror: Authority | None = None
        self.reload()

    @property
    def other(self) -> str | None:
        """The counterpart's side, once joined."""
        standing = self.released.standing()
        return next((side for side in standing.parties if side != self.side), None) if standing else None

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that write on joint records, in order."""
        return tuple(sorted(side for side in (self.side, self.other) if side))

    @property
    def sizes(self) -> dict[str, int]:
        """How many leaves of each ledger it has taken in."""
        mirror = self.mirror.size if self.mirror else 0
        return {RELEASED: self.released.size, NATIONAL: self.national.size, MIRROR: mirror}

    def authority(self, ledger: str) -> Authority:
        """The authority of one of the store's ledgers."""
        if ledger == MIRROR:
            if self.mirror is None:
                if self.other is None:
                    raise LookupError("no counterpart has joined, so there is no mirror")
                self.mirror = Authority(self.other, RELEASED, self.rule_sets)
            return self.mirror
        return self.released if ledger == RELEASED else self.national

    def sync(self) -> None:
        """Catch up with what other processes appended to the store."""
        sizes = self.store.sizes()
        self._catch_up(RELEASED, sizes[RELEASED])
        self._catch_up(NATIONAL, sizes[NATIONAL])
        if self.other is not None:
            self._catch_up(MIRROR, sizes[MIRROR])

    def _catch_up(self, ledger: str, size: int) -> None:
        authority = self.authority(ledger)
        if authority.size >= size:  # ahead of the store only within the block that is taking leaves in
            return
        voids = self._void[ledger]
        voids.update(self.store.voids(ledger, authority.size))
        if authority.size == 0 and size > 64:
            self._resume(authority, ledger, size, voids)
            return
        for leaf in self.store.leaves(ledger, authority.size, size):
            if authority.size in voids:
                authority.skip(leaf)
            else:
                entry = self.entry(leaf)
                authority.take(entry)
                self._unfold(entry)

    def _resume(self, authority: Authority, ledger: str, size: int, voids: set[int]) -> None:
        self._folded.clear()
        placed = [one for verb in GOVERNING for one in self.store.of_verb(verb, ledger) if one.index not in voids]
        governing = [open_leaf(one.leaf) for one in sorted(placed, key=lambda one: one.index)]
        last = self.store.leaf(ledger, size - 1)
        sound = next((index for index in range(size - 1, -1, -1) if index not in voids), None)
        if sound is None:
            for leaf in self.store.leaves(ledger):
                authority.skip(leaf)
            return
        authority.resume(governing, size, last, open_leaf(self.store.leaf(ledger, sound)))

    def _unfold(self, entry: Entry) -> None:
        """Let go the fold that `entry` bears on; all, where it says of earlier acts from when they are known."""
        if entry.act.verb in REPAIRS:
            self._folded.clear()
        else:
            self._folded.pop(entry.act.record, None)

    def latest(self, ledger: str, index: int) -> list[bytes]:
        """The leaf at `index` alone, where it is the last that this book appended to a ledger; else nothing."""
        at, leaf = self._latest.get(ledger, (-1, b""))
        return [leaf] if at == index else []

    def has_void(self, ledger: str, start: int) -> bool:
        """Whether some leaf of a ledger from index `start` on is void."""
        return any(index >= start for index in self._void[ledger])

    def entry(self, leaf: bytes) -> Entry:
        """A leaf decoded; MalformedLeaf where it is no act."""
        return self._entries.get(leaf) or _hold(self._entries, leaf, open_leaf(leaf))

    def root(self, ledger: str, size: int) -> str:
        """Root (hex) of the first `size` leaves of a ledger that has so many."""
        if size == 0:
            return EMPTY_ROOT
        return self._roots.get((ledger, size)) or _hold(
            self._roots, (ledger, size), self.store.root(ledger, size).hex()
        )

    # --- judging -----------------------------------------------------------------------------------------------------

    def outlook(self, ledger: str, fresh: Mapping[str, tuple[int, Entry]] = MappingProxyType({})) -> Outlook:
        """What judging a leaf of `ledger` may ask of the rest of this store.

        `fresh`: acts of `ledger` judged before it that the store is still to be given, with their places, by id.
        """
        facing = RELEASED if ledger == MIRROR else MIRROR
        author = (self.other or "") if ledger == MIRROR else self.side

        def root(size: int) -> str | None:
            known = (facing, size) in self._roots or size <= self.store.size(facing)
            return self.root(facing, size) if known else None

        def act(identity: str) -> Act | None:
            placed = self.sound(identity)
            if placed is not None:
                return self.entry(placed.leaf).act
            return fresh[identity][1].act if identity in fresh else None

        def find(act: str) -> Where | None:
            placed = self.sound(act)
            if placed is not None:
                return self.author(placed), RELEASED if placed.ledger == MIRROR else placed.ledger, placed.index
            if act in fresh:
                return author, RELEASED if ledger == MIRROR else ledger, fresh[act][0]
            return None

        def activated(name: str, size: int) -> bool:
            faces = self.released if ledger == MIRROR else self.mirror
            standing = faces.standing(size) if faces else None
            return standing is not None and name in standing.activated

        return Outlook(root, find, act, activated)

    def author(self, placed: Placed) -> str:
        """The side that wrote a leaf of this store."""
        return (self.other or "") if placed.ledger == MIRROR else self.side

    def sound(self, act: str) -> Placed | None:
        """The leaf of a sound act by its id: what is void can be neither cited nor erased, as in a replay."""
        found = self.store.find_all(act)
        return next((one for one in found if one.index not in self._void[one.ledger]), None)

    def take_in(
        self, ledger: str, leaves: Iterable[bytes], trusted: Container[int] = ()
    ) -> list[tuple[Entry | None, Refusal | None]]:
        """Judge and append leaves inside a `writing()` block; void ones are kept and remembered with their reason.

        `trusted`: indices whose signatures were checked before; asked when the leaf is reached. Raises Fork and
        UnknownRules, and then nothing of the block may be committed.
        """
        authority = self.authority(ledger)
        rows: list[Row] = []
        fresh: dict[str, tuple[int, Entry]] = {}  # of `rows`, which the store does not have yet, by act id
        outlook = self.outlook(ledger, fresh)
        taken: list[tuple[Entry | None, Refusal | None]] = []
        for leaf in leaves:
            index = authority.size
            entry, refusal = authority.judge(leaf, outlook, verify=index not in trusted)
            if entry is None:
                rows.append(Row(authority.previous, "", "", leaf))
            else:
                rows.append(Row(entry.id, entry.act.record, entry.act.verb, leaf))
                if refusal is None:
                    fresh.setdefault(entry.id, (index, entry))
                self._unfold(entry)
            if refusal is not None:
                self._void[ledger].add(index)
                self.store.put_void(ledger, index, refusal.rule, refusal.reason, refusal.remedy)
            if len(rows) == BATCH:
                self.store.append(ledger, rows)
                rows.clear()
                fresh.clear()
            taken.append((entry, refusal))
        self.store.append(ledger, rows)
        for entry, refusal in taken:
            if entry is not None and refusal is None:
                self._obey(ledger, entry)
        return taken

    def append(self, ledger: str, entry: Entry, filed: Filed | None = None) -> None:
        """Append an act of this side, known to be sound, inside a `writing()` block; `filed` if it is on a record."""
        act = entry.act
        _hold(self._entries, entry.leaf, entry)
        self.authority(ledger).take(entry)
        if act.verb in REPAIRS:
            self._unfold(entry)
        folded = self._folded.pop(act.record, None)
        if folded and filed and ledger == RELEASED and folded.national is None:
            # It has seen everything here, so that it comes last in any order of what is here.
            _hold(self._folded, act.record, advanced(folded, self.side, filed))
        self.store.append(ledger, [Row(entry.id, act.record, act.verb, entry.leaf)])
        self._obey(ledger, entry)
        self._latest[ledger] = act.index, entry.leaf

    def _obey(self, ledger: str, entry: Entry) -> None:
        """Erase what a tombstone orders in the step in which it is appended: no moment has the one without the other.

        Copies that stay behind in a write-ahead log are for `spill.obey`.
        """
        if entry.act.verb == "tombstone":
            for owner, digest in reached(self.store, ledger, entry.id, entry.act).orders:
                self.store.erase(owner, digest, entry.id)

    def reload(self) -> None:
        """Forget what is held in memory and read the store anew: after a block that was rolled back."""
        self.released = Authority(self.side, RELEASED, self.rule_sets)
        self.national = Authority(self.side, NATIONAL, self.rule_sets, self.released)
        self.mirror = None
        self._void: dict[str, set[int]] = {ledger: set() for ledger in LEDGERS}
        self._entries: dict[bytes, Entry] = {}
        self._latest: dict[str, tuple[int, bytes]] = {}
        self._roots: dict[tuple[str, int], str] = {}
        self._folded: dict[str, Record] = {}
        self.sync()

    # --- records -----------------------------------------------------------------------------------------------------

    def mode(self, record: str) -> Mode:
        """Own or joint, by the kind; KeyError where no rule set knows the kind."""
        kind = record.split("/")[0]
        for rules in self.rule_sets.values():
            if kind in rules.kinds:
                return rules.kinds[kind]
        raise KeyError(kind)

    def filed(self, record: str, placed: Iterable[Placed]) -> dict[str, list[tuple[int, Filed]]]:
        """The sound acts on a record, by side."""
        found: dict[str, list[tuple[int, Filed]]] = {}
        for one in placed:
            if one.index not in self._void[one.ledger]:
                found.setdefault(self.author(one), []).append((one.index, self.file(self.entry(one.leaf))))
        return found

    def file(self, entry: Entry) -> Filed:
        """A sound entry as `fold` takes it."""
        act = entry.act
        rules = self.rule_sets[act.rules]
        terms = rules.read_terms(act.verb, act.terms)
        heard = ""
        if getattr(terms, "offer", None) is not None:  # only how an offer is answered and ends hangs on it
            heard = self._heard(act.side, act.seen.size)
        authority = self.authority(act.ledger if act.side == self.side else MIRROR)
        return Filed(entry.id, act, terms, heard, rules, authority.known(act))

    def _heard(self, side: str, seen: int) -> str:
        facing = MIRROR if side == self.side else RELEASED
        for index in range(seen - 1, -1, -1):
            if index not in self._void[facing]:
                return open_leaf(self.store.leaf(facing, index)).act.time
        return ""

    def fold(
        self,
        record: str,
        placed: list[Placed],
        observe: Callable[[View, Filed], None] | None = None,
        known: str | None = None,
    ) -> Record:
        """The record folded from its leaves `placed`, as known at a time.

        What this side has not released bears on no verdict but its own: beside released acts it is folded on top.
        """
        mode = self.mode(record)
        released = [one for one in placed if one.ledger != NATIONAL]
        if placed and not released:
            return fold(record, mode, (self.side,), self.filed(record, placed), observe, known=known)
        apart = self.filed(record, [one for one in placed if one.ledger == NATIONAL]).get(self.side, [])
        national = [one for _, one in apart]
        return fold(record, mode, self.sides, self.filed(record, released), observe, national=national, known=known)

    def record(self, record: str, known: str | None = None) -> Record:
        """A record folded from the store, its `views` left out. Nobody changes it: it is held for others."""
        self.sync()
        if known is not None:
            return self.fold(record, self.store.of_record(record), known=known)
        return self.folded(record)

    def folded(self, record: str) -> Record:
        """The same, where the book is known to be level with the store: within a `writing()` block after `sync`."""
        return self._folded.get(record) or _hold(
            self._folded, record, replace(self.fold(record, self.store.of_record(record)), views={})
        )

    def view(self, record: str, ledger: str = RELEASED) -> View:
        """What both ledgers hold of a record now; for the national ledger, with this side's own acts on top."""
        self.sync()
        return self.view_held(record, ledger)

    def view_held(self, record: str, ledger: str = RELEASED) -> View:
        """The same, where the book is known to be level with the store."""
        folded = self.folded(record)
        return folded.national or folded.whole if ledger == NATIONAL else folded.whole
