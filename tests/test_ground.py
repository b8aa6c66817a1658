"""The project's ground: its locks, licences, floors, package, the tests' own settings and the index of decisions."""

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"

# In pieces, so that this file does not name what it looks for.
REGISTRIES = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("sum", "golang", "org"),
        ("crates", "io"),
    )
]


def kept_files() -> list[Path]:
    """Every file that is committed, or would be by `git add --all`; without git, every file outside the caches."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode == 0:
        names = [ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    else:
        names = [path for path in ROOT.rglob("*") if not {".git", ".venv", ".cache"} & set(path.parts)]
    return [path for path in names if path.is_file()]


def lock(path: Path) -> dict[str, tuple[Requirement, int]]:
    """Each requirement of a lock file by name, with the number of its hashes."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = line.split(" --hash=sha256:")
            parsed = Requirement(requirement.strip())
            found[canonicalize_name(parsed.name)] = (
                parsed,
                sum(bool(re.fullmatch(r"[0-9a-f]{64} *", h)) for h in hashes),
            )
            assert len(hashes) == found[canonicalize_name(parsed.name)][1], f"{path.name}: {line[:80]}"
    return found


def group(name: str) -> Iterator[Requirement]:
    """The requirements of a dependency group, with those of the groups it includes."""
    for each in PROJECT["dependency-groups"][name]:
        if isinstance(each, dict):
            yield from group(each["include-group"])
        else:
            yield Requirement(each)


def declared() -> list[Requirement]:
    return [Requirement(each) for each in PROJECT["project"]["dependencies"]]


# Locks


def test_no_kept_file_names_a_package_registry():
    pattern = re.compile("|".join(map(re.escape, REGISTRIES)).encode())
    assert [str(path.relative_to(ROOT)) for path in kept_files() if pattern.search(path.read_bytes())] == []


def test_no_lock_that_records_addresses_is_kept():
    assert [path.name for path in kept_files() if path.name == "uv.lock" or path.name.startswith("pylock")] == []


@pytest.mark.parametrize("path", [RUNTIME, DEVELOPMENT], ids=lambda path: path.name)
def test_every_locked_requirement_is_one_exact_version_with_its_hashes(path: Path):
    for requirement, hashes in lock(path).values():
        assert [clause.operator for clause in requirement.specifier] == ["=="], requirement
        assert requirement.url is None
        assert hashes >= 1, requirement


@pytest.mark.parametrize("path", [RUNTIME, DEVELOPMENT], ids=lambda path: path.name)
def test_a_lock_file_carries_no_option_that_says_where_to_fetch(path: Path):
    options = {word.split("=")[0] for word in path.read_text(encoding="utf-8").split() if word.startswith("-")}
    assert options == {"--hash"}


def test_the_locks_satisfy_what_the_project_declares():
    development = [
        *declared(),
        *group("dev"),
        *map(Requirement, PROJECT["project"]["optional-dependencies"]["postgres"]),
    ]
    for path, requirements in ((RUNTIME, [*declared(), *group("install")]), (DEVELOPMENT, development)):
        locked = lock(path)
        for requirement in requirements:
            (clause,) = locked[canonicalize_name(requirement.name)][0].specifier
            assert requirement.specifier.contains(clause.version, prereleases=True), f"{path.name}: {requirement}"


def test_the_development_lock_holds_the_runtime_lock_at_the_same_versions():
    development = {name: requirement.specifier for name, (requirement, _) in lock(DEVELOPMENT).items()}
    assert {name: development.get(name) for name in lock(RUNTIME)} == {
        name: requirement.specifier for name, (requirement, _) in lock(RUNTIME).items()
    }


# Licences

PERMISSIVE = re.compile(
    r"\b(MIT|MIT-0|BSD|BSD-2-Clause|BSD-3-Clause|Apache|Apache-2\.0|ISC|PSF-2\.0|Python Software Foundation|Zlib|ZPL"
    r"|Zope Public License|any-OSI)\b",
    re.IGNORECASE,
)
# Copyleft of single files, which are used unchanged: docs/decisions/0002 says why. There is nothing else of the kind.
BY_DECISION = {"certifi", "fido2", "orjson", "pathspec"}


