"""Reading what others give: regular files alone, bounded before they are read and in time, TOML and JSON in depth.

Whoever gives a file names it as he likes: a pipe that nobody writes to, a device without end, a loop of links, a file
that grows. Knows no format of ours. Every failure is an OSError, or a ValueError for what stands in the file.
"""

import errno
import os
import re
import stat
import time
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

LONGEST = 60.0  # seconds over which the blocks of one file may come
DEEPEST = 64  # levels of nesting in TOML or JSON; nothing of ours has more than 32

_BLOCK = 1024 * 1024
# What TOML is made of, as far as nesting goes. A text without its end is no token: the reader stops there as well.
_TOKEN = re.compile(
    r"(?P<skip>#[^\n]*|[ \t]+)"
    r'|(?P<part>"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)'
    r"|(?P<dot>\.)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<broken>[\"'])|(?P<other>.)",
    re.DOTALL,
)


class NotRegular(OSError):
    """What the path names is no regular file."""


class TooLarge(OSError):
    """The file has more bytes than are read of its kind; `size` as far as it is known."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(errno.EFBIG, f"it has {size:,} bytes; at most {most:,} are read")
        self.size = size


def opened(path: Path) -> BinaryIO:
    """The regular file at `path`, opened to be read; never waits. NotRegular or another OSError."""
    # Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotRegular(errno.EINVAL, "it is no regular file")
    return file


def read(path: Path, most: int, begins: tuple[bytes, ...] = ()) -> bytes:
    """The bytes of the regular file at `path`, at most `most` of them, as many as it had when it was opened.

    Never waits for a file that says no size, as those of /proc do: nothing of it is read. Where it begins with none of
    `begins`, if given, only its beginning is returned: enough to say what it is not. NotRegular, TooLarge, a
    TimeoutError where it takes longer than LONGEST, or another OSError.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise TooLarge(size, most)
        if size == 0:
            return b""
        if begins:
            start = file.read(512)
            if not start.startswith(begins):
                return start
            file.seek(0)
        limit, data = time.monotonic() + LONGEST, BytesIO()  # which gives its bytes without a second copy
        while (left := size - data.tell()) and (part := file.read(min(_BLOCK, left))):
            if time.monotonic() > limit:
                raise TimeoutError(errno.ETIMEDOUT, f"it was not read in {LONGEST:.0f} seconds")
            data.write(part)
        return data.getvalue()


def read_toml(data: bytes) -> dict[str, Any]:
    """The value of a TOML file; ValueError where it is none, or nested deeper than anything here."""
    text = data.decode("utf-8")
    if _toml_depth(text.replace("\r\n", "\n")) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST}")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(f"nested deeper than {DEEPEST}") from None


def _toml_depth(text: str) -> int:
    """The deepest nesting, by dotted names or brackets. `tomllib` takes the square of it, or the stack, to read it."""
    deepest = depth = chain = 0
    dotted = False  # a dot stands before the next part
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "skip":
            continue
        if kind == "broken":
            break
        if kind == "part":
            chain = chain + 1 if dotted else 1
        elif kind != "dot":
            chain = 0
        dotted = kind == "dot" and chain > 0
        depth = depth + 1 if kind == "open" else max(0, depth - 1) if kind == "close" else depth
        deepest = max(deepest, depth + chain)
        if deepest > DEEPEST:
            break
    return deepest


def read_json(data: bytes) -> Any:
    """The value of a JSON file; ValueError where it is none, or nested deeper than can be read."""
    try:
        value = msgspec.json.decode(data)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if _json_depth(value) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST}")
    return value


def _json_depth(value: Any) -> int:
    level, deepest = [value], 0
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [
            member
            for one in level
            if isinstance(one, dict | list)
            for member in (one.values() if isinstance(one, dict) else one)
        ]
    return deepest
