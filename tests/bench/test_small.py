"""Every bench runs, at sizes too small to say how fast anything is, and docs/speed.md has a row for all it prints."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import BENCHES

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = re.findall(r"^\| `([\w.]+)` \|", (ROOT / "docs" / "speed.md").read_text(encoding="utf-8"), re.MULTILINE)


def small(name: str) -> list[dict[str, Any]]:
    """What a bench prints, run as a person runs it."""
    command = [sys.executable, "-m", "tests.bench", name, "--small", "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.long
@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_runs_and_what_it_prints_has_a_row(name: str):
    printed = small(name)
    assert [each["name"] for each in printed] == [row for row in ROWS if row.partition(".")[0] == name]
    for bench in printed:
        assert math.isfinite(bench["ratio"])
        assert bench["ratio"] > 0 or bench["name"] in ("list_page.queries", "desk.queries")
    if name == "full_write":
        # A part that was renamed away from its clock would be said to take no time.
        stages: dict[str, float] = {}
        for stage in (stage for bench in printed for stage in bench["stages"]):
            stages[stage["name"]] = max(stage["value"], stages.get(stage["name"], 0.0))
        assert len(stages) > 10
        assert {part: value for part, value in stages.items() if value <= 0} == {}


def test_each_row_is_of_a_bench():
    assert sorted({row.partition(".")[0] for row in ROWS}) == sorted(BENCHES)
