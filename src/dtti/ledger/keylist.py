"""Key lists: which keys a side signs with, role by role, and how that changes. Knows acts, no verb but the two below.

A side's key list stands in its own released ledger, in `found` (the first act) and `keys` acts. **Position decides**:
a signature is judged by the list in force before its leaf. A threshold counts distinct public keys, never key ids, and
the id of a key is a function of the key, so that one key under two names is still one key.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .act import Code, Entry, Natural

ED25519, AGE, X509 = "ed25519", "age-x25519", "x509-der"
SIGNING_ROLES = ("root", "power", "node", "log", "mirror")
ROLES = {**dict.fromkeys(SIGNING_ROLES, ED25519), "box": AGE, "tls": X509}

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
# y-coordinates of the eight points of small order. Such a key verifies signatures over anything, and libraries disagree
# about which; so they do where one stands as R in a signature. K. Chalkias, F. Garillot and V. Nikolaenko, "Taming the
# many EdDSAs", 2020.
_SMALL_ORDER_Y = {
    0,
    1,
    _P - 1,
    55188659117513257062467267217118295137698188065244968500265048394206261417927,
    _P - 55188659117513257062467267217118295137698188065244968500265048394206261417927,
}


class KeyListError(ValueError):
    """A key list, key or set of signatures that breaks `rule`."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{reason} (rule {rule})")
        self.rule, self.reason = rule, reason


@lru_cache(maxsize=4096)
def key_id(algorithm: str, public: str) -> str:
    """First 64 bits (hex) of the hash of a key's algorithm and value."""
    return sha256(f"{algorithm}\0{public}".encode()).hexdigest()[:16]


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public key: its algorithm, and its value (hex for ed25519, recipient for age, base64 DER for a certificate)."""

    algorithm: str
    public: Annotated[str, msgspec.Meta(max_length=2048)]

    @property
    def id(self) -> str:
        """What names it beside a signature (see `key_id`)."""
        return key_id(self.algorithm, self.public)


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keys of one role, and how many different ones must sign."""

    keys: Annotated[list[Key], msgspec.Meta(min_length=1, max_length=32)]
    threshold: Annotated[int, msgspec.Meta(ge=1, le=32)]


