"""A version of the procedure as a text: what two say otherwise, and the file that software holds of one."""

import random
import tomllib
from typing import Any, get_args

import msgspec
import pytest

from dtti.accord.procedures import codes
from dtti.programme.face import Beginning
from dtti.programme.kind import Beside, Context
from dtti.programme.kinds.procedure import PROCEDURE, Exit, Path, Procedure, arranged, numbered
from dtti.programme.sop import texts
from dtti.programme.sop.spine import SPINE
from dtti.programme.sop.versions import Procedure as Held
from dtti.programme.sop.versions import versions

SOP_1 = versions()["sop-1"]


def begun() -> dict[str, Any]:
    return PROCEDURE.face.begins(Beginning("IND", ("IND", "USA")))


def text(**changed: Any) -> Procedure:
    return PROCEDURE.read(PROCEDURE.tidy({**begun(), **changed}))


def rows(**changed: dict[str, Any]) -> list[dict[str, Any]]:
    """Every row of the version in force, with what is changed of some, by their names."""
    return [{**row, **changed.get(row["id"].replace("-", "_"), {})} for row in begun()["rows"]]


def test_a_text_begins_as_the_next_version_with_every_row_of_the_one_in_force() -> None:
    made = text()
    assert (made.ref, made.follows) == ("sop-2", "sop-1")
    assert [row.id for row in made.rows] == list(SOP_1.rows)
    assert all(row.words_hi for row in made.rows)
    assert PROCEDURE.rules(made, Context(exists=lambda kind, ref: False)) == []
    assert numbered(["sop-1", "sop-3", "ex-sop-9"]) == ("sop-4", "Standard Operating Procedure, version 4")


def test_what_a_text_may_say_is_what_the_version_in_force_knows() -> None:
    assert set(get_args(Path)) == set(SOP_1.about.kinds)
    assert set(get_args(Exit)) == set(SOP_1.about.exits)


def test_the_file_of_a_text_begun_from_a_version_loads_and_has_its_codes() -> None:
    made = texts.toml(text(), SOP_1, ["For the next rule set."])
    assert made.startswith("# For the next rule set.\n")
    held = msgspec.convert(tomllib.loads(made), Held)
    assert held.about.version == "sop-2"
    assert texts.codes_of(text(), SOP_1) == codes("sop-1")
    plain = {name: msgspec.structs.replace(row, words_hi="") for name, row in held.rows.items()}
    assert plain == SOP_1.rows
    assert texts.codes_of(text(rows=rows(success_agreed={"waivable": False})), SOP_1) != codes("sop-1")
    assert texts.differing_codes(text(exits=["withdrawn"]), SOP_1, "sop-1") == ["exits"]


@pytest.mark.parametrize("odd", ['"quoted" \\ and {braces}', "अनुमति\tदी", "two\nlines\x7f\x01", "'''\"\"\"#"])
def test_any_words_stand_in_the_file_as_they_were_agreed(odd: str) -> None:
    made = msgspec.structs.replace(text(), basis=odd)
    held = msgspec.convert(tomllib.loads(texts.toml(made, SOP_1)), Held)
    assert held.about.basis == odd


def test_without_a_citation_a_text_is_its_own_source_once_both_agreed() -> None:
    cited = text(cite={"sources": ["S57"], "confidence": "inferred"})
    said = [
        tomllib.loads(texts.toml(one, SOP_1, agreed=agreed))["about"]
        for one, agreed in ((text(), False), (text(), True), (cited, True))
    ]
    assert [(each["sources"], each["confidence"]) for each in said] == [
        ([], "unverified"),
        ([], "sourced"),
        (["S57"], "inferred"),
    ]


