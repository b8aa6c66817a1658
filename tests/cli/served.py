"""Nodes served by `dtti serve` in processes of their own, on ports of this machine, for tests of the line."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dtti.node.folder import config
from tests.node import capitals
from tests.node.capitals import Pair

PATIENCE = 180  # seconds until a process that does not come up, or does not end, fails its test


def command(*words: object) -> list[str]:
    """The command as another process runs it."""
    return [sys.executable, "-m", "dtti.cli.main", *map(str, words)]


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in held]
    finally:
        for each in held:
            each.close()


def connect(pair: Pair) -> None:
    """Give both sides an exchange door, and each the other's address; closes their nodes."""
    ports = free_ports(2)
    pair.close()
    for capital, own, peer in ((pair.ind, *ports), (pair.usa, *reversed(ports))):
        now = config.read(capital.folder)
        addresses = {"exchange_address": f"127.0.0.1:{own}", "peer_address": f"127.0.0.1:{peer}"}
        config.write(capital.folder, config.msgspec.structs.replace(now, **addresses))


def answers(address: str) -> bool:
    """Whether something listens at ``host:port``."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def below(pid: int) -> list[int]:
    """Every process under `pid`, as far as it is there to be seen."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [each for child in map(int, children) for each in (child, *below(child))]


def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; no test passes because it waited."""
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, what
        time.sleep(0.1)


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@contextmanager
def serving_pages(folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The pages of the node in `folder`, served on a port of their own; the process, and ``host:port``."""
    (port,) = free_ports(1)
    address = f"127.0.0.1:{port}"
    config.write(folder, config.msgspec.structs.replace(config.read(folder), page_address=address))
    log = folder.parent / f"{folder.name}.log"  # a pipe that nobody reads would stop whoever logs into it
    with log.open("wb") as written:
        process = subprocess.Popen(
            command("serve", "--no-exchange", "--every", "3600", "--node", folder),
            stderr=written,
            text=True,
            env=capitals.environment() | {"DTTI_WORKERS": "1"} | environment,
        )
    try:
        until(lambda: answers(address) or process.poll() is not None, f"nothing listens at {address}")
        assert process.poll() is None, log.read_text()
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)


@contextmanager
def serving(folder: Path, *words: object) -> Iterator[subprocess.Popen[str]]:
    """The node in `folder`, served until the end of the block; its door is open when the block begins."""
    address = config.read(folder).exchange_address
    process = subprocess.Popen(
        command("serve", "--no-pages", "--node", folder, *words),
        stderr=subprocess.PIPE,
        text=True,
        env=capitals.environment(),
    )
    try:
        limit = time.monotonic() + PATIENCE
        while not answers(address):
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < limit, f"nothing listens at {address}"
            time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=PATIENCE)


def people_of(folder: Path, people: Sequence[tuple[str, str, str, str]]) -> None:
    """Make accounts of staged people in a node, in a process of its own: user, name, office, duty of each."""
    rows = ";".join(map("|".join, people))
    given = os.environ | {"DTTI_NODE": str(folder), "DTTI_PEOPLE": rows}
    subprocess.run([sys.executable, "-m", "dtti.demo.people"], env=given, check=True)
