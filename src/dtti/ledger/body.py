"""Bodies: what people read (a text, a file), kept beside the ledger under a salted commitment. Knows no ledger.

The leaf holds ``SHA-256("dtti-body-1" NUL salt body)``. The salt is 32 random bytes kept with the body and erased with
it: what remains in the leaf then tells nothing, not even to someone who guesses the text, and the ledger still
verifies.

A body belongs to the part of the act that commits to it, and to no other act that names the same digest: whoever knows
a digest can write it into an act of his own, and must neither get what it stands for by that, nor erase it.
"""

import secrets
from hashlib import sha256
from typing import NamedTuple

import msgspec

from .act import Commitment

MAX_BODY = 32 * 1024 * 1024  # bytes; a scan larger than this is refused before it is read
SALT = 32


class Owner(NamedTuple):
    """Whose a body is: a ledger of the store, an act in it (id, hex), and which of its commitments, from 0."""

    ledger: str
    act: str
    part: int = 0


class Body(msgspec.Struct, frozen=True):
    """Bytes and their salt."""

    salt: bytes
    data: bytes


class Erased(msgspec.Struct, frozen=True):
    """A body that is gone: the id of the tombstone act that ordered it."""

    tombstone: str


def wrap(data: bytes, salt: bytes | None = None) -> Body:
    """A body around `data` with a fresh salt, or one that nobody could guess and that is used for this body alone."""
    if salt is not None and len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes, this one {len(salt)}")
    return Body(salt or secrets.token_bytes(SALT), data)


def commit(body: Body) -> Commitment:
    """The commitment that a leaf carries for `body`."""
    return Commitment(sha256(b"dtti-body-1\0" + body.salt + body.data).hexdigest(), len(body.data))


def opens(commitment: Commitment, body: Body) -> bool:
    """Whether `body` is what `commitment` committed to."""
    return len(body.salt) == SALT and commit(body) == commitment
