"""Checkpoints: a ledger's size and root as a signed note, and the counterpart's cosignature. Knows no store.

C2SP signed-note, tlog-checkpoint and tlog-cosignature v1. A cosignature is evidence against a fork, never state.
"""

import base64
import binascii
import re
import time
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import keylist
from .canonical import MAX_INTEGER

_PLAIN, _COSIGNATURE = 1, 4  # signature types of C2SP signed-note
_MARK = "\u2014 "
_NAME = re.compile(r"[^\s\x00-\x1f\x7f+]+\Z")  # signed-note: of a log and of a signer
_HEAD = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n\Z")


class CheckpointError(ValueError):
    """A note that is no checkpoint, or is not signed as asked."""


class Line(msgspec.Struct, frozen=True):
    """One signature line: the signer's name, four bytes that hint at its key, and the signature's bytes."""

    name: str
    hint: bytes
    signature: bytes


class Checkpoint(msgspec.Struct, frozen=True):
    """A parsed note. `text` is what is signed, its final line feed included."""

    origin: str
    size: int
    root: bytes
    text: str
    lines: tuple[Line, ...]

    @property
    def note(self) -> str:
        """The whole note: text, blank line, signature lines."""
        return (
            self.text
            + "\n"
            + "".join(
                f"{_MARK}{line.name} {base64.b64encode(line.hint + line.signature).decode()}\n" for line in self.lines
            )
        )


def _hint(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def verifier_key(name: str, key: keylist.Key) -> str:
    """The key in the text form that signed-note tools take: name, hint and key."""
    public = bytes.fromhex(key.public)
    return f"{name}+{_hint(name, _PLAIN, public).hex()}+{base64.b64encode(bytes([_PLAIN]) + public).decode()}"


def make(origin: str, size: int, root: bytes, signers: list[Ed25519PrivateKey]) -> Checkpoint:
    """A checkpoint of `origin` at `size`, signed by each of `signers` (old and new log keys after a rotation)."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    lines = tuple(
        Line(origin, _hint(origin, _PLAIN, private.public_key().public_bytes_raw()), private.sign(text.encode()))
        for private in signers
    )
    return Checkpoint(origin, size, root, text, lines)


def parse(note: str) -> Checkpoint:
    """Read a note strictly: one spelling for each note, so that no byte of it can change unseen."""
    text, blank, tail = note.partition("\n\n")
    text += "\n"
    head = _HEAD.match(text)
    if not blank or not head or not _NAME.match(head["origin"]) or not tail.endswith("\n"):
        raise CheckpointError("this is no checkpoint: origin, size, root, blank line, signature lines")
    if int(head["size"]) > MAX_INTEGER:
        raise CheckpointError("its size is above 2^53-1")
    root = base64.b64decode(head["root"])
    if base64.b64encode(root).decode() != head["root"]:
        raise CheckpointError("the root is not in canonical base64")
    lines = []
    for line in tail[:-1].split("\n"):
        name, _, encoded = line.removeprefix(_MARK).rpartition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if not line.startswith(_MARK) or not _NAME.match(name) or len(raw) < 5:
            raise CheckpointError("a signature line of the checkpoint is malformed")
        lines.append(Line(name, raw[:4], raw[4:]))
    found = Checkpoint(head["origin"], int(head["size"]), root, text, tuple(lines))
    if found.note != note:
        raise CheckpointError("the checkpoint is not in its one byte form")
    return found


def signed_by(checkpoint: Checkpoint, key: keylist.Key) -> bool:
    """Whether `key`, as the log's own, signed `checkpoint`."""
    hint = _hint(checkpoint.origin, _PLAIN, bytes.fromhex(key.public))
    return any(
        line.name == checkpoint.origin
        and line.hint == hint
        and keylist.verifies(key, line.signature, checkpoint.text.encode())
        for line in checkpoint.lines
    )


def _cosigned_text(checkpoint: Checkpoint, moment: int) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{checkpoint.text}".encode()


def cosign(checkpoint: Checkpoint, name: str, private: Ed25519PrivateKey, moment: int | None = None) -> Checkpoint:
    """`checkpoint` with a further line: `name` held this ledger at this size at `moment` (Unix seconds, or now)."""
    moment = int(time.time()) if moment is None else moment
    signature = moment.to_bytes(8, "big") + private.sign(_cosigned_text(checkpoint, moment))
    hint = _hint(name, _COSIGNATURE, private.public_key().public_bytes_raw())
    return msgspec.structs.replace(checkpoint, lines=(*checkpoint.lines, Line(name, hint, signature)))


def cosigned_by(checkpoint: Checkpoint, name: str, key: keylist.Key) -> int | None:
    """The Unix time at which mirror key `key` of `name` cosigned `checkpoint`, or None."""
    hint = _hint(name, _COSIGNATURE, bytes.fromhex(key.public))
    for line in checkpoint.lines:
        if line.name == name and line.hint == hint and len(line.signature) == 72:
            moment = int.from_bytes(line.signature[:8], "big")
            if moment <= MAX_INTEGER and keylist.verifies(key, line.signature[8:], _cosigned_text(checkpoint, moment)):
                return moment
    return None


def check_signed(checkpoint: Checkpoint, origin: str, keys: keylist.KeyList) -> None:
    """Raise CheckpointError unless `checkpoint` is of `origin` and enough log keys of `keys` signed it."""
    if checkpoint.origin != origin:
        raise CheckpointError(f"the checkpoint is of {checkpoint.origin}, not of {origin}")
    role = keys.roles["log"]
    got = len({key.public for key in role.keys if signed_by(checkpoint, key)})
    if got < role.threshold:
        raise CheckpointError(f"the checkpoint carries {got} of {role.threshold} signatures needed from the log's keys")


def check_every_line(checkpoint: Checkpoint, known: list[tuple[str, Any]]) -> None:
    """Raise CheckpointError where a line is by none of `known` (name, Key): in a proof no byte may go unchecked."""
    for line in checkpoint.lines:
        alone = msgspec.structs.replace(checkpoint, lines=(line,))
        if not any(
            (name == checkpoint.origin and signed_by(alone, key)) or cosigned_by(alone, name, key) is not None
            for name, key in known
        ):
            raise CheckpointError(f"a signature line by {line.name} does not verify under any key known here")


def cosignatures(checkpoint: Checkpoint, known: Iterable[tuple[str, Any]]) -> list[tuple[str, int]]:
    """By whom of `known` (name, Key) it was cosigned, and at which Unix second, in order of time."""
    found = {(name, moment) for name, key in known if (moment := cosigned_by(checkpoint, name, key)) is not None}
    return sorted(found, key=lambda one: (one[1], one[0]))
