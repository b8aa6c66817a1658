"""The one place that signs for this side: callers hand it what is to be signed and the role, and get signatures.

It holds the private keys and gives none away. It says for what it signs, so that a process of its own, or a device, can
stand behind the same five calls later; what such a process must judge for itself stands in decision 0039. Knows no
database.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import checkpoint as notes
from dtti.ledger import keylist
from dtti.ledger import pack as packs
from dtti.ledger.keylist import KeyList

from .keys import Keys


class Signer:
    """The private keys of a node, used by role; the key list in force decides whether they are the right ones."""

    def __init__(self, folder: Path, passphrase: bytes) -> None:
        self.keys = Keys(folder, passphrase)
        self._list: KeyList | None = None

    def follow(self, keys: KeyList) -> None:
        """Go by `keys`, the list in force."""
        self.keys.follow(keys)
        self._list = keys

    def ready(self, role: str) -> None:
        """Refused, or KeyFileError, where the keys of a signing role are not here or not those of the list in force."""
        if self._list is not None and not self.keys.fits(role, self._list):
            raise Refused(
                refuse(
                    "key-rings",
                    f"the {role} keys here are not those of key list {self._list.version}, which is in force",
                    "Put the key rings made by the last rotation back in the folder `keys`.",
                )
            )
        self.keys.signing(role)

    def act(self, role: str, signed: bytes, also: Sequence[Ed25519PrivateKey] = ()) -> list[tuple[str, bytes]]:
        """Signatures of a role over an act's pre-authentication bytes; `also`: the new root keys of a rotation."""
        self.ready(role)
        return keylist.sign(signed, [*self.keys.signing(role), *also])

    def checkpoint(self, origin: str, size: int, root: bytes, *, retired: bool) -> notes.Checkpoint:
        """A checkpoint of this side's log; `retired`: by the log keys before a rotation too."""
        self.ready("log")
        return notes.make(
            origin, size, root, [*self.keys.signing("log"), *(self.keys.retired("log") if retired else ())]
        )

    def cosign(self, note: notes.Checkpoint, name: str, moment: int) -> notes.Checkpoint:
        """The counterpart's checkpoint with this side's word, as `name`, that it held that much at `moment` (Unix)."""
        self.ready("mirror")
        return notes.cosign(note, name, self.keys.signing("mirror")[0], moment)

    def unseal(self, file: BinaryIO, out: BinaryIO) -> None:
        """Write to `out` the open pack inside one sealed to this side; PackError where no box key opens it."""
        packs.unseal_file(file, out, self.keys.box())

    def exchange_key(self, certified: str) -> Ed25519PrivateKey | None:
        """The private key of the exchange certificate whose public key (hex) is `certified`; None where it is not here.

        TLS wants the key itself: the one that leaves this place, and it signs no act, no checkpoint, no cosignature.
        """
        held = {keylist.key_of(each).public: each for each in self.keys.signing("tls")}
        return held.get(certified)
