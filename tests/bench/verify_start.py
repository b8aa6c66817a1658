"""How long `dtti verify --help` takes to answer, in bare starts of Python."""

import subprocess
import sys
from pathlib import Path

from .measure import Bench, Stage, cost, medians, pairs, processor

ROUNDS = 25
SMALL = {"ROUNDS": 1}


def run(folder: Path) -> list[Bench]:
    """The command as it is installed."""
    command = Path(sys.executable).with_name("dtti")

    def start(*arguments: str | Path) -> None:
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    def bare() -> None:
        start(sys.executable, "-c", "pass")

    def helping() -> None:
        start(command, "verify", "--help")

    taken = pairs(bare, helping, ROUNDS)
    effort = pairs(bare, helping, ROUNDS, clock=processor)
    floor, whole = medians(taken, 1e3)
    return [
        Bench(
            "verify_start",
            "dtti verify --help, start to end",
            cost(taken),
            4,
            "<=",
            "python -c pass",
            [
                Stage("floor", floor, "ms"),
                Stage("whole command", whole, "ms"),
                Stage("the same ratio in processor time", cost(effort), ""),
            ],
        )
    ]
