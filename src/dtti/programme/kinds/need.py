"""Need or offer: what a side wants, or has to give, before any project. Compared side by side by working group."""

import re
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import BodyRef, Line, Money, NeedRef, ProjectRef, Prose, Row, SideCode, Slug, When

_WITHOUT_YEARS: Final = "dtti_1"  # what a side may read that goes by it has no outlay by year


#: How each side writes its fiscal year.
_YEARS: Final[dict[SideCode, re.Pattern[str]]] = {
    "USA": re.compile(r"FY(19|20|21)[0-9]{2}\Z"),
    "IND": re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}\Z"),
}


class Outlay(Row, frozen=True, kw_only=True):
    """What is set aside for it in a fiscal year of its side: `FY2028` of the United States, `2027-28` of India."""

    year: Line
    money: Money


class Need(Content, frozen=True, kw_only=True):
    """A need or an offer of one side. `capability` says what it must do or does; `user` who would use it.

    `timing`: when it is wanted or could be had. `outlay`: what it is expected to cost in all; `outlays`: what is set
    aside for it by fiscal year. `answers`: needs or offers of the other side that this one may fit.
    """

    type: Literal["need", "offer"]
    side: SideCode
    title: Line
    user: Line | None = None
    capability: Prose
    priority: Literal["high", "medium", "low"] | None = None
    timing: When | None = None
    outlay: Money | None = None
    outlays: tuple[Outlay, ...] = ()
    body: BodyRef | None = None
    domain: Slug | None = None
    industry_interest: Prose | None = None
    transition: Prose | None = None
    answers: tuple[NeedRef, ...] = ()
    project: ProjectRef | None = None
    status: Literal["open", "paired", "nominated", "withdrawn", "met"] = "open"


def _checks(need: Need, context: Context) -> list[Refusal]:
    found: list[Refusal] = []
    if need.type == "need" and need.user is None:
        found.append(Refusal("need-user", "A need without a user.", "Say which service or unit would use it.", "user"))
    if need.ref in need.answers:
        found.append(
            Refusal("need-pair", "It is said to fit itself.", "Name a need or offer of the other side.", "answers")
        )
    if need.outlays and context.rules == _WITHOUT_YEARS:
        found.append(
            Refusal(
                "need-outlays-rules",
                f"It states an outlay by year, which rule set {context.rules} does not have.",
                "Say it in the notes until both sides have brought the next rule set into force.",
                "outlays",
            )
        )
    found += distinct(
        "need-outlays",
        "Fiscal year",
        [f"{each.year}, {each.money.currency}" for each in need.outlays],
        "outlays.#.year",
    )
    for place, each in enumerate(need.outlays):
        if not _YEARS[need.side].match(each.year):
            found.append(
                Refusal(
                    "need-outlays",
                    f"{each.year} is no fiscal year of {need.side}.",
                    "Write FY2028 for the United States, 2027-28 for India.",
                    f"outlays.{place}.year",
                )
            )
    if need.status == "nominated" and need.project is None:
        found.append(
            Refusal("need-project", "Nominated, and no project named.", "Name the project it became.", "project")
        )
    return found


NEED = Kind(
    code="need",
    mode="own",
    writers="services, laboratories, secretariat",
    content=Need,
    facets=lambda need: facets(
        need, subtitle=need.user, category=need.type, about=need.side, on=need.timing, began=None, money=need.outlay
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("need or offer"),
        many=N_("Needs and offers"),
        address="needs",
        section="work",
        place=3,
        drafted=(
            *("ref", "type", "side", "title", "user", "capability", "priority", "timing", "body", "domain", "outlay"),
            *("outlays", "industry_interest", "transition", "answers", "project", "status"),
        ),
        begun=2,
        begins=lambda beginning: {"side": beginning.side},
        missed=("priority", "timing", "outlay", "user"),
        views=((N_("Identify"), "identify"),),
        words={"outlays": N_("Outlay by fiscal year")},
    ),
)
