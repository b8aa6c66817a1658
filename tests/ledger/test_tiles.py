"""The static files of a ledger, by the examples of C2SP tlog-tiles, and read back as any of its clients would."""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.ledger import tiles, tree
from tests import making

LARGE = 70_000  # the size that the specification takes for its example


def leaf(index: int) -> bytes:
    return b"leaf %d" % index


@cache
def stored() -> tuple[bytes, ...]:
    hashes: list[bytes] = []
    frontier: list[bytes] = []
    for index in range(LARGE):
        hashes += tree.append(index, frontier, tree.leaf_hash(leaf(index)))
    return tuple(hashes)


def read(positions: Sequence[int]) -> list[bytes]:
    return [stored()[position] for position in positions]


@pytest.mark.parametrize(
    ("kind", "number", "width", "path"),
    [
        ("0", 0, 256, "tile/0/000"),
        ("0", 67, 256, "tile/0/067"),
        ("0", 999, 256, "tile/0/999"),
        ("0", 1_000, 256, "tile/0/x001/000"),
        ("3", 1_234, 256, "tile/3/x001/234"),
        ("0", 1_234_067, 256, "tile/0/x001/x234/067"),
        ("0", 1_234_067, 1, "tile/0/x001/x234/067.p/1"),
        ("0", 1_234_567_890, 255, "tile/0/x001/x234/x567/890.p/255"),
        ("entries", 0, 5, "tile/entries/000.p/5"),
        ("entries", 1_234_067, 256, "tile/entries/x001/x234/067"),
    ],
)
def test_paths_are_those_of_the_specification(kind: str, number: int, width: int, path: str) -> None:
    assert tiles.path(kind, number, width) == path


def test_the_files_of_seventy_thousand_entries_are_those_of_the_specifications_example() -> None:
    names = [path for path, _ in tiles.hash_tiles(LARGE, read)]
    assert names == [
        *(f"tile/0/{number:03}" for number in range(273)),
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    bundles = [path for path, _ in tiles.bundles(leaf(index) for index in range(LARGE))]
    assert bundles == [*(f"tile/entries/{number:03}" for number in range(273)), "tile/entries/273.p/112"]


def test_every_hash_in_a_tile_is_the_root_of_the_entries_below_it() -> None:
    files = dict(tiles.hash_tiles(LARGE, read))
    leaves = [leaf(index) for index in range(LARGE)]
    level_0 = [each for path, data in files.items() if path.startswith("tile/0/") for each in hashes_of(data)]
    assert level_0 == [tree.leaf_hash(each) for each in leaves]
    assert hashes_of(files["tile/1/000"])[3] == making.root(leaves[3 * 256 : 4 * 256])
    assert hashes_of(files["tile/1/001.p/17"])[-1] == making.root(leaves[272 * 256 : 273 * 256])
    assert hashes_of(files["tile/2/000.p/1"]) == [making.root(leaves[:65_536])]


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 1_000, 65_535, 65_536, 65_537])
def test_a_client_recomputes_the_root_from_the_right_edge_of_the_tiles_alone(size: int) -> None:
    files = dict(tiles.hash_tiles(size, read))
    assert all(data for data in files.values())  # the specification knows no empty tile
    edge: list[bytes] = []
    level = 0
    while size >> (8 * level):
        last = [data for path, data in files.items() if path.startswith(f"tile/{level}/")][-1]
        hashes = hashes_of(last) if (size >> (8 * level)) % 256 else []
        edge = peaks_of(hashes) + edge
        level += 1
    assert tree.fold(edge) == making.root([leaf(index) for index in range(size)])


def hashes_of(data: bytes) -> list[bytes]:
    assert len(data) % 32 == 0
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def peaks_of(hashes: list[bytes]) -> list[bytes]:
    """Peaks of the tree over a partial tile's hashes, left to right."""
    frontier: list[bytes] = []
    for number, each in enumerate(hashes):
        tree.append(number, frontier, each)
    return frontier


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_leaves(leaves: list[bytes]) -> None:
    assert tiles.unbundle(tiles.bundle(leaves)) == leaves


def test_a_bundle_is_each_leaf_after_its_length_big_endian() -> None:
    assert tiles.bundle([b"", b"ab", b"x" * 258]) == b"\0\0" + b"\0\2ab" + b"\1\2" + b"x" * 258


def test_a_bundle_holds_the_largest_leaf_and_none_larger() -> None:
    largest = bytes(65_535)
    assert tiles.unbundle(tiles.bundle([largest, b"a"])) == [largest, b"a"]
    with pytest.raises(OverflowError):
        tiles.bundle([bytes(65_536)])


def test_a_bundle_cut_anywhere_but_between_entries_is_refused_and_says_where() -> None:
    leaves = [b"one", b"", b"three"]
    whole = tiles.bundle(leaves)
    between = {0: 0, 5: 1, 7: 2, len(whole): 3}
    for cut in range(len(whole) + 1):
        if cut in between:
            assert tiles.unbundle(whole[:cut]) == leaves[: between[cut]]
            continue
        with pytest.raises(tiles.BundleError) as caught:
            tiles.unbundle(whole[:cut])
        entry = sum(cut > start for start in (5, 7))
        assert str(caught.value) == f"the bundle ends in the middle of its entry {entry}"


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_bundles_hold_every_entry_once_in_order(size: int) -> None:
    found = [each for _, data in tiles.bundles(leaf(index) for index in range(size)) for each in tiles.unbundle(data)]
    assert found == [leaf(index) for index in range(size)]
