"""A founding as one step: recorded before it begins, and taken back whole where it was cut short. Knows no act.

Nobody has been told of a node before its founding has ended, so one that was cut is never finished: the next `dtti
found` or `dtti accede` in the same folder takes away what it made, and nothing else, and begins anew.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.engine import Stands, StoreError
from dtti.node.core import unfinished
from dtti.node.folder import config as settings
from dtti.node.folder.files import halves
from dtti.node.folder.keys import RINGS

FOUND = "found"
_DATABASES = [f"{name}.sqlite3{ending}" for name in ("ledger", "record") for ending in ("", "-wal", "-shm")]
#: What a founding makes in the folder, and all that is taken away of it.
_MADE = [settings.FILE, "mark", "secret", *_DATABASES, *(f"keys/{ring}.keys" for ring in RINGS), "keys/passphrase"]


def stands(folder: Path) -> bool:
    """Whether an office system stands in `folder`: founded to the end."""
    return (folder / settings.FILE).exists() and not unfinished.cut(folder, FOUND)


@contextmanager
def founding(folder: Path, config: settings.Config) -> Iterator[None]:
    """Make a node of `config` in the new or empty `folder`: to the end, or nothing of it is left.

    Refused where something stands there already, or another process is founding there.
    """
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(one.working for one in unfinished.left(folder)):
        raise Refused(refuse("founding", f"another process is at work in {folder}", "Let it end, then look again."))
    for about in unfinished.cut(folder, FOUND):
        _take_back(folder, about)
    unfinished.forget(folder, FOUND)
    there = [name for name in _MADE if (folder / name).exists()]
    if there:
        kind = "an office system" if settings.FILE in there else f"files of one ({', '.join(there)})"
        raise Refused(
            refuse(
                "founding",
                f"{folder} already holds {kind}",
                "Found in another folder; for the invitation of one that stands, run `dtti found --invite`.",
            )
        )
    about = {"database": config.database, "schema": config.schema, "token": secrets.token_hex(16)}
    with unfinished.intending(folder, FOUND, **about):
        try:
            if config.database:
                _claim(about)
            yield
        except Exception as error:
            told = "what was begun is left to the next `dtti found` here, which takes it back"
            with suppress(Exception):  # what stands in the way of this too stands in the way of that, until it is gone
                _take_back(folder, about)
                unfinished.forget(folder, FOUND)
                told = "what was begun is taken back"
                if fresh:
                    (folder / unfinished.FOLDER).rmdir()
                    folder.rmdir()
            if isinstance(error, StoreError | OSError):
                why = error.__cause__ if isinstance(error, Stands) else error  # nothing stands any more
                raise StoreError(
                    f"nothing was founded, and {told} ({why}); see to the disc, then found again"
                ) from error
            raise


def _take_back(folder: Path, about: Mapping[str, str]) -> None:
    if about["database"]:
        _empty(about)
    for name in _MADE:
        place = folder / name
        place.unlink(missing_ok=True)
        for half in halves(place):
            half.unlink()
    with suppress(OSError):  # something else is in it, or there is none
        (folder / "keys").rmdir()


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def _schemas(about: Mapping[str, str]) -> list[str]:
    return [f"{about['schema']}_ledger", f"{about['schema']}_record"]


@contextmanager
def _connected(about: Mapping[str, str]) -> Iterator[Any]:
    import psycopg

    try:
        with psycopg.connect(about["database"]) as connection:
            yield connection
    except psycopg.Error as error:
        raise StoreError(f"cannot prepare the PostgreSQL store: {error}; check its URL and rights") from None


def _claim(about: Mapping[str, str]) -> None:
    """Make the schemas and mark them as of this founding; Refused where a ledger stands there."""
    with _connected(about) as connection:
        for schema in _schemas(about):
            held = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = %s LIMIT 1", (schema,)).fetchone()
            if held:
                raise Refused(
                    refuse(
                        "founding",
                        f"the database already holds tables in the schema {schema}",
                        "Give this office system a prefix of its own: --schema NAME.",
                    )
                )
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            connection.execute(f"COMMENT ON SCHEMA {schema} IS 'dtti founding {about['token']}'")


def _empty(about: Mapping[str, str]) -> None:
    """Take the tables out of the schemas that bear the mark of this founding, and of no other."""
    with _connected(about) as connection:
        for schema in _schemas(about):
            marked = connection.execute(
                "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", (schema,)
            ).fetchone()
            if marked and marked[0] == f"dtti founding {about['token']}":
                connection.execute(f"DROP SCHEMA {schema} CASCADE")
