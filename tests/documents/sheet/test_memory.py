"""Reading holds no rows: what it holds at most does not grow with the number of rows, errors or not."""

import tracemalloc

from dtti.papers.registers import read_register

from .books import action, csv


def most_held(data: bytes) -> int:
    """The most that Python held at once while reading (bytes), beyond the file itself."""
    tracemalloc.start()
    try:
        read_register(data, "actions")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_three_times_the_rows_take_no_more_memory() -> None:
    few, many = (csv(*(action(ref=f"A-{n}", text="x" * 10_000) for n in range(count))) for count in (80, 160))
    assert len(many) - len(few) > 790_000
    assert most_held(many) - most_held(few) < 100_000
