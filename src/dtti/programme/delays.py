"""Why something waits on a side, or comes later than planned: one list for steps, plans and requests. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

import msgspec

from .values import Confidence

#: The reasons, in the order in which forms offer them; a test holds the file to them.
Delay = Literal[
    "no-single-point-of-accountability",
    "several-decision-heads",
    "duplicated-process",
    "delayed-comments",
    "delayed-decision",
    "delayed-execution",
    "no-monitoring",
    "fault-finding",
    "departments-in-silos",
    "awaiting-partner",
    "awaiting-legislature",
    "export-control",
    "funding",
    "requirement-change",
]


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason in words, where it comes from, and how sure that is."""

    words: str
    basis: str
    confidence: Confidence


@cache
def delays() -> Mapping[str, Why]:
    """Every reason by its code, in the order in which forms offer them."""
    text = resources.files(__package__).joinpath("delays.toml").read_text(encoding="utf-8")
    return MappingProxyType(msgspec.convert(tomllib.loads(text), dict[Delay, Why]))


def words(code: str) -> str:
    """What a reason is called; a code that is none here, of a later version, as it stands."""
    held = delays().get(code)
    return held.words if held else code.replace("-", " ")
