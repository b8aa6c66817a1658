"""The accounts database of a node: start Django on a node's folder, and bring its tables up to date. Holds no rule."""

import os
from pathlib import Path

from dtti.ledger.engine import StoreError, Unusable
from dtti.node.folder.files import UMASK, locked

#: What helps where the accounts cannot be used: the seats stand in the national record, the rest in a backup.
REMEDY = (
    "take accounts.sqlite3 from a backup (`tar -xzf FILE accounts.sqlite3`), or put the database away and run `dtti "
    "rebuild`: it makes the accounts and seats that the national record holds, and passwords are set anew"
)


def start(folder: Path, *, make: bool = True) -> None:
    """Make this process Django's process for the node in `folder`, and prepare its accounts database.

    Once for each process: a second node needs a process of its own. LookupError where another was started. Unusable
    where the accounts are broken, or of a version that this software does not bring up to date. Without `make` the
    database is left as it is, and none is made.
    """
    import django
    from django.conf import settings

    os.umask(UMASK)
    place = folder.resolve()
    if settings.configured:
        if place != settings.NODE_FOLDER:
            raise LookupError(f"this process serves {settings.NODE_FOLDER}; start another process for {place}")
    else:
        os.environ["DTTI_NODE"] = str(place)
        os.environ["DJANGO_SETTINGS_MODULE"] = "dtti.node.people.settings"
    django.setup()
    if make:
        prepare()


def prepare(alias: str = "default") -> None:
    """Make or upgrade the tables; quick where nothing changed. The file is the owner's alone.

    The migrations that a database has had are its schema version. Unusable as for `start`.
    """
    from django.conf import settings
    from django.core.management.base import CommandError
    from django.db import DatabaseError, connections

    connection = connections[alias]
    try:
        if not _is_current(alias):
            with locked(Path(settings.NODE_FOLDER or "."), wait=True):  # pages and rounds of a new node both find it so
                _upgrade(alias)
        _check_whole(alias)
    except (DatabaseError, CommandError) as error:  # the command for the cache table wraps what the database says
        if connection.vendor == "sqlite" and ("not a database" in str(error) or "malformed" in str(error)):
            name = Path(str(connection.settings_dict["NAME"])).name
            raise Unusable(f"the accounts database {name} is broken: {error}; nothing was changed; {REMEDY}") from None
        raise StoreError(
            f"the accounts database refused: {error}; what was to be changed in it was not; check the disc, then do it "
            "again"
        ) from error
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).is_file():
        Path(str(connection.settings_dict["NAME"])).chmod(0o600)


def _upgrade(alias: str) -> None:
    """Bring the tables up to date in one transaction.

    By itself Django notes a migration after the transaction that makes its tables, so that accounts that are struck
    between the two could never be upgraded again.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections, transaction

    connection = connections[alias]
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()  # Django asks for that, and SQLite does it outside a transaction alone
    try:
        with transaction.atomic(using=alias):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {settings.NODE_CONFIG.schema}_accounts")
            _check_known(alias)
            call_command("migrate", database=alias, interactive=False, verbosity=0)
            call_command("createcachetable", database=alias, verbosity=0)
    finally:
        if connection.vendor == "sqlite":
            connection.enable_constraint_checking()


def _is_current(alias: str) -> bool:
    """Whether a database has had each migration that is installed and no other, by their names: they are not read."""
    from django.apps import apps
    from django.conf import settings
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    with connections[alias].cursor() as cursor:
        tables = connections[alias].introspection.table_names(cursor)
    if settings.CACHES["default"]["LOCATION"] not in tables:  # made last
        return False
    installed = {
        (app.label, each.stem)
        for app in apps.get_app_configs()
        for each in Path(app.path, "migrations").glob("[!_]*.py")
    }
    return installed == MigrationRecorder(connections[alias]).applied_migrations().keys()


def _check_known(alias: str) -> None:
    """Unusable where a later version of this software upgraded the accounts."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connections[alias])
    apps = {app for app, _ in loader.disk_migrations}
    later = sorted(f"{app} {name}" for app, name in loader.applied_migrations if app in apps)
    later = [each for each in later if tuple(each.split(" ")) not in loader.disk_migrations]
    replaced = {f"{app} {name}" for one in loader.disk_migrations.values() for app, name in one.replaces}
    later = [each for each in later if each not in replaced]
    if later:
        raise Unusable(
            f"the accounts database was upgraded by a later version of this software ({', '.join(later[:5])}); nothing "
            "was changed; run that version, or restore a backup that this one made"
        )


def _check_whole(alias: str) -> None:
    """Unusable where tables that say they are up to date lack columns: versions before the first were not upgraded."""
    from django.apps import apps
    from django.db import connections

    quoted = connections[alias].ops.quote_name
    with connections[alias].cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            # Any answer names the columns; Django's own look at a table of SQLite takes a hundred times as long.
            cursor.execute(f"SELECT * FROM {quoted(model._meta.db_table)} LIMIT 0")  # noqa: S608 - a name of ours
            held = {one[0] for one in cursor.description}
            missing = sorted({str(field.column) for field in model._meta.local_concrete_fields} - held)
            if missing:
                raise Unusable(
                    f"the accounts database is of a version before the first that is upgraded: {model._meta.db_table} "
                    f"has no {', '.join(missing)}; nothing of it was changed; {REMEDY}"
                )
