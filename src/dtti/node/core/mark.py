"""The high-water mark: how far the ledgers had grown, kept outside the databases. Knows sizes and hashes, no act.

A database restored from an old backup knows nothing of what it signed since; signing on from there is a fork. The mark
stands in a file of its own (best on another disc) and only grows. Where it is missing, cut or cannot be read, nobody
knows, and nothing may be signed: it fails closed, and is never made anew by itself.

The file holds two slots, each a line with its step and a checksum; the later sound one counts. Steps go to one slot
while the other is durable, and change over once the first is durable too (decision 0064): a power cut may lose the last
steps, and never adds one or leaves none. Files of the version before this, one line without a checksum, are read.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger.store import RELEASED, Store
from dtti.node.folder import files

from .book import Book

_SLOT = 512  # bytes; no sector is smaller
_TURN = 64  # steps that go to one slot before the other's turn
_FORMER = 256  # bytes of the file of the version before this
FACT = "mark"  # of a store: its mark was made


class Mark(msgspec.Struct, frozen=True):
    """Sizes of the two ledgers that this side writes, and the leaf hash that stood last in the released one.

    `unsure`: the databases came from a backup, and nobody knows yet what was signed since.
    """

    released: int = 0
    national: int = 0
    last: str = ""
    unsure: bool = False


class _Step(msgspec.Struct, frozen=True):
    mark: Mark
    step: int


_decode, _decode_former = msgspec.json.Decoder(_Step).decode, msgspec.json.Decoder(Mark).decode


def _slot(mark: Mark, step: int) -> bytes:
    line = msgspec.json.encode(_Step(mark, step))
    return (line + b" " + sha256(line).hexdigest().encode()).ljust(_SLOT - 1) + b"\n"


def _read_slot(data: bytes) -> _Step | None:
    line, _, digest = data.rstrip().rpartition(b" ")
    if sha256(line).hexdigest().encode() != digest:
        return None
    try:
        return _decode(line)
    except msgspec.DecodeError:
        return None


def _latest(data: bytes, path: Path) -> _Step:
    """What a mark file says; Refused where it says nothing that can be relied on."""
    if len(data) == 2 * _SLOT:
        found = [one for one in (_read_slot(data[:_SLOT]), _read_slot(data[_SLOT:])) if one is not None]
        if found:
            return max(found, key=lambda one: one.step)
    elif len(data) == _FORMER:
        try:
            return _Step(_decode_former(data), 0)
        except msgspec.DecodeError:
            pass
    raise Refused(_unknown(f"the high-water mark {path} is damaged ({len(data)} bytes)"))


def _unknown(what: str) -> Refusal:
    return refuse(
        "mark",
        f"{what}, so nobody can say how far the ledgers had grown, and to sign from an old copy would make a fork",
        "Bring back the disc or the file. Where it is lost for good, `dtti recover` compares with what the counterpart "
        "holds, and makes it anew (`dtti recover --alone` where there is none).",
    )


def _bytes(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused(_unknown(f"the high-water mark is not at {path}")) from None
    except OSError as error:
        raise Refused(_unknown(f"the high-water mark {path} cannot be read ({error.strerror})")) from None
    try:
        return os.read(descriptor, 2 * _SLOT + 1)
    except OSError as error:
        raise Refused(_unknown(f"the high-water mark {path} cannot be read ({error.strerror})")) from None
    finally:
        os.close(descriptor)


def read(path: Path) -> Mark:
    """The mark at `path`; Refused (rule `mark`) where there is none, or none that can be relied on."""
    return _latest(_bytes(path), path).mark


def held(path: Path, store: Store) -> Mark:
    """The mark of the ledgers in `store`; zero where these were never given one. Refused as `read`.

    A store that an earlier version made may have none; of one that this version made, or wrote to, it has to be there.
    """
    if not os.path.lexists(path) and path.parent.is_dir() and not store.fact(FACT):
        return Mark()
    return read(path)


def damage(path: Path) -> str:
    """Which slot of the mark file at `path` is damaged, where the other stands in for it; empty where none is."""
    with _locked(path) as file:
        data = os.pread(file, 2 * _SLOT + 1, 0) if file is not None else b""
    bad = _bad(data)
    return f"slot {' and '.join(bad)} of its file is damaged; the next act writes it anew" if bad else ""


def _bad(data: bytes) -> list[str]:
    slots = (data[:_SLOT], data[_SLOT:]) if len(data) == 2 * _SLOT else ()
    return [str(number) for number, slot in enumerate(slots, 1) if slot.strip() and _read_slot(slot) is None]


def known(path: Path) -> Mark:
    """What the mark at `path` says, as far as it says anything: zero where it is missing or damaged."""
    try:
        return read(path)
    except Refused:
        return Mark()


def write(path: Path, mark: Mark) -> None:
    """Put `mark` durably in place of whatever stands at `path`: readers see the old or the new."""
    files.replace(Path(os.path.realpath(path)), _slot(mark, _TURN - 1) + b"\n".rjust(_SLOT))


def advance(path: Path, mark: Mark) -> None:
    """Move the mark at `path` on to `mark`; nothing where it is further, by what another process wrote meanwhile."""
    with _locked(path) as file:
        data = os.pread(file, 2 * _SLOT + 1, 0) if file is not None else b""
        if file is None or len(data) == _FORMER:
            write(path, mark)
            return
        latest = _latest(data, path)
        before, step = latest.mark, latest.step + 1
        if _bad(data):  # torn by a power cut: the other slot is not left alone
            write(path, mark if mark.released >= before.released and mark.national >= before.national else before)
            return
        if mark == before or before.released > mark.released or before.national > mark.national:
            return
        if step % _TURN == 0:
            os.fdatasync(file)  # the slot written until now is durable before the other is written over
        if os.pwrite(file, _slot(mark, step), step // _TURN % 2 * _SLOT) != _SLOT:
            raise OSError(f"the high-water mark {path} was not written whole")


@contextmanager
def _locked(path: Path) -> Iterator[int | None]:
    """The mark file open for its next step, no other process at it; None where there is none."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            yield None
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_ino == path.stat().st_ino:  # else it was replaced as this one waited
                yield descriptor
                return
        finally:
            os.close(descriptor)


def here(book: Book) -> Mark:
    """The mark of ledgers as they stand."""
    return Mark(book.released.size, book.national.size, book.released.previous)


def short(mark: Mark, book: Book) -> bool:
    """Whether the ledgers are shorter than they once were, or another entry stands where the last one stood."""
    released = book.released
    if released.size < mark.released or book.national.size < mark.national:
        return True
    if not mark.released or not mark.last:
        return False
    if released.size == mark.released:
        return mark.last != released.previous
    return mark.last != book.store.leaf_hash(RELEASED, mark.released - 1).hex()
