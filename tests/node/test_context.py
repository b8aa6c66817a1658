"""The rules that look at the text before: they run at every own door, whoever wrote the text that stands."""

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger.store import NATIONAL
from dtti.node.acting import binding
from dtti.node.core import context, release, text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.record import then
from dtti.node.record.clock import At
from dtti.programme.kinds.commitment import Commitment
from tests.node import capitals
from tests.node.capitals import Capital, Pair

PAPER = text.Paper("D/7", "2026-03-02")


def commitment(due: str | None, ref: str = "ex-deed") -> dict[str, object]:
    content: dict[str, object] = {"ref": ref, "text": "Test the net", "force": "firm", "made": "2026-01-05"}
    return content | ({"due": due} if due else {"due_text": "soon"})


def meeting(due: str) -> dict[str, object]:
    owners = [{"side": "IND", "office": "IND/ex-sec"}]
    action = {"number": "1", "text": "Send the drawings", "owners": owners, "due": due}
    return {
        "ref": "ex-met",
        "body": "ex-body",
        "date": "2026-02-03",
        "mode": "virtual",
        "status": "held",
        "actions": [action],
    }


def agreed(pair: Pair, content: dict[str, object], kind: str = "commitment") -> str:
    record = new_record(kind, "IND")
    offer = pair.ind.write("propose", record, table.Propose(0, "IND", capitals.FAR), text.Text(content=content))
    pair.swap()
    pair.usa.write("accept", record, table.Answer(offer.act))
    pair.swap()
    assert pair.ind.node.book.view(record).version == 1
    return record


def refused(
    by: Capital, verb: str, record: str, terms: object, *texts: text.Text, ledger: str = "released"
) -> set[str]:
    with pytest.raises(Refused) as stopped:
        by.write(verb, record, terms, *texts, ledger=ledger)
    return {each.rule for each in stopped.value.refusals}


@pytest.mark.parametrize(("kept", "lost"), [("2026-06-30", "2026-09-30"), ("2026", None)])
def test_a_due_date_that_both_hold_is_lost_at_no_door(pair: Pair, kept: str, lost: str | None):
    record = agreed(pair, commitment(kept))
    later = text.Text(content=commitment(lost))
    rule = {"commitment-original-due"}
    assert refused(pair.ind, "propose", record, table.Propose(1, "IND", capitals.FAR), later) == rule
    on_paper = text.Text(content=commitment(lost), paper=PAPER)
    for each in (pair.ind, pair.usa):
        assert refused(each, "state", record, table.State(basis="paper"), on_paper) == rule

    sound = commitment(kept) | {"notes": "said again"}
    offer = pair.ind.write("propose", record, table.Propose(1, "IND", capitals.FAR), text.Text(content=sound))
    pair.swap()
    back = table.SendBack(offer.act, "USA", capitals.FAR)
    assert refused(pair.usa, "send_back", record, back, text.Text(remarks="Later."), later) == rule
    pair.usa.write("send_back", record, back, text.Text(remarks="Thus."), text.Text(content=sound | {"notes": "so"}))
    pair.swap()


def test_an_action_of_a_meeting_keeps_its_first_day(pair: Pair):
    agreed(pair, {"ref": "ex-body", "name": "Group", "type": "working-group"}, "body")
    record = agreed(pair, meeting("2026-03-01"), "meeting")
    moved = text.Text(content=meeting("2026-05-01"))
    assert refused(pair.ind, "propose", record, table.Propose(1, "IND", capitals.FAR), moved) == {"meeting-action-due"}


def test_the_account_of_the_other_side_alone_binds_nobody(pair: Pair):
    record = new_record("commitment", "IND")
    pair.ind.write("draft", record, None, text.Text(content=commitment("2026-09-30")))
    pair.swap()
    pair.usa.write(
        "state", record, table.State(basis="paper"), text.Text(content=commitment("2026-06-30"), paper=PAPER)
    )
    pair.swap()
    mine = text.Text(content=commitment("2026-09-30"))
    pair.ind.write("propose", record, table.Propose(0, "IND", capitals.FAR), mine)
    assert refused(
        pair.usa,
        "state",
        record,
        table.State(basis="paper"),
        text.Text(content=commitment("2026-09-30"), paper=PAPER),
    ) == {"commitment-original-due"}


def test_national_texts_and_their_released_copies_keep_it_too(pair: Pair):
    record = new_record("commitment", "IND")
    first = text.Text(content=commitment("2026-06-30"), paper=PAPER)
    pair.ind.write("state", record, table.State(basis="paper"), first, ledger=NATIONAL)
    other = text.Text(content=commitment("2026-09-30"), paper=PAPER)
    assert refused(pair.ind, "state", record, table.State(basis="paper"), other, ledger=NATIONAL) == {
        "commitment-original-due"
    }
    view = pair.ind.node.book.view(record, NATIONAL)
    before = context.previous(pair.ind.node, view, "IND")
    assert isinstance(before, Commitment)
    assert str(before.due) == "2026-06-30"


def test_a_report_of_what_has_no_day_of_its_own_is_not_there_before_its_paper(pair: Pair):
    sides = ("IND", "USA")
    definition: dict[str, object] = {
        "ref": "ex-paper-success",
        "project": "ex-net",
        "problem": "Fuel.",
        "end_users": [{"side": side, "user": "Posts"} for side in sides],
        "measures": [
            {
                "name": "Hours",
                "unit": "hours",
                "baseline": "not measured",
                "target": "200",
                "by": "2028-06",
                "shown_by": "Trial",
            }
        ],
        "partial": "Half the hours.",
        "failure": "Heard at 50 metres.",
        "assessors": [{"side": side, "office": f"{side}/ex-sec"} for side in sides],
    }
    record = new_record("success_definition", "IND")
    said = text.Text(content=definition, paper=text.Paper("D/8", "2026-03-02"))
    pair.ind.write("state", record, table.State(basis="paper"), said)
    viewer = Viewer("IND", national=True)
    shown = {
        day: record in {one.row.record for one in then.rows(pair.ind.node, viewer, At(on=day), "success_definition")}
        for day in ("2025-12-31", "2026-03-01", "2026-03-02", "2026-07-01")
    }
    assert shown == {"2025-12-31": False, "2026-03-01": False, "2026-03-02": True, "2026-07-01": True}


def test_a_release_is_compared_with_what_both_sides_hold_of_the_record(pair: Pair):
    record = agreed(pair, commitment("2026-06-30"))
    said = text.Text(content=commitment("2026-06-30") | {"notes": "as we read it"}, paper=PAPER)
    pair.ind.write("state", record, table.State(basis="paper"), said, ledger=NATIONAL)
    node, viewer = pair.ind.node, Viewer("IND", national=True)
    drafts = release.drafts(node, record, pair.ind.office, copy=new_record("commitment", "IND"))
    shown = binding.bind(node, viewer, binding.salted(node, drafts, binding.fresh()))
    assert [(each.role, each.record) for each in shown.compared] == [("stands", record)]
