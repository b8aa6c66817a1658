"""How much this node took in over the line today: a small file beside the databases. Knows numbers, no act.

It bounds what a counterpart can make this side keep while nobody looks. Whoever deletes it begins the day anew.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from .files import replace

FILE = "today"

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Tally(msgspec.Struct, frozen=True):
    """Entries, and bytes of entries and texts, that were taken in over the line on `day` (UTC)."""

    day: str
    entries: Count = 0
    bytes: Count = 0


def read(folder: Path) -> Tally:
    """Today's tally."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=Tally)
    except (OSError, msgspec.DecodeError):
        return Tally(day)
    return found if found.day == day else Tally(day)


def add(folder: Path, entries: int, size: int) -> None:
    """Count what was just taken in."""
    if entries or size:
        now = read(folder)
        replace(folder / FILE, msgspec.json.encode(Tally(now.day, now.entries + entries, now.bytes + size)))
