"""The demonstration as a process: either capital stopped and started, its data kept, nothing left behind."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dtti.node.folder import config, staged
from tests.cli.served import PATIENCE, answers, below, free_ports, gone, until

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("demo")]


@contextmanager
def going_on(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`dtti demo` going on with the demonstration in `folder`, until the end of the block; both capitals answer."""
    command = [sys.executable, "-m", "dtti.cli.main", "demo", "--dir", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until(lambda: process.poll() is not None or all(map(up, (port, port + 1))), "the capitals do not answer")
        assert process.poll() is None, process.communicate()[0]
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def up(port: int) -> bool:
    """Whether pages answer at a port."""
    if not answers(f"127.0.0.1:{port}"):
        return False
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/projects/", timeout=PATIENCE) as page:
            return bool(page.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A demonstration as `dtti demo` leaves it, and the first of its ports."""
    folder = tmp_path_factory.mktemp("demonstration") / "pair"
    port = row_of_ports()
    command = [sys.executable, "-m", "dtti.cli.main", "demo", "--no-serve", "--dir", str(folder), "--port", str(port)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=600)
    return folder, port


def row_of_ports() -> int:
    """The first of four ports in a row that nobody listens on."""
    while True:
        first = free_ports(1)[0]
        if first < 65_500 and not any(answers(f"127.0.0.1:{first + more}") for more in range(4)):
            return first


def capitals(process: subprocess.Popen[str]) -> dict[str, int]:
    """The process that serves each side."""
    found = {}
    for each in map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()):
        words = Path(f"/proc/{each}/cmdline").read_bytes().split(b"\0")
        if b"serve" in words:
            found[Path(words[words.index(b"--node") + 1].decode()).name.upper()] = each
    return found


def test_either_capital_is_stopped_and_started_and_the_other_goes_on(built: tuple[Path, int]) -> None:
    folder, port = built
    with going_on(folder, port) as process:
        for side, own, other in (("USA", port + 1, port), ("IND", port, port + 1)):
            staged.switch(folder, side, stop=True)
            until(lambda own=own: not answers(f"127.0.0.1:{own}"), f"{side} does not stop")
            assert up(other)
            assert process.poll() is None
            staged.switch(folder, side, stop=False)
            until(lambda own=own: up(own), f"{side} does not start again")
        os.kill(capitals(process)["USA"], signal.SIGKILL)  # by hand, as anyone can
        until(lambda: staged.stopped(folder, "USA"), "nobody saw it end")
        assert up(port)
        staged.switch(folder, "USA", stop=False)
        until(lambda: up(port + 1), "Washington does not start again")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda each: each.name)
def test_however_the_demonstration_ends_nothing_is_left_and_it_goes_on_later(
    built: tuple[Path, int], number: signal.Signals
) -> None:
    folder, port = built
    settings = [config.read(folder / side) for side in ("ind", "usa")]
    with going_on(folder, port) as process:
        children = below(process.pid)
        assert len(children) >= 2 * 6  # serve, rounds, two masters, a worker each at least
        staged.switch(folder, "USA", stop=True)  # what was stopped runs again the next time
        process.send_signal(number)
        process.wait(PATIENCE)
        until(lambda: all(map(gone, children)), "a child is left")
    for each in settings:
        assert not answers(each.page_address)
        assert not answers(each.exchange_address)
    with going_on(folder, port):
        assert up(port)
        assert up(port + 1)


def test_a_folder_with_something_else_or_half_a_demonstration_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ind").mkdir()
    (tmp_path / "ind" / "node.toml").write_text("half")
    command = [sys.executable, "-m", "dtti.cli.main", "demo", "--dir", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 2
    assert "name another folder" in ended.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["ind"]
