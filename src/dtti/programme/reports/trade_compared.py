"""Trade told twice: second compilations by themselves, contracts compared field by field, official series, errors."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from dtti.programme.fiscal import last_day
from dtti.programme.kinds.trade_claim import TRADE_CLAIM, TradeClaim
from dtti.programme.kinds.trade_contract import TRADE_CONTRACT, TradeContract
from dtti.programme.timeline import happened
from dtti.programme.values import Money, When, strength

from .records import Reading
from .rests import UNKNOWN, Rests, evidence, rests
from .trade_sums import (
    SIDES,
    Contract,
    ContractThen,
    Measured,
    Summed,
    by_measure,
    contract_row,
    day_of,
    fiscal,
    signed_by,
    summed,
    total,
    totals_by,
    year_of,
)


class Told(msgspec.Struct, frozen=True):
    """What two records of a contract say in one field."""

    here: Any
    there: Any


class Twice(Rests, frozen=True):
    """A contract that names another as the same: on what the two agree and differ, and what only one says."""

    same_as: str
    agree: list[str]
    differ: dict[str, Told]
    only_one: dict[str, Told]


class StatedTwice(Rests, frozen=True):
    """A contract that two records state: on what they agree and differ, and what only one says."""

    contract: str
    records: list[str]
    agree: list[str]
    differ: dict[str, Told]
    only_one: dict[str, Told]


class Figure(Rests, frozen=True):
    """A figure of an official series, beside the claim that it repeats."""

    ref: str
    compilation: str
    period: str
    figure_usd: int
    measure: str | None
    scope: str
    same_as: str | None
    agrees: bool | None


class SourceError(Rests, frozen=True):
    """An error met in a source and not taken over."""

    contract: str
    field: str
    printed: str
    meant: str
    why: str


class Compilation(Rests, frozen=True):
    """A second compilation by itself: what it counts as signed, what it does not, and what was only notified."""

    rows: int
    counted: int
    not_counted: list[str]
    notified_only: int
    notified_ceilings_usd: int
    contracts: dict[str, ContractThen]
    sum_preferred_usd: int
    sum_low_usd: int
    sum_high_usd: int
    of_which_unverified: Summed
    by_measure: dict[str, Measured]
    by_route: dict[str, Summed]
    by_year: dict[str, Summed]
    by_fiscal_year: dict[str, dict[str, Summed]]


def compared(reading: Reading) -> dict[str, Twice]:
    """Each contract that names another as the same."""
    found = {}
    for each in reading.all(TRADE_CONTRACT):
        other = reading.get(TRADE_CONTRACT, each.content.same_as)
        if other:
            used = [evidence(each, None, "same_as"), evidence(other)]
            found[each.ref] = Twice(other.ref, *_fields(each.content, other.content), **rests(used))
    return found


def stated_twice(reading: Reading) -> list[StatedTwice]:
    """Contracts that more than one record states: the one that speaks first, and how the others differ from it."""
    return [
        StatedTwice(
            each.ref,
            [each.record, other.record],
            *_fields(each.content, other.content),
            **rests([evidence(each), evidence(other)]),
        )
        for each in reading.all(TRADE_CONTRACT)
        for other in reading.others(each)
    ]


def _fields(one: TradeContract, other: TradeContract) -> tuple[list[str], dict[str, Told], dict[str, Told]]:
    """Field by field: what agrees, differs, and is said by one alone. Two dates agree where one day could be both."""
    pairs: dict[str, tuple[Any, Any]] = {
        "quantity": (one.quantity, other.quantity),
        "signed": (one.signed or one.ordered, other.signed or other.ordered),
        "value": (one.value, other.value),
        "route": (one.route, other.route),
    }
    agree: list[str] = []
    differ: dict[str, Told] = {}
    only_one: dict[str, Told] = {}
    for field, (here, there) in pairs.items():
        if here is None and there is None:
            continue
        said = Told(_plain(here), _plain(there))
        if here is None or there is None:
            only_one[field] = said
        elif said.here == said.there or (isinstance(here, When) and _may_be_one(here, there)):
            agree.append(field)
        else:
            differ[field] = said
    return agree, differ, only_one


def _may_be_one(here: When, there: When) -> bool:
    first = max(here.earliest or date.min, there.earliest or date.min)
    return first <= min(here.latest or date.max, there.latest or date.max)


def _plain(value: object) -> Any:
    if isinstance(value, Money):
        return value.amount
    return UNKNOWN if value is None else str(value) if isinstance(value, When) else value


def series(reading: Reading, on: date | None) -> list[Figure]:
    """Figures of compilations other than the main register, by the day; each beside the claim that it repeats."""
    found = []
    for each in reading.all(TRADE_CLAIM):
        content = each.content
        if content.compilation is None or not _by(content, on):
            continue
        other = reading.get(TRADE_CLAIM, content.same_as)
        found.append(
            Figure(
                each.ref,
                content.compilation,
                str(content.as_of or content.fiscal_years),
                content.figure.amount,
                content.figure.measure,
                content.scope,
                content.same_as,
                other.content.figure.amount == content.figure.amount if other else None,
                **rests([evidence(each)]),
            )
        )
    return found


def _by(claim: TradeClaim, on: date | None) -> bool:
    """Whether a figure could have been given by the day: its date had come, or its last fiscal year was over."""
    if claim.fiscal_years:
        return on is None or last_day("USA", claim.fiscal_years[-6:]) <= on
    return happened(claim.as_of, on) != "no"


def errors(reading: Reading) -> list[SourceError]:
    """Errors met in sources and not taken over."""
    return [
        SourceError(each.ref, row.field, row.printed, row.meant, row.why, **rests([evidence(each, row)]))
        for each in reading.all(TRADE_CONTRACT)
        for row in each.content.errors
    ]


def compilation(every: Sequence[Contract], name: str, on: date | None) -> Compilation:
    """A second compilation by itself."""
    rows = [each for each in every if each.content.compilation == name]
    notified = [each for each in rows if each.content.form == "notification"]
    orders = [each for each in rows if each not in notified and happened(day_of(each), on) == "yes"]
    told = [each for each in notified if happened(each.content.notified, on) == "yes"]
    ceilings = [each.content.notified_ceiling for each in told]
    signed = signed_by(rows, on)
    said = total(signed)
    return Compilation(
        len(rows),
        counted=sum(1 for each in orders if each.content.counted),
        not_counted=sorted(each.ref for each in orders if not each.content.counted),
        notified_only=len(told),
        notified_ceilings_usd=sum(money.amount for money in ceilings if money and money.currency == "USD"),
        contracts={each.ref: contract_row(each) for each in signed},
        sum_preferred_usd=said.sum_preferred_usd,
        sum_low_usd=said.sum_low_usd,
        sum_high_usd=said.sum_high_usd,
        of_which_unverified=summed([each for each in signed if strength(each.content.cite) == "unverified"]),
        by_measure=by_measure(signed),
        by_route=totals_by(signed, lambda each: each.route or UNKNOWN),
        by_year=totals_by(signed, year_of),
        by_fiscal_year={side: totals_by(signed, fiscal(side)) for side in SIDES},
        **rests(evidence(each) for each in rows),
    )
