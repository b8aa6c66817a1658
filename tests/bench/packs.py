"""A hundred thousand entries by pack: how much memory it takes to write one, to check one and to take one in."""

import subprocess
import sys
import time
from pathlib import Path

from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.core.node import Node
from dtti.node.folder import config

from . import making
from .measure import Bench, Stage
from .memory import together

COUNT = 100_000
SMALL = {"COUNT": 600}
WANTED = 300.0  # MiB
# A process begins with the ru_maxrss of the one that it was forked from: the command is measured below a small one.
_SMALL_PARENT = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(ended.returncode)
"""


def run(folder: Path) -> list[Bench]:
    """Each as the command does it, in a process of its own."""
    india, usa = making.pair(folder)
    making.write(usa, making.office(usa), COUNT)
    usa.checkpoint()
    size = usa.store.size(RELEASED)
    for each in (india, usa):
        each.close()
    settings = config.read(folder / "ind")
    assert settings.pack_entries >= COUNT
    file, words = folder / "pack", ("--node", str(folder / "usa"))
    made = [
        _command("packs.write", "written and sealed", "exchange", "pack", "-o", str(file), *words),
        _command("packs.check", "checked", "verify", str(file), "--node", str(folder / "ind")),
        _command("packs.read", "taken in", "exchange", "unpack", str(file), "--node", str(folder / "ind")),
    ]
    node = Node(folder / "ind")
    if node.store.size(MIRROR) != size:
        raise AssertionError(f"{node.store.size(MIRROR)} of {size} entries came")
    node.close()
    return made


def _command(name: str, says: str, *words: str) -> Bench:
    began = time.perf_counter()
    command = [sys.executable, "-c", _SMALL_PARENT, sys.executable, "-m", "dtti.cli.main", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    whole = 0.0
    while process.poll() is None:
        whole = max(whole, together(process.pid))
        time.sleep(0.1)
    printed, _ = process.communicate()
    if process.returncode:
        raise AssertionError(f"dtti {' '.join(words)}: exit code {process.returncode}")
    took = time.perf_counter() - began
    return Bench(
        name,
        f"a pack of {COUNT:,} entries {says}: ru_maxrss of the command, MiB",
        int(printed) / 1024,
        WANTED,
        "<=",
        "a fixed limit",
        [Stage("with its processes together", whole, "MiB"), Stage("whole command", took, "s")],
    )
