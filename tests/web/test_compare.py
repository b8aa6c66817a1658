"""Two contents beside each other: whatever they hold, nothing of either is lost, and what differs is marked."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.programme.contents import contents, leaves
from tests.programme.test_kinds import STANDING

from dtti.documents.diff import MOST
from dtti.programme.kinds import KINDS
from dtti.web.compare import Comparison, compare, pair, runs, text_of
from dtti.web.forms.compared import compared

many = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def side_of(made: Comparison, op: str) -> list[str]:
    """What one side of a comparison reads like: its paragraphs and its cells. `op`: ins for after, del for before."""
    cells = [one.runs for one in made.paragraphs]
    cells += [cell for table in made.tables for row in table.rows for cell in row.cells.values()]
    return ["".join(run["text"] for run in cell if run["op"] in ("same", op)) for cell in cells]


@many
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_every_leaf_of_both_contents_stands_in_the_comparison(kind: str, data: st.DataObject) -> None:
    before, after = data.draw(contents(kind)), data.draw(contents(kind))
    made = compare(before, after)
    for op, content in (("del", before), ("ins", after)):
        read = "\n".join(side_of(made, op))
        assert [leaf for leaf in leaves(content) if str(leaf) not in read] == []
    assert made.same == (before == after)


@many
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_as_officials_read_it_no_row_is_lost_and_no_difference_goes_unmarked(kind: str, data: st.DataObject) -> None:
    before, after = data.draw(contents(kind)), data.draw(contents(kind))
    made = compared(kind, before, after)
    assert made.same == (before == after) or _words_alike(kind, before, after)
    for name, table in _tables(kind, made).items():
        for op, content in (("removed", before), ("added", after)):
            rows = [row for row in table.rows if row.state in ("same", "moved", "changed", op)]
            assert len(rows) == len(content.get(name, [])), (name, op)


def _words_alike(kind: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether two contents differ in nothing that their words tell apart: then their stored forms do, below."""
    return side_of(compared(kind, before, before), "ins") == side_of(compared(kind, after, after), "ins")


def _tables(kind: str, made: Comparison) -> dict[str, Any]:
    from dtti.web.views import words

    names = {words.field_name(name): name for name in KINDS[kind].content.__struct_fields__}
    return {names[table.label]: table for table in made.tables if table.label in names}


ROW = st.fixed_dictionaries(
    {"side": st.sampled_from(("IND", "USA"))}, optional={"user": st.sampled_from("abc"), "number": st.just("1")}
)


@given(st.lists(ROW, max_size=6), st.lists(ROW, max_size=6))
def test_rows_are_paired_once_each_whatever_they_are_called(old: list[Any], new: list[Any]) -> None:
    pairs = pair(old, new)
    assert sorted(was for was, _ in pairs if was is not None) == list(range(len(old)))
    assert [now for _, now in pairs if now is not None] == list(range(len(new)))
    equal = sum(1 for was, now in pairs if was is not None and now is not None and old[was] == new[now])
    once = {repr(sorted(row.items())): row for row in new}.values()
    assert equal == sum(min(old.count(row), new.count(row)) for row in once)


@pytest.mark.parametrize("field", ["end_users", "measures", "assessors"])
def test_a_second_row_of_the_same_name_is_shown_added_beside_the_first(field: str) -> None:
    before = STANDING["success_definition"]
    second = {**before[field][0], **({"user": "Navy"} if field == "end_users" else {"notes": "Second."})}
    if field == "assessors":
        second = {"side": "IND", "office": "IND/another-post"}
    if field == "measures":
        second = {**before[field][0], "target": "240"}
    made = compared("success_definition", before, {**before, field: [*before[field], second]})
    (table,) = [one for one in made.tables if one.changed]
    assert [row.state for row in table.rows] == ["same"] * len(before[field]) + ["added"]
    assert not made.removed


def test_a_row_that_only_changed_its_place_says_so() -> None:
    rows = [{"name": name} for name in "abcd"]
    for order in permutations(rows):
        table = compare({"rows": rows}, {"rows": list(order)}).tables[0]
        assert table.changed == (list(order) != rows)
        assert {row.state for row in table.rows} <= {"same", "moved"}


def test_a_source_that_was_taken_away_is_a_change() -> None:
    before = {"ref": "a", "name": "A", "cite": {"sources": ["S1", "S2"], "confidence": "sourced"}}
    after = {**before, "cite": {"sources": ["S1"], "confidence": "sourced"}}
    made = compare(before, after)
    assert [one.state for one in made.paragraphs] == ["same", "same", "changed", "same"]


def test_members_of_a_member_and_mixed_lists_are_compared_without_a_fault() -> None:
    cost = {"money": {"amount": 100}, "shares": [{"side": "IND", "basis_points": 5000}]}
    made = compare({"cost": cost}, {"cost": {**cost, "money": {"amount": 200}}})
    assert [(one.label, one.state) for one in made.paragraphs] == [("Cost · Sum · Amount", "changed")]
    assert [(one.label, one.changed) for one in made.tables] == [("Cost · Shares", False)]
    odd = compare({"rows": [{"a": "1"}, "two"], "x": False}, {"rows": "two", "x": [{"a": [{"b": "3"}]}]})
    assert odd.paragraphs
    assert not odd.same
    assert text_of([{"a": "1"}, "two"]) == "A: 1\ntwo"


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abc"), max_size=9))
def test_as_many_words_as_can_stay_in_their_order_are_marked_the_same(old: list[str], new: list[str]) -> None:
    most = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, was in enumerate(old):
        for j, now in enumerate(new):
            most[i + 1][j + 1] = most[i][j] + 1 if was == now else max(most[i][j + 1], most[i + 1][j])
    before, after = (" ".join(each) + " " for each in (old, new))
    made = runs(before, after)
    assert "".join(run["text"] for run in made if run["op"] != "ins").split() == old
    assert "".join(run["text"] for run in made if run["op"] != "del").split() == new
    assert sum(len(run["text"].split()) for run in made if run["op"] == "same") == most[-1][-1]


def test_texts_too_long_to_compare_word_by_word_are_shown_whole_and_in_time() -> None:
    before = " ".join(f"word{number}" for number in range(9_000))
    after = " ".join(f"other{number}" for number in range(9_000))
    assert MOST < 9_000 * 9_000
    assert [run["op"] for run in runs(before, after)] == ["del", "ins"]
    assert [run["op"] for run in runs(f"{before} end", f"{before} finish")] == ["same", "del", "ins"]
