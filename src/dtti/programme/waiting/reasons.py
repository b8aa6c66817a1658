"""Reason codes for waits, as data: words, on what each code rests, how sure that is. Knows no record."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

import msgspec


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason for which something waits on a side. `source` and `confidence` are of the code, not of any one wait."""

    words: str
    source: str
    confidence: Literal["sourced", "design"]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reasons: dict[str, Reason]


def _load() -> Mapping[str, Reason]:
    file = resources.files(__package__) / "reasons.toml"
    return MappingProxyType(msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File).reasons)


#: Every reason by its code, in the order in which forms offer them.
REASONS: Final[Mapping[str, Reason]] = _load()
