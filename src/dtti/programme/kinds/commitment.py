"""Commitment: what the two sides said would be done (a deliverable of the 2+2, of the Group), and what came of it."""

from datetime import date
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Column, Face
from dtti.programme.facets import Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.timeline import chronological, happened
from dtti.programme.values import (
    AnyLink,
    BodyRef,
    Cite,
    InstrumentRef,
    Line,
    MeetingRef,
    OfficeRef,
    ProjectRef,
    Prose,
    Row,
    SideCode,
    When,
    strength,
)

CommitmentState = Literal["open", "met", "partly-met", "replaced", "dropped", "unknown"]


class CommitmentOwner(Row, frozen=True, kw_only=True):
    """The side, and where known the office, that has to do it."""

    side: SideCode
    office: OfficeRef | None = None


class CommitmentStatus(Row, frozen=True, kw_only=True):
    """A dated statement of how it stands, and the record that shows it. `due_now`: the date that now holds."""

    date: When
    status: CommitmentState
    due_now: When | None = None
    evidence: AnyLink | None = None
    note: Prose | None = None
    cite: Cite | None = None


class Commitment(Content, frozen=True, kw_only=True):
    """What was promised: where and when it was said, by when it is due (`due_text` where no date was given), by whom.

    ``firm`` is a promise; ``forecast`` says only what was expected.
    """

    text: Line
    force: Literal["firm", "forecast"]
    made: When
    meeting: MeetingRef | None = None
    body: BodyRef | None = None
    project: ProjectRef | None = None
    instrument: InstrumentRef | None = None
    owners: tuple[CommitmentOwner, ...] = ()
    due: When | None = None
    due_text: Line | None = None
    statements: tuple[CommitmentStatus, ...] = ()


def state_of(commitment: Commitment, on: date | None) -> tuple[CommitmentState, list[CommitmentStatus]]:
    """How its text says that it stands at the end of `on` (None: by the end of the record), and the statements of it.

    Its last certain statement. With none it is open; what was compiled from sources (it cites them) is unknown once its
    time has passed, since nobody owes a compiler a report. `fulfilment` adds what the sides report beside the text.
    """
    said = [
        row
        for row in sorted(commitment.statements, key=lambda row: chronological(row.date))
        if happened(row.date, on, strength(row.cite or commitment.cite, "date")) == "yes"
    ]
    if said:
        return said[-1].status, said
    due = commitment.due.latest if commitment.due else None
    return ("unknown" if commitment.cite and on and due and due < on else "open"), said


#: States in which nothing of it is left to be done.
_SETTLED: Final = ("met", "replaced", "dropped")


def _facets(commitment: Commitment) -> Facets:
    state, said = state_of(commitment, None)
    due = next((row.due_now for row in reversed(said) if row.due_now), commitment.due)
    return facets(
        commitment,
        commitment.text,
        subtitle=commitment.due_text,
        category=commitment.force,
        status=state if commitment.statements else "",
        about=commitment.owners[0].side if len(commitment.owners) == 1 else "",
        on=commitment.due or commitment.made,
        began=commitment.made,
        due=due.latest if due and state not in _SETTLED else None,
    )


def _checks(commitment: Commitment, context: Context) -> list[Refusal]:
    found = not_after("commitment-dates", "It was made", commitment.made, "it is due", commitment.due, "due")
    for place, statement in enumerate(commitment.statements):
        at = f"statements.{place}"
        found += not_after(
            "commitment-dates", "It was made", commitment.made, "a statement of its state", statement.date, f"{at}.date"
        )
        if statement.status in ("met", "partly-met") and not statement.evidence and not statement.note:
            found.append(
                Refusal(
                    "commitment-evidence",
                    f"Called {statement.status} and nothing shows it.",
                    "Name the record that shows it, or say in a note what does.",
                    f"{at}.evidence",
                )
            )
    if commitment.due is None and commitment.due_text is None:
        found.append(
            Refusal("commitment-due", "No date is given.", "Give the date, or say in words that none was given.", "due")
        )
    if isinstance(context.previous, Commitment) and context.previous.due not in (None, commitment.due):
        found.append(
            Refusal(
                "commitment-original-due",
                f"It was first due {context.previous.due}; this text loses that.",
                "Keep the first date; add a dated statement that says what is now expected.",
                "due",
            )
        )
    return found


COMMITMENT = Kind(
    code="commitment",
    mode="joint",
    writers="secretariat",
    content=Commitment,
    facets=_facets,
    checks=_checks,
    face=Face(
        one=N_("commitment"),
        many=N_("Commitments"),
        section="agreed",
        place=2,
        lede=N_("What the two sides said would be done, and what is known of it."),
        columns=(
            Column(N_("Commitment"), NAME, order="title"),
            Column(N_("Force"), "category"),
            Column(N_("Made"), field="made"),
            Column(N_("Due"), field=("due", "due_text"), order="earliest"),
            Column(
                N_("State by its own text"), of=lambda commitment, day: state_of(commitment, day)[0], order="status"
            ),
            Column(N_("Who has to do it"), field="owners.side"),
            Column(N_("Project"), "project"),
            SOURCE,
        ),
        filters=(("status", N_("State")), ("category", N_("Force")), ("body", N_("Body")), ("project", N_("Project"))),
        order="earliest",
        views=((N_("Actions and commitments"), "actions"), (N_("Promises against facts"), "promises")),
        drafted=("ref", "text", "force", "made", "meeting", "body", "project", "owners", "due"),
        begun=6,
        missed=("due",),
    ),
)
