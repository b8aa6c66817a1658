"""Recovery: a restored node takes back what it had signed from what the other side holds, and says what is lost."""

from pathlib import Path

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import verify
from dtti.node.core import mark as marks
from dtti.node.core.node import Node
from dtti.node.keeping import backup, restore
from dtti.node.line import exchange, recover, rotate, spill
from dtti.node.line.attend import attend
from tests.node import capitals
from tests.node.capitals import Capital, Pair, recovered


def saved(capital: Capital, file: Path) -> Path:
    backup.backup(capital.node, file)
    return file


def restored(capital: Capital, file: Path, folder: Path) -> Capital:
    restore.restore(file, folder)
    return Capital(Node(folder), capital.office)


def given(giver: Capital, taker: Capital) -> tuple[exchange.Given, exchange.Given]:
    return recover.read_given_back(taker.node, recover.give_back(giver.node))


def rule_of(caught: pytest.ExceptionInfo[Refused]) -> str:
    assert caught.value.refusals[0].remedy
    return caught.value.refusals[0].rule


def sound(*capitals_: Capital) -> None:
    for each in capitals_:
        reports = verify.verify(each.folder)
        assert [fault for report in reports for fault in report.faults] == []


def work_on(pair: Pair) -> None:
    """Three rounds in which each side rests on what the other wrote just before: ledgers that cite each other."""
    for number in range(3):
        pair.ind.comment(pair.record, f"India {number}")
        capitals.carry(pair.ind, pair.usa)
        pair.usa.comment(pair.record, f"America {number}")
        capitals.carry(pair.usa, pair.ind)


