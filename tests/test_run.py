"""The way in: what ./run installs, when, and what it says where something is missing.

A recording interpreter stands in for Python, so that what ./run asks for is seen and nothing is fetched.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

RECORDER = """#!/bin/sh
echo "$(basename "$0") $*" >>"{record}"
case "$*" in
    *version_info*) echo {version} ;;
    *ensurepip*) exit {ensurepip} ;;
    "-m venv "*)
        for place; do :; done
        mkdir -p "$place/bin"
        echo "#!$place/bin/python" >"$place/bin/pip"
        ln -sf "$0" "$place/bin/python"
        printf '#!/bin/sh\\necho "dtti $*" >>"{record}"\\n' >"$place/bin/dtti"
        chmod +x "$place/bin/dtti" ;;
esac
"""


class Checkout:
    """A copy of what ./run reads, in a directory of its own, with a PATH that holds only what POSIX promises."""

    def __init__(self, place: Path) -> None:
        self.root, self.bin, self.record = place / "checkout", place / "bin", place / "record"
        self.root.mkdir()
        self.bin.mkdir()
        for name in ("run", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, self.root)
        tools = "basename cat chmod cksum dirname grep ln mkdir mv printf pwd readlink rm sh tail"
        for tool in tools.split():
            os.symlink(str(shutil.which(tool)), self.bin / tool)

    def python(self, version: str = "3.11", ensurepip: int = 0) -> None:
        script = self.bin / "python3"
        script.write_text(RECORDER.format(record=self.record, version=version, ensurepip=ensurepip))
        script.chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "run", *arguments], env={"PATH": str(self.bin)}, capture_output=True, text=True, cwd=self.root
        )

    def asked(self) -> list[str]:
        """What was started since last asked, in a word each: venv, the lock installed, or the command handed on."""
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        self.record.unlink(missing_ok=True)
        words = []
        for line in lines:
            if "-m venv" in line:
                words.append("venv")
            elif installed := re.search(r"--require-hashes -r \S*/(requirements\S*)", line):
                words.append(installed[1])
            elif line.startswith("dtti ") or "-m tests.bench" in line:
                words.append(line.removeprefix("python -m "))
        return words


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_run_without_python_says_what_to_install(checkout: Checkout):
    finished = checkout.run("demo")
    assert finished.returncode == 2
    assert finished.stderr == "python3 is not there; DTTI needs Python 3.11 or later. Debian: apt-get install python3\n"


@pytest.mark.parametrize("version", ["2.7", "3.9", "3.10"])
def test_run_with_an_old_python_says_which_it_needs(checkout: Checkout, version: str):
    checkout.python(version=version)
    finished = checkout.run("demo")
    assert finished.returncode == 2
    assert finished.stderr.splitlines()[0] == f"python3 is Python {version}; DTTI needs 3.11 or later."
    assert checkout.asked() == []


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.20", "4.0"])
def test_run_takes_any_python_from_3_11_on(checkout: Checkout, version: str):
    checkout.python(version=version)
    assert checkout.run("dtti").returncode == 0


def test_run_where_python_makes_no_environments_says_what_to_install(checkout: Checkout):
    checkout.python(ensurepip=1)
    finished = checkout.run("demo")
    assert finished.returncode == 2
    assert finished.stderr.endswith("Debian: apt-get install python3-venv\n")
    assert checkout.asked() == []


def test_run_installs_once_and_then_only_hands_on(checkout: Checkout):
    checkout.python()
    checkout.run("dtti", "verify", "a b")
    assert checkout.asked() == ["venv", "requirements.txt", "dtti verify a b"]
    checkout.run("demo", "--port", "9000")
    assert checkout.asked() == ["dtti demo --port 9000"]


def test_run_installs_anew_when_a_lock_or_the_project_file_changes(checkout: Checkout):
    checkout.python()
    checkout.run("dtti")
    checkout.asked()
    for name in ("requirements.txt", "pyproject.toml"):
        with (checkout.root / name).open("a") as file:
            file.write("# changed\n")
        checkout.run("dtti")
        assert checkout.asked() == ["requirements.txt", "dtti "]


def test_run_adds_the_tools_when_they_are_first_asked_for_and_keeps_them(checkout: Checkout):
    checkout.python()
    checkout.run("dtti")
    assert checkout.asked() == ["venv", "requirements.txt", "dtti "]
    checkout.run("bench")
    assert checkout.asked() == ["requirements-dev.txt", "tests.bench"]
    checkout.run("dtti")
    assert checkout.asked() == ["dtti "]


def test_run_makes_a_new_environment_when_the_checkout_was_moved(checkout: Checkout):
    checkout.python()
    checkout.run("dtti")
    checkout.asked()
    checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    checkout.run("dtti")
    assert checkout.asked() == ["venv", "requirements.txt", "dtti "]


def test_run_finishes_an_installation_that_was_broken_off(checkout: Checkout):
    checkout.python()
    checkout.run("dtti")
    checkout.asked()
    (checkout.root / ".venv" / "dtti.stamp").unlink()
    checkout.run("dtti")
    assert checkout.asked() == ["requirements.txt", "dtti "]


def test_run_hands_on_from_the_callers_own_directory(checkout: Checkout, tmp_path: Path):
    checkout.python()
    checkout.run("dtti")
    (checkout.root / ".venv" / "bin" / "dtti").write_text("#!/bin/sh\npwd\n")
    away = tmp_path / "else where"
    away.mkdir()
    finished = subprocess.run(
        [checkout.root / "run", "dtti"], env={"PATH": str(checkout.bin)}, capture_output=True, text=True, cwd=away
    )
    assert finished.stdout == f"{away}\n"


def test_the_full_tests_name_every_missing_tool_with_its_debian_package(checkout: Checkout):
    checkout.python()
    finished = checkout.run("test", "--full")
    assert finished.returncode == 2
    for line in ("chromium: apt-get install chromium", "node: apt-get install nodejs", "go: apt-get install golang-go"):
        assert f"  {line}\n" in finished.stderr
    assert checkout.asked() == []


@pytest.mark.parametrize("arguments", [(), ("dance",)])
def test_run_explains_itself_when_it_does_not_know_the_command(checkout: Checkout, arguments: tuple[str, ...]):
    finished = checkout.run(*arguments)
    assert finished.returncode == 2
    assert finished.stderr.startswith("usage: ./run COMMAND")


def test_every_command_run_takes_is_in_its_usage_and_every_one_a_document_names_is_taken():
    script = (ROOT / "run").read_text(encoding="utf-8")
    taken = set(re.findall(r"^    ([a-z]+)\)", script, re.MULTILINE))
    explained = set(re.findall(r"^  ([a-z]+) ", script.partition("USAGE\n")[0].partition("<<'USAGE'")[2], re.MULTILINE))
    assert taken == explained == {"demo", "dtti", "manage", "test", "sweep", "lint", "words", "bench", "lock"}
    for name in ("README.md", "SECURITY.md", "CHANGELOG.md", ".ci/run"):
        assert set(re.findall(r"\./run ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"))) <= taken


def test_an_environment_that_belongs_to_another_checkout_is_not_touched(tmp_path: Path) -> None:
    """A link in place of the environment would be emptied under whoever works in it."""
    checkout = Checkout(tmp_path)
    checkout.python()
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").touch()
    (checkout.root / ".venv").symlink_to(other)
    said = checkout.run("words")
    assert said.returncode != 0
    assert "is a link" in said.stderr
    assert "remove the link" in said.stderr
    assert (other / "kept").exists()
