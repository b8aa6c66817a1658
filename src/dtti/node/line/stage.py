"""The staging place of a pull: what came over the line and is not yet closed by a signed checkpoint. Knows no network.

One file in the node's folder, `staged`, for one process at a time; others use a file without a name. It holds the
records of `ledger.chunk` from the end of the mirror on, in frames that each carry their length and CRC-32, so that
what a power cut tore off its end is told apart and left out. Nothing in it counts as seen, judged or shown: it is bytes
to compare with a signed root, and is bounded by what one step of a pull may take in. A file that goes on from another
place than the mirror's end is cleared, as is one that turns out to lead nowhere.
"""

import bisect
import fcntl
import os
import tempfile
import zlib
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import chunk
from dtti.ledger.act import Commitment
from dtti.ledger.body import MAX_BODY, SALT, Body

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

FILE = "staged"
PAGE = 1024  # entries asked for at a time of a door that knows no chunks
ENTRY = 1024  # bytes that an entry costs here beside its own: tree, index, why it is void
_FRAME = 64 * 1024  # bytes from which a frame is written
_LARGEST = 8 * _FRAME
_HEAD = 8  # bytes of length and CRC-32 before a frame


class Begin(msgspec.Struct, frozen=True):
    """From where a staged stretch goes on: the side, its entry number, the leaf hash (hex) before it."""

    side: str
    start: int
    previous: str


class Room(msgspec.Struct, frozen=True):
    """How much may be staged: entries, bytes of entries and texts; `one`: one entry, whatever it weighs."""

    entries: int
    bytes: int
    one: bool = False


class _Text(msgspec.Struct, frozen=True):
    digest: str
    at: int
    size: int


def weight(leaf: bytes) -> int:
    """Bytes that a leaf with its texts costs here."""
    return ENTRY + len(leaf) + sum(min(one.size, MAX_BODY) + SALT for one in chunk.commitments(leaf))


