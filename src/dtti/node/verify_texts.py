"""Checking the texts beside the ledgers: each is here and opens the commitment to it, or a sound tombstone took it."""

import msgspec

from dtti.ledger.act import Commitment, MalformedLeaf, open_leaf
from dtti.ledger.body import Body, Erased, opens
from dtti.ledger.store import LEDGERS, NATIONAL, RELEASED, Store
from dtti.ledger.verify import Fault, Report

from .verify_ledger import Snapshot, heads


class Anchored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an anchor binds: the national ledger's size and root (hex)."""

    root: str
    size: int


def check_texts(snapshot: Snapshot) -> Report:
    """Every commitment of every entry, and that no text stands here to which no entry commits."""
    report = Report("texts", 0, "", [])
    store = snapshot.store
    committed: dict[str, str] = {}  # digest: the ledger whose entry commits to it, or whose head an anchor binds
    ordered = _ordered(store)
    for ledger, size in snapshot.sizes.items():
        for index, leaf in enumerate(store.leaves(ledger, 0, size)):
            try:
                act = open_leaf(leaf).act
            except MalformedLeaf:
                continue
            if act.verb == "anchor" and ledger == RELEASED:
                committed[act.terms["digest"]] = NATIONAL
                report.faults += _check_anchor(snapshot, index, act.terms["digest"])
            for part, one in enumerate(act.body):
                committed[one.digest] = ledger
                report.size += 1
                where = f"{snapshot.sides[ledger]} {ledger} entry {index}, text {part}"
                held = store.body(one.digest)
                if held is None:
                    report.faults.append(Fault(where, "body-missing", "the text that it commits to is not here"))
                elif isinstance(held, Erased):
                    if (held.tombstone, one.digest) not in (ordered := ordered or _ordered(store)):
                        reason = "it was erased, and no sound tombstone orders that"
                        report.faults.append(Fault(where, "tombstone", reason))
                elif not opens(one, held):
                    report.faults.append(Fault(where, "body", "it is not what the entry committed to"))
    _check_strays(snapshot, committed, report)
    return report


def _check_anchor(snapshot: Snapshot, index: int, digest: str) -> list[Fault]:
    """An anchor kept with its salt: the national ledger still leads to the head that it bound, and is no shorter."""
    held = snapshot.store.body(digest)
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


def _ordered(store: Store) -> set[tuple[str, str]]:
    """Every sound tombstone here, as its id and the digest that it names."""
    found = set()
    for ledger in LEDGERS:
        voids = store.voids(ledger)
        for placed in store.of_verb("tombstone", ledger):
            if placed.index not in voids:
                found.add((placed.id, str(open_leaf(placed.leaf).act.terms["digest"])))
    return found


def _check_strays(snapshot: Snapshot, committed: dict[str, str], report: Report) -> None:
    """Texts that no entry commits to, and texts kept for another ledger than the entry's: a way for a leak."""
    names = {number: name for name, number in LEDGERS.items()}
    for digest, number in snapshot.store.engine.run("SELECT digest, ledger FROM body"):
        name = bytes(digest).hex()
        ledger = committed.get(name) or _since(snapshot, name)
        if ledger is None:
            report.faults.append(Fault(f"text {name[:16]}", "body", "no entry commits to it"))
        elif number is not None and names.get(number) != ledger:
            reason = f"it is kept as one of another ledger than {ledger}, whose entry commits to it"
            report.faults.append(Fault(f"text {name[:16]}", "body", reason))


def _since(snapshot: Snapshot, digest: str) -> str | None:
    """The ledger in which an entry written since the check began commits to `digest`."""
    for ledger, size in snapshot.sizes.items():
        for leaf in snapshot.store.leaves(ledger, size):
            try:
                act = open_leaf(leaf).act
            except MalformedLeaf:
                continue
            if any(one.digest == digest for one in act.body):
                return ledger
            if act.verb == "anchor" and act.terms["digest"] == digest:
                return NATIONAL
    return None
