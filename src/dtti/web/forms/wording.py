"""What forms call their questions, and the line under each that a newcomer needs. Knows no type and no rule."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from dtti.language.marking import N_
from dtti.web import labels

from .shape import Shape, is_cite

#: What a question is called where the heading of a column is too short for whoever fills it in, by struct and field.
ASKED: Final = {
    "Action.done": N_("Done on"),
    "Action.due": N_("First due"),
    "ActionReport.action": N_("Number of the action"),
    "ActionReport.commitment": N_("Commitment"),
    "ActionReport.date": N_("On which day"),
    "ActionReport.document": N_("Document that shows it, where the record has it not"),
    "ActionReport.evidence": N_("Record or source that shows it"),
    "ActionReport.later": N_("Later date asked for"),
    "Action.due_now": N_("Due now, if put off"),
    "Action.evidence": N_("What shows that it is done"),
    "Action.text": N_("What is to be done"),
    "AgendaItem.carried": N_("Carried over from"),
    "AgendaItem.carried_number": N_("Its number there"),
    "AgendaItem.minutes": N_("Time in minutes"),
    "AgendaItem.presenter": N_("Presented by"),
    "AgendaItem.purpose": N_("What is asked of the meeting"),
    "Announced.on": N_("Made public on"),
    "Appointment.covers_for": N_("Appointment that it stands in for"),
    "Appointment.end_state": N_("Whether it has ended"),
    "Appointment.main_office": N_("The holder's own office"),
    "Appointment.start": N_("From"),
    "Body.co_chair_offices": N_("Offices that co-chair it"),
    "Body.parent": N_("Body that it reports to"),
    "Body.predecessors": N_("Bodies that it came after"),
    "Body.type": N_("Kind of body"),
    "Cadence.days": N_("Longest time between meetings, in days"),
    "Cadence.text": N_("The rule in words"),
    "Cite.confidence": N_("How firm it is"),
    "Cite.places": N_("Where in each source"),
    "CitedPlace.source": N_("Source"),
    "CitedPlace.at": N_("Page, paragraph or column"),
    "CitedPlace.consulted": N_("Consulted on"),
    "Claim.key": N_("Short name of the statement"),
    "Closure.by": N_("Side that withdrew"),
    "Closure.contract": N_("Trade contract that it became"),
    "Closure.settled": N_("What is settled"),
    "Commitment.due_text": N_("When it is due, where no date was given"),
    "Commitment.force": N_("Promise or forecast"),
    "Commitment.text": N_("What was promised"),
    "Difference.preferred": N_("Short name of the preferred statement"),
    "Document.number": N_("Registry number"),
    "Document.title": N_("What the document is"),
    "HorizonPromise.of": N_("What keeps the promise"),
    "Instrument.announced": N_("Announced on"),
    "Instrument.binding": N_("Whether it binds"),
    "Instrument.closing": N_("Closing words"),
    "Instrument.implementation": N_("What is known since it was signed"),
    "Instrument.line_count": N_("Number of projects that it names"),
    "Instrument.lines_known": N_("Is its list of projects known?"),
    "Instrument.parent": N_("Instrument that it stands under"),
    "Instrument.predecessor": N_("Instrument that it replaces"),
    "Instrument.preamble": N_("Preamble"),
    "Instrument.type": N_("Kind of instrument"),
    "Meeting.date": N_("First day"),
    "Meeting.discussed": N_("What was said, by item"),
    "Meeting.discussion": N_("How far the record of discussion is"),
    "Meeting.end": N_("Last day, if another"),
    "Meeting.follows": N_("Meeting that it follows"),
    "Meeting.mode": N_("How it meets"),
    "Meeting.number": N_("Number within the body"),
    "Meeting.opens": N_("Opens at"),
    "Meeting.phases": N_("Steps of the record of discussion"),
    "Meeting.present": N_("Present"),
    "Meeting.reserved": N_("Reservations, word for word"),
    "Meeting.status": N_("State of the meeting"),
    "Meeting.zone": N_("Time zone of the venue"),
    "Member.role": N_("Role in the delegation"),
    "Need.outlay": N_("Expected cost"),
    "Outlay.year": N_("Fiscal year, as FY2028 or 2027-28"),
    "Need.timing": N_("When it is wanted, or can be had"),
    "Office.co_chairs": N_("Bodies that it co-chairs"),
    "Office.predecessor": N_("Office that it came after"),
    "Office.successor": N_("Office that came after it"),
    "PhaseReached.by": N_("Step taken by"),
    "PhaseReached.on": N_("Reached on"),
    "PhaseReached.phase": N_("Step"),
    "ProcedureRow.basis": N_("Why it is asked"),
    "ProcedureRow.by": N_("Who can answer"),
    "Question.by": N_("Wanted by"),
    "Readout.announced": N_("Where and when each side made it public"),
    "Readout.on": N_("Date of the text"),
    "Readout.paragraphs": N_("Paragraphs"),
    "Share.basis_points": N_("Share in per cent"),
    "SourceError.field": N_("What the error is about"),
    "SuccessMeasure.by": N_("By when"),
}


def label(shape: Shape) -> str:
    """What a question is called, in the page's language."""
    return _(ASKED[shape.of]) if shape.of in ASKED else labels.field(shape.name, shape.kind)


