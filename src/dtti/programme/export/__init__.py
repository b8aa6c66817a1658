"""Release and export as data: the technology release questions, the lists of classification, the lead times. Pure."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, TypeVar

import msgspec

from dtti.programme.values import Confidence, SideCode

#: Codes of the technology release questions, in the order in which forms offer them; `pipes.toml` says what they are.
Pipe = Literal[
    "low-observable",
    "national-disclosure-policy",
    "intelligence",
    "night-vision",
    "anti-tamper",
    "comsec",
    "special-access",
    "mtcr",
    "data-links",
    "pnt",
    "geoint",
    "ew",
]
#: The lists under which a side classifies; `regimes.toml` says whose each is.
Regime = Literal["usml", "eccn", "scomet"]
T = TypeVar("T", bound=msgspec.Struct)


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A technology release question in both languages, and on what its name rests."""

    words: str
    words_hi: str
    source: str
    confidence: Confidence


class List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of classification: whose it is, the form of its codes, one that fits."""

    words: str
    side: SideCode
    form: str
    example: str
    source: str
    confidence: Confidence

    def fits(self, code: str) -> bool:
        """Whether a code has the form of this list."""
        return re.fullmatch(self.form, code) is not None


class Lead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long before its end something is warned of: in days, or in hundredths of what was granted that are left."""

    basis: str
    confidence: Confidence
    days: int = 0
    percent_left: int = 0


def _read(name: str, table: str, of: type[T]) -> Mapping[str, T]:
    stored = tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return MappingProxyType(msgspec.convert(stored[table], dict[str, of]))  # type: ignore[valid-type]


@cache
def pipes() -> Mapping[str, Known]:
    """The technology release questions, by their codes."""
    return _read("pipes", "pipes", Known)


@cache
def regimes() -> Mapping[str, List]:
    """The lists of classification, by their codes."""
    return _read("regimes", "regimes", List)


@cache
def leads() -> Mapping[str, Lead]:
    """The lead times, by what they are of."""
    return _read("lead_times", "leads", Lead)
