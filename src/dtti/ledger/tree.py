"""The Merkle tree of RFC 6962 (section 2.1): roots, inclusion and consistency proofs over stored hashes. Pure.

Hashes of complete subtrees are stored once, at a position that depends only on their level and number, so a proof is a
handful of reads and an append is one write of at most log2(n) hashes. `Read` fetches stored hashes by position.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Read = Callable[[Sequence[int]], list[bytes]]

EMPTY = sha256(b"").digest()


class ProofError(ValueError):
    """A proof that does not prove what it is said to prove."""


def _check_hashes(proof: Sequence[bytes]) -> None:
    # Where one hash ends and the next begins must not be the proof's to say.
    if any(len(step) != 32 for step in proof):
        raise ProofError("a hash of the proof has not 32 bytes")


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one leaf (RFC 6962: prefix 0x00)."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an interior node (RFC 6962: prefix 0x01)."""
    return sha256(b"\1" + left + right).digest()


def position(level: int, number: int) -> int:
    """Where the hash of the `number`-th complete subtree of 2**`level` leaves is stored (post-order numbering)."""
    for _ in range(level):
        number = 2 * number + 1
    index = 0
    while number:
        index += number
        number >>= 1
    return index + level


def peaks(size: int) -> list[tuple[int, int]]:
    """The complete subtrees that make up a tree of `size` leaves, left to right, as (level, number)."""
    found, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def append(size: int, frontier: list[bytes], leaf: bytes) -> list[bytes]:
    """Hashes to store, in order of position, when leaf hash `leaf` joins a tree of `size`.

    `frontier`, the peaks of that tree, is brought up to date in place.
    """
    return extend(size, frontier, (leaf,))


def extend(size: int, frontier: list[bytes], leaves: Iterable[bytes]) -> list[bytes]:
    """Hashes to store, in order of position, when leaf hashes `leaves` join a tree of `size`, as in `append`."""
    new = []
    for each in leaves:
        joined, number = each, size
        new.append(joined)
        while number & 1:
            joined = sha256(b"\1" + frontier.pop() + joined).digest()  # node_hash, without its call
            new.append(joined)
            number >>= 1
        frontier.append(joined)
        size += 1
    return new


def fold(frontier: Sequence[bytes]) -> bytes:
    """Root of the tree whose peaks are `frontier`."""
    if not frontier:
        return EMPTY
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def frontier(size: int, read: Read) -> list[bytes]:
    """Peaks of the stored tree at `size`."""
    return read([position(level, number) for level, number in peaks(size)])


def root(size: int, read: Read) -> bytes:
    """Root of the stored tree at `size`."""
    return fold(frontier(size, read))


def _range_parts(low: int, high: int) -> list[tuple[int, int]]:
    """Complete subtrees that cover leaves low..high-1, where that range is itself a subtree of RFC 6962's recursion."""
    parts = []
    while low < high:
        level = (low & -low).bit_length() - 1 if low else (high - low).bit_length()
        while low + (1 << level) > high:
            level -= 1
        parts.append((level, low >> level))
        low += 1 << level
    return parts


def _read_ranges(ranges: list[tuple[int, int]], read: Read) -> list[bytes]:
    parts = [_range_parts(low, high) for low, high in ranges]
    hashes = iter(read([position(level, number) for part in parts for level, number in part]))
    return [fold([next(hashes) for _ in part]) for part in parts]


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(index: int, size: int, read: Read) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` (RFC 6962 section 2.1.1), deepest hash first."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    ranges, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return _read_ranges(ranges[::-1], read)


def consistency(old: int, size: int, read: Read) -> list[bytes]:
    """Proof that the tree of `old` leaves is a prefix of the tree of `size` (RFC 6962 section 2.1.2)."""
    if not 0 <= old <= size:
        raise ProofError(f"a tree of {size} has no prefix of {old}")
    if old in (0, size):
        return []
    ranges, low, high, whole = [], 0, size, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, whole = middle, False
    if not whole:
        ranges.append((low, high))
    return _read_ranges(ranges[::-1], read)


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Raise ProofError unless `proof` shows leaf hash `leaf` at `index` of the tree of `size` with root `expected`.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    _check_hashes(proof)
    number, last, got = index, size - 1, leaf
    for step in proof:
        if not last:
            raise ProofError("the audit path is too long")
        if number & 1 or number == last:
            got = node_hash(step, got)
            while not number & 1 and number:  # a right edge has no sibling until it joins one
                number, last = number >> 1, last >> 1
        else:
            got = node_hash(got, step)
        number, last = number >> 1, last >> 1
    if last:
        raise ProofError("the audit path is too short")
    if got != expected:
        raise ProofError("the audit path leads to another root")


def check_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raise ProofError unless `proof` shows the tree (`old`, `old_root`) to be a prefix of (`size`, `new_root`).

    RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old <= size:
        raise ProofError(f"a tree of {size} has no prefix of {old}")
    _check_hashes(proof)
    if old in (0, size):
        if proof or (old == size and old_root != new_root) or (old == 0 and old_root != EMPTY):
            raise ProofError("the two trees differ")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise ProofError("the consistency proof is too short")
    number, last = old - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if not last:
            raise ProofError("the consistency proof is too long")
        if number & 1 or number == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, step)
        number, last = number >> 1, last >> 1
    if last:
        raise ProofError("the consistency proof is too short")
    if before != old_root or after != new_root:
        raise ProofError("the ledger was rewritten: its earlier root does not lie under the later one")
