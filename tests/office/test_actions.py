"""Actions across meetings, asked of both capitals: what a meeting opens with, who sees which report."""

from datetime import date
from typing import Any

import pytest

from dtti.accord import table
from dtti.node.core.draft import new_record
from dtti.node.core.text import Text
from dtti.node.core.visibility import Viewer
from dtti.office import actions, desk, reports
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


# --- who sees what, and that all say the same ------------------------------------------------------------------------


def told(capital: Capital, ref: str, state: str, ledger: str = "released", **more: Any) -> None:
    """A report of a side on the first action of the first meeting."""
    content = {
        "ref": ref,
        "side": capital.side,
        "meeting": "ex-01",
        "action": "1",
        "office": f"{capital.side}/ex-sec",
        "holder": "Asha",
        "date": "2026-06-10",
        "state": state,
        "work_done": "It was sent.",
        **more,
    }
    record = new_record("action_report", capital.side)
    capital.write("state", record, table.State(base=0), Text(content=content), ledger=ledger)


def state(capital: Capital, national: bool = True) -> tuple[str, int]:
    """The state of that action on a side, and how many reports on it are seen there."""
    asked = Asking(capital.node, Viewer(capital.side, national=national, person="A"), Moment())
    found = next(each for each in actions.made(asked).actions if (each.meeting, each.number) == ("ex-01", "1"))
    return found.state, len(found.reports)


def test_a_report_that_is_kept_inside_is_counted_for_its_own_side_alone(met: Pair) -> None:
    told(met.ind, "r1", "met", "national")
    met.swap()
    assert state(met.ind) == ("reported", 1)
    assert state(met.ind, national=False) == ("open", 0)
    assert state(met.usa) == ("open", 0)


def test_both_capitals_say_the_same_of_what_was_told_and_a_report_of_no_owner_moves_neither(met: Pair) -> None:
    told(met.usa, "u1", "met")
    met.swap()
    assert state(met.ind) == state(met.usa) == ("open", 1)
    told(met.ind, "r1", "met")
    met.swap()
    assert state(met.ind) == state(met.usa) == ("reported", 2)
    told(met.ind, "v1", "met", verifies="r1", holder="ASHA")
    met.swap()
    assert state(met.ind) == state(met.usa) == ("reported", 3)
    told(met.usa, "v2", "met", verifies="r1", holder="Ruth")
    met.swap()
    assert state(met.ind) == state(met.usa) == ("met", 4)


def test_the_desk_promises_and_the_register_say_one_state(met: Pair) -> None:
    agreed(
        met,
        "commitment",
        ref="ex-c",
        text="Agree a form",
        force="firm",
        made="2026-01-20",
        body="ex-group",
        owners=IND,
        due="2026-02-01",
    )
    wanted = asking(met.ind)

    def said() -> tuple[list[str], str, str]:
        on_desk = [each.row.ref for each in desk.desk(wanted).due if each.row.kind == "commitment"]
        promised = reports.made(wanted, reports.Promises, now=True, of="all").commitments["ex-c"].state
        row = next(each for each in actions.made(wanted).actions if each.record == "commitment:ex-c")
        return on_desk, promised, row.state

    assert said() == (["ex-c"], "open", "open")
    content = {"commitment": "ex-c", "office": "IND/ex-sec", "holder": "Asha", "date": "2026-02-10", "state": "met"}
    record = new_record("action_report", "IND")
    body = Text(content={"ref": "rc", "side": "IND", "work_done": "Agreed.", **content})
    met.ind.write("state", record, table.State(base=0), body)
    assert said() == ([], "reported", "reported")


def test_what_comes_down_and_what_goes_up_stands_on_both_meetings(pair: Pair) -> None:
    agreed(pair, "body", ref="ex-top", name="Ministerial", type="dialogue")
    agreed(pair, "body", ref="ex-group", name="Group", type="steering-group", parent="ex-top")
    for ref, body, day, status in (
        ("ex-top-1", "ex-top", "2026-01-10", "held"),
        ("ex-group-1", "ex-group", "2026-03-10", "held"),
        ("ex-top-2", "ex-top", "2026-09-10", "held"),
    ):
        agreed(pair, "meeting", ref=ref, body=body, date=day, mode="virtual", status=status)
    for ref, of, body, made in (
        ("down", "ex-top-1", "ex-top", "2026-01-10"),
        ("up", "ex-group-1", "ex-group", "2026-03-10"),
    ):
        agreed(pair, "commitment", ref=ref, text=ref, force="firm", made=made, meeting=of, body=body, due="2026-12-01")
    group_met = actions.from_to(asking(pair.usa), "ex-group-1")
    assert [each.ref for each in group_met.came_down] == ["down"]
    assert [each.ref for each in group_met.made_here] == ["up"]
    assert group_met.next_above == "ex-top-2"
    top_met = actions.from_to(asking(pair.ind), "ex-top-2")
    assert ([each.ref for each in top_met.came_up], top_met.came_down) == (["up"], [])
    assert actions.from_to(asking(pair.ind), "ex-top-1").came_up == []


def test_an_item_of_which_the_record_says_nothing_is_neither_carried_nor_dropped(pair: Pair) -> None:
    """Spoken of, decided on, put off or taken: said. The opening, and the open actions as one item, are none such."""
    group(pair)
    before = [item("7", "Silent", purpose="review", outcome="put-off")]
    agreed(pair, "meeting", **meeting(0, "2026-01-03", agenda=before) | {"number": 9})
    agenda = [
        item("1", "Adoption"),
        item("2", "Spoken of", purpose="review"),
        item("3", "Silent", purpose="review", carried="ex-00", carried_number="7"),
        item("4", "Taken", purpose="review", outcome="taken"),
        item("5", "Open actions", purpose="review", carried="ex-00"),
        item("6", "For information", purpose="information"),
        item("7", "Put off", outcome="put-off"),
    ]
    agreed(pair, "meeting", **meeting(1, "2026-02-03", agenda=agenda, discussed=[{"item": "2", "text": "Both spoke."}]))
    for capital in (pair.ind, pair.usa):
        left = actions.unsaid(asking(capital), "ex-group", date(2026, 3, 1))
        assert [(each.meeting, each.number, each.last, each.item.title, each.why) for each in left] == [
            ("ex-00", "7", "ex-01", "Silent", "unsaid"),
            ("ex-01", "6", "ex-01", "For information", "unsaid"),
        ]
        carried = actions.carried(asking(capital), "ex-group", date(2026, 3, 1))
        assert [each.item.title for each in carried.items] == ["Put off"]
    later = [item("1", "Adoption"), item("2", "Silent", purpose="review", carried="ex-00", carried_number="7")]
    said = [{"item": "2", "text": "It was heard."}]
    agreed(pair, "meeting", **meeting(2, "2026-03-03", agenda=later, discussed=said))
    left = actions.unsaid(asking(pair.ind), "ex-group", date(2026, 4, 1))
    assert [each.item.title for each in left] == ["For information"]  # a later record says what came of the other
