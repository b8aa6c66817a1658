"""The versions of the Standard Operating Procedure, with their words and what they rest on. Knows no project."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from dtti.accord import procedures
from dtti.programme.values import SideCode

from .spine import SPINE, Stage

#: Where the answer to a row is found: a fact of the record, or an answer in the text of the project.
How = Literal[
    "attested",
    "nomination",
    "needs",
    "sponsors",
    "continues",
    "framework",
    "transitions",
    "release",
    "success",
    "statement",
    "text",
    "signed",
    "in-force",
    "plan",
    "enablers",
    "outcome",
    "settled",
    "lessons",
]
#: The version that a project which names none is shown by.
LATEST: Final = "sop-1"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the checklist: what a stage asks for before it is entered. The file says what each member means.

    `words_hi`: the Hindi that both agreed with it, where they did; pages show that of the message catalogue, and the
    page of the agreed text names each difference.
    """

    stage: Stage
    words: str
    by: str
    how: How
    waivable: bool
    basis: str
    confidence: Literal["sourced", "single-source", "inferred", "unverified"]
    sides: tuple[SideCode, ...] = ()
    paths: tuple[str, ...] = ()
    unless: bool = False
    words_hi: str = ""

    def asked_of(self, path: str | None) -> bool:
        """Whether it is asked of projects of this kind; of one whose kind is not said, every row is."""
        return not self.paths or path is None or path in self.paths


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a version is, and what it rests on."""

    version: str
    title: str
    effective: str
    sources: tuple[str, ...]
    confidence: Literal["sourced", "single-source", "inferred", "unverified"]
    basis: str
    kinds: tuple[str, ...]
    exits: tuple[str, ...]
    of: str
    stages: tuple[Stage, ...]
    ending: Stage
    empty: tuple[How, ...]
    takes: dict[Literal["any"] | How, tuple[str, ...]]


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version: what it is, and its rows by their names, in the order of the stages."""

    about: About
    rows: dict[str, Rule]

    @property
    def paths(self) -> tuple[str, ...]:
        """The kinds of project of which some row is asked, and others not."""
        return tuple(dict.fromkeys(path for row in self.rows.values() for path in row.paths))

    def of_stage(self, stage: Stage, path: str | None) -> dict[str, Rule]:
        """The rows that a stage asks of projects of a kind; every row where the kind is not said, or is none here."""
        path = path if path in self.about.kinds else None
        return {name: row for name, row in self.rows.items() if row.stage == stage and row.asked_of(path)}


@cache
def versions() -> Mapping[str, Procedure]:
    """Every version that this software holds, by its name."""
    found = {}
    for file in sorted(resources.files(procedures.FILES).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            one = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Procedure)
            if list(one.rows.values()) != sorted(one.rows.values(), key=lambda row: SPINE.index(row.stage)):
                raise ValueError(f"{file.name}: rows do not stand in the order of the stages")
            found[one.about.version] = one
    return MappingProxyType(found)


def version(name: str | None) -> Procedure:
    """The version that a project names; the latest where it names none, or one that this software does not hold."""
    return versions().get(name or LATEST) or versions()[LATEST]