#: The line under a question that explains what a newcomer cannot know, by struct and field, or by field alone.
HINTS: Final = {
    "ref": N_("A short name for addresses and lists, in English letters. Left empty, it is made from the name."),
    "Action.due": N_("The first date stays for ever; a later one goes beside it."),
    "AgendaItem.purpose": N_("For information: no decision is asked. For review: of what was decided before."),
    "Appointment.capacity": N_("Substantive: holds the office. Acting and the others: stands in for whoever does."),
    "Appointment.attested": N_("Days on which a source shows the holder in post, where its beginning is not known."),
    "Body.virtual_uses_turn": N_("Whether the side whose turn it is to host has used it when the body meets by video."),
    "Cite.places": N_(
        "One row for each source of which it is known: where it stands there, and when it was looked up."
    ),
    "Commitment.force": N_("A promise is to be kept; a forecast says only what was expected."),
    "Difference.status": N_("Resolved: one statement is firm. Leaning: one is preferred. Open: none is."),
    "Instrument.implementation": N_("Signed, in force and carried out are three things, each with its own date."),
    "Instrument.side_views": N_("Each side may hold the instrument for binding or not, under its own law."),
    "Meeting.discussion": N_("Circulated with no comment is not agreed, whatever the date."),
    "Meeting.number": N_("Numbers count within a body: three bodies each have an eighth meeting."),
    "Money.comparator": N_("Whether the sum was put as exact, as about so much, or as more or less."),
    "Money.measure": N_("Unlike measures are never added together."),
    "Office.title": N_("The post, not its holder: who holds it is an appointment."),
    "Procedure.follows": N_("One that this software holds, or the reference of another text, such as sop-2."),
    "Procedure.rows": N_("Open a row to change it. A new row goes to the end of its stage once the form is kept."),
    "ProcedureRow.id": N_(
        "Answers of projects name the row by it: it stays when the words change. Such as need-of-side."
    ),
    "Project.cohort": N_("Projects that were named together go by one word."),
    "Project.in_dtti": N_("Left empty for an offer that was made outside the initiative."),
    "Project.stages": N_("Each stage once, in its order."),
    "Share.side": N_("The shares of both sides make up 100 per cent."),
    "SuccessDefinition.conversion_counts": N_("Whether the project has succeeded when it ends in a purchase instead."),
    "SuccessMeasure.baseline": N_("How it stands now, in figures with their unit; not measured is an answer."),
}
_LINES: Final = {
    "lines": N_("One on each line."),
    "date": N_("Such as 18 Nov 2026, 18.11.2026, Nov 2026 or 2026, as far as it is known."),
    "hour": N_("Such as 18 Nov 2026, 14:30. Both capitals are shown it in their own time."),
    "share": N_("Such as 50 or 33.33."),
    "years": N_("Such as 2017, or 1950 to 2020."),
    "ref": N_("Type a part of the name, then choose."),
    "record": N_("Type a part of the name, then choose."),
    "code": N_("Choose one of the words in use, or write another in English letters."),
    "parts": N_("Mark what is weaker than the rest."),
}
CITE: Final = N_("On what this rests: the sources, and how firm they make it.")


def hint(shape: Shape) -> str:
    """The line under a question; empty where it needs none."""
    if is_cite(shape):
        return _(CITE)
    words = HINTS.get(shape.of) or HINTS.get(shape.name) or _LINES.get(shape.how, "")
    return _(words) if words else ""
