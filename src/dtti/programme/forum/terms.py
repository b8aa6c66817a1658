"""The versions of the forum's terms, read from the files beside this one. Knows no recommendation."""

import tomllib
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from dtti.programme.values import Strength

#: The terms that hold now.
LATEST: Final = "terms_1.toml"


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a version is, and on what it rests."""

    version: str
    title: str
    effective: str
    lede: str
    sources: tuple[str, ...]
    confidence: Strength


class AnswerTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Within how many `days` of its receipt every recommendation is answered."""

    days: int
    words: str
    basis: str
    source: str
    confidence: Strength


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way by which a recommendation comes in."""

    code: str
    words: str


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every recommendation is held against, whoever sent it."""

    code: str
    words: str
    basis: str
    confidence: Strength
    sources: tuple[str, ...] = ()


class LegalNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notice that stands on the page of every session."""

    code: str
    words: str
    basis: str
    sources: tuple[str, ...]
    confidence: Strength


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version of the terms."""

    about: About
    answer: AnswerTime
    ways: tuple[Way, ...]
    criteria: tuple[Criterion, ...]
    notices: tuple[LegalNotice, ...]


@cache
def terms() -> Terms:
    """The terms that hold now, the same for everybody."""
    stored = resources.files(__package__).joinpath(LATEST).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(stored), Terms)
