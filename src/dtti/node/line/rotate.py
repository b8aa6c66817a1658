"""The next key list of this side: new keys for some roles or all, signed by old and new root. Knows no exchange.

Order, so that a power cut at any moment leaves a node that works: the intent is recorded, the new rings are written
beside the old ones, the act is appended, the new rings take their places. What a cut left half done is finished where
the act stands, and taken back where it does not: at the next opening of the node. A role that is replaced keeps what
others still need of it until the counterpart is seen to hold a later list, however many rotations come before that: old
log keys, since it goes by the list it last took in; old box identities, since packs sealed to them travel; the old
exchange certificates, listed beside the new one, since the line must carry the news of the new one.
"""

import base64
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.accord import table
from dtti.accord.refusal import Refused, refuse
from dtti.ledger import canonical, keyfile, keylist
from dtti.ledger.act import open_leaf
from dtti.ledger.keylist import Key, KeyList, Role
from dtti.ledger.store import RELEASED
from dtti.node.core import unfinished
from dtti.node.core.draft import Draft, Receipt, following
from dtti.node.core.node import Node
from dtti.node.folder import keys
from dtti.node.folder.files import sync_folder
from dtti.node.folder.keys import NEXT, RINGS

from . import usable

ROLES = tuple(keylist.ROLES)
_KEPT = 4  # generations of log keys and box identities that a ring keeps in any case
_MOST = 24  # generations that are kept for a counterpart that has not been heard of; a role lists at most 32 keys


T = TypeVar("T")


class Rotated(msgspec.Struct, frozen=True):
    """What a rotation did: the list's version, the roles with new keys, the act."""

    version: int
    roles: list[str]
    act: Receipt


def rotate(node: Node, roles: Iterable[str] = ROLES, *, revoke: bool = False) -> Rotated:
    """Give `roles` new keys, in force from the next entry on. Needs the root ring here.

    `revoke`: keep nothing of the old keys where that can be done without: the old exchange certificate is not listed
    any more, so the line is silent until a pack has brought the other side the new list.
    """
    chosen = sorted(set(roles))
    unknown = [role for role in chosen if role not in ROLES]
    if unknown or not chosen:
        raise Refused(
            refuse("key-roles", f"{', '.join(unknown) or 'nothing'} is no role", f"Name some of: {', '.join(ROLES)}.")
        )
    unfinished.resume(node)
    node.book.sync()
    node.not_behind()
    standing, phrase = node.standing.keys, node.keys.passphrase
    made, rings = _next(node, standing, chosen, phrase, revoke=revoke)
    usable.all_usable(made, f"key list {made.version} of {node.side}", standing)
    new_root = _private(rings["root"]["root"]) if "root" in rings else []
    named = {"list": _digest(table.write_terms(table.Keys(made))), "rings": " ".join(rings)}
    with unfinished.working(node, "rotate", **named):
        with node.store.writing():
            node.book.sync()
            if node.standing.keys != standing:
                raise Refused(refuse("key-roles", "another rotation came first", "Look at `dtti status`, then again."))
            for name, ring in rings.items():
                path = node.folder.keys / f"{name}.keys{NEXT}"
                path.unlink(missing_ok=True)
                keyfile.write_ring(path, ring, phrase)
            receipt = node.write(Draft("keys", terms=table.Keys(made)), also=new_root)
        with following(f"it stands as entry {receipt.index} of the {receipt.ledger} ledger"):
            node.signer.follow(made)
    return Rotated(made.version, chosen, receipt)


def _digest(terms: Any) -> str:
    return sha256(canonical.encode(terms)).hexdigest()


@unfinished.finishes("rotate")
def _finish(node: Node, about: Mapping[str, str]) -> None:
    """Put the rings in place if the act of their key list stands, else take them away."""
    with node.store.writing():  # no other rotation is at work meanwhile
        stands = any(
            _digest(open_leaf(one.leaf).act.terms) == about["list"] for one in node.store.of_verb("keys", RELEASED)
        )
        for name in about["rings"].split():
            path = node.folder.keys / f"{name}.keys{NEXT}"
            if not stands:
                path.unlink(missing_ok=True)
            elif path.exists():
                keys.put_in_place(path)
        sync_folder(node.folder.keys)


