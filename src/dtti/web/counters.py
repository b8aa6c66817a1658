"""Counts of requests, shared by all worker processes of one server: a memory map made before any is forked.

Each worker counts in a row of its own, so that none waits for a lock that a killed one holds; what a dead worker
counted stays. Begins at nothing with the server, as counters of a Prometheus scrape may. Knows no request.
"""

import mmap
from collections.abc import Sequence
from typing import Final

#: Upper bounds of the histogram, in seconds; one more bucket takes what is longer.
BOUNDS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
CLASSES: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")
_ROWS: Final = 64  # more than workers are alive at a time
_WIDTH: Final = len(CLASSES) + len(BOUNDS) + 2  # the last is the sum of times, in microseconds

_shared = memoryview(mmap.mmap(-1, _ROWS * _WIDTH * 8)).cast("q")
_row = 0


def take_row(number: int) -> None:
    """Count in row `number` from here on: called by a worker once it is forked, with its own number."""
    global _row
    _row = number % _ROWS


def count(status: int, seconds: float) -> None:
    """Count one answer."""
    start = _row * _WIDTH
    bucket = next((place for place, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
    _shared[start + min(max(status // 100, 1), 5) - 1] += 1
    _shared[start + len(CLASSES) + bucket] += 1
    _shared[start + _WIDTH - 1] += int(seconds * 1_000_000)


def totals() -> tuple[dict[str, int], Sequence[int], float]:
    """Answers by class of status, answers by bucket (not cumulated), and the sum of their times in seconds."""
    sums = [sum(_shared[place::_WIDTH]) for place in range(_WIDTH)]
    classes = dict(zip(CLASSES, sums, strict=False))
    return classes, sums[len(CLASSES) : -1], sums[-1] / 1_000_000
