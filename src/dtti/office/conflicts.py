"""Conflicts in time between two national procedures, for page, JSON, command and desk alike: what is warned of, why.

Made from what who asks may see and from nothing else: what rests on a side's own steps is warned of to that side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

import msgspec

from dtti.language import dates
from dtti.language.catalogue import translate
from dtti.language.marking import N_
from dtti.language.names import side_named
from dtti.node.core.visibility import NATIONAL
from dtti.node.record import lookups
from dtti.node.record.read import Listed
from dtti.programme import kinds
from dtti.programme.kinds.appointment import APPOINTMENT
from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.national_case import NATIONAL_CASE
from dtti.programme.kinds.national_step import NATIONAL_STEP
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.kinds.success_definition import SUCCESS_DEFINITION
from dtti.programme.lanes import conflicts as engine
from dtti.programme.lanes.situation import Blank, Certainty, Conflict, Holder, Situation
from dtti.programme.lanes.span import Span
from dtti.programme.lanes.timing import Rule, timing
from dtti.programme.lanes.versions import words as step_words
from dtti.programme.reports.records import Reading

from . import lanes, reports
from .asking import Asking
from .gates import project_named
from .workdays import works

__all__ = ["Blank", "Project", "Rule", "Span", "project_named"]

_BETWEEN: Final = N_("between %(first)s and %(last)s")
_FROM: Final = N_("not before %(date)s")
_TO: Final = N_("not after %(date)s")
_PRESSING: Final[tuple[Certainty, ...]] = ("breached", "certain", "possible")
_INTENT: Final = "statement-of-intent"
_OWN: Final = (NATIONAL_CASE.code, NATIONAL_STEP.code)  # of these the engine says it
_NO_DAY: Final = N_("a day that is not known")
#: Codes that fill a sentence and have no words below pages.
WORDS: Final[Mapping[str, str]] = {
    "substantive": N_("substantive"),
    "acting": N_("acting"),
    "performing-the-duties": N_("performing the duties"),
    "additional-charge": N_("additional charge"),
    "co-development": N_("co-development"),
    "expected-by-partner": N_("the day that it expects itself"),
    "median-of-cases": N_("the median of its earlier cases"),
    "unknown": N_("not recorded"),
    "owed": N_("owed"),
    "not-owed": N_("not owed"),
    "not-stated": N_("not stated"),
}
#: How sure a warning is, in words.
CERTAINTIES: Final[Mapping[Certainty, str]] = {
    "breached": N_("has happened"),
    "certain": N_("certain, on what is known"),
    "possible": N_("possible, within what is known"),
    "ahead": N_("a day that has to be kept"),
    "unknown": N_("cannot be told from what is known"),
}


class Warned(msgspec.Struct, frozen=True):
    """A warning with its rule, on which project; `offices`: of this side, whom it concerns (references)."""

    project: Listed
    conflict: Conflict
    rule: Rule
    offices: tuple[str, ...]

    @property
    def links(self) -> list[str]:
        """The records that it names."""
        blanks = [each for each in self.conflict.blanks.values() if isinstance(each, Blank) and each.sort == "link"]
        named = [link for each in blanks for link in (each.value, *each.several) if link]
        return [*self.conflict.rests_on, *named]


class Warn(msgspec.Struct, frozen=True):
    """A warning as JSON has it: what it is and what it says in both languages, between which days, what cures it.

    `low`, `high`: the first and last day on which it bites, as far as known. `rests_on`: records as links. `national`:
    something of it has not been told to the other side.
    """

    id: str
    project: str
    words: str
    words_hi: str
    says: str
    says_hi: str
    certainty: Certainty
    low: str | None
    high: str | None
    sides: list[str]
    gate: str | None
    cure: str
    cure_hi: str
    who: str
    who_hi: str
    rests_on: list[str]
    national: bool
    basis: str
    source: str
    version: str
    confidence: str


class Warnings(msgspec.Struct, frozen=True):
    """The warnings of a project, or of all (`project` empty), as of a day."""

    project: str
    on: str
    conflicts: list[Warn]


def of_project(asking: Asking, row: Listed, project: Project, held: lanes.Held | None = None) -> list[Warned]:
    """The warnings on one project, the surest first; `held`: the steps of all projects, where they were read."""
    return asking.kept("conflicts", row.record, answer=lambda: _of(asking, [(row, project)], held))


def of_all(asking: Asking) -> list[Warned]:
    """The warnings on every project that who asks sees, project by project."""
    rows = asking.rows(PROJECT.code, count=2_000)
    held = asking.contents(rows)
    return _of(asking, [(row, one) for row in rows if isinstance(one := held.get(row.record), Project)])


def _of(asking: Asking, projects: Iterable[tuple[Listed, Project]], held: lanes.Held | None = None) -> list[Warned]:
    held, reading = held or lanes.held(asking), Reading(reports.records(asking))
    appointments = _holders(reading)
    made = []
    for row, project in projects:
        found = situation(asking, row, project, held, reading, appointments)
        offices = _concerned(asking.mine, found, reading)
        made += [Warned(row, each, timing().rules[each.rule], offices) for each in engine.conflicts(found)]
    return _marked(asking, made)


def _marked(asking: Asking, made: list[Warned]) -> list[Warned]:
    """The same, marked where any record that one rests on has not been told: an agreement or a holder too."""
    held = asking.named([link for each in made for link in each.conflict.rests_on])
    inside = {link for link, row in held.items() if row.label == NATIONAL and row.kind not in _OWN}
    return [
        msgspec.structs.replace(each, conflict=msgspec.structs.replace(each.conflict, national=True))
        if inside.intersection(each.conflict.rests_on)
        else each
        for each in made
    ]


def situation(
    asking: Asking, row: Listed, project: Project, held: lanes.Held, reading: Reading, holders: Mapping[str, Holder]
) -> Situation:
    """A project with all that its warnings look at, as who asks sees it."""
    own = held.of(project.ref)
    instruments: dict[str, Instrument] = {}
    # Of what the other side alone says of an agreement nothing is warned.
    naming = [each for each in reading.all(INSTRUMENT) if each.content.project == project.ref and each.speaks > 0]
    further = tuple(each.ref for each in naming if each.content.type != _INTENT)
    wanted = [*project.agreements, *project.enablers, *further]
    while wanted:
        ref = wanted.pop()
        version = reading.get(INSTRUMENT, ref) if ref not in instruments else None
        if version is not None:
            instruments[ref] = version.content
            wanted += [version.content.parent] if version.content.parent else []
    definition = reading.get(SUCCESS_DEFINITION, project.success_definition)
    return Situation(
        project,
        row.grade == "published",
        asking.moment.today,
        asking.mine,
        works,
        own.cases,
        own.steps,
        tuple(each.content for each in held.steps if each.content.project != project.ref),
        instruments,
        further,
        definition.content if definition else None,
        holders,
        date.fromisoformat(row.offer_until[:10]) if row.offer and row.offer_until else None,
        tuple(side for side, notice in row.notices if notice == "suspend"),
    )


def _holders(reading: Reading) -> dict[str, Holder]:
    """Who holds each office now, where an appointment says that it goes on."""
    return {
        each.content.office: Holder(each.content.holder, each.content.capacity, f"{APPOINTMENT.code}:{each.ref}")
        for each in reading.all(APPOINTMENT)
        if each.content.end_state == "holding"
    }


def _concerned(mine: str, found: Situation, reading: Reading) -> tuple[str, ...]:
    """The offices of this side that warnings concern: of the case and its steps, the sponsor, the body's co-chair."""
    named = [each.content.office for each in found.cases]
    named += [each.content.entry.office for each in found.cases if each.content.entry]
    named += [each.content.office for each in found.steps]
    named += [each.office for each in found.project.sponsors]
    body = reading.get(BODY, found.project.body)
    named += body.content.co_chair_offices if body else ()
    return tuple(dict.fromkeys(each for each in named if each and each.startswith(f"{mine}/")))


