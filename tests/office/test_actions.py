"""Actions across meetings, asked of both capitals: what a meeting opens with, who sees which report."""

from datetime import date
from typing import Any

import pytest

from dtti.accord import table
from dtti.node.core.draft import new_record
from dtti.node.core.text import Text
from dtti.node.core.visibility import Viewer
from dtti.office import actions
from dtti.office.asking import Asking, Moment
from tests.node.capitals import FAR, Capital, Pair

IND = [{"side": "IND", "office": "IND/ex-sec"}]


def asking(capital: Capital, **more: Any) -> Asking:
    return Asking(capital.node, Viewer(capital.side, national=True, person="A", **more), Moment())


def agreed(pair: Pair, kind: str, record: str = "", base: int = 0, **content: Any) -> str:
    """A joint record that India offers and the United States agrees to."""
    record = record or new_record(kind, "IND")
    offer = pair.ind.write("propose", record, table.Propose(base, "IND", FAR), Text(content=content))
    pair.swap()
    pair.usa.write("accept", record, table.Answer(offer.act))
    pair.swap()
    return record


def group(pair: Pair) -> None:
    agreed(pair, "body", ref="ex-group", name="Exercise Group", type="steering-group")


def meeting(number: int, day: str, **more: Any) -> dict[str, Any]:
    return {
        "ref": f"ex-{number:02}",
        "body": "ex-group",
        "number": number,
        "date": day,
        "mode": "virtual",
        "status": "held",
        **more,
    }


def action(number: str, due: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "text": f"Do {number}.", "owners": IND, "due": due, **more}


def item(number: str, title: str = "Ranges", **more: Any) -> dict[str, Any]:
    return {"number": number, "title": title, "purpose": "decision", **more}


@pytest.fixture
def met(pair: Pair) -> Pair:
    """A body that met twice: an action open, one done; an item put off twice, one taken when it came back."""
    group(pair)
    agreed(
        pair,
        "meeting",
        **meeting(
            1,
            "2026-01-20",
            actions=[action("1", "2026-06-01"), action("2", "2026-03-01", done="2026-02-20")],
            agenda=[item("3", outcome="put-off"), item("4", "Helmets", outcome="put-off"), item("5", outcome="taken")],
        ),
    )
    again = {"carried": "ex-01", "carried_number": "3"}
    other = {"carried": "ex-01", "carried_number": "4"}
    agreed(
        pair,
        "meeting",
        **meeting(
            2,
            "2026-05-20",
            actions=[action("1", "2026-05-30")],
            agenda=[
                item("1", **again, outcome="put-off"),
                item("2", "Helmets", **other, outcome="taken"),
            ],
        ),
    )
    return pair


def test_a_meeting_opens_with_what_the_earlier_ones_left_under_its_first_name(met: Pair) -> None:
    for capital in (met.ind, met.usa):
        found = actions.carried(asking(capital), "ex-group", date(2026, 11, 20))
        assert [(each.meeting, each.number) for each in found.actions] == [("ex-02", "1"), ("ex-01", "1")]
        assert [(each.meeting, each.number, each.last, each.item.number) for each in found.items] == [
            ("ex-01", "3", "ex-02", "1")
        ]


def test_before_the_second_meeting_only_what_the_first_left_is_carried(met: Pair) -> None:
    found = actions.carried(asking(met.ind), "ex-group", date(2026, 5, 20))
    assert [(each.meeting, each.number) for each in found.actions] == [("ex-01", "1")]
    assert [each.number for each in found.items] == ["3", "4"]


def test_a_cancelled_meeting_leaves_all_its_items_and_a_body_that_is_not_recorded_nothing(met: Pair) -> None:
    agreed(met, "meeting", **meeting(3, "2026-09-20", status="cancelled", agenda=[item("1", "Buoys")]))
    found = actions.carried(asking(met.usa), "ex-group", date(2026, 11, 20))
    assert [(each.meeting, each.number, each.why) for each in found.items] == [
        ("ex-01", "3", "put-off"),
        ("ex-03", "1", "cancelled"),
    ]
    assert actions.carried(asking(met.usa), "no-such", date(2026, 11, 20)).items == []
