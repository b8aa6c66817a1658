"""What a gate was passed on stands in the leaf, whatever becomes of the texts; what has changed since is flagged."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused
from dtti.accord.rule_sets import DTTI_2
from dtti.ledger.act import Act, open_leaf
from dtti.ledger.engine import Sqlite
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.checking.verify import verify
from dtti.node.core import gating, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.line import spill
from dtti.node.line.attend import attend
from dtti.node.record.flags import flags
from dtti.programme.sop.versions import versions

from .capitals import FAR, Capital, Pair, carry
from .test_stages import DAY, PROPOSED, rules
from .test_write_seen import lawless

ROWS = {name: row for name, row in versions()["sop-1"].rows.items() if row.stage == "screened"}


def wanted(ref: str, side: str, **more: Any) -> dict[str, Any]:
    """The content of a need."""
    said = {"title": "A net", "user": "A fleet", "capability": "Links ships."}
    return {"ref": ref, "type": "need", "side": side, **said, **more}


def need(by: Capital, ref: str) -> tuple[str, str]:
    """A released need of a side: its record and the act that states it."""
    record = new_record("need", by.side)
    return record, by.write("state", record, table.State(base=0), text.Text(content=wanted(ref, by.side))).act


def screened(**more: Any) -> dict[str, Any]:
    """The text of a project that enters `screened`: two needs, two sponsors, the rest answered in it."""
    answers = [
        {"row": name, "state": "met", "on": DAY, "registry": f"EX/{name}", **({"side": side} if side else {})}
        for name, row in ROWS.items()
        if row.how in ("attested", "continues")
        for side in row.sides or ("",)
    ]
    return {
        **PROPOSED,
        "needs": ["in-need", "us-need"],
        "sponsors": [{"side": side, "organisation": "A fleet"} for side in ("IND", "USA")],
        "checklist": answers,
        "stages": [*PROPOSED["stages"], {"stage": "screened", "entered": DAY}],  # type: ignore[misc]
        **more,
    }


@pytest.fixture
def needs(pair: Pair) -> list[tuple[str, str]]:
    made = [need(pair.ind, "in-need"), need(pair.usa, "us-need")]
    carry(pair.ind, pair.usa)
    carry(pair.usa, pair.ind)
    return made


def passed(pair: Pair) -> tuple[str, str]:
    """A project that both sides agreed is screened: its record and the offer."""
    record = new_record("project", "IND")
    act = pair.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=screened())).act
    carry(pair.ind, pair.usa)
    pair.usa.write("accept", record, table.Answer(act))
    carry(pair.usa, pair.ind)
    attend(pair.ind.node)
    carry(pair.ind, pair.usa)
    return record, act


def gate(capital: Capital, act: str) -> table_2.Gate:
    placed = capital.node.store.find(act)
    assert placed is not None
    terms = DTTI_2.read_terms("propose", open_leaf(placed.leaf).act.terms)
    assert isinstance(terms, table_2.Propose)
    assert terms.gate is not None
    return terms.gate


def flagged(capital: Capital, record: str) -> set[tuple[str, str, str, str]]:
    node = capital.node
    found = flags(node.store, node.book.view(record), node.book.view_held)
    return {(one.row, one.how, one.shown_by, one.by) for one in found}


def test_the_leaf_says_what_the_stage_was_entered_on_and_both_sides_hold_the_same(
    pair: Pair, needs: list[tuple[str, str]]
) -> None:
    record, act = passed(pair)
    held = gate(pair.ind, act)
    assert held == gate(pair.usa, act)
    assert (held.sop, held.path, held.since, held.stage, held.ends) == (
        "sop-1",
        "co-development",
        None,
        "screened",
        None,
    )
    shown = {row.side: row.acts for row in held.rows if row.row == "need-of-side"}
    assert shown == {"IND": [needs[0][1]], "USA": [needs[1][1]]}
    assert all(row.state == "met" and not row.acts for row in held.rows if row.row != "need-of-side")
    for capital in (pair.ind, pair.usa):
        assert capital.node.book.view(record).stages == {"screened"}
        assert flagged(capital, record) == set()


def test_what_showed_a_row_is_flagged_on_both_sides_once_it_has_changed_and_the_stage_stands(
    pair: Pair, needs: list[tuple[str, str]]
) -> None:
    record, _ = passed(pair)
    (mine, stated), (_theirs, told) = needs
    content = wanted("in-need", "IND", user="Nobody")
    later = pair.ind.write("state", mine, table.State(base=1), text.Text(content=content)).act
    gone = spill.erase(pair.usa.node, told).tombstone.act
    carry(pair.ind, pair.usa)
    carry(pair.usa, pair.ind)
    for capital in (pair.ind, pair.usa):
        assert flagged(capital, record) == {
            ("need-of-side", "superseded", stated, later),
            ("need-of-side", "erased", told, gone),
        }
        assert capital.node.book.view(record).stages == {"screened"}
        assert capital.node.book.view(record).version == 1
    folder = pair.ind.folder
    pair.close()
    reports = verify(Path(folder))
    assert all(one.good for one in reports)
    said = [each.reason for one in reports for each in one.flagged]
    assert len(said) == 2
    assert any("superseded by act " + later[:16] in each and stated[:16] in each for each in said)
    assert any("erased by act " + gone[:16] in each and told[:16] in each for each in said)


def test_an_act_that_says_another_move_than_its_text_makes_is_not_written(
    pair: Pair, needs: list[tuple[str, str]]
) -> None:
    record, texts = new_record("project", "IND"), (text.Text(content=screened()),)
    draft = gating.gated(pair.ind.node, Draft("propose", record, table.Propose(0, "IND", FAR), pair.ind.office, texts))
    size, made = pair.ind.node.store.size(RELEASED), draft.terms.gate
    assert made is not None
    attested = [replace(row, acts=[]) for row in made.rows]
    for wrong in (replace(made, rows=attested), replace(made, stage="proposed", rows=made.rows[:1])):
        with pytest.raises(Refused) as refused:
            pair.ind.node.write(replace(draft, terms=replace(draft.terms, gate=wrong), rests=()))
        assert rules(refused) == {"gate"}
    assert pair.ind.node.store.size(RELEASED) == size
    pair.ind.node.write(draft)


def test_an_offer_of_a_lawless_capital_that_hides_its_move_is_shown_and_not_agreed_to(
    pair: Pair, needs: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    record, theirs = new_record("project", "USA"), lawless(pair.usa)
    with monkeypatch.context() as patched:
        patched.setattr(gating, "gated", lambda node, draft: draft)
        act = theirs.write("propose", record, table.Propose(0, "USA", FAR), text.Text(content=screened())).act
    carry(pair.usa.again(), pair.ind)
    placed = pair.ind.node.store.find(act)
    assert placed is not None
    assert placed.ledger == MIRROR
    assert "gate" not in open_leaf(placed.leaf).act.terms
    with pytest.raises(Refused) as refused:
        pair.ind.write("accept", record, table.Answer(act))
    assert rules(refused) == {"gate"}


def test_what_has_changed_is_asked_for_all_rows_at_once(
    pair: Pair, needs: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moves, the acts that show their rows, and in each of the two ledgers which texts of these are gone."""
    record, _ = passed(pair)
    node = pair.ind.node
    moved = node.book.view(record)
    views = {_act(pair.ind, act).record: node.book.view(_act(pair.ind, act).record) for _record, act in needs}
    asked: list[str] = []
    run = Sqlite.run

    def counted(self: Sqlite, sql: str, *values: Any) -> Any:
        asked.append(sql)
        return run(self, sql, *values)

    monkeypatch.setattr(Sqlite, "run", counted)
    assert flags(node.store, moved, views.get) == []
    assert len(asked) == 4


def _act(capital: Capital, act: str) -> Act:
    placed = capital.node.store.find(act)
    assert placed is not None
    return open_leaf(placed.leaf).act
