"""The other capital as a node with its own code: same keys, same ledger, none of our doors. Its acts are sound; what
stands in their bodies is anything. Knows the write path only to leave its checks of contents out."""

from typing import Any

import orjson

from dtti.accord import table
from dtti.accord.discipline import judge
from dtti.accord.fold import Filed
from dtti.accord.refusal import Refused
from dtti.ledger.act import Entry
from dtti.node.core import text
from dtti.node.core.draft import Draft, Receipt, new_record
from dtti.node.core.node import Node
from tests.node.capitals import FAR, Capital


class Hostile(Node):
    """A node that writes whatever the discipline of acts allows, with any bytes for bodies."""

    def check_files(self, draft: Draft) -> None:
        """Bodies need not be listed."""

    def check_record(self, draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> Filed:
        """The verdict alone: nobody reads what is sent."""
        filed = self.book.file(entry)
        refusal = judge(self.book.view_held(draft.record, draft.ledger), self.side, filed)
        assert refusal is None, refusal
        return filed


def hostile(capital: Capital) -> Capital:
    """`capital` from now on in hostile hands."""
    folder = capital.node.folder.path
    capital.node.close()
    return Capital(Hostile(folder), capital.office)


def put(by: Capital, kind: str, content: Any, *, record: str = "", basis: str = "") -> tuple[str, Receipt]:
    """State a content of `kind`, or offer it where the kind is joint and no basis is given; its record and receipt."""
    joint = by.node.book.mode(f"{kind}/{by.side}/aaaaaaaa") == "joint"
    record = record or new_record(kind, by.side)
    terms: object = table.State(basis=basis) if basis else table.State(base=0)  # type: ignore[arg-type]
    verb = "propose" if joint and not basis else "state"
    if verb == "propose":
        terms = table.Propose(0, by.side, FAR)
    said = text.Text(content=content) if isinstance(content, dict) else text.Text()
    try:
        text.write(said)
    except Refused:  # outside the profile: no honest system could write it down
        return record, by.write(verb, record, terms, files=[orjson.dumps({"content": content})])
    return record, by.write(verb, record, terms, said)


def put_bytes(by: Capital, kind: str, data: bytes) -> tuple[str, Receipt]:
    """State or offer any bytes as the text of a new record of `kind`."""
    joint = by.node.book.mode(f"{kind}/{by.side}/aaaaaaaa") == "joint"
    record = new_record(kind, by.side)
    terms = table.Propose(0, by.side, FAR) if joint else table.State(base=0)
    return record, by.write("propose" if joint else "state", record, terms, files=[data])
