"""Every command that reads a file given from outside ends in a refusal in words, whatever that file is. None waits."""

import contextlib
import gzip
import io
import os
import signal
import socket
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.node.capitals import Pair

from .conftest import Run

FILE, NODE, NEW = "FILE", "NODE", "NEW"  # what a path given from outside, the node's folder and a new path stand for
COMMANDS = {
    "check": ("check", FILE),
    "check against": ("check", "PROOF", "--against", FILE),
    "verify": ("verify", FILE),
    "verify sealed": ("verify", FILE, "--node", NODE),
    "unpack": ("exchange", "unpack", FILE, "--node", NODE),
    "recover": ("recover", "--from", FILE, "--node", NODE),
    "restore": ("restore", FILE, NEW),
    "complete": ("found", "--complete", FILE, "--node", NODE),
    "accede": ("accede", FILE, "--side", "USA", "--node", NEW, "-o", NEW),
    "body": ("act", "propose", "project", "--office", "IND/ex-sec", "--body", FILE, "--node", NODE),
    "terms": ("act", "notice", "ex-net", "--office", "IND/ex-sec", "--terms", FILE, "--node", NODE),
    "file": ("act", "comment", "ex-net", "--office", "IND/ex-sec", "--body", "BODY", "--file", FILE, "--node", NODE),
    "paper": ("paper", "make", "record", "--data", FILE, "-o", NEW),
    "originals": ("paper", "originals", "--data", FILE, "-o", NEW),
    "word": ("paper", "word", "--data", FILE, "-o", NEW),
    "compare": ("paper", "compare", FILE, "--against", FILE),
    "apply": ("paper", "apply", FILE, "--against", FILE, "-o", NEW),
    "paper check": ("paper", "check", FILE),
    "scan": ("paper", "scan", FILE),
    "sign": ("paper", "sign", FILE, "--side", "IND", "--key", FILE, "--digest", "0" * 64, "-o", NEW),
    "chart": ("chart", "timeline", "--data", FILE, "-o", "NEW.svg"),
    "import": ("sheet", "import", FILE, "--register", "actions", "--dry-run"),
    "sheet": ("sheet", "export", "--data", FILE, "-o", "NEW.csv"),
    "find": ("calendar", "find", "--data", FILE),
    "invite": ("calendar", "invite", "--data", FILE),
    "feed": ("calendar", "feed", "--data", FILE),
    "reply": ("calendar", "reply", FILE),
    "a node that is none": ("vkey", "--node", FILE),
}


@contextlib.contextmanager
def within(seconds: int) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise AssertionError(f"it was not done within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def ask(run: Run, pair: Pair, tmp_path: Path):
    """Run a command on a path; it must end in words and with exit code 1 or 2, and never in a traceback."""
    proof, body = tmp_path / "proof", tmp_path / "body.json"
    assert run("prove", pair.record, "--node", pair.ind.folder, "-o", proof).code == 0
    body.write_text('{"remarks": "with a file"}')

    def go(name: str, path: Path) -> None:
        named = {"PROOF": proof, "BODY": body, FILE: path, NODE: pair.ind.folder}
        words = [
            tmp_path / f"new{place}{Path(word).suffix}" if word.startswith(NEW) else named.get(word, word)
            for place, word in enumerate(COMMANDS[name])
        ]
        with within(20):
            said = run(*words)
        assert said.code in (1, 2), (name, path.name, said)
        told = said.out + said.err
        assert told.strip(), (name, path.name)
        assert "Traceback" not in told

    return go


def nasty(folder: Path) -> dict[str, Path]:
    """Paths that are no file to read, and files that are not what anyone asked for."""
    made = {
        name: folder / f"nasty-{name}" for name in ("pipe", "loop", "socket", "folder", "gone", "to-zero", "to-pipe")
    }
    os.mkfifo(made["pipe"])
    made["loop"].symlink_to(made["loop"].name)
    made["folder"].mkdir()
    made["to-zero"].symlink_to("/dev/zero")
    made["to-pipe"].symlink_to(made["pipe"].name)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(made["socket"]))
    return made


