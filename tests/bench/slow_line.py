"""A ledger pulled over a line of 256 kbit/s and 400 ms that is cut every 150 kB: how long 10,000 entries take."""

import time
from pathlib import Path

from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.line import Line
from dtti.node.write import Node
from tests.cli.door import open_door
from tests.cli.shaped import shaped

from . import making
from .measure import Bench, Stage

ENTRIES, RATE, DELAY, CUT = 10_000, 32_000, 0.2, 150_000
SMALL = {"ENTRIES": 30}


def run(folder: Path, entries: int = 0, rate: float = RATE, delay: float = DELAY, cut: int = CUT) -> list[Bench]:
    """Pull `entries` entries with their texts over such a line."""
    entries = entries or ENTRIES
    india, usa = making.pair(folder)
    making.write(usa, making.office(usa), entries)
    size, held = usa.store.size(RELEASED), india.store.size(MIRROR)
    texts = usa.store.engine.run("SELECT count(*), sum(length(data)) FROM body WHERE ledger = 0")[0]
    for each in (india, usa):
        each.close()
    node = Node(folder / "ind")
    with open_door(folder / "usa") as peer, shaped(peer, rate=rate, delay=delay, cut=cut) as way:
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
            f"{size - held:,} entries and {texts[0]:,} texts over {rate * 8 / 1000:.0f} kbit/s and "
            f"{2000 * delay:.0f} ms, cut every {cut / 1000:.0f} kB",
            took,
            600,
            "<=",
            "seconds",
            [
                Stage("the bytes alone would take", way.carried / rate, "s"),
                Stage("carried for an entry", way.carried / (size - held), "bytes"),
                Stage("cuts", way.cuts, ""),
                Stage("pulls", pulls, ""),
            ],
        )
    ]
