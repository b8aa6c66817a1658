"""A disc whose power is cut: what a run wrote, replayed up to a moment, with what was not synced then lost in part.

Read from the calls that strace saw. Until it is synced, each write may be there, or not, or end at some sector,
whatever comes of those before and after it. Names (made, renamed, removed) are kept in their order, up to some point
after the last time that their folder was synced. What SQLite shares between processes (``-shm``) does not outlive them.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,rename,unlink,unlinkat,mkdir,rmdir"
_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (\d+)(?:<(.*)>)?$", re.DOTALL)
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PATH = re.compile(r"<((?:\\x[0-9a-f]{2})*)(?:\(deleted\))?>")


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


@dataclass
class File:
    """A file: what is durable of it, and what was done to it since, as (offset, bytes); offset -1: cut at a length."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | int]] = field(default_factory=list)
    size: int = 0

    def done(self, offset: int, data: bytes | int) -> None:
        """Something done to it that is not synced yet."""
        self.pending.append((offset, data))
        self.size = data if isinstance(data, int) else max(self.size, offset + len(data))

    def sync(self) -> None:
        """All that was done to it is durable."""
        for offset, data in self.pending:
            _apply(self.durable, offset, data)
        self.pending = []

    def left(self, random: Random, mode: str) -> bytes:
        """What a power cut leaves of it: `none` of what was not synced, `all`, or `some`."""
        made = bytearray(self.durable)
        for offset, data in self.pending:
            if mode == "all" or (mode == "some" and random.random() < 0.5):
                if mode == "some" and isinstance(data, bytes) and len(data) > SECTOR and random.random() < 0.3:
                    data = data[: random.randrange(1, len(data) // SECTOR + 1) * SECTOR]
                _apply(made, offset, data)
        return bytes(made)


def _apply(made: bytearray, offset: int, data: bytes | int) -> None:
    if isinstance(data, int):
        del made[data:]
        made.extend(bytes(data - len(made)))
    else:
        made.extend(bytes(max(0, offset + len(data) - len(made))))
        made[offset : offset + len(data)] = data


Names = dict[Path, File | None]  # None: a folder


class Disc:
    """A folder as it stood before a run, and what the run did to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: Names = {}
        for path in sorted(folder.rglob("*")):
            data = bytearray(path.read_bytes()) if path.is_file() else None
            self.names[path] = None if data is None else File(data, size=len(data))
        self.durable: Names = dict(self.names)
        self.pending: list[tuple[str, Path, Path | None, File | None]] = []  # what was done to names since

    def _name(self, what: str, path: Path, to: Path | None = None, file: File | None = None) -> None:
        self.pending.append((what, path, to, file))
        _rename(self.names, what, path, to, file)

    def play(self, line: str) -> bool:
        """One call; whether it changed anything, or made something durable."""
        found = _LINE.match(line)
        if found is None:
            return False
        call, given, result, opened = found.groups()
        strings = [_bytes(each) for each in _STRING.findall(given)]
        at = _PATH.match(given.lstrip("0123456789"))
        path = Path(_bytes(at[1]).decode()) if at else Path()
        if call == "openat":
            return self._open(Path(_bytes(opened or "").decode()), given)
        if call in ("rename", "unlink", "mkdir", "rmdir"):
            return self._named(call, [Path(each.decode()) for each in strings])
        if call == "unlinkat":
            dirfd = _PATH.search(given)
            return self._named("unlink", [Path(_bytes(dirfd[1]).decode() if dirfd else "") / strings[0].decode()])
        file = self.names.get(path)
        if call in ("fsync", "fdatasync"):
            return self._sync(path, file)
        if file is None:
            return False
        if call == "ftruncate":
            file.done(-1, int(given.rpartition(",")[2]))
        else:
            data = strings[0][: int(result)]
            file.done(int(given.rpartition(",")[2]) if call == "pwrite64" else file.size, data)
        return True

    def _open(self, path: Path, given: str) -> bool:
        if self.folder not in path.parents or ("O_CREAT" not in given and "O_TRUNC" not in given):
            return False
        if path not in self.names:
            self._name("make", path, file=File())
            return True
        file = self.names[path]
        if "O_TRUNC" in given and file is not None:
            file.done(-1, 0)
            return True
        return False

    def _named(self, call: str, paths: list[Path]) -> bool:
        if self.folder not in paths[0].parents:
            return False
        self._name(call, paths[0], paths[1] if call == "rename" else None)
        return True

    def _sync(self, path: Path, file: File | None) -> bool:
        if file is not None:
            file.sync()
            return True
        if path != self.folder and path not in self.names:
            return False
        mine = [at for at, (_, one, to, _) in enumerate(self.pending) if path in (one.parent, to and to.parent)]
        if mine:
            for each in self.pending[: mine[-1] + 1]:
                _rename(self.durable, *each)
            del self.pending[: mine[-1] + 1]
        return True

    def cut(self, place: Path, random: Random, mode: str) -> None:
        """Write into the new folder `place` what a power cut would leave now."""
        names = dict(self.durable)
        kept = {"none": 0, "all": len(self.pending)}.get(mode, random.randint(0, len(self.pending)))
        for each in self.pending[:kept]:
            _rename(names, *each)
        place.mkdir()
        for path, file in sorted(names.items()):
            target = place / path.relative_to(self.folder)
            if file is None:
                target.mkdir(parents=True, exist_ok=True)
            elif not path.name.endswith("-shm"):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.left(random, mode))


def _rename(names: Names, what: str, path: Path, to: Path | None, file: File | None) -> None:
    if what == "make":
        names[path] = file
    elif what == "mkdir":
        names[path] = None
    elif what == "rename" and to is not None:
        if path in names:
            names[to] = names.pop(path)
    else:
        names.pop(path, None)


def replay(folder: Path, lines: list[str], upto: int) -> Disc:
    """The disc after the first `upto` calls of a run on `folder`, as it stood before."""
    disc = Disc(folder)
    for line in lines[:upto]:
        disc.play(line)
    return disc


def moments(folder: Path, lines: list[str]) -> list[int]:
    """After which calls the disc had changed: each is a moment at which the power may be cut."""
    disc = Disc(folder)
    return [number for number, line in enumerate(lines, 1) if disc.play(line)]


def prepare(place: Path) -> None:
    """Take away what does not outlive the processes that share it."""
    for path in place.rglob("*-shm"):
        path.unlink()
