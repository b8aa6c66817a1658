"""How the passphrase of the key rings comes in, once, and goes on to no other process. Knows no ring.

It is given in the variable DTTI_PASSPHRASE, or on an open file whose number stands in DTTI_PASSPHRASE_FD, as `dtti
serve` hands it to its parts. Both are taken at the first look: the variable is overwritten where the kernel shows it
(/proc/PID/environ) and removed, so that no child inherits it; the file is closed. What was taken stays in this process.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Final

VARIABLE: Final = "DTTI_PASSPHRASE"
DESCRIPTOR: Final = "DTTI_PASSPHRASE_FD"
MOST = 4096  # bytes

_taken: dict[Path | None, bytes] = {}  # by the folder that it was asked for; under None what was taken last


def take(folder: Path | None = None) -> bytes | None:
    """What this process was given, taken now or before (for `folder` first); None where it was given nothing."""
    given = _from_variable() or _from_file()
    if given:
        _taken[None] = given
        if folder is not None:
            _taken[folder] = given
    return given or _taken.get(folder)


def held() -> bytes | None:
    """What this process took last, for whichever folder; None where it was given nothing."""
    return _taken.get(None)


def forget() -> None:
    """Keep nothing of it."""
    _taken.clear()


def hand_over(phrase: bytes) -> int:
    """The reading end of a new pipe that holds `phrase`: for one child, by its number in DTTI_PASSPHRASE_FD."""
    if len(phrase) > MOST:
        raise ValueError(f"a passphrase of {len(phrase)} bytes; the limit is {MOST}")
    reading, writing = os.pipe()
    os.write(writing, phrase)  # less than a pipe holds: it never waits
    os.close(writing)
    return reading


def scrub(name: str) -> str | None:
    """The value of a variable of the environment, removed from it and overwritten where /proc shows it."""
    value = os.environ.get(name)
    if value is None:
        return None
    if sys.platform.startswith("linux"):
        _overwrite(name.encode() + b"=")
    os.environ.pop(name, None)  # another thread may have taken it in the same moment
    return value


def _overwrite(start: bytes) -> None:
    strings = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
    at = 0
    while (where := strings[at]) is not None:
        line = ctypes.string_at(where)
        if line.startswith(start):
            ctypes.memset(where + len(start), ord("*"), len(line) - len(start))
        at += 1


def _from_variable() -> bytes | None:
    given = scrub(VARIABLE)
    return given.encode() if given else None


def _from_file() -> bytes | None:
    number = os.environ.pop(DESCRIPTOR, "")
    if not number.isascii() or not number.isdigit():
        return None
    try:
        with os.fdopen(int(number), "rb") as file:
            return file.read(MOST).strip() or None
    except OSError:
        return None  # closed already, or never open: what else there is decides
