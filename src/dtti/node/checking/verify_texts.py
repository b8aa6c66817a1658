"""Checking the texts beside the ledgers: each is here and opens the commitment to it, or a sound tombstone took it."""

import msgspec

from dtti.ledger.act import Commitment, Entry, MalformedLeaf, open_leaf
from dtti.ledger.body import Body, Erased, Owner, opens
from dtti.ledger.store import LEDGERS, NATIONAL, RELEASED, Store
from dtti.ledger.verify import Fault, Report
from dtti.node.core.tombstone import tombstones

from .verify_ledger import Snapshot, heads


class Anchored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an anchor binds: the national ledger's size and root (hex)."""

    root: str
    size: int


def check_texts(snapshot: Snapshot) -> Report:
    """Every commitment of every entry, and that no text stands here to which no entry commits."""
    report = Report("texts", 0, "", [])
    store = snapshot.store
    committed: dict[Owner, str] = {}  # what each owner commits to, or an anchor binds
    ordered = _ordered(store)
    for ledger, size in snapshot.sizes.items():
        for index, leaf in enumerate(store.leaves(ledger, 0, size)):
            try:
                entry = open_leaf(leaf)
            except MalformedLeaf:
                continue
            committed |= _committed(ledger, entry)
            if entry.act.verb == "anchor" and ledger == RELEASED:
                report.faults += _check_anchor(snapshot, index, entry)
            for part, one in enumerate(entry.act.body):
                report.size += 1
                owner = Owner(ledger, entry.id, part)
                where = f"{snapshot.sides[ledger]} {ledger} entry {index}, text {part}"
                held = store.body(owner)
                if held is None:
                    report.faults.append(Fault(where, "body-missing", "the text that it commits to is not here"))
                elif isinstance(held, Erased):
                    if (held.tombstone, owner) not in ordered:
                        ordered = _ordered(store)  # it may have been ordered since the check began
                    if (held.tombstone, owner) not in ordered:
                        reason = "it was erased, and no sound tombstone orders that"
                        report.faults.append(Fault(where, "tombstone", reason))
                elif not opens(one, held):
                    report.faults.append(Fault(where, "body", "it is not what the entry committed to"))
    _check_strays(snapshot, committed, report)
    return report


def _committed(ledger: str, entry: Entry) -> dict[Owner, str]:
    found = {Owner(ledger, entry.id, part): one.digest for part, one in enumerate(entry.act.body)}
    if entry.act.verb == "anchor" and ledger == RELEASED:
        found[Owner(NATIONAL, entry.id)] = str(entry.act.terms.get("digest"))
    return found


def _check_anchor(snapshot: Snapshot, index: int, entry: Entry) -> list[Fault]:
    """An anchor kept with its salt: the national ledger still leads to the head that it bound, and is no shorter."""
    held, digest = snapshot.store.body(Owner(NATIONAL, entry.id)), str(entry.act.terms.get("digest"))
    if not isinstance(held, Body):
        return []  # one that was taken back from the counterpart, which never had the salt
    where = f"{snapshot.sides[RELEASED]} released entry {index}, anchor"
    try:
        stood = msgspec.json.decode(held.data, type=Anchored)
    except msgspec.DecodeError:
        return [Fault(where, "anchor", "what it binds cannot be read")]
    if not opens(Commitment(digest, len(held.data)), held):
        return [Fault(where, "anchor", "what is kept here is not what it binds")]
    if stood.size > heads(snapshot.store)[NATIONAL]:
        return [Fault(where, "anchor", f"the national ledger had {stood.size} entries then, and has fewer now")]
    if snapshot.store.root(NATIONAL, stood.size).hex() != stood.root:
        return [Fault(where, "anchor", f"the first {stood.size} national entries are not those that stood then")]
    return []


def _ordered(store: Store) -> set[tuple[str, Owner]]:
    """The ids of sound tombstones here, each with what it orders erased."""
    return {(one.id, owner) for one in tombstones(store) for owner, _ in one.orders}


def _check_strays(snapshot: Snapshot, committed: dict[Owner, str], report: Report) -> None:
    """Texts kept for an act that commits to none such."""
    names = {number: name for name, number in LEDGERS.items()}
    for number, act, part, digest in snapshot.store.engine.run("SELECT ledger, act, part, digest FROM body"):
        owner = Owner(names.get(int(number), ""), bytes(act).hex(), int(part))
        if (committed.get(owner) or _since(snapshot, owner)) != bytes(digest).hex():
            reason = f"act {owner.act[:16]} of the {owner.ledger} ledger commits to no such text {part}"
            report.faults.append(Fault(f"text {bytes(digest).hex()[:16]}", "body", reason))


def _since(snapshot: Snapshot, owner: Owner) -> str | None:
    """What `owner` commits to, where its entry was written since the check began."""
    for ledger, size in snapshot.sizes.items():
        for leaf in snapshot.store.leaves(ledger, size):
            try:
                found = _committed(ledger, open_leaf(leaf)).get(owner)
            except MalformedLeaf:
                continue
            if found:
                return found
    return None
