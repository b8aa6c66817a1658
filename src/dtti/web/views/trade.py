"""Trade: contracts against claims with the gap that is not explained, by measure, by route, by year. Holds no rule.

Unlike measures are never added: every sum here is the report's own, and the report says what it left out.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup, escape

from dtti.office import reports
from dtti.web import page
from dtti.web.page import Moment
from dtti.web.parts import Bar, Fact, Row, Way

from . import asked, figures, shown, words
from .codes import N_
from .shown import Names
from .words import _


def trade(request: HttpRequest) -> HttpResponse:
    """What is known of contracts against what was claimed, and everything the sums leave out."""
    moment = page.moment(request)
    found = asked.made(request, reports.Trade, moment)
    if page.wants_json(request):
        return page.answer(request, "pages/trade.html", found)
    links = shown.mentioned(found) | {f"trade_contract:{ref}" for ref in named(found)}
    links |= {f"trade_claim:{ref}" for ref in found.claims} | {
        f"trade_claim:{each.ref}" for each in found.official_series
    }
    links |= {f"difference:{ref}" for ref in found.differences_touching}
    names = Names.of(request, moment).learn(links)
    return shown.show(
        request,
        "pages/trade.html",
        found,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Trade"), None)),
        views=ways("trade", moment),
        against=_against(names, found),
        bars=_against_claim(names, found),
        falls=[_fall(names, each) for each in found.claims_falling],
        claim_rows=[_claim(names, ref, each) for ref, each in reversed(found.claims.items())],
        measures=_totals(found.by_measure),
        routes=_drawn(_("Contracts by route"), found.by_route),
        years=_drawn(_("Contracts by calendar year"), found.by_year),
        fiscal=[
            _drawn(_("Fiscal years of %(side)s", side=shown.side_name(side)), found.by_fiscal_year[side], side)
            for side in shown.own_first(request)
        ],
        rows=[_contract(names, ref, each) for ref, each in found.contracts.items()],
        unvalued=[_order(names, ref, each) for ref, each in found.unvalued_orders.orders.items()],
        possibly=[shown.anchor(names.link(f"trade_contract:{ref}")) for ref in found.possibly_signed],
        made=[_made(names, each) for each in found.made_by_buyer],
        touching=[shown.anchor(names.link(f"difference:{ref}")) for ref in found.differences_touching],
    )


def ways(current: str, moment: Moment) -> list[Way]:
    """The ways to look at trade."""
    pages = (
        (N_("Contracts against claims"), "trade"),
        (N_("Trade contracts"), "contracts"),
        (N_("Trade claims"), "claims"),
        (N_("Trade told twice"), "trade-compared"),
    )
    return [Way(_(label), shown.address(name, moment), name == current) for label, name in pages]


def named(found: reports.Trade) -> set[str]:
    """The references of all contracts that the report names."""
    refs = {*found.contracts, *found.unvalued_orders.orders, *found.possibly_signed, *found.compared}
    refs |= {each.same_as for each in found.compared.values()}
    refs |= {each.contract for each in found.made_by_buyer} | {each.contract for each in found.source_errors}
    refs |= {each.contract for each in found.stated_twice}
    return refs


def between(low: Any, high: Any) -> Any:
    """Two bounds of a sum in words; one figure where they are the same."""
    if not (isinstance(low, int) and isinstance(high, int)):
        return {"absent": "unknown"}
    if low == high:
        return words.amount(low)
    return _("%(low)s to %(high)s", low=words.amount(low), high=words.amount(high))


def _against(names: Names, found: reports.Trade) -> list[Fact]:
    said, claim = found.contracts_against_claim, found.claim
    claimed: Any = {"absent": "unknown"}
    cite = None
    if claim != "unknown":
        claimed, cite = names.link(f"trade_claim:{claim.ref}", said=_put(claim)), names.rests(claim)
    return [
        Fact(_("Contracts known, preferred figures"), shown.usd(said.sum_preferred_usd)),
        Fact(_("From the lowest to the highest figures"), between(said.sum_low_usd, said.sum_high_usd)),
        Fact(_("Latest claim of a total"), claimed, cite=cite),
        Fact(_("Not explained"), shown.usd(said.gap_preferred_usd)),
        Fact(_("Not explained, at least and at most"), between(said.gap_low_usd, said.gap_high_usd)),
    ]


def _put(claim: reports.ClaimMade) -> str:
    figure = words.amount(claim.figure_usd) if isinstance(claim.figure_usd, int) else _("not known")
    return words.put(figure, claim.comparator)


def _contracts(number: int) -> str:
    return words.many("%(num)s contract", "%(num)s contracts", number)


def _against_claim(names: Names, found: reports.Trade) -> Markup:
    said, claim = found.contracts_against_claim, found.claim
    known = said.sum_preferred_usd
    rows = [Bar(_("Contracts known"), known, words.amount(known), _contracts(said.contracts))]
    if claim != "unknown" and isinstance(claim.figure_usd, int):
        url, gap = names.url(f"trade_claim:{claim.ref}"), said.gap_preferred_usd
        rows.append(Bar(_("Latest claim of a total"), claim.figure_usd, _put(claim), url=url))
        if isinstance(gap, int):
            note = _("what the claim counts is not stated")
            rows.append(Bar(_("Not explained"), max(0, gap), words.amount(gap), note, side="none"))
    links = [shown.anchor({"text": each.label, "url": each.url}) for each in rows]
    return figures.bars(_("Contracts known and the latest claim"), rows, _("US dollars"), names=links)


def _claim(names: Names, ref: str, each: reports.ClaimMade) -> Row:
    then = each.contracts_then
    return {
        "as_of": names.link(f"trade_claim:{ref}", said=None)
        | {"text": shown.macro("value", "value", shown.when(each.as_of))}
        if names.url(f"trade_claim:{ref}")
        else shown.when(each.as_of),
        "claimed": shown.with_note(_put(each), words.word(each.scope)),
        "since": shown.when(each.cumulative_since),
        "speaker": shown.text(each.speaker) if each.speaker != "unknown" else None,
        "contracts": shown.usd(then.sum_preferred_usd) if then else "–",
        "gap": between(then.gap_low_usd, then.gap_high_usd) if then else _("not compared"),
        "cite": names.rests(each),
    }


def _fall(names: Names, each: reports.Fall) -> Markup:
    """A later claim that is lower than an earlier one: a running total does not fall."""
    later = shown.anchor(names.link(f"trade_claim:{each.after}"))
    earlier = shown.anchor(names.link(f"trade_claim:{each.before}"))
    return escape(_("%(later)s is lower by %(figure)s than %(earlier)s")) % {
        "later": later,
        "figure": words.amount(each.fall_usd),
        "earlier": earlier,
    }


def _totals(groups: dict[str, reports.Summed]) -> list[Row]:
    return [
        {
            "group": words.word(group),
            "n": each.contracts,
            "sum": shown.usd(each.sum_preferred_usd),
            "bounds": between(each.sum_low_usd, each.sum_high_usd),
        }
        for group, each in groups.items()
    ]


def _drawn(title: str, groups: dict[str, reports.Summed], side: str | None = None) -> Markup:
    rows = [
        Bar(
            words.word(group),
            each.sum_preferred_usd,
            words.amount(each.sum_preferred_usd),
            _contracts(each.contracts),
            side=side,
        )
        for group, each in groups.items()
    ]
    return figures.bars(title, rows, _("US dollars"))


def _contract(names: Names, ref: str, each: reports.ContractThen) -> Row:
    left = [
        f"{words.amount(one.amount, one.currency)} ({words.word(one.measure or 'unknown')})" for one in each.left_out
    ]
    return {
        "item": names.link(f"trade_contract:{ref}", said=each.item),
        "quantity": shown.unless_unknown(each.quantity),
        "signed": shown.when(each.signed),
        "value": shown.with_note(shown.usd(each.value_usd), words.word(each.measure)),
        "bounds": between(each.low_usd, each.high_usd),
        "route": words.word(each.route),
        "left": shown.lines(left) or "–",
        "cite": names.rests(each),
    }


def _order(names: Names, ref: str, each: reports.Order) -> Row:
    return {
        "item": names.link(f"trade_contract:{ref}", said=each.item),
        "quantity": shown.unless_unknown(each.quantity),
        "ordered": shown.when(each.ordered),
        "cite": names.rests(each),
    }


def _made(names: Names, each: reports.Assembled) -> Row:
    share = each.basis_points
    return {
        "item": names.link(f"trade_contract:{each.contract}"),
        "made": each.assembled,
        "of": shown.unless_unknown(each.of),
        "share": f"{share / 100:g} %" if isinstance(share, int) else {"absent": "unknown"},
        "cite": names.rests(each),
    }
