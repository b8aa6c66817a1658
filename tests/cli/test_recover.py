"""`dtti recover` as its operator meets it: what would be given up stands on the screen, and a person confirms it."""

from pathlib import Path

import pytest

from dtti.ledger import act as acts
from dtti.ledger.body import Body
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import mark as marks
from dtti.node.core.node import Node
from dtti.node.line import exchange
from tests.cli.conftest import Run
from tests.node import capitals
from tests.node.capitals import Capital, Pair


@pytest.fixture
def lost(run: Run, pair: Pair, tmp_path: Path) -> Path:
    """India's node as restored: since the backup it wrote three entries that America holds, one not, one national."""
    assert run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder).code == 0
    for number in range(3):
        pair.ind.comment(pair.record, f"since the backup {number}")
    pair.swap()
    pair.ind.comment(pair.record, "it never left")
    pair.ind.national("neither-did-this")
    assert run("exchange", "pack", "--give-back", "-o", tmp_path / "back", "--node", pair.usa.folder).code == 0
    assert run("restore", tmp_path / "b.tar.gz", tmp_path / "again").code == 0
    return tmp_path / "again"


def comment(run: Run, pair: Pair, node: Path) -> tuple[int, str]:
    words = ("act", "comment", "ex-net", "--office", "IND/ex-sec", "--remarks", "x", "--node", node, "--json")
    answer = run(*words)
    return answer.code, answer.json["refused"][0]["rule"] if answer.code else ""


def remarks(node: Node, index: int) -> str:
    entry = acts.open_leaf(node.store.leaf(RELEASED, index))
    placed = node.store.find(entry.id)
    assert placed is not None
    held = node.store.body(placed.owner())
    assert isinstance(held, Body)
    return held.data.decode()


def test_what_is_taken_back_and_what_may_be_given_up_is_printed_and_asked(
    run: Run, pair: Pair, lost: Path, tmp_path: Path
):
    asked = run("recover", "--from", tmp_path / "back", "--node", lost)
    assert asked.code == 1
    lines = asked.out.splitlines()
    assert [line for line in lines if line.startswith("  released entry") and f"comment of {pair.record}" in line]
    assert "This node does not sign yet. If it went on from here it would give up, for ever:" in lines
    assert any(line.startswith("  and whatever was signed after 20") for line in lines)
    assert "signs again" not in asked.out
    sentence = next(line for line in lines if line.startswith("  --confirm")).split("'")[1]
    assert comment(run, pair, lost) == (1, "restored")
    wrong = run("recover", "--from", tmp_path / "back", "--node", lost, "--confirm", sentence + "!")
    assert (wrong.code, comment(run, pair, lost)) == (1, (1, "restored"))
    done = run("recover", "--from", tmp_path / "back", "--node", lost, "--confirm", sentence)
    assert (done.code, "This node signs again." in done.out) == (0, True)
    assert comment(run, pair, lost) == (0, "")


def test_places_that_the_mark_knows_of_are_named_one_by_one_and_declared(
    run: Run, pair: Pair, lost: Path, tmp_path: Path
):
    marks.write(lost / "mark", marks.read(pair.ind.folder / "mark"))
    asked = run("recover", "--from", tmp_path / "back", "--node", lost)
    size = pair.ind.node.store.size(RELEASED) - 1
    nowhere = "entry; it was signed and answered for, and is nowhere to be had"
    assert f"  released entry {size}: {nowhere}" in asked.out
    assert f"  national entry 0: {nowhere}" in asked.out
    confirm = ("--confirm", f"IND goes on from {size} released and 0 national entries")
    undeclared = run("recover", "--from", tmp_path / "back", "--node", lost, *confirm, "--json")
    assert [one["rule"] for one in undeclared.json["refused"]] == ["loss"]
    made = run("recover", "--from", tmp_path / "back", "--node", lost, *confirm, "--declare-loss", "--json").json
    assert (made["sure"], made["lost_released"], made["lost_national"], made["loss"]["index"]) == (True, 1, 1, size)
    assert comment(run, pair, lost) == (0, "")


