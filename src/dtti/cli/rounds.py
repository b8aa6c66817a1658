"""The rounds of a served node: pull where there is a line, then close, acknowledge, erase and anchor what is due.

A process of its own, started by `dtti serve`. It may be killed at any moment; the next round does what was left.
"""

import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from dtti.accord.refusal import in_words
from dtti.language.printed import printable

from .answer import refusals

if TYPE_CHECKING:
    from dtti.node.write import Node


def go(node: "Node") -> None:
    """One round. What this side has to do by itself is done whatever the other side sends, or does not."""
    from dtti.node import unfinished
    from dtti.node.attend import attend

    unfinished.resume(node)
    node.book.sync()
    if node.config.peer_address and node.book.other and node.behind() is None:
        from dtti.node.line import Line

        try:
            line = Line(node)
            try:
                line.pull()  # and attend to what it brought
            finally:
                line.close()
        finally:
            attend(node)
        return
    attend(node)


def run(folder: Path, every: float) -> None:
    """Rounds without end, `every` seconds apart. What went wrong is said once, until something else does."""
    from dtti.node import parent, passphrase
    from dtti.node.files import UMASK
    from dtti.node.write import Node

    parent.end_with_it()
    os.umask(UMASK)
    passphrase.take(folder)
    node, said = Node(folder), ""
    while True:
        try:
            go(node)
            words = ""
        except Exception as error:
            found = refusals(error)
            if found is None:  # a fault of ours, told whole: it must not end the rounds to come, nor `dtti serve`
                traceback.print_exception(error)
                found = []
            words = (
                "; ".join(f"{one['reason']} (rule {one['rule']}, {in_words(one)}). {one['remedy']}" for one in found)
                or f"this round failed: {type(error).__name__}"
            )
        if words != said:
            print(f"rounds: {printable(words) or 'all is well again'}", file=sys.stderr, flush=True)
            said = words
        time.sleep(every)


if __name__ == "__main__":
    run(Path(os.environ["DTTI_NODE"]), float(sys.argv[1]))
