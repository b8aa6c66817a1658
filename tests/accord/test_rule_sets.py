"""A released rule set never changes: its table, its kinds and its discipline come to the digest that it carries."""

import ast
import json
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from dtti.accord import discipline, discipline_2, table, table_2
from dtti.accord.procedures import codes
from dtti.accord.rule_sets import DTTI_1, DTTI_2, LATEST, RULE_SETS
from dtti.accord.rules import RuleSet
from tests.conftest import ROOT

MODULES = {"dtti_1": [discipline], "dtti_2": [discipline, discipline_2]}


class _Behaviour(ast.NodeTransformer):
    """Leaves of a module what it does: without docstrings, and of its texts only the names of rules."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "refuse":
            node.args = node.args[:1]
        return self.generic_visit(node)


def behaviour(file: Path) -> str:
    return ast.unparse(_Behaviour().visit(ast.parse(file.read_text(encoding="utf-8"))))


def described(rules: RuleSet) -> dict[str, object]:
    """Everything in a rule set that bears on a verdict, as plain JSON."""
    rows = []
    for row in rules.table.values():
        made = {
            name: getattr(row, name) for name in row.__struct_fields__ if name not in ("terms", "who", "when", "does")
        }
        rows.append({**made, "terms": _without_words(msgspec.json.schema(row.terms))})
    return {
        "name": rules.name,
        "kinds": dict(rules.kinds),
        "rows": rows,
        "firm_answer_decides": rules.firm_answer_decides,
        "neutral_offices": rules.neutral_offices,
        **(
            {"procedures": msgspec.to_builtins({name: codes(name) for name in rules.procedures})}
            if rules.procedures
            else {}
        ),
        "discipline": [behaviour(Path(str(module.__file__))) for module in MODULES[rules.name]],
    }


def _without_words(schema: object) -> object:
    if isinstance(schema, dict):
        return {name: _without_words(value) for name, value in schema.items() if name not in ("title", "description")}
    return [_without_words(each) for each in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=lambda rules: rules.name)
def test_a_rule_set_is_what_its_digest_names(rules: RuleSet):
    """Where dtti_1 fails, put back what was changed. Where dtti_2 fails, before it is released: give it this digest.

    It stands in rule_sets.py, in docs/format.md and in verifier/verify.mjs.
    """
    assert sha256(json.dumps(described(rules), sort_keys=True).encode()).hexdigest() == rules.digest


@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=lambda rules: rules.name)
def test_the_digest_stands_where_others_read_it(rules: RuleSet):
    for file in ("docs/format.md", "verifier/verify.mjs"):
        assert rules.digest in (ROOT / file).read_text(encoding="utf-8"), file


def test_the_first_set_is_frozen():
    assert DTTI_1.digest == "89143a51313ba508d3d9a81ae3656a4f0ada81cfd30894d46a96f162582e9a5b"
    assert DTTI_1.table is table.TABLE
    assert DTTI_1.judge is discipline.judge


def test_sets_stand_in_the_order_in_which_they_came_and_a_kind_is_of_one_mode_in_all():
    assert list(RULE_SETS) == ["dtti_1", "dtti_2"]
    assert LATEST is DTTI_2
    for earlier in RULE_SETS.values():
        assert {kind: LATEST.kinds[kind] for kind in earlier.kinds} == earlier.kinds


def test_a_later_set_has_every_verb_of_the_earlier_and_reads_what_that_wrote():
    assert list(DTTI_2.table)[: len(table.ROWS)] == [row.verb for row in table.ROWS]
    for row in table.ROWS:
        assert issubclass(DTTI_2.table[row.verb].terms, row.terms), row.verb
    assert table.write_terms(table_2.State(base=3)) == table.write_terms(table.State(base=3)) == {"base": 3}
