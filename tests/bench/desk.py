"""What the pages that officials open first cost in processor time, at ten thousand and a hundred thousand records."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from dtti.accord import table
from dtti.node.core.draft import Draft, new_record
from dtti.node.line import exchange

from . import making
from .measure import Bench, Stage

SIZES, WAITING, ROUNDS = (10_000, 100_000), 250, 15
SMALL = {"SIZES": (10, 30), "WAITING": 12, "ROUNDS": 3}
FAR = "2099-01-01T00:00:00Z"


def run(folder: Path) -> list[Bench]:
    """The desk of a co-chair on whom matters wait, a record, a list, a search that finds all, the official record."""
    few, many = (_measured(folder / str(size), size) for size in SIZES)

    def bench(name: str, says: str, found: dict[str, Any], wanted: float, size: int) -> Bench:
        stages = [
            Stage("after a change of the record", found["first"] * 1e3, "ms"),
            Stage("page", found["bytes"] / 1e3, "KB"),
            Stage("queries", found["queries"], ""),
        ]
        where = f"at {size} records and {WAITING} matters waiting"
        return Bench(name, f"{says}, {where}: milliseconds of processor time", found["taken"] * 1e3, wanted, "<=",
                     "a fixed limit", stages)  # fmt: skip

    grown = max(many[name]["queries"] - few[name]["queries"] for name in ("desk", "record", "list"))
    return [
        bench("desk", "the desk", few["desk"], 20, SIZES[0]),
        bench("desk.record", "a record's page", few["record"], 6, SIZES[0]),
        bench("desk.many", "the desk", many["desk"], 100, SIZES[1]),
        bench("desk.search", "a search that finds every record", many["search"], 100, SIZES[1]),
        bench("desk.official", "the official record", many["official"], 100, SIZES[1]),
        Bench(
            "desk.queries",
            f"queries more at {SIZES[1]} records for desk, record and list, nothing kept from before",
            grown,
            0,
            "<=",
            f"the queries at {SIZES[0]} records",
            [Stage(name, many[name]["queries"], "") for name in ("desk", "record", "list")],
        ),
    ]


def _measured(folder: Path, size: int) -> dict[str, Any]:
    ind, usa = making.pair(folder)
    making.office(ind)
    office = making.office(usa)
    making.publish(ind, size)
    terms = table.Propose(0, "USA", FAR, False)
    drafts = [
        Draft("propose", new_record("project", "USA"), terms, office, (making.project_text(size + number),))
        for number in range(WAITING)
    ]
    usa.write_all(drafts)
    exchange.take_pack(ind, exchange.make_pack(usa, sealed=False))
    ind.settle()
    for each in (ind, usa):
        each.close()
    place = folder / "ind"
    command = [sys.executable, "-m", "tests.bench.pages", "desk", str(place), str(ROUNDS)]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "DTTI_NODE": str(place)})
    answer: dict[str, Any] = json.loads(made.stdout)
    return answer
