"""`./run bench [NAME ...]`: runs the benches and prints what each found beside what is wanted. Measures nothing."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import msgspec

from .measure import Bench

BENCHES = (
    "full_write",
    "bulk_append",
    "ingest",
    "memory",
    "packs",
    "slow_line",
    "inclusion",
    "list_page",
    "desk",
    "served",
    "verify_start",
    "demo_start",
    "repeat_page",
    "public",
    "papers",
    "sheets",
)


def main() -> int:
    """Run what is asked for; returns 1 where a figure is short of what is wanted and `--check` was given."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], default=[], metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--check", action="store_true", help="exit 1 where a figure is short of what is wanted")
    parser.add_argument("--dir", type=Path, help="folder whose disc is measured; default: a temporary one")
    parser.add_argument("--table", action="store_true", help="the rows of the table in docs/speed.md")
    parser.add_argument("--small", action="store_true", help="whether each still runs: sizes too small to say how fast")
    given = parser.parse_args()
    short = 0
    plain = not (given.json or given.table)
    if plain:
        say(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name in given.names or BENCHES:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"dtti-bench-{name}-", dir=given.dir) as folder:
            module = import_module(f"tests.bench.{name}")
            vars(module).update(module.SMALL if given.small else {})
            found: list[Bench] = module.run(Path(folder))
        for bench in found:
            short += not bench.good
            if given.json:
                say(json.dumps(msgspec.to_builtins(bench) | {"good": bench.good}))
            else:
                say(row(bench) if given.table else shown(bench))
        if plain:
            say(f"  ({time.monotonic() - began:.0f} s)\n")
    return 1 if short and given.check else 0


def say(words: str) -> None:
    """One line of the answer, at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def row(bench: Bench) -> str:
    """A bench as a row of the table in docs/speed.md."""
    short = "" if bench.good else " **short**"
    found = f"{bench.sense} {bench.wanted:g} | {bench.ratio:.2f}{short}"
    return f"| `{bench.name}` | {bench.says}; against {bench.floor} | {found} |"


def shown(bench: Bench) -> str:
    """A bench as text: its ratio, what is wanted, its floor, its stages."""
    head = (
        f"{bench.name}  {bench.ratio:.2f}  (wanted {bench.sense} {bench.wanted:g})  {'ok' if bench.good else 'SHORT'}"
    )
    lines = [head, f"  {bench.says}, against {bench.floor}"]
    for stage in bench.stages:
        value = f"{stage.value:,.1f} {stage.unit}" if stage.unit else f"{stage.value:.2f}"
        lines.append(f"    {stage.name:44} {value:>14}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
