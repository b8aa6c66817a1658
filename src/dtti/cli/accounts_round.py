"""What the rounds do with accounts: delete what is past its time, write the mail of the day, send what waits.

A process of its own, which the rounds start now and then. It may be killed at any moment: a letter is written once, by
its key, what was not marked as sent is sent again, and what was not deleted is deleted the next time.
"""

from __future__ import annotations

import logging.config
import os
import sys
from datetime import UTC, datetime
from pathlib import Path


def run(folder: Path, now: datetime | None = None) -> int:
    """Once: delete what is past its time; where there is a mail server, write what is due and send what waits.

    Returns how many letters left.
    """
    from dtti.node.people import accounts

    accounts.start(folder)
    from dtti.node.core.node import Node
    from dtti.node.people import expiry, outbox
    from dtti.web.accounts import mail

    now = now or datetime.now(UTC)
    expiry.delete(now)
    node = Node(folder)
    try:
        node.settle()
        if node.config.mail.host:
            mail.write(node, now)
        return outbox.deliver(node.config.mail, now).sent
    finally:
        node.close()


if __name__ == "__main__":
    from dtti.node.folder import logs, parent
    from dtti.node.folder.files import UMASK

    parent.end_with_it()
    os.umask(UMASK)
    logs.serves()
    logging.config.dictConfig(logs.config())
    sys.exit(0 if run(Path(sys.argv[1])) >= 0 else 1)
