"""A hundred thousand acts verified: how much memory that takes, of a node's folder and of a static export."""

import subprocess
import sys
import time
from pathlib import Path

from dtti.ledger import export
from dtti.ledger.store import RELEASED

from . import making
from .measure import Bench, Stage

COUNT = 100_000
SMALL = {"COUNT": 60}
WANTED = 400.0  # MiB


def run(folder: Path) -> list[Bench]:
    """Both as `dtti verify` does them, in a process of their own."""
    node = making.alone(folder / "ind")
    making.write(node, making.office(node), COUNT)
    node.checkpoint()
    size = export.write(node.store, RELEASED, folder / "export")
    node.close()
    return [_verify("memory.node", folder / "ind", size), _verify("memory.export", folder / "export", size)]


def _verify(name: str, path: Path, size: int) -> Bench:
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "dtti.cli.main", "verify", str(path)], stdout=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, together(process.pid))
        time.sleep(0.05)
    took = time.perf_counter() - began
    if process.returncode:
        raise AssertionError(process.stdout.read().decode() if process.stdout else "")
    return Bench(
        name,
        f"{size} entries verified: most memory held at once by the command and its processes, MiB",
        peak,
        WANTED,
        "<=",
        "a fixed limit; pages that processes share are counted once",
        [Stage("whole command", took, "s"), Stage("a thousand entries", took / size * 1e6, "ms")],
    )


def together(pid: int) -> float:
    """Resident memory (MiB) of a process and everything below it; pages that they share are counted once."""
    return sum(map(_resident, _tree(pid)))


def _tree(pid: int) -> list[int]:
    """A process and everything below it, as far as it is there to be seen."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in below for each in _tree(int(child)))]


def _resident(pid: int) -> float:
    """Proportional resident memory of a process (MiB): what it holds alone, and its share of the rest."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
