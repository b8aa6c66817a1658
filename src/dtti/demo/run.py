"""`dtti demo`: two capitals on this machine, in one command. Stages the exercise and serves both, until interrupted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import msgspec

from dtti.node.folder import config, parent, staged
from dtti.node.folder.files import UMASK

from .cast import PEOPLE
from .exercise import stage
from .exercise_forum import INDUSTRY, Submitted
from .pair import SIDES, Pair

FIRST_PORT = 8301
NAMES = {"IND": "New Delhi", "USA": "Washington"}
BUILT = "demonstration"  # stands in the folder once everything is staged


def build(folder: Path, port: int) -> Pair:
    """Found, join, load the public record, stage the exercise, and make the accounts of its people."""
    pair = Pair(folder, (port, port + 1, port + 2, port + 3))
    print("Founding two office systems and joining them ...", flush=True)
    fingerprint = pair.found(310)
    print(f"  constitution {fingerprint[:4]} {fingerprint[4:8]} {fingerprint[8:12]} ..., the same in both")
    print(
        f"Loading the public record: {pair.load_published()} items in each, published, confirmed by neither.",
        flush=True,
    )
    pair.swap()
    print("Staging the exercise: fictitious people and projects, real acts, real exchanges ...", flush=True)
    exercise = stage(pair)
    for side in SIDES:
        offices = {ref: desk.office for ref, desk in exercise.desks.items()}
        people(folder / side.lower(), side, offices, exercise.submissions)
    pair.close()
    return pair


def people(folder: Path, side: str, offices: dict[str, str], submitted: Sequence[Submitted] = ()) -> None:
    """Make the accounts database of a node and the staged people in it; one process for each node, as Django wants."""
    given = ";".join(f"{user}|{name}|{offices[ref]}|{duty}" for of, user, name, ref, duty in PEOPLE if of == side)
    industry = ";".join(
        f"{user}|{name}|{offices[f'{side}/ex-forum']}|{organisation}|{is_a}"
        for of, user, name, organisation, is_a in INDUSTRY
        if of == side
    )
    sent = msgspec.json.encode([each for each in submitted if each.side == side]).decode()
    environment = os.environ | {"DTTI_NODE": str(folder), "DTTI_PEOPLE": given}
    environment |= {"DTTI_INDUSTRY": industry, "DTTI_SUBMITTED": sent}
    subprocess.run([sys.executable, "-m", "dtti.demo.people"], env=environment, check=True)


class Capitals:
    """Both capitals, each as `dtti serve` serves it; either may be stopped and started while the other goes on.

    Which are to run stands in the demonstration's folder (`dtti.node.folder.staged`), where their own pages change it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.wound_up: list[subprocess.Popen[bytes]] = []  # told to stop, and not ended yet

    def step(self) -> bool:
        """Start and stop what has to be, and say of what ended by itself that it is stopped; whether any is to run."""
        self.wound_up = [each for each in self.wound_up if each.poll() is None]
        for side in SIDES:
            process, wanted = self.running.get(side), not staged.stopped(self.folder, side)
            if process is not None and process.poll() is not None:
                print(
                    f"{NAMES[side]} ended ({process.returncode}); the other side's pages can start it again.",
                    flush=True,
                )
                del self.running[side]
                staged.switch(self.folder, side, stop=True)
            elif process is not None and not wanted:
                process.terminate()
                self.wound_up.append(self.running.pop(side))
            elif process is None and wanted and not self.wound_up:  # its ports are free again
                self.running[side] = self._start(side)
        return bool(self.running) or bool(self.wound_up)

    def _start(self, side: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "dtti.cli.main",
            "serve",
            "--every",
            "3",
        ]  # who looks on does not wait a minute
        command += ["--node", str(self.folder / side.lower())]
        environment = {**os.environ, **parent.here(), staged.VARIABLE: str(self.folder.resolve())}
        return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603

    def stop(self) -> None:
        """Stop both, and wait for them; `dtti serve` kills what does not end in time, and loses nothing by it."""
        ending = [*self.running.values(), *self.wound_up]
        for process in ending:
            process.terminate()
        for process in ending:
            process.wait()


def run(directory: Path | None = None, *, serving: bool = True, port: int = FIRST_PORT) -> int:
    """Build the demonstration in `directory` (a new one, or a temporary one) and serve it; returns the exit code."""
    os.umask(UMASK)

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number if number != signal.SIGINT else 0)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)
    folder = directory or Path(tempfile.mkdtemp(prefix="dtti-demo-"))
    try:
        return _run(folder, serving=serving, port=port, kept=directory is not None)
    finally:
        if directory is None and serving:
            shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, *, serving: bool, port: int, kept: bool) -> int:
    if kept and folder.exists() and any(folder.iterdir()):
        if not (folder / BUILT).is_file():
            print(f"{folder} is not empty and holds no whole demonstration; name another folder.", file=sys.stderr)
            return 2
        port = int(config.read(folder / "ind").page_address.rpartition(":")[2])
        print(f"Going on with the demonstration in {folder}, on the ports it was made with.")
    else:
        began = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        build(folder, port)
        (folder / BUILT).touch()
        print(f"Ready in {time.monotonic() - began:.0f} s, in {folder}.")
    if not serving:
        return 0
    for side in SIDES:
        staged.switch(folder, side, stop=False)
    capitals = Capitals(folder)
    try:
        capitals.step()
        print(f"\n  New Delhi   http://ind.localhost:{port}/\n  Washington  http://usa.localhost:{port + 1}/\n")
        print(
            f"Where a browser does not know these names: http://127.0.0.1:{port}/ and :{port + 1}/, without passkeys."
        )
        print("One click signs you in as any staged person. Ctrl-C stops both.", flush=True)
        while capitals.step():
            time.sleep(0.25)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # it is stopping already
        capitals.stop()
    print("Both capitals have ended.", file=sys.stderr)
    return 1
