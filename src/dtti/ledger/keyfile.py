"""Key rings on disk: private keys by role, sealed under a passphrase. Knows no ledger and no key list.

A ring is one file: scrypt (RFC 7914) stretches the passphrase, ChaCha20-Poly1305 (RFC 8439) seals the keys. Rings are
apart by use (root, power, node), so that root and power rings can live away from the machine. What an encrypted file on
a server is worth is said in SECURITY.md: it protects backups and stolen discs, not against the machine's custodian.
"""

import base64
import os
import secrets
from hashlib import sha256
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from . import outside

_N, _R, _P = 2**15, 8, 1  # 32 MiB, about a tenth of a second
_FORMAT = "dtti-keys-1"
_LARGEST = 1024 * 1024  # bytes of a ring


class KeyFileError(ValueError):
    """A key ring that cannot be opened; the message says what would help."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    n: int
    salt: str
    sealed: str
    sum: str = ""  # SHA-256 of the three before it: damage shows without the passphrase; rings of before have none


def _sum(file: _File) -> str:
    return sha256(f"{file.n} {file.salt} {file.sealed}".encode()).hexdigest()


def _stretch(passphrase: bytes, salt: bytes, n: int) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(Scrypt(salt=salt, length=32, n=n, r=_R, p=_P).derive(passphrase))


def write_private(path: Path, data: bytes) -> None:
    """Write `data` durably to a new file that only its owner may read; FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()  # half a key ring would only stand in the way of the next attempt
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_ring(path: Path, ring: dict[str, list[str]], passphrase: bytes) -> None:
    """Seal `ring`, private keys by role in the text form of their algorithm, into a new file at `path`."""
    salt = secrets.token_bytes(16)
    # A fresh salt gives a fresh key for every file, so one fixed nonce is used once with each.
    sealed = _stretch(passphrase, salt, _N).encrypt(bytes(12), msgspec.json.encode(ring), _FORMAT.encode())
    file = _File(_FORMAT, _N, salt.hex(), base64.b64encode(sealed).decode())
    file.sum = _sum(file)
    write_private(path, msgspec.json.encode(file))


def _read(path: Path) -> _File:
    file = msgspec.json.decode(outside.read(path, _LARGEST), type=_File)
    if file.format != _FORMAT or not 2 <= file.n <= 2**20:
        raise KeyFileError(f"{path.name} is not a key ring of format {_FORMAT}; restore it from a backup")
    if file.sum and file.sum != _sum(file):
        raise KeyFileError(f"{path.name} is damaged (its checksum); restore it from a backup")
    return file


def damage(path: Path) -> str:
    """What shows without the passphrase that the ring at `path` is damaged; empty where nothing does.

    A ring that was written before rings had checksums shows less: only its form.
    """
    try:
        file = _read(path)
        bytes.fromhex(file.salt)
        base64.b64decode(file.sealed, validate=True)
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def read_ring(path: Path, passphrase: bytes) -> dict[str, list[str]]:
    """The private keys in the ring at `path`, by role; KeyFileError where it cannot be read or the phrase is wrong."""
    try:
        file = _read(path)
        opened = _stretch(passphrase, bytes.fromhex(file.salt), file.n).decrypt(
            bytes(12), base64.b64decode(file.sealed, validate=True), _FORMAT.encode()
        )
    except FileNotFoundError:
        raise KeyFileError(
            f"there is no key ring at {path}; name another folder, or restore it from a backup"
        ) from None
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read ({error.strerror}); check the file and its rights") from None
    except InvalidTag:
        raise KeyFileError(
            f"the passphrase does not open {path.name}; check DTTI_PASSPHRASE or its file, "
            "or restore the ring from a backup"
        ) from None
    except (msgspec.DecodeError, ValueError) as error:
        if isinstance(error, KeyFileError):
            raise
        raise KeyFileError(f"{path.name} is damaged ({error}); restore it from a backup") from None
    return msgspec.json.decode(opened, type=dict[str, list[str]])
