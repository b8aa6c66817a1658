"""Statements of Intent: any two of them compared, line by line."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dtti.programme.timeline import days_between
from dtti.programme.values import When

from .reports import UNKNOWN, StatementMade, Unknown


class Shift(msgspec.Struct, frozen=True):
    """How many days a promised date was moved: at least `low`, at most `high`, negative where it comes earlier."""

    low: int | None
    high: int | None


class Changes(msgspec.Struct, frozen=True):
    """What is added, dropped, moved, dated anew or kept between two statements; unknown where a list was not published.

    Unknown is not unchanged, and not dropped. `shifts`: by how much a promised date was moved, where both have one.
    """

    known: bool
    added: list[str] | Unknown
    dropped: list[str] | Unknown
    moved: list[str] | Unknown
    dated: list[str] | UnsetType
    kept: list[str] | Unknown
    shifts: dict[str, Shift] | UnsetType = UNSET


def compare(before: StatementMade, after: StatementMade) -> Changes:
    """What changed between two statements as the report gives them."""
    if not (before.lines_known and after.lines_known):
        return Changes(False, UNKNOWN, UNKNOWN, UNKNOWN, UNSET, UNKNOWN)
    old = {line.project: line for line in before.lines}
    new = {line.project: line for line in after.lines}
    both = sorted(old.keys() & new.keys())
    moved = [ref for ref in both if old[ref].horizon != new[ref].horizon]
    dated = [ref for ref in both if old[ref].promised != new[ref].promised]
    shifts = {
        ref: Shift(*days_between(When(old[ref].promised), When(new[ref].promised)))
        for ref in dated
        if UNKNOWN not in (old[ref].promised, new[ref].promised)
    }
    return Changes(
        True,
        sorted(new.keys() - old.keys()),
        sorted(old.keys() - new.keys()),
        moved,
        dated,
        [ref for ref in both if ref not in (*moved, *dated)],
        shifts or UNSET,
    )
