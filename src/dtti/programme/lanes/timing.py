"""The rules by which the record warns of conflicts in time, as data: what waits, what is warned of. Knows no case."""

import tomllib
from functools import cache
from importlib import resources
from typing import Final, Literal

import msgspec

from dtti.programme.sop.spine import Stage
from dtti.programme.values import Confidence

from .versions import RULES

Name = Literal[
    "waiting-effect",
    "waiting-signature",
    "waiting-unreported",
    "transmission",
    "necessity-waiting",
    "necessity-remaining",
    "necessity-unknown",
    "waits-in-a-circle",
    "sponsor-one-side",
    "framework-expires",
    "binding-differs",
    "acting-signatory",
    "silence",
    "clock-over",
    "offsets",
    "entry-converted",
    "offer-suspended",
]


class Authority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A legal authority to conclude: which joint stage waits after Congress was told, and for how many days."""

    name: str
    match: tuple[str, ...]
    guards: Literal["signed", "in-effect"]
    least: int
    most: int
    basis: str
    source: str
    version: str
    confidence: Confidence


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of a warning: what it is, the sentence with its blanks, what cures it and who can, on what it rests."""

    words: str
    says: str
    cure: str
    by: str
    gate: Stage | Literal[""]
    basis: str
    source: str
    version: str
    confidence: Confidence
    days: int = 0


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version of these rules; `enough`: cases that make a median; `soon`: days ahead that are warned of."""

    version: str
    enough: int
    soon: int


class Timing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules of timing."""

    about: About
    authorities: dict[str, Authority]
    rules: dict[Name, Rule]


@cache
def timing() -> Timing:
    """The rules of timing that this software holds."""
    file = resources.files(__package__).joinpath(RULES)
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Timing)


#: The words in which an authority is taken for none of those that are held here.
UNKNOWN: Final = ""


def authority_of(said: str | None) -> str:
    """The authority that an instrument's own words name; empty where they name none that is held here, or several."""
    plain = (said or "").casefold()
    found = [name for name, one in timing().authorities.items() if any(each in plain for each in one.match)]
    return found[0] if len(found) == 1 else UNKNOWN
