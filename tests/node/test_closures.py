"""Ends of a project at the doors, and what a hostile capital says of them: nothing of it shows this side as bound."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.line.attend import attend
from dtti.office.asking import Asking, Moment
from dtti.office.exits import closing, open_offer
from dtti.office.standing import Standing, standings

from .capitals import FAR, Capital, Pair, carry, project
from .test_write_seen import lawless

TODAY = datetime.now(UTC).date().isoformat()


def closure(ending: str = "terminated", ref: str = "net", **more: Any) -> dict[str, Any]:
    return {"ref": ref, "project": ref, "ending": ending, "ended": "2026-05-01", "reason": "funding", **more}


def offer(by: Capital, content: dict[str, Any], kind: str = "closure") -> tuple[str, str]:
    record = new_record(kind, by.side)
    return record, by.write("propose", record, table.Propose(0, by.side, FAR), text.Text(content=content)).act


def agree(pair: Pair, by: Capital, other: Capital, content: dict[str, Any], kind: str = "closure") -> str:
    record, act = offer(by, content, kind)
    carry(by, other)
    other.write("accept", record, table.Answer(act))
    settle(pair, by, other)
    return record


def settle(pair: Pair, by: Capital, other: Capital) -> None:
    carry(other, by)
    attend(by.node)
    carry(by, other)


def net(pair: Pair, ref: str = "net") -> str:
    """A project that both hold."""
    return agree(pair, pair.ind, pair.usa, project(ref), "project")


def stands(capital: Capital, ref: str = "net") -> Standing:
    asking = Asking(capital.node, Viewer(capital.side), Moment())
    rows = [row for row in asking.rows("project", count=50) if row.ref == ref]
    return standings(asking, rows)[rows[0].record]


def rules(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.rule for one in refused.value.refusals}


def test_both_nodes_say_the_same_of_a_suspension_its_reason_and_its_end(pair: Pair) -> None:
    record = net(pair)
    pair.ind.write("notice", record, table_2.Notice("suspend", reason="funding"), text.Text(remarks="No money."))
    carry(pair.ind, pair.usa)
    for capital in (pair.ind, pair.usa):
        one = stands(capital)
        assert (one.code, one.by, one.reason, one.since) == ("suspended", ("IND",), "funding", TODAY)
    with pytest.raises(Refused) as refused:  # each side resumes what it suspended itself
        pair.usa.write("notice", record, table.Notice("resume"))
    assert rules(refused) == {"notice"}
    pair.ind.write("notice", record, table.Notice("resume"))
    carry(pair.ind, pair.usa)
    assert [stands(capital).code for capital in (pair.ind, pair.usa)] == ["active", "active"]


def test_a_withdrawn_project_can_still_be_closed_by_both_and_says_until_then_that_it_is_not(pair: Pair) -> None:
    record = net(pair)
    with pytest.raises(Refused) as refused:  # nobody has withdrawn yet
        offer(pair.ind, closure("withdrawn", by="USA"))
    assert rules(refused) == {"closure-withdrawn"}
    pair.usa.write("notice", record, table_2.Notice("withdraw_from", reason="export-control"))
    carry(pair.usa, pair.ind)
    assert [stands(each).recorded for each in (pair.ind, pair.usa)] == ["missing", "missing"]
    with pytest.raises(Refused) as refused:  # the one that is named has not withdrawn
        offer(pair.ind, closure("withdrawn", by="IND"))
    assert rules(refused) == {"closure-withdrawn"}
    agree(pair, pair.ind, pair.usa, closure("withdrawn", by="USA"))
    for capital in (pair.ind, pair.usa):
        one = stands(capital)
        assert (one.code, one.by, one.basis, one.recorded) == ("withdrawn", ("USA",), "agreed", "open")


def test_a_closure_as_expired_rests_on_an_agreement_that_ended(pair: Pair) -> None:
    paper = {"ref": "pa", "name": "PA", "type": "project-agreement", "binding": "binding", "signed": "2020-01-01"}
    agree(pair, pair.ind, pair.usa, {**paper, "implementation": "implementing", "expires": "2026-04"}, "instrument")
    agree(pair, pair.ind, pair.usa, project("net") | {"agreements": ["pa"]}, "project")
    assert (stands(pair.usa).code, stands(pair.usa).recorded) == ("expired", "missing")
    with pytest.raises(Refused) as refused:
        offer(pair.ind, closure("expired", ended="2026-04-15"))  # it may have ended by then, and may not
    assert rules(refused) == {"closure-expired"}
    agree(pair, pair.ind, pair.usa, closure("expired", ended="2026-04-30"))
    assert stands(pair.usa).basis == "agreed"


def test_a_closure_is_of_a_project_that_both_know_and_of_a_day_that_has_come(pair: Pair) -> None:
    with pytest.raises(Refused) as refused:
        offer(pair.ind, closure())
    assert rules(refused) & {"link", "closure-project"}
    net(pair)
    with pytest.raises(Refused) as refused:
        offer(pair.ind, closure(ended=date(datetime.now(UTC).year + 1, 1, 1).isoformat()))
    assert "closure-ahead" in rules(refused)


def test_what_the_other_side_says_alone_of_an_end_closes_nothing_and_names_no_successor_of_ours(pair: Pair) -> None:
    net(pair)
    net(pair, "ours")
    usa = lawless(pair.usa)
    said = closure("superseded", successor="ours")
    record = new_record("closure", "USA")
    usa.write("state", record, table.State(basis="own"), text.Text(content=said))  # its own account
    carry(pair.usa.again(), pair.ind)
    offer(lawless(pair.usa), closure("terminated"))  # and an offer beside it
    carry(pair.usa.again(), pair.ind)
    one = stands(pair.ind)
    assert (one.code, one.next, one.recorded) == ("active", (), "")
    assert stands(pair.ind, "ours") == stands(pair.ind)
    asking = Asking(pair.ind.node, Viewer("IND"), Moment())
    row = next(row for row in asking.rows("project", count=50) if row.ref == "net")
    found = closing(asking, row)
    assert found is None or not found.counts


def test_a_lawless_offer_that_says_that_we_withdrew_is_not_agreed_to(pair: Pair) -> None:
    net(pair)
    record, act = offer(lawless(pair.usa), closure("withdrawn", by="IND"))
    carry(pair.usa.again(), pair.ind)
    with pytest.raises(Refused) as refused:
        pair.ind.write("accept", record, table.Answer(act))
    assert rules(refused) == {"closure-withdrawn"}
    assert stands(pair.ind).code == "active"


@pytest.mark.parametrize("said", ["suspend", "withdraw_from"])
def test_whoever_suspends_or_leaves_a_project_says_why_whatever_door_it_is_by(pair: Pair, said: Any) -> None:
    record = net(pair)
    for terms in (table.Notice(said), table_2.Notice(said, reason="because")):
        with pytest.raises(Refused) as refused:
            pair.ind.write("notice", record, terms, text.Text(remarks="No money."))
        assert rules(refused) == {"notice-reason"}
    assert stands(pair.ind).code == "active"
    lawless(pair.usa).write("notice", record, table.Notice(said))  # what arrives without one counts all the same
    carry(pair.usa.again(), pair.ind)
    assert stands(pair.ind).code == {"suspend": "suspended", "withdraw_from": "withdrawn"}[said]


def test_nobody_suspends_on_behalf_of_the_other_side(pair: Pair) -> None:
    """A notice is of the ledger in which it stands, whatever the words say; a report of ours by them counts nowhere."""
    record = net(pair)
    usa = lawless(pair.usa)
    terms = table_2.Notice("suspend", reason="funding")
    usa.write("notice", record, terms, text.Text(remarks="India suspends this project."))
    told = project("net") | {"statements": [{"date": "2026-05-01", "status": "terminated", "note": "By India."}]}
    usa.write("state", record, table.State(basis="own"), text.Text(content=told))
    carry(pair.usa.again(), pair.ind)
    for capital in (pair.ind, pair.usa.again()):
        one = stands(capital)
        assert (one.code, one.by) == ("suspended", ("USA",))


def test_a_project_that_both_closed_goes_no_further_than_to_its_closing(pair: Pair) -> None:
    first = project("net") | {
        "sop": "sop-1",
        "nomination_source": "working-group",
        "stages": [{"stage": "proposed", "entered": "2026-03-01"}],
    }
    record = agree(pair, pair.ind, pair.usa, first, "project")
    agree(pair, pair.ind, pair.usa, closure("not-pursued"))

    def further(*stages: str) -> None:
        entered = [*first["stages"], *({"stage": each, "entered": "2026-06-01"} for each in stages)]
        content = text.Text(content={**first, "stages": entered})
        pair.ind.write("propose", record, table.Propose(1, "IND", FAR), content)

    with pytest.raises(Refused) as refused:
        further("screened")
    assert "sop-closed" in rules(refused)
    further("closing")  # the closure says what came of it: no row between is asked


def test_an_agreement_that_a_notice_crossed_stands_and_is_flagged_on_both_nodes(pair: Pair) -> None:
    record, act = offer(pair.ind, project("net"), "project")
    carry(pair.ind, pair.usa)
    pair.usa.write("accept", record, table.Answer(act))
    carry(pair.usa, pair.ind)
    attend(pair.ind.node)  # closed here, and not seen there
    pair.usa.write("notice", record, table_2.Notice("suspend", reason="funding"))
    for giver, taker in ((pair.ind, pair.usa), (pair.usa, pair.ind)):
        carry(giver, taker)
    for capital in (pair.ind, pair.usa):
        asking = Asking(capital.node, Viewer(capital.side), Moment())
        row = next(row for row in asking.rows("project", count=50) if row.ref == "net")
        assert (row.grade, row.number, row.flagged, row.notices) == ("agreed_here", 1, 1, [("USA", "suspend")])


def test_what_was_agreed_to_while_its_own_side_left_is_not_recorded_as_agreed_and_can_be_withdrawn(pair: Pair) -> None:
    record, act = offer(pair.ind, project("net"), "project")
    carry(pair.ind, pair.usa)
    pair.usa.write("accept", record, table.Answer(act))
    pair.ind.write("notice", record, table_2.Notice("withdraw_from", reason="funding"))
    carry(pair.usa, pair.ind)
    attend(pair.ind.node)
    asking = Asking(pair.ind.node, Viewer("IND"), Moment())
    assert open_offer(asking.acts(record), "IND") == "agreed"
    pair.ind.write("withdraw", record, table.Answer(act))
    carry(pair.ind, pair.usa)
    for capital in (pair.ind, pair.usa):
        view = capital.node.book.view(record)
        assert (view.version, view.offers[0].outcome) == (0, "withdrawn")


def test_dormancy_goes_by_what_both_were_told_and_national_work_betrays_nothing(pair: Pair) -> None:
    net(pair)
    from dtti.node.record import lookups

    before = lookups.last_released(pair.ind.node, Viewer("IND", national=True), ["net"])
    national = {"ref": "d", "project": "net", "problem": "Kept inside."}
    body = text.Text(content=national)
    pair.ind.write("draft", new_record("success_definition", "IND"), None, body, ledger="national")
    assert lookups.last_released(pair.ind.node, Viewer("IND", national=True), ["net"]) == before
    assert set(before) == {"net"}
