"""docs/acts.md and the table of acts say the same: every verb, field and rule, in the same words."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from dtti.accord import table, table_2
from dtti.accord.grade import GRADES, Grade
from dtti.accord.refusal import Refusal, Refused

PAGE = (Path(__file__).parents[2] / "docs" / "acts.md").read_text(encoding="utf-8")


def rows(header: str) -> list[list[str]]:
    """Cells of the table on the page that begins with `header`."""
    _, found, after = PAGE.partition(f"\n| {header} |")
    assert found, f"the page has no table that begins with {header}"
    lines = after.split("\n")[2:]
    end = next(number for number, line in enumerate(lines) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[:end]]


def codes(names: list[str], otherwise: str) -> str:
    return ", ".join(f"`{name}`" for name in names) or otherwise


def test_the_page_has_every_act_in_the_words_of_the_table():
    assert rows("Act | Written by") == [
        [f"`{row.verb}`", row.who, row.when, row.does, codes(list(row.voids), "general rules only")]
        for row in table.ROWS
    ]


def test_the_page_has_every_field_and_form():
    assert rows("Act | Ledger") == [
        [
            f"`{row.verb}`",
            ", ".join(row.ledgers),
            row.role,
            "yes" if row.office else "no",
            "yes" if row.on_record else "no",
            " to ".join(str(number) for number in dict.fromkeys(row.bodies)),
            codes([each.name + ("" if each.required else "?") for each in msgspec.structs.fields(row.terms)], "none"),
        ]
        for row in table.ROWS
    ]


CHANGED = [row for row in table_2.ROWS if table.TABLE.get(row.verb) != row]


def test_the_page_has_every_act_that_the_second_set_changes_or_adds():
    assert rows("Act in `dtti_2`") == [
        [f"`{row.verb}`", row.who, row.when, row.does, codes(list(row.voids), "general rules only")] for row in CHANGED
    ]
    fields = {row.verb: [(each.name, each.required) for each in msgspec.structs.fields(row.terms)] for row in CHANGED}
    for cells in rows("Form in `dtti_2`"):
        verb = cells[0].strip("`")
        row = table_2.TABLE[verb]
        assert cells[1:3] == [
            ", ".join(row.ledgers),
            row.role + (f", or {row.alone} without an office" * bool(row.alone)),
        ]
        assert cells[6] == codes([name + "?" * (not required) for name, required in fields.pop(verb)], "none")
    assert not fields


@pytest.mark.parametrize("nested", [table_2.Credential, table_2.Member, table_2.Gate, table_2.Answered])
def test_the_page_names_the_fields_inside_fields_of_the_second_set(nested: type[msgspec.Struct]):
    section = PAGE[PAGE.index("Of a `grant` in `dtti_2`") : PAGE.index("What else `dtti_2` says otherwise")]
    for each in msgspec.structs.fields(nested):
        assert f"`{each.name}{'' if each.required else '?'}`" in section


@pytest.mark.parametrize("nested", [table.Grant, table.Held])
def test_the_page_names_the_fields_inside_fields(nested: type[msgspec.Struct]):
    section = PAGE[PAGE.index("Of a `grant` in `power`") : PAGE.index("Bodies: the text first")]
    for each in msgspec.structs.fields(nested):
        assert f"`{each.name}{'' if each.required else '?'}`" in section


def test_the_page_has_every_general_rule_in_the_words_of_the_table():
    general, special = (PAGE.index(f"## Rules {words}") for words in ("that any act can break", "of single acts"))
    listed = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE[general:special], re.MULTILINE)
    assert listed == list(table_2.GENERAL.items())


def test_the_page_explains_every_rule_of_a_single_act_once_and_no_other():
    section = PAGE[PAGE.index("## Rules of single acts") : PAGE.index("## The pen")]
    listed = re.findall(r"^\| `([a-z-]+)` \| .+ \|$", section, re.MULTILINE)
    assert sorted(listed) == sorted({rule for row in table_2.ROWS for rule in row.voids})
    assert not set(listed) & set(table_2.GENERAL)


def test_the_page_explains_every_grade_from_the_weightiest_down():
    assert [row[1].strip("`") for row in rows("Grade")] == list(GRADES) == list(get_args(Grade))


def test_every_verb_is_spelled_once():
    assert len(table.TABLE) == len(table.ROWS)


@pytest.mark.parametrize("row", table.ROWS, ids=lambda row: row.verb)
def test_fields_of_another_name_are_refused_for_every_verb(row: table.Row):
    refusal = table.read_terms(row.verb, {"of_no_verb": 1})
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "terms"


def test_fields_are_read_as_they_were_written():
    terms = table.Propose(2, "USA", "2027-02-03T00:00:00Z", firm=True)
    written = table.write_terms(terms)
    assert written == {"base": 2, "next": "USA", "until": "2027-02-03T00:00:00Z", "firm": True}
    assert table.read_terms("propose", written) == terms
    assert table.write_terms(table.SendBack("0" * 64)) == {"offer": "0" * 64}


def test_several_refusals_are_told_together():
    first, second = Refusal("pen", "USA holds it", "Ask for the text."), Refusal("base", "it is old", "Draft it anew.")
    raised = Refused(first, second)
    assert raised.refusals == (first, second)
    assert str(raised) == "USA holds it (rule pen). Ask for the text.; it is old (rule base). Draft it anew."
