"""One file with everything a node is, taken while it works; and a new folder from it. Knows formats of files, no act.

Inside a ``.tar.gz``: ``manifest.json`` first (format, side, sizes, SHA-256 of every other file), then the ledgers and
texts as a fresh SQLite store (whatever the node runs on), the accounts, settings, sealed key rings, and the high-water
mark. Erased texts are not in it, and no page of a database that once held one: rows are copied, not files. The record
that pages read is left out, since the ledgers give it. A restored node signs nothing until `recover` has compared it.

What was copied is verified before the file is written. Of a node with damage the backup is written all the same, since
it may be the last: its manifest names each fault, and a database that cannot be copied is in it as it is, `.damaged`.
"""

import gzip
import json
import os
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import apsw
import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import outside
from dtti.ledger.engine import StoreError
from dtti.ledger.store import LEDGERS, NATIONAL, RELEASED, Store

from . import config as settings
from . import mark as marks
from . import moving
from .files import replacing, sync_folder, workplace
from .keys import NEXT, RINGS
from .verify import damage
from .verify_files import accounts_damage, check_files
from .write import Node, now

FORMAT = "dtti-backup-1"
LEDGER, ACCOUNTS, DUMP = "ledger.sqlite3", "accounts.sqlite3", "accounts.pgdump"
DAMAGED = ".damaged"  # ending of a database that is kept as it is
_MANIFEST = "manifest.json"
#: Files that a backup may hold, and the most bytes of each; None: as many as the disc has room for.
_FILES = {
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
#: Tables of a ledger store and the columns that a copy carries; the order in which a copy is filled.
TABLES = {
    "entry": ("pos", "id", "record", "verb", "leaf"),
    "hash": ("pos", "hash"),
    "void": ("pos", "rule", "reason", "remedy"),
    "note": ("ledger", "size", "note"),
    "body": ("ledger", "act", "part", "digest", "salt", "data", "tombstone"),
    "sent": ("slot", "form", "seat", "seen", "act"),
}
_KEY = {"sent": "slot", "note": "ledger, size", "body": "ledger, act, part"}

Tell = Callable[[str], None]


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


def _silent(words: str) -> None:
    pass


# --- taking ----------------------------------------------------------------------------------------------------------


def backup(node: Node, file: Path, *, with_passphrase: bool = False, tell: Tell = _silent) -> Manifest:
    """Write a backup of `node` to `file`, whole or not at all; the node goes on working meanwhile."""
    file = file.resolve()
    if node.folder.path.resolve() in file.parents:
        raise Refused(
            refuse(
                "backup",
                f"{file} is inside the node's own folder",
                "Put a backup on another disc, or elsewhere at least.",
            )
        )
    with workplace(file.parent) as place:
        folder, faults = place / "held", list[str]()
        folder.mkdir(mode=0o700)
        # The mark first: what is written meanwhile may be in the copy beyond it, but never the other way round.
        marks.write(folder / "mark", marks.known(node.folder.mark(node.config)))
        tell("copying ledgers and texts")
        sizes = _copy_ledgers(node, folder, faults)
        tell("copying accounts")
        accounts = _copy_accounts(node, folder, faults)
        _copy_files(node, folder, with_passphrase=with_passphrase)
        if (folder / LEDGER).is_file():
            faults += _verified(node, folder / LEDGER, tell)
        faults += [f"{one.where}: {one.reason}" for one in check_files(node.folder, accounts=False).faults]
        manifest = Manifest(
            accounts=accounts,
            environment=node.config.environment,
            files=[_stored(path, folder) for path in sorted(folder.rglob("*")) if path.is_file()],
            format=FORMAT,
            made=now(),
            national=sizes[NATIONAL],
            programme=node.config.programme,
            released=sizes[RELEASED],
            side=node.side,
            version=_version(),
            faults=[each[:400] for each in faults[:1000]],
        )
        tell("writing the file")
        made = place / "backup"
        with replacing(made) as out, _archive(out) as archive:
            _add(archive, _MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            for one in manifest.files:
                archive.add(folder / one.name, one.name, filter=_plain)
        tell("reading it again")
        _read_again(made, manifest)
        made.replace(file)
        sync_folder(file.parent)
    return manifest


def _copy_ledgers(node: Node, folder: Path, faults: list[str]) -> dict[str, int]:
    """Copy the ledgers row by row, or as they are where they cannot be read so; returns their sizes, 0 if unknown."""
    if not node.store.is_postgres:
        name = Path(node.store.address).name
        faults += [f"{name}: {each}" for each in damage(node.store.engine)]
    try:
        sizes = copy_store(node.store, Store(folder / LEDGER))
        _one_file(folder / LEDGER)
    except StoreError as error:
        if node.store.is_postgres:
            raise
        for ending in ("", "-wal", "-shm", "-journal"):
            (folder / (LEDGER + ending)).unlink(missing_ok=True)
        for ending in ("", "-wal"):
            if (path := Path(node.store.address + ending)).is_file():
                shutil.copyfile(path, folder / (LEDGER + ending + DAMAGED))
        faults.append(f"{LEDGER}: it cannot be copied ({error}); the file is kept as it is, as {LEDGER}{DAMAGED}")
        return dict.fromkeys(LEDGERS, 0)
    return sizes


def _verified(node: Node, copy: Path, tell: Tell) -> list[str]:
    """What `verify` finds in the copy of the ledgers."""
    from .verify import Verification

    check = Verification(node.folder.path, tell, store=copy)
    try:
        return [f"{LEDGER}: {one.where}: {one.reason}" for report in check.ledgers() for one in report.faults]
    finally:
        for ending in ("-wal", "-shm"):
            copy.with_name(copy.name + ending).unlink(missing_ok=True)
        _one_file(copy)


def _read_again(file: Path, manifest: Manifest) -> None:
    """Refused where the file that was written does not give back every byte of what the manifest lists."""
    digests = {one.name: one.sha256 for one in manifest.files}
    with tarfile.open(file) as archive:
        for member in archive:
            opened = archive.extractfile(member)
            digest = sha256()
            while opened and (block := opened.read(_BLOCK)):
                digest.update(block)
            if member.name != _MANIFEST and digests.pop(member.name, "") != digest.hexdigest():
                raise OSError(f"{file} gives back another {member.name} than was written to it; look at the disc")
    if digests:
        raise OSError(f"{file} does not give back {min(digests)}, which was written to it; look at the disc")


def _version() -> str:
    from importlib.metadata import version

    return version("dtti")


@contextmanager
def _archive(out: Any) -> Iterator[tarfile.TarFile]:
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        yield archive


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    import io

    member = _plain(tarfile.TarInfo(name))
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def _stored(path: Path, folder: Path) -> Stored:
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(_BLOCK):
            digest.update(block)
    return Stored(path.relative_to(folder).as_posix(), digest.hexdigest(), path.stat().st_size)


def copy_store(source: Store, target: Store) -> dict[str, int]:
    """Copy the ledgers of `source`, as they stand at one moment, into the empty `target`; returns their sizes.

    Closes both.
    """
    reading = Store(source.address, source.schema)  # a connection of its own: the copy must not see a write in progress
    try:
        engine = reading.engine
        engine.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if reading.is_postgres else "BEGIN")
        heads = {int(ledger): int(size) for ledger, size in engine.run("SELECT ledger, size FROM head")}
        target.create()
        with target.writing():
            if any(target.size(ledger) for ledger in LEDGERS):
                raise StoreError("the place to copy to holds a ledger already; name another")
            for table, columns in TABLES.items():
                _copy_table(reading, target, table, columns)
            for ledger, size in heads.items():
                target.engine.run("UPDATE head SET size = ? WHERE ledger = ?", (size, ledger))
        engine.commit()
    finally:
        reading.close()
        target.close()
    return {name: heads.get(number, 0) for name, number in LEDGERS.items()}


def _copy_table(source: Store, target: Store, table: str, columns: tuple[str, ...]) -> None:
    """Copy rows a few at a time, in the order of their key, each time from after the last."""
    names, key = ", ".join(columns), _KEY.get(table, "pos")
    width = key.count(",") + 1
    at = [columns.index(name.strip()) for name in key.split(",")]
    insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - own names only
    last: tuple[Any, ...] | None = None
    step = 4 if table == "body" else 2000
    while True:
        after = f"WHERE ({key}) > ({', '.join('?' * width)})" if last is not None else ""
        query = f"SELECT {names} FROM {table} {after} ORDER BY {key} LIMIT {step}"  # noqa: S608 - own names only
        rows = source.engine.run(query, last if last is not None else ())
        if not rows:
            return
        target.engine.many(insert, rows)
        last = tuple(rows[-1][each] for each in at)


def _one_file(path: Path) -> None:
    """Leave an SQLite database as one file, without a write-ahead log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()


def _copy_accounts(node: Node, folder: Path, faults: list[str]) -> str:
    """Copy the accounts to an SQLite file, whatever the node runs on; returns how, or in words why not."""
    none = "none: there is no accounts database yet"
    if node.store.is_postgres:
        carried = moving.carry(node.folder.path, folder / ACCOUNTS, out=True)
        return none if carried.rows is None else "sqlite"
    if not node.folder.accounts.is_file():
        return none
    found = accounts_damage(node.folder.accounts)
    faults += [f"{ACCOUNTS}: {each}" for each in found]
    try:
        with (
            closing(sqlite3.connect(f"file:{node.folder.accounts}?mode=rw", uri=True, timeout=30)) as source,
            closing(sqlite3.connect(folder / ACCOUNTS)) as target,
        ):
            source.backup(target)
            target.execute("VACUUM")  # pages that once held a deleted draft do not travel
    except sqlite3.Error as error:
        found = found or [str(error)]
        faults += [f"{ACCOUNTS}: {error}"] if len(found) == 1 and found[0] == str(error) else []
    if not found:
        return "sqlite"
    (folder / ACCOUNTS).unlink(missing_ok=True)
    shutil.copyfile(node.folder.accounts, folder / (ACCOUNTS + DAMAGED))
    return f"damaged: kept as they are, as {ACCOUNTS}{DAMAGED}"


def _copy_files(node: Node, folder: Path, *, with_passphrase: bool) -> None:
    source = node.folder.path
    shutil.copyfile(source / settings.FILE, folder / settings.FILE)
    for name in ("secret", "fork"):
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)
    (folder / "keys").mkdir()
    for path in sorted(node.folder.keys.iterdir()):
        if f"keys/{path.name}" in _FILES and (with_passphrase or path.name != "passphrase"):
            shutil.copyfile(path, folder / "keys" / path.name)


# --- restoring -------------------------------------------------------------------------------------------------------


def restore(
    file: Path,
    folder: Path,
    *,
    database: str = "",
    schema: str = "dtti",
    without_accounts: bool = False,
    tell: Tell = _silent,
) -> Manifest:
    """Make the node of a backup in the new `folder`, on SQLite or in `schema` of the PostgreSQL `database`.

    It stands whole or not at all, and signs nothing until `recover`. Its accounts come with it to either database;
    Refused where they cannot, but `without_accounts`. A PostgreSQL dump of them, as former backups had it, is left in
    the folder for pg_restore, and so is what the backup holds as damaged.
    """
    if folder.exists() or folder.is_symlink():
        raise Refused(refuse("restore", f"{folder} is there already", "Restore into a new folder."))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with workplace(folder.parent) as place:
        made = place / "node"
        made.mkdir(mode=0o700)
        tell("reading the file")
        manifest = _extract(file, made)
        config = _settle(made, manifest, database, schema)
        given = _accounts_given(made, manifest, config, without=without_accounts)
        carried = given is not None and bool(database)
        if given is not None and carried:
            tell("carrying the accounts over")
            moving.carry(made, given, out=False)
            given.unlink()
        try:
            tell("filling the database")
            _fill(made, manifest, settings.Folder(made).ledger_address(config), f"{config.schema}_ledger")
            os.rename(made, folder)
        except BaseException:
            if carried:
                moving.drop(database, schema)
            raise
    sync_folder(folder.parent)
    return manifest


def _fill(folder: Path, manifest: Manifest, target: str | Path, schema: str) -> None:
    """Copy the ledgers and texts given, row by row, into a store of our own making, and nothing else that was in there.

    A database file says by itself what happens when it is written to; only its rows are taken.
    """
    given = folder / f"{LEDGER}.given"
    os.rename(folder / LEDGER, given)
    try:
        sizes = copy_store(Store(given), Store(target, schema))
    except (StoreError, apsw.Error) as error:
        raise _bad(f"its ledgers cannot be read: {error}") from None
    finally:
        for ending in ("", "-wal", "-shm"):
            given.with_name(given.name + ending).unlink(missing_ok=True)
    if (sizes[RELEASED], sizes[NATIONAL]) != (manifest.released, manifest.national):
        raise _bad(f"its ledgers hold {sizes[RELEASED]} and {sizes[NATIONAL]} entries, its manifest says otherwise")


def _accounts_given(folder: Path, manifest: Manifest, config: settings.Config, *, without: bool) -> Path | None:
    """The accounts database to take in; None where the backup has none, or they are left out on someone's word."""
    if without:
        for name in (ACCOUNTS, DUMP):
            (folder / name).unlink(missing_ok=True)
        return None
    if manifest.accounts.startswith("damaged") or ((folder / DUMP).is_file() and not config.database):
        why = (
            "the accounts in this backup are damaged"
            if manifest.accounts.startswith("damaged")
            else "its accounts are a dump of PostgreSQL, which goes into no SQLite file"
        )
        raise Refused(
            refuse(
                "restore-accounts",
                f"{why}: persons, passwords, drafts and the reading log would not come with it",
                "Nothing was restored. Use another backup, or name a PostgreSQL database for a dump; or leave them "
                "behind: --without-accounts. `dtti rebuild` then makes the accounts that the national record holds.",
            )
        )
    _check_accounts(folder / ACCOUNTS)
    return folder / ACCOUNTS if (folder / ACCOUNTS).is_file() else None


def _check_accounts(path: Path) -> None:
    """Refused where the accounts given are no sound database, or one that does something by itself."""
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as given:
            acting = given.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
            sound = given.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise _bad(f"its accounts cannot be read: {error}") from None
    if acting or sound != ("ok",):
        raise _bad("its accounts are damaged, or hold what no accounts of this system hold")


def _bad(reason: str) -> Refused:
    return Refused(refuse("backup-form", reason, "Nothing was restored. Use another copy of the backup."))


def _extract(file: Path, folder: Path) -> Manifest:
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
                    raise _bad("it holds a file that its manifest does not list")
            if packed.read(_BLOCK).strip(b"\0"):  # to the end, where gzip's own check stands
                raise _bad("something stands after its end")
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        if isinstance(error, FileNotFoundError | outside.NotRegular):
            raise
        raise _bad(f"{file.name} is damaged, cut short, or no backup: {error}") from None
    return manifest


def _read_manifest(archive: tarfile.TarFile, member: tarfile.TarInfo | None) -> Manifest:
    if member is None or member.name != _MANIFEST or not member.isreg() or member.size > _MOST_MANIFEST:
        raise _bad("it does not begin with the manifest of a backup")
    opened = archive.extractfile(member)
    try:
        manifest = msgspec.json.decode(opened.read() if opened else b"", type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad(f"its manifest cannot be read: {error}") from None
    if manifest.format != FORMAT:
        raise _bad(f"it is of format {manifest.format[:40]!r}, this version restores {FORMAT}")
    names = [one.name for one in manifest.files]
    wrong = [name for name in names if name not in _FILES]
    if LEDGER + DAMAGED in names:
        raise _bad("it was taken of a broken ledger, which it holds as it is, for whoever may mend it")
    if wrong or len(set(names)) != len(names) or not {LEDGER, settings.FILE, "mark"} <= set(names):
        raise _bad(
            f"its manifest lists {wrong[0][:80]!r}, which is no file of a backup" if wrong else "it is not complete"
        )
    for one in manifest.files:
        most = _FILES[one.name]
        if most is not None and one.size > most:
            raise _bad(f"its {one.name} has {one.size:,} bytes; it has at most {most:,}")
    return manifest


def _check_room(manifest: Manifest, folder: Path) -> None:
    """Refused before anything is written where the disc has no room for what the manifest claims, once more in copy."""
    wanted = sum(one.size * (2 if one.name == LEDGER else 1) for one in manifest.files)
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
        raise _bad(f"it ends before {listed.name}")
    if member.name != listed.name or not member.isreg() or member.size != listed.size:
        raise _bad(f"{member.name[:80]!r} stands where its manifest lists {listed.name}")
    opened = archive.extractfile(member)
    target = folder / listed.name  # a name of the pattern above: no path leads out of the folder
    target.parent.mkdir(mode=0o700, exist_ok=True)
    digest = sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while opened and (block := opened.read(_BLOCK)):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != listed.sha256:
        raise _bad(f"{listed.name} is not what its manifest says")


def _settle(folder: Path, manifest: Manifest, database: str, schema: str) -> settings.Config:
    """Settings and mark of a restored node: its own mark in its own folder, unsure, and no database but the one given.

    The old mark file may still be the live node's, and so may the old database: neither is touched.
    """
    try:
        config = settings.read(folder)
    except settings.ConfigError as error:
        raise _bad(f"its settings cannot be used: {error}") from None
    if (config.side, config.programme, config.environment) != (manifest.side, manifest.programme, manifest.environment):
        raise _bad("its settings are of another side, programme or environment than its manifest")
    known = marks.known(folder / "mark")
    if config.mark_file and Path(config.mark_file).is_file():
        known = max(known, marks.known(Path(config.mark_file)), key=lambda mark: (mark.released, mark.national))
    config = msgspec.structs.replace(
        config, database=database, schema=schema if database else config.schema, mark_file=""
    )
    try:
        config = msgspec.convert(msgspec.to_builtins(config), settings.Config)
    except msgspec.ValidationError as error:
        raise Refused(refuse("settings", str(error), "Give it as docs/settings.md says.")) from None
    settings.write(folder, config)
    if known.released < manifest.released or known.national < manifest.national:
        known = marks.Mark(manifest.released, manifest.national)
    marks.write(folder / "mark", msgspec.structs.replace(known, unsure=True))
    return config


def as_json(manifest: Manifest) -> dict[str, Any]:
    """A manifest as plain JSON."""
    made: dict[str, Any] = json.loads(msgspec.json.encode(manifest))
    return made | {"faults": manifest.faults}
