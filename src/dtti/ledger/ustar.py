"""Archives in one byte form, written and read in constant memory: POSIX ustar, fixed metadata. Knows no pack.

Every byte of an archive is a name, a size, contents or fixed, so that any change is found and placed. Nothing in a file
is read before it is asked for.
"""

import io
import re
import tempfile
import weakref
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from .verify import Fault

BLOCK = 512
PIECE = 1024 * 1024
_SIZE = re.compile(rb"[0-7]{11}\0")


class PackError(ValueError):
    """A pack that is not what it should be: `where` in it, which `rule`, why, and what would help."""

    def __init__(self, where: str, rule: str, reason: str) -> None:
        super().__init__(f"{where}: {reason} (rule {rule}). Nothing was taken in; ask the sender for the pack again.")
        self.fault = Fault(where, rule, reason)


class Source:
    """Bytes that are read by place: of a file, or a part of one. It closes the file when nobody needs it any more."""

    def __init__(self, file: BinaryIO, start: int = 0, size: int | None = None) -> None:
        self._file, self._start = file, start
        self.size = file.seek(0, io.SEEK_END) - start if size is None else size
        self._whole: Source | None = None  # kept alive by its parts

    @classmethod
    def of(cls, data: "bytes | Source") -> "Source":
        """`data` as a source."""
        return data if isinstance(data, Source) else cls(io.BytesIO(data))

    @classmethod
    def closing(cls, file: BinaryIO) -> "Source":
        """A source that owns `file`."""
        try:
            made = cls(file)
        except OSError:  # it cannot be read by place
            file.close()
            raise
        weakref.finalize(made, file.close)
        return made

    def read(self, at: int, length: int) -> bytes:
        """At most `length` bytes from `at` on."""
        self._file.seek(self._start + at)
        return self._file.read(max(0, min(length, self.size - at)))

    def part(self, at: int, size: int) -> "Source":
        """A source of `size` bytes from `at` on."""
        made = Source(self._file, self._start + at, size)
        made._whole = self
        return made

    def pieces(self, at: int = 0, size: int | None = None) -> Iterator[bytes]:
        """The bytes from `at` on, a piece at a time."""
        end = self.size if size is None else at + size
        for low in range(at, end, PIECE):
            yield self.read(low, min(PIECE, end - low))

    def digest(self, at: int, size: int) -> str:
        """SHA-256 (hex) of a part."""
        made = sha256()
        for piece in self.pieces(at, size):
            made.update(piece)
        return made.hexdigest()

    def file(self) -> BinaryIO:
        """The file itself, at its beginning; only of a source that is a whole file."""
        self._file.seek(self._start)
        return self._file


def temporary(folder: Path | None = None) -> BinaryIO:
    """A file without a name, gone with this process however it ends."""
    return tempfile.TemporaryFile(dir=folder)


def _header(name: str, size: int) -> bytes:
    # Written here and not by a library: the byte form of a pack must not follow that library's versions.
    before = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"0" * 11 + b"\0"
    after = b"0" + bytes(100) + b"ustar\x0000" + bytes(247)
    return before + b"%06o\0 " % (sum(before) + sum(after) + 8 * ord(" ")) + after


def put(out: BinaryIO, name: str, data: bytes | Source) -> None:
    """Write one file of an archive."""
    source = Source.of(data)
    out.write(_header(name, source.size))
    for piece in source.pieces():
        out.write(piece)
    out.write(bytes(-source.size % BLOCK))


def end(out: BinaryIO) -> None:
    """Write what ends an archive."""
    out.write(bytes(2 * BLOCK))


def members(source: Source, names: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """The files in an archive, in order, each named like `names`: name, place, size. PackError where it is none."""
    at = 0
    while True:
        block = source.read(at, BLOCK)
        if block == bytes(BLOCK):
            break
        if len(block) < BLOCK:
            raise PackError(f"byte {at}", "pack-truncated", "the pack ends in the middle of a file")
        raw = block[:100].rstrip(b"\0")
        name = raw.decode("ascii", "replace")
        if not names.fullmatch(name):
            raise PackError(f"byte {at}", "pack-path", f"{name[:80]!r} is no file of a pack")
        digits = block[124:136]
        size = int(digits[:11], 8) if _SIZE.fullmatch(digits) else -1
        if size < 0 or block != _header(name, size):
            raise PackError(name, "pack-header", "its header is not in the one form of a pack")
        place, padding = at + BLOCK, -size % BLOCK
        at = place + size + padding
        if source.size < at:
            raise PackError(name, "pack-truncated", "the pack ends in the middle of it")
        if any(source.read(at - padding, padding)):
            raise PackError(name, "pack-padding", "there are bytes after its end")
        yield name, place, size
    if source.size != at + 2 * BLOCK or any(source.read(at, 2 * BLOCK)):
        raise PackError(f"byte {at}", "pack-truncated", "the pack does not end as it should")
