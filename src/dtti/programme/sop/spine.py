"""The stages that a project goes through, and the seven of them that pages show."""

from typing import Final, Literal, get_args

Stage = Literal[
    "proposed",
    "screened",
    "exploring",
    "endorsed",
    "listed",
    "authorised",
    "negotiating",
    "text-agreed",
    "cleared",
    "signed",
    "in-effect",
    "executing",
    "closing",
    "closed",
]
SPINE: Final[tuple[Stage, ...]] = get_args(Stage)
ShownStage = Literal["identify", "shape", "commit", "negotiate", "approve-and-sign", "execute", "close"]
#: The seven stages shown on pages, and the stage of the spine at which each begins.
SHOWN_STAGES: Final[tuple[tuple[ShownStage, Stage], ...]] = (
    ("identify", "proposed"),
    ("shape", "exploring"),
    ("commit", "listed"),
    ("negotiate", "authorised"),
    ("approve-and-sign", "cleared"),
    ("execute", "in-effect"),
    ("close", "closing"),
)
