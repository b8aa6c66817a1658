"""The national procedures of both sides as data: their steps, offices and clocks, by version. Knows no case."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal, get_args

import msgspec

from dtti.programme.delays import Delay
from dtti.programme.sop.spine import SPINE, Stage
from dtti.programme.values import Confidence, SideCode

#: What the warnings look for among the steps of a procedure.
Role = Literal[
    "requirement", "release", "necessity", "waiting", "approval", "signature", "effect", "transmission"
]  # fmt: skip
Unit = Literal["days", "working-days", "months"]
Owed = Literal["owed", "not-owed"]
#: The file beside the procedures which is none: the rules of the warnings (see `timing`).
RULES: Final = "timing.toml"


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time that a step has from its start: how long, of what, on what it rests and how sure that is."""

    amount: int
    unit: Unit
    words: str
    basis: str
    confidence: Confidence


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of a procedure: what it is, which office acts, which joint stage it serves (see the first file).

    `pipe`: a release question beside the path. `validity`: months for which it is good once done, by category.
    """

    words: str
    office: str
    stage: Stage
    role: Role | None = None
    pipe: bool = False
    clock: Clock | None = None
    validity: dict[str, int] = {}
    kept_by: str = ""
    basis: str = ""
    confidence: Confidence | None = None

    def months(self, category: str | None) -> tuple[int, int] | None:
        """The least and most months for which it is good once done; None where it does not lapse, or nobody says."""
        if not self.validity:
            return None
        if category in self.validity:
            return self.validity[category], self.validity[category]
        return min(self.validity.values()), max(self.validity.values())


class Offsets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether offsets are owed, by route, as far as the version says."""

    basis: str
    confidence: Confidence
    routes: dict[str, Owed]


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a version is: its path, its side, from when to when it takes new cases, what it rests on."""

    version: str
    path: str
    side: SideCode
    title: str
    effective: str
    sources: tuple[str, ...]
    basis: str
    confidence: Confidence
    until: str | None = None
    categories: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


class Lane(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a national procedure: what it is, and its steps by their names, in their order."""

    about: About
    steps: dict[str, Step]
    offsets: Offsets | None = None

    @property
    def path(self) -> dict[str, Step]:
        """The steps of the path itself, in their order."""
        return {name: step for name, step in self.steps.items() if not step.pipe}

    @property
    def pipes(self) -> dict[str, Step]:
        """The release questions beside the path."""
        return {name: step for name, step in self.steps.items() if step.pipe}

    def of_role(self, role: Role) -> list[str]:
        """The steps of a role, in their order."""
        return [name for name, step in self.steps.items() if step.role == role]

    def confidence(self, name: str) -> Confidence:
        """How sure a step is: its own confidence, else that of the version."""
        return self.steps[name].confidence or self.about.confidence


@cache
def lanes() -> Mapping[str, Lane]:
    """Every version of every procedure that this software holds, by its name, those of one path in order of time."""
    found = []
    for file in resources.files(__package__).iterdir():
        if file.name.endswith(".toml") and file.name != RULES:
            one = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Lane)
            places = [SPINE.index(step.stage) for step in one.path.values()]
            if places != sorted(places):
                raise ValueError(f"{file.name}: steps do not stand in the order of the joint stages")
            found.append(one)
    found.sort(key=lambda each: (each.about.side, each.about.path, each.about.effective))
    return MappingProxyType({each.about.version: each for each in found})


def lane(version: str) -> Lane | None:
    """The version of that name; None where this software does not hold it."""
    return lanes().get(version)


def of_side(side: str) -> list[Lane]:
    """The procedures of a side."""
    return [each for each in lanes().values() if each.about.side == side]


@cache
def step_named(name: str) -> Step | None:
    """A step by its name, of the latest version that has it; None where none does."""
    return next((each.steps[name] for each in reversed(tuple(lanes().values())) if name in each.steps), None)


@cache
def words() -> Mapping[str, str]:
    """What versions, steps and authorities of the procedures are called, by their codes."""
    made = {each.about.version: each.about.title for each in lanes().values()}
    for one in lanes().values():
        made |= {name: step.words for name, step in one.steps.items()}
    return MappingProxyType(made)


@cache
def codes() -> Mapping[str, tuple[str, ...]]:
    """The codes that cases and steps may name, by struct and field: versions, steps, categories, routes."""
    held = lanes().values()
    steps = tuple(dict.fromkeys(name for each in held for name in each.steps))
    return MappingProxyType(
        {
            "NationalCase.rules": tuple(lanes()),
            "NationalStep.rules": tuple(lanes()),
            "NationalStep.step": steps,
            "Awaited.step": steps,
            "Entry.step": tuple(dict.fromkeys(name for each in held for name in each.path)),
            "Entry.category": tuple(dict.fromkeys(one for each in held for one in each.about.categories)),
            "Entry.route": tuple(dict.fromkeys(one for each in held for one in each.about.routes)),
        }
    )


#: Reasons for which a step takes longer.
DELAYS: Final[tuple[Delay, ...]] = get_args(Delay)
