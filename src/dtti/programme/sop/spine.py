"""The stages that a project goes through, their words, and the seven of them that pages show."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from dtti.language.marking import N_

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
#: What a stage is called, in sentences and on pages.
WORDS: Final[Mapping[str, str]] = {
    "proposed": N_("proposed"),
    "screened": N_("screened"),
    "exploring": N_("being explored"),
    "endorsed": N_("endorsed"),
    "listed": N_("listed"),
    "authorised": N_("authorised"),
    "negotiating": N_("being negotiated"),
    "text-agreed": N_("text agreed"),
    "cleared": N_("cleared"),
    "signed": N_("signed"),
    "in-effect": N_("in effect"),
    "executing": N_("being carried out"),
    "closing": N_("closing"),
    "closed": N_("closed"),
}
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
