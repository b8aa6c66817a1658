"""A ledger pulled over a line of 256 kbit/s and 400 ms that is cut every 150 kB: how long 10,000 entries take."""

import time
from pathlib import Path

from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.core.node import Node
from dtti.node.line.client import Line
from tests.cli.door import open_door
from tests.cli.shaped import shaped

from . import making
from .measure import Bench, Stage

ENTRIES, RATE, DELAY, CUT = 10_000, 32_000.0, 0.2, 150_000
SMALL = {"ENTRIES": 300, "RATE": 1_000_000.0, "DELAY": 0.002, "CUT": 40_000}


def run(folder: Path) -> list[Bench]:
    """Pull the entries with their texts over such a line."""
    india, usa = making.pair(folder)
    making.write(usa, making.office(usa), ENTRIES)
    size, held = usa.store.size(RELEASED), india.store.size(MIRROR)
    texts = usa.store.engine.run("SELECT count(*), sum(length(data)) FROM body WHERE ledger = 0")[0]
    for each in (india, usa):
        each.close()
    node = Node(folder / "ind")
    with open_door(folder / "usa") as peer, shaped(peer, rate=RATE, delay=DELAY, cut=CUT) as way:
        began = time.monotonic()
        pulls = 0
        while node.store.size(MIRROR) < size:
            line = Line(node, way.address)
            line.pull()
            line.close()
            pulls += 1
        took = time.monotonic() - began
    node.close()
    return [
        Bench(
            "slow_line",
            f"{size - held:,} entries and {texts[0]:,} texts over {RATE * 8 / 1000:.0f} kbit/s and "
            f"{2000 * DELAY:.0f} ms, cut every {CUT / 1000:.0f} kB",
            took,
            600,
            "<=",
            "seconds",
            [
                Stage("the bytes alone would take", way.carried / RATE, "s"),
                Stage("carried for an entry", way.carried / (size - held), "bytes"),
                Stage("cuts", way.cuts, ""),
                Stage("pulls", pulls, ""),
            ],
        )
    ]