def test_entries_that_cite_each_other_are_taken_back_in_causal_order(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    held = pair.ind.node.store.size(RELEASED), pair.ind.node.store.size(MIRROR)
    work_on(pair)
    pair.swap()
    again = restored(pair.ind, file, tmp_path / "again")
    made = recovered(again.node, *given(pair.usa, again))
    live = pair.ind.node.store
    assert (made.own, made.theirs) == (live.size(RELEASED) - held[0], live.size(MIRROR) - held[1])
    assert made.own > 3
    assert (made.sure, made.lost_released, made.lost_national, made.loss) == (True, 0, 0, None)
    for ledger in (RELEASED, MIRROR):
        assert list(again.node.store.leaves(ledger)) == list(live.leaves(ledger))
    assert again.node.behind() is None
    again.comment(pair.record, "signed again")
    capitals.swap(again, pair.usa)
    assert pair.usa.node.store.voids(MIRROR) == {}
    assert exchange.halted(pair.usa.node) is None
    sound(again, pair.usa)


def test_until_then_nothing_is_signed_taken_in_or_given(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    work_on(pair)
    again = restored(pair.ind, file, tmp_path / "again")
    pack = exchange.make_pack(pair.usa.node)
    for work in (
        lambda: again.comment(pair.record, "no"),
        lambda: again.national("no"),
        lambda: exchange.make_pack(again.node),
        lambda: exchange.take_pack(again.node, pack),
        lambda: again.node.checkpoint(),
        lambda: rotate.rotate(again.node),
    ):
        with pytest.raises(Refused) as caught:
            work()
        assert rule_of(caught) == "restored"
    assert attend(again.node) == []
    assert exchange.halted(again.node) is None


def test_a_file_given_back_with_nothing_new_is_enough_to_be_sure(pair: Pair, tmp_path: Path):
    again = restored(pair.ind, saved(pair.ind, tmp_path / "b.tar.gz"), tmp_path / "again")
    made = recovered(again.node, *given(pair.usa, again))
    assert (made.own, made.theirs, made.sure) == (0, 0, True)
    again.comment(pair.record, "signed again")


def test_recovery_obeys_the_tombstones_that_it_brings_back(pair: Pair, tmp_path: Path):
    receipt = pair.ind.comment(pair.record, "SPILLED")
    pair.swap()
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    spill.erase(pair.ind.node, receipt.act)
    pair.swap()
    again = restored(pair.ind, file, tmp_path / "again")
    assert any(b"SPILLED" in path.read_bytes() for path in again.folder.glob("ledger.sqlite3*"))
    recovered(again.node, *given(pair.usa, again))
    again.node.close()
    assert not any(b"SPILLED" in path.read_bytes() for path in again.folder.rglob("*") if path.is_file())
    sound(again)


def test_national_acts_that_the_mark_knows_of_are_lost_and_must_be_declared(pair: Pair, tmp_path: Path):
    pair.ind.national("before")
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    pair.ind.national("lost-one")
    pair.ind.national("lost-two")
    work_on(pair)
    pair.swap()
    again = restored(pair.ind, file, tmp_path / "again")
    mark = marks.read(pair.ind.folder / "mark")  # it stood on another disc and was not lost
    marks.write(again.folder / "mark", recover.msgspec.structs.replace(mark, unsure=True))
    parts = given(pair.usa, again)
    with pytest.raises(Refused) as caught:
        recovered(again.node, *parts)
    assert rule_of(caught) == "loss"
    assert "2 national" in caught.value.refusals[0].reason
    with pytest.raises(Refused) as caught:
        again.comment(pair.record, "still not")
    assert rule_of(caught) == "restored"
    made = recovered(again.node, *parts, declare_loss=True)
    assert (made.lost_released, made.lost_national) == (0, 2)
    assert made.loss is not None
    act = acts.open_leaf(again.node.store.leaf(RELEASED, made.loss.index)).act
    assert (act.verb, act.role, act.terms) == ("loss", "root", {"national": 2, "recovered": made.loss.index})
    again.national("after")
    capitals.swap(again, pair.usa)
    assert pair.usa.node.store.voids(MIRROR) == {}
    sound(again, pair.usa)


def test_released_acts_that_never_left_are_lost_and_must_be_declared(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    pair.ind.comment(pair.record, "it never left")
    again = restored(pair.ind, file, tmp_path / "again")
    marks.write(again.folder / "mark", marks.read(pair.ind.folder / "mark"))
    with pytest.raises(Refused) as caught:
        again.comment(pair.record, "not yet")
    assert rule_of(caught) == "high-water"
    with pytest.raises(Refused) as caught:
        recovered(again.node, *given(pair.usa, again))
    assert rule_of(caught) == "loss"
    made = recovered(again.node, *given(pair.usa, again), declare_loss=True)
    assert (made.lost_released, made.lost_national) == (1, 0)
    capitals.swap(again, pair.usa)
    sound(again, pair.usa)


def test_a_node_alone_is_sure_on_its_operators_word_and_only_on_it(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    solo = capitals.found(tmp_path / "solo", "IND")
    again = restored(solo, saved(solo, tmp_path / "b.tar.gz"), tmp_path / "again")
    sentence = "IND goes on from 3 released and 0 national entries"
    for words in ("", "yes", sentence.upper()):
        asked = recover.alone(again.node, words)
        assert (asked.sure, asked.up and asked.up.sentence) == (False, sentence)
        assert again.node.behind() is not None
    assert recover.alone(again.node, sentence).sure
    again.national("goes-on")
    other = restored(pair.ind, saved(pair.ind, tmp_path / "c.tar.gz"), tmp_path / "other")
    with pytest.raises(Refused) as caught:
        recover.alone(other.node, sentence)
    assert "USA holds entries" in caught.value.refusals[0].reason


def test_nothing_is_signed_in_a_place_that_may_be_taken_until_a_person_said_so(pair: Pair, tmp_path: Path):
    """The acknowledged entries that nobody else holds: known of by a mark elsewhere, or by nobody at all."""
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    pair.ind.comment(pair.record, "the other side has this one")
    pair.swap()
    pair.ind.comment(pair.record, "it never left")
    pair.ind.national("neither-did-this")
    again = restored(pair.ind, file, tmp_path / "again")
    asked = recover.recover(again.node, *given(pair.usa, again))
    assert (asked.sure, asked.own > 0, asked.loss) == (False, True, None)
    assert [(one.verb, one.record) for one in asked.taken if one.verb == "comment"] == [("comment", pair.record)]
    assert asked.up is not None
    assert (asked.up.places, asked.up.unknown) == ([], True)  # a backup cannot know
    with pytest.raises(Refused) as caught:
        again.comment(pair.record, "in its place")
    assert rule_of(caught) == "restored"
    # The mark of the lost disc is found: now two places are known, and each is named.
    marks.write(again.folder / "mark", marks.read(pair.ind.folder / "mark"))
    again = again.again()
    asked = recover.recover(again.node, *given(pair.usa, again))
    size = again.node.store.size(RELEASED)
    assert asked.up is not None
    assert [(one.ledger, one.index, one.holds) for one in asked.up.places] == [
        (RELEASED, size, False),
        (NATIONAL, 0, False),
    ]
    assert (asked.sure, asked.up.unknown) == (False, False)
    assert recover.recover(again.node, *given(pair.usa, again), confirm="yes").sure is False
    made = recovered(again.node, *given(pair.usa, again), declare_loss=True)
    assert (made.sure, made.lost_released, made.lost_national) == (True, 1, 1)
    sound(again)


def test_where_the_mark_was_reached_nothing_is_given_up_and_nothing_asked(pair: Pair, tmp_path: Path):
    """The databases were put back, and the mark, on a disc of its own, was never lost."""
    pair.ind.node.close()
    old = (pair.ind.folder / "ledger.sqlite3").read_bytes()
    ind = pair.ind.again()
    ind.comment(pair.record, "after the copy")
    capitals.swap(ind, pair.usa)
    ind.node.close()
    (pair.ind.folder / "ledger.sqlite3").write_bytes(old)
    (pair.ind.folder / "record.sqlite3").unlink()
    again = Capital(Node(pair.ind.folder), pair.ind.office)
    with pytest.raises(Refused) as caught:
        again.comment(pair.record, "a fork")
    assert rule_of(caught) == "high-water"
    made = recover.recover(again.node, *given(pair.usa, again))
    assert (made.sure, made.up and made.up.asks) == (True, False)
    again.comment(pair.record, "signed again")
    again.node.close()


def test_a_copy_that_signed_on_its_own_is_a_fork_and_is_not_recovered(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    pair.ind.comment(pair.record, "the ledger that the other side holds")
    pair.swap()
    again = restored(pair.ind, file, tmp_path / "again")
    marks.write(again.folder / "mark", marks.Mark())
    again.comment(pair.record, "signed in the same place")
    size = again.node.store.size(RELEASED)
    with pytest.raises(Refused) as caught:
        recover.recover(again.node, *given(pair.usa, again))
    assert rule_of(caught) == "fork"
    assert again.node.store.size(RELEASED) == size


def test_a_copy_that_signed_on_its_own_halts_the_exchange_of_the_other_side(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    pair.ind.comment(pair.record, "the ledger that the other side holds")
    pair.swap()
    again = restored(pair.ind, file, tmp_path / "again")
    marks.write(again.folder / "mark", marks.Mark())
    for remarks in ("signed in the same place", "and on", "and on"):
        again.comment(pair.record, remarks)
    with pytest.raises(Refused) as caught:
        capitals.carry(again, pair.usa)
    assert rule_of(caught) == "fork"
    assert exchange.halted(pair.usa.node) is not None
    with pytest.raises(Refused) as caught:
        capitals.carry(pair.ind, pair.usa)
    assert rule_of(caught) == "fork"


def test_the_other_sides_checkpoint_of_this_ledger_shows_an_old_copy(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    pair.ind.comment(pair.record, "after the backup")
    pair.swap()
    again = restored(pair.ind, file, tmp_path / "again")
    marks.write(again.folder / "mark", marks.Mark())
    assert again.node.behind() is None
    exchange.compare_own(again.node, pair.usa.node.store.note(MIRROR) or "")
    refusal = again.node.behind()
    assert refusal is not None
    assert refusal.rule == "high-water"


def test_a_checkpoint_that_this_side_never_signed_moves_no_mark(pair: Pair):
    note = pair.usa.node.store.note(MIRROR) or ""
    before = marks.read(pair.ind.folder / "mark")
    origin, size, rest = note.split("\n", 2)
    for false in (
        f"{origin}\n{int(size) + 1000}\n{rest}",
        pair.usa.node.checkpoint(),
        "no checkpoint",
    ):
        exchange.compare_own(pair.ind.node, false)
    assert marks.read(pair.ind.folder / "mark") == before
    assert pair.ind.node.behind() is None


def test_what_is_given_back_is_sealed_and_for_its_owner_alone(pair: Pair, tmp_path: Path):
    data = recover.give_back(pair.usa.node)
    assert data.startswith(b"age-encryption.org/v1\n")
    with pytest.raises(Refused) as caught:
        recover.read_given_back(pair.usa.node, data)
    assert rule_of(caught) == "pack-seal"
    opened = capitals.unsealed(pair.ind.node, data)
    for bad in (opened[:-1], opened + b"\0", opened[:700] + b"x" + opened[701:], b"", opened[512:]):
        with pytest.raises(Refused) as caught:
            recover.read_given_back(pair.ind.node, bad)
        assert rule_of(caught).startswith("pack-")
    for own in (exchange.make_pack(pair.usa.node), exchange.make_pack(pair.usa.node, sealed=False)):
        with pytest.raises(Refused):
            recover.read_given_back(pair.ind.node, own)


def test_half_of_what_is_needed_is_refused_whole(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    work_on(pair)
    again = restored(pair.ind, file, tmp_path / "again")
    own, theirs = given(pair.usa, again)
    nothing = exchange.Given("", [], 0, lambda _: None)
    size = again.node.store.size(RELEASED), again.node.store.size(MIRROR)
    cases = (
        ((own, nothing), "recover"),
        ((nothing, theirs), "recover"),
        ((exchange.Given(own.note, own.leaves[:-1], own.start, own.fetch), theirs), "stretch"),
        ((exchange.Given(own.note, own.leaves, own.start, lambda _: None), theirs), "body-missing"),
        ((theirs, own), "checkpoint"),
    )
    for stretches, rule in cases:
        with pytest.raises(Refused) as caught:
            recover.recover(again.node, *stretches)
        assert rule_of(caught) == rule
        assert (again.node.store.size(RELEASED), again.node.store.size(MIRROR)) == size
    assert recovered(again.node, own, theirs).sure


def test_the_loss_act_is_the_only_one_that_an_old_copy_writes(pair: Pair):
    draft = capitals.Draft("comment", pair.record, table.Plain(), pair.ind.office)
    with pytest.raises(ValueError, match="comment declares no loss"):
        pair.ind.node.write_after_loss(draft)


def test_after_a_loss_of_the_rings_the_old_ones_are_not_taken_for_the_new(pair: Pair, tmp_path: Path):
    file = saved(pair.ind, tmp_path / "b.tar.gz")
    rotate.rotate(pair.ind.node)
    pair.swap()
    again = restored(pair.ind, file, tmp_path / "again")
    with pytest.raises(Refused) as caught:
        recover.recover(again.node, *recover.read_given_back(pair.ind.node, recover.give_back(pair.usa.node)))
    assert rule_of(caught) == "key-rings"
    for path in pair.ind.node.folder.keys.glob("*.keys"):
        (again.folder / "keys" / path.name).write_bytes(path.read_bytes())
    once_more = again.again()
    assert recovered(once_more.node, *given(pair.usa, once_more)).sure
    once_more.comment(pair.record, "with the new keys")
    assert once_more.node.store.size(NATIONAL) == 0
