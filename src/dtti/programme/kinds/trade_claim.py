"""Trade claim: a public statement of a total of defence trade, kept as a claim and never added to contracts."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import FiscalYears, Line, Money, Slug, TradeClaimRef, When


class TradeClaim(Content, frozen=True, kw_only=True):
    """A figure, as of when, since when it adds up, and who said it.

    `scope`: what is counted; only `total` claims compare, and loosely. `fiscal_years` instead of `as_of`: a figure of
    US fiscal years (`FY2017`, or `FY1950-FY2020`). `compilation` and `same_as` as in a trade contract.
    """

    as_of: When | None = None
    fiscal_years: FiscalYears | None = None
    figure: Money
    cumulative_since: When | None = None
    forecast_for: When | None = None
    scope: Literal["total", "since-2014", "dcs-only", "fms-agreements"]
    speaker: Line | None = None
    wording: Line | None = None
    source_stated: Line | None = None
    compilation: Slug | None = None
    same_as: TradeClaimRef | None = None


def _checks(claim: TradeClaim, context: Context) -> list[Refusal]:
    found = not_after(
        "claim-dates", "It adds up", claim.cumulative_since, "the date it is made for", claim.as_of, "as_of"
    )
    if (claim.as_of is None) == (claim.fiscal_years is None):
        found.append(
            Refusal(
                "claim-period",
                "A claim is as of a date or for fiscal years.",
                "Give the date or the fiscal years, not both.",
                "as_of",
            )
        )
    if claim.figure.measure is None:
        found.append(
            Refusal(
                "claim-measure",
                "The figure does not say what it measures.",
                "Say a public claim, or agreements for a yearly figure.",
                "figure.measure",
            )
        )
    return found


TRADE_CLAIM = Kind(
    code="trade_claim",
    mode="own",
    writers="secretariat",
    content=TradeClaim,
    facets=lambda claim: facets(
        claim,
        f"{claim.speaker or claim.wording or claim.source_stated or claim.ref}, {claim.as_of or claim.fiscal_years}",
        subtitle=claim.wording,
        category=claim.scope,
        status=claim.figure.comparator,
        on=claim.as_of,
        money=claim.figure,
    ),
    checks=_checks,
    face=Face(
        one=N_("trade claim"),
        many=N_("Trade claims"),
        address="claims",
        section="trade",
        place=2,
        lede=N_("Public statements of a total, kept as claims side by side. A claim does not say what it counts."),
        columns=(
            Column(N_("Claim"), NAME, order="title"),
            Column(N_("As of"), field=("as_of", "fiscal_years"), order="earliest"),
            Column(N_("Figure"), field="figure", order="amount"),
            Column(N_("Adds up since"), field="cumulative_since"),
            Column(N_("Scope"), "category"),
            SOURCE,
        ),
        filters=(("category", N_("Scope")),),
        order="earliest",
        descending=True,
        years=True,
        views=((N_("Trade contracts"), "contracts"), (N_("Contracts against claims"), "trade")),
        missed=("as_of", "cumulative_since"),
    ),
)
