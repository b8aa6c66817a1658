"""`dtti demo`: two capitals on this machine, in one command. Stages the exercise and serves both, until interrupted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dtti.node.files import UMASK

from .cast import PEOPLE
from .exercise import stage
from .pair import SIDES, Pair

FIRST_PORT = 8301


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
        people(folder / side.lower(), side, {ref: desk.office for ref, desk in exercise.desks.items()})
    pair.close()
    return pair


def people(folder: Path, side: str, offices: dict[str, str]) -> None:
    """Make the accounts database of a node and the staged people in it; one process for each node, as Django wants."""
    given = ";".join(f"{user}|{name}|{offices[ref]}|{duty}" for of, user, name, ref, duty in PEOPLE if of == side)
    environment = os.environ | {"DTTI_NODE": str(folder), "DTTI_PEOPLE": given}
    subprocess.run([sys.executable, "-m", "dtti.demo.people"], env=environment, check=True)


def serve(folder: Path) -> list[subprocess.Popen[bytes]]:
    """Start both nodes, each as `dtti serve` starts it."""
    started = []
    for side in SIDES:
        command = [sys.executable, "-m", "dtti.cli.main", "serve", "--node", str(folder / side.lower())]
        started.append(subprocess.Popen(command, start_new_session=True))  # noqa: S603
    return started


def stop(started: list[subprocess.Popen[bytes]]) -> None:
    """Stop both, and wait for them."""
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def run(directory: Path | None = None, *, serving: bool = True, port: int = FIRST_PORT) -> int:
    """Build the demonstration in `directory` (a new one, or a temporary one) and serve it; returns the exit code."""
    os.umask(UMASK)
    folder = directory or Path(tempfile.mkdtemp(prefix="dtti-demo-"))
    if directory and directory.exists() and any(directory.iterdir()):
        if not (directory / "ind" / "node.toml").is_file():
            print(f"{directory} is not empty and holds no demonstration; name another folder.", file=sys.stderr)
            return 2
        print(f"Going on with the demonstration in {directory}.")
    else:
        began = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        build(folder, port)
        print(f"Ready in {time.monotonic() - began:.0f} s, in {folder}.")
    if not serving:
        return 0
    started = serve(folder)
    print(f"\n  New Delhi   http://ind.localhost:{port}/\n  Washington  http://usa.localhost:{port + 1}/\n")
    print(f"Where a browser does not know these names: http://127.0.0.1:{port}/ and :{port + 1}/, without passkeys.")
    print("One click signs you in as any staged person. Ctrl-C stops both.", flush=True)
    try:
        while all(process.poll() is None for process in started):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        stop(started)
        if directory is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0
