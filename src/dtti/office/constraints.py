"""External constraints where they matter: what is at stake, what they touch, what this side thinks. Blocks nothing."""

from __future__ import annotations

import msgspec

from dtti.node.record import lookups
from dtti.node.record.read import Listed
from dtti.programme.kinds.constraint import CONSTRAINT, Constraint, Exposure, at_stake
from dtti.programme.kinds.constraint_view import ConstraintView, next_day
from dtti.programme.kinds.event import EVENT
from dtti.programme.kinds.project import PROJECT
from dtti.programme.values import Cite

from . import reports
from .asking import Asking
from .drawn import drawn


class Stake(msgspec.Struct, frozen=True):
    """What is at stake in one purchase: bounds of one currency, none where no figure is stated; on what it rests."""

    text: str
    record: str | None
    low: int | None
    high: int | None
    currency: str
    measure: str | None
    cite: Cite | None


class Touch(msgspec.Struct, frozen=True):
    """A constraint that bears on a record: the law, the last word on relief, and what of the record is at stake."""

    ref: str
    law: str
    waiver: str
    stakes: list[Stake]


class Own(msgspec.Struct, frozen=True):
    """What this side thinks of a constraint, as far as who asks may see it; the next day that it watches."""

    row: Listed
    content: ConstraintView
    next: str


def stake(exposure: Exposure, cite: Cite | None) -> Stake:
    """What is at stake in one purchase."""
    bounds = at_stake(exposure)
    low, high, currency = bounds or (None, None, "")
    measure = next((each.measure for each in (exposure.value, exposure.low, exposure.high) if each), None)
    return Stake(exposure.text, exposure.record, low, high, currency, measure, exposure.cite or cite)


def stakes(content: Constraint) -> list[Stake]:
    """What is at stake, purchase by purchase. Never added: the figures measure unlike things, and most are unknown."""
    return [stake(each, content.cite) for each in content.exposed]


@drawn("constraints-touching")
def touching(asking: Asking, link: str) -> list[Touch]:
    """The constraints that bear on the record of a link (``kind:ref``), by reference."""
    kind, _colon, ref = link.partition(":")
    found: dict[str, Touch] = {}
    for version in reports.records(asking).of(CONSTRAINT.code):
        content = version.content
        if not isinstance(content, Constraint):
            continue
        exposed = [each for each in content.exposed if each.record == link]
        events = kind == EVENT.code and ref in content.events
        if exposed or events or (kind == PROJECT.code and ref in content.projects):
            found.setdefault(
                version.ref,
                Touch(
                    version.ref,
                    content.rules[0].law if content.rules else "",
                    content.waivers[-1].status if content.waivers else "unknown",
                    [stake(each, content.cite) for each in exposed],
                ),
            )
    return [found[each] for each in sorted(found)]


def own(asking: Asking, ref: str) -> list[Own]:
    """This side's own views of a constraint, the latest first; nothing for whoever may not see them."""
    if not asking.viewer.national:
        return []
    near = lookups.pointing(asking.node, asking.viewer, CONSTRAINT.code, ref, asking.moment.bound)
    held = [
        Own(row, content, str(next_day(content) or ""))
        for row, content in near
        if isinstance(content, ConstraintView) and content.side == asking.mine
    ]
    return sorted(held, key=lambda each: (each.row.earliest or "", each.row.record), reverse=True)
