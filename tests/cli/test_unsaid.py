"""What stands is not called refused because its answer could not be written: the disc of the output is full."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dtti.cli.answer import BAD, GOOD, UNSAID
from dtti.node.core.node import Node
from tests.cli.served import command
from tests.conftest import ROOT
from tests.node import capitals
from tests.node.capitals import Pair

FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def run(*words: object, **environment: str) -> tuple[int, str]:
    """Exit code and errors of a command whose output cannot be written."""
    with FULL.open("wb") as full:
        done = subprocess.run(
            command(*words),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=capitals.environment() | environment,
            check=False,
        )
    return done.returncode, done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_an_act_whose_answer_cannot_be_written_is_said_to_stand(pair: Pair, unbuffered: str):
    pair.close()
    code, errors = run("rotate", "--role", "tls", "--node", pair.ind.folder, PYTHONUNBUFFERED=unbuffered)
    assert code == UNSAID, errors
    assert "refused" not in errors
    assert "what it did stands" in errors
    assert "rule: output" in errors
    assert "`dtti status`" in errors
    system = Node(pair.ind.folder)
    assert system.standing.keys.version == 2
    system.close()


@pytest.mark.long
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
def test_a_password_that_could_not_be_shown_is_given_anew(pair: Pair, form: tuple[str, ...]):
    pair.close()
    at = ("--node", pair.ind.folder)
    code, errors = run("person", "add", "b.two", "B Two (exercise)", "--fictitious", *at, *form)
    assert (code, "`dtti person password b.two`" in errors) == (UNSAID, True), errors
    done = subprocess.run(
        command("person", "password", "b.two", *at, "--json"),
        capture_output=True,
        text=True,
        env=capitals.environment(),
        check=True,
    )
    assert json.loads(done.stdout)["password"]


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
def test_what_is_refused_stays_refused(pair: Pair, form: tuple[str, ...]):
    pair.close()
    code, errors = run("rotate", "--role", "nobody", "--node", pair.ind.folder, *form)
    assert (code, "refused: " in errors, "stands" in errors) == (BAD, True, False), errors


@pytest.mark.long
def test_what_is_found_bad_keeps_its_code(pair: Pair):
    pair.close()
    (pair.ind.folder / "secret").write_text("a")
    code, errors = run("verify", pair.ind.folder)
    assert (code, "rule: output" in errors) == (BAD, True), errors


@pytest.mark.long
def test_a_nightly_backup_is_sound_though_its_log_is_full(pair: Pair, tmp_path: Path):
    tools, backups = tmp_path / "tools", tmp_path / "backups"
    for folder in (tools, backups):
        folder.mkdir()
    (tools / "dtti").write_text(f'#!/bin/sh\nexec {sys.executable} -m dtti.cli.main "$@"\n')
    (tools / "dtti").chmod(0o755)
    shutil.copy(ROOT / "deploy" / "dtti-backup", tools)
    pair.close()
    with FULL.open("wb") as full:
        done = subprocess.run(
            [tools / "dtti-backup", pair.ind.folder, backups],
            stdout=full,
            stderr=full,
            env=os.environ | capitals.environment(),
            check=False,
        )
    (kept,) = backups.iterdir()
    assert (done.returncode, kept.name.endswith("Z.tar.gz")) == (GOOD, True), kept
