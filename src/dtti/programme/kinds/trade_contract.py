"""Trade contract: one purchase, with every published figure for it and what each figure measures."""

from datetime import date
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face, Noted
from dtti.programme.facets import facets
from dtti.programme.fiscal import fiscal_year
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import (
    BasisPoints,
    Cite,
    Count,
    Line,
    Money,
    ProjectRef,
    Prose,
    Row,
    SideCode,
    Slug,
    TradeContractRef,
    When,
    Year,
)

Route = Literal["FMS", "DCS", "hybrid", "unknown"]
ROUTES: Final = {"hybrid": N_("hybrid")}


class Alternative(Row, frozen=True, kw_only=True):
    """Another published figure for the same contract."""

    value: Money
    note: Prose | None = None
    cite: Cite | None = None


class SourceError(Row, frozen=True, kw_only=True):
    """An error met in a source and not taken over: the field, what is printed, what is meant, how one knows."""

    field: Slug
    printed: Line
    meant: Line
    why: Prose
    cite: Cite | None = None


class TradeContract(Content, frozen=True, kw_only=True):
    """A purchase from the other side. `value`: the preferred figure; `low` and `high`: its published range.

    `ordered` is the year of an order whose signing is not known. `counted` false: not a signed purchase (a selection, a
    lease, a notification) or no value known. `compilation` names a compilation made apart from the main register, and
    `same_as` the contract there that is the same: the two are compared and never added. `*_stated` keep its own words.
    `indigenous` is the part of its value that is made in the buyer's country, where a source states one.
    """

    item: Line
    quantity: Count | None = None
    quantity_stated: Line | None = None
    estimated: bool = False
    buyer_side: SideCode = "IND"
    buyer: Line | None = None
    maker: Line | None = None
    form: Slug | None = None
    signed: When | None = None
    ordered: When | None = None
    stated_fiscal_year_usa: Year | None = None
    value: Money | None = None
    value_stated: Line | None = None
    value_basis: Line | None = None
    low: Money | None = None
    high: Money | None = None
    alternatives: tuple[Alternative, ...] = ()
    route: Route | None = None
    route_stated: Line | None = None
    notified: When | None = None
    notified_ceiling: Money | None = None
    status: Slug | None = None
    counted: bool = True
    assembled_by_buyer: Count | None = None
    indigenous: BasisPoints | None = None
    project: ProjectRef | None = None
    compilation: Slug | None = None
    same_as: TradeContractRef | None = None
    source_stated: Line | None = None
    errors: tuple[SourceError, ...] = ()


def _checks(contract: TradeContract, context: Context) -> list[Refusal]:
    found = []
    figures = [contract.value, *(alternative.value for alternative in contract.alternatives)]
    if any(figure and figure.measure is None for figure in figures):
        found.append(
            Refusal(
                "trade-measure",
                "A figure does not say what it measures.",
                "Say what it measures: unlike figures are never added.",
                "value.measure",
            )
        )
    if contract.value and contract.value.measure == "notified-ceiling" and contract.notified_ceiling is None:
        found.append(
            Refusal(
                "trade-ceiling",
                "The preferred figure is a ceiling notified before signature.",
                "Put it where the notified ceiling is asked for, so that the record shows it as such.",
                "notified_ceiling",
            )
        )
    amounts = [money.amount for money in (contract.low, contract.value, contract.high) if money]
    if amounts != sorted(amounts):
        found.append(
            Refusal(
                "trade-range",
                "The figure does not lie within its own range.",
                "Correct the figure, low or high.",
                "value",
            )
        )
    if contract.assembled_by_buyer and contract.assembled_by_buyer > (contract.quantity or 0):
        found.append(
            Refusal(
                "trade-assembled",
                "More are assembled than bought.",
                "Correct one of the two numbers.",
                "assembled_by_buyer",
            )
        )
    if contract.indigenous is not None and context.rules == "dtti_1":
        found.append(
            Refusal(
                "trade-indigenous",
                "It states the indigenous share, which rule set dtti_1 does not have.",
                "Say it in the notes until both sides have brought the next rule set into force.",
                "indigenous",
            )
        )
    if contract.same_as == contract.ref:
        found.append(
            Refusal(
                "trade-same", "It is said to be the same as itself.", "Name the contract of the other list.", "same_as"
            )
        )
    year = fiscal_year("USA", contract.signed)
    stated = contract.stated_fiscal_year_usa
    if stated is not None and year not in ("unknown", f"FY{stated}"):
        found.append(
            Refusal(
                "trade-fiscal-year",
                f"Signed on {contract.signed} it falls in US {year}, and FY{stated} is stated.",
                "Correct the date or the year.",
                "stated_fiscal_year_usa",
            )
        )
    return found


def _signed(contract: TradeContract, day: date) -> object:
    if contract.signed is None and contract.ordered:
        return Noted(contract.ordered, N_("ordered; signing not known"))
    if contract.signed is None and contract.notified:
        return Noted(contract.notified, N_("notified; signing not known"))
    return contract.signed


TRADE_CONTRACT = Kind(
    code="trade_contract",
    mode="own",
    writers="secretariat",
    content=TradeContract,
    facets=lambda contract: facets(
        contract,
        contract.item,
        subtitle=contract.buyer,
        category=contract.route,
        about=contract.buyer_side,
        on=contract.signed or contract.ordered or contract.notified,
        money=contract.value,
    ),
    checks=_checks,
    face=Face(
        one=N_("trade contract"),
        many=N_("Trade contracts"),
        address="contracts",
        section="trade",
        place=1,
        lede=N_(
            "Each with every published figure, and what the figure measures. A second compilation is compared, never "
            "added."
        ),
        columns=(
            Column(N_("Item"), NAME, order="title"),
            Column(N_("Quantity"), field="quantity", number=True),
            Column(N_("Signed"), of=_signed, order="earliest"),
            Column(N_("Figure"), field="value", order="amount"),
            Column(N_("Route"), "category"),
            Column(N_("State"), "status"),
            Column(N_("Compilation"), field="compilation", blank=True),
        ),
        filters=(("category", N_("Route")), ("status", N_("State")), ("project", N_("Project"))),
        order="earliest",
        descending=True,
        years=True,
        views=(
            (N_("Trade claims"), "claims"),
            (N_("Contracts against claims"), "trade"),
            (N_("Trade told twice"), "trade-compared"),
        ),
        missed=("quantity", "signed", "value", "route"),
        codes=dict.fromkeys(("TradeContract.route", "trade_contract.route", "trade_contract.category"), ROUTES),
    ),
)
