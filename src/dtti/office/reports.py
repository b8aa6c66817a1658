"""Reports of the programme over the record as who asks may see it, with what of it was not released."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar, cast

import msgspec

from dtti.documents.values import SIDES, Side
from dtti.node.record import lookups, reporting
from dtti.programme.reports import Records, report
from dtti.programme.reports.bodies import Bodies, BodyThen
from dtti.programme.reports.cadence import BodyMet, Cadence, CadenceRule, Gap, MetAs, NextHost
from dtti.programme.reports.co_chairs import Chairs, CoChairs, Holder, OfficeHeld, Tenured
from dtti.programme.reports.differences import Differences, Differing
from dtti.programme.reports.enablers import Enabler, Enablers
from dtti.programme.reports.enablers import Span as EnablerSpan
from dtti.programme.reports.events import Events
from dtti.programme.reports.projects import Projects
from dtti.programme.reports.promises import CommitmentThen, LineThen, Promises, StatementThen, Tested
from dtti.programme.reports.rests import UNKNOWN, Rests, Result, Tally, Unknown, taken, tallied
from dtti.programme.reports.scorecard import Days, Reached, Scorecard
from dtti.programme.reports.statement import Line, StatementMade, StatementsMade
from dtti.programme.reports.trade import Against, ClaimMade, Fall, Order, Then, Trade
from dtti.programme.reports.trade_compared import Compilation, Figure, SourceError, StatedTwice, Told, Twice
from dtti.programme.reports.trade_shares import AgainstClaim, Assembled
from dtti.programme.reports.trade_sums import APPROXIMATE, ContractThen, Summed

from .asking import Asking

__all__ = [
    "APPROXIMATE", "UNKNOWN", "Against", "AgainstClaim", "Assembled", "Bodies", "BodyMet", "BodyThen", "Cadence",
    "CadenceRule", "Chairs", "ClaimMade", "CoChairs", "CommitmentThen", "Compilation", "ContractThen", "Days",
    "Differences", "Differing", "Enabler", "EnablerSpan", "Enablers", "Events", "Fall", "Figure", "Gap", "Holder",
    "Line", "LineThen", "MetAs", "NextHost", "OfficeHeld", "Order", "Projects", "Promises", "Reached", "Records",
    "Rests", "Result", "Scorecard", "SourceError", "StatedTwice", "StatementMade", "StatementThen", "StatementsMade",
    "Summed", "Tally", "Tenured", "Tested", "Then", "Told", "Trade", "Twice", "Unknown", "taken", "tallied",
]  # fmt: skip
R = TypeVar("R", bound=Result)


def records(asking: Asking) -> Records:
    """The records that reports are made from, read once for an answer."""
    return reporting.records(asking.node, asking.viewer, asking.moment.bound)


def of_project(asking: Asking, project: str, kinds: Iterable[str]) -> Records:
    """The same; of kinds whose records name a project, those of this project alone. `kinds` are read at once."""
    return reporting.of_project(asking.node, asking.viewer, asking.moment.bound, project, kinds)


def of_links(asking: Asking, links: Iterable[str]) -> Records:
    """The same, of what some links name alone."""
    return reporting.of_links(asking.node, asking.viewer, asking.moment.bound, links)


def chairs_on(held: Records, day: date, body: str) -> CoChairs:
    """Who held the chairs of a body on a day."""
    return cast(CoChairs, report(CoChairs.called, held, on=day, body=body))


def body_met(asking: Asking, body: str) -> BodyMet | None:
    """How often a body met by now, against its own rule; None where the body is not recorded."""
    held = records(asking)
    if not any(each.ref == body for each in held.of("body")):
        return None
    return made(asking, Cadence, body=body, now=True, held=held).bodies.get(body)


def whose_turn(met: BodyMet) -> Side | None:
    """The side whose turn it is to host next; None where that hangs on what nobody has said of meetings by video."""
    turn = met.next_host
    if turn.virtual_uses_turn != turn.virtual_uses_no_turn and met.virtual_uses_turn == UNKNOWN:
        return None
    whose = turn.virtual_uses_turn if met.virtual_uses_turn is True else turn.virtual_uses_no_turn
    return next((side for side in SIDES if side == whose), None)


def made(
    asking: Asking,
    kind: type[R],
    *,
    body: str | None = None,
    now: bool = False,
    held: Records | None = None,
    of: str = "",
) -> R:
    """The report of a kind. `now`: ask about today where no day is asked for; `held`: records read already."""
    node, viewer, when = asking.node, asking.viewer, asking.moment
    on = when.day or (when.today if now else None)
    found = reporting.report(node, viewer, kind.called, on=on, body=body, known=when.bound, of=of, held=held)
    kept = lookups.not_released(node, viewer, found.uses, when.bound)
    return cast(R, msgspec.structs.replace(found, not_released=kept))
