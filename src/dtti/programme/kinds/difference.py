"""Difference between sources: conflicting statements kept side by side, and which is preferred and why."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.programme.facets import Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import AnyLink, Cite, Line, Prose, Row, Slug


class Claim(Row, frozen=True, kw_only=True):
    """One of the statements. `key` names it within the difference."""

    key: Slug
    text: Prose
    cite: Cite | None = None


class Difference(Content, frozen=True, kw_only=True):
    """``resolved``: the preferred reading is firm; ``leaning``: preferred, not firm; ``open``: none is preferred."""

    subject: Line
    records: tuple[AnyLink, ...]
    status: Literal["resolved", "leaning", "open"]
    preferred: Slug | None = None
    why: Prose
    claims: tuple[Claim, ...]


def _facets(difference: Difference) -> Facets:
    return facets(difference, difference.subject, subtitle=difference.why, status=difference.status)


def _checks(difference: Difference, context: Context) -> list[Refusal]:
    keys = [claim.key for claim in difference.claims]
    found = distinct("difference-keys", "Claim", keys)
    if len(keys) < 2:
        found.append(
            Refusal("difference-claims", "A difference needs two statements.", "State the second, with its source.")
        )
    if not difference.records:
        found.append(Refusal("difference-records", "Nothing says what it touches.", "Name at least one record."))
    if difference.status == "open" and difference.preferred:
        found.append(
            Refusal("difference-open", "An open difference prefers a reading.", "Call it leaning, or prefer none.")
        )
    if difference.status != "open" and difference.preferred not in keys:
        found.append(
            Refusal(
                "difference-preferred",
                f"A difference called {difference.status} does not name the preferred statement.",
                f"Name one of {', '.join(keys)}.",
            )
        )
    return found


DIFFERENCE = Kind(
    code="difference",
    title="difference between sources",
    plural="differences between sources",
    mode="own",
    writers="secretariat",
    content=Difference,
    facets=_facets,
    checks=_checks,
)
