"""How far a project had come by a day: named, listed, agreed, executing, fielded, closed. Knows no report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dtti.programme.kinds.instrument import INSTRUMENT
from dtti.programme.kinds.project import PROJECT, Project, StageEntry, Statement
from dtti.programme.kinds.trade_contract import TRADE_CONTRACT
from dtti.programme.sop.spine import SPINE, Stage
from dtti.programme.timeline import Answer, chronological, happened
from dtti.programme.values import When, strength

from .records import Reading, Version
from .rests import Evidence, evidence

#: Instruments that are an agreement on a project, or the sale that a Statement of Intent may lead to.
AGREEMENT_TYPES: Final = ("project-agreement", "letter-of-offer-and-acceptance")
_AGREED: Final = ("agreement-stage", "agreement-signed")
_FIELDED: Final = ("fielded", "in-production")


@dataclass(frozen=True, slots=True)
class Step:
    """A statement that a project reached something: when, how firmly, and where it says so."""

    when: When | None
    firm: bool
    evidence: Evidence

    def by(self, on: date | None) -> Answer:
        return happened(self.when, on, "stated" if self.firm else "unverified")


def reached(steps: Iterable[Step], on: date | None) -> Answer:
    """Yes if any statement is certain by the end of `on`, unknown if one is possible, no otherwise."""
    answers = {step.by(on) for step in steps}
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def _step(version: Version[Project], row: Statement | StageEntry, when: When, field: str) -> Step:
    found = evidence(version, row, field)
    return Step(when, found.strength != "unverified", found)


def _statements(version: Version[Project], *statuses: str) -> Iterator[Step]:
    for row in version.content.statements:
        if row.status in statuses:
            yield _step(version, row, row.date, "date")


def _stages(version: Version[Project], first: Stage) -> Iterator[Step]:
    """Entries into a stage of the spine, or into a later one."""
    for row in version.content.stages:
        if SPINE.index(row.stage) >= SPINE.index(first):
            yield _step(version, row, row.entered, "entered")


def named(version: Version[Project]) -> list[Step]:
    """When the project first appeared. That something was named stands even where its name is not confirmed."""
    content = version.content
    return [Step(content.first_named, True, evidence(version, None, "first_named"))]


def listed(reading: Reading, version: Version[Project]) -> list[Step]:
    """When it stood on a Statement of Intent; as with naming, the line stands even where the name is not confirmed."""
    found = [*_statements(version, "listed"), *_stages(version, "listed")]
    for statement in reading.all(INSTRUMENT):
        found += [
            Step(statement.content.signed, True, evidence(statement, line, "project"))
            for line in statement.content.lines
            if line.project == version.ref
        ]
    return found


def signatures(reading: Reading, version: Version[Project]) -> list[Step]:
    """Signatures of agreements on it and of sales that came of it, earliest first."""
    found = []
    for instrument in reading.all(INSTRUMENT):
        concerns = instrument.content.project == version.ref or instrument.ref in version.content.agreements
        if concerns and instrument.content.type in AGREEMENT_TYPES and instrument.content.signed:
            said = evidence(instrument, None, "signed")
            found.append(Step(instrument.content.signed, said.strength != "unverified", said))
    for sale in reading.all(TRADE_CONTRACT):
        if sale.content.project == version.ref and sale.content.signed:
            said = evidence(sale, None, "signed")
            found.append(Step(sale.content.signed, said.strength != "unverified", said))
    return sorted(found, key=lambda step: chronological(step.when))


def agreed(reading: Reading, version: Version[Project]) -> list[Step]:
    """Everything that says an agreement was reached: signatures, and statements that it had come to one."""
    return [*signatures(reading, version), *_statements(version, *_AGREED), *_stages(version, "signed")]


def fielded(version: Version[Project]) -> list[Step]:
    """In the hands of users, or made in series."""
    return list(_statements(version, *_FIELDED))


def completed(version: Version[Project]) -> list[Step]:
    """Done as it was meant: in the hands of users, made in series, or in the stage of closing."""
    return [*fielded(version), *_stages(version, "closing")]


def executing(reading: Reading, version: Version[Project]) -> list[Step]:
    """Work under an agreement: a stage entered, or a signed agreement of which work is reported."""
    found = list(_stages(version, "executing"))
    for step in signatures(reading, version):
        instrument = reading.get(INSTRUMENT, step.evidence.version.ref)
        if instrument and instrument.content.implementation == "implementing":
            found.append(step)
    return found


def closed(version: Version[Project]) -> list[Step]:
    """Ended: withdrawn, terminated, or closed."""
    return [*_statements(version, "withdrawn", "terminated", "closed"), *_stages(version, "closed")]


def signing_day_confirmed(reading: Reading, version: Version[Project], on: date | None) -> bool:
    """Whether an agreement on it was signed by `on`, on a day that is known, and neither inferred nor unverified."""
    for step in signatures(reading, version):
        cite = step.evidence.version.content.cite
        if step.when and step.when.day and step.by(on) == "yes" and strength(cite, "signed") != "inferred":
            return True
    return False


def standing(version: Version[Project], on: date | None) -> tuple[str, list[str]]:
    """The latest status stated for certain by `on`, and later ones that are possible by then."""
    rows = sorted(version.content.statements, key=lambda row: chronological(row.date))
    certain = "unknown"
    possible: list[str] = []
    for row in rows:
        answer = happened(row.date, on, strength(row.cite, "date"))
        if answer == "yes":
            certain, possible = row.status, []
        elif answer == "unknown":
            possible.append(row.status)
    return certain, possible


def every_project(reading: Reading, body: str | None) -> list[Version[Project]]:
    """All projects, or those of one body."""
    return [each for each in reading.all(PROJECT) if body in (None, each.content.body)]
