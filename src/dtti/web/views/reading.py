"""The addresses of the reading pages. Knows which view answers where, and nothing else."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from dtti.web.page import route

from . import (
    bodies,
    contracts,
    index,
    instruments,
    meetings,
    needs,
    offices,
    press,
    record,
    registers,
    scorecard,
    sources,
    statements,
    surroundings,
    trade,
    trade_compared,
)

PATTERNS: Final[list[URLPattern]] = [
    *route("record/", index.index, "record-index"),
    *route("search/", index.search, "search"),
    *route("bodies/", bodies.bodies, "bodies"),
    *route("bodies-tree/", bodies.tree, "bodies-tree"),
    *route("cadence/", bodies.cadence, "cadence"),
    *route("rosters/", registers.rosters, "rosters"),
    *route("meetings/", meetings.meetings, "meetings"),
    *route("instruments/", instruments.instruments, "instruments"),
    *route("expiring/", instruments.expiring, "expiring"),
    *route("statements/", statements.compared, "statements"),
    *route("promises/", statements.promises, "promises"),
    *route("commitments/", surroundings.commitments, "commitments"),
    *route("constraints/", surroundings.constraints, "constraints"),
    *route("events/", surroundings.events, "events"),
    *route("needs/", needs.needs, "needs"),
    *route("trade/", trade.trade, "trade"),
    *route("trade-compared/", trade_compared.compared, "trade-compared"),
    *route("contracts/", contracts.contracts, "contracts"),
    *route("claims/", contracts.claims, "claims"),
    *route("differences/", sources.differences, "differences"),
    *route("sources/", sources.sources, "sources"),
    *route("offices/", offices.offices, "offices"),
    *route("appointments/", offices.appointments, "appointments"),
    *route("co-chairs/", offices.co_chairs, "co-chairs"),
    *route("sides/", registers.sides, "sides"),
    *route("success/", registers.success, "success"),
    *route("scorecard/", scorecard.scorecard, "scorecard"),
    *route("press/", press.press, "press"),
    *route("<slug:section>/<path:name>/", record.record, "record"),
]
