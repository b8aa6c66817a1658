"""What success of a project is, what both sides measured of it, and how each measure stands: one reading for all doors.

No rule of its own: `programme.success` says how a measure stands; the records are those that the reader may see.
"""

from __future__ import annotations

import msgspec

from dtti.programme import success
from dtti.programme.kinds.measurement import MEASUREMENT
from dtti.programme.kinds.project import PROJECT
from dtti.programme.kinds.success_definition import SUCCESS_DEFINITION, SuccessDefinition
from dtti.programme.reports.records import Reading
from dtti.programme.success import Read, State
from dtti.programme.timeline import Answer
from dtti.programme.values import is_figure

from . import reports
from .asking import Asking

__all__ = ["is_figure"]


class Said(msgspec.Struct, frozen=True):
    """A measurement or a final assessment: what was found, who assessed it, what shows it.

    `value` as it was written, in the unit of its measure; `found` and `final` are codes. `counts_not`: why it counts
    for nothing, by the rule of that name.
    """

    ref: str
    side: str
    date: str
    measure: str | None
    value: str | None
    found: str | None
    final: str | None
    office: str
    holder: str | None
    evidence: str | None
    document: str | None
    note: str | None
    counts_not: str = ""


class SideThen(msgspec.Struct, frozen=True):
    """How a measure stands by what one side measured; `why`: a sentence for what is unknown. `last`: references."""

    side: str
    state: State
    why: str
    in_time: Answer | None
    closer: Answer | None
    last: list[str]


class MeasureThen(msgspec.Struct, frozen=True):
    """A measure as it stood. `counted`: it is a number. `passed`: whether its date is behind.

    `unread`: how it stands for a side that measured nothing. `differ`: the sides do not say the same; both stand here.
    """

    identity: str
    name: str
    unit: str | None
    baseline: str | None
    target: str | None
    direction: str | None
    partly_from: str | None
    by: str | None
    shown_by: str | None
    counted: bool
    passed: Answer
    unread: SideThen
    sides: list[SideThen]
    differ: bool
    measured: list[Said]

    def of(self, side: str) -> SideThen:
        """How it stands for a side."""
        return next((each for each in self.sides if each.side == side), self.unread)

    def said(self, side: str) -> Said | None:
        """The last measurement of a side; None where it has none, or which is the last is not known."""
        last = self.of(side).last
        return next((each for each in self.measured if [each.ref] == last), None)


class FinalThen(msgspec.Struct, frozen=True):
    """The final assessment of a side by the office that the definition names."""

    side: str
    final: str
    said: list[Said]


class SuccessThen(msgspec.Struct, frozen=True):
    """Success of a project as it stood on a day. `left_out`: measurements that count for nothing, each with the reason.

    `converted`: the project ended in a purchase; `conversion_counts`: the definition counts that as success.
    """

    definition: str
    project: str
    on: str
    measures: list[MeasureThen]
    assessed: list[FinalThen]
    left_out: list[Said]
    converted: bool
    conversion_counts: bool

    @property
    def links(self) -> list[str]:
        """The records that it names."""
        every = [each for measure in self.measures for each in measure.measured]
        every += [*self.left_out, *(each for final in self.assessed for each in final.said)]
        return [
            link
            for each in every
            for link in (f"{MEASUREMENT.code}:{each.ref}", f"office:{each.office}", each.evidence)
            if link
        ]


def of_definition(asking: Asking, definition: SuccessDefinition) -> SuccessThen:
    """How the measures of a definition stand by the measurements that the reader may see."""
    reading, on = Reading(reports.records(asking)), asking.moment.today
    named = Reading(reports.of_links(asking, [f"{PROJECT.code}:{definition.project}"]))
    project = named.get(PROJECT, definition.project)
    outcome = project.content.outcome if project else None
    held = [
        Read(each.ref, each.content, each.recorded)
        for each in reading.all(MEASUREMENT)
        if each.content.definition == definition.ref and each.side in (each.content.side, "PUB")
    ]
    made = success.stands(definition, held, on, outcome.code if outcome else None)
    texts = {each.ref: each for each in held}
    return SuccessThen(
        definition.ref,
        definition.project,
        on.isoformat(),
        [_measure(each) for each in made.measures],
        [FinalThen(each.side, each.final, [_said(one) for one in each.said]) for each in made.assessed],
        [_said(texts[ref], refusal.rule) for ref, refusal in made.against.items()],
        made.converted,
        made.conversion_counts,
    )


def of_project(asking: Asking, project: str, ref: str | None) -> SuccessDefinition | None:
    """The definition of a project: by the project's own link, or else the one that names it and speaks first."""
    reading = Reading(reports.records(asking))
    found = reading.get(SUCCESS_DEFINITION, ref)
    if found is None:
        named = [each for each in reading.all(SUCCESS_DEFINITION) if each.content.project == project]
        found = max(named, key=lambda each: (each.speaks, each.recorded), default=None)
    return found.content if found else None


def _measure(stands: success.Stands) -> MeasureThen:
    measure = stands.measure
    return MeasureThen(
        measure.identity,
        measure.name,
        measure.unit,
        measure.baseline,
        measure.target,
        measure.direction,
        measure.partly_from,
        str(measure.by) if measure.by else None,
        measure.shown_by,
        measure.counted,
        stands.passed,
        _side(stands.unread),
        [_side(each) for each in stands.sides],
        stands.differ,
        [_said(each) for each in stands.readings],
    )


def _side(stands: success.SideStands) -> SideThen:
    return SideThen(
        stands.side,
        stands.state,
        success.WHY[stands.why],
        stands.in_time,
        stands.closer,
        [each.ref for each in stands.last],
    )


def _said(read: Read, counts_not: str = "") -> Said:
    text = read.text
    return Said(
        read.ref,
        text.side,
        str(text.date),
        text.of_measure,
        text.value,
        text.found,
        text.final,
        text.office,
        text.holder,
        text.evidence,
        str(text.document) if text.document else None,
        text.note,
        counts_not,
    )
