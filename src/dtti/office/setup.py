"""What a side needs before it can work: offices, who holds them, powers, people, bodies. What is there and missing.

In the order in which each rests on the one before. It writes nothing: each has its own form, and powers are given by
the keys of the side, which are on no page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from dtti.accord import table
from dtti.ledger.store import RELEASED
from dtti.node.record.read import Listed

from .asking import Asking

_MOST: Final = 2000


class Step(msgspec.Struct, frozen=True):
    """One thing that is needed: the records that have it, and those that lack it. `kind`: what is begun for it."""

    code: str
    kind: str
    there: list[Listed]
    missing: list[Listed]

    @property
    def done(self) -> bool:
        """Whether something is there and nothing is missing."""
        return bool(self.there) and not self.missing


def steps(asking: Asking, seated: Collection[str]) -> list[Step]:
    """The steps of setting up this side, in order. `seated`: ids of the offices in which somebody sits today."""
    rows = asking.rows("office", filters={"about": asking.mine}, count=_MOST)
    offices = [row for row in rows if row.side == asking.mine]
    held = {row.subtitle for row in asking.rows("appointment", filters={"status": "holding"}, count=_MOST)}
    powers = granted(asking)
    return [
        Step("offices", "office", offices, []),
        _split("appointments", "appointment", offices, {row.record for row in offices if row.ref in held}),
        _split("powers", "", offices, powers),
        _split("people", "", [row for row in offices if row.record in powers], seated),
        _bodies(asking),
    ]


def _split(code: str, kind: str, rows: list[Listed], having: Collection[str]) -> Step:
    return Step(
        code, kind, [one for one in rows if one.record in having], [one for one in rows if one.record not in having]
    )


def _bodies(asking: Asking) -> Step:
    """Bodies that the two sides write here; those in which no office of ours co-chairs are incomplete."""
    rows = [row for row in asking.rows("body", count=_MOST) if row.side in (asking.mine, asking.node.book.other)]
    contents = asking.contents(rows)
    ours = {
        row.record
        for row in rows
        if any(each.startswith(f"{asking.mine}/") for each in getattr(contents.get(row.record), "co_chair_offices", ()))
    }
    return _split("bodies", "body", rows, ours)


def granted(asking: Asking) -> Mapping[str, list[table.Grant]]:
    """The powers in force of this side's offices, by office."""
    standing = asking.node.book.authority(RELEASED).standing()
    found: dict[str, list[table.Grant]] = {}
    now = asking.moment.instant.strftime("%Y-%m-%dT%H:%M:%SZ")
    if standing is None:
        return found
    for number, grant in standing.grants.items():
        if number not in standing.ended and grant.since <= now and (grant.until is None or now <= grant.until):
            found.setdefault(grant.office, []).append(grant)
    return found


def next_grant(asking: Asking) -> int:
    """The number of the next power that this side gives."""
    standing = asking.node.book.authority(RELEASED).standing()
    return max(standing.grants, default=0) + 1 if standing else 1
