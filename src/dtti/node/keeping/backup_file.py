"""The file of a backup: what it may hold, its manifest, writing it and reading it strictly. Knows no node.

A ``.tar.gz``: ``manifest.json`` first, then exactly the files that it lists, in its order, each with its digest.
"""

import gzip
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import outside
from dtti.node.folder import config as settings
from dtti.node.folder.files import beside
from dtti.node.folder.keys import NEXT, RINGS

FORMAT = "dtti-backup-1"
LEDGER, ACCOUNTS, DUMP = "ledger.sqlite3", "accounts.sqlite3", "accounts.pgdump"
DAMAGED = ".damaged"  # ending of a database that is kept as it is
MANIFEST = "manifest.json"
#: Files that a backup may hold, and the most bytes of each; None: as many as the disc has room for.
FILES = {
    "ledger.sqlite3": None,
    "accounts.sqlite3": None,
    "accounts.pgdump": None,  # as backups of PostgreSQL nodes had them before accounts were carried over
    "accounts.sqlite3.damaged": None,
    "ledger.sqlite3.damaged": None,
    "ledger.sqlite3-wal.damaged": None,
    "node.toml": 65_536,
    "mark": 4096,
    "secret": 4096,
    "fork": 1_048_576,
    "keys/passphrase": 4096,
    **{f"keys/{ring}.keys{ending}": 262_144 for ring in RINGS for ending in ("", NEXT)},
}
_SPARE = 64 << 20  # bytes that stay free on the disc after a restore
_BLOCK = 1 << 20
_MOST_MANIFEST = 1 << 20


class Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a backup."""

    name: str
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a backup is: whose, of when, how far its ledgers reach. `accounts` says how they came in, or why not.

    `faults`: what was found damaged as it was taken, file by file.
    """

    accounts: str
    environment: str
    files: Annotated[list[Stored], msgspec.Meta(max_length=32)]
    format: str
    made: str
    national: int
    programme: str
    released: int
    side: str
    version: str
    faults: Annotated[list[str], msgspec.Meta(max_length=1000)] = []


@contextmanager
def archived(out: Any) -> Iterator[tarfile.TarFile]:
    """An archive that is written to the open file `out`: the same bytes for the same members."""
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        yield archive


def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A member without owner, time or rights of the machine that it comes from."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    """Put `data` into the archive under `name`."""
    member = plain(tarfile.TarInfo(name))
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def stored(path: Path, folder: Path) -> Stored:
    """A file of `folder` as the manifest lists it."""
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(_BLOCK):
            digest.update(block)
    return Stored(path.relative_to(folder).as_posix(), digest.hexdigest(), path.stat().st_size)


def read_again(file: Path, manifest: Manifest) -> None:
    """Refused where the file that was written does not give back every byte of what the manifest lists."""
    digests = {one.name: one.sha256 for one in manifest.files}
    with tarfile.open(file) as archive:
        for member in archive:
            opened = archive.extractfile(member)
            digest = sha256()
            while opened and (block := opened.read(_BLOCK)):
                digest.update(block)
            if member.name != MANIFEST and digests.pop(member.name, "") != digest.hexdigest():
                raise OSError(f"{file} gives back another {member.name} than was written to it; look at the disc")
    if digests:
        raise OSError(f"{file} does not give back {min(digests)}, which was written to it; look at the disc")


def bad(reason: str) -> Refused:
    """The refusal of a file that is no whole backup."""
    return Refused(refuse("backup-form", reason, "Nothing was restored. Use another copy of the backup."))


def unwritten(folder: Path, error: object, *, server: bool = False) -> Refused:
    """The refusal of a disc that does not take, or give back, what a restore writes to it: no fault of the backup.

    `server`: it is that of the database server.
    """
    place = "the database server" if server else f"the disc of {beside(folder)}"
    return Refused(
        refuse(
            "restore-disc",
            f"{place} did not take what was to be restored: {str(error).partition(';')[0]}",
            "Nothing was restored, and the backup is not to blame. Free space there, or restore to another place.",
        )
    )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A block in which an OSError is of the disc that is restored to."""
    try:
        yield
    except OSError as error:
        raise unwritten(folder, error.strerror or error) from error


