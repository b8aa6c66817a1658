"""A list page of fifty rows in processor time, against a bare FastAPI page; its queries at 10 and 10,000 records."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import making
from .measure import Bench, Stage, cost, medians

SIZES, ROUNDS = (10, 10_000), 60
SMALL = {"SIZES": (10, 60), "ROUNDS": 4}


def run(folder: Path) -> list[Bench]:
    """The table of projects, all published, so that the public and a secretary see the same fifty rows."""
    few, many = (_measured(folder / str(size), size) for size in SIZES)
    public, signed_in = many["public"], many["signed in"]
    bare, page = medians(public["taken"], 1e3)
    stages = [
        Stage("floor", bare, "ms"),
        Stage("page", page, "ms"),
        Stage("page, first after a change of the record", medians(public["first"], 1e3)[1], "ms"),
        Stage("page, signed in", medians(signed_in["taken"], 1e3)[1], "ms"),
        Stage("page, signed in, in floors", cost(signed_in["taken"]), ""),
    ]
    counts = [
        (f"{name}, {size} records", each[name]["queries"])
        for size, each in zip(SIZES, (few, many), strict=True)
        for name in ("public", "signed in")
    ]
    grown = max(many[name]["queries"] - few[name]["queries"] for name in ("public", "signed in"))
    return [
        Bench(
            "list_page",
            f"projects, {public['rows']} of {SIZES[1]} rows, as the public sees them: processor time",
            cost(public["taken"]),
            1.5,
            "<=",
            f"a bare FastAPI page of the same rows ({many['bare bytes']} bytes; this one {public['bytes']})",
            stages,
        ),
        Bench(
            "list_page.queries",
            f"queries more at {SIZES[1]} records, nothing kept from before",
            grown,
            0,
            "<=",
            f"the queries at {SIZES[0]} records",
            [Stage(name, count, "") for name, count in counts],
        ),
    ]


def _measured(folder: Path, size: int) -> dict[str, Any]:
    node = making.alone(folder)
    making.office(node)
    making.publish(node, size)
    node.close()
    command = [sys.executable, "-m", "tests.bench.pages", "list", str(folder), str(ROUNDS)]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "DTTI_NODE": str(folder)})
    answer: dict[str, Any] = json.loads(made.stdout)
    return answer
