"""The wheel: two builds are the same bytes, it holds the documents, and every dependency says from which version on."""

import subprocess
import sys
import tomllib
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.long
def test_two_builds_are_one_wheel_with_the_documents_inside(tmp_path: Path):
    wheels = []
    for place in ("one", "two"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / place)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        wheels += (tmp_path / place).glob("*.whl")
    first, second = (sha256(path.read_bytes()).hexdigest() for path in wheels)
    assert first == second
    inside = set(zipfile.ZipFile(wheels[0]).namelist())
    documents = {
        f"dtti/{path.relative_to(ROOT)}"
        for path in (ROOT / "docs").rglob("*")
        if path.is_file() and path.suffix == ".md"
    }
    assert documents - inside == set()
    assert {"dtti/docs/SECURITY.md", "dtti/docs/CHANGELOG.md", "dtti/node/people/duties.toml"} <= inside
    assert "dtti/language/locale/hi/LC_MESSAGES/messages.mo" in inside, "a start would parse the Hindi words"


def test_every_dependency_names_its_least_version():
    named = [*PROJECT["dependencies"], *(one for more in PROJECT["optional-dependencies"].values() for one in more)]
    assert [one for one in named if ">=" not in one and "~=" not in one] == []
