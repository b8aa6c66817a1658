"""Reading what others give: regular files alone, bounded, never waited for; TOML and JSON no deeper than ours."""

import os
import socket
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.ledger import outside


def test_a_file_within_its_bound_is_read_and_one_byte_more_is_not(tmp_path: Path):
    path = tmp_path / "f"
    path.write_bytes(b"x" * 100)
    assert outside.read(path, 100) == b"x" * 100
    with pytest.raises(outside.TooLarge) as caught:
        outside.read(path, 99)
    assert caught.value.size == 100


def test_a_sparse_file_of_a_terabyte_is_refused_at_once(tmp_path: Path):
    with (tmp_path / "f").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(outside.TooLarge):
        outside.read(tmp_path / "f", 2**31)


def test_of_a_file_that_begins_otherwise_only_the_beginning_is_read(tmp_path: Path):
    (tmp_path / "f").write_bytes(bytes(10_000))
    assert outside.read(tmp_path / "f", 10_000, (b"manifest",)) == bytes(512)
    assert len(outside.read(tmp_path / "f", 10_000, (b"manifest", b"\0"))) == 10_000


def test_of_a_file_that_says_no_size_nothing_is_read():
    """As those of /proc do: what they hold has no end that could be known, and reading some of them waits."""
    for name in ("/proc/self/status", "/proc/self/maps", "/proc/kallsyms", "/proc/self/mem"):
        assert outside.read(Path(name), 65_536) == b""


def test_a_file_is_read_as_it_was_when_it_was_opened_however_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "f"
    path.write_bytes(b"x" * 5000)
    opened = outside.opened

    def growing(path: Path) -> object:
        file = opened(path)
        size = os.fstat(file.fileno()).st_size
        monkeypatch.setattr(outside.os, "fstat", lambda _: os.stat_result((0,) * 6 + (size,) + (0,) * 3))
        with path.open("ab") as more:
            more.write(b"y" * 5000)
        return file

    monkeypatch.setattr(outside, "opened", growing)
    assert outside.read(path, 100_000) == b"x" * 5000


def test_a_file_whose_blocks_come_too_slowly_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "f"
    path.write_bytes(bytes(3 * 1024 * 1024))
    now = iter(range(0, 10_000, 25))
    monkeypatch.setattr(outside.time, "monotonic", lambda: float(next(now)))
    with pytest.raises(TimeoutError, match="it was not read in 60 seconds"):
        outside.read(path, 2**31)


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to-pipe").symlink_to("pipe")
    (tmp_path / "loop").symlink_to("loop")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "socket"))
    start = time.monotonic()
    for path in ("pipe", "to-pipe", "loop", "socket", ".", "/dev/zero", "/dev/null", "gone", "x" * 300, "pipe/x"):
        with pytest.raises(OSError, match=r".+"):
            outside.read(tmp_path / path, 1000)
    assert time.monotonic() - start < 2
    listening.close()


DEEP = {
    "a dotted name": ".".join("a" * 200_000) + " = 1",
    "a dotted name in quotes": ".".join(['"a"'] * 50_000) + " = 1",
    "a dotted name with spaces": " . ".join("a" * 50_000) + " = 1",
    "a table": "[" + ".".join("a" * 200_000) + "]",
    "a table of tables": "[[" + ".".join("a" * 200_000) + "]]",
    "an array": "a = " + "[" * 100_000 + "]" * 100_000,
    "an inline table": "a = " + "{a=" * 50_000 + "1" + "}" * 50_000,
    "names behind a text that seems to open": '# """\n' + ".".join("a" * 100_000) + ' = 1\n# """',
    "names behind a quote in a comment": "# it's\n" + ".".join("a" * 100_000) + " = 1",
    "many dotted names": "\n".join(
        f"{'.'.join('a' * 60)}.b{number}.{'.'.join('c' * 20)} = 1" for number in range(5_000)
    ),
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_toml_is_refused_in_no_time(name: str):
    start = time.process_time()
    with pytest.raises(ValueError, match="nested deeper"):
        outside.read_toml(DEEP[name].encode())
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + ". " * 10_000 + '"',
        "a = '''\n" + "a.b.c.d." * 1_000 + "\n'''",
        'a = """' + "[[[[{{{{" * 100 + '"""',
        "# " + "." * 1_000 + "\na = 1",
        "a = 1.5\nb = 2027-01-26T09:00:00Z\nc = [1, 2, [3]]\n[d.e]\nf.g = {h = 1}",
    ],
)
def test_toml_that_only_looks_deep_is_read(text: str):
    assert outside.read_toml(text.encode()) == tomllib.loads(text)


@given(st.text(alphabet="ab.=[]{}\"'#\\\n ,1", max_size=80))
def test_any_toml_is_read_as_it_is_or_refused(text: str):
    try:
        wanted = tomllib.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match=r".+"):
            outside.read_toml(text.encode())
        return
    assert outside.read_toml(text.encode()) == wanted


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 70 + "1" + "}" * 70, "\xff"])
def test_deep_json_is_refused(text: str):
    with pytest.raises(ValueError, match=r".+"):
        outside.read_json(text.encode("latin-1"))
    assert outside.read_json(b'{"a":[1,{"b":"c"}]}') == {"a": [1, {"b": "c"}]}
