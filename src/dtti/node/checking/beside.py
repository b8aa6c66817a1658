"""A proof held beside what a node or exports hold: whose keys it rests on, and what became of its text since.

A proof shows a moment. A ledger that goes further shows whether another history was signed, which keys were dropped
since, which acts of the proof are void by what its reader could not see, and which text of the record stands now.
Nothing of a national ledger is looked at.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from dtti.accord.fold import Record
from dtti.accord.grade import current, grade
from dtti.accord.pair import Strangers
from dtti.accord.proof import Verdict
from dtti.accord.refusal import Refused, refuse
from dtti.accord.replay import replay
from dtti.accord.rule_sets import RULE_SETS
from dtti.accord.rules import UnknownRules
from dtti.accord.standing import Fork
from dtti.ledger import export, keylist, tree
from dtti.ledger.act import Entry, MalformedLeaf, open_leaf
from dtti.ledger.chain import GOVERN, Chain, Dropped, chain_of, dropped
from dtti.ledger.store import MIRROR, RELEASED, Store
from dtti.ledger.verify import Fault
from dtti.node.core.book import Book
from dtti.node.folder import config as settings


class Ledger(msgspec.Struct, frozen=True):
    """One side's released ledger as it is held: its size, its root at a size, the leaf hash at an index, its chain."""

    side: str
    size: int
    root: Callable[[int], bytes]
    leaf_hash: Callable[[int], bytes]
    chain: Chain


class Held(msgspec.Struct, frozen=True):
    """What is held: ledgers by side, and a record as judged by them (None: not to be judged by what is here).

    `voids`: by side, index of each void entry with its rule. `own`: whether it is a node's; an export that came with a
    proof may be of the same invention.
    """

    ledgers: Mapping[str, Ledger]
    record: Callable[[str], Record | None]
    voids: Mapping[str, Mapping[int, str]]
    own: bool = False

    @property
    def constitution(self) -> str:
        """The constitution in force by it."""
        return next((one.chain.constitution for one in self.ledgers.values()), "")


class Later(msgspec.Struct, frozen=True):
    """What stands of the record now and did not by the proof: a text in its place, or a notice.

    `what`: a grade, `suspend`, `withdraw_from`, or `erased`. `act`, `side`, `time`: of the act that made it so.
    """

    what: str
    act: str
    side: str
    time: str


class Beside(msgspec.Struct):
    """What the comparison found. `unseen`: sides of which less is held here than the proof covers, or nothing.

    `judged`: whether both ledgers were here to judge the record by. `sizes`: how far each was. `own`: as in Held.
    """

    constitution: str
    sizes: dict[str, int]
    faults: list[Fault] = []
    unseen: list[str] = []
    dropped: list[Dropped] = []
    later: list[Later] = []
    judged: bool = False
    own: bool = False


def compare(found: Verdict, held: Held) -> Beside:
    """Hold a good proof beside `held`."""
    made = Beside(held.constitution, {side: one.size for side, one in held.ledgers.items()}, own=held.own)
    if found.claim is None:
        return made
    if found.constitution != held.constitution:
        reason = f"it rests on {found.constitution}; what it is held against rests on {held.constitution}"
        made.faults.append(Fault("constitution", "constitution", reason))
        return made
    for one in found.as_of:
        ledger = held.ledgers.get(one.side)
        if ledger is None or ledger.size < one.size:
            made.unseen.append(one.side)
        if ledger is not None and ledger.size >= one.size and ledger.root(one.size).hex() != one.root:
            reason = f"the first {one.size} entries held here have another root: two histories were signed"
            made.faults.append(Fault(f"checkpoint {one.side}", "fork", reason))
    for entry in found.entries:
        _look_at(entry, held, made)
    if not made.faults:
        _look_at_record(found, held, made)
    return made


def _look_at(entry: Entry, held: Held, made: Beside) -> None:
    act = entry.act
    ledger = held.ledgers.get(act.side)
    if ledger is None or act.index >= ledger.size:
        return
    where = f"entry {act.side} {act.index}"
    if ledger.leaf_hash(act.index) != tree.leaf_hash(entry.leaf):
        made.faults.append(Fault(where, "fork", "another entry stands there in the ledger held here"))
    elif act.index in held.voids.get(act.side, {}):
        rule = held.voids[act.side][act.index]
        made.faults.append(Fault(where, "void", f"judged by both ledgers it is void, by rule {rule}"))
    elif act.verb not in GOVERN:
        made.dropped += dropped(ledger.chain, entry)