def contents() -> dict[str, tuple[str, bytes]]:
    """Files by name: ending and bytes."""
    draw = Random("outside")
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        for name in ("../../escaped", "/etc/escaped", "manifest.json"):
            archive.addfile(tarfile.TarInfo(name))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive_:
        archive_.writestr("[Content_Types].xml", b"\0" * 40_000_000)
        archive_.writestr("../escaped", b"x")
    return {
        "empty": ("json", b""),
        "no text": ("json", b'{"remarks": "\xff\xfe"}'),
        "no text, toml": ("toml", b'remarks = "\xff\xfe"'),
        "deep": ("json", b'{"content":' * 50_000),
        "deep and whole": ("json", b'{"content":' * 500 + b"1" + b"}" * 500),
        "deep list": ("json", b"[" * 100_000 + b"]" * 100_000),
        "deep toml": ("toml", b".".join([b"a"] * 100_000) + b" = 1"),
        "deep toml list": ("toml", b"a = " + b"[" * 50_000),
        "a number without end": ("json", b'{"base": ' + b"9" * 100_000 + b"}"),
        "toml number without end": ("toml", b"base = " + b"9" * 100_000),
        "noise": ("json", draw.randbytes(5_000)),
        "zeros": ("pack", bytes(5_000)),
        "gzip of zeros": ("tar.gz", gzip.compress(bytes(50_000_000))),
        "tar that climbs": ("tar.gz", tar.getvalue()),
        "tar cut short": ("tar.gz", tar.getvalue()[:-20]),
        "zip of zeros": ("docx", zipped.getvalue()),
        "zip cut short": ("xlsx", zipped.getvalue()[:-30]),
        "age": ("pack", b"age-encryption.org/v1\n-> X25519 x\n--- x\n" + draw.randbytes(100)),
        "age alone": ("pack", b"age-encryption.org/v1\n"),
        "pdf": ("pdf", b"%PDF-1.7\n" + draw.randbytes(3_000)),
        "calendar": ("ics", b"BEGIN:VCALENDAR\r\n" * 5_000),
        "image": ("png", b"\x89PNG\r\n\x1a\n" + draw.randbytes(500)),
    }


def test_no_command_waits_for_a_pipe_that_nobody_writes_to(ask, tmp_path: Path):
    path = nasty(tmp_path)["to-pipe"]
    for name in COMMANDS:
        ask(name, path)


@pytest.mark.sweep
def test_what_is_no_file_is_refused_by_every_command(ask, tmp_path: Path):
    paths = nasty(tmp_path)
    for name in COMMANDS:
        for path in paths.values():
            ask(name, path)


QUICK = ("check", "unpack")


def given_all(ask, folder: Path, name: str) -> None:
    for called, (ending, data) in contents().items():
        path = folder / f"{called.replace(' ', '-')}.{ending}"
        path.write_bytes(data)
        ask(name, path)
    assert not list(folder.parent.parent.rglob("escaped"))


@pytest.mark.long
@pytest.mark.parametrize("name", QUICK)
def test_what_is_another_file_is_refused_in_words(ask, tmp_path: Path, name: str):
    given_all(ask, tmp_path, name)


@pytest.mark.sweep
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {*QUICK, "file"}))  # a file that is attached may be any
def test_what_is_another_file_is_refused_in_words_by_every_command(ask, tmp_path: Path, name: str):
    given_all(ask, tmp_path, name)


def test_a_node_whose_settings_are_a_pipe_or_deep_is_refused(ask, tmp_path: Path):
    for place, data in enumerate((None, b".".join([b"a"] * 100_000) + b" = 1", b"\xff", b"side = " + b"[" * 9_000)):
        folder = tmp_path / f"node{place}"
        folder.mkdir()
        if data is None:
            os.mkfifo(folder / "node.toml")
        else:
            (folder / "node.toml").write_bytes(data)
        ask("a node that is none", folder)
        ask("verify", folder)
        ask("check against", folder)
