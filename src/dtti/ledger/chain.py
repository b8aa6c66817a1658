"""What a side's foundings and key lists say, one after the other: keys in force, its log, who may sign its checkpoints.

Knows entries that were checked where they stand (see `verify`); knows no store and no programme.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Annotated

import msgspec

from . import canonical, keylist
from . import checkpoint as notes
from .act import Entry
from .keylist import Key, KeyList, KeyListError, Party

GOVERN = ("found", "keys")
Named = tuple[str, Key]  # a key and the name under which it signs notes


class _Founding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    parties: Annotated[list[Party], msgspec.Meta(min_length=1, max_length=2)]
    rule_sets: Annotated[list[str], msgspec.Meta(min_length=1, max_length=16)]


def parties(founding: Entry) -> dict[str, Party]:
    """The sides that a founding names, each with its log's name and first key list; KeyListError if it is none."""
    try:
        named = msgspec.convert(founding.act.terms, _Founding).parties
    except msgspec.ValidationError as error:
        raise KeyListError("founding", f"the fields of the founding: {error}") from None
    found = {party.side: party for party in named}
    if len(found) != len(named) or founding.act.side not in found:
        raise KeyListError("founding", f"the founding does not name {founding.act.side} once")
    for party in named:
        keylist.check(party.keys)
    return found


def constitution(founding: Entry) -> str:
    """Hex digest of what a founding agrees: programme, environment, parties in order of side, rule sets."""
    terms = founding.act.terms
    value = {
        "environment": founding.act.environment,
        "parties": sorted(terms["parties"], key=lambda party: str(party["side"])),
        "programme": founding.act.programme,
        "rule_sets": sorted(terms["rule_sets"]),
    }
    return sha256(b"dtti-constitution-1\0" + canonical.encode(value)).hexdigest()


def after(keys: KeyList | None, entry: Entry) -> KeyList:
    """The key list in force after a founding or key list; KeyListError where it is not rightly made.

    Checked here are the signatures of a first founding, by the list that it brings, and those that a new key list needs
    from old and new roots. What the list in force before asks of every leaf is checked with the leaf.
    """
    act = entry.act
    if act.verb not in GOVERN:
        raise KeyListError("founding", f"{act.verb[:40]} is neither a founding nor a key list")
    if act.role != "root":
        raise KeyListError("role", f"{act.verb} is signed by root keys, not {act.role}")
    if act.verb == "keys":
        if keys is None:
            raise KeyListError("founding", "a key list before the founding")
        return keylist.succeeds(keys, entry)
    named = parties(entry)
    if keys is not None:
        return keys
    own = named[act.side]
    if len(named) > 1 or own.keys.version != 1:
        raise KeyListError("founding", "a ledger begins with its own side alone, and that side's key list 1")
    keylist.check_signed(own.keys, entry)
    return own.keys


class Chain(msgspec.Struct):
    """What one side's foundings and key lists say, as far as they were taken in.

    `joined`: both parties, once a founding named two. `logs`, `mirrors`: its own keys by every list, old ones too.
    `counterparts`: mirror keys of the other side as it was founded. `lists`: each key list with the index of the entry
    that brought it. `constitution`: digest of what the last founding agrees.
    """

    keys: KeyList | None = None
    constitution: str = ""
    lists: list[tuple[int, KeyList]] = []
    party: Party | None = None
    joined: dict[str, Party] = {}
    logs: list[Named] = []
    mirrors: list[Named] = []
    counterparts: list[Named] = []

    def take(self, entry: Entry) -> None:
        """Take in the next of them; KeyListError where it is not rightly made or contradicts one before it."""
        keys = after(self.keys, entry)
        if entry.act.verb == "found":
            named = parties(entry)
            party = self.party or named[entry.act.side]
            if named[entry.act.side] != party or (self.joined and named != self.joined):
                raise KeyListError("founding", "it contradicts the founding before it")
            self.party = party
            self.joined = named if len(named) == 2 else {}
            self.constitution = constitution(entry)
            others = [one for side, one in named.items() if side != party.side]
            self.counterparts += [(one.origin, key) for one in others for key in one.keys.keys("mirror")]
        if keys is not self.keys:
            self.lists.append((entry.act.index, keys))
        self.keys = keys
        if self.party is not None:
            self.logs += [(self.party.origin, key) for key in keys.keys("log")]
            self.mirrors += [(self.party.origin, key) for key in keys.keys("mirror")]


class Dropped(msgspec.Struct, frozen=True):
    """A key that signed entry `index` of `side` and that a later key list, in its entry `at`, names no more.

    It was in force when it signed. Why it was dropped no list says: replaced in its turn, or known to be stolen.
    """

    side: str
    index: int
    role: str
    key: str
    version: int
    at: int


def dropped(chain: Chain, entry: Entry) -> list[Dropped]:
    """The keys that signed `entry` and that a key list of `chain` after it dropped."""
    act, found = entry.act, list[Dropped]()
    before = [keys for at, keys in chain.lists if at < act.index]
    signed = keylist.signers(before[-1].role(act.role), entry) if before else set()
    for key in sorted(signed):
        for at, keys in chain.lists:
            if at > act.index and key not in {one.public for one in keys.keys(act.role)}:
                found.append(
                    Dropped(act.side, act.index, act.role, keylist.key_id(keylist.ED25519, key), keys.version, at)
                )
                break
    return found


def chain_of(governing: Iterable[Entry]) -> Chain:
    """The chain of a side's sound foundings and key lists, in order."""
    chain = Chain()
    for entry in governing:
        chain.take(entry)
    return chain


def check_note(note: notes.Checkpoint, chain: Chain, mirrors: Sequence[Named] = ()) -> None:
    """Raise CheckpointError unless `note` is of the log that was founded and enough log keys in force signed it.

    Every line must verify: under a log key of that side, in force or earlier, or a mirror key of its counterpart.
    `mirrors`: such keys known from the counterpart's own ledger; those that it was founded with stand in the chain.
    """
    if chain.keys is None or chain.party is None:
        raise notes.CheckpointError("no founding says who may sign it")
    notes.check_signed(note, chain.party.origin, chain.keys)
    notes.check_every_line(note, [*chain.logs, *chain.counterparts, *mirrors])


def checkable(note: notes.Checkpoint, chain: Chain, mirrors: Sequence[Named] = ()) -> notes.Checkpoint:
    """`note` with those of its lines that `check_note` can check: the only ones to hand on in a file of its own."""
    known = [*chain.logs, *chain.counterparts, *mirrors]
    lines = []
    for line in note.lines:
        try:
            notes.check_every_line(msgspec.structs.replace(note, lines=(line,)), known)
        except notes.CheckpointError:
            continue
        lines.append(line)
    return msgspec.structs.replace(note, lines=tuple(lines))
