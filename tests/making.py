"""Keys, key lists, parties, acts and signed leaves for any test. Knows the ledger floor alone, and no programme.

Private keys are derived from names, so that a failing example can be run again and says whose key it was.
"""

import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.ledger import act as acts
from dtti.ledger import keylist, tree
from dtti.ledger.act import NOTHING, Act, Commitment, Entry, Seen
from dtti.ledger.keylist import KeyList, Party, Role

#: How fixtures are unpacked: by the filter for data, which Python has from 3.11.4 on (PEP 706); they are our own.
SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
UNSEEN = Seen(tree.EMPTY.hex(), 0)
START = "2027-01-26T09:00:00Z"
OFFICE = "office/IND/aaaaaaaa"
RECORD = "project/IND/bbbbbbbb"


def private_key(name: str) -> Ed25519PrivateKey:
    """The private key of that name: always the same one."""
    return Ed25519PrivateKey.from_private_bytes(sha256(f"test key of {name}".encode()).digest())


@dataclass(frozen=True)
class Keyring:
    """A side's private keys by role, and how many of each must sign."""

    side: str
    private: Mapping[str, tuple[Ed25519PrivateKey, ...]]
    thresholds: Mapping[str, int]

    def key_list(self, version: int = 1) -> KeyList:
        """The public side of this ring."""
        return KeyList(
            {
                name: Role([keylist.key_of(private) for private in held], self.thresholds[name])
                for name, held in self.private.items()
            },
            version,
        )

    def party(self) -> Party:
        """The side as the other side knows it."""
        return Party(self.key_list(), f"dtti.test/{self.side.lower()}", self.side)

    def signers(self, role: str) -> tuple[Ed25519PrivateKey, ...]:
        """As many keys of `role` as its threshold asks for."""
        return self.private[role][: self.thresholds[role]]

    def sign(self, act: Act, by: Iterable[Ed25519PrivateKey] | None = None) -> Entry:
        """The entry of `act`, signed by `by`, or by the keys of the act's own role."""
        return signed(act, self.signers(act.role) if by is None else by)


def keyring(side: str = "IND", *, generation: int = 1, **roles: tuple[int, int]) -> Keyring:
    """A ring of `side`: one key to each signing role, unless `roles` gives (threshold, keys) for it.

    A later `generation` has other keys throughout.
    """
    shape = dict.fromkeys(keylist.SIGNING_ROLES, (1, 1)) | roles
    return Keyring(
        side,
        {
            name: tuple(private_key(f"{side} {name} {generation}.{number}") for number in range(held))
            for name, (_, held) in shape.items()
        },
        {name: threshold for name, (threshold, _) in shape.items()},
    )


def act(**fields: Any) -> Act:
    """A sound act of India's released ledger, a comment on a project, with `fields` in place of its own."""
    sound: dict[str, Any] = {
        "body": [Commitment("1" * 64, 11)],
        "environment": "exercise",
        "format": acts.FORMAT,
        "index": 0,
        "ledger": "released",
        "office": OFFICE,
        "previous": NOTHING,
        "programme": "dtti",
        "record": RECORD,
        "rests": [],
        "role": "node",
        "rules": "dtti_1",
        "seen": UNSEEN,
        "side": "IND",
        "terms": {},
        "time": START,
        "verb": "comment",
    }
    return Act(**sound | fields)


def signed(act: Act, by: Iterable[Ed25519PrivateKey]) -> Entry:
    """The entry of `act` under one signature for each of `by`."""
    payload = acts.payload_of(act)
    return acts.seal(payload, keylist.sign(acts.pre_authentication(payload), by))


@dataclass
class Log:
    """One ledger in memory. `write` gives each act its place; `leaves` may be spoiled by a test as it likes."""

    ring: Keyring
    ledger: str = "released"
    leaves: list[bytes] = field(default_factory=list)

    def write(self, by: Iterable[Ed25519PrivateKey] | None = None, **fields: Any) -> Entry:
        """Sign an act with `fields` (see `act`) at the next place, and append it."""
        place = {
            "side": self.ring.side,
            "ledger": self.ledger,
            "index": len(self.leaves),
            "previous": tree.leaf_hash(self.leaves[-1]).hex() if self.leaves else NOTHING,
        }
        if self.ring.side != "IND":
            place["office"] = OFFICE.replace("IND", self.ring.side)
        entry = self.ring.sign(act(**place | fields), by)
        self.leaves.append(entry.leaf)
        return entry

    def seen(self, size: int | None = None) -> Seen:
        """What another side says that has seen the first `size` leaves (all if None)."""
        size = len(self.leaves) if size is None else size
        return Seen(root(self.leaves[:size]).hex(), size)


def found(ring: Keyring, *others: Keyring, rule_sets: Sequence[str] = ("dtti_1",)) -> dict[str, Any]:
    """Fields of the founding act of `ring`'s side, alone or with `others`, for `Log.write`."""
    parties = [msgspec.to_builtins(each.party()) for each in (ring, *others)]
    terms = {"parties": parties, "rule_sets": list(rule_sets)}
    return {"verb": "found", "role": "root", "terms": terms, "body": [], "record": "", "office": ""}


def rotate(new: Keyring, version: int = 2) -> dict[str, Any]:
    """Fields of the `keys` act that puts the key list of `new` in force, for `Log.write`."""
    terms = {"keys": msgspec.to_builtins(new.key_list(version))}
    return {"verb": "keys", "role": "root", "terms": terms, "body": [], "record": "", "office": ""}


def root(leaves: Sequence[bytes]) -> bytes:
    """Root of the Merkle tree over `leaves`, by the recursion of RFC 6962 section 2.1 as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return sha256(b"\1" + root(leaves[:middle]) + root(leaves[middle:])).digest()
