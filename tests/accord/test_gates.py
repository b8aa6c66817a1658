"""What dtti_2 holds of a move along the stages, by the leaf alone: no row left out, no stage skipped or twice."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dtti.accord import table_2
from dtti.accord.procedures import codes
from dtti.accord.replay import replay
from dtti.accord.table_2 import Answered, Gate
from dtti.ledger.act import Entry
from tests.simulator.capital import RULE_SETS, SECOND_RULES, Capital, exchange, office, pair, record

PROJECT, DEFINITION = record(kind="project"), record(kind="success_definition", code="bbbbbbbb")
SOP = codes("sop-1")
STAGES = list(SOP.stages)
PATHS = st.sampled_from([*SOP.kinds, "", "no-such-kind"])


def gate(since: str, stage: str, path: str = "co-development", ends: str = "", **rows: dict[str, Any]) -> Gate:
    """A move whose rows are all attested; `rows`: what is said otherwise of one."""
    answers = [
        replace(Answered(name, "met", side=side or None), **rows.get(name.replace("-", "_"), {}))
        for name, side in SOP.asked(since, stage, path, ends)
    ]
    return Gate("sop-1", stage, ends or None, path or None, answers, since or None)


def offer(one: Capital, made: Gate | None, base: int = 0, then: str = "") -> Entry:
    acts = [act for row in made.rows for act in row.acts] if made else []
    terms = table_2.Propose(base, then or one.side, one.ahead(30), gate=made)
    return one.write("propose", PROJECT, terms, rests=list(dict.fromkeys(acts)))


def rule(one: Capital, entry: Entry) -> str:
    refusal = one.verdict(entry)
    return refusal.rule if refusal else ""


def judged(one: Capital, made: Gate, base: int = 0) -> str:
    """The rule that makes such an offer void where it is written now; nothing stays of it."""
    tried = one.copy()
    return rule(tried, offer(tried, made, base))


def agree(ind: Capital, usa: Capital, made: Gate | None, base: int = 0) -> None:
    offered = offer(ind, made, base)
    assert rule(ind, offered) == ""
    exchange(ind, usa)
    accepted = usa.accept(PROJECT, offered)
    exchange(ind, usa)
    ind.close(PROJECT, offered, "agreed", accepted)
    exchange(ind, usa)


@pytest.fixture
def both() -> tuple[Capital, Capital]:
    return pair(SECOND_RULES)


def test_a_project_goes_through_all_stages_one_after_another_and_both_come_to_the_same(both: tuple[Capital, Capital]):
    ind, usa = both
    for base, stage in enumerate(STAGES):
        agree(ind, usa, gate(STAGES[base - 1] if base else "", stage), base)
    ledgers = {(one.side, "released"): one.published() for one in both}
    held = replay(ledgers, RULE_SETS).records[PROJECT]
    assert held.void == {}
    assert held.whole.stages == set(STAGES)
    assert held.whole.version == len(STAGES)


@settings(max_examples=40)
@given(st.data(), PATHS)
def test_a_row_that_is_left_out_said_twice_or_not_asked_makes_the_move_void(data: st.DataObject, path: str):
    place = data.draw(st.integers(0, len(STAGES) - 1))
    made = gate("", STAGES[place], path)
    ind, _ = pair(SECOND_RULES)
    assert judged(ind, made) == ""
    at = data.draw(st.integers(0, len(made.rows) - 1))
    row = made.rows[at]
    other = data.draw(
        st.sampled_from([name for name in SOP.rows if name not in {each.row for each in made.rows}] or [""])
    )
    side = {None: "IND", "IND": "USA", "USA": None}[row.side]
    wrong = [
        made.rows[:at] + made.rows[at + 1 :],
        [*made.rows, row],
        [*made.rows[:at], replace(row, side=side), *made.rows[at + 1 :]],
        *([[*made.rows, Answered(other, "met")]] if other else []),
    ]
    for rows in wrong:
        assert judged(ind, replace(made, rows=rows)) == "gate"


@settings(max_examples=40)
@given(st.integers(0, len(STAGES) - 1), st.integers(-1, len(STAGES) - 1))
def test_a_move_goes_on_from_where_the_texts_agreed_here_stand(to: int, since: int):
    ind, usa = pair(SECOND_RULES)
    agree(ind, usa, gate("", "listed"))
    made = gate(STAGES[since] if since >= 0 else "", STAGES[to])
    behind = STAGES.index("listed")
    sound = since >= behind and to > since
    assert (rule(ind, offer(ind, made, 1)) == "") is sound


def test_no_stage_version_or_kind_of_record_is_made_up(both: tuple[Capital, Capital]):
    ind, _ = both
    made = gate("", "proposed")
    for wrong in (replace(made, stage="agreed"), replace(made, since="agreed"), replace(made, sop="sop-9")):
        assert judged(ind, wrong) == "gate"
    on_text = ind.write("propose", record(), table_2.Propose(0, "IND", ind.ahead(30), gate=made))
    assert rule(ind, on_text) == "gate"


def test_a_row_is_set_aside_only_where_the_procedure_allows_it_and_by_an_office(both: tuple[Capital, Capital]):
    ind, _ = both
    firm = next(
        name for name, step in SOP.rows.items() if not step.waivable and not step.unless and step.stage == "screened"
    )
    loose = next(name for name, step in SOP.rows.items() if step.waivable and step.stage == "screened")
    for state in ("waived", "not_applicable"):
        by = {"state": state, "office": office("IND")}
        assert judged(ind, gate("", "screened", **{firm.replace("-", "_"): by})) == "gate"
        assert judged(ind, gate("", "screened", **{loose.replace("-", "_"): by})) == ""
        nobody = {loose.replace("-", "_"): {"state": state}}
        assert judged(ind, gate("", "screened", **nobody)) == "gate"


def test_a_row_is_shown_by_acts_that_it_rests_on_and_that_show_it(both: tuple[Capital, Capital]):
    ind, usa = both
    defined, other = ind.draft(DEFINITION), ind.draft(record(code="cccccccc"))
    exchange(ind, usa)
    assert SOP.rows["success-agreed"].how == "success"
    shown = gate("", "endorsed", success_agreed={"acts": [defined.id]})
    assert judged(ind, shown) == ""
    unlike = gate("", "endorsed", success_agreed={"acts": [other.id]})
    assert judged(ind, unlike) == "evidence"
    unsaid = ind.write("propose", PROJECT, table_2.Propose(0, "IND", ind.ahead(30), gate=shown))
    assert rule(ind, unsaid) == "evidence"
    to_come = gate("", "endorsed", success_agreed={"acts": ["0" * 64]})
    assert judged(ind, to_come) == "evidence"


def test_a_project_that_ends_early_is_closed_from_any_stage_and_owes_the_rows_of_closing(both: tuple[Capital, Capital]):
    ind, usa = both
    agree(ind, usa, gate("", "exploring"))
    made = gate("exploring", "closed", ends="withdrawn")
    assert {SOP.rows[row.row].stage for row in made.rows} == {"closing", "closed"}
    assert judged(ind, made, 1) == ""
    assert judged(ind, replace(made, ends=None), 1) == "gate"
    assert judged(ind, replace(made, ends="fielded"), 1) == "gate"


def test_a_counter_text_moves_by_the_same_rules(both: tuple[Capital, Capital]):
    ind, usa = both
    offered = offer(ind, None)
    exchange(ind, usa)
    for made, expected in ((gate("", "screened"), ""), (replace(gate("", "screened"), rows=[]), "gate")):
        one = usa.copy()
        back = table_2.SendBack(offered.id, "USA", one.ahead(30), gate=made)
        assert rule(one, one.write("send_back", PROJECT, back, texts=2)) == expected


# --- random play over the whole procedure, one capital hostile --------------------------------------------------------


def spoiled(chance: Random, made: Gate) -> Gate:
    """A move as a capital makes it up: a row left out, said twice or set aside, a stage skipped, a false start."""
    rows, at = made.rows, chance.randrange(len(made.rows) or 1)
    ways = [
        lambda: replace(made, rows=rows[:at] + rows[at + 1 :]),
        lambda: replace(made, rows=[*rows, *rows[at : at + 1]]),
        lambda: replace(made, rows=[replace(one, state="waived", office=office("USA")) for one in rows]),
        lambda: replace(made, rows=[replace(one, acts=[chance.randbytes(32).hex()]) for one in rows]),
        lambda: replace(made, stage=chance.choice(STAGES)),
        lambda: replace(made, since=chance.choice(STAGES)),
        lambda: replace(made, ends=chance.choice([*SOP.exits, "no-such-end"])),
        lambda: replace(made, path=chance.choice([*SOP.kinds, "no-such-kind"])),
    ]
    return chance.choice(ways)()


def reached(gates: list[Gate]) -> str:
    return gates[-1].stage if gates else ""


@pytest.mark.long
@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_no_play_of_two_sides_one_of_them_hostile_enters_a_stage_whose_rows_nobody_answered(seed: int):
    chance = Random(seed)
    ind, usa = pair(SECOND_RULES)
    agreed: list[Gate] = []
    for _turn in range(12):
        by, other = (ind, usa) if chance.random() < 0.5 else (usa, ind)
        ahead = STAGES[STAGES.index(reached(agreed)) + 1 :] if agreed else STAGES
        if not ahead:
            break
        made = gate(reached(agreed), chance.choice(ahead[:4]), chance.choice([*SOP.kinds, ""]))
        if by is usa and chance.random() < 0.8:
            made = spoiled(chance, made)
        sides = (by.copy(), other.copy())
        offered = offer(by, made, len(agreed), chance.choice(("IND", "USA")))
        exchange(ind, usa)
        # An honest office agrees to what is valid and goes on from the text that both hold (node/core/gating.py).
        if rule(by, offered) or (made.since or "") != reached(agreed):
            by.__dict__.update(sides[0].__dict__)
            other.__dict__.update(sides[1].__dict__)
            continue
        accepted = other.accept(PROJECT, offered)
        exchange(ind, usa)
        by.close(PROJECT, offered, "agreed", accepted)
        exchange(ind, usa)
        agreed.append(made)
    orders = [[ind, usa], [usa, ind]]
    folded = [
        replay({(one.side, "released"): one.published() for one in order}, RULE_SETS).records.get(PROJECT)
        for order in orders
    ]
    assert (folded[0] is None) == (folded[1] is None) == (not agreed)
    if folded[0] is None or folded[1] is None:
        return
    assert folded[0].whole.stages == folded[1].whole.stages == {made.stage for made in agreed}
    answered, since = set[tuple[str, str]](), ""
    for made in agreed:
        answered |= {(row.row, row.side or "") for row in made.rows}
        assert set(SOP.asked(since, made.stage, made.path or "", made.ends or "")) <= answered
        assert all(row.state == "met" or SOP.rows[row.row].waivable or SOP.rows[row.row].unless for row in made.rows)
        since = made.stage
