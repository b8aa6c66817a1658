"""Side: one of the two parties to the programme."""

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import Line


class Side(Content, frozen=True, kw_only=True):
    """A party: its names and the ministry and department that lead for it. `ref` is its code, IND or USA."""

    name: Line
    formal_name: Line | None = None
    defence_ministry: Line | None = None
    lead_department: Line | None = None


def _checks(side: Side, context: Context) -> list[Refusal]:
    if side.ref in ("IND", "USA"):
        return []
    return [Refusal("side-code", f"{side.ref} is not a side of this programme.", "Use IND or USA.", "ref")]


SIDE = Kind(
    code="side",
    mode="own",
    writers="secretariat of that side",
    content=Side,
    facets=lambda side: facets(side, subtitle=side.lead_department, about=side.ref),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("side"),
        many=N_("Sides"),
        section="meets",
        place=6,
        lede=N_("The two parties. A side writes only its own ledger."),
        columns=(
            Column(N_("Side"), NAME),
            Column(N_("Defence ministry"), field="defence_ministry"),
            Column(N_("Lead department"), field="lead_department"),
        ),
    ),
)