def test_each_way_in_which_a_row_can_change_is_named() -> None:
    new = {
        **rows()[0],
        "id": "new-row",
        "words": "Something new",
        "stage": "proposed",
    }
    after = [
        each
        for each in rows(
            release_question={"stage": "exploring", "waivable": False},
            need_of_side={"words": "The need that it meets"},
            lessons_written={"sides": ["IND"]},
        )
        if each["id"] != "outcome-said"
    ]
    after[4], after[5] = after[5], after[4]  # two rows of one stage
    found = texts.changes(texts.packaged("sop-1"), text(**arranged({"rows": [new, *after]})))
    assert {row.id: row.state for row in found.rows} == {
        "new-row": "added",
        "need-of-side": "changed",
        "highest-marking": "reordered",
        "interests-declared": "reordered",
        "release-question": "moved",
        "outcome-said": "removed",
        "lessons-written": "changed",
    }
    by_id = {row.id: row for row in found.rows}
    moved = by_id["release-question"]
    assert (moved.since, moved.stage) == ("endorsed", "exploring")
    assert [(each.field, each.before, each.after) for each in moved.fields] == [
        ("stage", "endorsed", "exploring"),
        ("waivable", True, False),
    ]
    assert [(each.field, each.before, each.after) for each in by_id["lessons-written"].fields] == [
        ("sides", [], ["IND"])
    ]
    assert {each.field for each in by_id["new-row"].fields} >= {"words", "words_hi", "by", "how", "basis"}
    assert found.alike == len(SOP_1.rows) - 6
    assert [each.stage for each in found.rows] == sorted((each.stage for each in found.rows), key=SPINE.index)
    assert [(each.field, each.before) for each in found.whole] == [
        ("title", "Standard Operating Procedure, version 1"),
        ("effective", "2026-11-30"),
    ]


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_lost_between_two_versions(seed: int) -> None:
    """What is said to have changed turns the one into the other: rows, members, and the order within each stage."""
    chance = random.Random(seed)

    def some() -> Procedure:
        kept = [dict(each) for each in rows() if chance.random() < 0.8]
        for each in kept:
            if chance.random() < 0.2:
                each["stage"] = chance.choice(SPINE)
            if chance.random() < 0.2:
                each["words"] += " now"
            if chance.random() < 0.2:
                each["waivable"] = not each.get("waivable", False)
                each["unless"] = False
        chance.shuffle(kept)
        return text(**arranged({"rows": kept}))

    one, other = some(), some()
    found = texts.changes(one, other)
    made = {row.id: row for row in one.rows}
    for row in found.rows:
        if row.state == "removed":
            del made[row.id]
        elif row.state != "added":
            told = {each.field: each.after for each in row.fields}
            made[row.id] = msgspec.structs.replace(
                made[row.id], **{name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
            )
    wanted = {row.id: row for row in other.rows}
    for row in found.rows:
        if row.state == "added":
            assert {each.field for each in row.fields} >= {"words", "basis"}
            made[row.id] = wanted[row.id]
    assert made == wanted
    still = [row.id for row in found.rows if row.state == "reordered"]
    steady = {row.id for row in one.rows} & set(wanted) - {row.id for row in found.rows}
    assert not set(still) & steady
    assert found.alike == len(steady)
    for stage in SPINE:  # of what is called as before, the order is as before
        orders = [[row.id for row in each.rows if row.id in steady and row.stage == stage] for each in (one, other)]
        assert orders[0] == orders[1]
    assert texts.changes(one, one).same


def test_a_form_keeps_rows_in_the_order_of_their_stages() -> None:
    typed = [
        {"id": "c", "stage": "signed"},
        {"id": "a", "stage": "proposed"},
        {"id": "x"},
        {"id": "d", "stage": "signed"},
    ]
    assert [each["id"] for each in arranged({"rows": typed})["rows"]] == ["a", "c", "d", "x"]
    assert arranged({"title": "No rows"}) == {"title": "No rows"}


def test_a_version_follows_one_that_is_here() -> None:
    after = text(follows="sop-7")

    def against(**held: bool) -> set[str]:
        return {each.rule for each in PROCEDURE.rules(after, Context(exists=lambda kind, ref: held.get(kind, False)))}

    assert against() == {"procedure-follows"}
    assert against(procedure=True) == set()


def test_a_version_that_is_out_is_offered_no_more_and_stays_readable() -> None:
    assert PROCEDURE.forward is not None
    beside = Beside(held=lambda kind, ref: None, rules="dtti_2")
    out = text(ref="sop-1", follows="sop-0")
    assert [each.rule for each in PROCEDURE.forward(out, beside)] == ["procedure-released"]
    assert PROCEDURE.rules(out, Context()) == []
    assert PROCEDURE.forward(text(), beside) == []


def test_the_hindi_that_a_held_version_says_was_agreed_is_what_pages_show() -> None:
    for name, held in versions().items():
        shown = {row.id: row.words_hi for row in texts.packaged(name).rows}
        assert {row: rule.words_hi for row, rule in held.rows.items() if rule.words_hi not in ("", shown[row])} == {}
