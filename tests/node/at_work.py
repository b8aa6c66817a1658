"""A node at work, as a process that a fault may strike: writes, takes in a pack, and says what was answered.

Each line is printed once the node has answered: ``ACT ID LEDGER INDEX`` or ``TAKEN SIZE``. What fails is said and
passed over: the next step shows whether the process still works.
"""

import sys
from pathlib import Path

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger.engine import StoreError
from dtti.ledger.store import NATIONAL
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.line import exchange


def main(folder: str, office: str, record: str, pack: str) -> None:
    """Do the work; never raises for a fault of disc."""
    node = Node(Path(folder))

    def say(*words: object) -> None:
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()

    def act(number: int) -> None:
        words = text.Text(remarks=f"at work {number} " + "words " * 200)
        receipt = node.write(Draft("comment", record, table.Plain(), office, (words,)))
        say("ACT", receipt.act, receipt.ledger, receipt.index)

    def national(number: int) -> None:
        content = {"ref": f"n-{number}", "name": "N", "scope": "external", "category": "law", "date": "2020-05"}
        event = new_record("event", node.side)
        draft = Draft("state", event, table.State(base=0), office, (text.Text(content=content),), ledger=NATIONAL)
        receipt = node.write(draft)
        say("ACT", receipt.act, receipt.ledger, receipt.index)

    def take(_: int) -> None:
        taken = exchange.take_pack(node, Path(pack).read_bytes())
        say("TAKEN", taken.size)
        for receipt in taken.acts:
            say("ACT", receipt.act, receipt.ledger, receipt.index)

    def give(_: int) -> None:
        exchange.make_pack(node)

    for number, step in enumerate((act, national, take, act, give, act, take)):
        try:
            step(number)
        except (StoreError, OSError, Refused) as error:
            say("FAILED", step.__name__, type(error).__name__, str(error).replace("\n", " ")[:200])
    node.close()
    say("END")


if __name__ == "__main__":
    main(*sys.argv[1:])
