"""Sums of contracts: which are signed by a day, which figures may be added, totals with bounds. Knows no claim."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from dtti.programme.fiscal import fiscal_year
from dtti.programme.kinds.trade_contract import TradeContract
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import Money, SideCode, When

from .counts import groups
from .records import Version
from .rests import Json, evidence, rests

UNKNOWN = "unknown"
SIDES: Final[tuple[SideCode, ...]] = ("IND", "USA")
Contract = Version[TradeContract]

#: Measures of what a signed deal is worth, which may be added to one another. Ceilings, awards that are a part of a
#: deal, deliveries, trend indicators and claims are none of these.
ADDED: Final = ("contract-value", "press-estimate")


def day_of(contract: Contract) -> When | None:
    """The date of signature, or the year of an order whose signing is not known."""
    return contract.content.signed or contract.content.ordered


def signed_by(contracts: Sequence[Contract], on: date | None) -> list[Contract]:
    """Counted contracts with a value, signed for certain by the day, in order of signature."""
    found = [
        each
        for each in contracts
        if each.content.counted and each.content.value and happened(each.content.signed, on) == "yes"
    ]
    return sorted(found, key=lambda each: (chronological(each.content.signed), each.ref))


def figures(contract: TradeContract) -> list[int]:
    """Every published figure of a contract that may be added to others, in US dollars."""
    stated: list[Money | None] = [contract.value, contract.low, contract.high]
    stated += [alternative.value for alternative in contract.alternatives]
    return [money.amount for money in stated if money and money.measure in ADDED and money.currency == "USD"]


def preferred(contract: TradeContract) -> int | None:
    """The preferred figure in whole US dollars, where it may be added to others."""
    value = contract.value
    return value.amount if value and value.measure in ADDED and value.currency == "USD" else None


def total(contracts: Sequence[Contract]) -> Json:
    """How many contracts are summed, the sum of their preferred figures, and its bounds in whole US dollars."""
    added = [each.content for each in contracts if preferred(each.content) is not None]
    return {
        "contracts": len(added),
        "sum_preferred_usd": sum(preferred(each) or 0 for each in added),
        "sum_low_usd": sum(min(figures(each)) for each in added),
        "sum_high_usd": sum(max(figures(each)) for each in added),
    }


def totals_by(contracts: Sequence[Contract], by: Callable[[TradeContract], str]) -> Json:
    """Totals within each group, with the contracts used."""
    held = {each.ref: each for each in contracts if preferred(each.content) is not None}
    refs = groups((by(each.content), ref) for ref, each in held.items())
    return {
        group: {**total([held[ref] for ref in members]), **rests(evidence(held[ref], None, "value") for ref in members)}
        for group, members in refs.items()
    }


def year_of(contract: TradeContract) -> str:
    """The calendar year of signature, or unknown."""
    when = contract.signed
    first, last = (when.earliest, when.latest) if when else (None, None)
    return str(first.year) if first and last and first.year == last.year else UNKNOWN


def fiscal(side: SideCode) -> Callable[[TradeContract], str]:
    """What gives the fiscal year of signature of a contract, in a side's own calendar."""
    return lambda contract: fiscal_year(side, contract.signed)


def by_measure(contracts: Sequence[Contract]) -> Json:
    """What is summed and what is not, each measure by itself."""
    valued = {each.ref: each for each in contracts if each.content.value and each.content.value.currency == "USD"}
    measured = groups(
        (value.measure or UNKNOWN, ref) for ref, each in valued.items() if (value := each.content.value) is not None
    )
    return {
        measure: {
            "contracts": len(refs),
            "sum_preferred_usd": sum(money.amount for ref in refs if (money := valued[ref].content.value)),
            **rests(evidence(valued[ref], None, "value") for ref in refs),
        }
        for measure, refs in measured.items()
    }


def contract_row(version: Contract) -> Json:
    """A contract as reports list it: its figures and bounds, its fiscal years, and what is left out of sums."""
    content = version.content
    known = figures(content)
    return {
        "item": content.item,
        "quantity": content.quantity if content.quantity is not None else UNKNOWN,
        "signed": str(content.signed),
        "value_usd": preferred(content) if known else UNKNOWN,
        "low_usd": min(known, default=UNKNOWN),
        "high_usd": max(known, default=UNKNOWN),
        "measure": content.value.measure if content.value else UNKNOWN,
        "comparator": (content.value.comparator if content.value else None) or UNKNOWN,
        "route": content.route or UNKNOWN,
        "fiscal_year": {side: fiscal_year(side, content.signed) for side in SIDES},
        "left_out": [
            {"amount": money.amount, "currency": money.currency, "measure": money.measure}
            for money in (content.notified_ceiling, *(each.value for each in content.alternatives))
            if money and (money.measure not in ADDED or money.currency != "USD")
        ],
        **rests(
            [evidence(version, None, "value", "signed"), *(evidence(version, row) for row in content.alternatives)]
        ),
    }