def _look_at_record(found: Verdict, held: Held, made: Beside) -> None:
    claim = found.claim
    record = held.record(claim.record) if claim and set(claim.sides) <= set(held.ledgers) else None
    if claim is None or record is None or any(side in made.unseen for side in claim.sides):
        return
    for entry in found.entries:
        if entry.id in record.void:
            where = f"entry {entry.act.side} {entry.act.index}"
            reason = f"judged by both ledgers it is void, by rule {record.void[entry.id].rule}"
            made.faults.append(Fault(where, "void", reason))
    view = record.whole
    text = next((one for one in view.texts if one.act == claim.act), None)
    if text is None and not made.faults:
        made.faults.append(Fault("claim", "void", "by the ledgers held here no such text stands"))
    if text is None or made.faults:
        return
    made.judged = True
    now = current(view)
    if now is not None and now.act != claim.act:
        made.later.append(Later(grade(view, now), now.act, now.side, now.time))
    elif grade(view, text) != claim.grade:
        made.later.append(Later(grade(view, text), text.confirmed_by or text.act, text.side, text.time))
    made.later += [
        Later(notice, act, side, next(time for _, _, one, time in view.notice_acts if one == act))
        for side, (notice, act) in sorted(view.notices.items())
    ]


# --- what is held ----------------------------------------------------------------------------------------------------


def of_book(book: Book) -> Held:
    """What a node holds: its released ledger and the mirror."""
    book.sync()
    store = book.store
    names = {book.side: RELEASED} | ({book.other: MIRROR} if book.other else {})

    def ledger(side: str, name: str) -> Ledger:
        size = store.size(name)
        return Ledger(
            side,
            size,
            lambda at: store.root(name, at),
            lambda index: store.leaf_hash(name, index),
            chain_of(export.governing(store, name, size)),
        )

    return Held(
        {side: ledger(side, name) for side, name in names.items() if store.size(name)},
        lambda record: book.record(record) if store.of_record(record) else None,
        {side: {index: void[0] for index, void in store.voids(name).items()} for side, name in names.items()},
        own=True,
    )


def of_folder(folder: Path) -> Held:
    """What the node in `folder` holds, or a static export; Refused where it is neither, or not good itself."""
    if (folder / settings.FILE).exists():
        where = settings.Folder(folder)
        config = settings.read(folder)
        address = where.ledger_address(config)
        if isinstance(address, Path) and not address.is_file():
            raise Refused(refuse("store", f"{address} is not there", "Name the folder of a node that was founded."))
        return of_book(Book(Store(address, f"{config.schema}_ledger"), config.side, RULE_SETS))
    return of_exports([folder])


def of_folders(folders: Iterable[Path]) -> Held:
    """What a node, or one export or two, hold together."""
    given = list(folders)
    return of_folder(given[0]) if len(given) == 1 else of_exports(given)


def of_exports(folders: Iterable[Path]) -> Held:
    """What static exports hold, one for each side at most; Refused where one is not good itself."""
    ledgers: dict[str, Ledger] = {}
    leaves: dict[tuple[str, str], list[bytes]] = {}
    for folder in folders:
        report = export.check(folder)
        checkpoint = [one for one in report.faults if "entry" not in one.where]
        if checkpoint or not report.size:
            fault = (checkpoint or [Fault(str(folder), "files", "it is neither a node's folder nor an export")])[0]
            raise Refused(
                refuse(
                    fault.rule,
                    f"{folder} cannot be held against it: {fault.where}: {fault.reason}",
                    "Name a node's folder, or an export that `dtti verify` calls good.",
                )
            )
        made = list(export.leaves(folder, report.size))
        side = open_leaf(made[0]).act.side
        if side in ledgers:
            raise Refused(refuse("against", f"two exports are of {side}", "Name one export of each side."))
        leaves[side, RELEASED] = made
        ledgers[side] = _in_memory(side, made)
    return _judged(ledgers, leaves)


def _in_memory(side: str, leaves: list[bytes]) -> Ledger:
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]

    def root(size: int) -> bytes:
        frontier: list[bytes] = []
        tree.extend(0, frontier, hashes[:size])
        return tree.fold(frontier)

    chain = Chain()
    for index, leaf in enumerate(leaves):
        try:
            entry = open_leaf(leaf)
            if entry.act.verb in GOVERN and entry.act.index == index:
                if chain.keys is not None:
                    keylist.check_signed(chain.keys, entry)
                chain.take(entry)
        except (MalformedLeaf, keylist.KeyListError):
            continue  # void, and changes nothing
    return Ledger(side, len(leaves), root, hashes.__getitem__, chain)


def _judged(ledgers: dict[str, Ledger], leaves: dict[tuple[str, str], list[bytes]]) -> Held:
    """The records that these ledgers make; none where a ledger that they cite is not among them."""
    joined = {side for one in ledgers.values() for side in one.chain.joined}
    if not joined <= set(ledgers):
        return Held(ledgers, lambda record: None, {})
    try:
        state = replay(leaves, RULE_SETS)
    except (Fork, Strangers, UnknownRules) as error:
        raise Refused(
            refuse("against", f"the two exports do not belong together: {error}", "Name exports of one founding.")
        ) from None
    voids = {
        side: {one.index: one.void.rule for one in judged if one.void} for (side, _), judged in state.judged.items()
    }
    return Held(ledgers, state.records.get, voids)
