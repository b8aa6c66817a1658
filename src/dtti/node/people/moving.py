"""Accounts carried from one database to another: out to an SQLite file for a backup, in from one. Knows no person.

Run as a process of its own, since Django serves one node for each process: `carry` starts it, and it answers in JSON.
Rows go as the models read and write them, with their keys, in one transaction, and are counted after. The cache table
(attempts to sign in) stays behind.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.engine import StoreError
from dtti.node.folder import claim, parent

GIVEN = "given"
STEP = 500  # rows read and written at a time


class Carried(msgspec.Struct, frozen=True):
    """Rows of each table that were carried; None where there was no accounts database."""

    rows: dict[str, int] | None


def carry(folder: Path, file: Path, *, out: bool) -> Carried:
    """Carry the accounts of the node in `folder` `out` to a new SQLite `file`, or in from it.

    Refused where the node's database holds accounts already, or those in it are claimed by another restore; StoreError
    where it cannot be done, with nothing changed.
    """
    ended = subprocess.run(  # noqa: S603 - this very program, on paths of the caller's
        [
            sys.executable,
            "-m",
            "dtti.node.people.moving",
            "out" if out else "in",
            str(folder.resolve()),
            str(file.resolve()),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key not in ("DTTI_NODE", "DJANGO_SETTINGS_MODULE")}
        | parent.here(),
    )
    try:
        answer = json.loads(ended.stdout.strip().rpartition("\n")[2])
    except ValueError:
        last = (ended.stderr.strip() or "it said nothing").rpartition("\n")[2]
        raise StoreError(
            f"the accounts could not be carried: {last[:300]}; nothing of them was changed; look at both databases"
        ) from None
    if "held" in answer:
        raise Refused(
            refuse(
                "restore",
                f"the schema {answer['held']} is there already, and may hold another node's accounts",
                "Nothing was restored. Name another schema: --schema.",
            )
        )
    if "claimed" in answer:
        into = answer["by"] or "a folder that it does not name"
        raise Refused(
            refuse(
                "backup",
                f"the schema {answer['claimed']} is marked as filled by a restore into {into}, which did not end; "
                "whether the accounts in it are this node's is not known",
                "No backup was written. Let that restore end, or open the folder that it made (`dtti status`). If "
                "they are this node's (`dtti person list`), take the mark off: "
                f"COMMENT ON SCHEMA {answer['claimed']} IS NULL.",
            )
        )
    if "error" in answer:
        raise StoreError(str(answer["error"]))
    return msgspec.convert(answer, Carried)


# --- in the process of its own ---------------------------------------------------------------------------------------


def _held(folder: Path) -> tuple[str, claim.Claim | None]:
    """The accounts schema of a node on PostgreSQL, where it is there, and by which restore it is claimed."""
    import psycopg

    from dtti.node.folder import config as settings

    config = settings.read(folder)
    schema = f"{config.schema}_accounts"
    with psycopg.connect(config.database) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone()
        return (schema, claim.read(connection, [schema]).get(schema)) if found else ("", None)


def _given(file: Path) -> None:
    """Have Django know the file as a second database, set as a node's own."""
    from django.db import connections

    own = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"},
    }
    made = connections.configure_settings({"default": connections.settings["default"], GIVEN: own})
    connections.settings[GIVEN] = made[GIVEN]


def _models() -> list[Any]:
    from django.apps import apps

    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _rows(model: Any, source: str) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for one in model._base_manager.using(source).order_by("pk").iterator(chunk_size=STEP):
        batch.append(one)
        if len(batch) == STEP:
            yield batch
            batch = []
    if batch:
        yield batch


def _copy(source: str, target: str) -> dict[str, int]:
    from django.core.management.color import no_style
    from django.db import connections, transaction

    giving, taking = connections[source], connections[target]
    models, carried = _models(), dict[str, int]()
    quote = taking.ops.quote_name
    with transaction.atomic(using=source):
        if giving.vendor == "postgresql":
            with giving.cursor() as cursor:  # one moment, while others write
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with transaction.atomic(using=target), taking.cursor() as cursor:
            for model in reversed(models):  # what migrations put in: other keys than those that come
                model._base_manager.using(target).all()._raw_delete(target)
            for model in models:
                fields = model._meta.local_concrete_fields
                table, columns = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
                insert = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - own names
                carried[model._meta.db_table] = 0
                for batch in _rows(model, source):
                    values = [
                        [field.get_db_prep_save(getattr(one, field.attname), taking) for field in fields]
                        for one in batch
                    ]
                    cursor.executemany(insert, values)
                    carried[model._meta.db_table] += len(batch)
            for statement in taking.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
            taking.check_constraints()
            for model in models:
                stands = model._base_manager.using(target).count()
                if stands != carried[model._meta.db_table]:
                    raise RuntimeError(f"{model._meta.db_table} has {stands} rows, not those that were given")
    return carried


def _answer(way: str, folder: Path, file: Path) -> dict[str, Any]:
    """Carry `out` or `in`, from or to the node in a folder, with a file."""
    held, claimed = _held(folder)
    if way == "out" and not held:
        return {"rows": None}
    if way == "out" and claimed is not None:  # what this node's own restore had claimed was settled as it was opened
        return {"claimed": held, "by": claimed.folder}
    if way == "in" and held and (claimed is None or claimed.token != claim.token(folder)):
        return {"held": held}
    from . import accounts

    try:
        accounts.start(folder)
        _given(file)
        accounts.prepare(GIVEN)
        return {"rows": _copy("default", GIVEN) if way == "out" else _copy(GIVEN, "default")}
    except StoreError as error:
        return {"error": str(error)}


if __name__ == "__main__":
    parent.end_with_it()  # else it would fill, behind the back of the next restore, what that has begun anew
    sys.stdout.write(json.dumps(_answer(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))) + "\n")
