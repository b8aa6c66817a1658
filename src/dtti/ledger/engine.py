"""The two databases a store can stand on: SQLite (apsw) and PostgreSQL (psycopg), behind one protocol.

Knows transactions, locks and what a write-ahead log needs; knows no ledger. Every failure is a StoreError that says
whether anything was changed, and what would help.
"""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Protocol

import apsw

from . import fork

_PATIENCE = 30  # seconds to wait for another's lock


class StoreError(RuntimeError):
    """The store could not do it. The message says whether anything was changed, and what would help."""


class MayStand(StoreError):
    """The database did not confirm a commit: what was written stands or does not; it has to be looked for."""


class Away(StoreError):
    """The database server does not answer: nothing is known of the store until it does, and nothing was changed."""


class Stands(StoreError):
    """What was written stands; the message says as which entry, and what failed after it."""


class Unusable(StoreError):
    """A database that is broken, or that a later version made: nothing can be read from it, and nothing was changed."""


class Damaged(Unusable):
    """A database whose bytes are not those of a database, or do not hold together."""


class Engine(Protocol):
    """What a database must do for a Store."""

    schema_words: ClassVar[dict[str, str]]

    @property
    def closed(self) -> bool: ...
    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None: ...
    def begin(self, *, write: bool) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def begin_schema(self) -> None: ...
    def has_table(self, table: str, column: str = "") -> bool: ...
    def version(self) -> int: ...
    def set_version(self, version: int) -> None: ...
    def guard(self, table: str) -> list[str]: ...
    def same_rights(self, old: str, new: str) -> list[str]: ...
    def close(self) -> None: ...


#: What a database is called, and what helps where its file is broken; given by whoever opens it.
Named = tuple[str, str]
LEDGER: Named = (
    "the ledger store",
    "run `dtti verify` on the node's folder, and restore the node from a backup: `dtti restore FILE D`",
)


def safe_sqlite(version: str) -> bool:
    """Whether SQLite `version` is free of the WAL-reset fault of 3.7.0 to 3.51.2 (sqlite.org, release 3.51.3)."""
    numbers = tuple(int(part) for part in version.split(".")[:3])
    return not (3, 7, 0) <= numbers <= (3, 51, 2)


