"""The one shape in which anything here says no, and the registry of the rules that it says it by. Knows nothing else.

The registry is data, `registry/*.toml`: what each rule asks, where it is written, in which version, how firm that is,
and from when to when it is in force. A rule that this software can refuse by and that is not in it fails a test.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, NotRequired, Protocol, TypedDict, cast

Confidence = Literal["stated", "sourced", "single-source", "inferred", "unverified"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it asks, and what it rests on.

    `source`: the document, or the law, in which it is written; `version` of that, or of the rule set. `confidence` as
    facts have it: `stated` where this project's own design says so. `since` and `until`: first and last day in force.
    `id` ends in an asterisk where one entry speaks for all names that begin so.
    """

    id: str
    asks: str
    source: str
    version: str
    confidence: Confidence
    since: str
    until: str = ""


@cache
def registry() -> Mapping[str, Rule]:
    """Every rule, by its name."""
    found: dict[str, Rule] = {}
    for file in sorted(resources.files(__package__).joinpath("registry").iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".toml"):
            continue
        stored = tomllib.loads(file.read_text(encoding="utf-8"))
        shared = {name: stored[name] for name in ("source", "version", "confidence", "from")}
        for name, said in stored["rules"].items():
            if name in found:
                raise ValueError(f"{file.name}: rule {name} stands twice")
            one = shared | ({"asks": said} if isinstance(said, str) else said)
            one["since"] = one.pop("from")
            found[name] = Rule(name, **one)
    return MappingProxyType(found)


def rule(name: str) -> Rule:
    """The rule of that name; one that says it rests on nothing where the name is in no registry."""
    held = registry()
    family = f"{name.partition('-')[0]}-*"
    return held.get(name) or held.get(family) or Rule(name, "", "not registered", "", "unverified", "")


#: From which day a rule is in force, and to which (None: on).
Effective = TypedDict("Effective", {"from": str, "until": str | None})


class Grounds(TypedDict):
    """What a rule asks and rests on, as doors show it."""

    asks: str
    source: str
    version: str
    confidence: Confidence
    effective: Effective


class Correction(TypedDict):
    """What has to be put right, as forms say it: why, by what, at which field, and what an answer may mean."""

    reason: str
    remedy: str
    field: NotRequired[str]
    readings: NotRequired[list[dict[str, str]]]


class SaidRefusal(Correction, Grounds):
    """A refusal as doors show it."""

    rule: str


@dataclass(frozen=True)
class Refusal:
    """Why something was refused: the rule's name, the reason, and what would satisfy the rule.

    `field`: the part of a content that it is about (``agenda.2.number``), where it is about one: forms put it there.
    """

    rule: str
    reason: str
    remedy: str
    field: str = ""

    @property
    def grounds(self) -> Rule:
        """The rule as the registry has it."""
        return rule(self.rule)

    def said(self, field: str = "") -> SaidRefusal:
        """All that a door shows: rule, reason, remedy, what the rule rests on; and the field of a form, where given."""
        given = {"rule": self.rule, "reason": self.reason, "remedy": self.remedy, **grounds(self.rule)}
        return cast(SaidRefusal, given | ({"field": field} if field else {}))

    def __str__(self) -> str:
        return f"{self.reason} (rule {self.rule}). {self.remedy}"


def grounds(name: str) -> Grounds:
    """What the rule of that name asks and rests on."""
    found = rule(name)
    return {
        "asks": found.asks,
        "source": found.source,
        "version": found.version,
        "confidence": found.confidence,
        "effective": {"from": found.since, "until": found.until or None},
    }


class Fault(Protocol):
    """What an integrity check found wrong: where, against which rule, and how."""

    @property
    def where(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def reason(self) -> str: ...


class SaidFault(Grounds):
    """What an integrity check found wrong, as doors show it."""

    where: str
    rule: str
    reason: str


def said_faults(faults: Iterable[Fault]) -> list[SaidFault]:
    """Each fault with what its rule asks and rests on."""
    return [{"where": one.where, "rule": one.rule, "reason": one.reason, **grounds(one.rule)} for one in faults]


def in_words(said: Grounds) -> str:
    """On what a rule rests, as one line: what `grounds` gives, for commands and the line between the capitals."""
    dates = said["effective"]
    until = f" until {dates['until']}" if dates["until"] else ""
    version = f", version {said['version']}" if said["version"] else ""
    return f"{said['source']}{version} ({said['confidence']}), in force from {dates['from'] or 'unknown'}{until}"


class Refused(Exception):
    """Raised by a door or the write path with the Refusal (or several) that stands against a request."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(str(each) for each in refusals))
        self.refusals = refusals


def refuse(rule: str, reason: str, remedy: str, field: str = "") -> Refusal:
    """A Refusal, spelled as a verb where a rule returns it."""
    return Refusal(rule, reason, remedy, field)
