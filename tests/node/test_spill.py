"""The spill drill: a text erased on both nodes is in no file of either, in no pack and no backup made afterwards."""

from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger import export
from dtti.ledger.body import Erased, Owner
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import verify
from dtti.node.core.visibility import Viewer
from dtti.node.keeping import backup, restore
from dtti.node.line import exchange, recover, spill
from dtti.node.record import journal, read, rebuild
from tests.node import capitals
from tests.node.capitals import Capital, Pair

BYTES = b"SPILLEDWORDS"


def anywhere(folder: Path) -> list[str]:
    """Files under `folder` that hold the bytes, raw."""
    return [path.name for path in folder.rglob("*") if path.is_file() and BYTES in path.read_bytes()]


def sound(*held: Capital) -> None:
    for each in held:
        reports = verify.verify(each.folder)
        assert [fault for report in reports for fault in report.faults] == []


def spilled(by: Capital, pair: Pair) -> tuple[str, str]:
    """A joint text with the bytes in its content, its remarks and a file; returns its record and act."""
    record = capitals.new_record("project", by.side)
    words = BYTES.decode()
    text = capitals.text.Text(
        content=capitals.project("ex-spill") | {"name": words},
        remarks=words,
        files=[capitals.text.File(f"{words}.txt", "text/plain")],
    )
    terms = capitals.table.Propose(0, by.side, capitals.FAR)
    receipt = by.write("propose", record, terms, text, files=(BYTES * 50,))
    pair.swap()
    return record, receipt.act


def test_the_drill(pair: Pair, tmp_path: Path):
    record, act = spilled(pair.ind, pair)
    assert {name.split("-")[0] for name in anywhere(pair.ind.folder)} == {"ledger.sqlite3", "record.sqlite3"}
    assert anywhere(pair.usa.folder)

    made = [spill.erase(pair.ind.node, act, part=part, remarks="marked above the ceiling") for part in (0, 1)]
    assert anywhere(pair.ind.folder) == []
    pair.swap()
    assert anywhere(pair.usa.folder) == []

    packs = tmp_path / "packs"
    packs.mkdir()
    for number, capital in enumerate((pair.ind, pair.usa)):
        (packs / f"{number}").write_bytes(exchange.make_pack(capital.node, 0, sealed=False))
        backup.backup(capital.node, packs / f"{number}.tar.gz")
        restore.restore(packs / f"{number}.tar.gz", packs / f"{number}-restored")
        capital.node.checkpoint()
        for ledger in (RELEASED, MIRROR):
            export.write(capital.node.store, ledger, packs / f"{number}-{ledger}", bodies=True)
    opened = capitals.unsealed(pair.ind.node, recover.give_back(pair.usa.node))
    (packs / "given back").write_bytes(opened)
    assert anywhere(packs) == []

    sound(pair.ind, pair.usa)
    for capital in (pair.ind, pair.usa):
        assert rebuild.compare(capital.node) == []
        viewer = Viewer(capital.side)
        listed, content = read.state(capital.node, viewer, record) or (None, {})
        assert (listed.text_state, content) == ("erased", {})
        for part, each in enumerate(made):
            shown = journal.raw_body(capital.node, viewer, act, part)
            assert isinstance(shown, journal.Shown)
            assert (shown.state, shown.tombstone) == ("erased", each.tombstone.act)
        assert read.listing(capital.node, viewer, words=BYTES.decode()).total == 0


def test_a_tombstone_says_by_whom_when_and_why(pair: Pair):
    receipt = pair.ind.comment(pair.record, BYTES.decode())
    made = spill.erase(pair.ind.node, receipt.act, reason="court", remarks="order 7 of 2027")
    entry = acts.open_leaf(pair.ind.node.store.leaf(RELEASED, made.tombstone.index))
    assert (entry.act.verb, entry.act.side, entry.act.rests) == ("tombstone", "IND", [receipt.act])
    assert entry.act.terms == {"digest": made.digest, "part": 0, "reason": "court"}
    assert journal.body_of(pair.ind.node, Viewer("IND"), made.tombstone.act).text.remarks == "order 7 of 2027"


def test_a_national_text_is_erased_without_a_word_to_the_other_side(pair: Pair):
    receipt = pair.ind.comment(pair.record, BYTES.decode(), ledger=NATIONAL)
    size = pair.ind.node.store.size(RELEASED)
    made = spill.erase(pair.ind.node, receipt.act)
    assert made.tombstone.ledger == NATIONAL
    assert pair.ind.node.store.size(RELEASED) == size
    assert anywhere(pair.ind.folder) == []
    sound(pair.ind)


def test_a_text_erased_before_it_ever_left_is_never_asked_for(pair: Pair):
    receipt = pair.ind.comment(pair.record, BYTES.decode())
    made = spill.erase(pair.ind.node, receipt.act)
    pair.swap()
    assert isinstance(pair.usa.node.store.body(Owner(MIRROR, made.act, made.part)), Erased)
    assert anywhere(pair.usa.folder) == []
    sound(pair.ind, pair.usa)


def test_an_older_pack_does_not_bring_an_erased_text_back(pair: Pair, tmp_path: Path):
    receipt = pair.ind.comment(pair.record, BYTES.decode())
    old = exchange.make_pack(pair.ind.node)
    late = tmp_path / "late"
    late.mkdir()
    capitals.carry(pair.ind, pair.usa)
    spill.erase(pair.ind.node, receipt.act)
    capitals.carry(pair.ind, pair.usa)
    with pytest.raises(Refused) as caught:
        exchange.take_pack(pair.usa.node, old)
    assert caught.value.refusals[0].rule == "older"
    assert anywhere(pair.usa.folder) == []


def test_only_the_writing_side_erases_and_only_once(pair: Pair):
    receipt = pair.ind.comment(pair.record, BYTES.decode())
    pair.swap()
    for capital, act, part, rule in (
        (pair.usa, receipt.act, 0, "tombstone"),
        (pair.ind, receipt.act, 1, "act"),
        (pair.ind, "0" * 64, 0, "act"),
        (pair.ind, "short", 0, "act"),
    ):
        with pytest.raises(Refused) as caught:
            spill.erase(capital.node, act, part=part)
        assert caught.value.refusals[0].rule == rule
    assert anywhere(pair.ind.folder)
    spill.erase(pair.ind.node, receipt.act)
    with pytest.raises(Refused) as caught:
        spill.erase(pair.ind.node, receipt.act)
    assert caught.value.refusals[0].rule == "tombstone"


def test_erasing_a_national_remark_on_a_joint_record_tells_the_other_capital_nothing(pair: Pair):
    record = capitals.new_record("project", pair.ind.side)
    terms = capitals.table.Propose(0, "IND", capitals.FAR)
    pair.ind.write("propose", record, terms, capitals.text.Text(content=capitals.project("ex-quiet")))
    remark = pair.ind.write(
        "comment", record, capitals.table.Plain(), capitals.text.Text(remarks=BYTES.decode()), ledger="national"
    )
    pair.swap()
    released = list(pair.ind.node.store.leaves(RELEASED))
    made = spill.erase(pair.ind.node, remark.act)
    assert made.tombstone.ledger == NATIONAL
    assert list(pair.ind.node.store.leaves(RELEASED)) == released
    pair.swap()
    told = b"".join(pair.usa.node.store.leaves(MIRROR))
    assert made.digest.encode() not in told
    assert remark.act.encode() not in told
    assert isinstance(pair.ind.node.store.body(Owner(NATIONAL, made.act, made.part)), Erased)
    assert anywhere(pair.ind.folder) == []
