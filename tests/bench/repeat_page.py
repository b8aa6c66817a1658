"""What the demonstration's pages cost when they are asked for again: the line (KB sent) and the processor."""

import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from dtti.demo import run as demo

from .measure import Bench, Stage

PORT = 8301  # written into the settings; nothing is served
PAGES = 150  # the most pages that are looked at
SMALL = {"PAGES": 3}


def run(folder: Path) -> list[Bench]:
    """Every page within reach of the front page of New Delhi, signed in, up to a number; styles and fonts are kept."""
    with redirect_stdout(sys.stderr):
        demo.build(folder / "demo", PORT)
    place = folder / "demo" / "ind"
    command = [sys.executable, "-m", "tests.bench.pages", "repeat", str(place), str(PAGES)]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "DTTI_NODE": str(place)})
    found = json.loads(made.stdout)
    slowest = sorted(found, key=lambda path: -found[path]["taken"])
    largest = sorted(found, key=lambda path: -found[path]["sent"])
    return [
        Bench(
            "repeat_page",
            f"the largest of {len(found)} pages, {largest[0]}: KB sent, headers and body",
            found[largest[0]]["sent"] / 1000,
            60,
            "<=",
            "a fixed limit; what a browser may keep is not sent again",
            [
                Stage(path, found[path]["sent"] / 1000, f"KB, plain {found[path]['plain'] / 1000:.1f}")
                for path in largest[:6]
            ],
        ),
        Bench(
            "repeat_page.slowest",
            f"the slowest of {len(found)} pages, {slowest[0]}: milliseconds of processor time",
            found[slowest[0]]["taken"] * 1000,
            100,
            "<=",
            "a fixed limit",
            [Stage(path, found[path]["taken"] * 1000, "ms") for path in slowest[:6]],
        ),
    ]
