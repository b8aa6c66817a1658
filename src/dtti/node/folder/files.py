"""Writing a file so that it is there whole or not at all, and for its owner alone. Knows no contents."""

import ctypes
import errno
import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import BinaryIO

from dtti.accord.refusal import Refusal, Refused, refuse

UMASK = 0o077  # of every process of a node: what it makes is its owner's alone


def reachable(folder: Path) -> dict[Path, int]:
    """What of a folder and all in it others than its owner have some right to, with its mode. No link is followed."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # gone meanwhile: a log beside a database, a file being replaced
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and mode & UMASK:
                found[path] = stat.S_IMODE(mode)
    return found


def tighten(folder: Path) -> list[str]:
    """Take every right of others from a node's folder and all in it; returns what had some, as `name mode`."""
    found = reachable(folder)
    for path, mode in found.items():
        with suppress(FileNotFoundError, PermissionError):  # another user's: it is reachable again the next time
            path.chmod(mode & ~UMASK)
    return told(folder, found)


def told(folder: Path, found: dict[Path, int]) -> list[str]:
    """What `reachable` found, as people are told it: `name mode`, the folder itself as a dot."""
    return sorted(f"{path.relative_to(folder)} {mode:04o}" for path, mode in found.items())


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_EXCHANGE = 2  # RENAME_EXCHANGE of linux/fs.h
_HERE = -100  # AT_FDCWD: paths that are not absolute begin at the working folder


def swap(one: Path, other: Path) -> bool:
    """Exchange what two paths of one disc name, at one stroke; False, and nothing done, where that is not known here.

    It is asked of Linux itself, since Python has no name for it; other systems, and some discs, do not know it.
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    failed = ctypes.get_errno()
    if failed in (
        errno.ENOSYS,
        errno.EINVAL,
        errno.ENOTSUP,
        errno.EPERM,
    ):  # the last by a sandbox that is older than it
        return False
    raise OSError(failed, os.strerror(failed), str(one), None, str(other))


WORK = ".dtti-work"  # how the name of a folder ends that exists for the length of one operation


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A new folder in `folder`, gone when the block ends; what a process that died left there of such goes first."""
    for left in folder.glob(f".*{WORK}"):
        with suppress(OSError), locked(left):  # else its process lives, or another removes it
            shutil.rmtree(left)
    place = folder / f".{secrets.token_hex(6)}{WORK}"
    place.mkdir(mode=0o700)
    with locked(place):
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def beside(path: Path) -> Path:
    """The folder that people know a path by: the one in which the outermost workplace on the way to it was made."""
    return next((each.parent for each in reversed((path, *path.parents)) if each.name.endswith(WORK)), path)


@contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """A block that one process is in at a time for a file or folder, until it ends. Others wait, or get an OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def halves(path: Path) -> list[Path]:
    """The files beside `path` in which `replacing` writes what is to take its place."""
    return list(path.parent.glob(f".{escape(path.name)}.{'[0-9a-f]' * 8}"))


@contextmanager
def replacing(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A new file that takes the place of the one at `path` durably at the end of the block, or leaves it as it was."""
    for left in halves(path):
        with suppress(OSError), locked(left):  # else its process lives
            left.unlink()
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put `data` in the place of the file at `path`, durably: readers see the old or the new."""
    with replacing(path, mode) as file:
        file.write(data)


SECRET = re.compile(rb"[0-9a-f]{64}\s*")  # what `secret` writes: 32 random bytes


def secret_amiss(folder: Path) -> Refusal | None:
    """What is wrong with the file `secret`: anything but what this software writes is refused. None: nothing, or none.

    With an empty one no page could be answered, and sessions signed by one that can be guessed are anybody's.
    """
    try:
        with (folder / "secret").open("rb") as file:
            held = file.read(200)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = f"the file secret cannot be read: {error.strerror or error}"
        return refuse("secret", reason, "Give it to the user that the node runs as, with the rights 0600.")
    if SECRET.fullmatch(held):
        return None
    reason = "the file secret is empty, cut short or written by hand: what it signs could be forged"
    return refuse("secret", reason, "Remove the file and serve again: a new one is made, and everybody signs in anew.")


def secret(folder: Path) -> str:
    """The secret of an office system that signs nothing in a ledger: the file `secret`, made when first asked for.

    Refused where the file holds anything but what is written here.
    """
    path = folder / "secret"
    if not path.exists():
        fresh = folder / f"secret.{secrets.token_hex(4)}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # whole or not at all, and the first of several workers wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    if refusal := secret_amiss(folder):
        raise Refused(refusal)
    return path.read_text(encoding="ascii").strip()
