"""How soon a served node answers its first page, and what it holds in memory while nobody asks for anything."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import making
from .measure import Bench, Stage
from .memory import together

RECORDS, IDLE = 600, 20.0
SMALL = {"RECORDS": 10, "IDLE": 1.0}
PATIENCE = 60.0


def run(folder: Path) -> list[Bench]:
    """`dtti serve` with pages, exchange door and rounds, of a node that has the accounts it will have."""
    pages, door = _free(), _free()
    node = making.alone(folder, page_address=f"127.0.0.1:{pages}", exchange_address=f"127.0.0.1:{door}")
    making.office(node)
    making.publish(node, RECORDS)
    node.close()
    _serve(folder, pages, 0.0)  # makes the accounts database, and compiles
    took, _held = min(_serve(folder, pages, 0.0) for _ in range(3))
    _took, held = _serve(folder, pages, IDLE)
    return [
        Bench("served", "`dtti serve` until its first page is answered: seconds", took, 1, "<=", "a fixed limit", []),
        Bench(
            "served.idle",
            "a served node at rest: MiB of pages, exchange door and rounds together",
            held,
            140,
            "<=",
            "a fixed limit; pages that processes share are counted once",
            [Stage("after seconds at rest", IDLE, "s")],
        ),
    ]


def _serve(folder: Path, port: int, idle: float) -> tuple[float, float]:
    began = time.monotonic()
    command = [sys.executable, "-m", "dtti.cli.main", "serve", "--node", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            while not _answers(port):
                if time.monotonic() - began > PATIENCE or process.poll() is not None:
                    raise AssertionError("no page was answered")
                time.sleep(0.01)
            took = time.monotonic() - began
            time.sleep(idle)
            return took, together(process.pid)
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/record/", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def _free() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