class Stage:
    """Records as they come, kept in a file. Entries in it are whole once all their texts have come."""

    def __init__(self, file: BinaryIO, begin: Begin, path: Path | None = None) -> None:
        self._file, self._path = file, path
        self.inherited = False  # whether an earlier pull left a part of it
        self._room = Room(2**53, 2**53)
        self._clear(begin)
        if path is not None:
            self._resume(begin)

    def _clear(self, begin: Begin) -> None:
        self.begin = begin
        self.leaves: list[tuple[int, int]] = []  # of whole records: place and length
        self._texts: dict[str, _Text] = {}
        self.cost = 0  # weight of the entries admitted
        self.full = False  # the next entry has no room
        self.length = 0  # bytes of records
        self._frames: list[tuple[int, int, int]] = []  # place in the records, place in the file, length
        self._whole, self._part = bytearray(), bytearray()  # not yet written: of whole records, of the one under way
        self._part_at: tuple[int, int] | None = None  # frames and file size before the record under way, if written
        self._record_at, self._record_cost = 0, 0
        self._record_texts: list[_Text] = []
        self._leaf = (0, 0)
        self._wanted: list[Commitment] = []
        self._state, self._need = "length", 2
        self._item = bytearray()  # of the item under way: its length, leaf or flag
        self._hash: Hash = sha256()

    # --- the file

    def _resume(self, begin: Begin) -> None:
        self._file.seek(0)
        end = 0
        for number, data in enumerate(iter(self._frame, None)):
            if number == 0:
                try:
                    if msgspec.json.decode(data, type=Begin) != begin:
                        break
                except msgspec.DecodeError:
                    break
            else:
                self._frames.append((self.length, end + _HEAD, len(data)))
                written = self._part_at or (len(self._frames) - 1, end)
                try:
                    self._parse(data)
                except Refused:
                    end = 0
                    break
                self._part_at = written if self.part else None
                self._whole.clear()
                self._part.clear()
            end += _HEAD + len(data)
        if not end:
            self._clear(begin)
        self._file.truncate(end)
        self._file.seek(end)
        self.inherited = self.length > 0

    def _frame(self) -> bytes | None:
        head = self._file.read(_HEAD)
        length = int.from_bytes(head[:4], "big")
        if len(head) < _HEAD or not 0 < length <= _LARGEST:
            return None
        data = self._file.read(length)
        return data if len(data) == length and zlib.crc32(data) == int.from_bytes(head[4:], "big") else None

    def _write(self, data: bytes | bytearray) -> None:
        try:
            self._file.write(len(data).to_bytes(4, "big") + zlib.crc32(data).to_bytes(4, "big") + data)
        except OSError as error:
            raise _full(error) from None

    def _put(self, data: bytearray, at: int) -> None:
        """Write a frame, and so that a record which is not whole begins with a frame of its own."""
        if data:
            self._frames.append((at, self._file.tell() + _HEAD, len(data)))
            self._write(data)
            data.clear()

    def _spill(self, *, part: bool) -> None:
        if not self._file.tell():
            self._write(msgspec.json.encode(self.begin))
        self._put(self._whole, self.length - len(self._part) - len(self._whole))
        if part and self._part:
            self._part_at = self._part_at or (len(self._frames), self._file.tell())
            self._put(self._part, self.length - len(self._part))

    def flush(self) -> None:
        """Make durable what has come."""
        if self.length:
            self._spill(part=True)
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as error:
                raise _full(error) from None

    def _read(self, at: int, length: int) -> bytes:
        made = bytearray()
        number = bisect.bisect_right(self._frames, (at, 2**62, 0)) - 1
        here = self._file.tell()
        while len(made) < length:
            begin, place, size = self._frames[number]
            skip = at + len(made) - begin
            self._file.seek(place + skip)
            made += self._file.read(min(size - skip, length - len(made)))
            number += 1
        self._file.seek(here)
        return bytes(made)

    def clear(self, begin: Begin | None = None) -> None:
        """Let go what is staged; go on from `begin`, if it is another place."""
        self._clear(begin or self.begin)
        self.inherited = False
        self._file.seek(0)
        self._file.truncate()

    def close(self) -> None:
        """Close the file; it stays where something is in it, and is removed where nothing is."""
        with suppress(Refused):
            self.flush()
        if self._path is not None and not self.length:
            self._path.unlink(missing_ok=True)
        with suppress(OSError):
            self._file.close()

    # --- records

    def allow(self, room: Room) -> None:
        """From now on, take in entries within `room`, what is staged counted."""
        self._room = room
        self.full = False

    @property
    def stop(self) -> int:
        """Number of the entry after the last whole one."""
        return self.begin.start + len(self.leaves)

    @property
    def part(self) -> int:
        """Bytes that have come of the record after the whole ones."""
        return self.length - self._record_at

    def take(self, data: bytes) -> None:
        """The next bytes of records. What comes after an entry that has no room is passed over.

        Refused where a text is not what its leaf commits to.
        """
        for low in range(0, len(data), _FRAME):
            self._parse(data[low : low + _FRAME])
            if len(self._whole) + len(self._part) >= _FRAME:
                self._spill(part=len(self._part) >= _FRAME)

    def _parse(self, data: bytes) -> None:
        view = memoryview(data)
        while view and not self.full:
            taken = view[: self._need]
            view = view[len(taken) :]
            self._part += taken
            self.length += len(taken)
            self._need -= len(taken)
            if self._state == "text":
                self._hash.update(taken)
            else:
                self._item += taken
            if not self._need:
                self._next()

    def _next(self) -> None:
        """The item under way is whole: what comes after it."""
        item, self._item = bytes(self._item), bytearray()
        if self._state == "length":
            self._expect("leaf", int.from_bytes(item, "big"))
            if self._need:
                return
            item = b""
        if self._state == "leaf":
            if not self._admitted(item):
                self.full = True
                self.cut_back()
                return
            self._leaf = self.length - len(item), len(item)
            self._wanted = chunk.commitments(item)
        elif self._state == "flag" and item == chunk.PRESENT:
            wanted = self._wanted[0]
            if wanted.size > MAX_BODY:
                raise Refused(refuse("body-size", f"a text of {wanted.size:,} bytes", f"At most {MAX_BODY:,} travel."))
            self._hash = sha256(b"dtti-body-1\0")
            self._record_texts.append(_Text(wanted.digest, self.length, SALT + wanted.size))
            self._expect("text", SALT + wanted.size)
            return
        elif self._state == "flag":
            if item != chunk.ABSENT:
                raise Refused(refuse("line", "a record on the line is not in its form", "Pull again."))
            self._wanted = self._wanted[1:]
        elif self._state == "text":
            if self._hash.hexdigest() != self._wanted[0].digest:
                digest = self._wanted[0].digest[:16]
                raise Refused(refuse("body", f"text {digest} is not what was committed to", "Pull again."))
            self._wanted = self._wanted[1:]
        if self._wanted:
            self._expect("flag", 1)
        else:
            self._done()

    def _expect(self, state: str, length: int) -> None:
        self._state, self._need = state, length

    def _admitted(self, leaf: bytes) -> bool:
        cost, count = weight(leaf), len(self.leaves)
        room = self._room
        if (count or not room.one) and (count >= room.entries or self.cost + cost > room.bytes):
            return False
        self._record_cost = cost
        return True

    def _done(self) -> None:
        self.leaves.append(self._leaf)
        self._texts.update({one.digest: one for one in self._record_texts})
        self._record_texts = []
        self.cost += self._record_cost
        self._record_at, self._part_at = self.length, None
        self._whole += self._part
        self._part.clear()
        self._expect("length", 2)

    def cut_back(self) -> None:
        """Let go what has come of the record that is not whole."""
        if self._part_at is not None:
            frames, size = self._part_at
            del self._frames[frames:]
            self._file.flush()
            self._file.truncate(size)
            self._file.seek(size)
            self._part_at = None
        self._part.clear()
        self._item = bytearray()
        self._record_texts = []
        self.length = self._record_at
        self._expect("length", 2)

    def entries(self, first: int = 0) -> list[bytes]:
        """The leaves of the whole entries from number `first` of them on."""
        self._spill(part=True)
        return [self._read(*each) for each in self.leaves[first:]]

    def fetch(self, commitment: Commitment) -> Body | None:
        """A text of the whole entries; None where it did not come."""
        held = self._texts.get(commitment.digest)
        if held is None:
            return None
        data = self._read(held.at, held.size)
        return Body(data[:SALT], data[SALT:])


def _full(error: OSError) -> Refused:
    return Refused(
        refuse("disc", f"what came over the line cannot be kept: {error.strerror or error}", "Free space, pull again.")
    )


def unnamed(folder: Path, begin: Begin) -> Stage:
    """A staging place that is gone with this process, however it ends."""
    return Stage(tempfile.TemporaryFile(dir=folder), begin)


def open_stage(folder: Path, begin: Begin) -> Stage:
    """The staging place of a node, with what an earlier pull left there that goes on from `begin`.

    One that is gone with this process, where another process is pulling.
    """
    path = folder / FILE
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return unnamed(folder, begin)
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return Stage(file, begin, path)
        file.close()  # removed by the process that held it


def staged(folder: Path) -> dict[str, int] | None:
    """What an unfinished pull left: the entry it goes on from, bytes of the file. None where there is nothing."""
    try:
        with (folder / FILE).open("rb") as file:
            head = file.read(_HEAD)
            begin = msgspec.json.decode(file.read(int.from_bytes(head[:4], "big")), type=Begin)
            return {"start": begin.start, "bytes": os.fstat(file.fileno()).st_size}
    except (OSError, msgspec.DecodeError):
        return None
