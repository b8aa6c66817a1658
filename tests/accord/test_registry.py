"""The registry of rules: every rule that this software can refuse by is in it, with what it rests on."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dtti.accord.refusal import Refusal, in_words, registry, rule

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "dtti"
#: What makes a refusal of its first argument, in any module; others are found by their parameter `rule`.
MAKERS = {"refuse", "Refusal", "not_after", "distinct", "MalformedLeaf", "KeyListError", "ProfileError"}


def literals(part: ast.expr) -> Iterator[str]:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        yield part.value
    elif isinstance(part, ast.IfExp):
        yield from literals(part.body)
        yield from literals(part.orelse)


def makers(tree: ast.Module) -> dict[str, int]:
    """Functions of a module that take the name of a rule, and which of their arguments it is."""
    found = dict.fromkeys(MAKERS, 0)
    for part in ast.walk(tree):
        if isinstance(part, ast.FunctionDef):
            names = [each.arg for each in part.args.args if each.arg not in ("self", "cls")]
            kept = ast.unparse(part.returns) if part.returns else ""
            if "rule" in names and ("Refus" in kept or "NoReturn" in kept or kept == "Exception"):
                found[part.name] = names.index("rule")
    return found


def named(tree: ast.Module) -> Iterator[str]:
    takers = makers(tree)
    for part in ast.walk(tree):
        if isinstance(part, ast.Call):
            called = part.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in takers:
                given = [each.value for each in part.keywords if each.arg == "rule"] or part.args[takers[name] :][:1]
                for each in given:
                    yield from literals(each)
        if isinstance(part, ast.For) and isinstance(part.target, ast.Tuple) and isinstance(part.iter, ast.Tuple):
            first = part.target.elts[0]
            if isinstance(first, ast.Name) and first.id == "rule":
                for row in part.iter.elts:
                    if isinstance(row, ast.Tuple):
                        yield from literals(row.elts[0])


def test_every_rule_in_the_code_is_registered():
    missing: dict[str, str] = {}
    met = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for name in named(ast.parse(path.read_text(encoding="utf-8"))):
            met.add(name)
            if rule(name).source == "not registered":
                missing[name] = str(path.relative_to(SOURCE))
    assert missing == {}, "give each a line in src/dtti/accord/registry"
    assert {"pen", "link", "success-users", "paper-kind", "package-macro", "high-water", "day"} <= met


def test_every_rule_says_what_it_asks_and_on_what_it_rests():
    for name, one in registry().items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(-\*)?", name)
        assert one.asks.endswith("."), name
        assert one.source, name
        assert one.version, name
        assert one.confidence in ("stated", "sourced", "single-source", "inferred", "unverified"), name
        assert date.fromisoformat(one.since) <= date.fromisoformat(one.until or "9999-12-31"), name
        for part in one.source.split("; "):
            if part.startswith("docs/"):
                assert (ROOT / part).is_file(), f"{name}: {part}"


def test_a_refusal_carries_its_grounds():
    said = Refusal("pen", "USA holds the pen", "Ask for the text.").said()
    assert said == {
        "rule": "pen",
        "reason": "USA holds the pen",
        "remedy": "Ask for the text.",
        "asks": "Only the side that holds the pen offers the next text.",
        "source": "docs/acts.md",
        "version": "dtti_1",
        "confidence": "stated",
        "effective": {"from": "2026-11-22", "until": None},
    }
    assert in_words(said) == "docs/acts.md, version dtti_1 (stated), in force from 2026-11-22"
    law = rule("trade-fiscal-year")
    assert (law.source, law.confidence) == ("31 USC 1102", "sourced")
    assert rule("sheet-anything").source == "docs/papers/sheets.md"


@pytest.mark.parametrize("name", ["no-such-rule", "", "-"])
def test_a_rule_in_no_registry_says_so(name: str):
    assert (rule(name).source, rule(name).confidence) == ("not registered", "unverified")
