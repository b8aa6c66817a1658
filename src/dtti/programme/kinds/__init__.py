"""The registry of kinds: one line each. A new kind of record is one file beside this one and one line here."""

from collections.abc import Mapping
from typing import Any, Final

from dtti.programme.face import SECTIONS
from dtti.programme.kind import Kind

from .action_report import ACTION_REPORT
from .appointment import APPOINTMENT
from .ask import ASK
from .ask_answer import ASK_ANSWER
from .body import BODY
from .briefing import BRIEFING
from .closure import CLOSURE
from .commitment import COMMITMENT
from .constraint import CONSTRAINT
from .constraint_view import CONSTRAINT_VIEW
from .contact import CONTACT
from .delay import DELAY
from .delegation import DELEGATION
from .determination import DETERMINATION
from .difference import DIFFERENCE
from .disposition import DISPOSITION
from .event import EVENT
from .export_authorisation import EXPORT_AUTHORISATION
from .export_classification import EXPORT_CLASSIFICATION
from .instrument import INSTRUMENT
from .measurement import MEASUREMENT
from .meeting import MEETING
from .national_case import NATIONAL_CASE
from .national_step import NATIONAL_STEP
from .need import NEED
from .office import OFFICE
from .plan import PLAN
from .plan_report import PLAN_REPORT
from .press_release import PRESS_RELEASE
from .procedure import PROCEDURE
from .progress import PROGRESS
from .project import PROJECT
from .readout import READOUT
from .recommendation import RECOMMENDATION
from .release_question import RELEASE_QUESTION
from .roster import ROSTER
from .session import SESSION
from .side import SIDE
from .source import SOURCE
from .success_definition import SUCCESS_DEFINITION
from .trade_claim import TRADE_CLAIM
from .trade_contract import TRADE_CONTRACT

KINDS: Final[Mapping[str, Kind[Any]]] = {
    kind.code: kind
    for kind in (
        SIDE,
        OFFICE,
        APPOINTMENT,
        BODY,
        ROSTER,
        MEETING,
        DELEGATION,
        BRIEFING,
        READOUT,
        PRESS_RELEASE,
        SESSION,
        RECOMMENDATION,
        DISPOSITION,
        CONTACT,
        NEED,
        PROCEDURE,
        PROJECT,
        PROGRESS,
        NATIONAL_CASE,
        NATIONAL_STEP,
        CLOSURE,
        ASK,
        ASK_ANSWER,
        DELAY,
        SUCCESS_DEFINITION,
        MEASUREMENT,
        PLAN,
        PLAN_REPORT,
        INSTRUMENT,
        COMMITMENT,
        ACTION_REPORT,
        RELEASE_QUESTION,
        EXPORT_CLASSIFICATION,
        EXPORT_AUTHORISATION,
        CONSTRAINT,
        CONSTRAINT_VIEW,
        DETERMINATION,
        EVENT,
        TRADE_CONTRACT,
        TRADE_CLAIM,
        SOURCE,
        DIFFERENCE,
    )
}


def at(address: str) -> Kind[Any] | None:
    """The kind whose records live under an address; None where none does."""
    return next((kind for kind in KINDS.values() if kind.face.address == address), None)


def placed() -> list[Kind[Any]]:
    """All kinds as they stand on the front of the record."""
    return sorted(KINDS.values(), key=lambda kind: (SECTIONS.index(kind.face.section), kind.face.place))


_HOMES: Final[Mapping[str, str]] = {kind.content.__module__: code for code, kind in KINDS.items()}


def home(struct: type) -> str:
    """The kind of whose contents a struct is a part; empty for what many have, such as a citation."""
    return _HOMES.get(struct.__module__, "")


#: Words of codes that mean something else elsewhere, by struct and field.
CODED: Final[Mapping[str, Mapping[str, str]]] = {
    of: words for kind in KINDS.values() for of, words in kind.face.codes.items()
}


def word(name: str, kind: str = "") -> str | None:
    """The words for a field or a code: of `kind`, where one is given and has them, else of whichever has."""
    if kind and name in KINDS[kind].face.words:
        return KINDS[kind].face.words[name]
    return next((each.face.words[name] for each in KINDS.values() if name in each.face.words), None)
