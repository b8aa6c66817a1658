"""The public folder of 10,000 public records from nothing, again, after a change: seconds. Same acts, same bytes."""

import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from dtti.node.line import published

from . import making
from .measure import Bench, Stage, processor

RECORDS = 10_000
PACKAGED = True  # whether the packaged public record is among them
SMALL = {"RECORDS": 4, "PACKAGED": False}
WITHIN = 30.0


def run(folder: Path) -> list[Bench]:
    """The packaged record and invented projects, all public, made into one folder three times and into another once."""
    place, out = folder / "node", folder / "out"
    node = making.alone(place)
    packaged = list(published.items()) if PACKAGED else []
    published.put(node, packaged)
    making.publish(node, RECORDS - len(packaged))
    found = [
        _made("public", f"the public folder of {RECORDS} records from nothing", place, out),
        _made("public.again", "the same folder again, where nothing changed", place, out),
    ]
    making.publish(node, 1, first=RECORDS)
    node.close()
    found.append(_made("public.changed", "the same folder again, when one record has come in", place, out))
    _made("", "", place, folder / "other")
    if (one := held(out)) != held(folder / "other"):
        raise RuntimeError(f"the same acts gave other bytes, among {len(one)} files")
    return found


def held(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its digest."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {each.relative_to(folder).as_posix(): sha256(each.read_bytes()).digest() for each in files}


def _made(name: str, says: str, place: Path, out: Path) -> Bench:
    """Make the folder by the command, as a person does."""
    command = [sys.executable, "-m", "dtti.cli.main", "public", "--node", str(place), "--out", str(out)]
    spent, began = processor(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    taken = time.monotonic() - began
    stages = [
        Stage("processor time", processor() - spent, "s"),
        Stage("processors", os.cpu_count() or 1, ""),
        Stage("files", sum(1 for each in out.rglob("*") if each.is_file()), ""),
    ]
    return Bench(name, f"{says}: seconds", taken, WITHIN, "<=", "a fixed limit", stages)