class KeyList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All keys of a side from one position of its ledger on. `version` counts from 1 without gaps."""

    roles: dict[Code, Role]
    version: Natural

    def role(self, name: str) -> Role | None:
        """The role of that name, or None."""
        return self.roles.get(name)

    def keys(self, name: str) -> list[Key]:
        """Keys of the role of that name; empty where there is none."""
        found = self.roles.get(name)
        return found.keys if found else []


def check_public(raw: bytes) -> None:
    """Refuse the Ed25519 public keys on which libraries disagree: wrong length, non-canonical, of small order."""
    if len(raw) != 32:
        raise KeyListError("key-encoding", "an Ed25519 public key has 32 bytes")
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= _P:
        raise KeyListError("key-encoding", "a non-canonical Ed25519 public key")
    if y in _SMALL_ORDER_Y:
        raise KeyListError("key-encoding", "an Ed25519 public key of small order")


_LOADED: dict[str, Ed25519PublicKey] = {}


def _load(public: str) -> Ed25519PublicKey:
    key = _LOADED.get(public)
    if key is None:
        try:
            raw = bytes.fromhex(public)
        except ValueError:
            raise KeyListError("key-encoding", "a public key is not hexadecimal") from None
        if public != raw.hex():
            raise KeyListError("key-encoding", "a public key is not in lower-case hexadecimal")
        check_public(raw)
        if len(_LOADED) > 4096:
            _LOADED.clear()
        key = _LOADED[public] = Ed25519PublicKey.from_public_bytes(raw)
    return key


def verifies(key: Key, signature: bytes, signed: bytes) -> bool:
    """Whether `signature` over `signed` is `key`'s: strict Ed25519 (RFC 8032).

    S lies below the order; R is canonical and not of small order; KeyListError where the key itself is no such point.
    """
    if key.algorithm != ED25519 or len(signature) != 64:
        return False
    if int.from_bytes(signature[32:], "little") >= _L:
        return False
    y = int.from_bytes(signature[:32], "little") & (2**255 - 1)
    if y >= _P or y in _SMALL_ORDER_Y:
        return False
    try:
        _load(key.public).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def check(keys: KeyList) -> None:
    """Raise KeyListError unless `keys` is well formed: known roles and algorithms, thresholds that can be met."""
    for required in SIGNING_ROLES:
        if required not in keys.roles:
            raise KeyListError("key-roles", f"the key list has no {required} role")
    for name, role in keys.roles.items():
        if name not in ROLES:
            raise KeyListError("key-roles", f"{name} is not a role")
        for key in role.keys:
            if key.algorithm != ROLES[name]:
                raise KeyListError(
                    "key-algorithm", f"the {name} role takes {ROLES[name]} keys, not {key.algorithm[:40]}"
                )
            if key.algorithm == ED25519:
                _load(key.public)
        distinct = {key.public for key in role.keys}
        if len(distinct) != len(role.keys):
            raise KeyListError("key-distinct", f"the {name} role lists one public key twice")
        if not 1 <= role.threshold <= len(distinct):
            raise KeyListError("key-threshold", f"the {name} role asks for {role.threshold} of {len(distinct)} keys")


def signers(role: Role | None, entry: Entry) -> set[str]:
    """Public keys of `role` that signed `entry`: distinct keys, however often and under whatever id they signed."""
    if role is None:
        return set()
    return {
        key.public
        for keyid, signature in entry.signatures
        for key in role.keys  # two different keys may have one id: 64 bits are no bar to who looks for that
        if key.id == keyid and verifies(key, signature, entry.signed)
    }


def check_signed(keys: KeyList, entry: Entry) -> None:
    """Raise KeyListError unless enough keys of the entry's own role signed it, by `keys`."""
    role = keys.role(entry.act.role)
    if role is None or ROLES[entry.act.role] != ED25519:
        raise KeyListError("key-roles", f"{entry.act.role} is no signing role of this key list")
    got = len(signers(role, entry))
    if got < role.threshold:
        raise KeyListError(
            "signature", f"{got} of {role.threshold} signatures needed from the {entry.act.role} keys in force"
        )


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A side as the other side and any verifier know it: the name of its log, and its first key list."""

    keys: KeyList
    origin: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9./-]{3,120}\Z")]
    side: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]


def read_list(value: object) -> KeyList:
    """A checked KeyList from the terms of an act; KeyListError otherwise."""
    try:
        keys = msgspec.convert(value, KeyList)
    except msgspec.ValidationError as error:
        raise KeyListError("key-fields", f"the key list: {error}") from None
    check(keys)
    return keys


def succeeds(old: KeyList, entry: Entry) -> KeyList:
    """The key list that the `keys` act in `entry` puts after `old`: next version, root thresholds of both lists met."""
    new = read_list(entry.act.terms.get("keys"))
    if new.version != old.version + 1:
        raise KeyListError("key-version", f"key list {old.version} is followed by {old.version + 1}, not {new.version}")
    for which, keys in (("old", old), ("new", new)):
        root = keys.roles["root"]
        if len(signers(root, entry)) < root.threshold:
            raise KeyListError(
                "key-rotation", f"the {which} root keys did not sign this change as their threshold asks"
            )
    return new


def key_of(private: Ed25519PrivateKey) -> Key:
    """The public Key of a private one."""
    return Key(ED25519, private.public_key().public_bytes_raw().hex())


def sign(signed: bytes, keys: Iterable[Ed25519PrivateKey]) -> list[tuple[str, bytes]]:
    """Signatures over `signed` by each private key, with key ids, as `act.seal` takes them."""
    return [(key_id(ED25519, private.public_key().public_bytes_raw().hex()), private.sign(signed)) for private in keys]