def test_the_root_keys_go_on_without_the_other_side_and_declare_what_it_holds(
    run: Run, pair: Pair, lost: Path, tmp_path: Path
):
    again = Node(lost)
    before = again.store.size(RELEASED)
    again.close()
    alone = run("recover", "--alone", "--node", lost)
    assert (alone.code, "--by-root" in alone.err) == (1, True)
    blind = run("recover", "--by-root", "--node", lost)
    assert (blind.code, "USA may hold" in blind.out, "halts the exchange as a fork" in blind.out) == (1, True, True)
    # With what the other side gave, each entry that it holds and this node does not is named.
    asked = run("recover", "--by-root", "--from", tmp_path / "back", "--node", lost, "--json")
    places = asked.json["up"]["places"]
    live = pair.ind.node.store
    assert [(one["index"], one["act"], one["holds"]) for one in places] == [
        (index, acts.open_leaf(live.leaf(RELEASED, index)).id, True) for index in range(before, len(places) + before)
    ]
    assert len(places) + before == pair.usa.node.store.size("mirror")
    words = run("recover", "--by-root", "--from", tmp_path / "back", "--node", lost).out
    assert words.count("; USA HOLDS it") == len(places)
    confirm = ("--confirm", asked.json["up"]["sentence"])
    undeclared = run("recover", "--by-root", "--from", tmp_path / "back", "--node", lost, *confirm, "--json")
    assert [one["rule"] for one in undeclared.json["refused"]] == ["loss"]
    given = ("--by-root", "--from", tmp_path / "back", *confirm, "--declare-loss")
    ring = lost / "keys" / "root.keys"
    ring.rename(tmp_path / "root.keys")
    without = run("recover", *given, "--node", lost)
    assert (without.code, "root" in without.err, comment(run, pair, lost)) == (1, True, (1, "restored"))
    (tmp_path / "root.keys").rename(ring)
    made = run("recover", *given, "--node", lost, "--json").json
    assert (made["sure"], made["loss"]["index"], made["lost_released"]) == (True, before, len(places))
    again = Node(lost)
    act = acts.open_leaf(again.store.leaf(RELEASED, before)).act
    assert (act.verb, act.role, act.terms) == ("loss", "root", {"national": 0, "recovered": before})
    said = remarks(again, before)
    assert "said without USA" in said
    assert all(f"{one['index']} ({one['act'][:16]})" in said for one in places)
    again.close()
    assert comment(run, pair, lost) == (0, "")
    assert run("verify", lost).code == 0
    # The other side is not deceived: what it holds is contradicted, and its node halts with both checkpoints.
    with pytest.raises(Exception, match="fork"):
        capitals.carry(Capital(Node(lost), pair.ind.office), pair.usa)
    assert exchange.halted(pair.usa.node) is not None


def test_where_the_other_side_holds_nothing_more_the_root_s_way_out_makes_no_fork(run: Run, pair: Pair, tmp_path: Path):
    run("backup", tmp_path / "b.tar.gz", "--node", pair.ind.folder)
    pair.ind.national("lost-with-the-disc")
    run("restore", tmp_path / "b.tar.gz", tmp_path / "again")
    asked = run("recover", "--by-root", "--node", tmp_path / "again", "--json")
    assert (asked.code, asked.json["up"]["places"], asked.json["up"]["unknown"]) == (1, [], True)
    confirm = ("--confirm", asked.json["up"]["sentence"], "--declare-loss")
    assert run("recover", "--by-root", "--node", tmp_path / "again", *confirm).code == 0
    again = Capital(Node(tmp_path / "again"), pair.ind.office)
    again.comment(pair.record, "goes on")
    again.national("goes-on-too")
    capitals.swap(again, pair.usa)
    assert exchange.halted(pair.usa.node) is None
    assert again.node.store.size(NATIONAL) == 1
    again.node.close()
    assert run("verify", tmp_path / "again").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--by-root", "--alone"),
        ("--by-root", "--peer", "x:1"),
        ("--alone", "--from", "x"),
        ("--alone", "--peer", "x:1"),
    ],
)
def test_ways_that_do_not_go_together_are_wrong_usage(run: Run, pair: Pair, words: tuple[str, ...]):
    assert run("recover", *words, "--node", pair.ind.folder).code == 2