def licence_of(distribution: importlib.metadata.Distribution) -> str:
    """What a distribution says its licence is: the expression, the classifiers, or the first words of its text."""
    metadata = distribution.metadata
    if expression := metadata.get("License-Expression"):
        return expression
    if classifiers := [each for each in metadata.get_all("Classifier") or [] if each.startswith("License ::")]:
        return "; ".join(classifiers)
    if stated := metadata.get("License"):
        return stated[:400]
    texts = [each for each in distribution.files or [] if re.search(r"licen[cs]e|copying", each.name, re.IGNORECASE)]
    return Path(str(texts[0].locate())).read_text(encoding="utf-8")[:400] if texts else ""


def test_what_a_node_installs_is_permissively_licensed_but_for_what_a_decision_names():
    environment = {"extra": "", **default_environment()}
    exceptions: dict[str, str] = {}
    for name, (requirement, _) in lock(RUNTIME).items():
        if requirement.marker is None or requirement.marker.evaluate(environment):
            licence = licence_of(importlib.metadata.distribution(name))
            if re.search(r"GPL|MPL|Mozilla|EPL|CDDL", licence) or not PERMISSIVE.search(licence):
                exceptions[name] = licence
    assert {name: licence for name, licence in exceptions.items() if name not in BY_DECISION} == {}
    assert set(exceptions) == BY_DECISION
    assert [name for name, licence in exceptions.items() if not re.search(r"MPL|Mozilla", licence)] == []


# What the product may import


