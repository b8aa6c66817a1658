"""The static files of a ledger: C2SP tlog-tiles paths, hash tiles and entry bundles. Knows no store.

Any tlog-tiles client can read what these functions lay out; a ledger is a folder.
"""

from collections.abc import Iterable, Iterator, Sequence

from . import tree
from .act import MAX_LEAF

WIDTH = 256  # hashes or entries in a full tile
LARGEST = WIDTH * (2 + MAX_LEAF)  # bytes of an entry bundle
HEIGHT = 8


class BundleError(ValueError):
    """An entry bundle that ends in the middle of an entry, or holds another number of them than it should."""


def path(kind: str, number: int, width: int = WIDTH) -> str:
    """Path of a tile: ``tile/0/x001/234``, or ``tile/entries/000.p/5``. `kind` is a level or ``entries``."""
    parts = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        parts.append(f"x{number % 1000:03}")
    name = "/".join(reversed(parts))
    return f"tile/{kind}/{name}" + ("" if width == WIDTH else f".p/{width}")


def of_range(size: int, level: int) -> Iterator[tuple[int, int]]:
    """Tiles of `level` in a tree of `size`: number and width (256 for full ones, then one partial)."""
    hashes = size >> (HEIGHT * level)
    for number in range(hashes // WIDTH):
        yield number, WIDTH
    if hashes % WIDTH:
        yield hashes // WIDTH, hashes % WIDTH


def hash_tiles(size: int, read: tree.Read) -> Iterator[tuple[str, bytes]]:
    """Every hash tile of a tree of `size`, as path and bytes."""
    level = 0
    while size >> (HEIGHT * level):
        for number, width in of_range(size, level):
            wanted = [tree.position(HEIGHT * level, number * WIDTH + each) for each in range(width)]
            yield path(str(level), number, width), b"".join(read(wanted))
        level += 1


def bundle(leaves: Sequence[bytes]) -> bytes:
    """An entry bundle: each leaf after its length in two bytes, big-endian."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def unbundle(data: bytes, width: int | None = None) -> list[bytes]:
    """The leaves of an entry bundle; BundleError where it is cut off, or holds another number of them than `width`."""
    leaves: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        leaf = data[at + 2 : at + 2 + length]
        if len(data) < at + 2 or len(leaf) != length:
            raise BundleError(f"the bundle ends in the middle of its entry {len(leaves)}")
        leaves.append(leaf)
        at += 2 + length
    if width is not None and len(leaves) != width:
        raise BundleError(f"it holds {len(leaves)} entries, not {width}")
    return leaves


def bundles(leaves: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Entry bundles of a whole ledger, as path and bytes."""
    number = 0
    held: list[bytes] = []
    for leaf in leaves:
        held.append(leaf)
        if len(held) == WIDTH:
            yield path("entries", number), bundle(held)
            number, held = number + 1, []
    if held:
        yield path("entries", number, len(held)), bundle(held)
