"""What other processes do to a store in these tests. Each function is run in a process started for it."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from multiprocessing.synchronize import Barrier, Event
from typing import NamedTuple

from dtti.ledger.engine import StoreError
from dtti.ledger.store import RELEASED, Row, Store


class Place(NamedTuple):
    """Where a store is, in a form that another process can be given."""

    address: str
    schema: str = "dtti_ledger"

    def open(self) -> Store:
        """The store there, for this process."""
        return Store(self.address, self.schema)


def row(text: str, record: str = "", verb: str = "comment") -> Row:
    """A leaf of this text, indexed under the hash of the text."""
    return Row(sha256(text.encode()).hexdigest(), record, verb, text.encode())


def append(store: Store, *texts: str, ledger: str = RELEASED) -> tuple[int, bytes]:
    """Append leaves of these texts in one write."""
    with store.writing():
        return store.append(ledger, [row(text) for text in texts])


def write_many(place: Place, name: str, count: int, start: Barrier) -> None:
    """Append `count` leaves one by one as soon as all others are ready."""
    store = place.open()
    start.wait(60)
    for number in range(count):
        append(store, f"{name} {number}")
    store.close()


def create(place: Place, start: Barrier) -> None:
    """Make the tables at the same moment as the others."""
    store = place.open()
    start.wait(60)
    store.create()
    store.close()


def stop_within_a_write(place: Place, reached: Event) -> None:
    """Append inside a write, say so, and wait to be killed."""
    store = place.open()
    with store.writing():
        store.append(RELEASED, [row("never")])
        reached.set()
        time.sleep(60)


def write_and_die(place: Place) -> None:
    """Append one leaf, and end at once without closing anything."""
    append(place.open(), "last words")
    os._exit(0)


def fork_between_writes(place: Place) -> None:
    """Write before and after a fork, in parent and child, closing in the parent while the child still writes."""
    store = place.open()
    append(store, "parent 0")
    with _forked() as (say, hear, child):
        if child:
            append(store, "child 0")
            say()
            hear()
            append(store, "child 1")
        else:
            hear()
            append(store, "parent 1")
            store.close()
            say()
    append(store, "parent 2")


def fork_beside_an_open_thread(place: Place) -> None:
    """Fork while another thread has the store open: exit code 0 if the child is refused it and the parent is not."""
    store = place.open()
    opened, done = threading.Event(), threading.Event()

    def hold() -> None:
        store.size(RELEASED)
        opened.set()
        done.wait(60)
        store.close()

    thread = threading.Thread(target=hold)
    thread.start()
    opened.wait(60)
    with _forked() as (_, _, child):
        if child:
            try:
                store.size(RELEASED)
            except StoreError as error:
                if "locks do not survive that" in str(error):
                    os._exit(0)
            os._exit(1)
    append(store, "parent")
    done.set()
    thread.join()


@contextmanager
def _forked() -> Iterator[tuple[Callable[[], None], Callable[[], None], bool]]:
    """Fork: a way to say a thing to the other process, a way to hear it, and whether this is the child.

    The child ends with the block; where it fails, so does the parent.
    """
    (child_hears, parent_says), (parent_hears, child_says) = os.pipe(), os.pipe()
    in_child, in_parent = (child_hears, child_says), (parent_hears, parent_says)
    pid = os.fork()
    mine, others = (in_child, in_parent) if pid == 0 else (in_parent, in_child)
    for end in others:
        os.close(end)

    def say() -> None:
        os.write(mine[1], b"x")

    def hear() -> None:
        if not os.read(mine[0], 1):
            raise EOFError("the other process ended before it said anything")

    if pid == 0:
        try:
            yield say, hear, True
            sys.stdout.flush()
        except BaseException:
            os._exit(1)
        os._exit(0)
    yield say, hear, False
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
        raise SystemExit("the child failed")
