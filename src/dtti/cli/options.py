"""Options that several commands share, and the node that they work on. Knows no command."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .answer import opened

if TYPE_CHECKING:
    from dtti.node.core.node import Node

NodeFolder = Annotated[Path, typer.Option("--node", metavar="D", envvar="DTTI_NODE", help="the node's folder")]
Json = Annotated[bool, typer.Option("--json", help="answer in JSON")]
National = Annotated[bool, typer.Option("--national", help="with what this side has not released")]
MOST = 2**31 - 1  # of any number given on a command line


def node_at(folder: Path) -> "Node":
    """The node in `folder`, closed when the command has answered; Refused or ConfigError where none can be opened."""
    from dtti.accord.refusal import Refused, refuse
    from dtti.node.core.node import Node
    from dtti.office import intake  # noqa: F401 - gives the node its reader of files

    node = Node(folder)
    opened.append(node)
    if not node.store.is_postgres and not Path(node.store.address).is_file():
        raise Refused(
            refuse(
                "store", f"{node.store.address} is not there", "Restore the node from a backup: `dtti restore FILE D`."
            )
        )
    return node


def database_at(url: str, file: Path | None) -> str:
    """The address of a database, from the command line or, with a password in it, from a file ("-": standard input).

    Refused where a password stands on the command line: whoever lists the processes of the machine reads it there.
    """
    import re
    import sys
    from urllib.parse import urlsplit

    from dtti.accord.refusal import Refused, refuse

    if file is not None:
        from dtti.node.folder.intake import SHEET, read_file

        given = sys.stdin.readline() if str(file) == "-" else read_file(file, SHEET).decode("utf-8", "replace")
        return given.strip()
    if re.search(r"(^|[?&\s])(ssl)?password\s*=", url, re.IGNORECASE) or urlsplit(url).password is not None:
        raise Refused(
            refuse(
                "database-password",
                "a password stands on the command line, where everyone on this machine can read it",
                "Change it. Then leave it out and keep it in a password file (~/.pgpass, or PGPASSFILE), or give the "
                "whole address with --database-file FILE, - for standard input.",
            )
        )
    return url


def day(value: str | None) -> date | None:
    """A day as given on the command line, YYYY-MM-DD; anything else is wrong usage."""
    if value is None:
        return None
    from dtti.accord.refusal import Refused
    from dtti.node.record import clock

    try:
        return clock.day("day", value)
    except Refused:
        raise typer.BadParameter(f"{value[:40]!r} is no day; give it as YYYY-MM-DD, from 1900 to 2200") from None


def moment(value: str | None) -> str:
    """A claimed time for `known`: a day (its end, UTC) or a time; empty for now. Anything else is wrong usage."""
    if value is None:
        return ""
    if "T" not in value:
        made = day(value)
        return f"{made}T23:59:59Z"
    from datetime import datetime

    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - the Z is part of the one form
    except ValueError:
        raise typer.BadParameter(f"{value[:40]!r} is no time; give YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SSZ") from None
    return value
