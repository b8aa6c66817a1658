"""Making proof files from what a node holds. The format, and the checking, are accord.proof's. No Django."""

import base64
from collections.abc import Mapping, Sequence

import msgspec

from dtti.accord.claim import RULING, Broken, credential_of, derive, says, text_body
from dtti.accord.fold import Text, View
from dtti.accord.grade import current
from dtti.accord.proof import FORMAT, Contents, Leaf, Log, Proof
from dtti.ledger import canonical, checkpoint, tree
from dtti.ledger.act import Entry, open_leaf
from dtti.ledger.body import Body
from dtti.ledger.chain import chain_of, checkable
from dtti.ledger.export import governing
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED, Placed
from dtti.node.core.book import Book


class ProofError(ValueError):
    """A record that cannot be proved from here, with the reason and what would help."""


def make(book: Book, record: str, notes: Mapping[str, str], *, act: str | None = None, bodies: bool = True) -> bytes:
    """A proof file for the current text of `record`, or for the text of `act`.

    `notes`: the latest checkpoints by side, own and mirror. With `bodies` false the file shows signatures alone.
    """
    view = book.view(record)
    text = current(view) if act is None else next((each for each in view.texts if each.act == act), None)
    if text is None:
        raise ProofError(f"record {record} has no such text here (rule proof). Exchange, or name an act of the record.")
    wanted = _deciding(book, view, text)
    held = _acknowledged(book, wanted[-1], notes)
    if held:
        wanted.append(held)
    wanted += _bindings(book, wanted)
    needed = sorted({book.author(one) for one in wanted} | _activating(book, wanted))
    parsed = {side: _note(side, notes) for side in needed}
    for one in wanted:
        _check_covered(book.author(one), one.index, parsed)
    ruling = {side: governing(book.store, _ledger(book, side), parsed[side].size) for side in needed}
    placed = {(book.author(one), one.index): one.leaf for one in wanted}
    placed |= {(side, one.act.index): one.leaf for side, entries in ruling.items() for one in entries}
    placed |= {(side, one.index): one.leaf for side in needed for one in _activations(book, side, parsed[side].size)}
    opened = [open_leaf(leaf) for leaf in placed.values()]
    entries = {entry.id: entry for entry in opened if entry.act.verb not in RULING}
    try:
        claim = derive(text.act, entries)
    except Broken as error:
        raise ProofError(f"record {record}: {error.fault.reason} (rule {error.fault.rule}). Exchange first.") from None
    chains = {side: chain_of(entries) for side, entries in ruling.items()}
    logs = []
    for side in needed:
        mirrors = [each for other in needed if other != side for each in chains[other].mirrors]
        logs.append(Log(checkable(parsed[side], chains[side], mirrors).note, side))
    proof = Proof(
        _contents(book, entries[text.act]) if bodies else [],
        claim,
        [_leaf(book, side, index, leaf, parsed[side].size) for (side, index), leaf in sorted(placed.items())],
        FORMAT,
        logs,
        says(claim, {side: parsed[side].size for side in needed}),
    )
    return canonical.encode(msgspec.to_builtins(proof))


def _ledger(book: Book, side: str) -> str:
    return RELEASED if side == book.side else MIRROR


def _note(side: str, notes: Mapping[str, str]) -> checkpoint.Checkpoint:
    if side not in notes:
        raise ProofError(f"there is no checkpoint of {side} here (rule proof). Make one, or exchange first.")
    return checkpoint.parse(notes[side])


def _check_covered(side: str, index: int, parsed: Mapping[str, checkpoint.Checkpoint]) -> None:
    if index >= parsed[side].size:
        raise ProofError(
            f"the checkpoint of {side} covers {parsed[side].size} entries, and this rests on entry {index} "
            f"(rule proof). Make a new checkpoint, or exchange first."
        )


def _leaf(book: Book, side: str, index: int, leaf: bytes, size: int) -> Leaf:
    path = tree.inclusion(index, size, book.store.reader(_ledger(book, side)))
    return Leaf(index, base64.b64encode(leaf).decode(), [each.hex() for each in path], side)


def _contents(book: Book, entry: Entry) -> list[Contents]:
    part = text_body(entry)
    digest = entry.act.body[part].digest
    placed = book.store.find(entry.id)
    body = book.store.body(placed.owner(part)) if placed and placed.ledger != NATIONAL else None
    if not isinstance(body, Body):
        return []
    return [Contents(base64.b64encode(body.salt + body.data).decode(), digest)]


def _find(book: Book, act: str) -> Placed:
    placed = book.store.find(act)
    if placed is None:
        raise ProofError(f"act {act[:16]} is not here (rule proof). Exchange first.")
    if placed.ledger == NATIONAL:
        raise ProofError(
            f"act {act[:16]} stands in the national ledger (rule proof). Nothing national is proved to others; "
            f"release it first."
        )
    return placed


def _deciding(book: Book, view: View, text: Text) -> list[Placed]:
    """The acts that make the text what it is, the deciding one last."""
    acts = [text.act]
    if text.verb == "propose":
        offer = next(each for each in view.offers if each.id == text.act and each.outcome == "agreed")
        acts += [offer.answer] if offer.firm and not offer.closes else [offer.answer, offer.decided_by]
    elif text.confirmed_by:
        acts += [text.confirmed_by]
    return [_find(book, act) for act in acts]


def _activations(book: Book, side: str, size: int) -> list[Placed]:
    """The sound activations of rule sets in the first `size` leaves of a side's released ledger."""
    ledger = _ledger(book, side)
    voids = book.store.voids(ledger)
    return [one for one in book.store.of_verb("activate", ledger) if one.index < size and one.index not in voids]


def _activating(book: Book, wanted: Sequence[Placed]) -> set[str]:
    """All sides, where an act rests on a rule set that was activated; none where the founding names it."""
    standing = book.released.standing()
    founded = set(standing.rule_sets) if standing else set()
    return set() if {open_leaf(one.leaf).act.rules for one in wanted} <= founded else set(book.sides)


def _bindings(book: Book, wanted: Sequence[Placed]) -> list[Placed]:
    """The acts of the power keys that bound the passkeys of `wanted` to their offices."""
    found: dict[str, Placed] = {}
    for one in wanted:
        ledger = one.ledger
        powers = {open_leaf(each.leaf).id: each for each in book.store.of_verb("power", ledger)}
        given = credential_of(open_leaf(one.leaf), [open_leaf(each.leaf) for each in powers.values()])
        if given:
            found[given[0].id] = powers[given[0].id]
    return list(found.values())


def _acknowledged(book: Book, decided: Placed, notes: Mapping[str, str]) -> Placed | None:
    """The other side's acknowledgement of the deciding act, where its checkpoint covers one."""
    ledger = MIRROR if decided.ledger == RELEASED else RELEASED
    side = book.other if ledger == MIRROR else book.side
    if side is None or side not in notes:
        return None
    voids, size = book.store.voids(ledger), checkpoint.parse(notes[side]).size
    for one in book.store.of_verb("acknowledge", ledger):
        if one.index not in voids and one.index < size:
            held = open_leaf(one.leaf).act.terms["acts"]
            if any(each["act"] == decided.id for each in held):
                return one
    return None
