"""What the demonstration shows, it shows by real acts: each staged situation, on both nodes alike."""

from typing import Any

import pytest

from dtti.accord.replay import replay
from dtti.accord.rule_sets import RULE_SETS
from dtti.demo import register
from dtti.demo.exercise import Exercise
from dtti.demo.pair import SIDES, Pair
from dtti.ledger.act import open_leaf
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import verify
from dtti.node.core.visibility import Viewer
from dtti.node.record import read, rebuild
from dtti.office.asking import Asking, Moment
from dtti.office.standing import standings
from dtti.programme.sop.spine import SPINE
from dtti.programme.standing import ENDINGS

pytestmark = pytest.mark.xdist_group("demo")

Staged = tuple[Pair, Exercise]

#: reference: grade of what is shown, texts agreed here, pen, in whose court
SITUATIONS = {
    "ex-net": ("agreed_here", 2, "IND", ""),
    "ex-net-success": ("agreed_here", 1, "USA", "IND"),
    "ex-survey": ("offer", 0, "USA", "IND"),
    "ex-soi": ("agreed_here", 1, "IND", "USA"),
    "ex-power": ("recorded", 0, "IND", "IND"),
    "ex-helmet": ("on_paper", 0, "USA", ""),
    "ex-harbour": ("lapsed", 0, "IND", ""),
    "ex-buoy": ("agreed_here", 1, "USA", ""),
    "ex-helmet-success": ("draft", 0, "USA", ""),
    "ex-group": ("agreed_here", 1, "IND", ""),
    "ex-trial-plan": ("agreed_here", 1, "USA", ""),
}


def row(staged: Staged, side: str, ref: str) -> read.Listed:
    node = staged[0].nodes[side]
    viewer = Viewer(side)
    record = read.find(node, viewer, ref)
    assert record is not None
    found = read.state(node, viewer, record)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("ref", SITUATIONS)
def test_a_staged_situation_stands_alike_on_both_nodes(staged: Staged, ref: str) -> None:
    rows = [row(staged, side, ref) for side in SIDES]
    assert [(each.grade, each.number, each.pen, each.court) for each in rows] == [SITUATIONS[ref]] * 2
    assert rows[0].record == rows[1].record
    assert rows[0].act == rows[1].act


def test_the_suspended_project_says_who_suspended_it(staged: Staged) -> None:
    assert row(staged, "IND", "ex-buoy").notices == [("USA", "suspend")]


def test_no_act_of_the_exercise_is_void(staged: Staged, side: str) -> None:
    store = staged[0].nodes[side].store
    assert [store.voids(ledger) for ledger in (RELEASED, NATIONAL, MIRROR)] == [{}, {}, {}]


def test_the_public_record_stands_published_and_belongs_to_neither(staged: Staged, side: str) -> None:
    node = staged[0].nodes[side]
    stated = {one.act.record for one in map(open_leaf, node.store.leaves(RELEASED)) if "/PUB/" in one.act.record}
    said = []
    for viewer in (Viewer(side, public=True), Viewer(side), Viewer(side, national=True)):
        rows = [row for row in read.listing(node, viewer, count=5000).rows if row.side == "PUB"]
        assert {(row.grade, row.label, row.stated_by, row.compiled) for row in rows} == {
            ("published", "public", side, True)
        }
        assert {row.record for row in rows} == stated
        said.append({row.record: (row.act, row.title) for row in rows})
    assert said[0] == said[1] == said[2]
    assert len(stated) > 600


def test_the_two_nodes_hold_the_same_of_each_other(staged: Staged) -> None:
    india, usa = (staged[0].nodes[side] for side in SIDES)
    for one, other in ((india, usa), (usa, india)):
        size = one.store.size(MIRROR)
        assert one.store.root(MIRROR) == other.store.root(RELEASED, size)
        assert other.store.size(RELEASED) - size <= 2  # the last acknowledgements are still on their way


def test_replaying_everything_gives_the_same_joint_state_as_the_running_node(staged: Staged, side: str) -> None:
    node = staged[0].nodes[side]
    other = "USA" if side == "IND" else "IND"
    ledgers = {
        (side, "released"): list(node.store.leaves(RELEASED)),
        (other, "released"): list(node.store.leaves(MIRROR)),
        (side, "national"): list(node.store.leaves(NATIONAL)),
    }
    state = replay(ledgers, RULE_SETS, verify=False)
    assert state.void() == []
    for record, folded in state.records.items():
        released = any(one.ledger != NATIONAL for one in node.store.of_record(record))
        if released:
            assert _joint(node.book.record(record).whole) == _joint(folded.whole)


def _joint(view: Any) -> tuple[Any, ...]:
    texts = [(text.act, text.number, text.basis, text.confirmed_by) for text in view.texts]
    return view.pen, view.version, texts, view.notices, view.offer.id if view.offer else ""


@pytest.mark.long
def test_a_record_made_anew_equals_the_one_that_stands(staged: Staged, side: str) -> None:
    assert rebuild.compare(staged[0].nodes[side]) == []


@pytest.mark.long
def test_each_folder_verifies(staged: Staged, side: str) -> None:
    node = staged[0].nodes[side]
    node.checkpoint()
    reports = verify.verify(node.folder.path)
    assert [fault for report in reports for fault in report.faults] == []
    assert len(reports) >= 5


def test_what_is_national_stands_on_one_node_only(staged: Staged) -> None:
    for side, other in (("IND", "USA"), ("USA", "IND")):
        own, theirs = staged[0].nodes[side], staged[0].nodes[other]
        viewer = Viewer(side, national=True)
        assert read.listing(own, viewer, words=register.NATIONAL[side]).total == 1
        assert read.listing(own, Viewer(side), words=register.NATIONAL[side]).total == 0
        assert read.listing(theirs, Viewer(other, national=True), words=register.NATIONAL[side]).total == 0


def test_the_exercise_holds_a_project_in_each_stage_and_each_standing_alike_on_both_nodes(staged: Staged) -> None:
    told = []
    for side in SIDES:
        asking = Asking(staged[0].nodes[side], Viewer(side), Moment())
        rows = [row for row in asking.rows("project", count=100) if row.side != "PUB"]
        held = standings(asking, rows)
        assert {row.stage for row in rows} == set(SPINE)
        assert {one.code for one in held.values()} == {*ENDINGS, "suspended", "dormant", "active"}
        assert {by for one in held.values() if one.code == "suspended" for by in one.by} == set(SIDES)
        assert {one.recorded for one in held.values() if one.ended} == {"recorded", "open", "missing"}
        told.append({row.ref: held[row.record] for row in rows if row.record in held})
    assert told[0] == told[1]
    assert told[0]["ex-armour"].recorded == "missing"
    assert told[0]["ex-hook"].next == ("project:ex-net",)
    assert told[0]["ex-winch"].lacks
