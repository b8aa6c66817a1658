"""Recommendation: what a company or an association asks of its own government, as that side received it."""

import re
from itertools import pairwise
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import Line, MeetingRef, Prose, Row, SideCode, When

Channel = Literal["by-form", "by-mail", "at-session"]
Submitter = Literal["company", "association"]
Reached = Literal["considered", "more-needed", "answered", "to-co-chairs", "withdrawn"]
#: References are drawn by lot, so that none tells how many there are or which came first.
REFERENCE: Final = re.compile(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}\Z")


class Step(Row, frozen=True, kw_only=True):
    """What was done with it and when. `note`: what was asked, or what the submitter answered, in words for both."""

    reached: Reached
    on: When
    note: Prose | None = None


class Consent(Row, frozen=True, kw_only=True):
    """That proprietary content may be told to the other government: by its owner, or by the government that has it."""

    by: Literal["owner", "government"]
    on: When
    shown_by: Line


class Reply(Row, frozen=True, kw_only=True):
    """A dated and reasoned reply to the submitter, in words that are for the submitter."""

    on: When
    number: Line | None = None
    text: Prose


class Recommendation(Content, frozen=True, kw_only=True):
    """A recommendation. `consulted`: the members that an association asked. `letter`: the number of what came by mail.

    `title` and `text` are the submitter's own. `public_title` and `public_summary` are what the submitter cleared, on
    the day `cleared`, for both governments to speak of. `proprietary`: its content is for one government alone until
    owner and government consent.
    """

    side: SideCode
    title: Line
    text: Prose
    submitter: Line
    submitter_is: Submitter
    consulted: tuple[Line, ...] = ()
    channel: Channel
    letter: Line | None = None
    session: MeetingRef | None = None
    received_on: When
    proprietary: bool = False
    public_title: Line | None = None
    public_summary: Prose | None = None
    cleared: When | None = None
    consents: tuple[Consent, ...] = ()
    steps: tuple[Step, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def consented(self) -> bool:
        """Whether its owner and its government both consent that the other government is told."""
        return {each.by for each in self.consents} == {"owner", "government"}


def _status(of: Recommendation) -> str:
    last = of.steps[-1].reached if of.steps else "received"
    if of.replies and last != "withdrawn":
        return "disposed"
    return "considered" if last == "answered" else last


def _checks(of: Recommendation, context: Context) -> list[Refusal]:
    found = []
    if not REFERENCE.match(of.ref):
        found.append(
            Refusal(
                "recommendation-reference",
                "The reference tells an order, or is not one that this system drew.",
                "Begin it on its own page, which draws a reference by lot.",
                "ref",
            )
        )
    if of.submitter_is == "association" and not of.consulted:
        found.append(
            Refusal(
                "recommendation-consulted",
                "It comes from an association and names no member that was consulted.",
                "Name the members that were consulted, one on each line.",
                "consulted",
            )
        )
    if of.channel == "by-mail" and not of.letter:
        found.append(
            Refusal(
                "recommendation-letter",
                "It came by mail and the letter is not named.",
                "Give the number under which the letter is registered.",
                "letter",
            )
        )
    if of.channel == "at-session" and not of.session:
        found.append(
            Refusal(
                "recommendation-session",
                "It was made at a session and the session is not named.",
                "Name the session.",
                "session",
            )
        )
    return [*found, *_steps(of), *_told(of, context), *_same(of, context.previous)]


def _steps(of: Recommendation) -> list[Refusal]:
    rule, found = "recommendation-steps", []
    for place, step in enumerate(of.steps):
        found += not_after(rule, "It was received", of.received_on, "that step", step.on, f"steps.{place}.on")
        if step.reached == "more-needed" and not step.note:
            found.append(
                Refusal(
                    rule,
                    "More is asked of the submitter, and not what.",
                    "Say in words for the submitter what is needed.",
                    f"steps.{place}.note",
                )
            )
    for place, (one, other) in enumerate(pairwise(of.steps), 1):
        at = f"steps.{place}"
        found += not_after(rule, "The step before was taken", one.on, "the one after it", other.on, f"{at}.on")
        if one.reached == "withdrawn":
            found.append(
                Refusal(rule, "It was withdrawn, and goes on afterwards.", "Receive it anew as another one.", at)
            )
        if other.reached == "answered" and one.reached != "more-needed":
            found.append(
                Refusal(rule, "It is answered, and nothing was asked before.", "Take out the answer, or ask first.", at)
            )
    if of.steps and of.steps[0].reached == "answered":
        found.append(
            Refusal(rule, "It is answered, and nothing was asked before.", "Take out the answer, or ask first.")
        )
    for place, reply in enumerate(of.replies):
        found += not_after(
            "recommendation-reply", "It was received", of.received_on, "the reply", reply.on, f"replies.{place}.on"
        )
    public = of.public_title and of.public_summary and of.cleared
    if any(step.reached == "to-co-chairs" for step in of.steps) and not public:
        found.append(
            Refusal(
                "recommendation-public",
                "It goes to the co-chairs without a public title and summary that the submitter cleared.",
                "Ask the submitter to clear both; the other side is told no more than these.",
                "public_title",
            )
        )
    return found


def _told(of: Recommendation, context: Context) -> list[Refusal]:
    """Who may read it: proprietary content is for few on one side, until two consents are on record."""
    if context.ledger == "released" and of.proprietary and not of.consented:
        return [
            Refusal(
                "recommendation-consent",
                "Its content is proprietary, and the other government would be told of it.",
                "Record that its owner consents, and that this government does; then release it.",
                "consents",
            )
        ]
    if context.ledger == "national" and of.proprietary and not context.group:
        return [
            Refusal(
                "recommendation-kept",
                "Its content is proprietary, and all of this side could read it.",
                "Keep it to a restricted group of the offices that deal with it.",
                "proprietary",
            )
        ]
    return []


def _same(of: Recommendation, previous: Content | None) -> list[Refusal]:
    """What was received stays as it was received."""
    if not isinstance(previous, Recommendation):
        return []
    fixed = ("ref", "side", "title", "text", "submitter", "submitter_is", "channel", "received_on")
    found = []
    if any(getattr(of, name) != getattr(previous, name) for name in fixed):
        found.append(
            Refusal(
                "recommendation-same",
                "It changes what was received, from whom or when.",
                "Leave that as it was received; say what has changed as a step.",
            )
        )
    if previous.proprietary and not of.proprietary:
        found.append(
            Refusal(
                "recommendation-same",
                "It is called proprietary no more.",
                "Record the two consents instead.",
                "proprietary",
            )
        )
    if of.steps[: len(previous.steps)] != previous.steps or of.replies[: len(previous.replies)] != previous.replies:
        found.append(
            Refusal(
                "recommendation-same",
                "A step or a reply of it is lost or changed.",
                "Keep each, and add what came after.",
                "steps",
            )
        )
    return found


RECOMMENDATION: Final = Kind(
    code="recommendation",
    mode="own",
    writers="the office that chairs the industry forum for its side",
    content=Recommendation,
    facets=lambda of: facets(
        of, subtitle=of.submitter, category=of.channel, status=_status(of), about=of.side, on=of.received_on
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("recommendation"),
        many=N_("Recommendations"),
        section="meets",
        place=7,
        lede=N_("What companies and associations ask of this government. Nothing here is an offer or a commitment."),
        columns=(
            Column(N_("Recommendation"), "name", order="title"),
            Column(N_("Submitter"), "subtitle"),
            Column(N_("How it came"), "category"),
            Column(N_("Received"), field="received_on", order="earliest"),
            Column(N_("State"), "status", order="status"),
        ),
        graded=False,
        filters=(("status", N_("State")), ("category", N_("How it came"))),
        order="earliest",
        descending=True,
        years=True,
        starts="recommendation_new",
        drafted=(
            *("title", "text", "submitter", "submitter_is", "consulted", "channel", "letter", "session", "received_on"),
            *("proprietary", "public_title", "public_summary", "cleared"),
        ),
        views=((N_("Industry forum"), "forum"),),
        words={
            "submitter": N_("Submitter"),
            "submitter_is": N_("What the submitter is"),
            "company": N_("company"),
            "association": N_("association"),
            "consulted": N_("Members consulted"),
            "channel": N_("How it came"),
            "by-form": N_("by form"),
            "by-mail": N_("by mail"),
            "at-session": N_("at a session"),
            "session": N_("Session"),
            "letter": N_("Letter number"),
            "received_on": N_("Received"),
            "received": N_("received"),
            "proprietary": N_("Proprietary content"),
            "public_title": N_("Public title"),
            "public_summary": N_("Public summary"),
            "cleared": N_("Cleared by the submitter"),
            "consents": N_("Consents to tell the other government"),
            "owner": N_("Its owner"),
            "government": N_("This government"),
            "shown_by": N_("Shown by"),
            "steps": N_("Steps"),
            "reached": N_("Step"),
            "considered": N_("being considered"),
            "more-needed": N_("more needed"),
            "answered": N_("answered"),
            "to-co-chairs": N_("to the co-chairs"),
            "disposed": N_("disposed"),
            "replies": N_("Replies to the submitter"),
        },
    ),
)
