"""Trade: contracts, summed with their bounds, against public claims of a total, and the gap that is not explained."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from dtti.programme.kinds.trade_claim import TRADE_CLAIM, TradeClaim
from dtti.programme.kinds.trade_contract import TRADE_CONTRACT
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import Money, Strength, strength

from .records import Reading, Version
from .rests import UNKNOWN, Evidence, Rests, Result, Unknown, evidence, iso, rests, whole
from .trade_compared import (
    Compilation,
    Figure,
    SourceError,
    StatedTwice,
    Twice,
    compared,
    compilation,
    errors,
    series,
    stated_twice,
)
from .trade_shares import (
    AgainstClaim,
    Assembled,
    CoProduction,
    Indigenous,
    assembled,
    by_measure_against,
    co_production,
    indigenous,
)
from .trade_sums import (
    APPROXIMATE,
    SIDES,
    Contract,
    ContractThen,
    Summed,
    Total,
    Whole,
    contract_row,
    day_of,
    ends,
    fiscal,
    left,
    signed_by,
    total,
    totals_by,
    within,
    year_of,
)

Claim = Version[TradeClaim]

METHOD = (
    "A sum takes contracts signed for certain by the day, in US dollars, at their preferred figure; its bounds take "
    "the least and the greatest published figure of each. Notified ceilings and part awards stay out of both.",
    "A claim is compared with what was signed when it was made; dated to a year or a month, with bounds. "
    "The claim is the latest public total made by the day. A claim is a running total, not a yearly flow, and what it "
    "counts is not stated: the gap is unexplained, and orders of unknown value may fill part of it.",
    "A claim that adds up since a year is compared with what was signed from then on; a contract that may lie before "
    "or after counts in the upper bound alone. What is not explained has no upper end where over a figure is claimed, "
    "no lower end where just under one is, and is approximate where the claim is. A total falls only where a later "
    "claim since the same year lies wholly below an earlier one.",
    "By one measure alone each contract counts once, by its least and its greatest figure. The indigenous share of the "
    "sum is bounded: at least what is stated, at most that and the whole of the contracts that state none.",
    "A second compilation is summed by itself and compared; the same contract is never added twice.",
)


class Against(Total, frozen=True):
    """Contracts against a claim, and the gap that is not explained, with its bounds.

    A bound is unknown where the gap has no such end. The preferred gap is what is left of the figure claimed, to be
    read with the claim's comparator. `since_low_usd`, `since_high_usd`: the contracts of the claim's period, where that
    leaves out some of those signed, or may.
    """

    claim_usd: Whole
    gap_low_usd: Whole
    gap_high_usd: Whole
    gap_preferred_usd: Whole
    since_low_usd: int | UnsetType = UNSET
    since_high_usd: int | UnsetType = UNSET


class Then(Summed, frozen=True):
    """The contracts signed by the day that a claim speaks of, and the gap, with what both rest on."""

    gap_low_usd: Whole
    gap_high_usd: Whole
    gap_preferred_usd: Whole
    since_low_usd: int | UnsetType = UNSET
    since_high_usd: int | UnsetType = UNSET


class ClaimMade(msgspec.Struct, frozen=True):
    """A public claim; with `contracts_then` where it is of a total and is listed beside the contracts of its day."""

    ref: str
    figure_usd: Whole
    comparator: str
    as_of: str
    cumulative_since: str
    forecast_for: str | None
    scope: str
    speaker: str
    uses: list[str]
    sources: list[str]
    confidence: Strength
    contracts_then: Then | UnsetType = UNSET
    later_sources: list[str] | UnsetType = UNSET
    grades: dict[str, int] | UnsetType = UNSET


class RestsOn(Rests, frozen=True):
    """What the comparison with the latest claim rests on."""


class Fall(Rests, frozen=True, rename={"before": "from", "after": "to"}):
    """A total stated lower than an earlier one since the same year, by so much at least."""

    before: str
    after: str
    fall_usd: int


class Order(Rests, frozen=True):
    """An order of unknown value."""

    item: str
    quantity: int | Unknown
    estimated: bool
    ordered: str


class Unvalued(Rests, frozen=True):
    """Orders of unknown value."""

    n: int
    orders: dict[str, Order]


class Trade(Result, frozen=True):
    """The report on trade."""

    called: ClassVar = "trade"

    contracts_against_claim: Against
    against_claim_rests_on: RestsOn
    claim: ClaimMade | Unknown
    claims: dict[str, ClaimMade]
    claims_falling: list[Fall]
    contracts: dict[str, ContractThen]
    possibly_signed: list[str]
    unvalued_orders: Unvalued
    by_measure: dict[str, Summed]
    by_measure_against_claim: dict[str, AgainstClaim]
    by_route: dict[str, Summed]
    by_year: dict[str, Summed]
    by_fiscal_year: dict[str, dict[str, Summed]]
    made_by_buyer: list[Assembled]
    co_production: CoProduction
    indigenous: Indigenous
    compilations: dict[str, Compilation]
    compared: dict[str, Twice]
    stated_twice: list[StatedTwice]
    official_series: list[Figure]
    source_errors: list[SourceError]
    method: list[str]


def trade(reading: Reading, on: date | None, body: str | None) -> Trade:
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
    return Trade(
        Trade.called,
        iso(on),
        body,
        contracts_against_claim=against,
        against_claim_rests_on=RestsOn(**rests(compared_on)),
        claim=_claim(claim) if claim else UNKNOWN,
        claims={each.ref: _claim_then(each, main) for each in _in_order(claims, on)},
        claims_falling=_falling(claims, on),
        contracts={each.ref: contract_row(each) for each in signed},
        possibly_signed=[each.ref for each in main if each.content.value and happened(day_of(each), on) == UNKNOWN],
        unvalued_orders=Unvalued(
            len(unvalued),
            {each.ref: _order(each) for each in unvalued},
            **rests(evidence(each) for each in unvalued),
        ),
        by_measure=totals_by(signed, lambda each: each.value.measure or UNKNOWN if each.value else UNKNOWN),
        by_measure_against_claim=by_measure_against(signed, claim.content if claim else None),
        by_route=totals_by(signed, lambda each: each.route or UNKNOWN),
        by_year=totals_by(signed, year_of),
        by_fiscal_year={side: totals_by(signed, fiscal(side)) for side in SIDES},
        made_by_buyer=[assembled(each) for each in signed if each.content.assembled_by_buyer is not None],
        co_production=co_production(signed),
        indigenous=indigenous(signed),
        compilations={name: compilation(every, name, on) for name in names},
        compared=compared(reading),
        stated_twice=stated_twice(reading),
        official_series=series(reading, on),
        source_errors=errors(reading),
        method=list(METHOD),
        **whole(rows),
    )


def _against(contracts: Sequence[Contract], claim: Claim | None, on: date | None) -> tuple[Against, list[Evidence]]:
    """The sum of contracts by the day, the claim, the gap to what was signed when it was made; and what says so.

    A claim dated to a year or a month may have been made on any day of it: its gap is bounded by what was signed
    before, and by what was signed at its end, and has a preferred figure only where both are the same. Of contracts
    signed when the claim begins to add up, or before, the lower bound of their sum takes those surely since.
    """
    by = signed_by(contracts, on)
    said = msgspec.structs.asdict(total(by))
    used = [evidence(each, None, "value", "signed") for each in by]
    if claim is None or claim.content.figure.currency != "USD":
        return Against(
            **said, claim_usd=UNKNOWN, gap_low_usd=UNKNOWN, gap_high_usd=UNKNOWN, gap_preferred_usd=UNKNOWN
        ), used
    when = claim.content.forecast_for or claim.content.as_of
    last = min(filter(None, (when.latest if when else None, on)), default=None)
    first = min(filter(None, (when.earliest if when else None, last)), default=None)
    since, figure = claim.content.cumulative_since, claim.content.figure
    then = signed_by(contracts, last)
    low = total([each for each in signed_by(contracts, first) if within(each, since) == "yes"])
    high = total([each for each in then if within(each, since) != "no"])
    gap_low, gap_high = left(figure.amount, figure.comparator, low.sum_low_usd, high.sum_high_usd)
    whole_period = all(within(each, since) == "yes" for each in then)
    found = Against(
        **said,
        claim_usd=figure.amount,
        gap_low_usd=gap_low,
        gap_high_usd=gap_high,
        gap_preferred_usd=figure.amount - high.sum_preferred_usd
        if low.sum_preferred_usd == high.sum_preferred_usd
        else UNKNOWN,
        since_low_usd=UNSET if whole_period else low.sum_low_usd,
        since_high_usd=UNSET if whole_period else high.sum_high_usd,
    )
    return found, [*used, evidence(claim, None, "as_of", "forecast_for", "cumulative_since")]


def _in_order(claims: Sequence[Claim], on: date | None) -> list[Claim]:
    made = [each for each in claims if happened(each.content.as_of, on, strength(each.content.cite, "as_of")) == "yes"]
    return sorted(made, key=lambda each: (chronological(each.content.as_of), each.ref))


def _latest_claim(claims: Sequence[Claim], on: date | None) -> Claim | None:
    totals = [each for each in _in_order(claims, on) if each.content.scope == "total"]
    return max(totals, key=lambda each: (each.content.as_of and each.content.as_of.latest) or date.min, default=None)


def _claim(version: Claim, then: Then | UnsetType = UNSET) -> ClaimMade:
    content = version.content
    return ClaimMade(
        version.ref,
        content.figure.amount if content.figure.currency == "USD" else UNKNOWN,
        content.figure.comparator or UNKNOWN,
        str(content.as_of or content.fiscal_years),
        str(content.cumulative_since) if content.cumulative_since else UNKNOWN,
        str(content.forecast_for) if content.forecast_for else None,
        content.scope,
        content.speaker or UNKNOWN,
        contracts_then=then,
        **rests([evidence(version, None, "as_of", "forecast_for", "cumulative_since")]),
    )


def _falling(claims: Sequence[Claim], on: date | None) -> list[Fall]:
    """Totals surely lower than the one before since the same year: what such a running total counts is not the same."""
    found: list[Fall] = []
    last: dict[tuple[str, str], Claim] = {}
    for after in _in_order(claims, on):
        content = after.content
        if content.scope != "total":
            continue
        counts = (str(content.cumulative_since), content.figure.currency)
        before = last.get(counts)
        last[counts] = after
        if before is None:
            continue
        least, most = _sure(before.content.figure)[0], _sure(content.figure)[1]
        if least is not None and most is not None and most < least:
            found.append(
                Fall(
                    before.ref,
                    after.ref,
                    least - most,
                    **rests([evidence(each, None, "cumulative_since") for each in (before, after)]),
                )
            )
    return found


def _sure(figure: Money) -> tuple[int | None, int | None]:
    """The ends of a figure that are sure: one put as about so much has none."""
    return (None, None) if figure.comparator in APPROXIMATE else ends(figure.amount, figure.comparator)


def _claim_then(version: Claim, contracts: Sequence[Contract]) -> ClaimMade:
    """A claim beside the contracts signed by the last day it speaks of."""
    when = version.content.forecast_for or version.content.as_of
    if version.content.scope != "total" or not when or not when.latest:
        return _claim(version)
    said, used = _against(contracts, version, when.latest)
    members = {name: value for name, value in msgspec.structs.asdict(said).items() if name != "claim_usd"}
    return _claim(version, Then(**members, **rests(used)))


def _order(version: Contract) -> Order:
    content = version.content
    return Order(
        content.item,
        content.quantity if content.quantity is not None else UNKNOWN,
        content.estimated,
        str(day_of(version)),
        **rests([evidence(version)]),
    )