class Sqlite:
    """One apsw connection: WAL, synchronous=FULL, immediate transactions, freed pages overwritten."""

    schema_words: ClassVar = {"BIGINT_KEY": "INTEGER", "BLOB": "BLOB"}

    def __init__(self, path: Path, synchronous: str = "FULL", named: Named = LEDGER) -> None:
        self.named = named
        version = apsw.sqlite_lib_version()
        if not safe_sqlite(version):
            raise StoreError(f"SQLite {version} can corrupt a write-ahead log; install apsw with 3.51.3 or later")
        self.path, self.owner, self.closed = Path(os.path.realpath(path)), fork.owner(), False
        if fork.inherited(self.path):
            raise StoreError(
                f"{path.name} was open in another thread or in a write when this process was forked, and SQLite's "
                "locks do not survive that; fork before it is opened, or start the process with `spawn`"
            )
        try:
            # SQLite gives its write-ahead log the rights of the database, and a new database those of the umask.
            # Only a file that was not there: to close one that another connection has open would drop its locks. What
            # stands against it SQLite says in its own words.
            with suppress(OSError):
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self.connection = apsw.Connection(str(path))
            fork.watch(self)
            self.connection.set_busy_timeout(_PATIENCE * 1000)
            # Or each run of a query over a partial index would be planned anew, in case the value bound asks for it.
            self.connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
            self._use_write_ahead_log()
            # Without recursive triggers INSERT OR REPLACE would pass those that keep leaves from being deleted.
            for pragma in (
                f"synchronous={synchronous}",
                "secure_delete=ON",
                "mmap_size=268435456",
                "recursive_triggers=ON",
            ):
                self.connection.execute(f"PRAGMA {pragma}").fetchall()
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise self._failed(error) from None
        except (apsw.Error, OSError) as error:
            raise StoreError(f"cannot open {named[0]} {path.name}: {error}; check the folder and its rights") from None

    def _use_write_ahead_log(self) -> None:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                self.connection.execute("PRAGMA journal_mode=WAL").fetchall()
                return
            except apsw.BusyError:
                # Others open the same new file: the one lock for which SQLite's own timeout does not wait.
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self.connection.execute(sql, tuple(values)).fetchall()
        except apsw.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: apsw.Error) -> StoreError:
        if isinstance(error, apsw.NotADBError | apsw.CorruptError):
            what, remedy = self.named
            return Damaged(f"{what} {self.path.name} is broken: {error}; nothing was changed; {remedy}")
        return _store_error(error, self.named[0])

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            self.connection.executemany(sql, rows)
        except apsw.Error as error:
            raise self._failed(error) from error

    def begin(self, *, write: bool) -> None:
        self.run("BEGIN IMMEDIATE" if write else "BEGIN")

    def commit(self) -> None:
        try:
            self.connection.execute("COMMIT").fetchall()
        except apsw.FullError as error:
            raise _store_error(error) from error  # a write that found no room: the last one, which commits, never came
        except apsw.Error as error:
            self.rollback()
            if self._written_over():
                raise _store_error(error) from error
            raise MayStand(_unknown(f"the disc did not confirm the write: {error}")) from error

    def _written_over(self) -> bool:
        """Whether what a commit left in the write-ahead log unconfirmed is gone: another commit stands in its place.

        Until then a power cut could bring it back, although every reader was shown that it is not there.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            (version,) = self.connection.execute("PRAGMA user_version").fetchall()[0]
            self.connection.execute(f"PRAGMA user_version={version}")  # written, even where it is the same
            self.connection.execute("COMMIT").fetchall()
        except apsw.Error:
            with suppress(apsw.Error):
                self.rollback()
            return False
        return True

    def rollback(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def begin_schema(self) -> None:
        self.begin(write=True)

    def has_table(self, table: str, column: str = "") -> bool:
        columns = {name for (name,) in self.run("SELECT name FROM pragma_table_info(?)", (table,))}
        return column in columns if column else bool(columns)

    def version(self) -> int:
        """Schema version, of the file's header; 0 where none was ever set."""
        return int(self.run("PRAGMA user_version")[0][0])

    def set_version(self, version: int) -> None:
        self.run(f"PRAGMA user_version={version:d}")

    def guard(self, table: str) -> list[str]:
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'a ledger is only appended to'); END"
            for verb in ("UPDATE", "DELETE")
        ]

    def differs_from(self, statements: Sequence[str]) -> list[str]:
        """Tables, indices and triggers that are not those which `statements` make, in words."""
        fresh = apsw.Connection(":memory:")
        for statement in statements:
            fresh.execute(statement)
        query = "SELECT type || ' ' || name, sql FROM sqlite_master"
        wanted, held = ({str(name): sql for name, sql in one.execute(query)} for one in (fresh, self.connection))
        fresh.close()
        return [
            f"{name} is missing" if name not in held else f"{name} is not what this version makes"
            for name in sorted({*wanted, *held})
            if wanted.get(name) != held.get(name)
        ]

    def same_rights(self, old: str, new: str) -> list[str]:
        return []  # whoever may read the file may read all of it

    @property
    def idle(self) -> bool:
        return not self.closed and not self.connection.in_transaction

    def close(self) -> None:
        self.closed = True
        self.connection.close()


def _unknown(what: str) -> str:
    return f"{what}; it may stand or not: look before you write it again"


def _store_error(error: Exception, what: str = LEDGER[0]) -> StoreError:
    text = str(error)
    if isinstance(error, apsw.FullError):
        remedy = "free space on the disc and try again"
    elif isinstance(error, apsw.BusyError):
        remedy = "another process holds the append lock; try again, and past about ten writers use PostgreSQL"
    else:
        remedy = "check the disc, then run `dtti verify` on the node's folder"
    return StoreError(f"{what} refused: {text}; nothing was changed; {remedy}")


