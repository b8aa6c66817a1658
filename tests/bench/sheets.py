"""Registers read from workbooks: ten thousand rows with errors, and the memory that one to fifty thousand take."""

import subprocess
import sys
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped] # ships no types

from .measure import Bench, Stage

SIZES = (1_000, 10_000, 50_000)
SMALL = {"SIZES": (20, 60, 180)}
WANTED_SECONDS, WANTED_GROWTH = 5.0, 1.5
HEADS = (
    *("S. No.", "Action no.", "Meeting", "Project", "Action", "Owner (India)", "Owner (US)", "Due date"),
    *("Revised due date", "Status", "Done on", "Evidence", "Remarks"),
)
#: In a process of its own, so that what it holds at most is its own: seconds, MiB at most, MiB before, rows, problems.
READ = """
import re, sys, time
from pathlib import Path
from dtti.papers.registers import read_register
held = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before, began = held(), time.perf_counter()
reading = read_register(Path(sys.argv[1]), "actions")
print(time.perf_counter() - began, held(), before, reading.count, reading.problem_count, time.process_time())
"""


def run(folder: Path) -> list[Bench]:
    """The same register in three lengths, a fourth of its rows with an error."""
    found = {}
    for size in SIZES:
        path = folder / f"{size}.xlsx"
        write(path, size)
        ended = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, check=True, text=True)
        seconds, most, before, rows, problems, effort = map(float, ended.stdout.split())
        if rows != size or problems < size / 5:
            raise AssertionError(ended.stdout)
        found[size] = (seconds, most, before, effort, path.stat().st_size / 2**20)
    _, some, most_rows = SIZES
    middle = found[some]
    stages = [
        stage
        for size, (seconds, most, before, _, file) in found.items()
        for stage in (
            Stage(f"{size:,} rows", seconds, "s"),
            Stage(f"{size:,} rows, most held above the start", most - before, "MiB"),
            Stage(f"{size:,} rows, the file itself", file, "MiB"),
        )
    ]
    few, many = ((found[size][1] - found[size][2]) - found[size][4] for size in SIZES[1:])
    return [
        Bench(
            "sheets.time",
            f"{some:,} rows, a fourth of them with an error, read from a workbook, seconds",
            middle[0],
            WANTED_SECONDS,
            "<=",
            "a fixed limit",
            [*stages, Stage(f"{some:,} rows, processor time with the start of Python", middle[3], "s")],
        ),
        Bench(
            "sheets.memory",
            f"most memory held for {most_rows:,} rows beside the file, by that for {some:,} rows",
            many / few,
            WANTED_GROWTH,
            "<=",
            f"the same for {some:,} rows",
            [Stage(f"{some:,} rows", few, "MiB"), Stage(f"{most_rows:,} rows", many, "MiB")],
        ),
    ]


def write(path: Path, size: int) -> None:
    """A register of actions as an office keeps it; every tenth date is text, every seventh status unknown."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Actions")
    day = book.add_format({"num_format": "d mmm yyyy"})
    sheet.write_row(0, 0, HEADS)
    for row in range(1, size + 1):
        text = f"Send the list of test ranges number {row} to the other side"
        sheet.write_row(
            row, 0, (row, f"A-{row}", f"Meeting {row % 40}", f"EX-{row % 90}", text, "Desk One", "Desk Two")
        )
        if row % 10:
            sheet.write_number(row, 7, 45_000 + row % 900, day)
        else:
            sheet.write_string(row, 7, "soon" if row % 20 else "03/04/2026")
        sheet.write_number(row, 8, 45_000 + row % 900, day)
        sheet.write_string(row, 9, "open" if row % 7 else "perhaps")
        sheet.write_string(row, 11, f"Letter {row}")
    book.close()
