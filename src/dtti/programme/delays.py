"""Why something comes later than it was planned: the reasons that reports on a plan name. Knows no record."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import msgspec

from .values import Confidence


class Delay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason in words, where it comes from, and how sure that is."""

    words: str
    basis: str
    confidence: Confidence


@cache
def delays() -> Mapping[str, Delay]:
    """Every reason by its code, in the order in which forms offer them."""
    text = resources.files(__package__).joinpath("delays.toml").read_text(encoding="utf-8")
    return MappingProxyType(msgspec.convert(tomllib.loads(text), dict[str, Delay]))


def words(code: str) -> str:
    """What a reason is called; a code that is none here, of a later version, as it stands."""
    held = delays().get(code)
    return held.words if held else code.replace("-", " ")
