"""What a pack holds, read from its file when it is asked for and not before. Knows places, checks nothing."""

from collections.abc import Iterator, Mapping, Sequence

from . import tiles
from .body import SALT, Body
from .leaves import LazyLeaves
from .ustar import Source

Place = tuple[int, int]  # where a file of a pack stands, and its size


class Leaves(LazyLeaves):
    """The entries of a pack, read bundle by bundle when they are asked for."""

    def __init__(self, source: Source, bundles: Sequence[Place], count: int) -> None:
        super().__init__(count)
        self._source, self._bundles = source, bundles
        self._number, self._held = -1, list[bytes]()

    def _at(self, index: int) -> bytes:
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
