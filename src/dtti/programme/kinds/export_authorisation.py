"""Export authorisation: what a licence or agreement grants, what has been used of it, until when. Own and national.

Readings of what was used are cumulative and dated; what is left is computed (`dtti.programme.export.standing`).
"""

from typing import Annotated, Literal

import msgspec

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct, not_after, surely_later
from dtti.programme.values import (
    Cite,
    Count,
    ExportClassificationRef,
    Line,
    Money,
    OfficeRef,
    ProjectRef,
    Prose,
    Row,
    SideCode,
    When,
)


class Used(Row, frozen=True, kw_only=True):
    """How much had been used in all by a day: the count, and the value by currency. `evidence`: what shows it."""

    on: When
    quantity: Count | None = None
    values: tuple[Money, ...] = ()
    evidence: Line | None = None
    cite: Cite | None = None


class OriginConsent(Row, frozen=True, kw_only=True):
    """Consent of the side of origin to a transfer to a third party: to whom, how it stands, since when, its number."""

    origin: SideCode
    to: Line
    state: Literal["asked", "granted", "refused"]
    on: When
    number: Line | None = None
    cite: Cite | None = None


class ExportAuthorisation(Content, frozen=True, kw_only=True):
    """An authorisation and its holder. `quantity` and `values`: what it grants, of `unit`, and by currency."""

    side: SideCode
    project: ProjectRef | None = None
    type: Literal["licence", "technical-assistance-agreement", "manufacturing-agreement", "exception", "permit"]
    number: Line
    holder: Line
    item: Line
    classification: ExportClassificationRef | None = None
    office: OfficeRef | None = None
    issued: When
    expires: When | None = None
    territory: Line
    quantity: Count | None = None
    unit: Line | None = None
    values: tuple[Money, ...] = ()
    provisos: Annotated[tuple[Prose, ...], msgspec.Meta(max_length=50)] = ()
    used: tuple[Used, ...] = ()
    consents: tuple[OriginConsent, ...] = ()


def _checks(made: ExportAuthorisation, context: Context) -> list[Refusal]:
    found = not_after("export-dates", "It was issued", made.issued, "the day on which it expires", made.expires,
                      "expires")  # fmt: skip
    if made.quantity is not None and made.unit is None:
        found.append(
            Refusal(
                "export-unit", "A quantity is granted, and nothing says of what.", "Give the unit, as written.", "unit"
            )
        )
    found += distinct("export-currency", "The currency", [each.currency for each in made.values], "values.#.currency")
    for place, each in enumerate(made.used):
        field = f"used.{place}"
        if each.quantity is None and not each.values:
            found.append(
                Refusal(
                    "export-used",
                    "A reading says neither how many nor what value was used.",
                    "Give the count used in all by that day, or the value in each currency.",
                    f"{field}.quantity",
                )
            )
        found += distinct("export-currency", "The currency", [one.currency for one in each.values],
                          f"{field}.values.#.currency")  # fmt: skip
        found += not_after("export-used", "It was issued", made.issued, "a reading of its use", each.on, f"{field}.on")
        found += [_fallen(field) for before in made.used if surely_later(each.on, before.on) and _less(each, before)]
    return found


def _less(later: Used, before: Used) -> bool:
    """Whether a later reading says that less was used in all."""
    held = {each.currency: each.amount for each in later.values}
    fewer = later.quantity is not None and before.quantity is not None and later.quantity < before.quantity
    return fewer or any(each.currency in held and held[each.currency] < each.amount for each in before.values)


def _fallen(field: str) -> Refusal:
    return Refusal(
        "export-used-order",
        "A later reading says that less was used in all than an earlier one.",
        "Readings are cumulative: correct the one that is wrong.",
        f"{field}.quantity",
    )


EXPORT_AUTHORISATION = Kind(
    code="export_authorisation",
    mode="own",
    writers="export reviewer of that side",
    content=ExportAuthorisation,
    facets=lambda made: facets(
        made, made.item, subtitle=made.number, category=made.type, about=made.side, on=made.issued
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("export authorisation"),
        many=N_("Export authorisations"),
        section="work",
        place=7,
        lede=N_("What was authorised, what of it is used, and until when it is good. Kept inside until released."),
        columns=(
            Column(N_("Item"), NAME, order="title"),
            Column(N_("Number"), "subtitle"),
            Column(N_("Type"), "category"),
            Column(N_("Holder"), field="holder"),
            Column(N_("Issued on"), "date", order="earliest"),
            Column(N_("Expires"), field="expires"),
            Column(N_("Side"), "about"),
        ),
        graded=False,
        filters=(("about", N_("Side")), ("category", N_("Type")), ("project", N_("Project"))),
        drafted=(
            *("side", "project", "type", "number", "holder", "item", "classification", "issued", "expires"),
            *("territory", "quantity", "unit", "values", "provisos"),
        ),
        begun=9,
        begins=lambda beginning: {"side": beginning.side},
        tasks={"use": ("used",), "consent": ("consents",)},
        words={
            "task-use": N_("Record what was used of an authorisation"),
            "task-consent": N_("Record the consent of the side of origin"),
            "holder": N_("Holder"),
            "territory": N_("Territory"),
            "provisos": N_("Provisos"),
            "used": N_("Used so far"),
            "consents": N_("Consent of the side of origin"),
            "origin": N_("Side of origin"),
            "licence": N_("licence"),
            "technical-assistance-agreement": N_("technical assistance agreement"),
            "manufacturing-agreement": N_("manufacturing agreement"),
            "exception": N_("exception"),
            "permit": N_("permit"),
            "granted": N_("granted"),
            "refused": N_("refused"),
        },
    ),
)
