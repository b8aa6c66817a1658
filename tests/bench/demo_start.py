"""From `dtti demo`, installed, to the first page in a browser: seconds."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from .measure import Bench, Stage

PATIENCE = 300.0
SMALL: dict[str, object] = {}  # there is one demonstration


def run(folder: Path) -> list[Bench]:
    """The command as it is installed, on ports that are free; both capitals must answer."""
    port = _free(4)
    command = [Path(sys.executable).with_name("dtti"), "demo", "--dir", str(folder / "demo"), "--port", str(port)]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        first = _answered(process, port, began)
        second = _answered(process, port + 1, began)
    finally:
        process.terminate()
        process.wait(120)
    return [
        Bench(
            "demo_start",
            "two capitals founded, the public record and the exercise in both, first page answered: seconds",
            first,
            60,
            "<=",
            "a fixed limit",
            [Stage("New Delhi answers", first, "s"), Stage("Washington answers", second, "s")],
        )
    ]


def _free(count: int) -> int:
    """The first of `count` ports in a row that nobody listens on."""
    for first in range(18300, 28300, count):
        with_nobody = True
        for port in range(first, first + count):
            with socket.socket() as one:
                with_nobody = with_nobody and one.connect_ex(("127.0.0.1", port)) != 0
        if with_nobody:
            return first
    raise AssertionError("no ports are free")


def _answered(process: subprocess.Popen[bytes], port: int, began: float) -> float:
    while time.monotonic() - began < PATIENCE:
        if process.poll() is not None:
            raise AssertionError(f"the demonstration ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                if page.status == 200:
                    return time.monotonic() - began
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"no page within {PATIENCE:.0f} s")
