"""Chunks: what they carry from any byte on, and that nothing larger than a chunk is ever made of one."""

import random
import tracemalloc
import zlib
from collections import deque
from collections.abc import Iterator

import pytest

from dtti.ledger import chunk
from dtti.ledger.body import Owner
from dtti.ledger.store import RELEASED, Row
from tests.readers import pair as pairs
from tests.readers.pair import OWN, Pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path) -> Iterator[Pair]:
    made = pairs.join(tmp_path)
    yield made
    made.close()


def expanded(data: bytes) -> bytes:
    made = bytearray()
    expanding = chunk.Expanding(made.extend)
    expanding.take(data)
    expanding.end()
    return bytes(made)


def records(pair: Pair, start: int, stop: int) -> bytes:
    """The records of those entries, written down by another hand."""
    made = b""
    for leaf in pair.ind.store.leaves(RELEASED, start, stop):
        made += len(leaf).to_bytes(2, "big") + leaf
        for one in chunk.commitments(leaf):
            held = pair.ind.store.body_of(RELEASED, one.digest)
            made += b"\1" + held.salt + held.data if held else b"\0"
    return made


def test_a_chunk_carries_each_leaf_and_its_texts_in_order(pair: Pair) -> None:
    size = pair.ind.store.size(RELEASED)
    assert expanded(chunk.chunk(pair.ind.store, RELEASED, 2, size)) == records(pair, 2, size)
    assert expanded(chunk.chunk(pair.ind.store, RELEASED, 2, 4)) == records(pair, 2, 4)
    assert expanded(chunk.chunk(pair.ind.store, RELEASED, size, size)) == b""


def test_a_chunk_begins_at_any_byte_of_its_first_record_and_at_none_behind_it(pair: Pair) -> None:
    size = pair.ind.store.size(RELEASED)
    whole, first = records(pair, 2, size), len(records(pair, 2, 3))
    for at in (1, 2, 3, first - 1, first):
        assert expanded(chunk.chunk(pair.ind.store, RELEASED, 2, size, at)) == whole[at:]
    for at in (first + 1, 2**40):
        with pytest.raises(LookupError):
            chunk.chunk(pair.ind.store, RELEASED, 2, size, at)


def test_a_text_that_is_erased_and_a_leaf_that_is_no_act_take_one_byte_and_none(fresh: Pair) -> None:
    stated = fresh.ind.write("state", OWN, texts=[b"RECOGNISABLE spill"], terms={"base": 0})
    (commitment,) = stated.act.body
    stone = fresh.ind.write("tombstone", rests=[stated.id], terms={"digest": commitment.digest, "reason": "spill"})
    fresh.ind.store.erase(Owner(RELEASED, stated.id), commitment.digest, stone.id)
    with fresh.ind.store.writing():
        fresh.ind.store.append(RELEASED, [Row("ab" * 32, "", "", b"no act"), Row("cd" * 32, "", "", b"")])
    made = expanded(chunk.chunk(fresh.ind.store, RELEASED, stated.act.index, stated.act.index + 4))
    assert made == chunk.head(stated.leaf) + b"\0" + chunk.head(stone.leaf) + chunk.head(b"no act") + b"\0\0"


def test_a_large_ledger_comes_in_many_chunks_none_of_them_larger_than_it_may_be(fresh: Pair) -> None:
    text = random.Random(5).randbytes(3 * chunk.PACKED)
    stated = fresh.ind.write("state", OWN, texts=[text], terms={"base": 0})
    start, made, count = stated.act.index, b"", 0
    while True:
        data = chunk.chunk(fresh.ind.store, RELEASED, start, start + 1, len(made))
        assert len(data) <= chunk.LARGEST
        part = expanded(data)
        if not part:
            break
        made += part
        count += 1
    assert count == 3
    assert made.endswith(text)


@pytest.mark.long
@pytest.mark.parametrize("piece", [1, 1000, 10_000_000])
def test_a_bomb_is_refused_before_it_is_made(piece: int) -> None:
    bomb = zlib.compress(bytes(200 * 1024 * 1024), 9)
    seen = 0

    def count(data: bytes) -> None:
        nonlocal seen
        seen += len(data)

    tracemalloc.start()
    expanding = chunk.Expanding(count)
    parts = (bomb[low : low + piece] for low in range(0, len(bomb), piece))
    with pytest.raises(chunk.ChunkError) as caught:
        deque(map(expanding.take, parts), maxlen=0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.rule == "line-size"
    assert seen <= chunk.PLAIN + 2 * chunk.PIECE
    assert peak < 2 * 1024 * 1024


def test_what_is_no_chunk_is_told() -> None:
    good = zlib.compress(b"x" * 100)
    for data, rule in (
        (b"no zlib", "line"),
        (good + b"more", "line-size"),
        (good[:-1], "line"),
        (b"", "line"),
        (good[:-4] + bytes(4), "line"),
        (good[:2] + b"\xff" + good[3:], "line"),
    ):
        with pytest.raises(chunk.ChunkError) as caught:
            expanded(data)
        assert caught.value.rule == rule, data
