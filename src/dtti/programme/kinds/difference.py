"""Difference between sources: conflicting statements kept side by side, and which is preferred and why."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import AnyLink, Cite, Line, Prose, Row, Slug, When


class DateRead(Row, frozen=True, kw_only=True):
    """The date that a field of a record has by a statement; `implied` where the statement gives it in other words."""

    record: AnyLink
    field: Line
    when: When
    implied: bool = False


class Claim(Row, frozen=True, kw_only=True):
    """One of the statements. `key` names it within the difference; `dates`: what dates are by it."""

    key: Slug
    text: Prose
    cite: Cite | None = None
    dates: tuple[DateRead, ...] = ()


class Difference(Content, frozen=True, kw_only=True):
    """``resolved``: the preferred reading is firm; ``leaning``: preferred, not firm; ``open``: none is preferred."""

    subject: Line
    records: tuple[AnyLink, ...]
    status: Literal["resolved", "leaning", "open"]
    preferred: Slug | None = None
    why: Prose
    claims: tuple[Claim, ...]


def _checks(difference: Difference, context: Context) -> list[Refusal]:
    keys = [claim.key for claim in difference.claims]
    found = distinct("difference-keys", "Claim", keys, "claims.#.key")
    if len(keys) < 2:
        found.append(
            Refusal(
                "difference-claims",
                "A difference needs two statements.",
                "State the second, with its source.",
                "claims",
            )
        )
    found += [
        Refusal(
            "difference-dates",
            f"A statement dates {read.record}, which is not among the records that the difference touches.",
            "Name the record among them, or leave the date out.",
            f"claims.{place}.dates",
        )
        for place, claim in enumerate(difference.claims)
        for read in claim.dates
        if read.record not in difference.records
    ]
    if not difference.records:
        found.append(
            Refusal("difference-records", "Nothing says what it touches.", "Name at least one record.", "records")
        )
    if difference.status == "open" and difference.preferred:
        found.append(
            Refusal(
                "difference-open", "An open difference prefers a reading.", "Call it leaning, or prefer none.", "status"
            )
        )
    if difference.status != "open" and difference.preferred not in keys:
        found.append(
            Refusal(
                "difference-preferred",
                f"A difference called {difference.status} does not name the preferred statement.",
                f"Name one of {', '.join(keys)}.",
                "preferred",
            )
        )
    return found


DIFFERENCE = Kind(
    code="difference",
    mode="own",
    writers="secretariat",
    content=Difference,
    facets=lambda difference: facets(difference, difference.subject, subtitle=difference.why),
    checks=_checks,
    face=Face(
        one=N_("difference between sources"),
        many=N_("Differences between sources"),
        address="differences",
        section="rests",
        place=2,
        lede=N_("Where sources disagree, every statement is kept, and which is preferred and why."),
        columns=(
            Column(N_("Subject"), NAME, order="title"),
            Column(N_("State"), "status", order="status"),
            Column(N_("Statements"), of=lambda difference, day: len(difference.claims), number=True),
            Column(N_("What it touches"), field="records"),
            SOURCE,
        ),
        filters=(("status", N_("State")),),
        order="status",
        words={
            "dates": N_("Dates by this statement"),
            "implied": N_("Given in other words"),
            "when": N_("Date"),
        },
    ),
)
