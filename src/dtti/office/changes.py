"""What changed since a seat last looked, and what that change was: by the acts that came, newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from dtti.node.record import desks, read
from dtti.node.record.read import Done, Listed

from .asking import Asking

FIRST: Final = 30  # days that a first look goes back
#: Columns of a list whose change is said, in this order.
SAID: Final = ("status", "stage", "grade", "title", "earliest", "latest", "due", "horizon", "project", "body", "amount")


class LastLook(msgspec.Struct, frozen=True):
    """The end of the last look at a desk: its moment (a claimed time), and how far each ledger reached."""

    at: str
    reached: dict[str, int]


class Change(msgspec.Struct, frozen=True):
    """A record that changed: its row, the latest act on it with what it says, how many came before that.

    `fields`: columns that are not what they were, each with what it was and what it is now.
    """

    row: Listed
    act: Done
    more: int
    remarks: str
    fields: list[tuple[str, str, str]]


def made(asking: Asking, look: LastLook | None, most: int = 10) -> tuple[list[Change], str]:
    """What changed, the newest first, `most` records of it; and since when."""
    node, viewer, at = asking.node, asking.viewer, asking.moment.bound
    if look is not None and asking.moment.now:
        since, acts = look.at, desks.came(node, viewer, look.reached)
    else:
        since = (asking.moment.instant - timedelta(days=FIRST)).strftime("%Y-%m-%dT%H:%M:%SZ")
        acts = desks.since(node, viewer, since, at)
    by_record: dict[str, list[Done]] = {}
    for act in acts:
        by_record.setdefault(act.record, []).append(act)
    records = list(by_record)[: 3 * most]
    rows = desks.rows_of(node, viewer, records, at.acts)
    before = desks.rows_of(node, viewer, [record for record in records if record in rows], since)
    found = []
    for record in records:
        row = rows.get(record)
        if row is None or row.label == "public":
            continue
        first = by_record[record][0]
        found.append(
            Change(row, first, len(by_record[record]) - 1, _said(asking, first), _fields(before.get(record), row))
        )
    return found[:most], since


def _said(asking: Asking, act: Done) -> str:
    held = read.body_of(asking.node, asking.viewer, act.id) if act.bodies else None
    return held.text.remarks if held and held.text else ""


def _fields(before: Listed | None, now: Listed) -> list[tuple[str, str, str]]:
    if before is None or not before.title:
        return []
    pairs = ((name, str(getattr(before, name) or ""), str(getattr(now, name) or "")) for name in SAID)
    return [each for each in pairs if each[1] != each[2]]
