"""One entry of an official record with what stands beside it: texts and files, keys, what names it, what was checked.

Knows the store and `explore`; writes nothing. An entry that the viewer may not see is answered as absent.
"""

from __future__ import annotations

import msgspec

from dtti.accord import table_2
from dtti.accord.refusal import Refused
from dtti.ledger import keylist, tree
from dtti.ledger.act import Entry, MalformedLeaf, open_leaf
from dtti.ledger.body import Body, Erased, Owner, opens
from dtti.ledger.chain import Chain
from dtti.ledger.export import governing
from dtti.ledger.keylist import Key, KeyList, KeyListError
from dtti.ledger.store import LEDGERS, MIRROR, RELEASED, Placed
from dtti.node.core import text
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal
from dtti.node.record.journal import Done

from . import explore
from .explore import Spot


class Part(msgspec.Struct, frozen=True):
    """A text or file of an entry. `state`: held, erased, missing, unreadable. `kind`: text, file, or unknown.

    `size`: bytes committed to. `name`, `media`: of a file, as its text says. `tombstone`: the act that ordered erasure.
    """

    number: int
    kind: str
    state: str
    digest: str
    size: int
    name: str = ""
    media: str = ""
    text: text.Text | None = None
    tombstone: Spot | None = None
    reason: str = ""


class Signed(msgspec.Struct, frozen=True):
    """One signature under an entry: key id, algorithm, public key, version of its key list, whether it holds."""

    key: str
    algorithm: str
    public: str
    version: int
    holds: bool


class Check(msgspec.Struct, frozen=True):
    """One thing looked at: a code for what, whether it holds, and a figure or reason beside it."""

    what: str
    good: bool
    detail: str = ""


class Opened(msgspec.Struct, frozen=True):
    """One entry: where it stands, what it says (None where it is no act), and all that stands beside it."""

    placed: Placed
    done: Done
    entry: Entry | None
    parts: list[Part]
    signed: list[Signed]
    checks: list[Check]
    names: dict[str, Spot]
    named_by: list[Spot]
    acknowledged: Spot | None


def find(node: Node, viewer: Viewer, identity: str) -> Opened | None:
    """The entry with this id (of its act, or the leaf hash where it is no act); None where the viewer sees none."""
    found = node.store.find(identity)
    if found is None or not explore.shows(node, viewer, found):
        return None
    rows = node.projection.engine.run(
        f"SELECT {journal.DONE_COLUMNS} FROM done WHERE ledger = ? AND idx = ?",  # noqa: S608 - own names
        (LEDGERS[found.ledger], found.index),
    )
    if not rows:
        return None
    (done,) = journal.done_of(rows)
    try:
        opened: Entry | None = open_leaf(found.leaf)
    except MalformedLeaf:
        opened = None
    lists = _in_force(opened, key_lists(node, found.ledger)) if opened else []
    return Opened(
        found,
        done,
        opened,
        parts(node, viewer, identity) or [],
        _signed(opened, lists) if opened else [],
        _checks(node, found, opened, lists),
        explore.placed(node, viewer, _named(opened)) if opened else {},
        _named_by(node, viewer, done) if opened else [],
        explore.acknowledgements(node, [done]).get(identity),
    )


def _named(entry: Entry) -> set[str]:
    """Every act that an entry names: what it rests on, and what its verb's fields answer, confirm or hold."""
    named = set(entry.act.rests)
    for name, value in entry.act.terms.items() if table_2.formed(entry.act.verb, entry.act.terms) else ():
        if name in ("offer", "answer", "confirms"):
            named.add(value)
        elif name == "released":
            named.update(value)
        elif name == "acts":
            named.update(held["act"] for held in value)
    return named


def _named_by(node: Node, viewer: Viewer, done: Done) -> list[Spot]:
    """Later acts on the same record that name this one, as the viewer sees them."""
    if not done.record:
        return []
    found = []
    for one in journal.history(node, viewer, done.record, naming=done.id):
        values = [one.terms.get(name) for name in ("offer", "answer", "confirms")] + list(one.terms.get("released", ()))
        if done.id in values:
            found.append(Spot(one.side, one.ledger, one.index, one.id, one.time, one.verb))
    return found


def parts(node: Node, viewer: Viewer, identity: str) -> list[Part] | None:
    """Texts and files of an act as the viewer may see them, in the order committed; None where there is no such act."""
    found = node.store.find(identity)
    if found is None or not explore.shows(node, viewer, found):
        return None
    try:
        act = open_leaf(found.leaf).act
    except MalformedLeaf:
        return []
    first = _text_of(node, found.owner()) if act.body else None
    files = first.files if first else []
    texts = len(act.body) - len(files) if first else None
    made = []
    for number, commitment in enumerate(act.body):
        held = node.store.body(found.owner(number))
        is_file = texts is not None and number >= texts
        kind = "file" if is_file else "text" if number == 0 or texts is not None else "unknown"
        state = "held" if isinstance(held, Body) else "erased" if isinstance(held, Erased) else "missing"
        one = Part(number, kind, state, commitment.digest, commitment.size)
        if is_file and texts is not None:
            one = msgspec.structs.replace(one, name=files[number - texts].name, media=files[number - texts].media)
        elif state == "held" and kind == "text":
            shown = _text_of(node, found.owner(number))
            one = msgspec.structs.replace(one, text=shown, state="held" if shown else "unreadable")
        elif isinstance(held, Erased):
            one = _erased(node, viewer, one, held.tombstone)
        made.append(one)
    return made


