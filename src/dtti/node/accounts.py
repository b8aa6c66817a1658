"""The accounts database of a node: start Django on a node's folder, and bring its tables up to date. Holds no rule."""

import os
from pathlib import Path

from .files import UMASK


def start(folder: Path) -> None:
    """Make this process Django's process for the node in `folder`, and prepare its accounts database.

    Once for each process: a second node needs a process of its own. LookupError where another was started.
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
        os.environ["DJANGO_SETTINGS_MODULE"] = "dtti.node.settings"
    django.setup()
    prepare()


def prepare() -> None:
    """Make or upgrade the tables; quick where nothing changed. The file is the owner's alone."""
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        from django.conf import settings

        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {settings.NODE_CONFIG.schema}_accounts")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).is_file():
        Path(str(connection.settings_dict["NAME"])).chmod(0o600)
