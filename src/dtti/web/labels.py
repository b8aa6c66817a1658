"""Officials' words for the names in code: fields, verbs. One place, so that every page says a thing one way."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the customary name of the marker

from dtti.programme import kinds
from dtti.programme.kinds import KINDS

FIELDS: Final = {
    "checklist": N_("Answers to the checklist"),
    "sop": N_("Version of the procedure"),
    "row": N_("What is asked"),
    "registry": N_("Held elsewhere: number and holder"),
    "why": N_("Why both go on without it"),
    "carried": N_("Carried over from"),
    "carried_number": N_("Its number there"),
    "closing": N_("Closing"),
    "discussed": N_("Discussed"),
    "minutes": N_("Time in minutes"),
    "phase": N_("Step"),
    "phases": N_("Steps reached"),
    "preamble": N_("Preamble"),
    "present": N_("Present"),
    "presenter": N_("Presented by"),
    "reserved": N_("Reservations"),
    "role": N_("Role"),
    "accomplished": N_("Accomplished"),
    "agenda": N_("Agenda"),
    "aliases": N_("Other names"),
    "answers": N_("Fits needs or offers of the other side"),
    "asked_by": N_("Asked by"),
    "assessors": N_("Who judges"),
    "amount": N_("Amount"),
    "baseline": N_("Today"),
    "binding": N_("Binding"),
    "body": N_("Body"),
    "by": N_("By"),
    "capability": N_("What it must do, or does"),
    "co_chair_offices": N_("Co-chair offices"),
    "co_chairs": N_("Co-chairs"),
    "cohort": N_("Named together as"),
    "constraints": N_("External constraints"),
    "conversion_counts": N_("A conversion to a sale counts as success"),
    "currency": N_("Currency"),
    "date": N_("Date"),
    "days": N_("Days"),
    "decisions": N_("Decisions"),
    "domain": N_("Domain"),
    "due": N_("Due"),
    "enablers": N_("Enabling agreements needed"),
    "end": N_("Until"),
    "end_users": N_("End users"),
    "entered": N_("Entered"),
    "expires": N_("Expires"),
    "failure": N_("What counts as failure"),
    "first_named": N_("First named"),
    "force": N_("Firm or forecast"),
    "horizon": N_("Horizon"),
    "host": N_("Host"),
    "implementation": N_("Implementation"),
    "in_dtti": N_("Inside the initiative"),
    "in_force": N_("In force"),
    "industry_interest": N_("Industry interest"),
    "kind": N_("Kind of project"),
    "languages": N_("Languages"),
    "lines": N_("Projects of the statement"),
    "lines_known": N_("The list is known"),
    "line_count": N_("Number of projects"),
    "made": N_("Made on"),
    "measures": N_("Measures"),
    "meeting": N_("Meeting"),
    "mode": N_("Held"),
    "name": N_("Name"),
    "needs": N_("Needs and offers it answers"),
    "notes": N_("Notes"),
    "number": N_("Number"),
    "office": N_("Office"),
    "on": N_("Date"),
    "organisation": N_("Organisation"),
    "note": N_("Note"),
    "outcomes": N_("Outcomes"),
    "outlay": N_("Outlay"),
    "owners": N_("Owners"),
    "papers": N_("Papers"),
    "partial": N_("What counts as partial success"),
    "path": N_("Path into service"),
    "place": N_("Place"),
    "priority": N_("Priority"),
    "problem": N_("The problem"),
    "project": N_("Project"),
    "promised": N_("Promised for"),
    "purpose": N_("What it is for"),
    "ref": N_("Readable reference"),
    "shown_by": N_("Shown by"),
    "side": N_("Side"),
    "signed": N_("Signed"),
    "sponsors": N_("Sponsors"),
    "stage": N_("Stage"),
    "stages": N_("Stages entered"),
    "status": N_("Status"),
    "success_definition": N_("Success definition"),
    "target": N_("Success"),
    "text": N_("Text"),
    "timing": N_("When"),
    "title": N_("Title"),
    "transition": N_("Path into service"),
    "transitions": N_("Path into service, each side"),
    "type": N_("Type"),
    "unit": N_("Unit"),
    "user": N_("User"),
}

#: What a verb is called on pages, as a past tense for histories.
VERBS: Final = {
    "state": N_("stated"),
    "propose": N_("sent for agreement"),
    "accept": N_("agreed"),
    "send_back": N_("sent back"),
    "close": N_("recorded how the offer ended"),
    "withdraw": N_("withdrew the offer"),
    "hand_over": N_("handed over the drafting"),
    "request_pen": N_("asked for the text"),
    "comment": N_("remarked"),
    "draft": N_("showed a draft"),
    "notice": N_("gave notice"),
    "acknowledge": N_("acknowledged what it holds"),
    "release": N_("released"),
    "make_public": N_("made public"),
    "found": N_("set up the record"),
    "keys": N_("changed keys"),
    "power": N_("gave powers"),
    "tombstone": N_("erased a text"),
    "anchor": N_("anchored its national record"),
    "loss": N_("declared a loss"),
    "reset_time": N_("repaired its clock"),
    "activate": N_("brought a rule set into force"),
    "restrict": N_("set up a restricted group"),
    "seat": N_("changed who may act here"),
}


def field(name: str, kind: str = "") -> str:
    """The label of a content's field; of a kind where that is known, whose own words come first."""
    own = KINDS[kind].face.words.get(name) if kind in KINDS else None
    words = own or FIELDS.get(name) or kinds.word(name, kind)
    return _(words) if words else name.replace("_", " ").capitalize()


def has_words(name: str) -> bool:
    """Whether a field of a content has a label of its own."""
    return name in FIELDS or kinds.word(name) is not None


def kind(code: str) -> str:
    """The name of a kind of record."""
    return _(KINDS[code].face.one) if code in KINDS else code


def verb(code: str) -> str:
    """A verb in a history."""
    return _(VERBS[code]) if code in VERBS else code
