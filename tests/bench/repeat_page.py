"""What a page costs the line when it is asked for again: the largest of the demonstration's pages, in KB sent."""

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
        )
    ]
