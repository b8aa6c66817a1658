"""What is written is what was seen: composed under the append lock; what a kind cannot read is never agreed to."""

from typing import Any

import pytest
from msgspec.structs import replace

from dtti.accord import table
from dtti.accord.refusal import Refused, refuse
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger.store import RELEASED
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record, wrapped
from dtti.node.core.node import Node
from dtti.node.line.attend import attend

from .capitals import FAR, Capital, Pair, carry, project, propose


class Lawless(Node):
    """The office system of a capital that runs its own code: it asks nothing of what it sends."""

    def check_contents(self, *_: Any) -> None:
        return


def lawless(capital: Capital) -> Capital:
    capital.node.close()
    return Capital(Lawless(capital.folder), capital.office)


def offer(by: Capital, body: text.Text, record: str = "") -> tuple[str, str]:
    record = record or new_record("project", by.side)
    return record, by.write("propose", record, table.Propose(0, by.side, FAR), body).act


UNREADABLE = {
    "plain words": (text.Text(remarks="We agree on everything."), "content"),
    "an unknown member": (text.Text(content={**project("ex-odd"), "also_agreed": "A sale."}), "content-form"),
    "a rule broken": (
        text.Text(
            content={**project("ex-odd"), "stages": [{"stage": "proposed", "entered": "2027-01"}] * 2},
        ),
        "project-stages",
    ),
    "a link to nothing": (text.Text(content={**project("ex-odd"), "body": "no-such-body"}), "link"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_its_kind_refuses_is_not_agreed_to_and_can_be_sent_back_or_lapse(pair: Pair, what: str) -> None:
    body, rule = UNREADABLE[what]
    record, act = offer(lawless(pair.usa), body)
    carry(pair.usa.again(), pair.ind)
    size = pair.ind.node.store.size(RELEASED)
    with pytest.raises(Refused) as refused:
        pair.ind.write("accept", record, table.Answer(act))
    assert rule in {one.rule for one in refused.value.refusals}
    assert pair.ind.node.store.size(RELEASED) == size
    pair.ind.write("send_back", record, table.SendBack(act), text.Text(remarks="It cannot be read here."))
    assert pair.ind.node.book.view(record).offer is not None


def test_compose_runs_under_the_append_lock_and_what_it_refuses_leaves_nothing(pair: Pair) -> None:
    record, act = propose(pair.usa, "ex-two")
    carry(pair.usa, pair.ind)
    size = pair.ind.node.store.size(RELEASED)

    def changed() -> list[Draft]:
        raise Refused(refuse("seen", "it changed", "Look again."))

    with pytest.raises(Refused):
        pair.ind.node.write_seen(changed)
    assert pair.ind.node.store.size(RELEASED) == size
    draft = Draft("accept", record, table.Answer(act.act), pair.ind.office)
    (receipt,) = pair.ind.node.write_seen(lambda: [draft])
    assert receipt.verb == "accept"
    attend(pair.ind.node)


def test_a_draft_with_salts_of_its_own_has_the_same_commitments_before_and_after_it_is_written(pair: Pair) -> None:
    record = new_record("event", "IND")
    content = {"ref": "ex-e", "name": "Launch", "scope": "external", "category": "law", "date": "2020-05"}
    body = text.Text(content=content, files=[text.File("scan.pdf", "application/pdf")])
    draft = Draft("state", record, table.State(base=0), pair.ind.office, (body,), (b"%PDF",))
    salted = replace(draft, salts=(b"1" * 32, b"2" * 32))
    before = [bodies.commit(one) for one in wrapped(salted)]
    receipt = pair.ind.node.write(salted)
    placed = pair.ind.node.store.find(receipt.act)
    assert placed is not None
    assert acts.open_leaf(placed.leaf).act.body == before
    assert wrapped(draft) != wrapped(draft)
    with pytest.raises(ValueError, match="1 salts for 2 bodies"):
        pair.ind.node.write(replace(draft, salts=(b"1" * 32,)))
