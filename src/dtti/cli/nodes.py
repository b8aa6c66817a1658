"""The node that a command works on. Knows no command, and starts without the table of them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .answer import opened

if TYPE_CHECKING:
    from dtti.node.core.node import Node
    from dtti.office.asking import Asking


def node_at(folder: Path) -> "Node":
    """The node in `folder`, closed when the command has answered; Refused or ConfigError where none can be opened."""
    from dtti.accord.refusal import Refused, refuse
    from dtti.node.core.node import Node
    from dtti.office import intake  # noqa: F401 - gives the node its reader of files

    owned(folder)
    node = Node(folder)
    opened.append(node)
    if not node.store.is_postgres and not Path(node.store.address).is_file():
        raise Refused(
            refuse(
                "store", f"{node.store.address} is not there", "Restore the node from a backup: `dtti restore FILE D`."
            )
        )
    return node


def owned(folder: Path) -> None:
    """Refused where a node's folder is another user's: what is written there its services could not read."""
    from dtti.accord.refusal import Refused, refuse

    if folder.exists() and (owner := folder.stat().st_uid) != os.geteuid():
        whose, who = (_user(each) for each in (owner, os.geteuid()))
        raise Refused(
            refuse(
                "node-user",
                f"{folder} belongs to the user {whose}, and this command runs as {who}",
                f"Run it as that user, such as `runuser -u {whose} -- dtti ...`: its services can read nothing else.",
            )
        )


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def asked_of(folder: Path, times: tuple[str, str], *, national: bool) -> "Asking":
    """A question to the node in `folder` at two times (see `Moment`), `national` with what was not released."""
    from dtti.node.core.visibility import Viewer
    from dtti.office.asking import Asking, Moment

    system = node_at(folder)
    system.settle()
    return Asking(system, Viewer(system.side, national=national), Moment(*times))


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
