"""Trade contracts and claims: their lists, and the page of one, with its place in the sums. Holds no rule."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from dtti.programme.kinds.trade_claim import TradeClaim
from dtti.programme.kinds.trade_contract import TradeContract

from . import asked, facts, lists, record, shown, words
from .codes import N_
from .lists import Column, Listing
from .record import Found
from .shown import Names
from .trade import between
from .trade_compared import pair
from .words import _


def _signed(names: Names, contract: TradeContract) -> Any:
    if contract.signed:
        return shown.when(contract.signed)
    if contract.ordered:
        return shown.with_note(shown.when(contract.ordered), _("ordered; signing not known"))
    if contract.notified:
        return shown.with_note(shown.when(contract.notified), _("notified; signing not known"))
    return {"absent": "unknown"}


CONTRACTS = Listing(
    kind="trade_contract",
    lede=N_(
        "Each with every published figure, and what the figure measures. A second compilation is compared, never added."
    ),
    columns=(
        Column(N_("Item"), lists.name_cell, order="title"),
        Column(N_("Quantity"), lists.held(lambda names, contract: contract.quantity), kind="number"),
        Column(N_("Signed"), lists.held(_signed), order="earliest"),
        Column(N_("Figure"), lists.held(lambda names, contract: shown.figure(contract.value)), order="amount"),
        Column(N_("Route"), lists.code_cell("category")),
        Column(N_("State"), lists.code_cell("status")),
        Column(
            N_("Compilation"),
            lists.held(lambda names, contract: words.word(contract.compilation) if contract.compilation else "–"),
        ),
        lists.GRADE,
    ),
    filters=(("category", N_("Route")), ("status", N_("State")), ("project", N_("Project"))),
    contents=True,
    order="earliest",
    descending=True,
    years=True,
    views=(
        (N_("Trade claims"), "claims"),
        (N_("Contracts against claims"), "trade"),
        (N_("Trade told twice"), "trade-compared"),
    ),
)


def _period(names: Names, claim: TradeClaim) -> Any:
    return shown.when(claim.as_of) if claim.as_of else claim.fiscal_years


CLAIMS = Listing(
    kind="trade_claim",
    lede=N_("Public statements of a total, kept as claims side by side. A claim does not say what it counts."),
    columns=(
        Column(N_("Claim"), lists.name_cell, order="title"),
        Column(N_("As of"), lists.held(_period), order="earliest"),
        Column(N_("Figure"), lists.held(lambda names, claim: shown.figure(claim.figure)), order="amount"),
        Column(N_("Adds up since"), lists.held(lambda names, claim: shown.when(claim.cumulative_since))),
        Column(N_("Scope"), lists.code_cell("category")),
        Column(N_("Source"), lists.held(lambda names, claim: names.cite(claim.cite, weak=True))),
        lists.GRADE,
    ),
    filters=(("category", N_("Scope")),),
    links=lambda row, content: shown.links_of([content]) if content else (),
    contents=True,
    order="earliest",
    descending=True,
    years=True,
    views=((N_("Trade contracts"), "contracts"), (N_("Contracts against claims"), "trade")),
)


def contracts(request: HttpRequest) -> HttpResponse:
    """The list of contracts."""
    return lists.listing(request, CONTRACTS)


def claims(request: HttpRequest) -> HttpResponse:
    """The list of claims."""
    return lists.listing(request, CLAIMS)


@record.own_page("trade_contract")
def contract(request: HttpRequest, found: Found) -> HttpResponse:
    """A contract: the preferred figure beside every other published one, and the same contract elsewhere."""
    content = found.content
    if not isinstance(content, TradeContract):
        raise TypeError(type(content))
    report = asked.made(request, "trade", found.moment)
    made = report["contracts"].get(found.row.ref)
    same = report["compared"].get(found.row.ref)
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
        bounds=between(made["low_usd"], made["high_usd"]) if made else None,
        years=made["fiscal_year"] if made else None,
        pair=pair(
            names, names.link(f"trade_contract:{found.row.ref}"), names.link(f"trade_contract:{same['same_as']}"), same
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
    made = asked.made(request, "trade", found.moment)["claims"].get(found.row.ref)
    near = record.around(request, found)
    names = record.names_for(request, found, near, made)
    then = made.get("contracts_then") if made else None
    return record.answer(
        request,
        "pages/claim.html",
        found,
        near,
        names,
        also={"against_contracts": then},
        then=[
            {"name": _("Contracts known by then"), "value": shown.usd(then["sum_preferred_usd"])},
            {
                "name": _("From the lowest to the highest figures"),
                "value": between(then["sum_low_usd"], then["sum_high_usd"]),
            },
            {"name": _("Not explained"), "value": shown.usd(then["gap_preferred_usd"])},
            {
                "name": _("Not explained, at least and at most"),
                "value": between(then["gap_low_usd"], then["gap_high_usd"]),
            },
        ]
        if then
        else [],
    )
