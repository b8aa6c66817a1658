"""What a pack holds, read from its file when it is asked for and not before. Knows places, checks nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from . import tiles
from .body import SALT, Body
from .ustar import Source

Place = tuple[int, int]  # where a file of a pack stands, and its size


class Leaves(Sequence[bytes]):
    """The entries of a pack, read bundle by bundle when they are asked for."""

    def __init__(self, source: Source, bundles: Sequence[Place], count: int) -> None:
        self._source, self._bundles, self._count = source, bundles, count
        self._number, self._held = -1, list[bytes]()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._count))]
        index = index if index >= 0 else self._count + index
        if not 0 <= index < self._count:
            raise IndexError(f"the pack has no entry {index}")
        if index // tiles.WIDTH != self._number:
            self._number = index // tiles.WIDTH
            self._held = tiles.unbundle(self._source.read(*self._bundles[self._number]))
        return self._held[index % tiles.WIDTH]


class Bodies(Mapping[str, Body]):
    """The bodies of a pack by digest, read when they are asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._places: dict[bytes, int] = {}  # place and size in one number: there may be very many

    def add(self, digest: str, at: int, size: int) -> None:
        """One more."""
        self._places[bytes.fromhex(digest)] = at << 32 | size

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return map(bytes.hex, self._places)

    def __contains__(self, digest: object) -> bool:
        return isinstance(digest, str) and bytes.fromhex(digest) in self._places

    def __getitem__(self, digest: str) -> Body:
        place = self._places[bytes.fromhex(digest)]
        data = self._source.read(place >> 32, place & 0xFFFFFFFF)
        return Body(data[:SALT], data[SALT:])