def _text_of(node: Node, owner: Owner) -> text.Text | None:
    held = node.store.body(owner)
    if not isinstance(held, Body):
        return None
    try:
        return text.read(held.data)
    except Refused:
        return None


def _erased(node: Node, viewer: Viewer, part: Part, tombstone: str) -> Part:
    """Who ordered the erasure, when and why; the order of a national tombstone is named to nobody else."""
    where = explore.placed(node, viewer, [tombstone]).get(tombstone)
    found = node.store.find(tombstone) if where else None
    reason = str(open_leaf(found.leaf).act.terms.get("reason", "")) if found else ""
    return msgspec.structs.replace(part, tombstone=where, reason=reason)


def key_lists(node: Node, ledger: str) -> list[tuple[int, KeyList]]:
    """Key lists of the side that writes `ledger`, each with the index of its own leaf, oldest first."""
    where = MIRROR if ledger == MIRROR else RELEASED
    chain, found = Chain(), list[tuple[int, KeyList]]()
    for one in governing(node.store, where, node.store.size(where)):
        chain.take(one)
        if chain.keys is not None:
            found.append((one.act.index, chain.keys))
    return found


def _in_force(entry: Entry, lists: list[tuple[int, KeyList]]) -> list[KeyList]:
    """Key lists by which an entry may be signed: in released the one before it, in national any of its side's."""
    if entry.act.ledger == RELEASED:  # position decides; the founding brings the list that signs it
        before = [keys for at, keys in lists if at < entry.act.index or at == entry.act.index == 0]
        return before[-1:]
    return [keys for _, keys in lists]


def _signed(entry: Entry, lists: list[KeyList]) -> list[Signed]:
    act, found = entry.act, list[Signed]()
    for identity, signature in entry.signatures:
        held: tuple[int, Key] | None = next(
            ((keys.version, key) for keys in reversed(lists) for key in keys.keys(act.role) if key.id == identity), None
        )
        if held is None:
            found.append(Signed(identity, "", "", 0, False))
        else:
            version, key = held
            holds = keylist.verifies(key, signature, entry.signed)
            found.append(Signed(identity, key.algorithm, key.public, version, holds))
    return found


def _checks(node: Node, found: Placed, entry: Entry | None, lists: list[KeyList]) -> list[Check]:
    """What can be said of one entry by looking at it alone, done anew each time it is shown."""
    if entry is None:
        return [Check("form", False, "it is not an act in the form of the ledger")]
    checks = [Check("form", True)]
    act, size = entry.act, node.store.size(found.ledger)
    ledger = RELEASED if found.ledger == MIRROR else found.ledger
    place = (act.side, act.ledger, act.index) == (explore.side_of(node, found.ledger), ledger, found.index)
    before = node.store.leaf_hash(found.ledger, found.index - 1).hex() if found.index else "0" * 64
    checks.append(Check("place", place and act.previous == before, str(found.index)))
    checks.append(_signature(entry, lists))
    checks.append(_included(node, found, size))
    opened = [
        opens(commitment, held)
        for part, commitment in enumerate(act.body)
        if isinstance(held := node.store.body(found.owner(part)), Body)
    ]
    if opened:
        checks.append(Check("bodies", all(opened), str(len(opened))))
    return checks


def _signature(entry: Entry, lists: list[KeyList]) -> Check:
    reason = "no key list stands before it"
    for keys in reversed(lists):
        try:
            keylist.check_signed(keys, entry)
        except KeyListError as error:
            reason = error.reason
        else:
            return Check("signature", True, str(keys.version))
    return Check("signature", False, reason)


def _included(node: Node, found: Placed, size: int) -> Check:
    """Whether the leaf lies under the root of the latest checkpoint that covers it, else of the ledger as it stands."""
    note = explore.checkpoint(node, found.ledger)
    covered = note is not None and note.size > found.index
    at, root = (
        (note.size, bytes.fromhex(note.root)) if note and covered else (size, node.store.root(found.ledger, size))
    )
    path = tree.inclusion(found.index, at, node.store.reader(found.ledger))
    try:
        tree.check_inclusion(tree.leaf_hash(found.leaf), found.index, at, path, root)
    except tree.ProofError as error:
        return Check("included", False, str(error))
    return Check("included" if covered else "included_unsigned", True, str(at))


def file_of(node: Node, viewer: Viewer, identity: str, number: int) -> tuple[str, bytes] | None:
    """Name and bytes of a held part; None where the viewer sees no such act, or the part is not here."""
    found = next((one for one in parts(node, viewer, identity) or () if one.number == number), None)
    if found is None or found.state not in ("held", "unreadable"):
        return None
    raw = journal.raw_body(node, viewer, identity, number)
    if not isinstance(raw, bytes):
        return None
    ending = "json" if found.kind == "text" else "bin"
    return found.name or f"{identity[:16]}-{number}.{ending}", raw
