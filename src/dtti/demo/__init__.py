"""The staged demonstration: two capitals on one machine. Above every floor; nothing depends on it."""

import argparse
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] = ()) -> int:
    """`dtti demo [--dir D] [--no-serve] [--port N]`."""
    parser = argparse.ArgumentParser(prog="dtti demo", description="Two capitals on this machine, staged and served.")
    parser.add_argument(
        "--dir", type=Path, help="keep the two office systems in this folder, and go on with them if there"
    )
    parser.add_argument("--no-serve", action="store_true", help="leave D/ind and D/usa, and end")
    parser.add_argument("--port", type=int, default=8301, help="first of four ports (default: %(default)s)")
    given = parser.parse_args(list(arguments))
    if not 1024 <= given.port <= 65_532:
        parser.error("--port is from 1024 to 65532")
    from .run import run

    return run(given.dir, serving=not given.no_serve, port=given.port)
