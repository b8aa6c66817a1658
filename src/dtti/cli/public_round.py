"""The public folder of a served node, made anew where what is public has changed, or the day.

A process of its own, which `dtti serve` starts after each pause where the settings name a folder. It may be killed at
any moment: what was made before stands until the new folder is whole.
"""

from __future__ import annotations

import logging.config
import os
from pathlib import Path
from typing import TYPE_CHECKING

from dtti.node.folder import parent

from .answer import in_one_line
from .rounds import tell

if TYPE_CHECKING:
    from dtti.node.core.node import Node

GENTLE = 10  # nice(2): pages and exchange come first


def make(node: Node, made_of: str) -> str:
    """Make the folder that the settings name, unless it stands as it would be made; a digest of what it is made of."""
    from dtti.web.public import due

    wanted = node.config.public
    out, of = Path(wanted.folder), due.made_of(node)
    if of != made_of or not due.stands(out):
        from dtti.node.people import accounts

        accounts.start(node.folder.path)
        from dtti.web.public.folder import make as make_folder

        make_folder(node, out, base=wanted.url)
    return of


def run(place: Path, since: str) -> None:
    """Once, for a service that began at `since` (UTC). What went wrong is said once, until something else does."""
    from dtti.node.core.node import Node
    from dtti.node.folder import logs, passphrase, timekeeping
    from dtti.node.folder.files import UMASK
    from dtti.node.keeping import upkeep

    parent.end_with_it()
    os.umask(UMASK)
    os.nice(GENTLE)
    passphrase.take(place)
    logs.serves()
    logging.config.dictConfig(logs.config())
    log = logging.getLogger("dtti.public")
    before = upkeep.last_public(place) or upkeep.Public("")
    said = before.said if before.time >= since else ""
    logs.begin("public")
    node, of, rule, words = Node(place), "", "", ""
    try:
        of = make(node, before.of)
    except Exception as error:
        rule, words = in_one_line(error)
        if rule == "fault":
            log.exception("a fault of this software ended the making of the public folder")
    finally:
        node.close()
    tell(log, words, said, rule)
    if of != before.of or words != before.said:
        upkeep.note(place, upkeep.PUBLIC, upkeep.Public(timekeeping.MachineClock()(), of, rule, words))
