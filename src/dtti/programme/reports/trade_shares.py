"""What of the purchases the buyer makes: units assembled, the indigenous share of value; measures against a claim."""

from collections.abc import Sequence

from dtti.programme.kinds.trade_claim import TradeClaim
from dtti.programme.values import Money

from .rests import UNKNOWN, Rests, Unknown, evidence, rests
from .trade_sums import ADDED, Contract, Whole, figures, left, within


class AgainstClaim(Rests, frozen=True):
    """What contracts by one measure come to, beside the claim: what is left of it if these alone were counted.

    `added`: whether figures of this measure may be added to others. Unlike measures are never added together. The sums
    take every contract; what is left, those of the period of the claim. An end that the claim does not have is unknown.
    """

    contracts: int
    added: bool
    sum_low_usd: int
    sum_high_usd: int
    gap_low_usd: Whole
    gap_high_usd: Whole


class Assembled(Rests, frozen=True):
    """How much of a purchase the buyer assembles: the co-production share in basis points."""

    contract: str
    assembled: int
    of: int
    basis_points: int | Unknown


class CoProduction(Rests, frozen=True):
    """Units that the buyer assembles of those bought, over the contracts that say so, and how many do not."""

    assembled: int
    of: int
    basis_points: int | Unknown
    not_stated: int


class Indigenous(Rests, frozen=True):
    """What of the value of contracts is made in the buyer's country: bounds, since most do not say.

    `low_usd` takes what is stated and nothing of the others, `high_usd` all of the others.
    """

    stated: dict[str, int]
    not_stated: int
    low_usd: int
    high_usd: int
    low_basis_points: int | Unknown
    high_basis_points: int | Unknown


def by_measure_against(contracts: Sequence[Contract], claim: TradeClaim | None) -> dict[str, AgainstClaim]:
    """For each measure, the figures of signed contracts by it, each contract once, beside the claim."""
    claimed = claim.figure if claim and claim.figure.currency == "USD" else None
    lies = {each.ref: within(each, claim.cumulative_since if claim else None) for each in contracts}
    held: dict[str, dict[str, list[int]]] = {}
    for each in contracts:
        content = each.content
        stated: list[Money | None] = [content.value, content.notified_ceiling]
        stated += [alternative.value for alternative in content.alternatives]
        for money in stated:
            if money and money.measure and money.currency == "USD":
                held.setdefault(money.measure, {}).setdefault(each.ref, []).append(money.amount)
    by_ref = {each.ref: each for each in contracts}
    found = {}
    for measure, by_contract in sorted(held.items()):
        low, high = (sum(end(amounts) for amounts in by_contract.values()) for end in (min, max))
        surely = sum(min(amounts) for ref, amounts in by_contract.items() if lies[ref] == "yes")
        at_most = sum(max(amounts) for ref, amounts in by_contract.items() if lies[ref] != "no")
        found[measure] = AgainstClaim(
            len(by_contract),
            measure in ADDED,
            low,
            high,
            *(left(claimed.amount, claimed.comparator, surely, at_most) if claimed else (UNKNOWN, UNKNOWN)),
            **rests(evidence(by_ref[ref], None, "value", "notified_ceiling") for ref in by_contract),
        )
    return found


def assembled(version: Contract) -> Assembled:
    """What of a purchase the buyer assembles."""
    made, of = version.content.assembled_by_buyer or 0, version.content.quantity or 0
    return Assembled(
        version.ref, made, of, _share(made, of), **rests([evidence(version, None, "assembled_by_buyer", "quantity")])
    )


def co_production(contracts: Sequence[Contract]) -> CoProduction:
    """Units assembled by the buyer over the contracts that state them."""
    said = [each for each in contracts if each.content.assembled_by_buyer is not None and each.content.quantity]
    made = sum(each.content.assembled_by_buyer or 0 for each in said)
    of = sum(each.content.quantity or 0 for each in said)
    return CoProduction(
        made,
        of,
        _share(made, of),
        len(contracts) - len(said),
        **rests(evidence(each, None, "assembled_by_buyer", "quantity") for each in said),
    )


def indigenous(contracts: Sequence[Contract]) -> Indigenous:
    """The indigenous share of the value of contracts, with bounds for those that do not state it."""
    valued = [each for each in contracts if figures(each.content)]
    low = high = whole_low = whole_high = 0
    for each in valued:
        least, most = min(figures(each.content)), max(figures(each.content))
        share = each.content.indigenous
        low += least * share // 10_000 if share is not None else 0
        high += most * share // 10_000 if share is not None else most
        whole_low, whole_high = whole_low + least, whole_high + most
    said = [each for each in valued if each.content.indigenous is not None]
    return Indigenous(
        {each.ref: each.content.indigenous or 0 for each in said},
        len(valued) - len(said),
        low,
        high,
        _share(low, whole_high),
        min(10_000, most_of) if isinstance(most_of := _share(high, whole_low), int) else UNKNOWN,
        **rests(evidence(each, None, "indigenous", "value") for each in valued),
    )


def _share(part: int, of: int) -> int | Unknown:
    return part * 10_000 // of if of else UNKNOWN
