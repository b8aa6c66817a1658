"""The staging place: what is whole in it, what survives a cut at any byte, and what it lets go."""

import os
import random
from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.ledger import chunk
from dtti.ledger.store import RELEASED
from dtti.node.line import stage as stages
from dtti.node.line.stage import Begin, Room, Stage
from tests.node.capitals import Pair

BEGIN = Begin("USA", 3, "ab" * 32)


@pytest.fixture
def stream(pair: Pair) -> bytes:
    """The records of a dozen entries, most with texts, one of them large."""
    for number in range(6):
        pair.usa.comment(pair.record, f"number {number} " * (8000 if number == 3 else 1))
    store = pair.usa.node.store
    size = store.size(RELEASED)
    made = bytearray()
    chunk.Expanding(made.extend).take(chunk.chunk(store, RELEASED, size - 8, size))
    return bytes(made)


def take(stage: Stage, data: bytes, parts: int = 1) -> None:
    step = max(1, len(data) // parts)
    for low in range(0, len(data), step):
        stage.take(data[low : low + step])


def read(stage: Stage) -> bytes:
    """The records that are whole, put together again from leaves and texts."""
    made = b""
    for leaf in stage.entries():
        made += chunk.head(leaf)
        for one in chunk.commitments(leaf):
            body = stage.fetch(one)
            made += chunk.PRESENT + body.salt + body.data if body else chunk.ABSENT
    return made


@pytest.mark.parametrize("parts", [1, 7, 5000])
def test_what_comes_in_any_pieces_is_read_again(tmp_path: Path, stream: bytes, parts: int) -> None:
    stage = stages.open_stage(tmp_path, BEGIN)
    take(stage, stream, parts)
    assert (stage.stop, stage.part) == (3 + 8, 0)
    assert read(stage) == stream
    stage.close()
    again = stages.open_stage(tmp_path, BEGIN)
    assert (again.inherited, again.stop, again.length) == (True, 3 + 8, len(stream))
    assert read(again) == stream
    again.clear()
    again.close()
    assert not (tmp_path / stages.FILE).exists()


def test_a_pull_that_ends_at_any_byte_is_taken_up_there(tmp_path: Path, stream: bytes) -> None:
    places = random.Random(3).sample(range(1, len(stream)), 60)
    for place in [1, 2, 3, *places]:
        stage = stages.open_stage(tmp_path, BEGIN)
        take(stage, stream[:place], 3)
        stage.flush()
        stage._file.close()  # as killed: nothing is put in order
        again = stages.open_stage(tmp_path, BEGIN)
        assert again.length == place
        take(again, stream[place:], 3)
        assert read(again) == stream
        again.clear()
        again.close()


def test_what_a_power_cut_tore_off_or_damaged_is_left_out(tmp_path: Path, stream: bytes) -> None:
    spoil = random.Random(9)
    stage = stages.open_stage(tmp_path, BEGIN)
    for low in range(0, len(stream), 3000):
        stage.take(stream[low : low + 3000])
        stage.flush()
    stage.close()
    whole = (tmp_path / stages.FILE).read_bytes()
    for _ in range(80):
        data = bytearray(whole[: spoil.randrange(1, len(whole))])
        kind = spoil.randrange(3)
        if kind == 1:
            data += bytes(spoil.randrange(1, 5000))  # a block that was never written
        elif kind == 2:
            data[spoil.randrange(len(data))] ^= 1 << spoil.randrange(8)
        (tmp_path / stages.FILE).write_bytes(data)
        again = stages.open_stage(tmp_path, BEGIN)
        assert again.length < len(data)
        take(again, stream[again.length :])
        assert read(again) == stream
        again.close()


def test_a_record_that_is_cut_back_leaves_the_whole_ones(tmp_path: Path, stream: bytes) -> None:
    for place in random.Random(4).sample(range(1, len(stream)), 40):
        stage = stages.open_stage(tmp_path, BEGIN)
        take(stage, stream[:place], 2)
        stage.flush()
        if place % 2:
            stage._file.close()
            stage = stages.open_stage(tmp_path, BEGIN)
        part, stop = stage.part, stage.stop
        stage.cut_back()
        assert (stage.part, stage.stop, stage.length) == (0, stop, place - part)
        take(stage, stream[place - part :], 2)
        assert read(stage) == stream
        stage.flush()
        stage._file.close()
        again = stages.open_stage(tmp_path, BEGIN)
        assert read(again) == stream
        again.clear()
        again.close()


def test_another_place_or_side_begins_anew(tmp_path: Path, stream: bytes) -> None:
    for other in (Begin("IND", 3, "ab" * 32), Begin("USA", 4, "ab" * 32), Begin("USA", 3, "cd" * 32)):
        stage = stages.open_stage(tmp_path, BEGIN)
        take(stage, stream)
        stage.close()
        again = stages.open_stage(tmp_path, other)
        assert (again.inherited, again.length) == (False, 0)
        again.close()
        assert not (tmp_path / stages.FILE).exists()


def test_what_has_no_room_is_passed_over(tmp_path: Path, stream: bytes, pair: Pair) -> None:
    store = pair.usa.node.store
    first = stages.weight(store.leaf(RELEASED, store.size(RELEASED) - 8))
    for room, count in (
        (Room(5, 2**40), 5),
        (Room(0, 2**40), 0),
        (Room(0, 0, one=True), 1),
        (Room(9, first), 1),
        (Room(9, first - 1), 0),
        (Room(8, 2**40), 8),
    ):
        for parts in (1, 900):
            stage = stages.unnamed(tmp_path, BEGIN)
            stage.allow(room)
            take(stage, stream, parts)
            assert (len(stage.leaves), stage.part, stage.full) == (count, 0, count < 8), room
            assert stream.startswith(read(stage))
            assert stage.cost <= max(room.bytes, first)
            stage.close()


def test_a_text_that_is_another_is_refused_and_let_go(tmp_path: Path, stream: bytes) -> None:
    spoiled = bytearray(stream)
    spoiled[-1] ^= 1
    stage = stages.open_stage(tmp_path, BEGIN)
    with pytest.raises(Refused) as caught:
        take(stage, bytes(spoiled), 4)
    assert caught.value.refusals[0].rule == "body"
    stage.cut_back()
    place = stage.length
    take(stage, stream[place:])
    assert read(stage) == stream
    stage.close()


def test_a_second_process_pulls_without_the_first_ones_place(tmp_path: Path, stream: bytes) -> None:
    stage = stages.open_stage(tmp_path, BEGIN)
    take(stage, stream[:5000])
    other = stages.open_stage(tmp_path, BEGIN)
    take(other, stream)
    assert read(other) == stream
    other.close()
    take(stage, stream[5000:])
    assert read(stage) == stream
    stage.close()


def test_a_full_disc_is_said(tmp_path: Path, stream: bytes) -> None:
    stage = Stage(os.fdopen(os.open("/dev/full", os.O_RDWR), "r+b", buffering=0), BEGIN)
    stage.take(stream[:100])
    with pytest.raises(Refused) as caught:
        stage.flush()
    assert caught.value.refusals[0].rule == "disc"
    stage.close()


def test_the_file_says_where_it_goes_on(tmp_path: Path, stream: bytes) -> None:
    assert stages.staged(tmp_path) is None
    stage = stages.open_stage(tmp_path, BEGIN)
    take(stage, stream)
    stage.flush()
    found = stages.staged(tmp_path)
    assert found is not None
    assert found["start"] == 3
    assert len(stream) < found["bytes"] < len(stream) + 1000
    assert (tmp_path / stages.FILE).stat().st_mode & 0o777 == 0o600
    stage.close()
    (tmp_path / stages.FILE).write_bytes(b"anything")
    assert stages.staged(tmp_path) is None
