"""Chunks: entries with their texts as a line carries them, many in one compressed answer. Knows no network.

A stretch of a ledger, for a line, is the concatenation of records, one for each entry: the leaf after its length in two
bytes, big-endian (as in an entry bundle), then for each commitment in it either a zero byte (the text is not here) or a
one byte, the salt and the text; how long that is says the commitment. A leaf that is no act has no commitments. A chunk
is a piece of that, from any byte of a record on, as one zlib stream (RFC 1950). What a chunk becomes is bounded while
it is expanded, a piece at a time, so that nothing larger is ever made.
"""

import zlib
from collections.abc import Callable, Iterator

from .act import Commitment, MalformedLeaf, open_leaf
from .body import Body, Owner
from .store import Store

PACKED = 1024 * 1024  # bytes on the line at which the door ends a chunk
PLAIN = 4 * 1024 * 1024  # bytes of records at which it does
PIECE = 64 * 1024
LARGEST = PACKED + 4 * PIECE  # bytes that a chunk can have on the line: what zlib still held comes after the end
ABSENT, PRESENT = b"\0", b"\1"


class ChunkError(ValueError):
    """A chunk that is not what it should be; `rule` is `line-size` where it becomes more than a chunk can."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


def commitments(leaf: bytes) -> list[Commitment]:
    """What a leaf commits to; nothing where it is no act."""
    try:
        return open_leaf(leaf).act.body
    except MalformedLeaf:
        return []


def head(leaf: bytes) -> bytes:
    """How the record of a leaf begins."""
    return len(leaf).to_bytes(2, "big") + leaf


def _record(store: Store, ledger: str, leaf: bytes) -> Iterator[bytes]:
    yield head(leaf)
    try:
        entry = open_leaf(leaf)
    except MalformedLeaf:
        return
    for part in range(len(entry.act.body)):
        held = store.body(Owner(ledger, entry.id, part))
        if not isinstance(held, Body):
            yield ABSENT
            continue
        yield PRESENT + held.salt
        for low in range(0, len(held.data), PIECE):
            yield held.data[low : low + PIECE]


def chunk(store: Store, ledger: str, start: int, stop: int, at: int = 0) -> bytes:
    """The chunk of entries `start` to `stop`-1 of `ledger`, as much as one carries, from byte `at` of the first record.

    LookupError where that record has not so many bytes.
    """
    packer = zlib.compressobj()
    made = bytearray()
    plain = 0
    for leaf in store.leaves(ledger, start, stop, step=64):
        for piece in _record(store, ledger, leaf):
            skipped = min(at, len(piece))
            at -= skipped
            made += packer.compress(piece[skipped:])
            plain += len(piece) - skipped
            if plain >= PLAIN or len(made) >= PACKED:
                return bytes(made + packer.flush())
        if at:
            raise LookupError("the first record ends before that byte")
    return bytes(made + packer.flush())


class Expanding:
    """Expands a chunk as its bytes come, and hands on what it becomes, at most PIECE bytes at a time."""

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._stream, self._sink, self._left = zlib.decompressobj(), sink, PLAIN + PIECE + 64

    def take(self, data: bytes) -> None:
        """The next bytes of the chunk; ChunkError where it is none, or becomes more than one can."""
        while True:
            try:
                made = self._stream.decompress(data, min(PIECE, self._left + 1))
            except zlib.error as error:
                raise ChunkError("line", f"a chunk is no zlib stream ({error})") from None
            self._left -= len(made)
            if self._left < 0:
                raise ChunkError("line-size", f"a chunk becomes more than {PLAIN:,} bytes")
            if self._stream.unused_data:
                raise ChunkError("line-size", "there are bytes after the end of a chunk")
            if made:
                self._sink(made)
            data = self._stream.unconsumed_tail
            if not data and len(made) < PIECE:
                return

    def end(self) -> None:
        """The chunk came whole; ChunkError where it says that there should be more."""
        if not self._stream.eof:
            raise ChunkError("line", "a chunk ends in the middle")
