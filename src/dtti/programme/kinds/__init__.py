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
from .commitment import COMMITMENT
from .constraint import CONSTRAINT
from .delay import DELAY
from .delegation import DELEGATION
from .difference import DIFFERENCE
from .event import EVENT
from .instrument import INSTRUMENT
from .meeting import MEETING
from .need import NEED
from .office import OFFICE
from .progress import PROGRESS
from .project import PROJECT
from .readout import READOUT
from .roster import ROSTER
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
        NEED,
        PROJECT,
        PROGRESS,
        ASK,
        ASK_ANSWER,
        DELAY,
        SUCCESS_DEFINITION,
        INSTRUMENT,
        COMMITMENT,
        ACTION_REPORT,
        CONSTRAINT,
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


def word(name: str) -> str | None:
    """The words that a kind has for a field or a code of its own."""
    return next((kind.face.words[name] for kind in KINDS.values() if name in kind.face.words), None)
