"""Instrument: an agreement or other paper between the sides, its dates kept apart, and lines of intent."""

from datetime import date
from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct, not_after
from dtti.programme.values import (
    BodyRef,
    Cite,
    Days,
    FileNumber,
    InstrumentRef,
    Line,
    MeetingRef,
    Money,
    OfficeRef,
    Ordinal,
    ProjectRef,
    Prose,
    Row,
    Share,
    SideCode,
    Slug,
    When,
    Years,
)

from .appointment import Capacity
from .project import Horizon

Binding = Literal["binding", "non-binding", "not-stated"]
Implementation = Literal[
    "signed-only", "in-use", "implementing", "intended", "negotiating", "expired", "replaced", "unknown"
]


class Signatory(Row, frozen=True, kw_only=True):
    """Who signed for a side, in which office and capacity that day."""

    side: SideCode
    name: Line
    office: OfficeRef
    capacity: Capacity


class IntentLine(Row, frozen=True, kw_only=True):
    """A line of a Statement of Intent: a project, its horizon, and the date promised, if one is."""

    project: ProjectRef
    horizon: Horizon
    promised: When | None = None
    note: Prose | None = None
    cite: Cite | None = None


class HorizonPromise(Row, frozen=True, kw_only=True):
    """What was promised for all lines of a horizon: in words, and in days from signature where it can be counted.

    `of`: what would keep it: an ``agreement`` (or sale) signed, or ``completion``. Unsaid, a signature keeps nothing.
    """

    horizon: Horizon
    text: Line
    of: Literal["agreement", "completion"] | None = None
    days: Days | None = None
    cite: Cite | None = None


class SideView(Row, frozen=True, kw_only=True):
    """What a side holds about the instrument: whether it binds, and under which legal authority it concludes it."""

    side: SideCode
    binding: Binding
    authority: Line | None = None


class Clause(Row, frozen=True, kw_only=True):
    """A clause of the text under negotiation, and who has it in brackets."""

    number: Line
    heading: Line | None = None
    text: Prose
    state: Literal["agreed", "bracketed-ind", "bracketed-usa", "bracketed-both"]


class Instrument(Content, frozen=True, kw_only=True):
    """An instrument. Every date is its own: text agreed, signed, announced, in force, first step, renewed, expires.

    `implementation` says what is known after signature and is kept apart from it; `first_step` is the first thing done.
    `lines_known` false: a Statement of Intent of which the list was not published. `preamble` goes on after the names
    of both sides, which each original puts in its own order (alternat), and so does not hold them.
    """

    name: Line
    aliases: tuple[Line, ...] = ()
    type: Slug
    parent: InstrumentRef | None = None
    predecessor: InstrumentRef | None = None
    project: ProjectRef | None = None
    body: BodyRef | None = None
    meeting: MeetingRef | None = None
    place: Line | None = None
    languages: tuple[Line, ...] = ()
    text_agreed: When | None = None
    signed: When | None = None
    announced: When | None = None
    in_force: When | None = None
    first_step: When | None = None
    renewed: When | None = None
    expires: When | None = None
    due: When | None = None
    term_years: Years | None = None
    binding: Binding
    side_views: tuple[SideView, ...] = ()
    implementation: Implementation
    signatories: tuple[Signatory, ...] = ()
    executing: tuple[Line, ...] = ()
    lines_known: bool | None = None
    line_count: Ordinal | None = None
    lines: tuple[IntentLine, ...] = ()
    promises: tuple[HorizonPromise, ...] = ()
    preamble: Prose | None = None
    clauses: tuple[Clause, ...] = ()
    closing: Prose | None = None
    cost_ceiling: Money | None = None
    shares: tuple[Share, ...] = ()
    file_numbers: tuple[FileNumber, ...] = ()


def _began(instrument: Instrument) -> When | None:
    """The first of its dates that can have come."""
    dates = (instrument.text_agreed, instrument.signed, instrument.announced, instrument.in_force)
    known = [when for when in dates if when]
    return min(known, key=lambda when: when.earliest or date.min, default=None)


