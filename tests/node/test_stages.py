"""A project enters a stage at the doors: where a side offers such a text, and where the other agrees to one."""

from typing import Any

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger.store import RELEASED
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.line.attend import attend

from .capitals import FAR, Capital, Pair, carry, project
from .test_write_seen import lawless

DAY = "2026-03-01"
PROPOSED = {
    **project("ex-gate"),
    "sop": "sop-1",
    "nomination_source": "working-group",
    "stages": [{"stage": "proposed", "entered": DAY}],
}
SKIPPED = {**PROPOSED, "stages": [*PROPOSED["stages"], {"stage": "screened", "entered": DAY}]}  # type: ignore[misc]


def offer(by: Capital, content: dict[str, Any], record: str = "", base: int = 0) -> tuple[str, str]:
    record = record or new_record("project", by.side)
    return record, by.write("propose", record, table.Propose(base, by.side, FAR), text.Text(content=content)).act


def rules(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.rule for one in refused.value.refusals}


def agreed(pair: Pair) -> str:
    """A project that both sides hold at the stage `proposed`."""
    record, act = offer(pair.ind, PROPOSED)
    carry(pair.ind, pair.usa)
    pair.usa.write("accept", record, table.Answer(act))
    carry(pair.usa, pair.ind)
    attend(pair.ind.node)
    carry(pair.ind, pair.usa)
    return record


def test_a_text_that_enters_a_stage_is_offered_with_what_the_stage_asks_for_and_says_what_is_missing(
    pair: Pair,
) -> None:
    record = agreed(pair)
    size = pair.ind.node.store.size(RELEASED)
    with pytest.raises(Refused) as refused:
        offer(pair.ind, SKIPPED, record, 1)
    assert rules(refused) == {"sop-gate"}
    said = [one.reason for one in refused.value.refusals]
    assert sum("A requirement sponsor" in each for each in said) == 2  # one for each side
    assert any("may not be waived" in one.remedy for one in refused.value.refusals)
    assert any("both agree" in one.remedy for one in refused.value.refusals)
    assert pair.ind.node.store.size(RELEASED) == size


def test_the_first_stage_too_and_a_version_must_be_named(pair: Pair) -> None:
    for left_out in ("nomination_source", "sop"):
        with pytest.raises(Refused) as refused:
            offer(pair.ind, {name: value for name, value in PROPOSED.items() if name != left_out})
        assert rules(refused) == {"sop-gate"}


def test_an_offer_of_a_lawless_capital_that_skips_a_gate_is_shown_and_not_agreed_to(pair: Pair) -> None:
    record, act = offer(lawless(pair.usa), SKIPPED)
    carry(pair.usa.again(), pair.ind)
    size = pair.ind.node.store.size(RELEASED)
    with pytest.raises(Refused) as refused:
        pair.ind.write("accept", record, table.Answer(act))
    assert rules(refused) == {"sop-gate"}
    assert pair.ind.node.store.size(RELEASED) == size
    pair.ind.write("send_back", record, table.SendBack(act), text.Text(remarks="Sponsors are missing."))


def test_a_counter_text_that_skips_a_gate_is_not_sent_back(pair: Pair) -> None:
    record, act = offer(pair.usa, PROPOSED)
    carry(pair.usa, pair.ind)
    back = table.SendBack(act, "IND", FAR)
    with pytest.raises(Refused) as refused:
        pair.ind.write("send_back", record, back, text.Text(remarks="Further."), text.Text(content=SKIPPED))
    assert rules(refused) == {"sop-gate"}


def test_what_is_reported_from_paper_is_recorded_whatever_it_skips(pair: Pair) -> None:
    record = new_record("project", "IND")
    body = text.Text(content=SKIPPED, paper=text.Paper("EX/1", DAY, "Letter"))
    pair.ind.write("state", record, table.State(basis="paper"), body)
    assert pair.ind.node.book.view(record).texts[-1].number == 0


def test_what_each_side_says_for_itself_alone_puts_no_stage_behind(pair: Pair) -> None:
    """Both report that the stage was entered, each from a letter of its own: neither has agreed to it."""
    record = agreed(pair)
    for capital in (pair.ind, pair.usa):
        body = text.Text(content=SKIPPED, paper=text.Paper(f"EX/{capital.side}", DAY, "Letter"))
        capital.write("state", record, table.State(basis="paper"), body)
    carry(pair.ind, pair.usa)
    carry(pair.usa, pair.ind)
    with pytest.raises(Refused) as refused:
        offer(pair.ind, SKIPPED, record, 1)
    assert rules(refused) == {"sop-gate"}


def test_a_version_that_nobody_here_holds_is_not_agreed_to(pair: Pair) -> None:
    record, act = offer(lawless(pair.usa), {**SKIPPED, "sop": "sop-99"})
    carry(pair.usa.again(), pair.ind)
    with pytest.raises(Refused) as refused:
        pair.ind.write("accept", record, table.Answer(act))
    assert "project-sop" in rules(refused)
