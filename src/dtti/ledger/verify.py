"""Checking a ledger from its bytes alone: places, key lists, signatures, tree, checkpoint. Knows no programme.

What a verdict on a record needs stands a floor higher (accord). Signatures are checked by several processes where there
are processors for them; results come back in the order of the ledger, and memory holds a few hundred leaves at a time.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

import msgspec
import orjson

from . import checkpoint as notes
from . import keylist, tree
from .act import NOTHING, MalformedLeaf, open_leaf
from .canonical import ProfileError
from .chain import GOVERN, Chain, Named, after, check_note
from .keylist import KeyList, KeyListError

CHUNK = 256
LOWERS = "reset_time"


class Fault(msgspec.Struct, frozen=True):
    """Something that does not hold: where it stands, which rule it breaks, and how."""

    where: str
    rule: str
    reason: str


class Checked(msgspec.Struct, frozen=True):
    """One leaf after checking: its tree hash, its act id and claimed time, and what is wrong with it by itself."""

    hash: bytes
    id: str
    fault: tuple[str, str] | None  # rule, reason
    governs: bool = False
    time: str = ""
    lowers: bool = False  # a repair of the clock: the ledger has then reached this one's time

    def reached(self, before: str) -> str:
        """The claimed time that a ledger which had reached `before` has reached with this leaf."""
        return self.time if self.lowers else max(before, self.time)


class Report(msgspec.Struct):
    """What a verification found. No fault means that every byte it covers is as it was signed.

    `constitution`: hex digest of what the foundings agree, where they were looked at: nothing else says whose keys
    these are. `flagged`: what is sound, and rests on what has changed since. `time`: the claimed time that its sound
    entries have reached. `cosigned`: who held it at this size, at which Unix second.
    """

    subject: str
    size: int
    root: str
    faults: list[Fault]
    acts: int = 0
    constitution: str = ""
    time: str = ""
    cosigned: list[tuple[str, int]] = []
    flagged: list[Fault] = []

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def misread(file: str, data: bytes, error: ProfileError | msgspec.ValidationError) -> Fault:
    """The Fault of a JSON `file` that cannot be read: by byte where it is not in its one form, else by member."""
    if isinstance(error, msgspec.ValidationError):
        return Fault(file, "fields", str(error))
    place = f"byte {_misread_at(data)}" if error.rule in ("profile-json", "profile-canonical") else error.where
    return Fault(f"{file} {place}", error.rule, error.reason)


def _misread_at(data: bytes) -> int:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    try:
        own = orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError as error:
        return len(text[: error.pos].encode())
    differs = (at for at, (one, other) in enumerate(zip(data, own, strict=False)) if one != other)
    return next(differs, min(len(data), len(own)))


def _check_chunk(
    leaves: list[bytes], keys: bytes | None, previous: str, index: int, side: str, ledger: str
) -> list[Checked]:
    """Check consecutive leaves by one key list; stops after one that may change it."""
    key_list = msgspec.msgpack.decode(keys, type=KeyList) if keys else None
    found = []
    for leaf in leaves:
        digest = tree.leaf_hash(leaf)
        fault: tuple[str, str] | None = None
        identity, governs, time, lowers = "", False, "", False
        try:
            entry = open_leaf(leaf)
            act, identity, time = entry.act, entry.id, entry.act.time
            governs, lowers = act.verb in GOVERN, act.verb == LOWERS
            if (act.side, act.ledger, act.index, act.previous) != (side, ledger, index, previous):
                fault = ("place", f"it says it is {act.side} {act.ledger} entry {act.index} after {act.previous[:12]}")
            elif key_list is not None:
                keylist.check_signed(key_list, entry)
            elif not governs:
                fault = ("founding", "the ledger does not begin with its founding")
        except MalformedLeaf as error:
            fault = (error.rule, error.reason)
        except KeyListError as error:
            fault = (error.rule, error.reason)
        found.append(Checked(digest, identity, fault, governs, time, lowers))
        previous, index = digest.hex(), index + 1
        if governs:
            break
    return found


def take(chain: Chain, leaf: bytes) -> tuple[str, str] | None:
    """Take a governing leaf into `chain`; the rule and reason if it is not rightly made."""
    try:
        chain.take(open_leaf(leaf))
    except KeyListError as error:
        return error.rule, error.reason
    return None


class _Pending(msgspec.Struct):
    leaves: list[bytes]
    index: int
    previous: str
    result: "Future[list[Checked]] | None" = None


def check_leaves(
    leaves: Iterable[bytes],
    side: str,
    *,
    ledger: str = "released",
    keys: KeyList | None = None,
    previous: str = NOTHING,
    start: int = 0,
    workers: int | None = None,
) -> Iterator[tuple[bytes, Checked, KeyList | None]]:
    """Check leaves start.. of a ledger of `side`; yields leaf, finding, and the key list in force after it.

    `keys` and `previous`: key list in force and hash of the leaf before `start`, when not at the beginning.
    `workers`: processes that check signatures (0: none but this one; None: one for each processor).
    """
    source = iter(leaves)
    first = list(islice(source, CHUNK))
    count = (os.cpu_count() or 1) if workers is None else workers
    if count < 2 or len(first) < CHUNK:
        count = 0
    pool = ProcessPoolExecutor(count, mp_context=get_context("fork")) if count else None
    try:
        yield from _check_all(first, source, (side, ledger), keys, previous, start, pool, count)
    finally:
        if pool:
            pool.shutdown(wait=True, cancel_futures=True)


def _check_all(
    first: list[bytes],
    source: Iterator[bytes],
    owner: tuple[str, str],
    keys: KeyList | None,
    previous: str,
    start: int,
    pool: ProcessPoolExecutor | None,
    count: int,
) -> Iterator[tuple[bytes, Checked, KeyList | None]]:
    pending: deque[_Pending] = deque()
    packed = msgspec.msgpack.encode(keys) if keys else None
    index, exhausted = start, False

    def submit(one: _Pending) -> None:
        if pool:
            one.result = pool.submit(_check_chunk, one.leaves, packed, one.previous, one.index, *owner)

    while True:
        while not exhausted and len(pending) < max(1, 3 * count):
            chunk, first = (first, []) if first else (list(islice(source, CHUNK)), [])
            if not chunk:
                exhausted = True
                break
            one = _Pending(chunk, index, previous)
            index, previous = index + len(chunk), tree.leaf_hash(chunk[-1]).hex()
            pending.append(one)
            submit(one)
        if not pending:
            return
        one = pending.popleft()
        found = one.result.result() if one.result else _check_chunk(one.leaves, packed, one.previous, one.index, *owner)
        for leaf, each in zip(one.leaves, found, strict=False):
            if each.governs and each.fault is None:
                try:
                    keys = after(keys, open_leaf(leaf))
                except KeyListError as error:
                    each = msgspec.structs.replace(each, fault=(error.rule, error.reason))
            yield leaf, each, keys
        if len(found) < len(one.leaves):  # a governing act: the rest of the chunk, and all after it, by the new list
            rest = _Pending(one.leaves[len(found) :], one.index + len(found), found[-1].hash.hex())
            pending.appendleft(rest)
        if found and found[-1].governs:
            packed = msgspec.msgpack.encode(keys) if keys else None
            for each_pending in pending:
                if each_pending.result:
                    each_pending.result.cancel()
                submit(each_pending)


def check_ledger(
    name: str,
    leaves: Iterable[bytes],
    note: str | None,
    side: str,
    origin: str | None = None,
    *,
    mirrors: Sequence[Named] = (),
    workers: int | None = None,
) -> Report:
    """Check a whole released ledger against its checkpoint.

    `origin`: the log's name, if the caller knows it from elsewhere; the founding says it too.
    `mirrors`: see check_note.
    """
    report = Report(name, 0, tree.EMPTY.hex(), [])
    where = f"{name} checkpoint"
    parsed: notes.Checkpoint | None = None
    if note is None:
        report.faults.append(Fault(where, "checkpoint", "there is none"))
    else:
        try:
            parsed = notes.parse(note)
        except notes.CheckpointError as error:
            report.faults.append(Fault(where, "checkpoint", str(error)))
    frontier: list[bytes] = []
    chain = Chain()
    at_note = tree.EMPTY if parsed and parsed.size == 0 else None
    time = ""
    for leaf, found, _ in check_leaves(leaves, side, workers=workers):
        tree.append(report.size, frontier, found.hash)
        fault = found.fault
        if found.governs and fault is None and parsed and report.size < parsed.size:
            fault = take(chain, leaf)
        if fault:
            report.faults.append(Fault(f"{name} entry {report.size}", *fault))
        else:
            report.acts += 1
            time = found.reached(time)
        report.size += 1
        if parsed and report.size == parsed.size:
            at_note = tree.fold(frontier)
    report.root = tree.fold(frontier).hex()
    if parsed is None:
        return report
    if at_note is None:
        report.faults.append(
            Fault(where, "truncated", f"the checkpoint covers {parsed.size} entries, only {report.size} are here")
        )
    elif at_note != parsed.root:
        report.faults.append(Fault(where, "root", f"the {parsed.size} entries here do not lead to the signed root"))
    report.constitution, report.time = chain.constitution, time
    try:
        check_note(parsed, chain, mirrors)
        report.cosigned = notes.cosignatures(parsed, [*chain.counterparts, *mirrors])
        if origin is not None and parsed.origin != origin:
            raise notes.CheckpointError(f"the checkpoint is of {parsed.origin}, not of {origin}")
    except notes.CheckpointError as error:
        report.faults.append(Fault(where, "checkpoint", str(error)))
    return report
