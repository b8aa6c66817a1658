"""Determination: a recorded fact of export policy (a designation, a licence exception) with what follows from each.

What follows is data with its source and confidence; nothing here decides whether a licence is needed.
"""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.export import Regime
from dtti.programme.face import NAME, SOURCE, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import Cite, EventRef, Line, Prose, Row, SideCode, When


class Consequence(Row, frozen=True, kw_only=True):
    """What follows, in own words. `regimes`: to what it applies, by list of classification; none: whatever the list.

    `version`: of the law or rule that says so.
    """

    text: Prose
    regimes: tuple[Regime, ...] = ()
    version: Line | None = None
    since: When | None = None
    until: When | None = None
    cite: Cite | None = None


class Determination(Content, frozen=True, kw_only=True):
    """Who determined what about which side, from when to when; the events of the record that tell of it."""

    name: Line
    type: Literal["designation", "licence-exception", "licensing-policy", "transfer-policy", "other"]
    by: SideCode
    about: SideCode
    on: When
    until: When | None = None
    events: tuple[EventRef, ...] = ()
    follows: tuple[Consequence, ...] = ()


def _checks(made: Determination, context: Context) -> list[Refusal]:
    found = not_after(
        "determination-dates", "It was determined", made.on, "the last day on which it holds", made.until, "until"
    )
    if not made.follows:
        found.append(
            Refusal(
                "determination-follows",
                "Nothing says what follows from it.",
                "State each thing that follows, with its source; or record an event instead.",
                "follows",
            )
        )
    return found


DETERMINATION = Kind(
    code="determination",
    mode="own",
    writers="export reviewer, secretariat",
    content=Determination,
    facets=lambda made: facets(made, category=made.type, on=made.on, about=made.about),
    checks=_checks,
    face=Face(
        one=N_("determination"),
        many=N_("Determinations"),
        section="around",
        place=3,
        lede=N_("Designations and policies of export control, and what follows from each. None decides a single case."),
        columns=(
            Column(N_("Determination"), NAME, order="title"),
            Column(N_("Type"), "category"),
            Column(N_("Determined by"), field="by"),
            Column(N_("Side concerned"), "about"),
            Column(N_("Date"), "date", order="earliest"),
            SOURCE,
        ),
        filters=(("category", N_("Type")), ("about", N_("Side concerned"))),
        order="earliest",
        words={
            "follows": N_("What follows from it"),
            "regimes": N_("Lists of classification to which it applies"),
            "designation": N_("designation"),
            "licence-exception": N_("licence exception"),
            "licensing-policy": N_("licensing policy"),
            "transfer-policy": N_("transfer policy"),
        },
    ),
)