def extract(file: Path, folder: Path) -> Manifest:
    """Unpack strictly: the manifest, then exactly its files, in its order, each with its digest."""
    try:
        with outside.opened(file) as given, gzip.open(given, "rb") as packed:
            with tarfile.open(fileobj=packed, mode="r|") as archive:
                members = iter(archive)
                manifest = _read_manifest(archive, next(members, None))
                _check_room(manifest, folder)
                for listed in manifest.files:
                    _take(archive, next(members, None), listed, folder)
                if next(members, None) is not None:
                    raise bad("it holds a file that its manifest does not list")
            if packed.read(_BLOCK).strip(b"\0"):  # to the end, where gzip's own check stands
                raise bad("something stands after its end")
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        if isinstance(error, FileNotFoundError | outside.NotRegular):
            raise
        raise bad(f"{file.name} is damaged, cut short, or no backup: {error}") from None
    return manifest


def _read_manifest(archive: tarfile.TarFile, member: tarfile.TarInfo | None) -> Manifest:
    if member is None or member.name != MANIFEST or not member.isreg() or member.size > _MOST_MANIFEST:
        raise bad("it does not begin with the manifest of a backup")
    opened = archive.extractfile(member)
    try:
        manifest = msgspec.json.decode(opened.read() if opened else b"", type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad(f"its manifest cannot be read: {error}") from None
    if manifest.format != FORMAT:
        raise bad(f"it is of format {manifest.format[:40]!r}, this version restores {FORMAT}")
    names = [one.name for one in manifest.files]
    wrong = [name for name in names if name not in FILES]
    if LEDGER + DAMAGED in names:
        raise bad("it was taken of a broken ledger, which it holds as it is, for whoever may mend it")
    if wrong or len(set(names)) != len(names) or not {LEDGER, settings.FILE, "mark"} <= set(names):
        raise bad(
            f"its manifest lists {wrong[0][:80]!r}, which is no file of a backup" if wrong else "it is not complete"
        )
    for one in manifest.files:
        most = FILES[one.name]
        if most is not None and one.size > most:
            raise bad(f"its {one.name} has {one.size:,} bytes; it has at most {most:,}")
    return manifest


def _check_room(manifest: Manifest, folder: Path) -> None:
    """Refused before anything is written where the disc has no room for what the manifest claims, once more in copy."""
    wanted = sum(one.size * (2 if one.name == LEDGER else 1) for one in manifest.files)
    with writing(folder):
        free = shutil.disk_usage(folder).free
    if wanted + _SPARE > free:
        raise Refused(
            refuse(
                "disc",
                f"it claims {wanted:,} bytes in all; {free:,} are free there",
                "Restore on a disc with more room, if you know that the node was so large.",
            )
        )


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo | None, listed: Stored, folder: Path) -> None:
    if member is None:
        raise bad(f"it ends before {listed.name}")
    if member.name != listed.name or not member.isreg() or member.size != listed.size:
        raise bad(f"{member.name[:80]!r} stands where its manifest lists {listed.name}")
    opened = archive.extractfile(member)
    target = folder / listed.name  # a name of the pattern above: no path leads out of the folder
    digest = sha256()
    with writing(folder):
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            while block := _block(opened, listed.name):
                digest.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
    if digest.hexdigest() != listed.sha256:
        raise bad(f"{listed.name} is not what its manifest says")


def _block(opened: Any, name: str) -> bytes:
    """The next bytes of a member. What cannot be read is the backup's fault, where it is written another's."""
    try:
        return bytes(opened.read(_BLOCK)) if opened else b""
    except OSError as error:
        raise bad(f"its {name} is damaged, cut short, or cannot be read: {error}") from None


def as_json(manifest: Manifest) -> dict[str, Any]:
    """A manifest as plain JSON."""
    made: dict[str, Any] = json.loads(msgspec.json.encode(manifest))
    return made | {"faults": manifest.faults}
