"""What the other side alone says of meetings closes no item of ours, and is not the meeting that comes next."""

from typing import Any

from dtti.accord import table
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.line.attend import attend
from dtti.node.line.published import put
from dtti.office import actions
from dtti.office.asking import Asking, Moment
from dtti.office.meetings import following
from dtti.programme.published import record_id
from tests.node.capitals import FAR, Pair, carry
from tests.node.conftest import pair  # noqa: F401 - a fixture

ITEM = {"number": "3", "title": "Signal library", "purpose": "information"}
FIRST = {
    "ref": "ex-group-01",
    "body": "ex-group",
    "number": 1,
    "date": "2026-05-01",
    "mode": "in-person",
    "status": "held",
    "agenda": [ITEM, {"number": "4", "title": "Helmet", "purpose": "decision", "outcome": "put-off"}],
}
NEXT = {
    "ref": "ex-group-02",
    "body": "ex-group",
    "number": 2,
    "date": "2027-01-10",
    "mode": "in-person",
    "status": "planned",
}


def agreed(both: Pair, content: dict[str, Any]) -> None:
    record = new_record("meeting", "IND")
    act = both.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=content)).act
    carry(both.ind, both.usa)
    both.usa.write("accept", record, table.Answer(act))
    carry(both.usa, both.ind)
    attend(both.ind.node)
    carry(both.ind, both.usa)


def seen(both: Pair) -> tuple[list[str], list[str], str, str]:
    """Unsaid items, items that come back, the next meeting and the last, as India sees them."""
    both.ind.node.settle()
    asking = Asking(both.ind.node, Viewer("IND"), Moment())
    planned, last = following.planned(asking, "ex-group"), following.last(asking, "ex-group")
    back = actions.carried(asking, "ex-group", asking.moment.today).items
    return (
        [each.item.title for each in following.unsaid(asking, "ex-group")],
        [each.item.title for each in back],
        planned.ref if planned else "",
        last.ref if last else "",
    )


def test_one_account_closes_nothing_and_plans_nothing(pair: Pair) -> None:  # noqa: F811
    body = {"ref": "ex-group", "name": "Exercise Group", "type": "group", "cite": {"confidence": "unverified"}}
    for each in (pair.ind, pair.usa):
        put(each.node, [("body", record_id("body", "ex-group"), body)])
    carry(pair.ind, pair.usa)
    carry(pair.usa, pair.ind)
    agreed(pair, FIRST)
    agreed(pair, NEXT)
    before = seen(pair)
    assert before == (["Signal library"], ["Helmet"], "ex-group-02", "ex-group-01")
    dropped = {
        "agenda": [
            {**ITEM, "carried": "ex-group-01", "carried_number": "3"},
            {"number": "4", "title": "Helmet", "purpose": "decision", "carried": "ex-group-01", "carried_number": "4"},
        ]
    }
    said = {"discussed": [{"item": "3", "text": "Dropped."}, {"item": "4", "text": "Dropped."}]}
    for ref, day, more in (
        ("fake-9", "2026-06-01", {"status": "held", **dropped, **said}),
        ("fake-10", "2026-12-15", {"status": "planned"}),
    ):
        content = {"ref": ref, "body": "ex-group", "date": day, "mode": "virtual", **more}
        pair.usa.write("state", new_record("meeting", "USA"), table.State(basis="own"), text.Text(content=content))
    carry(pair.usa, pair.ind)
    assert seen(pair) == before
