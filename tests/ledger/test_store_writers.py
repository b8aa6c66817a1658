"""Many writers at once, writers that die, and forks: no leaf lost, no place used twice, no gap."""

import threading
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from dtti.ledger.engine import StoreError
from dtti.ledger.store import NATIONAL, RELEASED, Store
from tests import making

from . import writers
from .writers import Place, append, row

SPAWN = get_context("spawn")  # a clean process, as a second command line would be


def start(function: Any, *given: Any) -> BaseProcess:
    process = SPAWN.Process(target=function, args=given)
    process.start()
    return process


def exit_code(process: BaseProcess) -> int | None:
    """How `process` ended; None where it had to be ended because it never did."""
    process.join(90)
    code = process.exitcode
    process.kill()
    process.join()
    return code


def assert_sound(store: Store, expected: set[str]) -> None:
    """That the released ledger holds `expected` without gap, its root over the leaves as they stand."""
    leaves = list(store.leaves(RELEASED))
    assert len(leaves) == store.size(RELEASED) == len(expected)
    assert {leaf.decode() for leaf in leaves} == expected
    assert [pos for (pos,) in store.engine.run("SELECT pos FROM entry ORDER BY pos")] == list(range(len(expected)))
    assert store.root(RELEASED) == making.root(leaves)


def test_writers_in_threads_of_one_process_leave_no_gap(store: Store) -> None:
    failures: list[BaseException] = []
    together = threading.Barrier(6)

    def write(name: str) -> None:
        try:
            together.wait(60)
            for number in range(20):
                append(store, f"{name} {number}")
            store.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(f"thread {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert_sound(store, {f"thread {name} {number}" for name in range(6) for number in range(20)})


@pytest.mark.long
def test_writers_in_several_processes_leave_no_gap_and_keep_each_ones_order(store: Store, place: Place) -> None:
    together = SPAWN.Barrier(4)
    processes = [start(writers.write_many, place, f"process {name}", 20, together) for name in range(3)]
    together.wait(60)
    for number in range(20):
        append(store, f"process 3 {number}")
    assert [exit_code(process) for process in processes] == [0, 0, 0]
    assert_sound(store, {f"process {name} {number}" for name in range(4) for number in range(20)})
    for name in range(4):
        own = [leaf.decode() for leaf in store.leaves(RELEASED) if leaf.startswith(b"process %d " % name)]
        assert own == [f"process {name} {number}" for number in range(20)]


@pytest.mark.long
def test_processes_that_make_the_tables_at_once_make_them_once(place: Place) -> None:
    together = SPAWN.Barrier(4)
    processes = [start(writers.create, place, together) for _ in range(4)]
    assert [exit_code(process) for process in processes] == [0, 0, 0, 0]
    store = place.open()
    assert append(store, "a") == (1, making.root([b"a"]))
    store.close()


def test_a_write_is_seen_by_others_only_when_it_is_done(store: Store, place: Place) -> None:
    other = place.open()
    with store.writing():
        store.append(RELEASED, [row("a"), row("b")])
        assert (other.size(RELEASED), list(other.leaves(RELEASED))) == (0, [])
    assert (other.size(RELEASED), list(other.leaves(RELEASED))) == (2, [b"a", b"b"])
    other.close()


def test_a_writer_killed_within_a_write_leaves_nothing_and_holds_no_lock(store: Store, place: Place) -> None:
    append(store, "before")
    reached = SPAWN.Event()
    process = start(writers.stop_within_a_write, place, reached)
    assert reached.wait(60)
    process.kill()
    process.join()
    assert append(store, "after") == (2, making.root([b"before", b"after"]))


def test_a_write_that_returned_outlives_its_writer(store: Store, place: Place) -> None:
    process = start(writers.write_and_die, place)
    assert exit_code(process) == 0
    assert list(store.leaves(RELEASED)) == [b"last words"]


def test_parent_and_child_of_a_fork_both_keep_what_they_write(store: Store, place: Place) -> None:
    """Without care the child works without locks: the parent's last close deletes the write-ahead log under it."""
    store.close()
    process = start(writers.fork_between_writes, place)
    assert exit_code(process) == 0
    assert list(store.leaves(RELEASED)) == [b"parent 0", b"child 0", b"parent 1", b"child 1", b"parent 2"]
    assert store.root(RELEASED) == making.root(list(store.leaves(RELEASED)))


def test_a_child_is_refused_a_file_that_another_thread_had_open_at_the_fork(tmp_path: Path) -> None:
    """SQLite alone: PostgreSQL's client keeps its connections apart by itself."""
    place = Place(str(tmp_path / "ledger.sqlite"))
    store = place.open()
    store.create()
    store.close()
    process = start(writers.fork_beside_an_open_thread, place)
    assert exit_code(process) == 0
    assert list(store.leaves(RELEASED)) == [b"parent"]
    store.close()


def test_a_write_refused_for_one_thread_is_not_refused_for_another(store: Store) -> None:
    """Whether a block is a nested one is each thread's own affair."""
    outcome: list[object] = []

    def try_append() -> None:
        try:
            store.append(NATIONAL, [row("a")])
        except StoreError as error:
            outcome.append(str(error))
        finally:
            store.close()

    with store.writing():
        thread = threading.Thread(target=try_append)
        thread.start()
        thread.join()
        store.append(NATIONAL, [row("b")])
    assert outcome == ["append was called outside the append lock"]
    assert list(store.leaves(NATIONAL)) == [b"b"]


def test_a_closed_store_opens_again_at_its_next_use(store: Store) -> None:
    append(store, "a")
    store.close()
    store.close()
    assert append(store, "b") == (2, making.root([b"a", b"b"]))


def test_a_reader_made_before_the_store_was_closed_reads_on(store: Store) -> None:
    append(store, "a", "b")
    read = store.reader(RELEASED)
    before = read([0, 2])
    store.close()
    assert read([0, 2]) == before
