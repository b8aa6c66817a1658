"""Proof files: one file by which anyone checks offline who stated a text, without either office system.

A proof says: *these sides stated this text of this record, as of ledger sizes X and Y; later changes are not shown.* It
holds the entries that make it so with their audit paths, the foundings and key lists before them, both checkpoints, and
the text. Nothing in it is taken on trust: the claim at its head is derived anew from the entries and compared. What it
cannot show: that a ledger holds no other act on the record. The other side's acknowledgement stands in for that, since
an honest office system acknowledges sound acts only. And whose keys these are: that is what the constitution's digest
is for, which the reader compares with the one that the two sides read to each other.
"""

import base64
import binascii
from typing import Annotated

import msgspec

from dtti.ledger import canonical, checkpoint, keylist, tree
from dtti.ledger.act import Digest, Entry, MalformedLeaf, Natural, Side, open_leaf
from dtti.ledger.body import MAX_BODY, SALT, Body, opens
from dtti.ledger.chain import GOVERN, Chain, Dropped, check_note, dropped
from dtti.ledger.keylist import KeyListError
from dtti.ledger.verify import Fault, misread

from . import table, table_2
from .claim import RULING, Broken, Claim, check_assertion, check_form, derive, place, says, terms_of, text_body

FORMAT = "dtti-proof-1"
MAX_PROOF = 4 * MAX_BODY  # bytes: one text in base64 and what shows whose it is


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Log(_Part, frozen=True):
    """One side's ledger: its checkpoint."""

    checkpoint: str
    side: Side


class Leaf(_Part, frozen=True):
    """One entry: whose, where, the leaf in base64, its audit path."""

    index: Natural
    leaf: str
    proof: Annotated[list[Digest], msgspec.Meta(max_length=64)]
    side: Side


class Contents(_Part, frozen=True):
    """A body in base64, salt first."""

    data: str
    digest: Digest


class Proof(_Part, frozen=True):
    """The whole file. Logs stand in order of side, entries of side and index; `bodies` holds the text, or nothing."""

    bodies: Annotated[list[Contents], msgspec.Meta(max_length=1)]
    claim: Claim
    entries: list[Leaf]
    format: str
    logs: Annotated[list[Log], msgspec.Meta(min_length=1, max_length=2)]
    says: str


class Cosigned(msgspec.Struct, frozen=True):
    """Log `by` held the same ledger at this size at Unix second `seconds`, by its own clock."""

    by: str
    seconds: int


class AsOf(msgspec.Struct, frozen=True):
    """How far one side's ledger is shown: size, root (hex), latest claimed time of the entries in the file.

    `cosigned`: by whom its checkpoint was, and when. A checkpoint itself bears no time.
    """

    side: str
    size: int
    root: str
    time: str
    cosigned: list[Cosigned]


class Verdict(msgspec.Struct):
    """What checking a proof file found. A bad one says nothing but its fault.

    `constitution`: hex digest of what the foundings in the file agree. Nothing else says whose keys these are: where it
    is not the one that its reader knows, two invented parties may have signed all of it. `confirmed`: it was compared
    with the one that the caller gave. `dropped`: keys that signed it and that their side's later lists name no more.
    """

    says: str
    claim: Claim | None
    faults: list[Fault]
    text: bytes | None = None
    constitution: str = ""
    confirmed: bool = False
    as_of: list[AsOf] = []
    dropped: list[Dropped] = []
    entries: list[Entry] = []

    @property
    def good(self) -> bool:
        """Whether every part holds."""
        return not self.faults


class _Side(msgspec.Struct):
    """One side in a proof: its checkpoint, what rules its ledger so far, and what that agrees.

    `founded`: rule sets of its last founding; `activated`: further ones, with the place of their activation.
    `constitutions`: of each founding, with its place.
    """

    note: checkpoint.Checkpoint
    chain: Chain
    first: Entry | None = None
    constitutions: list[tuple[int, str]] = []
    founded: list[str] = []
    activated: dict[str, int] = {}


def check(data: bytes, *, expected: str | None = None) -> Verdict:
    """Check a proof file from its bytes alone. `expected`: digest of the constitution, where the caller knows it."""
    if len(data) > MAX_PROOF:
        return Verdict("", None, [Fault("file", "proof-size", f"it has {len(data):,} bytes; at most {MAX_PROOF:,}")])
    try:
        proof = msgspec.convert(canonical.decode(data), Proof)
    except (canonical.ProfileError, msgspec.ValidationError) as error:
        return Verdict("", None, [misread("file", data, error)])
    try:
        if proof.format != FORMAT:
            raise Broken("format", "proof-form", f"this version reads {FORMAT}")
        sides, entries = _check_entries(proof)
        agreed = _check_foundings(sides)
        _check_notes(sides)
        for entry in entries.values():
            _check_rules(entry, sides)
        claim = derive(proof.claim.act, entries)
        if claim != proof.claim:
            raise Broken("claim", "claim", "the entries show something else than the file claims")
        if says(claim, {name: side.note.size for name, side in sides.items()}) != proof.says:
            raise Broken("says", "claim", "the sentence is not what the entries show")
        for entry in entries.values():
            agreed_then = [digest for at, digest in sides[entry.act.side].constitutions if at < entry.act.index]
            check_assertion(entry, entries.values(), agreed_then[-1] if agreed_then else "")
        text = _check_text(proof, entries[claim.act])
        if expected is not None and expected != agreed:
            raise Broken("constitution", "constitution", f"it is {agreed}, not {expected}")
    except Broken as error:
        return Verdict("", None, [error.fault])
    shown = list(entries.values())
    return Verdict(
        proof.says,
        claim,
        [],
        text,
        agreed,
        expected is not None,
        [_as_of(name, sides, shown) for name in sides],
        [
            each
            for entry in shown
            if entry.act.verb not in GOVERN
            for each in dropped(sides[entry.act.side].chain, entry)
        ],
        shown,
    )


