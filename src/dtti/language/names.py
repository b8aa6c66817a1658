"""The two sides and their capitals by name. Knows no record, no page and no paper."""

from typing import Final, Literal
from zoneinfo import ZoneInfo

from .catalogue import translate
from .marking import C_, N_

#: As a label, or at the head of a row.
LABELS: Final = {"IND": N_("India"), "USA": N_("United States")}
_LABELS: Final = LABELS | {  # with what else stands where a side may
    "both": N_("both sides"),
    "joint": N_("both sides"),
    "none": N_("no one"),
    "": N_("no one"),
}
_INSIDE: Final = _LABELS | {"USA": N_("the United States")}  # an English sentence wants an article
_FORMAL: Final = (C_("formal", "India"), C_("formal", "United States"), C_("formal", "the United States"))

_CAPITALS: Final = {"IND": N_("New Delhi"), "USA": N_("Washington")}
ZONES: Final = {"IND": ZoneInfo("Asia/Kolkata"), "USA": ZoneInfo("America/New_York")}


def facing(side: str) -> Literal["IND", "USA"]:
    """The other of the two sides."""
    return "USA" if side == "IND" else "IND"


def side_named(code: str, language: str, *, inside: bool = False, formal: bool = False) -> str:
    """A side by name: `inside` a sentence, or as a label; `formal` as papers write it that are signed or kept.

    A code that is none comes back as it is.
    """
    name = (_INSIDE if inside else _LABELS).get(code, code)
    return translate(name, language, "formal" if formal and name in _FORMAL else "")


def short(code: str, language: str) -> str:
    """A side where there is no room: English has its code."""
    return code if language == "en" else side_named(code, language)


def capital(code: str, language: str) -> str:
    """The name of a side's capital."""
    return translate(_CAPITALS[code], language)