def _checks(instrument: Instrument, context: Context) -> list[Refusal]:
    found = not_after(
        "instrument-dates", "The text is agreed", instrument.text_agreed, "signature", instrument.signed, "signed"
    )
    found += not_after(
        "instrument-dates", "It is signed", instrument.signed, "it expires", instrument.expires, "expires"
    )
    found += not_after(
        "instrument-dates", "It is in force", instrument.in_force, "it expires", instrument.expires, "expires"
    )
    found += not_after(
        "instrument-dates", "It is signed", instrument.signed, "its first step", instrument.first_step, "first_step"
    )
    found += not_after(
        "instrument-dates", "It is signed", instrument.signed, "its renewal", instrument.renewed, "renewed"
    )
    if instrument.ref in (instrument.parent, instrument.predecessor):
        found.append(
            Refusal(
                "instrument-parent", "It stands under or after itself.", "Name another instrument, or none.", "parent"
            )
        )
    for place, signatory in enumerate(instrument.signatories):
        if not signatory.office.startswith(f"{signatory.side}/"):
            found.append(
                Refusal(
                    "instrument-signatory",
                    f"{signatory.name} signs for {signatory.side} in an office of the other side ({signatory.office}).",
                    "Name an office of that side.",
                    f"signatories.{place}.office",
                )
            )
    if instrument.shares and sum(share.basis_points for share in instrument.shares) != 10_000:
        found.append(
            Refusal(
                "instrument-shares",
                "The shares do not make up the whole.",
                "Let them add up to 100 per cent.",
                "shares",
            )
        )
    return found + _line_checks(instrument)


def _line_checks(instrument: Instrument) -> list[Refusal]:
    found = distinct("instrument-lines", "Project", [line.project for line in instrument.lines], "lines.#.project")
    found += distinct(
        "instrument-clauses", "Clause", [clause.number for clause in instrument.clauses], "clauses.#.number"
    )
    of_intent = instrument.type == "statement-of-intent"
    if not of_intent and (instrument.lines or instrument.promises or instrument.lines_known is not None):
        found.append(
            Refusal(
                "instrument-lines",
                "Lines of intent stand in an instrument that is no Statement of Intent.",
                "Leave them out, or call it a Statement of Intent.",
                "type",
            )
        )
    if of_intent and instrument.lines_known is None:
        found.append(
            Refusal(
                "instrument-lines", "Nothing says whether its list is known.", "Say whether it is known.", "lines_known"
            )
        )
    if instrument.lines_known and instrument.line_count not in (None, len(instrument.lines)):
        found.append(
            Refusal(
                "instrument-line-count",
                f"{instrument.line_count} lines are counted and {len(instrument.lines)} given.",
                "Give every line, or say that the list is not known.",
                "line_count",
            )
        )
    if instrument.lines_known is False and instrument.lines:
        found.append(
            Refusal(
                "instrument-lines",
                "Lines are given of a list called unknown.",
                "Leave them out, or say it is known.",
                "lines_known",
            )
        )
    return found


INSTRUMENT = Kind(
    code="instrument",
    mode="joint",
    writers="negotiators, signatories",
    content=Instrument,
    facets=lambda instrument: facets(
        instrument,
        subtitle=", ".join(instrument.aliases),
        category=instrument.type,
        status=instrument.implementation,
        on=instrument.signed or instrument.announced,
        began=_began(instrument),
        money=instrument.cost_ceiling,
    ),
    checks=_checks,
    face=Face(
        one=N_("instrument"),
        many=N_("Instruments"),
        section="agreed",
        place=1,
        lede=N_("Signed, in force and carried out are three things, with three dates."),
        columns=(
            Column(N_("Instrument"), NAME, order="title"),
            Column(N_("Type"), "category"),
            Column(N_("Signed"), field="signed", order="earliest"),
            Column(N_("In force"), field="in_force"),
            Column(N_("First step"), field="first_step"),
            Column(N_("Carried out"), "status", order="status"),
            Column(N_("Expires"), field="expires"),
        ),
        filters=(
            ("category", N_("Type")),
            ("status", N_("Carried out")),
            ("body", N_("Body")),
            ("project", N_("Project")),
        ),
        order="earliest",
        descending=True,
        years=True,
        views=(
            (N_("Expiring within 12 months"), "expiring"),
            (N_("Statements of Intent compared"), "statements"),
            (N_("Promises against facts"), "promises"),
        ),
        drafted=(
            *("ref", "name", "type", "project", "body", "signed", "in_force", "expires", "binding", "implementation"),
            *("languages", "lines_known", "line_count", "lines", "preamble", "clauses", "closing"),
        ),
        begun=5,
        missed=("signed", "in_force", "first_step", "expires"),
    ),
)
