"""One file with everything a node is, taken while it works; and a new folder from it. Knows formats of files, no act.

Inside a ``.tar.gz``: ``manifest.json`` first (format, side, sizes, SHA-256 of every other file), then the ledgers and
texts as a fresh SQLite store (whatever the node runs on), the accounts, settings, sealed key rings, and the high-water
mark. Erased texts are not in it, and no page of a database that once held one: rows are copied, not files. The record
that pages read is left out, since the ledgers give it. A restored node signs nothing until `recover` has compared it.

What was copied is verified before the file is written. Of a node with damage the backup is written all the same, since
it may be the last: its manifest names each fault, and a database that cannot be copied is in it as it is, `.damaged`.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.engine import StoreError
from dtti.ledger.store import LEDGERS, NATIONAL, RELEASED, Store
from dtti.ledger.verify import Fault
from dtti.node.checking.verify import damage
from dtti.node.checking.verify_files import accounts_damage, check_files
from dtti.node.core import mark as marks
from dtti.node.core import seating
from dtti.node.core.draft import now
from dtti.node.core.node import Node
from dtti.node.folder import config as settings
from dtti.node.folder.files import replacing, sync_folder, workplace
from dtti.node.people import moving

from . import upkeep
from .backup_file import (
    ACCOUNTS,
    DAMAGED,
    FILES,
    FORMAT,
    LEDGER,
    MANIFEST,
    Manifest,
    add,
    archived,
    plain,
    read_again,
    stored,
)

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


class Unreadable(StoreError):
    """What is to be copied cannot be read; any other StoreError is the copy's."""


def silent(words: str) -> None:
    """Tell nobody."""


# --- taking ----------------------------------------------------------------------------------------------------------


def backup(node: Node, file: Path, *, with_passphrase: bool = False, tell: Tell = silent) -> Manifest:
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
            files=[stored(path, folder) for path in sorted(folder.rglob("*")) if path.is_file()],
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
        with replacing(made) as out, archived(out) as archive:
            add(archive, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            for one in manifest.files:
                archive.add(folder / one.name, one.name, filter=plain)
        tell("reading it again")
        read_again(made, manifest)
        made.replace(file)
        sync_folder(file.parent)
    if not manifest.faults:
        upkeep.note(node.folder.path, upkeep.BACKUP, upkeep.Backup(manifest.made, manifest.released, manifest.national))
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
        if not faults and not isinstance(error, Unreadable):
            raise _not_copied(error) from error
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
    from dtti.node.checking.verify import Verification

    def found(store: Path | None) -> list[Fault]:
        check = Verification(node.folder.path, tell, store=store)
        return [one for report in check.ledgers() for one in report.faults]

    try:
        faults = found(copy)
    finally:
        for ending in ("-wal", "-shm"):
            copy.with_name(copy.name + ending).unlink(missing_ok=True)
        _one_file(copy)
    for one in faults:
        if one.rule == "store" and not any(each.rule == "store" for each in found(None)):
            raise _not_copied(one.reason)  # the copy cannot be read, the node's own can
    return [f"{LEDGER}: {one.where}: {one.reason}" for one in faults]


def _not_copied(why: object) -> Refused:
    """That a copy failed where the node's own files show no damage: the place, and not the node, is at fault."""
    return Refused(
        refuse(
            "backup",
            f"no copy could be made where the backup was to be written: {why}",
            "No backup was written, and the node is as it was. Free space there, or name another disc; try again.",
        )
    )


def _version() -> str:
    from importlib.metadata import version

    return version("dtti")


def copy_store(source: Store, target: Store) -> dict[str, int]:
    """Copy the ledgers of `source`, as they stand at one moment, into the empty `target`; returns their sizes.

    Closes both. Refused where the target is not empty.
    """
    reading = Store(source.address, source.schema)  # a connection of its own: the copy must not see a write in progress
    try:
        engine = reading.engine
        try:
            engine.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if reading.is_postgres else "BEGIN")
            heads = {int(ledger): int(size) for ledger, size in engine.run("SELECT ledger, size FROM head")}
        except StoreError as error:
            raise Unreadable(str(error)) from error
        target.create()
        with target.writing():
            if any(target.size(ledger) for ledger in LEDGERS):
                what = f"schema {target.schema} of the database" if target.is_postgres else str(target.address)
                raise Refused(refuse("restore", f"{what} holds a ledger already", "Nothing was written. Name another."))
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
        try:
            rows = source.engine.run(query, last if last is not None else ())
        except StoreError as error:
            raise Unreadable(str(error)) from error
        if not rows:
            return
        target.engine.many(insert, rows)
        last = tuple(rows[-1][each] for each in at)


def _one_file(path: Path) -> None:
    """Leave an SQLite database as one file, without a write-ahead log beside it."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as error:
        raise _not_copied(error) from error


def _copy_accounts(node: Node, folder: Path, faults: list[str]) -> str:
    """Copy the accounts to an SQLite file, whatever the node runs on; returns how, or in words why not."""
    none = "none: there is no accounts database yet"
    with suppress(sqlite3.Error, StoreError, LookupError, ValueError):  # damage of either is told apart from this
        if lost := seating.lost(node, datetime.now(UTC).date()):
            faults.append(f"{ACCOUNTS}: {lost}")
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
        if not found:
            raise _not_copied(error) from error
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
        if f"keys/{path.name}" in FILES and (with_passphrase or path.name != "passphrase"):
            shutil.copyfile(path, folder / "keys" / path.name)
