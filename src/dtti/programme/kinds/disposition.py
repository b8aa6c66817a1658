"""Disposition: what the co-chairs of the industry forum of both sides agree is to become of a recommendation."""

from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Beside, Content, Context, Kind
from dtti.programme.values import BodyRef, Line, MeetingRef, ProjectRef, Prose, SideCode, When

from .recommendation import RECOMMENDATION, REFERENCE, Recommendation

Outcome = Literal["working-group", "group-agenda", "to-project", "declined", "ask-more"]


class Disposition(Content, frozen=True, kw_only=True):
    """What becomes of a recommendation, named by what its submitter cleared for both governments and by no more.

    `side`: the government to which it was made. `reference`: its reference there, drawn by lot. `body`: the working
    group that takes it up, or the Group on whose next agenda it comes; `project`: the project that it goes to.
    `reasons` are in words fit for the submitter. `session`: the session of the forum at which it was settled.
    """

    side: SideCode
    reference: Line
    public_title: Line
    public_summary: Prose
    outcome: Outcome
    body: BodyRef | None = None
    project: ProjectRef | None = None
    session: MeetingRef | None = None
    reasons: Prose
    on: When


def ref_of(reference: str) -> str:
    """The readable reference of the disposition of a recommendation: one for each."""
    return f"disposition-{reference}"


def _checks(of: Disposition, context: Context) -> list[Refusal]:
    found = []
    if not REFERENCE.match(of.reference) or of.ref != ref_of(of.reference):
        found.append(
            Refusal(
                "disposition-reference",
                "It does not name the recommendation by its reference.",
                "Begin it from the page of the recommendation, which fills that in.",
                "reference",
            )
        )
    if of.outcome in ("working-group", "group-agenda") and not of.body:
        found.append(
            Refusal(
                "disposition-to",
                "It goes to a working group or to the Group, and none is named.",
                "Name the body that takes it up.",
                "body",
            )
        )
    if of.outcome == "to-project" and not of.project:
        found.append(
            Refusal("disposition-to", "It goes to a project, and none is named.", "Name the project.", "project")
        )
    before = context.previous
    if isinstance(before, Disposition) and (before.side, before.reference) != (of.side, of.reference):
        found.append(
            Refusal(
                "disposition-same",
                "It is about another recommendation than before.",
                "Begin another one from the page of that recommendation.",
                "reference",
            )
        )
    return found


def _cleared(of: Disposition, beside: Beside) -> list[Refusal]:
    """This side says of a recommendation made to it only what its submitter cleared."""
    if of.side != beside.side:
        return []
    held = beside.own(RECOMMENDATION.code, of.reference)
    made = held[0] if held else None
    if (
        isinstance(made, Recommendation)
        and made.cleared
        and (made.public_title, made.public_summary) == (of.public_title, of.public_summary)
    ):
        return []
    return [
        Refusal(
            "disposition-public",
            "The public title and summary are not those that the submitter cleared.",
            "Begin it from the page of the recommendation, which fills them in; other words are cleared there first.",
            "public_title",
        )
    ]


DISPOSITION: Final = Kind(
    code="disposition",
    mode="joint",
    writers="the co-chairs of the industry forum",
    content=Disposition,
    facets=lambda of: facets(of, of.public_title, subtitle=of.reference, category=of.outcome, about=of.side, on=of.on),
    checks=_checks,
    forward=_cleared,
    face=Face(
        one=N_("disposition"),
        many=N_("Dispositions"),
        section="meets",
        place=8,
        lede=N_("What the co-chairs of the industry forum agreed is to become of what industry recommends."),
        columns=(
            Column(N_("Recommendation"), NAME, order="title"),
            Column(N_("Made to"), "about"),
            Column(N_("What becomes of it"), "category"),
            Column(N_("Date"), field="on", order="earliest"),
        ),
        filters=(("category", N_("What becomes of it")), ("about", N_("Made to"))),
        order="earliest",
        descending=True,
        years=True,
        starts="forum",
        drafted=("outcome", "body", "project", "session", "on", "reasons"),
        views=((N_("Industry forum"), "forum"),),
        words={
            "reference": N_("Reference"),
            "outcome": N_("What becomes of it"),
            "reasons": N_("Reasons, in words for the submitter"),
            "working-group": N_("to a working group"),
            "group-agenda": N_("onto the Group's next agenda"),
            "to-project": N_("to a project"),
            "ask-more": N_("more is needed"),
        },
    ),
)
