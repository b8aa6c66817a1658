"""Trade: contracts, summed with their bounds, against public claims of a total, and the gap that is not explained."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from dtti.programme.kinds.trade_claim import TRADE_CLAIM, TradeClaim
from dtti.programme.kinds.trade_contract import TRADE_CONTRACT
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import strength

from .records import Reading, Version
from .rests import Evidence, Json, Result, evidence, rests
from .trade_compared import compared, compilation, errors, series, stated_twice
from .trade_sums import (
    SIDES,
    UNKNOWN,
    Contract,
    contract_row,
    day_of,
    fiscal,
    signed_by,
    total,
    totals_by,
    year_of,
)

Claim = Version[TradeClaim]
_GAPS: Final = ("gap_low_usd", "gap_high_usd", "gap_preferred_usd")

METHOD = (
    "A sum takes contracts signed for certain by the day, in US dollars, at their preferred figure; its bounds take "
    "the least and the greatest published figure of each. Notified ceilings and part awards stay out of both.",
    "A claim is compared with what was signed when it was made; dated to a year or a month, with bounds. "
    "The claim is the latest public total made by the day. A claim is a running total, not a yearly flow, and what it "
    "counts is not stated: the gap is unexplained, and orders of unknown value may fill part of it.",
    "A second compilation is summed by itself and compared; the same contract is never added twice.",
)


def trade(reading: Reading, on: date | None, body: str | None) -> Result:
    """Contracts, claims and compilations by the end of `on`. Amounts are whole US dollars."""
    every = reading.all(TRADE_CONTRACT)
    main = [each for each in every if each.content.compilation is None]
    claims = [each for each in reading.all(TRADE_CLAIM) if each.content.compilation is None]
    signed = signed_by(main, on)
    unvalued = [each for each in main if each.content.value is None and happened(day_of(each), on) == "yes"]
    claim = _latest_claim(claims, on)
    names = sorted({each.content.compilation for each in every if each.content.compilation})
    rows = [
        *(evidence(each, None, "value", "signed") for each in signed),
        *(evidence(each) for each in _in_order(claims, on)),
    ]
    against, compared_on = _against(main, claim, on)
    return Result(
        rows,
        {
            "contracts_against_claim": against,
            "against_claim_rests_on": rests(compared_on),
            "claim": _claim(claim) if claim else UNKNOWN,
            "claims": {each.ref: _claim_then(each, main) for each in _in_order(claims, on)},
            "claims_falling": _falling(claims, on),
            "contracts": {each.ref: contract_row(each) for each in signed},
            "possibly_signed": [
                each.ref for each in main if each.content.value and happened(day_of(each), on) == UNKNOWN
            ],
            "unvalued_orders": {
                "n": len(unvalued),
                "orders": {each.ref: _order(each) for each in unvalued},
                **rests(evidence(each) for each in unvalued),
            },
            "by_measure": totals_by(signed, lambda each: each.value.measure or UNKNOWN if each.value else UNKNOWN),
            "by_route": totals_by(signed, lambda each: each.route or UNKNOWN),
            "by_year": totals_by(signed, year_of),
            "by_fiscal_year": {side: totals_by(signed, fiscal(side)) for side in SIDES},
            "made_by_buyer": [_assembled(each) for each in signed if each.content.assembled_by_buyer is not None],
            "compilations": {name: compilation(every, name, on) for name in names},
            "compared": compared(reading),
            "stated_twice": stated_twice(reading),
            "official_series": series(reading, on),
            "source_errors": errors(reading),
            "method": list(METHOD),
        },
    )


def _against(contracts: Sequence[Contract], claim: Claim | None, on: date | None) -> tuple[Json, list[Evidence]]:
    """The sum of contracts by the day, the claim, the gap to what was signed when it was made; and what says so.

    A claim dated to a year or a month may have been made on any day of it: its gap is bounded by what was signed
    before, and by what was signed at its end, and has a preferred figure only where both are the same.
    """
    by = signed_by(contracts, on)
    found = total(by)
    figure = claim.content.figure.amount if claim and claim.content.figure.currency == "USD" else None
    found["claim_usd"] = figure if figure is not None else UNKNOWN
    used, gaps = [evidence(each, None, "value", "signed") for each in by], dict[str, Any](dict.fromkeys(_GAPS, UNKNOWN))
    if claim is not None and figure is not None:
        when = claim.content.forecast_for or claim.content.as_of
        last = min(filter(None, (when.latest if when else None, on)), default=None)
        first = min(filter(None, (when.earliest if when else None, last)), default=None)
        low, high = total(signed_by(contracts, first)), total(signed_by(contracts, last))
        gaps["gap_low_usd"] = figure - high["sum_high_usd"]
        gaps["gap_high_usd"] = figure - low["sum_low_usd"]
        if low["sum_preferred_usd"] == high["sum_preferred_usd"]:
            gaps["gap_preferred_usd"] = figure - high["sum_preferred_usd"]
        used.append(evidence(claim, None, "as_of", "forecast_for"))
    return {**found, **gaps}, used


def _in_order(claims: Sequence[Claim], on: date | None) -> list[Claim]:
    made = [each for each in claims if happened(each.content.as_of, on, strength(each.content.cite, "as_of")) == "yes"]
    return sorted(made, key=lambda each: (chronological(each.content.as_of), each.ref))


def _latest_claim(claims: Sequence[Claim], on: date | None) -> Claim | None:
    totals = [each for each in _in_order(claims, on) if each.content.scope == "total"]
    return max(totals, key=lambda each: (each.content.as_of and each.content.as_of.latest) or date.min, default=None)


def _claim(version: Claim) -> Json:
    content = version.content
    return {
        "ref": version.ref,
        "figure_usd": content.figure.amount if content.figure.currency == "USD" else UNKNOWN,
        "comparator": content.figure.comparator or UNKNOWN,
        "as_of": str(content.as_of or content.fiscal_years),
        "cumulative_since": str(content.cumulative_since) if content.cumulative_since else UNKNOWN,
        "forecast_for": str(content.forecast_for) if content.forecast_for else None,
        "scope": content.scope,
        "speaker": content.speaker or UNKNOWN,
        **rests([evidence(version, None, "as_of", "forecast_for", "cumulative_since")]),
    }


def _falling(claims: Sequence[Claim], on: date | None) -> list[Json]:
    """Totals stated lower than an earlier one: a running total that falls shows that what it counts is not the same."""
    totals = [each for each in _in_order(claims, on) if each.content.scope == "total"]
    return [
        {
            "from": before.ref,
            "to": after.ref,
            "fall_usd": before.content.figure.amount - after.content.figure.amount,
            **rests([evidence(before), evidence(after)]),
        }
        for before, after in pairwise(totals)
        if after.content.figure.amount < before.content.figure.amount
    ]


def _claim_then(version: Claim, contracts: Sequence[Contract]) -> Json:
    """A claim beside the contracts signed by the last day it speaks of."""
    found = _claim(version)
    when = version.content.forecast_for or version.content.as_of
    if version.content.scope == "total" and when and when.latest:
        then, used = _against(contracts, version, when.latest)
        found["contracts_then"] = {**{key: value for key, value in then.items() if key != "claim_usd"}, **rests(used)}
    return found


def _order(version: Contract) -> Json:
    content = version.content
    return {
        "item": content.item,
        "quantity": content.quantity if content.quantity is not None else UNKNOWN,
        "estimated": content.estimated,
        "ordered": str(day_of(version)),
        **rests([evidence(version)]),
    }


def _assembled(version: Contract) -> Json:
    """How much of a purchase the buyer assembles: the co-production share in basis points."""
    made, of = version.content.assembled_by_buyer or 0, version.content.quantity or 0
    share = made * 10_000 // of if of else UNKNOWN
    return {"contract": version.ref, "assembled": made, "of": of, "basis_points": share, **rests([evidence(version)])}
