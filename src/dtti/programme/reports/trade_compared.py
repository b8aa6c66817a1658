"""Trade told twice: second compilations by themselves, contracts compared field by field, official series, errors."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dtti.programme.fiscal import last_day
from dtti.programme.kinds.trade_claim import TRADE_CLAIM, TradeClaim
from dtti.programme.kinds.trade_contract import TRADE_CONTRACT, TradeContract
from dtti.programme.timeline import happened
from dtti.programme.values import Money, When, strength

from .records import Reading
from .rests import Json, evidence, rests
from .trade_sums import (
    SIDES,
    UNKNOWN,
    Contract,
    by_measure,
    contract_row,
    day_of,
    fiscal,
    signed_by,
    total,
    totals_by,
    year_of,
)


def compared(reading: Reading) -> Json:
    """Each contract that names another as the same: on what the two agree and differ, and what only one says."""
    found: Json = {}
    for each in reading.all(TRADE_CONTRACT):
        other = reading.get(TRADE_CONTRACT, each.content.same_as)
        if other:
            used = [evidence(each, None, "same_as"), evidence(other)]
            found[each.ref] = {"same_as": other.ref, **_fields(each.content, other.content), **rests(used)}
    return found


def stated_twice(reading: Reading) -> list[Json]:
    """Contracts that more than one record states: the one that speaks first, and how the others differ from it."""
    found = []
    for each in reading.all(TRADE_CONTRACT):
        for other in reading.others(each):
            row = {"contract": each.ref, "records": [each.record, other.record]}
            found.append({**row, **_fields(each.content, other.content), **rests([evidence(each), evidence(other)])})
    return found


def _fields(one: TradeContract, other: TradeContract) -> Json:
    """Field by field. Two dates agree where one day could be meant by both."""
    pairs: dict[str, tuple[Any, Any]] = {
        "quantity": (one.quantity, other.quantity),
        "signed": (one.signed or one.ordered, other.signed or other.ordered),
        "value": (one.value, other.value),
        "route": (one.route, other.route),
    }
    found: Json = {"agree": [], "differ": {}, "only_one": {}}
    for field, (here, there) in pairs.items():
        if here is None and there is None:
            continue
        said = {"here": _plain(here), "there": _plain(there)}
        if here is None or there is None:
            found["only_one"][field] = said
        elif said["here"] == said["there"] or (isinstance(here, When) and _may_be_one(here, there)):
            found["agree"].append(field)
        else:
            found["differ"][field] = said
    return found


def _may_be_one(here: When, there: When) -> bool:
    first = max(here.earliest or date.min, there.earliest or date.min)
    return first <= min(here.latest or date.max, there.latest or date.max)


def _plain(value: object) -> Any:
    if isinstance(value, Money):
        return value.amount
    return UNKNOWN if value is None else str(value) if isinstance(value, When) else value


def series(reading: Reading, on: date | None) -> list[Json]:
    """Figures of compilations other than the main register, by the day; each beside the claim that it repeats."""
    found = []
    for each in reading.all(TRADE_CLAIM):
        content = each.content
        if content.compilation is None or not _by(content, on):
            continue
        other = reading.get(TRADE_CLAIM, content.same_as)
        found.append(
            {
                "ref": each.ref,
                "compilation": content.compilation,
                "period": str(content.as_of or content.fiscal_years),
                "figure_usd": content.figure.amount,
                "measure": content.figure.measure,
                "scope": content.scope,
                "same_as": content.same_as,
                "agrees": other.content.figure.amount == content.figure.amount if other else None,
                **rests([evidence(each)]),
            }
        )
    return found


def _by(claim: TradeClaim, on: date | None) -> bool:
    """Whether a figure could have been given by the day: its date had come, or its last fiscal year was over."""
    if claim.fiscal_years:
        return on is None or last_day("USA", claim.fiscal_years[-6:]) <= on
    return happened(claim.as_of, on) != "no"


def errors(reading: Reading) -> list[Json]:
    """Errors met in sources and not taken over."""
    return [
        {
            "contract": each.ref,
            "field": row.field,
            "printed": row.printed,
            "meant": row.meant,
            "why": row.why,
            **rests([evidence(each, row)]),
        }
        for each in reading.all(TRADE_CONTRACT)
        for row in each.content.errors
    ]


def _rested(contracts: Sequence[Contract]) -> Json:
    return {**total(contracts), **rests(evidence(each, None, "value") for each in contracts)}


def compilation(every: Sequence[Contract], name: str, on: date | None) -> Json:
    """A second compilation by itself: what it counts as signed, what it does not, and what was only notified."""
    rows = [each for each in every if each.content.compilation == name]
    notified = [each for each in rows if each.content.form == "notification"]
    orders = [each for each in rows if each not in notified and happened(day_of(each), on) == "yes"]
    counted = [each for each in orders if each.content.counted]
    told = [each for each in notified if happened(each.content.notified, on) == "yes"]
    ceilings = [each.content.notified_ceiling for each in told]
    signed = signed_by(rows, on)
    return {
        "rows": len(rows),
        "counted": len(counted),
        "not_counted": sorted(each.ref for each in orders if not each.content.counted),
        "notified_only": len(told),
        "notified_ceilings_usd": sum(money.amount for money in ceilings if money and money.currency == "USD"),
        **total(signed),
        "of_which_unverified": _rested([each for each in signed if strength(each.content.cite) == "unverified"]),
        "by_measure": by_measure(signed),
        "by_route": totals_by(signed, lambda each: each.route or UNKNOWN),
        "by_year": totals_by(signed, year_of),
        "by_fiscal_year": {side: totals_by(signed, fiscal(side)) for side in SIDES},
        "contracts": {each.ref: contract_row(each) for each in signed},
        **rests(evidence(each) for each in rows),
    }