def imported_packages() -> dict[str, set[str]]:
    """Top-level packages that the product's modules import, each with the files that do."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "src" / "dtti").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.partition(".")[0], set()).add(str(path.relative_to(ROOT)))
    return found


def test_the_product_imports_only_what_it_declares():
    providers = importlib.metadata.packages_distributions()
    extras = [Requirement(each) for each in PROJECT["project"]["optional-dependencies"]["postgres"]]
    allowed = {canonicalize_name(requirement.name) for requirement in [*declared(), *extras]}
    undeclared = {
        package: files
        for package, files in imported_packages().items()
        if package not in sys.stdlib_module_names
        and package != "dtti"
        and not allowed & {canonicalize_name(name) for name in providers.get(package, [])}
    }
    assert undeclared == {}


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("ledger/new.py", "import dtti.accord", "Floors import only downward"),
        ("accord/new.py", "import dtti.programme", "Floors import only downward"),
        ("programme/new.py", "from dtti import node", "Floors import only downward"),
        ("node/new.py", "import dtti.web", "Floors import only downward"),
        ("documents/new.py", "import dtti.papers", "Floors import only downward"),
        ("documents/new.py", "import dtti.programme", "Documents know no agenda"),
        ("papers/new.py", "import dtti.node", "Papers are made from plain data"),
        ("cli/new.py", "def later():\n    import dtti.demo", "Floors import only downward"),
        ("attic/__init__.py", "", "Floors import only downward"),
        ("ledger/new.py", "import django", "no Django"),
        ("papers/new.py", "from django.db import models", "no Django"),
        ("accord/new.py", "import httpx", "The rules are pure"),
        ("programme/new.py", "import sqlite3", "The rules are pure"),
    ],
)
def test_an_import_across_the_floors_is_caught(tmp_path: Path, module: str, statement: str, contract: str):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for floor in (
        "",
        "ledger",
        "accord",
        "language",
        "programme",
        "node",
        "documents",
        "papers",
        "office",
        "web",
        "web/views",
        "api",
        "cli",
        "demo",
        *(f"node/{room}" for room in ("acting", "checking", "core", "folder", "keeping", "line", "people", "record")),
    ):
        (tmp_path / "dtti" / floor).mkdir(exist_ok=True)
        (tmp_path / "dtti" / floor / "__init__.py").touch()
    for contract_of in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]:
        for view in (name for name in contract_of.get("source_modules", ()) if name.startswith("dtti.web.views.")):
            (tmp_path / view.replace(".", "/")).with_suffix(".py").touch()
    (tmp_path / "dtti" / module).parent.mkdir(exist_ok=True)

    def broken_contracts() -> list[str]:
        finished = subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
        )
        return re.findall(r"^(.+) BROKEN", finished.stdout, re.MULTILINE) if finished.returncode else []

    assert broken_contracts() == []
    (tmp_path / "dtti" / module).write_text(statement)
    assert [name for name in broken_contracts() if contract in name] != []


def test_types_are_checked_against_the_node_settings():
    assert PROJECT["tool"]["django-stubs"]["django_settings_module"] == "dtti.node.people.settings"
    assert (ROOT / "src" / "dtti" / "node" / "people" / "settings.py").is_file()


# The package


def test_the_wheel_holds_the_product_its_type_mark_and_its_licence_and_no_tests(tmp_path: Path):
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("dtti-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    version = PROJECT["project"]["version"]
    assert {"dtti/__init__.py", "dtti/ledger/__init__.py", "dtti/py.typed"} <= names
    assert f"dtti-{version}.dist-info/licenses/LICENSE" in names
    assert {name.partition("/")[0] for name in names} == {"dtti", f"dtti-{version}.dist-info"}


# The tests' own ground


def outcome_of(test: str, tmp_path: Path, *options: str, **environment: str) -> str:
    """Last line of pytest's report on one module of source `test`, under this project's settings."""
    (tmp_path / "test_one.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "-c", ROOT / "pyproject.toml", "--rootdir", tmp_path]
    finished = subprocess.run(
        [*command, "-p", "tests.conftest", *options, tmp_path / "test_one.py"],
        cwd=ROOT,
        env={**{name: value for name, value in os.environ.items() if name != "CI"}, **environment},
        capture_output=True,
        text=True,
    )
    return re.sub(r" in [\d.]+s.*", "", finished.stdout.strip().splitlines()[-1])


@pytest.mark.long
def test_a_slow_or_tool_hungry_test_runs_only_when_asked_for(tmp_path: Path):
    marks = ("long", "sweep", "fault", "model", "go", "node_js", "browser", "office")
    test = "import pytest\ndef test_plain(): pass\n" + "".join(
        f"@pytest.mark.{mark}\ndef test_{mark}(): pass\n" for mark in marks
    )
    assert outcome_of(test, tmp_path) == "1 passed, 8 deselected"
    assert outcome_of(test, tmp_path, "-m", "", "--sweep") == "9 passed"


@pytest.mark.long
def test_a_missing_postgresql_skips_here_and_fails_in_ci(tmp_path: Path):
    test = "def test_database(postgres_url): pass\n"
    nowhere = {"DTTI_TEST_POSTGRES": "postgresql://127.0.0.1:1/none"}
    assert outcome_of(test, tmp_path, **nowhere) == "1 skipped"
    assert outcome_of(test, tmp_path, CI="true", **nowhere) == "1 error"


# Decisions


def test_the_index_of_decisions_lists_every_record_with_its_title_and_status():
    folder = ROOT / "docs" / "decisions"
    records = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("[0-9]*.md"))}
    index = re.findall(r"^\| (\d{4}) \| \[(.+)\]\((.+)\) \| (.+) \|$", (folder / "README.md").read_text(), re.MULTILINE)
    assert [(number, file) for number, _, file, _ in index] == [(name[:4], name) for name in records]
    for number, title, file, status in index:
        head = re.match(r"# (\d{4})\. (.+)\n\n(\w.*), \d{1,2} [A-Z][a-z]{2} \d{4}\n", records[file])
        assert head is not None, f"{file} does not open with its number, title, status and date"
        assert head.groups() == (number, title, status)
