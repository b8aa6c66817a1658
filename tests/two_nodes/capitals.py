"""Two office systems as an operator runs them: folders, ports, `dtti serve`, commands. Knows processes; no page."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 60  # seconds that a busy machine may take over what usually takes two


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in listeners]
    for each in listeners:
        each.close()
    return ports


def until(condition: Any, what: str) -> Any:
    """Ask again until `condition()` gives something true; fails saying `what` did not come."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"in {PATIENCE} s: {what}")


@dataclass
class Capital:
    """One side's office system."""

    side: str
    folder: Path
    page: int
    door: int
    peer: int
    line: bool = True
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.page}"

    def settle(self) -> None:
        """Write the addresses into its settings; without a line it has no door and knows no peer."""
        path = self.folder / "node.toml"
        settings = path.read_text(encoding="utf-8")
        for name, value in (
            ("page_address", f"127.0.0.1:{self.page}"),
            ("exchange_address", f"127.0.0.1:{self.door}" if self.line else ""),
            ("peer_address", f"127.0.0.1:{self.peer}" if self.line else ""),
        ):
            settings, count = re.subn(rf'(?m)^{name} = ".*"$', f'{name} = "{value}"', settings)
            assert count == 1, name
        path.write_text(settings, encoding="utf-8")

    def serve(self) -> None:
        """Start it, and wait until its front page answers."""
        command = [sys.executable, "-m", "dtti.cli.main", "serve", "--node", str(self.folder), "--every", "1"]
        with (self.folder.parent / f"{self.side.lower()}.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until(self.answers, f"{self.side} answers at {self.url}")

    def answers(self) -> bool:
        """Whether its pages can be read now."""
        assert self.process is not None, self.process
        assert self.process.poll() is None, self.log()
        try:
            with urllib.request.urlopen(f"{self.url}/record.json", timeout=PATIENCE) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> int:
        """SIGTERM, as a service supervisor stops it; returns its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self.process = None
        return code

    def log(self) -> str:
        """What it said."""
        return (self.folder.parent / f"{self.side.lower()}.log").read_text(encoding="utf-8")

    def run(self, *words: str, good: bool = True) -> "subprocess.CompletedProcess[str]":
        """`dtti WORDS --node FOLDER`; asserts that it ended well, unless `good` is false."""
        return dtti([*words, "--node", str(self.folder)], good=good)

    def json(self, address: str) -> Any:
        """The JSON twin of a page, as the public reads it."""
        with urllib.request.urlopen(self.url + address, timeout=PATIENCE) as answer:
            return json.load(answer)


def dtti(words: Sequence[str], *, good: bool = True) -> "subprocess.CompletedProcess[str]":
    """The `dtti` command in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DTTI_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "dtti.cli.main", *words],
        capture_output=True,
        text=True,
        env=environment,
        timeout=4 * PATIENCE,
        check=False,
    )
    if good:
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done


@dataclass
class Capitals:
    """Both."""

    ind: Capital
    usa: Capital

    def serve(self) -> None:
        for each in (self.ind, self.usa):
            each.serve()

    def stop(self) -> None:
        for each in (self.ind, self.usa):
            each.stop()


def pair(folder: Path, *, line: bool = True) -> Capitals:
    """Both nodes in `folder` (`ind`, `usa`) on ports of their own; `line`: they can reach each other."""
    *pages, first, second = free_ports(4)
    doors = (first, second)
    both = Capitals(
        Capital("IND", folder / "ind", pages[0], doors[0], doors[1], line),
        Capital("USA", folder / "usa", pages[1], doors[1], doors[0], line),
    )
    both.ind.settle()
    both.usa.settle()
    return both
