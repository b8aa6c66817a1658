"""What changed since a seat last looked, and what that change was: by the acts that came, newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from dtti.node.record import desks, journal
from dtti.node.record.journal import Done
from dtti.node.record.read import Listed

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


class Changes(msgspec.Struct, frozen=True):
    """What changed since a moment: the newest records of it, and all that changed, by record."""

    rows: list[Change]
    records: list[str]
    since: str


def made(asking: Asking, look: LastLook | None, most: int = 10) -> Changes:
    """What changed since the last look (in the last days where nobody looked), the newest `most` with what was done."""
    node, viewer, at = asking.node, asking.viewer, asking.moment.bound
    if look is not None and asking.moment.now:
        since, acts = look.at, desks.came(node, viewer, look.reached)
    else:
        since = f"{asking.moment.today - timedelta(days=FIRST)}T00:00:00Z"  # whole days: the same at every hour
        acts = desks.since(node, viewer, since, at)
    records = list(acts)
    rows = desks.rows_of(node, viewer, records[:most], at.acts)
    before = desks.rows_of(node, viewer, list(rows), since)
    # without what changed by a text that is not of the time asked for
    firsts = {record: journal.done_of(acts[record][:1])[0] for record in records[:most] if record in rows}
    texts = journal.bodies_of(node, viewer, [(act.id, 0) for act in firsts.values() if act.bodies])
    found = []
    for record, first in firsts.items():
        held = texts.get((first.id, 0))
        said = held.text.remarks if held and held.text else ""
        fields = _fields(before.get(record), rows[record])
        found.append(Change(rows[record], first, len(acts[record]) - 1, said, fields))
    return Changes(found, records, since)


def _fields(before: Listed | None, now: Listed) -> list[tuple[str, str, str]]:
    if before is None or not before.title:
        return []
    pairs = ((name, str(getattr(before, name) or ""), str(getattr(now, name) or "")) for name in SAID)
    return [each for each in pairs if each[1] != each[2]]
