"""A pair of capitals on disc, as `dtti found` and `accede` leave them, small. Built once, copied for each test.

Each has one office (`ex-sec`) that holds every power. Times are this moment's: what a test needs of the past it states.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dtti.accord import table
from dtti.ledger.store import RELEASED
from dtti.ledger.ustar import Source
from dtti.node.core import text
from dtti.node.core.draft import Draft, Receipt, new_record
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.line import exchange, founding, recover
from dtti.node.line.exchange import Taken
from dtti.node.line.recover import Recovered

PASSPHRASE = b"a passphrase for tests"
VERBS = [
    "state",
    "propose",
    "accept",
    "send_back",
    "withdraw",
    "hand_over",
    "request_pen",
    "notice",
    "comment",
    "draft",
    "release",
]
FAR = "2099-01-01T00:00:00Z"


def environment() -> dict[str, str]:
    """What a child process needs: a node opened in this process has taken the passphrase out of the environment."""
    return {**os.environ, "DTTI_PASSPHRASE": PASSPHRASE.decode()}


@dataclass
class Capital:
    """One side's node, and the office in which it acts."""

    node: Node
    office: str

    @property
    def side(self) -> str:
        """Its side."""
        return self.node.side

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.node.folder.path

    def write(
        self,
        verb: str,
        record: str,
        terms: object = None,
        *texts: text.Text,
        files: Sequence[bytes] = (),
        rests: Sequence[str] = (),
        ledger: str = RELEASED,
    ) -> Receipt:
        """Write one act in the office of this side."""
        terms = table.Plain() if terms is None else terms
        return self.node.write(Draft(verb, record, terms, self.office, texts, tuple(files), tuple(rests), ledger))

    def comment(self, record: str, remarks: str, ledger: str = RELEASED) -> Receipt:
        """A comment: an act that is always in order, and carries words to look for."""
        return self.write("comment", record, None, text.Text(remarks=remarks), ledger=ledger)

    def national(self, ref: str) -> Receipt:
        """An own record that this side has told nobody."""
        record = new_record("event", self.side)
        content = {"ref": ref, "name": f"Unreleased {ref}", "scope": "external", "category": "law", "date": "2020-05"}
        return self.write("state", record, table.State(base=0), text.Text(content=content), ledger="national")

    def again(self) -> "Capital":
        """The same folder, opened anew."""
        self.node.close()
        return Capital(Node(self.folder), self.office)


def project(ref: str = "ex-net") -> dict[str, object]:
    """The content of a project."""
    return {"ref": ref, "name": "Shipboard net", "kind": "co-development", "domain": "naval", "in_dtti": True}


def propose(by: Capital, ref: str = "ex-net", record: str = "") -> tuple[str, Receipt]:
    """A project put to the other side; returns its record and the offer."""
    record = record or new_record("project", by.side)
    terms = table.Propose(0, by.side, FAR)
    return record, by.write("propose", record, terms, text.Text(content=project(ref)))


def carry(giver: Capital, taker: Capital) -> Taken:
    """One pack from one side to the other."""
    return exchange.take_pack(taker.node, exchange.make_pack(giver.node))


def recovered(node: Node, own: exchange.Given, theirs: exchange.Given, *, declare_loss: bool = False) -> Recovered:
    """Recover as a person does: read what would be given up, then confirm it. What both steps did together."""
    first = recover.recover(node, own, theirs)
    assert first.up is not None
    if first.sure:
        return first
    second = recover.recover(node, own, theirs, confirm=first.up.sentence, declare_loss=declare_loss)
    return msgspec.structs.replace(second, own=first.own, theirs=first.theirs, taken=first.taken)


def unsealed(node: Node, data: bytes) -> bytes:
    """What is inside a file sealed to a node."""
    opened = exchange.unsealed(node, Source.of(data))
    return opened.read(0, opened.size)


def swap(one: Capital, other: Capital) -> None:
    """Packs to and fro until neither has anything new to say."""
    for _ in range(6):
        before = one.node.store.size(RELEASED), other.node.store.size(RELEASED)
        carry(one, other)
        carry(other, one)
        if before == (one.node.store.size(RELEASED), other.node.store.size(RELEASED)):
            return
    raise AssertionError("two nodes that only acknowledge never come to rest")


def empower(node: Node) -> Capital:
    """Give a new office of this side every power, and state it."""
    office = new_record("office", node.side)
    grant = table.Grant(1, ["all"], office, "2020-01-01T00:00:00Z", VERBS)
    node.write(Draft("power", terms=table.Power(grants=[grant])))
    content = {"ref": f"{node.side}/ex-sec", "side": node.side, "title": "Secretariat"}
    capital = Capital(node, office)
    capital.write("state", office, table.State(base=0), text.Text(content=content))
    return capital


def found(folder: Path, side: str, **settings: object) -> Capital:
    """One side, founded alone."""
    made = config.Config(side=side, **({"environment": "exercise"} | settings))
    return empower(founding.found(folder, made, PASSPHRASE))


def join(one: Capital, other: Capital) -> None:
    """Join two sides by their introductions, and exchange."""
    cards = founding.introduce(one.node), founding.introduce(other.node)
    assert founding.join(other.node, cards[0]) == founding.join(one.node, cards[1])
    swap(one, other)


def build(folder: Path) -> None:
    """The pair from which tests copy, in `folder`/ind and `folder`/usa, with one project agreed here."""
    ind, usa = found(folder / "ind", "IND"), found(folder / "usa", "USA")
    join(ind, usa)
    record, offer = propose(ind)
    carry(ind, usa)
    usa.write("accept", record, table.Answer(offer.act))
    swap(ind, usa)
    for each in (ind, usa):
        (folder / f"{each.side}.office").write_text(each.office)
        each.node.close()
    (folder / "record").write_text(record)


@dataclass
class Pair:
    """Two capitals and the record that both agreed."""

    ind: Capital
    usa: Capital
    record: str

    def swap(self) -> None:
        """Exchange until at rest."""
        swap(self.ind, self.usa)

    def close(self) -> None:
        """Close both."""
        for each in (self.ind, self.usa):
            each.node.close()


def copy(template: Path, folder: Path) -> Pair:
    """A pair of one's own in the new `folder`."""
    shutil.copytree(template, folder)

    def capital(side: str) -> Capital:
        return Capital(Node(folder / side.lower()), (folder / f"{side}.office").read_text())

    return Pair(capital("IND"), capital("USA"), (folder / "record").read_text())