def _as_of(name: str, sides: dict[str, _Side], entries: list[Entry]) -> AsOf:
    note = sides[name].note
    named = [each for side in sides.values() for each in [*side.chain.mirrors, *side.chain.counterparts]]
    return AsOf(
        name,
        note.size,
        note.root.hex(),
        max(entry.act.time for entry in entries if entry.act.side == name),
        [Cosigned(*each) for each in checkpoint.cosignatures(note, named)],
    )


def _raw(text: str, where: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if base64.b64encode(raw).decode() != text:
        raise Broken(where, "base64", "not in canonical base64")
    return raw


def _check_entries(proof: Proof) -> tuple[dict[str, _Side], dict[str, Entry]]:
    sides: dict[str, _Side] = {}
    for log in proof.logs:
        try:
            sides[log.side] = _Side(checkpoint.parse(log.checkpoint), Chain())
        except checkpoint.CheckpointError as error:
            raise Broken(f"checkpoint {log.side}", "checkpoint", str(error)) from None
    if [log.side for log in proof.logs] != sorted(sides) or {leaf.side for leaf in proof.entries} != set(sides):
        raise Broken("logs", "proof-form", "not exactly one checkpoint, in order, for each side with entries")
    entries: dict[str, Entry] = {}
    last = ("", -1)
    for leaf in proof.entries:
        where = f"entry {leaf.side} {leaf.index}"
        if (leaf.side, leaf.index) <= last:
            raise Broken(where, "proof-form", "the entries are not in order")
        last = (leaf.side, leaf.index)
        entry = _check_entry(leaf, sides[leaf.side], where)
        entries[entry.id] = entry
    return sides, entries


def _check_entry(leaf: Leaf, side: _Side, where: str) -> Entry:
    raw, path = _raw(leaf.leaf, where), [bytes.fromhex(each) for each in leaf.proof]
    try:
        tree.check_inclusion(tree.leaf_hash(raw), leaf.index, side.note.size, path, side.note.root)
        entry = open_leaf(raw)
        act = entry.act
        if (act.side, act.ledger, act.index) != (leaf.side, "released", leaf.index):
            raise Broken(where, "place", f"it says it is {act.side} {act.ledger} entry {act.index}")
        if side.chain.keys is not None:
            keylist.check_signed(side.chain.keys, entry)
        elif act.verb != "found":
            raise Broken(where, "founding", "no founding stands before it")
        side.first = side.first or entry
        check_form(entry, side.first)
        terms = terms_of(entry)
        if act.verb in GOVERN:
            side.chain.take(entry)
        if isinstance(terms, table.Found):
            side.constitutions = [*side.constitutions, (act.index, side.chain.constitution)]
            side.founded = terms.rule_sets
        elif isinstance(terms, table_2.Activate):
            side.activated = {**side.activated, terms.rule_set: act.index}
    except tree.ProofError as error:
        raise Broken(where, "inclusion", str(error)) from None
    except (MalformedLeaf, KeyListError) as error:
        raise Broken(where, error.rule, error.reason) from None
    return entry


def _check_rules(entry: Entry, sides: dict[str, _Side]) -> None:
    """Whether the rule set that an entry names was in force for it, and whether its passkey assertion holds."""
    act, side = entry.act, sides[entry.act.side]
    if act.verb in RULING:
        return
    others = [each for name, each in sides.items() if name != act.side]
    joined = len(side.chain.joined) == 2
    both = side.activated.get(act.rules, act.index) < act.index and (
        not joined or any(each.activated.get(act.rules, act.seen.size) < act.seen.size for each in others)
    )
    if act.rules not in side.founded and not both:
        raise Broken(place(entry), "rules", f"the file does not show that rule set {act.rules} was in force for it")


def _check_foundings(sides: dict[str, _Side]) -> str:
    """The constitution's digest. Two ledgers belong together only where each names the other as it was founded."""
    founded = {name: each.chain.party for name, each in sides.items()}
    for name, side in sides.items():
        if len(sides) == 2 and side.chain.joined != founded:
            raise Broken(f"checkpoint {name}", "founding", "this side did not join the other one as it was founded")
    digests = {side.chain.constitution for side in sides.values()}
    if len(digests) != 1:
        raise Broken("logs", "founding", "the foundings of the two sides name different constitutions")
    return digests.pop()


def _check_notes(sides: dict[str, _Side]) -> None:
    for name, side in sides.items():
        mirrors = [each for other in sides if other != name for each in sides[other].chain.mirrors]
        try:
            check_note(side.note, side.chain, mirrors)
        except checkpoint.CheckpointError as error:
            raise Broken(f"checkpoint {name}", "checkpoint", str(error)) from None


def _check_text(proof: Proof, entry: Entry) -> bytes | None:
    commitment = entry.act.body[text_body(entry)]
    for contents in proof.bodies:
        raw = _raw(contents.data, "bodies")
        if contents.digest != commitment.digest or not opens(commitment, Body(raw[:SALT], raw[SALT:])):
            raise Broken("bodies", "body", "the text is not what the entry committed to")
        return raw[SALT:]
    return None
