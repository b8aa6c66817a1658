"""Templates are compiled once for the code they belong to, and kept where Python keeps its own files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.bccache import BytecodeCache

from dtti.web.compiled import Compiled

#: Renders a template under the cache, and says which templates were compiled for that.
RENDER = """
import sys
from jinja2 import Environment, FileSystemLoader
from dtti.web.compiled import Compiled
env = Environment(loader=FileSystemLoader(sys.argv[1]), autoescape=True, bytecode_cache=Compiled())
made, compile = [], env._compile
env._compile = lambda source, filename: made.append(filename) or compile(source, filename)
print(env.get_template("page.html").render(name="<Café>"), len(made))
"""


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A folder with one template."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("<p>{{ name }}</p>")
    return tmp_path / "templates"


def render(templates: Path, prefix: Path, **more: str) -> str:
    """What a new interpreter renders, and how many templates it compiled."""
    given = {**os.environ, "PYTHONPYCACHEPREFIX": str(prefix)} | more
    given.pop("PYTHONDONTWRITEBYTECODE", None) if not more else None
    ended = subprocess.run([sys.executable, "-c", RENDER, str(templates)], capture_output=True, text=True, env=given)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def kept(prefix: Path) -> list[Path]:
    """The compiled templates under a prefix."""
    return sorted(prefix.rglob("template-*"))


def test_a_second_start_compiles_nothing_and_a_changed_template_is_compiled(templates: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "kept"
    assert render(templates, prefix) == "<p>&lt;Café&gt;</p> 1"
    assert len(kept(prefix)) == 1
    assert render(templates, prefix) == "<p>&lt;Café&gt;</p> 0"
    (templates / "page.html").write_text("<b>{{ name }}</b>")
    assert render(templates, prefix) == "<b>&lt;Café&gt;</b> 1"


def test_where_nothing_may_be_kept_templates_are_compiled_all_the_same(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    assert render(templates, tmp_path / "taken") == "<p>&lt;Café&gt;</p> 1"
    assert render(templates, tmp_path / "unasked", PYTHONDONTWRITEBYTECODE="1") == "<p>&lt;Café&gt;</p> 1"
    assert kept(tmp_path / "unasked") == []


def test_what_other_code_compiled_is_not_read_and_goes(
    templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def names(cache: BytecodeCache) -> list[str]:
        Environment(loader=FileSystemLoader(templates), autoescape=True, bytecode_cache=cache).get_template("page.html")
        return [each.name for each in kept(tmp_path / "kept")]

    (first,) = names(Compiled())
    other = Compiled()
    other.pattern = other.pattern.replace("template-", "template-0")  # as a module of another size would have it
    (second,) = names(other)
    assert first != second
