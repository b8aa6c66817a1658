"""Report on an action: what a side says came of what it has to do, or what it found of what another person reported."""

import re
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import (
    ActionReportRef,
    AnyLink,
    CommitmentRef,
    Line,
    MeetingRef,
    OfficeRef,
    Prose,
    Row,
    SideCode,
    When,
)

ReportedState = Literal["open", "partly-met", "met"]


class Document(Row, frozen=True, kw_only=True):
    """A paper that is no record here: what it is called, the number it is registered under, and who holds it."""

    title: Line
    number: Line | None = None
    held_by: Line | None = None

    def __str__(self) -> str:
        named = ", ".join(each for each in (self.title, self.number) if each)
        return f"{named} ({self.held_by})" if self.held_by else named


class ActionReport(Content, frozen=True, kw_only=True):
    """What a side reports of an action (`meeting` and the number it has there) or of a `commitment`.

    `office` and `holder` are who reports. `date` is the day on which it stood so. `later` asks for another date, which
    holds only once both agree it. What shows it is a record (`evidence`), a paper that is none (`document`), or both.
    `verifies` names the report of somebody else that this one made sure of: `state` then
    says what was found.
    """

    side: SideCode
    meeting: MeetingRef | None = None
    action: Line | None = None
    commitment: CommitmentRef | None = None
    office: OfficeRef
    holder: Line
    date: When
    state: ReportedState
    work_done: Prose | None = None
    evidence: AnyLink | None = None
    document: Document | None = None
    later: When | None = None
    why: Prose | None = None
    verifies: ActionReportRef | None = None

    @property
    def of(self) -> str:
        """What it reports on, as a link (``meeting:ref`` or ``commitment:ref``)."""
        return f"meeting:{self.meeting}" if self.meeting else f"commitment:{self.commitment}"


def _facets(report: ActionReport) -> Facets:
    of = f"{report.meeting}, {report.action}" if report.meeting else report.commitment
    return facets(
        report,
        f"{of}: {report.holder}, {report.date}",
        subtitle=(report.work_done or report.why or "")[:200],
        category="verification" if report.verifies else "report",
        status=report.state,
        about=report.side,
        on=report.date,
    )


#: What a title is made of: the record that the report is on, the number of the action in it, who reports, when.
_TITLE: Final = re.compile(r"([^,:]+)(?:, (.+?))?: (.+), [^,]+")


def _called(row: Columns) -> Called | None:
    found = _TITLE.fullmatch(row.title)
    if found is None:
        return None
    of, number, holder = found.groups()
    if number is None:
        words = N_("%(holder)s verified: %(of)s") if row.category == "verification" else N_("%(holder)s on: %(of)s")
        return Called(words, {"of": f"commitment:{of}"}, {"holder": holder})
    words = N_("%(holder)s on action %(number)s, %(of)s")
    if row.category == "verification":
        words = N_("%(holder)s verified action %(number)s, %(of)s")
    return Called(words, {"of": f"meeting:{of}"}, {"holder": holder, "number": number})


def _checks(report: ActionReport, context: Context) -> list[Refusal]:
    found = []
    if (report.meeting is None) == (report.commitment is None) or (report.meeting is None) != (report.action is None):
        found.append(
            Refusal(
                "action-report-of",
                "It does not say of which action or commitment.",
                "Name a meeting and the number of its action, or a commitment; not both.",
            )
        )
    if not report.office.startswith(f"{report.side}/"):
        found.append(
            Refusal(
                "action-report-office",
                f"It is reported for {report.side} by an office of the other side ({report.office}).",
                "Name the office of that side that reports.",
            )
        )
    if report.state != "open" and not report.work_done:
        found.append(
            Refusal("action-report-done", "It does not say what was done.", "Say in a sentence what was done.")
        )
    if report.verifies and report.state != "met" and not report.why:
        found.append(Refusal("action-report-why", "Not found done, and no reason given.", "Say what is missing."))
    if report.later and (report.state == "met" or report.verifies):
        found.append(
            Refusal(
                "action-report-later",
                "A later date is asked for what is done, or by who only makes sure of it.",
                "Leave the date out; its owner asks for it while something is left to do.",
            )
        )
    if report.later and not report.why:
        found.append(
            Refusal("action-report-why", "A later date is asked for without a reason.", "Say why it takes longer.")
        )
    if report.verifies == report.ref:
        found.append(
            Refusal(
                "action-report-verifier",
                "A report is said to make sure of itself.",
                "Name the report of somebody else.",
            )
        )
    return found + _same_matter(report, context.previous)


def _same_matter(report: ActionReport, previous: Content | None) -> list[Refusal]:
    """A corrected report stays about the same matter, by the same person."""
    if not isinstance(previous, ActionReport):
        return []
    fixed = ("meeting", "action", "commitment", "holder", "verifies")
    if all(getattr(report, name) == getattr(previous, name) for name in fixed):
        return []
    return [
        Refusal(
            "action-report-same",
            "A correction changes what the report is on, or who made it.",
            "Make a report of its own instead.",
        )
    ]


ACTION_REPORT: Final = Kind(
    code="action_report",
    mode="own",
    writers="the office that owns the action; whoever verifies it",
    content=ActionReport,
    facets=_facets,
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("report on an action"),
        many=N_("Reports on actions"),
        address="action-reports",
        section="agreed",
        place=4,
        lede=N_("What came of what was to be done, as its owner says, and as somebody else found."),
        columns=(
            Column(N_("Report"), NAME),
            Column(N_("On"), "date", order="earliest"),
            Column(N_("Side"), "about"),
            Column(N_("State"), "status", order="status"),
            Column(N_("What was done"), field="work_done", blank=True),
            SOURCE,
        ),
        graded=False,
        filters=(("about", N_("Side")), ("status", N_("State")), ("category", N_("What it is"))),
        order="earliest",
        descending=True,
        starts="report-new",
        form="report-draft",
        called=_called,
        views=((N_("Actions and commitments"), "actions"),),
        words={
            "action": N_("Number of the action"),
            "commitment": N_("Commitment"),
            "document": N_("Document"),
            "later": N_("Later date asked for"),
            "verifies": N_("Verifies"),
            "verification": N_("verification"),
            "report": N_("report"),
            "work_done": N_("What was done"),
        },
    ),
)
