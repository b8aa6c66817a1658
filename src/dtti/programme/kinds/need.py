"""Need or offer: what a side wants, or has to give, before any project. Compared side by side by working group."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import BodyRef, Line, Money, NeedRef, ProjectRef, Prose, SideCode, Slug, When


class Need(Content, frozen=True, kw_only=True):
    """A need or an offer of one side. `capability` says what it must do or does; `user` who would use it.

    `timing`: when it is wanted or could be had. `answers`: needs or offers of the other side that this one may fit.
    """

    type: Literal["need", "offer"]
    side: SideCode
    title: Line
    user: Line | None = None
    capability: Prose
    priority: Literal["high", "medium", "low"] | None = None
    timing: When | None = None
    outlay: Money | None = None
    body: BodyRef | None = None
    domain: Slug | None = None
    industry_interest: Prose | None = None
    transition: Prose | None = None
    answers: tuple[NeedRef, ...] = ()
    project: ProjectRef | None = None
    status: Literal["open", "paired", "nominated", "withdrawn", "met"] = "open"


def _checks(need: Need, context: Context) -> list[Refusal]:
    found = []
    if need.type == "need" and need.user is None:
        found.append(Refusal("need-user", "A need without a user.", "Say which service or unit would use it.", "user"))
    if need.ref in need.answers:
        found.append(
            Refusal("need-pair", "It is said to fit itself.", "Name a need or offer of the other side.", "answers")
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
            *("ref", "type", "side", "title", "user", "capability", "priority", "timing", "domain"),
            *("industry_interest", "transition", "answers", "project", "status"),
        ),
        begun=2,
        begins=lambda beginning: {"side": beginning.side},
        missed=("priority", "timing", "outlay", "user"),
    ),
)
