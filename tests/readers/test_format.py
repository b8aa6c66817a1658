"""docs/format.md and the code say the same: every member, verb, role, grade and rule of the files others read."""

import ast
import re
from typing import Any

import msgspec
import pytest

from dtti.accord import proof, table, table_2
from dtti.accord.claim import PARTS, Claim, says
from dtti.accord.grade import GRADES
from dtti.ledger import act, body, keylist, pack
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
LEDGER = ["act", "canonical", "chain", "export", "keylist", "pack", "tree", "ustar", "verify"]
SOURCES = [f"ledger/{name}.py" for name in LEDGER] + ["accord/claim.py", "accord/proof.py"]
RULE_AT = {"MalformedLeaf": 0, "KeyListError": 0, "ProfileError": 0, "PackError": 1, "Broken": 1, "Fault": 1}


def section(number: int) -> str:
    return re.split(r"^## \d+\. ", PAGE, flags=re.MULTILINE)[number]


def rows(number: int, heading: str) -> dict[str, list[str]]:
    """The rows of the table under `heading` in a section, by their first cell without backticks."""
    found, inside = {}, False
    for line in section(number).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith(f"| {heading} |"):
            inside = True
        elif inside and not line.startswith("|"):
            break
        elif inside and not line.startswith("|---"):
            for name in re.findall(r"`([^`]+)`", cells[0]):
                found[name] = cells[1:]
    return found


@pytest.mark.parametrize(
    ("number", "heading", "described"),
    [
        (2, "Member", act.Act),
        (8, "Manifest member", pack.Manifest),
        (9, "Member", proof.Proof),
        (9, "Claim member", Claim),
    ],
)
def test_every_member_is_on_the_page_in_order(number: int, heading: str, described: type[msgspec.Struct]):
    assert sorted(rows(number, heading)) == sorted(described.__struct_fields__)


def test_every_verb_of_a_proof_is_on_the_page_with_role_bodies_record_and_terms():
    found = rows(2, "Verb")
    assert tuple(found) == PARTS
    for verb, (role, bodies, record, terms) in found.items():
        row = table.TABLE.get(verb) or table_2.TABLE[verb]
        least, most = row.bodies
        assert role == row.role
        assert bodies == (str(least) if least == most else f"{least}-{most}")
        assert record == ("yes" if row.on_record else "no")
        named = {name: mark == "?" for name, mark in re.findall(r"`([a-z_]+)`(\??)", terms)}
        fields = {field.name: not field.required for field in msgspec.structs.fields(row.terms)}
        assert named == fields, verb


def test_every_grade_is_on_the_page_with_its_words():
    assert sorted(rows(9, "Grade")) == sorted(GRADES)
    flat = " ".join(section(9).split())
    for grade in GRADES:
        for held in (True, False):
            claim = Claim("0" * 64, "live", grade, held, "dtti", "need/IND/aaaaaaaa", ["IND"])
            words, receipt = says(claim, {"IND": 1}).split(": IND ")[1].split(" As of ")[0].split(". ", 1)
            assert f"`{words}`" in flat
            assert f"`{receipt}`" in flat


def test_roles_formats_and_prefixes_are_on_the_page():
    assert [role for role in keylist.ROLES if f"`{role}`" not in section(6)] == []
    for word in (
        f"| {act.FORMAT} |",
        act.PAYLOAD_TYPE,
        f"DSSEv1 {len(act.PAYLOAD_TYPE)} ",
        pack.FORMAT,
        proof.FORMAT,
        f"at most {act.MAX_BODIES}",
        f"{act.MAX_LEAF:,}",
        f"salt of {body.SALT} random bytes",
        *keylist.ROLES.values(),
    ):
        assert word in PAGE, word


def _rules(tree: ast.AST) -> set[str]:
    """Rules that a module names where it finds fault, and those of findings that it keeps as (rule, reason)."""
    found: set[Any] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RULE_AT:
            given = node.args[RULE_AT[node.func.id] :][:1]
            found |= {one.value for one in given if isinstance(one, ast.Constant)}
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            name, first = node.targets[0], node.value.elts[0]
            if isinstance(name, ast.Name) and name.id == "fault" and isinstance(first, ast.Constant):
                found.add(first.value)
    return found


def test_every_rule_is_on_the_page_and_no_other():
    ours = set()
    for source in SOURCES:
        ours |= _rules(ast.parse((ROOT / "src" / "dtti" / source).read_text(encoding="utf-8")))
    # The profile's own type check is for values made by a program; `terms` comes from the table of acts.
    assert set(rows(10, "Rule")) == (ours | {"terms"}) - {"profile-type"}


def test_the_second_verifier_names_the_same_rules():
    script = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "verifier").glob("*.mjs")))
    # Truncation shows where a node's store ends before its checkpoint; of an export a bundle is missing.
    assert {rule for rule in rows(10, "Rule") if f"'{rule}'" not in script} == {"truncated"}
