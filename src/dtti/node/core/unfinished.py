"""Operations of several steps, each recorded before its first, so that whoever comes next finishes or undoes it.

A record is a file in the folder `unfinished` of the node's own: durable before the first step, gone after the last, and
locked (flock) for as long as the process at work lives. What a dead process left, the next opening of the node and each
round take up by the function that `finishes` was given for it: it looks at what stands, and completes that or takes it
back, the same however often it is called. Knows no operation.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dtti.accord.refusal import Refused
from dtti.ledger.engine import StoreError
from dtti.node.folder.files import sync_folder

if TYPE_CHECKING:
    from dtti.node.core.node import Node

FOLDER = "unfinished"


class Intent(msgspec.Struct, frozen=True):
    """One operation under way: which, since when (UTC), and what finishing it needs to know."""

    what: str
    since: str
    about: dict[str, str] = {}


Finish = Callable[["Node", Mapping[str, str]], None]
_FINISH: dict[str, Finish] = {}
#: Where the function stands that finishes an operation: they lie above this module.
_MODULES = {"rotate": "rotate", "erase": "spill", "recover": "loss"}


def finishes(what: str) -> Callable[[Finish], Finish]:
    """The function that finishes, or takes back, an operation `what` whose process died; it raises where it cannot."""

    def take(function: Finish) -> Finish:
        _FINISH[what] = function
        return function

    return take


@contextmanager
def intending(folder: Path, what: str, **about: str) -> Iterator[Path]:
    """Do the operation `what` of several steps on the node in `folder`: recorded until the block has ended well.

    A block that fails leaves its record, for `resume`; one that knows that nothing is left to do removes it itself.
    """
    place = folder / FOLDER
    if not place.is_dir():
        place.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder)
    path = place / f"{what}-{secrets.token_hex(4)}"
    made = place / f".{path.name}"
    intent = Intent(what, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), about)
    descriptor = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            with os.fdopen(os.dup(descriptor), "wb") as file:
                file.write(msgspec.json.encode(intent))
                file.flush()
                os.fsync(descriptor)
            made.rename(path)
            sync_folder(place)
        except BaseException:
            for each in (made, path):
                each.unlink(missing_ok=True)
            raise
        yield path
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)  # and with it the lock


@contextmanager
def working(node: "Node", what: str, **about: str) -> Iterator[None]:
    """Do the operation `what` on an open node; where it fails and this process lives, it is taken up at once."""
    try:
        with intending(node.folder.path, what, **about):
            yield
    except Exception:
        resume(node)
        raise


class _Taken(Exception):
    """Another process is at work on it."""


@contextmanager
def _taking(path: Path) -> Iterator[Intent | None]:
    """The intent at `path`, locked; None where it is gone or cannot be read. _Taken where its process lives."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _Taken from None
        yield _decoded(os.read(descriptor, 65_536)) if path.exists() else None
    finally:
        os.close(descriptor)


def _decoded(data: bytes) -> Intent | None:
    try:
        return msgspec.json.decode(data, type=Intent)
    except msgspec.DecodeError:
        return None


def _paths(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return sorted(Path(each.path) for each in os.scandir(folder / FOLDER) if not each.name.startswith("."))
    return []


class Left(msgspec.Struct, frozen=True):
    """An operation that is recorded: the intent, and whether a process that lives is at work on it."""

    intent: Intent
    working: bool


def left(folder: Path) -> list[Left]:
    """The operations recorded of the node in `folder`, by name: under way, or left by a process that died."""
    found = []
    for path in _paths(folder):
        try:
            with _taking(path) as intent:
                if intent is not None:
                    found.append(Left(intent, working=False))
        except _Taken:
            intent = _decoded(path.read_bytes()) if path.exists() else None
            if intent is not None:
                found.append(Left(intent, working=True))
    return found


def cut(folder: Path, what: str) -> list[dict[str, str]]:
    """What is recorded of operations `what` whose process died."""
    return [one.intent.about for one in left(folder) if one.intent.what == what and not one.working]


def forget(folder: Path, what: str) -> None:
    """Remove the records of operations `what`, which were finished or taken back in another way."""
    for path in _paths(folder):
        if path.name.startswith(f"{what}-"):
            path.unlink(missing_ok=True)


def resume(node: "Node") -> list[str]:
    """Finish, or take back, what processes that died left half done; returns which operations that were.

    What cannot be finished now stays recorded for the next time, and `left` names it.
    """
    done = []
    for path in _paths(node.folder.path):
        # A record that cannot be read was never whole: its operation had not begun.
        with suppress(_Taken), _taking(path) as intent:
            if intent is not None:
                finish = _finish_of(intent.what)
                if finish is None:
                    continue
                try:
                    finish(node, intent.about)
                except (StoreError, OSError, Refused, LookupError, ValueError):
                    continue
                done.append(intent.what)
            path.unlink(missing_ok=True)
    return done


def _finish_of(what: str) -> Finish | None:
    if what not in _FINISH and what in _MODULES:
        import_module(f"dtti.node.line.{_MODULES[what]}")
    return _FINISH.get(what)
