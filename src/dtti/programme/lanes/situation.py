"""What the warnings of timing look at, and what a warning is: a project with its cases and steps as one sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

import msgspec

from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.national_case import NationalCase
from dtti.programme.kinds.national_step import NationalStep
from dtti.programme.kinds.project import Project
from dtti.programme.kinds.success_definition import SuccessDefinition
from dtti.programme.values import Confidence

from .span import Span, Works
from .timing import Name, authority_of
from .versions import Lane, Role, lane

#: breached: it has come; certain: it will, on what is known; possible: within what is known; ahead: a day that has to
#: be kept; unknown: nothing to compare with.
Certainty = Literal["breached", "certain", "possible", "ahead", "unknown"]


class Held(msgspec.Struct, frozen=True):
    """A case or a step: the record that states it, as a link, and whether the other side has not been told of it."""

    link: str
    national: bool


class HeldCase(Held, frozen=True):
    """A national case as it is held."""

    content: NationalCase

    @property
    def lane(self) -> Lane | None:
        """The version of the procedure under which it runs."""
        return lane(self.content.rules)


class HeldStep(Held, frozen=True):
    """A national step as it is held."""

    content: NationalStep

    @property
    def when(self) -> Span:
        """When it was done, else when it is expected."""
        return Span.of(self.content.done or self.content.expected)


class Holder(msgspec.Struct, frozen=True):
    """Who holds an office on the day that is asked about, in which capacity, and the appointment that says so."""

    name: str
    capacity: str
    link: str


class Blank(msgspec.Struct, frozen=True):
    """What fills a blank of a warning beside days: a record (link), a code, a side, an office of a rule, plain text.

    `several`: more of the same kind, that stand in a row.
    """

    sort: Literal["link", "code", "side", "words", "text"]
    value: str
    several: tuple[str, ...] = ()


class Conflict(msgspec.Struct, frozen=True):
    """A warning: its rule, how sure it is, between which days it bites, what fills its sentence, on what it rests.

    `national`: something of it has not been released. `sides`: whom it concerns. `gate`, `basis`, `version`,
    `confidence`: where they are other than the rule's.
    """

    rule: Name
    certainty: Certainty
    when: Span
    blanks: Mapping[str, Span | Blank]
    rests_on: tuple[str, ...]
    national: bool
    sides: tuple[str, ...] = ("IND", "USA")
    gate: str | None = None
    basis: str = ""
    version: str = ""
    confidence: Confidence | None = None


class Situation(msgspec.Struct, frozen=True):
    """A project on a day, with all that somebody sees beside it.

    `published`: its text was compiled from public sources, whose silence says nothing. `mine`: the side whose office
    system answers; what that side has not recorded it can say, of the other it does not know. `others`: steps of other
    projects. `instruments`: those that it names, and those that they stand under, by reference; `further`: those that
    name the project where it does not name them. `holders`: by office. `suspended`: the sides under whose notice it
    stands; `offer_until`: until when an offer on it is open.
    """

    project: Project
    published: bool
    today: date
    mine: str
    works: Works
    cases: tuple[HeldCase, ...] = ()
    steps: tuple[HeldStep, ...] = ()
    others: tuple[NationalStep, ...] = ()
    instruments: Mapping[str, Instrument] = {}
    further: tuple[str, ...] = ()
    definition: SuccessDefinition | None = None
    holders: Mapping[str, Holder] = {}
    offer_until: date | None = None
    suspended: tuple[str, ...] = ()

    @property
    def agreements(self) -> list[Instrument]:
        """The agreements of the project that are held."""
        refs = dict.fromkeys((*self.project.agreements, *self.further))
        return [self.instruments[ref] for ref in refs if ref in self.instruments]

    def of_role(self, side: str, role: Role) -> HeldStep | None:
        """The step of a side with that role that tells most: one that is done, else one that is expected."""
        found = [each for each in self.steps if each.content.side == side and role_of(each.content) == role]
        return max(found, key=lambda each: (bool(each.content.done), bool(each.content.expected)), default=None)

    def open_cases(self, side: str) -> Iterator[HeldCase]:
        """The cases of a side that are not closed."""
        return (each for each in self.cases if each.content.side == side and not each.content.closed)

    def authority(self, instrument: Instrument | None) -> tuple[str, tuple[Held, ...]]:
        """The legal authority under which the United States conclude, and what else than the instrument says so.

        What its own case says goes before what the instrument says of it; empty where neither names one.
        """
        for each in self.open_cases("USA"):
            about = each.content.instrument
            if each.content.authority and (instrument is None or about in (None, instrument.ref)):
                return each.content.authority, (each,)
        said = (
            next((each.authority for each in instrument.side_views if each.side == "USA"), None) if instrument else None
        )
        return authority_of(said), ()


def role_of(step: NationalStep) -> Role | None:
    """The role of a step in its procedure."""
    held = lane(step.rules)
    return held.steps[step.step].role if held and step.step in held.steps else None
