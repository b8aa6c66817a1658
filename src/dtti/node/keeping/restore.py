"""A new folder from a backup, on SQLite or PostgreSQL: whole or not at all. Believes nothing that the file says.

What a restore fills in a PostgreSQL database is claimed until it stands (`folder.claim`), so that the next one into the
same schemas can tell what a killed one left behind from what is another node's.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import apsw
import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger.engine import Away, StoreError
from dtti.ledger.store import NATIONAL, RELEASED, Store
from dtti.node.core import mark as marks
from dtti.node.core.draft import following
from dtti.node.folder import claim
from dtti.node.folder import config as settings
from dtti.node.folder.files import sync_folder, workplace
from dtti.node.people import moving

from .backup import Tell, copy_store, silent
from .backup_file import ACCOUNTS, DUMP, LEDGER, Manifest, bad, extract, unwritten, writing

_OF_DISC = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)


def restore(
    file: Path,
    folder: Path,
    *,
    database: str = "",
    schema: str = "dtti",
    without_accounts: bool = False,
    tell: Tell = silent,
) -> Manifest:
    """Make the node of a backup in the new `folder`, on SQLite or in `schema` of the PostgreSQL `database`.

    It stands whole or not at all, and signs nothing until `recover`. Its accounts come with it to either database;
    Refused where they cannot, but `without_accounts`. A PostgreSQL dump of them, as former backups had it, is left in
    the folder for pg_restore, and so is what the backup holds as damaged. What a killed restore left in a database is
    taken out by the next one into that schema.
    """
    if folder.exists() or folder.is_symlink():
        raise Refused(refuse("restore", f"{folder} is there already", "Restore into a new folder."))
    folder.parent.mkdir(parents=True, exist_ok=True)
    left = claim.begun(folder.parent)  # before they are taken away
    with workplace(folder.parent) as place:
        made = place / "node"
        made.mkdir(mode=0o700)
        tell("reading the file")
        manifest = extract(file, made)
        with writing(made):
            config = _settle(made, manifest, database, schema)
            given = _accounts_given(made, manifest, config, without=without_accounts)
        with claimed(database, schema, (made, folder), left, tell) if database else nullcontext(lambda: None) as all_in:
            if given is not None and database:
                tell("carrying the accounts over")
                moving.carry(made, given, out=False)
            with writing(made):
                if given is not None and database:
                    given.unlink()
                tell("filling the database")
                _fill(made, manifest, settings.Folder(made).ledger_address(config), f"{config.schema}_ledger")
                all_in()
                os.rename(made, folder)
    with following(f"the backup was restored into {folder} and stands"):
        sync_folder(folder.parent)
        claim.settle(folder, config)
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
        if isinstance(error, Away):
            raise
        if of_disc(error):
            raise unwritten(folder, error, server=isinstance(target, str)) from error
        raise bad(f"its ledgers cannot be read: {error}") from None
    finally:
        for ending in ("", "-wal", "-shm"):
            given.with_name(given.name + ending).unlink(missing_ok=True)
    if (sizes[RELEASED], sizes[NATIONAL]) != (manifest.released, manifest.national):
        raise bad(f"its ledgers hold {sizes[RELEASED]} and {sizes[NATIONAL]} entries, its manifest says otherwise")


def of_disc(error: BaseException | None) -> bool:
    """Whether a database failed because its disc, or its server, has no room or does not do what it is asked."""
    while error is not None:
        # What was given was read whole, and held to its digest, before it was written here.
        if isinstance(error, apsw.FullError | apsw.IOError | apsw.CantOpenError | OSError):
            return True
        # The line was lost; no room, no memory; the server was told to end it; its disc.
        if str(getattr(error, "sqlstate", None)).startswith(("08", "53", "57", "58")):
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_DISC:
            return True
        error = error.__cause__ or error.__context__
    return False


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
        if of_disc(error):
            raise unwritten(path.parent, error) from error
        raise bad(f"its accounts cannot be read: {error}") from None
    if acting or sound != ("ok",):
        raise bad("its accounts are damaged, or hold what no accounts of this system hold")


def _settle(folder: Path, manifest: Manifest, database: str, schema: str) -> settings.Config:
    """Settings and mark of a restored node: its own mark in its own folder, unsure, and no database but the one given.

    The old mark file may still be the live node's, and so may the old database: neither is touched.
    """
    try:
        config = settings.read(folder)
    except settings.ConfigError as error:
        raise bad(f"its settings cannot be used: {error}") from None
    if (config.side, config.programme, config.environment) != (manifest.side, manifest.programme, manifest.environment):
        raise bad("its settings are of another side, programme or environment than its manifest")
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


@contextmanager
def claimed(
    database: str, schema: str, folders: tuple[Path, Path], left: set[str], tell: Tell
) -> Iterator[Callable[[], None]]:
    """Fill the schemas of ledger and accounts to the end or leave none of them; clear what a killed restore left.

    Gives what says that all is in, and is called before the folder that was made gets its name: `folders` are both.
    `left`: tokens of folders that never got theirs. Refused while another process restores into the schemas, and where
    they are or may be those of a node.
    """
    import psycopg

    made, folder = folders
    names, token = claim.schemas(schema), claim.begin(made)
    mine = claim.Claim(False, token, str(folder.absolute()))
    with _connected(database) as connection:
        ours = _claim(connection, schema, names, mine, left, tell)

        def all_in() -> None:
            try:
                with connection.transaction():
                    for name in ours:
                        claim.write(connection, name, msgspec.structs.replace(mine, whole=True))
            except psycopg.Error as error:
                raise _lost(error) from error

        try:
            yield all_in
        except BaseException:
            if claim.token(folder) != token:  # else it has its name, and its schemas are those of a node
                _give_up(database, names, token)
            raise


def _lost(error: Exception) -> Away:
    return Away(
        f"the connection to the PostgreSQL database failed: {str(error).strip()}; nothing was restored; look at the "
        "server, and restore again: what may be left in its schemas is taken out then"
    )


@contextmanager
def _connected(database: str) -> Iterator[Any]:
    """A connection that may be idle for as long as a restore lasts."""
    import psycopg

    try:
        connection = psycopg.connect(database, autocommit=True)
        if connection.info.server_version >= 140_000:
            connection.execute("SET idle_session_timeout = 0")
    except psycopg.Error as error:
        raise _lost(error) from None
    with closing(connection):
        yield connection


def _claim(connection: Any, schema: str, names: list[str], mine: claim.Claim, left: set[str], tell: Tell) -> list[str]:
    """Make those of the schemas that are not there, claimed; what a killed restore left is taken out first."""
    import psycopg

    try:
        locked = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
        if not connection.execute(locked, (f"dtti restore {schema}",)).fetchone()[0]:
            raise Refused(
                refuse("restore", f"another process restores into the schemas {schema}", "Let it end, then look again.")
            )
        found = claim.read(connection, names)
        for name, one in found.items():
            if not _nobodys(one, left):
                raise Refused(_others(name, one, names))
        with connection.transaction():
            for name in found:
                tell(f"taking out what a restore that was cut short left in {name}")
                connection.execute(f"DROP SCHEMA {name} CASCADE".encode())
            there = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", (names,)).fetchall()
            ours = [name for name in names if (name,) not in there]
            for name in ours:  # no schema without its claim, whenever this ends
                connection.execute(f"CREATE SCHEMA {name}".encode())
                claim.write(connection, name, mine)
    except psycopg.Error as error:
        raise _lost(error) from error
    return ours


def _nobodys(one: claim.Claim, left: set[str]) -> bool:
    """Whether no folder that stands, here or elsewhere, is the node of these schemas."""
    if not one.whole:
        return bool(one.token)  # a former version, which gave none, left the like on schemas of nodes that stand
    return one.token in left or (one.folder != "" and one.token in claim.begun(Path(one.folder).parent))


def _others(name: str, one: claim.Claim, names: list[str]) -> Refusal:
    """That schemas which a restore has claimed are, or may be, those of a node."""
    if one.token and claim.token(Path(one.folder)) == one.token:
        reason = f"the schema {name} is that of the node in {one.folder}, which was restored, and not opened since"
        return refuse("restore", reason, "Nothing was restored. Name another schema: --schema.")
    whence = f"by a restore into {one.folder}; no node of it stands there" if one.folder else "by a former version"
    return refuse(
        "restore",
        f"the schema {name} was filled {whence}, and may be that of a node elsewhere",
        "Nothing was restored. Name another schema: --schema. If no node is on it, drop it by hand: "
        f"DROP SCHEMA {', '.join(names)} CASCADE.",
    )


def _give_up(database: str, names: list[str], token: str) -> None:
    """Take out what was begun under a token. Where the server does not answer, the next restore does it."""
    import psycopg

    with suppress(psycopg.Error, Away), _connected(database) as connection:
        for name, one in claim.read(connection, names).items():
            if one.token == token:
                connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE".encode())
