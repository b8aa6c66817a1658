"""The registry of kinds: one line each. A new kind of record is one file beside this one and one line here."""

from collections.abc import Mapping
from typing import Any, Final

from dtti.programme.kind import Kind

from .appointment import APPOINTMENT
from .body import BODY
from .commitment import COMMITMENT
from .constraint import CONSTRAINT
from .difference import DIFFERENCE
from .event import EVENT
from .instrument import INSTRUMENT
from .meeting import MEETING
from .need import NEED
from .office import OFFICE
from .project import PROJECT
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
        NEED,
        PROJECT,
        SUCCESS_DEFINITION,
        INSTRUMENT,
        COMMITMENT,
        CONSTRAINT,
        EVENT,
        TRADE_CONTRACT,
        TRADE_CLAIM,
        SOURCE,
        DIFFERENCE,
    )
}
