"""Readout: what both sides tell the public of a meeting, in one text. Agreed is not announced: those are two states."""

from datetime import date, timedelta

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import Cite, Instant, Line, MeetingRef, Prose, Row, SideCode, When


class Announced(Row, frozen=True, kw_only=True):
    """Where and when a side made it public."""

    side: SideCode
    on: When
    where: Line | None = None
    cite: Cite | None = None


class Readout(Content, frozen=True, kw_only=True):
    """A joint readout. It is cleared when both sides have agreed this text, and public when they have announced it.

    `not_before`: the hour (UTC) before which neither side makes it public. `contacts`: offices, not persons.
    """

    meeting: MeetingRef
    title: Line
    on: When
    paragraphs: tuple[Prose, ...]
    not_before: Instant | None = None
    announced: tuple[Announced, ...] = ()


def _checks(readout: Readout, context: Context) -> list[Refusal]:
    found = distinct(
        "readout-announced", "An announcement by", [each.side for each in readout.announced], "announced.#.side"
    )
    if not readout.paragraphs:
        found.append(Refusal("readout-text", "The readout says nothing.", "Give at least one paragraph.", "paragraphs"))
    first = readout.not_before[:10] if readout.not_before else ""
    for place, each in enumerate(readout.announced):
        if each.on.latest and each.on.latest.isoformat() < first:
            found.append(
                Refusal(
                    "readout-embargo",
                    f"{each.side} announced it on {each.on}, before {first}, the day agreed as the first.",
                    "Correct the day, or agree an earlier one.",
                    f"announced.{place}.on",
                )
            )
    return found


def _announced_by(readout: Readout) -> str:
    """Whether both sides have announced it, one of them, or neither."""
    sides = {each.side for each in readout.announced}
    return "announced" if len(sides) == 2 else "announced-by-one" if sides else "not-announced"


def _ahead(readout: Readout, today: date) -> list[Refusal]:
    """It is made public on its day at the earliest, which begins in one capital before the other."""
    return [
        Refusal(
            "readout-ahead",
            f"{each.side} is said to have made it public, and the day is still to come.",
            "Give the day on which it was made public, once it was.",
            f"announced.{place}.on",
        )
        for place, each in enumerate(readout.announced)
        if each.on.earliest and each.on.earliest > today + timedelta(days=1)
    ]


def _called(row: Columns) -> Called | None:
    return Called(N_("Readout: %(meeting)s"), {"meeting": f"meeting:{row.subtitle}"}) if row.subtitle else None


READOUT = Kind(
    code="readout",
    mode="joint",
    writers="both public offices",
    content=Readout,
    facets=lambda readout: facets(readout, subtitle=readout.meeting, status=_announced_by(readout), on=readout.on),
    checks=_checks,
    ahead=_ahead,
    face=Face(
        one=N_("readout"),
        many=N_("Readouts"),
        section="meets",
        place=4,
        lede=N_("One text of both sides for the public. Agreed and announced are two states."),
        columns=(
            Column(N_("Readout"), NAME, order="title"),
            Column(N_("Date"), field="on", order="earliest"),
            Column(N_("State"), "status"),
        ),
        order="earliest",
        descending=True,
        once="meeting",
        begins=lambda beginning: {"meeting": beginning.meeting} if beginning.meeting else {},
        called=_called,
        words={
            "paragraphs": N_("Text, a paragraph on each line"),
            "not_before": N_("Not public before"),
            "announced": N_("announced"),
            "announced-by-one": N_("announced by one side"),
            "not-announced": N_("not announced"),
            "where": N_("Where"),
        },
    ),
)
