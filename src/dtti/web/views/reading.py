"""The addresses of the reading pages. Knows which view answers where, and nothing else."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from dtti.programme.kinds import KINDS
from dtti.web.page import route

from . import (  # noqa: F401 - each registers the pages of its kinds
    about,
    action_sheets,
    actions,
    ask,
    ask_count,
    bodies,
    contracts,
    index,
    instruments,
    lists,
    meetings,
    needs,
    offices,
    press,
    readouts,
    record,
    scorecard,
    sheets,
    sources,
    statements,
    surroundings,
    trade,
    trade_compared,
)

#: Kinds whose list is a page of its own.
OWN_LISTS: Final = ("body", "need")


def lists_of_kinds() -> list[URLPattern]:
    """The list of each kind that has none of its own, as its face says it."""
    return [
        pattern
        for kind in KINDS.values()
        if kind.code not in OWN_LISTS
        for pattern in sheets.routes(f"{kind.face.address}/", lists.listing, kind.face.address, code=kind.code)
    ]


PATTERNS: Final[list[URLPattern]] = [
    *about.PATTERNS,
    *route("record/", index.index, "record-index"),
    *sheets.routes("search/", index.search, "search"),
    *sheets.routes("bodies/", bodies.bodies, "bodies"),
    *route("bodies-tree/", bodies.tree, "bodies-tree"),
    *route("cadence/", bodies.cadence, "cadence"),
    *sheets.routes("expiring/", instruments.expiring, "expiring"),
    *route("statements/", statements.compared, "statements"),
    *route("promises/", statements.promises, "promises"),
    *sheets.routes("needs/", needs.needs, "needs"),
    *route("trade/", trade.trade, "trade"),
    *route("trade-compared/", trade_compared.compared, "trade-compared"),
    *route("co-chairs/", offices.co_chairs, "co-chairs"),
    *route("scorecard/", scorecard.scorecard, "scorecard"),
    *route("press/", press.press, "press"),
    *route("ask/", ask.between, "ask"),
    *route("ask/count/", ask_count.count, "ask-count"),
    *actions.PATTERNS,
    *action_sheets.READING,
    *lists_of_kinds(),
    *route("<slug:section>/<path:name>/", record.record, "record"),
]
