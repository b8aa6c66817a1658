"""Trade: contracts against claims with the gap that is not explained, by measure, by route, by year. Holds no rule.

Unlike measures are never added: every sum here is the report's own, and the report says what it left out.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup, escape
from msgspec import UNSET

from dtti.office import reports
from dtti.web import page
from dtti.web.page import Moment
from dtti.web.parts import Bar, Fact, Row, Way

from . import asked, figures, shown, words
from .codes import N_
from .shown import Names
from .words import _

#: What the words of a route belong to.
ROUTE: Final = "TradeContract.route"


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
        falls=[_fall(names, each, found.claims) for each in found.claims_falling],
        claim_rows=[_claim(names, ref, each) for ref, each in reversed(found.claims.items())],
        measures=[_measure(names, code, each, found.claim) for code, each in found.by_measure_against_claim.items()],
        routes=_grouped(names, _("Contracts by route"), found.by_route, of=ROUTE, drawn=True),
        years=_grouped(names, _("Contracts by calendar year"), found.by_year, drawn=True),
        fiscal=[
            _grouped(names, _("Fiscal years of %(side)s", side=shown.side_name(side)), found.by_fiscal_year[side])
            for side in shown.own_first(request)
        ],
        shares=_shares(names, found),
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


def unexplained(low: Any, high: Any, comparator: str | None) -> Any:
    """What is not explained of a claim, in words: both ends, or the one that it has; approximate where the claim is."""
    if isinstance(low, int) and not isinstance(high, int):
        return _("at least %(figure)s, no upper end", figure=words.amount(low))
    if isinstance(high, int) and not isinstance(low, int):
        return _("at most %(figure)s, no lower end", figure=words.amount(high))
    said = between(low, high)
    if isinstance(low, int) and comparator in reports.APPROXIMATE:
        return _("%(figure)s, approximate as the claim is", figure=said)
    return said


def left(figure: Any, comparator: str | None) -> Any:
    """What is left of the figure claimed, put as the claim is: over so much leaves over so much."""
    if not isinstance(figure, int):
        return shown.usd(figure)
    return words.put(words.amount(figure), "about" if comparator in reports.APPROXIMATE else comparator)


def since(then: reports.Against | reports.Then) -> Any:
    """What was signed since the claim begins to add up, where that is less than what was signed; else nothing."""
    return None if then.since_low_usd is UNSET else between(then.since_low_usd, then.since_high_usd)


def _against(names: Names, found: reports.Trade) -> list[Fact]:
    said, claim = found.contracts_against_claim, found.claim
    rests = names.folded(found.against_claim_rests_on)
    claimed: Any = {"absent": "unknown"}
    cite = None
    if claim != "unknown":
        claimed, cite = names.link(f"trade_claim:{claim.ref}", said=_put(claim)), names.rests(claim)
    put = claim.comparator if claim != "unknown" else None
    period = since(said)
    begun = claim.cumulative_since if claim != "unknown" else None
    return [
        Fact(_("Contracts known, preferred figures"), shown.usd(said.sum_preferred_usd), cite=rests),
        Fact(_("From the lowest to the highest figures"), between(said.sum_low_usd, said.sum_high_usd)),
        Fact(_("Latest claim of a total"), claimed, cite=cite),
        *([Fact(_("The claim adds up since"), shown.when(begun))] if period else []),
        *([Fact(_("Of the contracts, signed since then"), period)] if period else []),
        Fact(_("Not explained"), left(said.gap_preferred_usd, put), cite=rests),
        Fact(_("Not explained, at least and at most"), unexplained(said.gap_low_usd, said.gap_high_usd, put)),
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
            rows.append(Bar(_("Not explained"), max(0, gap), left(gap, claim.comparator), note, side="none"))
    links = [shown.anchor({"text": each.label, "url": each.url}) for each in rows]
    drawn = figures.bars(_("Contracts known and the latest claim"), rows, _("US dollars"), names=links)
    return drawn + names.folded(found.against_claim_rests_on)


def _claim(names: Names, ref: str, each: reports.ClaimMade) -> Row:
    then = each.contracts_then
    period = since(then) if then else None
    return {
        "as_of": names.link(f"trade_claim:{ref}", said=None)
        | {"text": shown.macro("value", "value", shown.when(each.as_of))}
        if names.url(f"trade_claim:{ref}")
        else shown.when(each.as_of),
        "claimed": shown.with_note(_put(each), words.word(each.scope)),
        "since": shown.when(each.cumulative_since),
        "speaker": shown.text(each.speaker) if each.speaker != "unknown" else None,
        "contracts": shown.with_note(
            shown.usd(then.sum_preferred_usd), _("signed since then: %(figure)s", figure=period) if period else ""
        )
        if then
        else "–",
        "gap": unexplained(then.gap_low_usd, then.gap_high_usd, each.comparator) if then else _("not compared"),
        "cite": names.rests(each),
    }


def _fall(names: Names, each: reports.Fall, claims: dict[str, reports.ClaimMade]) -> Markup:
    """A later claim that is lower than an earlier one: a running total does not fall."""
    later = shown.anchor(names.link(f"trade_claim:{each.after}"))
    earlier = shown.anchor(names.link(f"trade_claim:{each.before}"))
    exact = not {claims[ref].comparator for ref in (each.before, each.after)} & {"over", "just-under"}
    said = (
        _("%(later)s is lower by %(figure)s than %(earlier)s")
        if exact
        else _("%(later)s is lower by at least %(figure)s than %(earlier)s")
    )
    return escape(said) % {
        "later": later,
        "figure": words.amount(each.fall_usd),
        "earlier": earlier,
    }


def _measure(names: Names, code: str, each: reports.AgainstClaim, claim: reports.ClaimMade | Literal["unknown"]) -> Row:
    """Contracts by one measure beside the latest claim; whether the measure is in the sums."""
    return {
        "group": shown.with_note(words.word(code), "" if each.added else _("in no sum")),
        "n": each.contracts,
        "bounds": between(each.sum_low_usd, each.sum_high_usd),
        "gap": unexplained(each.gap_low_usd, each.gap_high_usd, None if claim == "unknown" else claim.comparator),
        "cite": names.rests(each),
    }


def _grouped(names: Names, title: str, groups: dict[str, reports.Summed], *, of: str = "", drawn: bool = False) -> Row:
    """Groups of contracts as a table, with the bounds of each and on what it rests; and drawn."""
    rows = [
        {
            "group": words.word(group, of),
            "n": each.contracts,
            "sum": shown.usd(each.sum_preferred_usd),
            "bounds": between(each.sum_low_usd, each.sum_high_usd),
            "cite": names.rests(each),
        }
        for group, each in groups.items()
    ]
    return {"title": title, "rows": rows, "chart": _drawn(title, groups, of) if drawn else None}


def _shares(names: Names, found: reports.Trade) -> list[Fact]:
    """What the buyer makes of all that is in the sums: units, and the part of the value that is indigenous."""
    units, value = found.co_production, found.indigenous
    made = (
        _("%(made)s of %(of)s units (%(share)s)", made=words.grouped(units.assembled), of=words.grouped(units.of),
          share=_percent(units.basis_points))
        if units.of
        else {"absent": "unknown"}
    )  # fmt: skip
    low, high = value.low_basis_points, value.high_basis_points
    share = _("%(low)s to %(high)s", low=_percent(low), high=_percent(high)) if low != high else _percent(low)
    unsaid = words.many("%(num)s contract does not say", "%(num)s contracts do not say", units.not_stated)
    unvalued = words.many("%(num)s contract does not say", "%(num)s contracts do not say", value.not_stated)
    return [
        Fact(_("Co-production: assembled by the buyer"), shown.with_note(made, unsaid), cite=names.rests(units)),
        Fact(_("Indigenous share of the value"), shown.with_note(share, unvalued), cite=names.rests(value)),
    ]


def _percent(basis_points: int | str) -> str:
    return f"{basis_points / 100:g} %" if isinstance(basis_points, int) else _("not known")


def _drawn(title: str, groups: dict[str, reports.Summed], of: str) -> Markup:
    rows = [
        Bar(
            words.word(group, of),
            each.sum_preferred_usd,
            words.amount(each.sum_preferred_usd),
            _contracts(each.contracts),
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
        "route": words.word(each.route, ROUTE),
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
