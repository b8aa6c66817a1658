"""The front of the commands: what starts without the rest, exit codes, and how refusals are said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dtti.cli.main import main
from tests.node import capitals
from tests.node.capitals import Pair

HEAVY = {"apsw", "click", "cryptography", "django", "httpx", "json", "msgspec", "pathlib", "pyrage", "typer", "typing"}


def modules(*words: str) -> set[str]:
    """Modules that a command has imported when it ends, beside those that the interpreter itself starts with."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from dtti.cli.main import main\n"
        f"try: main({list(words)!r})\n"
        "except SystemExit: pass\n"
        "print('\\n', *(set(sys.modules) - before))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ended.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("command", ["verify", "check"])
def test_what_anyone_runs_starts_without_the_rest(command: str):
    assert modules(command, "--help") & HEAVY == set()


def test_the_commands_know_neither_pages_nor_demonstration_until_asked():
    assert not {name for name in modules("status", "--help") if name.startswith(("django", "dtti.web", "dtti.demo"))}


@pytest.mark.parametrize("words", [[], ["nonsense"], ["verify"], ["check"], ["show"], ["verify", "--nonsense", "x"]])
def test_wrong_usage_ends_with_2(run, words: list[str]):
    assert run(*words).code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["exchange", "pack", "-o", "x", "--from", "-1"],
        ["exchange", "pack", "-o", "x", "--from", "9" * 60],
        ["exchange", "pack", "-o", "x", "--from", "1e3"],
        ["erase", "0" * 64, "--part", "17"],
        ["serve", "--every", "0"],
        ["serve", "--every", "99999999999999999999"],
        ["report", "cadence", "--on", "26 Jan 2027"],
        ["report", "cadence", "--known", "2027-13-01"],
        ["show", "x", "--known", "2027-01-26T09:00:00"],
        ["act", "propose", "x", "--until", "soon"],
        ["erase", "0" * 64, "--reason", "whim"],
        ["recover", "--alone", "--peer", "x:1"],
        ["found", "--solo", "--invite"],
    ],
)
def test_a_number_or_a_date_out_of_bounds_is_wrong_usage_and_nothing_is_opened(run, tmp_path: Path, words: list[str]):
    said = run(*words, "--node", tmp_path / "nowhere")
    assert said.code == 2
    assert said.out == ""
    assert said.err.casefold().startswith("usage: ")
    assert list(tmp_path.iterdir()) == []


def test_help_and_version_end_with_0(run):
    assert run("--help").code == 0
    assert run("verify", "--help").code == 0
    said = run("--version")
    assert (said.code, said.out.split()[0]) == (0, "dtti")


def test_a_refusal_is_said_in_four_lines_on_standard_error(run, tmp_path: Path):
    said = run("vkey", "--node", tmp_path)
    assert (said.code, said.out) == (1, "")
    refused, rule, remedy, source = said.err.splitlines()
    assert refused == f"refused: {tmp_path} holds no office system (no node.toml)"
    assert rule == "   rule: settings"
    assert remedy == " remedy: Make one with `dtti found`."
    assert source == " source: docs/settings.md, version doors 1 (stated), in force from 2026-11-22"


@pytest.mark.parametrize("command", ["rebuild", "verify", "vkey"])
def test_with_json_a_refusal_is_json_on_standard_output(run, tmp_path: Path, command: str):
    words = [tmp_path] if command == "verify" else ["--node", tmp_path]
    said = run(command, *words, "--json")
    assert (said.code, said.err) == (1, "")
    (refusal,) = said.json["refused"]
    assert set(refusal) == {"rule", "reason", "remedy", "asks", "source", "version", "confidence", "effective"}
    assert all(refusal.values())
    assert refusal["effective"] == {"from": "2026-11-22", "until": None}


def test_the_node_is_named_by_option_or_by_the_environment(run, pair: Pair, monkeypatch: pytest.MonkeyPatch):
    by_option = run("status", "--node", pair.ind.folder, "--json")
    monkeypatch.setenv("DTTI_NODE", str(pair.usa.folder))
    assert (by_option.json["side"], run("status", "--json").json["side"]) == ("IND", "USA")
    assert run("status", "--node", pair.ind.folder, "--json").json["side"] == "IND"


@pytest.mark.long
@pytest.mark.parametrize("words", [["show", "ex-net", "--node"], ["verify"], ["verify", "--json"]])
def test_output_that_nobody_reads_any_more_ends_quietly_and_not_as_good(pair: Pair, words: list[str]):
    pair.close()
    command = [sys.executable, "-m", "dtti.cli.main", *words, str(pair.ind.folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=capitals.environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_a_defect_of_our_own_shows_its_trace(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    from dtti.node.keeping import health

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(health, "look", broken)
    with pytest.raises(ZeroDivisionError):
        main(["status", "--node", str(pair.ind.folder)])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder to another user")
def test_a_command_of_another_user_than_the_nodes_is_refused_before_it_writes(run, pair: Pair):
    pair.close()
    folder = pair.ind.folder
    os.chown(folder, 65534, 65534)
    before = {each.name: each.stat().st_mtime_ns for each in folder.iterdir()}
    for words in (("rotate",), ("serve",), ("person", "list")):
        ended = run(*words, "--node", folder)
        assert ended.code == 1
        assert "belongs to the user nobody, and this command runs as root" in ended.err
        assert "runuser -u nobody" in ended.err
    assert {each.name: each.stat().st_mtime_ns for each in folder.iterdir()} == before
