"""An answer first seen after its offer had run out: the office system closes nothing, and shows what it had seen."""

from datetime import datetime, timedelta

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger.store import RELEASED
from dtti.node.core import text
from dtti.node.core.draft import Receipt, new_record
from dtti.node.keeping import status
from dtti.node.line import exchange, late
from dtti.node.line.attend import attend
from tests.node import capitals
from tests.node.capitals import Pair


def ahead(pair: Pair, days: float) -> str:
    """The time so many days after the start of the offer."""
    return (datetime.fromisoformat(pair.ind.node.book.released.time) + timedelta(days=days)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def at(pair: Pair, time: str) -> None:
    """Set India's clock."""
    pair.ind.node.clock = lambda: time


@pytest.fixture
def offered(pair: Pair) -> tuple[Pair, str, Receipt, str]:
    """India offers a project for two days, and America holds the offer."""
    until = ahead(pair, 2)
    record = new_record("project", "IND")
    terms = table.Propose(0, "IND", until)
    offer = pair.ind.write("propose", record, terms, text.Text(content=capitals.project("ex-late")))
    capitals.carry(pair.ind, pair.usa)
    return pair, record, offer, until


def outcome(pair: Pair, record: str) -> str:
    offers = pair.ind.node.book.view(record).offers
    return offers[-1].outcome or ""


def test_an_answer_seen_in_time_is_closed_at_once(offered: tuple[Pair, str, Receipt, str]) -> None:
    pair, record, offer, until = offered
    pair.usa.write("accept", record, table.Answer(offer.act))
    at(pair, until)
    exchange.take_pack(pair.ind.node, exchange.make_pack(pair.usa.node))
    assert outcome(pair, record) == "agreed"
    assert late.late_answers(pair.ind.node) == []


def test_an_answer_that_claims_an_earlier_time_is_left_to_a_person(offered: tuple[Pair, str, Receipt, str]) -> None:
    pair, record, offer, until = offered
    answer = pair.usa.write("accept", record, table.Answer(offer.act))
    assert answer.time < until
    held = exchange.make_pack(pair.usa.node)
    at(pair, ahead(pair, 365))
    exchange.take_pack(pair.ind.node, held)
    attend(pair.ind.node)
    assert outcome(pair, record) == ""
    (one,) = late.late_answers(pair.ind.node)
    assert (one.record, one.offer, one.answer, one.verb) == (record, offer.act, answer.act, "accept")
    assert (one.until, one.time) == (until, answer.time)
    assert one.sighted is not None
    sighted = acts.open_leaf(pair.ind.node.store.leaf(RELEASED, one.sighted.index))
    assert sighted.id == one.sighted.act
    assert sighted.act.time > until
    assert sighted.act.seen.size <= one.place
    assert all(each.seen <= one.place for each in one.checkpoints)
    made = status.status(pair.ind.node)
    assert [each["rule"] for each in made["amiss"]] == ["late-answer", "backup-age"]  # for so long none was made
    assert [each["offer"] for each in made["exchange"]["late_answers"]] == [offer.act]


@pytest.mark.parametrize("end", ["late", "agreed"])
def test_a_person_ends_it(offered: tuple[Pair, str, Receipt, str], end: str) -> None:
    pair, record, offer, _ = offered
    pair.usa.write("accept", record, table.Answer(offer.act))
    held = exchange.make_pack(pair.usa.node)
    at(pair, ahead(pair, 30))
    exchange.take_pack(pair.ind.node, held)
    with pytest.raises(Refused) as caught:
        late.decide(pair.ind.node, record, "returned", pair.ind.office)
    assert caught.value.refusals[0].rule == "late-answer"
    late.decide(pair.ind.node, record, end, pair.ind.office)  # type: ignore[arg-type]
    assert outcome(pair, record) == end
    assert late.late_answers(pair.ind.node) == []
    pair.usa.node.clock = pair.ind.node.clock
    capitals.carry(pair.ind, pair.usa)
    assert pair.usa.node.book.view(record).offers[-1].outcome == end
    with pytest.raises(Refused):
        late.decide(pair.ind.node, record, "late", pair.ind.office)


def test_a_return_that_comes_late_passes_no_pen_by_itself(offered: tuple[Pair, str, Receipt, str]) -> None:
    pair, record, offer, _ = offered
    pair.usa.write("send_back", record, table.SendBack(offer.act), text.Text(remarks="no"))
    held = exchange.make_pack(pair.usa.node)
    at(pair, ahead(pair, 30))
    exchange.take_pack(pair.ind.node, held)
    assert pair.ind.node.book.view(record).pen == "IND"
    assert [one.verb for one in late.late_answers(pair.ind.node)] == ["send_back"]
    late.decide(pair.ind.node, record, "returned", pair.ind.office)
    assert pair.ind.node.book.view(record).pen == "USA"


def test_what_was_seen_in_time_and_not_closed_then_is_closed_later(
    offered: tuple[Pair, str, Receipt, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that was stopped between taking the answer in and closing still shows that it came in time."""
    pair, record, offer, until = offered
    pair.usa.write("accept", record, table.Answer(offer.act))
    at(pair, until)
    with monkeypatch.context() as patched:
        patched.setattr(exchange, "attend", lambda node: [])
        exchange.take_pack(pair.ind.node, exchange.make_pack(pair.usa.node))
    pair.ind.comment(pair.record, "written in time, in the knowledge of the answer")
    at(pair, ahead(pair, 30))
    attend(pair.ind.node)
    assert outcome(pair, record) == "agreed"


def test_an_offer_that_ran_out_unanswered_lapses_as_ever(offered: tuple[Pair, str, Receipt, str]) -> None:
    pair, record, _, _ = offered
    at(pair, ahead(pair, 30))
    attend(pair.ind.node)
    assert outcome(pair, record) == "lapsed"
