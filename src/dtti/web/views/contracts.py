"""The page of a trade contract and of a claim, with its place in the sums. Holds no rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dtti.office import reports
from dtti.programme.kinds.trade_claim import TradeClaim
from dtti.programme.kinds.trade_contract import TradeContract
from dtti.web.parts import Fact

from . import asked, facts, record, shown
from .record import Found
from .trade import between, left, since, unexplained
from .trade_compared import pair
from .words import _


@record.own_page("trade_contract")
def contract(request: HttpRequest, found: Found) -> HttpResponse:
    """A contract: the preferred figure beside every other published one, and the same contract elsewhere."""
    content = found.content
    if not isinstance(content, TradeContract):
        raise TypeError(type(content))
    report = asked.made(request, reports.Trade, found.moment)
    made = report.contracts.get(found.row.ref)
    same = report.compared.get(found.row.ref)
    near = record.around(request, found)
    names = record.names_for(request, found, near, made, same)
    return record.answer(
        request,
        "pages/contract.html",
        found,
        near,
        names,
        skip=("item", "alternatives"),
        also={"in_sums": made, "compared": same},
        others=facts.table(names, content, content.alternatives) if content.alternatives else None,
        bounds=between(made.low_usd, made.high_usd) if made else None,
        bounds_cite=names.folded(made) if made else None,
        years=made.fiscal_year if made else None,
        pair=pair(
            names, names.link(f"trade_contract:{found.row.ref}"), names.link(f"trade_contract:{same.same_as}"), same
        )
        if same
        else None,
    )


@record.own_page("trade_claim")
def claim(request: HttpRequest, found: Found) -> HttpResponse:
    """A claim beside the contracts known to be signed by the day it speaks of."""
    content = found.content
    if not isinstance(content, TradeClaim):
        raise TypeError(type(content))
    made = asked.made(request, reports.Trade, found.moment).claims.get(found.row.ref)
    near = record.around(request, found)
    names = record.names_for(request, found, near, made)
    then = made.contracts_then or None if made else None
    put, period = content.figure.comparator, since(then) if then else None
    return record.answer(
        request,
        "pages/claim.html",
        found,
        near,
        names,
        also={"against_contracts": then},
        then=[
            Fact(_("Contracts known by then"), shown.usd(then.sum_preferred_usd)),
            Fact(_("From the lowest to the highest figures"), between(then.sum_low_usd, then.sum_high_usd)),
            *([Fact(_("Of the contracts, signed since then"), period)] if period else []),
            Fact(_("Not explained"), left(then.gap_preferred_usd, put)),
            Fact(_("Not explained, at least and at most"), unexplained(then.gap_low_usd, then.gap_high_usd, put)),
        ]
        if then
        else [],
    )