def of_office(asking: Asking, office: str, most: int) -> list[Warned]:
    """The warnings that concern an office of this side (its reference), those that happen or may; kept for the day."""
    if not office:
        return []
    made = asking.kept("conflicts", answer=lambda: _of(asking, asking.begun(PROJECT)))
    sure = [each for each in made if office in each.offices and each.conflict.certainty in _PRESSING]
    return sorted(sure, key=lambda each: _PRESSING.index(each.conflict.certainty))[:most]


# --- in words --------------------------------------------------------------------------------------------------------


def filled(warned: Warned, language: str, name: Callable[[str], str]) -> str:
    """The sentence of a warning in a language; `name` gives what a record named by a link is called."""
    said = {key: ", ".join(each) for key, each in blanks(warned, language, name).items()}
    return translate(warned.rule.says, language) % said


def blanks(
    warned: Warned, language: str, name: Callable[[str], str], recorded: Callable[[str], str] = str
) -> dict[str, list[str]]:
    """What fills each blank of a warning's sentence, in a language; `recorded` gives text of the record as it stands.

    What `name` and `recorded` give is handed on as it is.
    """
    return {key: _said(each, language, name, recorded) for key, each in warned.conflict.blanks.items()}


def _said(blank: Span | Blank, language: str, name: Callable[[str], str], recorded: Callable[[str], str]) -> list[str]:
    if isinstance(blank, Span):
        return [days(blank, language)]
    values = [each for each in (blank.value, *blank.several) if each]
    if blank.sort in ("link", "text"):
        return [name(each) if blank.sort == "link" else recorded(each) for each in values]
    return [_one(blank.sort, each, language) for each in values]


