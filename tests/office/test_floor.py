"""Pages that ask the office alone are listed in a contract, which a page that comes to comply must join."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VIEWS = ROOT / "src" / "dtti" / "web" / "views"
CONTRACT = "Pages moved so far ask the office, and nothing beneath it"


def contract() -> dict[str, list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    found: dict[str, list[str]] = next(each for each in contracts if each["name"] == CONTRACT)
    return found


def imported(path: Path) -> set[str]:
    """The modules that a file imports by their full names."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    members = [
        f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    ]
    return names.union(members)


def test_every_page_that_asks_the_office_and_nothing_beneath_it_is_held_to_that() -> None:
    beneath = tuple(f"{each}." for each in contract()["forbidden_modules"])
    asking = {
        f"dtti.web.views.{path.stem}"
        for path in VIEWS.glob("*.py")
        if any(name.startswith("dtti.office") for name in imported(path))
        and not any(f"{name}.".startswith(beneath) for name in imported(path))
    }
    assert set(contract()["source_modules"]) == asking
