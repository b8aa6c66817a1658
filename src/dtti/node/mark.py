"""The high-water mark: how far the ledgers had grown, kept outside the databases. Knows sizes and hashes, no act.

A database restored from an old backup knows nothing of what it signed since; signing on from there is a fork. The mark
stands in a file of its own (best on another disc) and only grows. A power cut may lose its last step, never add one.
"""

import os
from pathlib import Path

import msgspec

from dtti.ledger.store import RELEASED

from .book import Book


class Mark(msgspec.Struct, frozen=True):
    """Sizes of the two ledgers that this side writes, and the leaf hash that stood last in the released one.

    `unsure`: the databases came from a backup, and nobody knows yet what was signed since.
    """

    released: int = 0
    national: int = 0
    last: str = ""
    unsure: bool = False


_decode = msgspec.json.Decoder(Mark).decode


def read(path: Path) -> Mark:
    """The mark at `path`; zero where there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return Mark()
    try:
        return _decode(os.read(descriptor, 4096))
    except msgspec.DecodeError:
        return Mark()
    finally:
        os.close(descriptor)


def write(path: Path, mark: Mark) -> None:
    """Put `mark` in place of the one at `path`, in one write of fixed length: readers see the old or the new."""
    line = msgspec.json.encode(mark).ljust(255) + b"\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.pwrite(descriptor, line, 0)
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
