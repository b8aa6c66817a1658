"""The rounds of a served node: pull where there is a line, then close, acknowledge, erase and anchor what is due.

Each is a process of its own, started by `dtti serve`, which holds nothing between two of them. It may be killed at any
moment; the next round does what was left.
"""

import logging.config
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dtti.language.printed import printable
from dtti.node.folder import parent

from .answer import in_one_line

if TYPE_CHECKING:
    from dtti.node.core.node import Node


def go(node: "Node") -> None:
    """One round. What this side has to do by itself is done whatever the other side sends, or does not."""
    from dtti.accord.refusal import Refused
    from dtti.node.core import unfinished
    from dtti.node.folder import timekeeping
    from dtti.node.keeping import upkeep
    from dtti.node.line.attend import attend

    unfinished.resume(node)
    node.book.sync()
    if node.config.peer_address and node.book.other and node.behind() is None:
        from dtti.node.line.client import Line

        answered = True
        try:
            line = Line(node)
            try:
                line.pull()  # and attend to what it brought
            finally:
                line.close()
        except Refused as refused:
            answered = refused.refusals[0].rule != "line"  # what it sent may be refused; then it was reached
            raise
        finally:
            upkeep.asked(node.folder.path, timekeeping.MachineClock()(), answered=answered)
            attend(node)
        return
    attend(node)


MAIL_EVERY = 600.0  # seconds between two looks at what mail is to be written and sent
EXPIRY_EVERY = 3600.0  # seconds between two looks at what is past its time, where no mail is sent


class AccountsRound:
    """When accounts were last looked after: a process of its own does it, which ends with its work.

    It deletes what is past its time, and writes and sends mail.
    """

    def __init__(self, last: float = 0.0) -> None:
        self.last = last

    def go(self, node: "Node") -> None:
        """Start that process where it is time, or where a letter was noted that is not to wait."""
        from dtti.node.keeping import upkeep

        folder, now, mails = node.folder.path, time.time(), bool(node.config.mail.host)
        noted = mails and upkeep.mail_noted(folder) >= self.last
        if now - self.last < (MAIL_EVERY if mails else EXPIRY_EVERY) and not noted:
            return
        self.last = now
        ended = subprocess.run(  # noqa: S603 - our own module under this interpreter
            [sys.executable, "-m", "dtti.cli.accounts_round", str(folder.resolve())],
            check=False,
            timeout=MAIL_EVERY,
            env={**os.environ, **parent.here()},
        )
        if ended.returncode:
            logging.getLogger("dtti.rounds").warning(
                "accounts could not be looked after", extra={"code": ended.returncode}
            )


def tell(log: logging.Logger, words: str, said: str, rule: str) -> None:
    """Say what went wrong, or that nothing does any more, unless that is what was `said` last."""
    if words != said:
        log.log(
            logging.WARNING if words else logging.INFO, printable(words) or "all is well again", extra={"rule": rule}
        )


def run(folder: Path, since: str) -> None:
    """One round of a service that began at `since` (UTC). What went wrong is said once, until something else does."""
    from dtti.node.core.node import Node
    from dtti.node.folder import logs, passphrase, timekeeping
    from dtti.node.folder.files import UMASK
    from dtti.node.keeping import upkeep

    parent.end_with_it()
    os.umask(UMASK)
    passphrase.take(folder)
    logs.serves()
    logging.config.dictConfig(logs.config())
    log = logging.getLogger("dtti.rounds")
    before = upkeep.last_round(folder)
    if before is None or before.time < since:
        before = upkeep.Round("")
    logs.begin("round")
    node, accounts = Node(folder), AccountsRound(before.accounts)
    start, rule, words = time.perf_counter(), "", ""
    try:
        go(node)
    except Exception as error:
        rule, words = in_one_line(error)
        if rule == "fault":  # it must not keep the accounts from being looked after
            log.exception("a fault of this software ended the round")
    tell(log, words, before.said, rule)
    with suppress(subprocess.TimeoutExpired):
        accounts.go(node)
    log.debug("round", extra={"ms": round((time.perf_counter() - start) * 1000), "rule": rule})
    upkeep.note(folder, upkeep.ROUND, upkeep.Round(timekeeping.MachineClock()(), rule, words, accounts.last))
    node.close()