def _marked(sql: str) -> bytes:
    """A statement as psycopg takes one that has values: places as ``%s``, its own per cent signs doubled."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


class Postgres:
    """One psycopg connection. Indices are contiguous because the appender locks the ledger's row in `head`."""

    schema_words: ClassVar = {"BIGINT_KEY": "BIGINT", "BLOB": "BYTEA"}

    def __init__(self, url: str, schema: str, synchronous: str = "on") -> None:
        try:
            import psycopg
        except ImportError:
            raise StoreError("a PostgreSQL store needs the extra `postgres`: pip install 'dtti[postgres]'") from None
        self._error, self._gone = psycopg.Error, (psycopg.OperationalError, psycopg.InterfaceError)
        try:
            self.connection = psycopg.connect(url, autocommit=True)
            self.connection.execute(
                f"SET synchronous_commit = {synchronous}; SET lock_timeout = '{_PATIENCE}s'; SET search_path = {schema}"
            )
        except psycopg.Error as error:
            raise Away(f"cannot reach the PostgreSQL store: {error}; check its URL") from None
        self.schema = schema

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            cursor = self.connection.execute(_marked(sql) if values else sql.encode(), tuple(values) or None)
            return cursor.fetchall() if cursor.description else []
        except self._error as error:
            raise self._failed(error) from error

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            with self.connection.cursor() as cursor:
                cursor.executemany(_marked(sql), rows)
        except self._error as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> StoreError:
        kind = Away if self.connection.closed and isinstance(error, self._gone) else StoreError
        return kind(f"the PostgreSQL store refused: {error}; nothing was changed; try again")

    def begin(self, *, write: bool) -> None:
        self.run("BEGIN")
        if write:
            self.run("SELECT size FROM head ORDER BY ledger FOR UPDATE")

    def commit(self) -> None:
        try:
            self.connection.execute("COMMIT")
        except self._error as error:
            raise MayStand(_unknown(f"PostgreSQL did not confirm the write: {error}")) from error

    def rollback(self) -> None:
        if not self.closed:
            self.run("ROLLBACK")

    def begin_schema(self) -> None:
        self.run("BEGIN")
        self.run("SELECT pg_advisory_xact_lock(hashtext(?))", (self.schema,))
        self.run(f"CREATE SCHEMA IF NOT EXISTS {self.schema}")

    def has_table(self, table: str, column: str = "") -> bool:
        rows = self.run(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped",
            (f"{self.schema}.{table}",),
        )
        columns = {name for (name,) in rows}
        return column in columns if column else bool(columns)

    def version(self) -> int:
        """Schema version, of a table of its own that whoever may use the schema can read; 0 where there is none."""
        if not self.has_table("schema_version"):
            return 0
        return int(self.run("SELECT max(version) FROM schema_version")[0][0] or 0)

    def set_version(self, version: int) -> None:
        if not self.has_table("schema_version"):
            self.run("CREATE TABLE schema_version (version INTEGER NOT NULL)")
            self.run("GRANT SELECT ON schema_version TO PUBLIC")
        self.run("DELETE FROM schema_version")
        self.run("INSERT INTO schema_version (version) VALUES (?)", (version,))

    def guard(self, table: str) -> list[str]:
        return [
            "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''a ledger is only appended to''; END'",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
        ]

    def same_rights(self, old: str, new: str) -> list[str]:
        """SQL that gives `new` the rights that others hold on `old`."""
        rows = self.run(
            "SELECT quote_ident(grantee), string_agg(privilege_type, ', ') FROM information_schema.role_table_grants "
            "WHERE table_schema = ? AND table_name = ? AND grantee <> current_user GROUP BY grantee",
            (self.schema, old),
        )
        return [f"GRANT {rights} ON {new} TO {role}" for role, rights in rows]

    @property
    def closed(self) -> bool:
        return bool(self.connection.closed)

    def close(self) -> None:
        self.connection.close()
