"""Key rings on disk: opened by their passphrase only, and every way they fail to open says what would help."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from dtti.ledger import keyfile
from dtti.ledger.keyfile import KeyFileError

RING = {"node": ["11" * 32], "box": ["AGE-SECRET-KEY-1EXAMPLE", "AGE-SECRET-KEY-1SECOND"]}
PHRASE = "मानसून at four".encode()
WRONG = "the passphrase does not open node.keys; check DTTI_PASSPHRASE or its file, or restore the ring from a backup"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ring on disk."""
    made = tmp_path / "node.keys"
    keyfile.write_ring(made, RING, PHRASE)
    return made


def refused(path: Path, phrase: bytes = PHRASE) -> str:
    with pytest.raises(KeyFileError) as caught:
        keyfile.read_ring(path, phrase)
    return str(caught.value)


def rewrite(path: Path, **members: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | members))


def test_a_ring_is_read_back_under_its_passphrase(path: Path) -> None:
    assert keyfile.read_ring(path, PHRASE) == RING


def test_a_ring_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keyfile.write_ring(tmp_path / "open.keys", RING, PHRASE)
    finally:
        os.umask(before)
    assert (tmp_path / "open.keys").stat().st_mode & 0o777 == 0o600


def test_no_key_stands_in_the_file(path: Path) -> None:
    data = path.read_bytes()
    for secret in [b"11" * 8, bytes.fromhex("11" * 16), b"AGE-SECRET-KEY", b"node", PHRASE]:
        assert secret not in data


def test_the_same_ring_and_passphrase_seal_differently_each_time(path: Path, tmp_path: Path) -> None:
    keyfile.write_ring(tmp_path / "again.keys", RING, PHRASE)
    one, two = json.loads(path.read_text()), json.loads((tmp_path / "again.keys").read_text())
    assert one["salt"] != two["salt"]
    assert one["sealed"] != two["sealed"]


@pytest.mark.parametrize(
    "phrase", [b"", b"wrong", PHRASE + b"\n", PHRASE.upper()], ids=["empty", "wrong", "lf", "upper"]
)
def test_another_passphrase_does_not_open_it_and_says_where_to_look(path: Path, phrase: bytes) -> None:
    assert refused(path, phrase) == WRONG


def test_an_absent_ring_says_where_it_was_sought(tmp_path: Path) -> None:
    missing = tmp_path / "none.keys"
    assert refused(missing) == f"there is no key ring at {missing}; name another folder, or restore it from a backup"


def test_a_ring_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path} cannot be read (Is a directory); check the file and its rights"


def test_any_changed_letter_of_the_sealed_keys_is_noticed(path: Path) -> None:
    whole = path.read_text()
    start = whole.index('"sealed":"') + len('"sealed":"')
    for place in (start, start + 20, start + 60):
        other = "A" if whole[place] != "A" else "B"
        path.write_text(whole[:place] + other + whole[place + 1 :])
        assert refused(path) == "node.keys is damaged (its checksum); restore it from a backup"
        assert keyfile.damage(path) == refused(path)
        rewrite(path, sum="")  # a ring of before has none: the passphrase alone shows it
        assert refused(path) == WRONG


def test_every_byte_of_a_ring_counts_without_the_passphrase(path: Path) -> None:
    whole = path.read_bytes()
    assert keyfile.damage(path) == ""
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert keyfile.damage(path), place


@pytest.mark.parametrize(
    "members",
    [
        {"n": 3},
        {"n": 2**14 + 1},
        {"salt": "zz"},
        {"sealed": "AA-_"},
        {"sealed": "AAA"},
        {"sealed": 1},
        {"extra": True},
        {"n": "32768"},
    ],
    ids=str,
)
def test_a_damaged_ring_says_to_restore_it(path: Path, members: dict[str, Any]) -> None:
    rewrite(path, **members)
    assert re.fullmatch(r"node\.keys is damaged \(.+\); restore it from a backup", refused(path))


@pytest.mark.parametrize(
    "members", [{"format": "dtti-keys-2"}, {"n": 2**21}, {"n": 2**40}, {"n": -1}, {"n": -(2**70)}], ids=str
)
def test_a_ring_of_another_format_or_of_unbounded_cost_is_refused_before_any_work(
    path: Path, members: dict[str, Any]
) -> None:
    rewrite(path, **members)
    assert refused(path) == "node.keys is not a key ring of format dtti-keys-1; restore it from a backup"


@pytest.mark.parametrize("cut", [0, 1, 40])
def test_a_cut_ring_says_to_restore_it(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[:cut])
    assert re.fullmatch(r"node\.keys is damaged \(.+\); restore it from a backup", refused(path))


def test_a_ring_is_never_written_over(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keyfile.write_ring(path, {"node": []}, PHRASE)
    assert path.read_bytes() == before


def test_a_ring_that_could_not_be_written_whole_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    """A file size limit stands for a full disc; SIGXFSZ is ignored by Python, so the write itself fails."""
    import resource

    target = tmp_path / "node.keys"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            keyfile.write_private(target, b"x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not target.exists()
    keyfile.write_private(target, b"x" * 100)
    assert target.read_bytes() == b"x" * 100