def _one(sort: str, value: str, language: str) -> str:
    if sort == "side":
        return side_named(value, language, inside=True)
    if sort == "code":
        said = WORDS.get(value) or step_words().get(value) or kinds.word(value) or value.replace("-", " ")
        return translate(said, language)
    return translate(value, language)


def days(span: Span, language: str) -> str:
    """A day as far as it is known, in words."""
    low, high = (dates.day(each, language) if each else "" for each in (span.low, span.high))
    if low and low == high:
        return low
    if low and high:
        return translate(_BETWEEN, language) % {"first": low, "last": high}
    if low or high:
        return translate(_FROM if low else _TO, language) % {"date": low or high}
    return translate(_NO_DAY, language)


def who(warned: Warned, language: str) -> str:
    """Who can cure it."""
    office = warned.conflict.blanks.get("office")
    said = translate(office.value, language) if isinstance(office, Blank) else ""
    by = translate(warned.rule.by, language)
    return by % {"office": said} if "%(office)s" in by else by


def plain(asking: Asking, project: str, found: Iterable[Warned]) -> Warnings:
    """Warnings as JSON has them."""
    found = list(found)
    named = lookups.named(
        asking.node, asking.viewer, [link for each in found for link in each.links], asking.moment.bound
    )

    def name(link: str) -> str:
        row = named.get(link)
        return row.title if row and row.title else link.partition(":")[2]

    return Warnings(project, asking.moment.today.isoformat(), [_plain(each, name) for each in found])


def _plain(warned: Warned, name: Callable[[str], str]) -> Warn:
    rule, conflict = warned.rule, warned.conflict
    return Warn(
        conflict.rule,
        warned.project.ref,
        rule.words,
        translate(rule.words, "hi"),
        filled(warned, "en", name),
        filled(warned, "hi", name),
        conflict.certainty,
        conflict.when.low.isoformat() if conflict.when.low else None,
        conflict.when.high.isoformat() if conflict.when.high else None,
        list(conflict.sides),
        gate(warned) or None,
        rule.cure,
        translate(rule.cure, "hi"),
        who(warned, "en"),
        who(warned, "hi"),
        list(dict.fromkeys(conflict.rests_on)),
        conflict.national,
        conflict.basis or rule.basis,
        rule.source,
        conflict.version or rule.version,
        conflict.confidence or rule.confidence,
    )


def rules() -> list[Rule]:
    """Every rule of which the record warns."""
    return list(timing().rules.values())


def gate(warned: Warned) -> str:
    """The joint stage that it bears on; empty for none."""
    return warned.rule.gate if warned.conflict.gate is None else warned.conflict.gate


def found(asking: Asking, project: str | None) -> Warnings:
    """The warnings on a project named by code or reference, or on all; Refused where there is no such project."""
    if project is None:
        return plain(asking, "", of_all(asking))
    row, content = project_named(asking, project)
    return plain(asking, content.ref, of_project(asking, row, content))
