"""What a fork must not carry over: open SQLite connections. Knows no ledger and no SQL.

SQLite's locks belong to a process, but what it remembers of them is copied into a child. A child of a process that has
the file open therefore opens it without taking any lock, and when the parent closes it, the write-ahead log is deleted
under the child: what the child commits after that is lost (sqlite.org/howtocorrupt.html, on carrying an open connection
across a fork). So a thread that forks first closes its own idle connections, which are opened anew at their next use;
where another one was open all the same, the child is to refuse the file.
"""

import os
import threading
from pathlib import Path
from typing import Protocol
from weakref import WeakSet


class Connection(Protocol):
    """An open file, with the process and thread that opened it."""

    path: Path
    owner: tuple[int, int]
    closed: bool

    @property
    def idle(self) -> bool: ...
    def close(self) -> None: ...


_open: WeakSet[Connection] = WeakSet()
_inherited: list[Connection] = []  # strong references: a child may not even close them
_lock = threading.Lock()


def owner() -> tuple[int, int]:
    """The process and thread that ask."""
    return os.getpid(), threading.get_ident()


def watch(connection: Connection) -> None:
    """Have `connection` closed before its own thread forks, if it is idle then."""
    with _lock:
        _open.add(connection)


def inherited(path: Path) -> bool:
    """Whether this process was forked from one that had the file at `path` open."""
    return any(one.path == path and one.owner[0] != os.getpid() for one in _inherited)


def _before() -> None:
    _lock.acquire()
    for one in list(_open):
        if one.owner == owner() and one.idle:
            one.close()
    _inherited.extend(one for one in _open if one.owner[0] == os.getpid() and not one.closed)


def _after_in_parent() -> None:
    _inherited[:] = [one for one in _inherited if one.owner[0] != os.getpid()]
    _lock.release()


os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_lock.release)
