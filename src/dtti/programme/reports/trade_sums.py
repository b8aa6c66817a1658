"""Sums of contracts: which are signed by a day, which figures may be added, totals with bounds. Knows no claim."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import msgspec

from dtti.programme.fiscal import fiscal_year
from dtti.programme.kinds.trade_contract import TradeContract
from dtti.programme.timeline import Answer, chronological, happened
from dtti.programme.values import Comparator, Money, SideCode, When

from .counts import groups
from .records import Version
from .rests import UNKNOWN, Rests, Unknown, evidence, rests

SIDES: Final[tuple[SideCode, ...]] = ("IND", "USA")
Contract = Version[TradeContract]
Whole = int | Unknown  # whole US dollars

#: Measures of what a signed deal is worth, which may be added to one another. Ceilings, awards that are a part of a
#: deal, deliveries, trend indicators and claims are none of these.
ADDED: Final = ("contract-value", "press-estimate")


#: How a figure is put that is not exact, to neither side.
APPROXIMATE: Final[tuple[Comparator, ...]] = ("about", "essentially", "estimated")


class Total(msgspec.Struct, frozen=True):
    """How many contracts are summed, the sum of their preferred figures, and its bounds in whole US dollars."""

    contracts: int
    sum_preferred_usd: int
    sum_low_usd: int
    sum_high_usd: int


class Summed(Rests, frozen=True):
    """A total, and what it rests on."""

    contracts: int
    sum_preferred_usd: int
    sum_low_usd: int
    sum_high_usd: int


class Measured(Rests, frozen=True):
    """What figures of one measure come to."""

    contracts: int
    sum_preferred_usd: int


class Amount(msgspec.Struct, frozen=True):
    """A figure that is left out of sums, and what it measures."""

    amount: int
    currency: str
    measure: str | None


class ContractThen(Rests, frozen=True):
    """A contract as reports list it: its figures and bounds, its fiscal years, and what is left out of sums."""

    item: str
    quantity: int | Unknown
    signed: str
    value_usd: int | Unknown | None
    low_usd: int | Unknown
    high_usd: int | Unknown
    measure: str | None
    comparator: str
    route: str
    fiscal_year: dict[str, str]
    left_out: list[Amount]


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


def within(contract: Contract, since: When | None) -> Answer:
    """Whether a contract was signed in a period that begins with `since`: a year or a month begins with its first day.

    A beginning that is itself known only between two days makes nothing between them certain.
    """
    if since is None:
        return "yes"
    first = since.earliest
    begun = since.latest if str(since).startswith("[") else first
    signed = contract.content.signed
    earliest, latest = (signed.earliest, signed.latest) if signed else (None, None)
    if latest and first and latest < first:
        return "no"
    return "yes" if earliest and begun and earliest >= begun else "unknown"


def ends(figure: int, comparator: Comparator | None) -> tuple[int | None, int | None]:
    """The least and the most that a figure says, None where it has no such end: over is no most, just under no least.

    A figure put as about so much has its own two ends here: that it is approximate is for its comparator to say.
    """
    return None if comparator == "just-under" else figure, None if comparator == "over" else figure


def left(figure: int, comparator: Comparator | None, low: int, high: int) -> tuple[Whole, Whole]:
    """What is left of a claimed figure, at least and at most, by the greatest and the least sum of contracts."""
    least, most = ends(figure, comparator)
    return UNKNOWN if least is None else least - high, UNKNOWN if most is None else most - low


def figures(contract: TradeContract) -> list[int]:
    """Every published figure of a contract that may be added to others, in US dollars."""
    stated: list[Money | None] = [contract.value, contract.low, contract.high]
    stated += [alternative.value for alternative in contract.alternatives]
    return [money.amount for money in stated if money and money.measure in ADDED and money.currency == "USD"]


def preferred(contract: TradeContract) -> int | None:
    """The preferred figure in whole US dollars, where it may be added to others."""
    value = contract.value
    return value.amount if value and value.measure in ADDED and value.currency == "USD" else None


def total(contracts: Sequence[Contract]) -> Total:
    """The sum of those contracts whose figures may be added."""
    added = [each.content for each in contracts if preferred(each.content) is not None]
    return Total(
        len(added),
        sum(preferred(each) or 0 for each in added),
        sum(min(figures(each)) for each in added),
        sum(max(figures(each)) for each in added),
    )


def summed(contracts: Sequence[Contract]) -> Summed:
    """The same, with what it rests on."""
    return Summed(
        *msgspec.structs.astuple(total(contracts)), **rests(evidence(each, None, "value") for each in contracts)
    )


def totals_by(contracts: Sequence[Contract], by: Callable[[TradeContract], str]) -> dict[str, Summed]:
    """Totals within each group, with the contracts used."""
    held = {each.ref: each for each in contracts if preferred(each.content) is not None}
    refs = groups((by(each.content), ref) for ref, each in held.items())
    return {group: summed([held[ref] for ref in members]) for group, members in refs.items()}


def year_of(contract: TradeContract) -> str:
    """The calendar year of signature, or unknown."""
    when = contract.signed
    first, last = (when.earliest, when.latest) if when else (None, None)
    return str(first.year) if first and last and first.year == last.year else UNKNOWN


def fiscal(side: SideCode) -> Callable[[TradeContract], str]:
    """What gives the fiscal year of signature of a contract, in a side's own calendar."""
    return lambda contract: fiscal_year(side, contract.signed)


def by_measure(contracts: Sequence[Contract]) -> dict[str, Measured]:
    """What is summed and what is not, each measure by itself."""
    valued = {each.ref: each for each in contracts if each.content.value and each.content.value.currency == "USD"}
    measured = groups(
        (value.measure or UNKNOWN, ref) for ref, each in valued.items() if (value := each.content.value) is not None
    )
    return {
        measure: Measured(
            len(refs),
            sum(money.amount for ref in refs if (money := valued[ref].content.value)),
            **rests(evidence(valued[ref], None, "value") for ref in refs),
        )
        for measure, refs in measured.items()
    }


def contract_row(version: Contract) -> ContractThen:
    """A contract as reports list it."""
    content = version.content
    known = figures(content)
    return ContractThen(
        content.item,
        content.quantity if content.quantity is not None else UNKNOWN,
        str(content.signed),
        preferred(content) if known else UNKNOWN,
        min(known, default=UNKNOWN),
        max(known, default=UNKNOWN),
        content.value.measure if content.value else UNKNOWN,
        (content.value.comparator if content.value else None) or UNKNOWN,
        content.route or UNKNOWN,
        {side: fiscal_year(side, content.signed) for side in SIDES},
        [
            Amount(money.amount, money.currency, money.measure)
            for money in (content.notified_ceiling, *(each.value for each in content.alternatives))
            if money and (money.measure not in ADDED or money.currency != "USD")
        ],
        **rests(
            [evidence(version, None, "value", "signed"), *(evidence(version, row) for row in content.alternatives)]
        ),
    )
