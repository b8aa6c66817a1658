"""The Merkle tree against the recursions of RFC 6962 section 2.1, written out here as the RFC writes them."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.ledger import tree
from dtti.ledger.tree import ProofError
from tests import making

# The inputs and tree heads by which Certificate Transparency's implementations have checked each other from the start
# (certificate-transparency, merkletree/merkle_tree_test.cc).
CT_INPUTS = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)

SMALL = 130  # every proof of every tree up to this size
LARGE = 3_000


def leaf(index: int) -> bytes:
    return tree.leaf_hash(b"leaf %d" % index)


# --- RFC 6962, section 2.1: MTH, PATH and PROOF over leaves low..high-1 ----------------------------------------------


def split(count: int) -> int:
    middle = 1
    while middle * 2 < count:
        middle *= 2
    return middle


@cache
def head(low: int, high: int) -> bytes:
    if high == low:
        return sha256(b"").digest()
    if high - low == 1:
        return leaf(low)
    middle = low + split(high - low)
    return sha256(b"\x01" + head(low, middle) + head(middle, high)).digest()


def audit_path(index: int, low: int, high: int) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + split(high - low)
    if index < middle:
        return [*audit_path(index, low, middle), head(middle, high)]
    return [*audit_path(index, middle, high), head(low, middle)]


def subproof(old: int, low: int, high: int, whole: bool) -> list[bytes]:
    if old == high:
        return [] if whole else [head(low, high)]
    middle = low + split(high - low)
    if old <= middle:
        return [*subproof(old, low, middle, whole), head(middle, high)]
    return [*subproof(old, middle, high, False), head(low, middle)]


# --- our tree, its hashes stored by position -------------------------------------------------------------------------


@cache
def stored() -> tuple[bytes, ...]:
    """The hashes that a tree of LARGE leaves stores, in order of position."""
    hashes: list[bytes] = []
    frontier: list[bytes] = []
    for index in range(LARGE):
        hashes += tree.append(index, frontier, leaf(index))
    return tuple(hashes)


def reader(size: int) -> tree.Read:
    """Reads from the store as it was at `size`: a hash that was not there yet raises."""
    there = stored()[: tree.position(0, size)]

    def read(positions: Sequence[int]) -> list[bytes]:
        return [there[position] for position in positions]

    return read


sizes = st.integers(1, LARGE)


# --- roots and positions ---------------------------------------------------------------------------------------------


def test_tree_heads_are_those_of_certificate_transparency() -> None:
    leaves = [bytes.fromhex(text) for text in CT_INPUTS]
    frontier: list[bytes] = []
    heads = []
    for size, each in enumerate(leaves):
        tree.append(size, frontier, tree.leaf_hash(each))
        heads.append(tree.fold(frontier).hex())
    assert tuple(heads) == CT_ROOTS
    assert making.root(leaves).hex() == CT_ROOTS[-1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree.fold([]) == tree.root(0, reader(0)) == tree.EMPTY


def test_a_leaf_and_a_node_of_the_same_bytes_hash_apart() -> None:
    left, right = leaf(0), leaf(1)
    assert tree.leaf_hash(left + right) != tree.node_hash(left, right)


@pytest.mark.parametrize("size", range(SMALL + 1))
def test_the_root_of_every_small_tree_is_that_of_the_rfc(size: int) -> None:
    assert tree.root(size, reader(size)) == head(0, size)
    assert tree.fold(tree.frontier(size, reader(size))) == head(0, size)


@given(sizes)
def test_the_root_of_a_larger_tree_is_that_of_the_rfc(size: int) -> None:
    assert tree.root(size, reader(size)) == head(0, size)


def test_every_stored_hash_is_the_root_of_its_complete_subtree_and_no_position_is_used_twice() -> None:
    seen = {}
    for level in range(12):
        for number in range(LARGE >> level):
            place = tree.position(level, number)
            assert place not in seen
            seen[place] = (level, number)
            assert stored()[place] == head(number << level, (number + 1) << level)
    assert sorted(seen) == list(range(len(stored())))


@given(st.integers(0, 2**53))
def test_peaks_are_the_binary_digits_of_the_size(size: int) -> None:
    peaks = tree.peaks(size)
    assert sum(1 << level for level, _ in peaks) == size
    assert [level for level, _ in peaks] == sorted({level for level, _ in peaks}, reverse=True)
    start = 0
    for level, number in peaks:
        assert number << level == start
        start += 1 << level


# --- proofs that hold ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(1, SMALL + 1))
def test_every_proof_in_every_small_tree_is_that_of_the_rfc_and_checks(size: int) -> None:
    read, new = reader(size), head(0, size)
    for index in range(size):
        proof = tree.inclusion(index, size, read)
        assert proof == audit_path(index, 0, size)
        tree.check_inclusion(leaf(index), index, size, proof, new)
    for old in range(1, size + 1):
        proof = tree.consistency(old, size, read)
        assert proof == subproof(old, 0, size, True)
        tree.check_consistency(old, size, proof, head(0, old), new)
    assert tree.consistency(0, size, read) == []
    tree.check_consistency(0, size, [], tree.EMPTY, new)


@given(sizes.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1), st.integers(1, size))))
def test_proofs_in_larger_trees_are_those_of_the_rfc_and_check(drawn: tuple[int, int, int]) -> None:
    size, index, old = drawn
    path = tree.inclusion(index, size, reader(size))
    assert path == audit_path(index, 0, size)
    tree.check_inclusion(leaf(index), index, size, path, head(0, size))
    proof = tree.consistency(old, size, reader(size))
    assert proof == subproof(old, 0, size, True)
    tree.check_consistency(old, size, proof, head(0, old), head(0, size))


def test_a_proof_reads_a_handful_of_hashes_however_large_the_tree() -> None:
    asked: list[int] = []

    def read(positions: Sequence[int]) -> list[bytes]:
        asked.extend(positions)
        return [bytes(32)] * len(positions)

    tree.inclusion(123_456_789, 10**9, read)
    assert len(asked) <= 60
    asked.clear()
    tree.consistency(123_456_789, 10**9, read)
    assert len(asked) <= 60


# --- proofs that do not ----------------------------------------------------------------------------------------------


def spoiled(proof: list[bytes]) -> Iterator[list[bytes]]:
    """`proof` with a hash altered, dropped, doubled, cut, lengthened or exchanged with the next."""
    for place, each in enumerate(proof):
        yield [*proof[:place], bytes([each[0] ^ 1]) + each[1:], *proof[place + 1 :]]
        yield [*proof[:place], each[:-1] + bytes([each[-1] ^ 0x80]), *proof[place + 1 :]]
        yield [*proof[:place], *proof[place + 1 :]]
        yield [*proof[:place], each, *proof[place:]]
        yield [*proof[:place], each[:-1], *proof[place + 1 :]]
        yield [*proof[:place], each + b"\0", *proof[place + 1 :]]
        if place:
            yield [*proof[: place - 1], each, proof[place - 1], *proof[place + 1 :]]
            before = proof[place - 1]
            yield [*proof[: place - 1], before + each[:1], each[1:], *proof[place + 1 :]]  # divided anew
    yield [*proof, leaf(0)]
    yield [leaf(0), *proof]


def refusal(check: Callable[..., None], *given: object) -> str:
    """Why `check` refuses what it is `given`; empty where it does not."""
    try:
        check(*given)
    except ProofError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("size", range(1, 34))
def test_an_audit_path_spoiled_in_any_place_is_refused(size: int) -> None:
    root = head(0, size)
    for index in range(size):
        proof = audit_path(index, 0, size)
        for wrong in spoiled(proof):
            assert refusal(tree.check_inclusion, leaf(index), index, size, wrong, root)


@pytest.mark.parametrize("size", range(1, 34))
def test_an_audit_path_proves_nothing_for_another_leaf_index_or_root(size: int) -> None:
    root = head(0, size)
    for index in range(size):
        proof = audit_path(index, 0, size)
        for other in range(-1, size + 2):
            if other != index:
                assert refusal(tree.check_inclusion, leaf(index), other, size, proof, root)
                assert refusal(tree.check_inclusion, leaf(other), index, size, proof, root)
        assert refusal(tree.check_inclusion, leaf(index), index, size, proof, head(0, size + 1))


@pytest.mark.parametrize("size", range(2, 34))
def test_a_consistency_proof_spoiled_in_any_place_is_refused(size: int) -> None:
    for old in range(1, size):
        for wrong in spoiled(subproof(old, 0, size, True)):
            assert refusal(tree.check_consistency, old, size, wrong, head(0, old), head(0, size))


@pytest.mark.parametrize("size", range(2, 34))
def test_a_rewritten_ledger_has_no_consistency_proof(size: int) -> None:
    """A tree whose first leaf was exchanged: its own proof leads to its own roots, never to the old one."""
    frontier: list[bytes] = []
    hashes: list[bytes] = []
    for index in range(size):
        hashes += tree.append(index, frontier, leaf(index) if index else tree.leaf_hash(b"rewritten"))
    rewritten = tree.fold(frontier)

    def read(wanted: Sequence[int]) -> list[bytes]:
        return [hashes[each] for each in wanted]

    for old in range(1, size):
        proof = tree.consistency(old, size, read)
        assert refusal(tree.check_consistency, old, size, proof, head(0, old), rewritten)
        assert refusal(tree.check_consistency, old, size, proof, tree.root(old, read), head(0, size))


def test_trees_of_one_size_are_consistent_only_if_they_are_one() -> None:
    assert not refusal(tree.check_consistency, 7, 7, [], head(0, 7), head(0, 7))
    assert refusal(tree.check_consistency, 7, 7, [], head(0, 7), head(1, 8))
    assert refusal(tree.check_consistency, 7, 7, [leaf(0)], head(0, 7), head(0, 7))
    assert refusal(tree.check_consistency, 0, 7, [], head(0, 1), head(0, 7))
    assert refusal(tree.check_consistency, 0, 7, [leaf(0)], tree.EMPTY, head(0, 7))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (6, 5)])
def test_there_is_no_audit_path_for_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ProofError, match=f"leaf {index} is not in a tree of {size}"):
        tree.inclusion(index, size, reader(5))
    with pytest.raises(ProofError, match=f"leaf {index} is not in a tree of {size}"):
        tree.check_inclusion(leaf(0), index, size, [], leaf(0))


@pytest.mark.parametrize("old", [-1, 6])
def test_there_is_no_consistency_with_a_larger_or_negative_tree(old: int) -> None:
    with pytest.raises(ProofError, match=f"a tree of 5 has no prefix of {old}"):
        tree.consistency(old, 5, reader(5))
    with pytest.raises(ProofError, match=f"a tree of 5 has no prefix of {old}"):
        tree.check_consistency(old, 5, [], leaf(0), head(0, 5))


def test_a_refusal_says_what_is_wrong_with_the_proof() -> None:
    path, root = audit_path(2, 0, 5), head(0, 5)
    assert [
        refusal(tree.check_inclusion, leaf(2), 2, 5, path[:-1], root),
        refusal(tree.check_inclusion, leaf(2), 2, 5, [*path, root], root),
        refusal(tree.check_inclusion, leaf(2), 2, 5, path, leaf(0)),
        refusal(tree.check_inclusion, leaf(2), 2, 5, [b"", *path[1:]], root),
        refusal(tree.check_consistency, 4, 5, [], head(0, 4), root),
        refusal(tree.check_consistency, 3, 5, [], head(0, 3), root),
        refusal(tree.check_consistency, 4, 5, [leaf(4), leaf(4)], head(0, 4), root),
        refusal(tree.check_consistency, 4, 5, [leaf(4)], head(1, 5), root),
    ] == [
        "the audit path is too short",
        "the audit path is too long",
        "the audit path leads to another root",
        "a hash of the proof has not 32 bytes",
        "the consistency proof is too short",
        "the consistency proof is too short",
        "the consistency proof is too long",
        "the ledger was rewritten: its earlier root does not lie under the later one",
    ]