def _private(secrets: list[str]) -> list[Ed25519PrivateKey]:
    return [Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)) for secret in secrets]


def _next(
    node: Node, standing: KeyList, chosen: list[str], phrase: bytes, *, revoke: bool
) -> tuple[KeyList, dict[str, dict[str, list[str]]]]:
    """The next key list, and the rings that change with it."""
    roles = dict(standing.roles)
    unseen = gone_by(node, node.book.mirror.seen if node.book.mirror else 0)
    rings: dict[str, dict[str, list[str]]] = {}
    for role in chosen:
        name = next(ring for ring, held in RINGS.items() if role in held)
        if name not in rings:
            rings[name] = keyfile.read_ring(node.folder.keys / f"{name}.keys", phrase)
        ring, listed = rings[name], standing.roles[role]
        count = len(listed.keys) if role in keylist.SIGNING_ROLES else 1
        public, secrets = _fresh(role, node.side, count)
        if role == "tls" and not revoke:
            shown = {one.keys("tls")[0] for one in unseen if one.keys("tls")}  # what the other side may be shown
            here = {_public(secret): secret for secret in ring["tls"]}
            before = [key for key in listed.keys if key in shown and keys.certified(key) in here]
            before = [key for key in before if not usable.fault(key)]  # one that has run out is shown to nobody
            before = _fewest(before, len(unseen))
            public, secrets = [*public, *before], [*secrets, *(here[keys.certified(key)] for key in before)]
        elif role == "box":
            secrets = [*secrets, *_fewest(ring["box"], max(_KEPT - 1, len(unseen)))]
        elif role == "log":
            old = [*ring["log"], *ring.get("log.old", [])]
            ring["log.old"] = _fewest(old, max(_KEPT, len(unseen)), count)
        ring[role] = secrets
        roles[role] = Role(public, listed.threshold if role in keylist.SIGNING_ROLES else 1)
    return KeyList(roles, standing.version + 1), rings


def _fewest(held: list[T], generations: int, count: int = 1) -> list[T]:
    """The newest generations of `held`, newest first; of too many the newest and the oldest, which is last known of."""
    held = held[: generations * count]
    return held if len(held) <= _MOST * count else held[: (_MOST - 1) * count] + held[-count:]


def _public(secret: str) -> str:
    return keylist.key_of(_private([secret])[0]).public


def _fresh(role: str, side: str, count: int) -> tuple[list[Key], list[str]]:
    """New keys of a role, as its list names them and as its ring keeps them."""
    if role == "box":
        identity = pyrage.x25519.Identity.generate()
        return [Key(keylist.AGE, str(identity.to_public()))], [str(identity)]
    private = [Ed25519PrivateKey.generate() for _ in range(count)]
    secrets = [each.private_bytes_raw().hex() for each in private]
    if role == "tls":
        return [Key(keylist.X509, keys.certificate(each, keys.exchange_name(side))) for each in private], secrets
    return [keylist.key_of(each) for each in private], secrets


def gone_by(node: Node, seen: int) -> list[KeyList]:
    """The key lists by one of which a counterpart goes that is known to hold `seen` of our entries; in order."""
    history = node.book.released.history
    first = max((number for number, each in enumerate(history) if each.since <= seen), default=0)
    found: list[KeyList] = []
    for each in history[first:]:
        if not found or found[-1] != each.keys:
            found.append(each.keys)
    return found


def certificate_to_show(node: Node, seen: int) -> tuple[bytes, Ed25519PrivateKey]:
    """The exchange certificate (DER) to show a counterpart that holds `seen` of this side's entries, and its key.

    The newest of this side's that stands in every key list by which the counterpart may go: the last that it has shown
    to hold, or a later one that it has taken in meanwhile. Where there is none, as after a revocation, the newest.
    """
    lists = gone_by(node, seen)
    common = [key for key in lists[0].keys("tls") if all(key in one.keys("tls") for one in lists)]
    for key in [*common, *node.standing.keys.keys("tls")]:
        private = node.signer.exchange_key(keys.certified(key))
        if private is not None:
            return base64.b64decode(key.public), private
    raise Refused(
        refuse(
            "key-rings",
            "no key here belongs to an exchange certificate that the other side knows",
            "Put the key rings of the last rotation back, or exchange by pack.",
        )
    )
