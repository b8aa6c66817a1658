"""Operations of several steps: what a process that died left half done is finished, or taken back, and named."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.ledger import keyfile
from dtti.ledger.engine import StoreError
from dtti.ledger.store import RELEASED
from dtti.node.core import mark as marks
from dtti.node.core import unfinished
from dtti.node.core.node import Node
from dtti.node.keeping import status
from dtti.node.line import rotate
from tests.node import capitals
from tests.node.capitals import Pair


def test_an_operation_is_recorded_while_it_works_and_not_after(pair: Pair):
    folder = pair.ind.folder
    assert unfinished.left(folder) == []
    with unfinished.intending(folder, "rotate", list="x", rings="node"):
        (one,) = unfinished.left(folder)
        assert (one.intent.what, one.intent.about, one.working) == ("rotate", {"list": "x", "rings": "node"}, True)
        assert unfinished.resume(pair.ind.node) == []  # its process lives
    assert unfinished.left(folder) == []


def _dies(folder: Path) -> None:
    with unfinished.intending(folder, "rotate", list="x", rings="node"):
        (folder / "keys" / "node.keys.next").write_bytes(b"half a ring")
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_dead_process_left_is_taken_back_by_the_next_opening(pair: Pair):
    child = multiprocessing.get_context("spawn").Process(target=_dies, args=(pair.ind.folder,))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    (one,) = unfinished.left(pair.ind.folder)
    assert not one.working
    made = status.status(pair.ind.node)
    assert [(one["what"], one["working"]) for one in made["unfinished"]] == [("rotate", False)]
    assert [one["rule"] for one in made["amiss"]] == ["unfinished"]
    again = pair.ind.again()
    assert unfinished.left(pair.ind.folder) == []
    assert list(pair.ind.folder.glob("keys/*.next")) == []
    assert status.status(again.node)["unfinished"] == []
    again.comment(pair.record, "work goes on")
    again.node.close()


def test_what_no_version_here_can_finish_stays_and_is_named(pair: Pair):
    place = pair.ind.folder / unfinished.FOLDER
    place.mkdir(exist_ok=True)
    (place / "merge-1").write_bytes(b'{"what": "merge", "since": "2027-01-26T00:00:00Z"}')
    again = pair.ind.again()
    assert [one["rule"] for one in status.status(again.node)["amiss"]] == ["unfinished"]
    again.node.close()


def test_a_record_that_was_never_whole_stood_for_nothing(pair: Pair):
    place = pair.ind.folder / unfinished.FOLDER
    place.mkdir(exist_ok=True)
    (place / "rotate-1").write_bytes(b'{"what": "rot')
    again = pair.ind.again()
    assert unfinished.left(again.folder) == []
    again.node.close()


def test_a_write_that_the_step_around_it_takes_back_moves_no_mark_and_no_record(pair: Pair):
    node = pair.ind.node
    node.settle()
    mark, size = marks.read(pair.ind.folder / "mark"), node.store.size(RELEASED)

    def cut() -> None:
        with node.store.writing():
            pair.ind.comment(pair.record, "never to stand")
            assert node.store.size(RELEASED) == size + 1
            raise StoreError("the disc")

    with pytest.raises(StoreError, match="the disc"):
        cut()
    assert node.store.size(RELEASED) == size
    assert marks.read(pair.ind.folder / "mark") == mark
    assert node.behind() is None
    assert pair.ind.comment(pair.record, "stands").index == size


def test_a_rotation_that_a_full_disc_takes_back_leaves_the_old_keys_and_nothing_else(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    node = pair.ind.node
    writes = []

    def full(path: Path, data: bytes) -> None:
        writes.append(path.name)
        if len(writes) == 2:
            raise OSError(28, "No space left on device")
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))

    with monkeypatch.context() as patch:
        patch.setattr(keyfile, "write_private", full)
        with pytest.raises(OSError, match="No space"):
            rotate.rotate(node)
    assert len(writes) == 2
    assert sorted(path.name for path in node.folder.keys.iterdir()) == ["node.keys", "power.keys", "root.keys"]
    assert unfinished.left(pair.ind.folder) == []
    assert rotate.rotate(node).version == 2


def test_a_node_whose_rotation_another_overtook_refuses_it(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    other = Node(pair.ind.folder)
    made = rotate._next

    def late(*given: object, **named: object) -> object:
        found = made(*given, **named)  # type: ignore[arg-type]
        monkeypatch.setattr(rotate, "_next", made)
        rotate.rotate(other, ["log"])
        return found

    monkeypatch.setattr(rotate, "_next", late)
    with pytest.raises(Refused) as refused:
        rotate.rotate(pair.ind.node, ["node"])
    assert "another rotation" in refused.value.refusals[0].reason
    assert pair.ind.node.standing.keys.version == 2
    pair.ind.comment(pair.record, "by the keys in force")
    other.close()
    assert capitals.carry(pair.ind, pair.usa).void == 0
