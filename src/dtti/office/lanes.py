"""The national procedures on a project, as who asks sees them: own steps whole, the other side's as far as released.

Of this side's own records the national one is read, with how far it was told; of the other side's the copy released
last. The rules of the procedures stand in `programme.lanes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeVar

import msgspec

from dtti.documents.values import SIDES
from dtti.language.catalogue import translate
from dtti.node.core import release
from dtti.node.core.visibility import NATIONAL
from dtti.node.record.read import Listed
from dtti.programme.kinds.national_case import NATIONAL_CASE, NationalCase
from dtti.programme.kinds.national_step import NATIONAL_STEP, NationalStep, State
from dtti.programme.lanes import span
from dtti.programme.lanes.situation import HeldCase, HeldStep
from dtti.programme.lanes.span import Span
from dtti.programme.lanes.versions import Lane, Step, lanes

from .asking import Asking
from .workdays import works

__all__ = ["NATIONAL_CASE", "NATIONAL_STEP", "Lane", "NationalCase", "NationalStep", "Step", "lanes"]

MOST: Final = 5_000  # cases or steps that are read
#: inside: not told; older: what was told is older than what this side holds; current: told as it stands; theirs: the
#: other side's, as it told it.
Told = Literal["inside", "older", "current", "theirs"]


class Case(HeldCase, frozen=True):
    """A case as a page has it: its record, and how far it was told."""

    row: Listed
    told: Told


class Recorded(HeldStep, frozen=True):
    """A step as a page has it: its record, and how far it was told."""

    row: Listed
    told: Told


One = TypeVar("One", Case, Recorded)


class Held(msgspec.Struct, frozen=True):
    """All cases and steps that somebody sees, of both sides and all projects."""

    cases: tuple[Case, ...]
    steps: tuple[Recorded, ...]

    def of(self, project: str) -> Held:
        """Those of one project."""
        return Held(
            tuple(each for each in self.cases if each.content.project == project),
            tuple(each for each in self.steps if each.content.project == project),
        )


def held(asking: Asking) -> Held:
    """All cases and steps that who asks sees; of several records of the same, the one that holds."""
    cases: dict[tuple[str, ...], Case] = {}
    steps: dict[tuple[str, ...], Recorded] = {}
    for row, case in _read(asking, NATIONAL_CASE.code):
        if isinstance(case, NationalCase) and _own_word(row, case.side):
            told = _told(asking, row)
            made = Case(f"{row.kind}:{row.ref}", _inside(row, told), case, row, told)
            _keep(cases, (case.side, case.project, case.rules, str(case.began)), made)
    for row, step in _read(asking, NATIONAL_STEP.code):
        if isinstance(step, NationalStep) and _own_word(row, step.side):
            told = _told(asking, row)
            one = Recorded(f"{row.kind}:{row.ref}", _inside(row, told), step, row, told)
            _keep(steps, (step.side, step.project, step.rules, step.step), one)
    return Held(tuple(cases.values()), tuple(steps.values()))


def _read(asking: Asking, kind: str) -> Iterable[tuple[Listed, object]]:
    rows = asking.rows(kind, order="known_from", count=MOST)
    contents = asking.contents(rows)
    return [(row, contents[row.record]) for row in rows if row.record in contents]


def _own_word(row: Listed, side: str) -> bool:
    """Whether it is that side's own account: nobody records another's procedure."""
    return row.side == side


def _keep(found: dict[tuple[str, ...], One], key: tuple[str, ...], one: One) -> None:
    """Of several of the same, this side's national record; else what was written last."""
    before = found.get(key)
    if before is None or (one.row.label == NATIONAL) >= (before.row.label == NATIONAL):
        found[key] = one


def _told(asking: Asking, row: Listed) -> Told:
    """How far the other side was told of what a record says."""
    if row.side != asking.mine:
        return "theirs"
    if row.label != NATIONAL:
        return "current"
    return release.told(asking.node, row.record, row.act, asking.moment.bound.acts)


def _inside(row: Listed, told: Told) -> bool:
    """Whether what it says now has not been told."""
    return row.label == NATIONAL and told != "current"


# --- one project -----------------------------------------------------------------------------------------------------


class Clock(msgspec.Struct, frozen=True):
    """The clock of a step: by which days it is to be done, of what, on what that rests and how sure it is."""

    words: str
    words_hi: str
    low: str | None
    high: str | None
    basis: str
    confidence: str


class Line(msgspec.Struct, frozen=True):
    """A step as a page shows it: what it is and which office acts by its rules, and how far it is by its record.

    `state` is "unrecorded" where nothing is; `record`: its code. `clock` where it is under way and its rules give one.
    """

    step: str
    words: str
    words_hi: str
    office: str
    stage: str
    pipe: bool
    state: State | Literal["unrecorded"]
    version: str
    confidence: str
    record: str = ""
    told: Told | None = None
    started: str | None = None
    done: str | None = None
    silent: bool = False
    expected: str | None = None
    until: str | None = None
    not_needed: str | None = None
    awaits: list[tuple[str, str]] = []
    delays: list[str] = []
    text: str | None = None
    file_number: str | None = None
    clock: Clock | None = None


class Entered(msgspec.Struct, frozen=True):
    """The case of a lane: since when, why that procedure, where the project enters it, who decided, what changed."""

    record: str
    told: Told
    began: str
    closed: str | None
    why: str | None
    authority: str | None
    step: str | None = None
    category: str | None = None
    route: str | None = None
    office: str | None = None
    on: str | None = None
    decided: str | None = None
    changed: str | None = None
    offsets: str | None = None


class OneLane(msgspec.Struct, frozen=True):
    """A side's procedure on a project: its version, its case where one is seen, its steps. `ours`: this side's."""

    side: str
    ours: bool
    version: str
    title: str
    title_hi: str
    basis: str
    confidence: str
    case: Entered | None
    steps: list[Line]

    @property
    def links(self) -> list[str]:
        """The records that it names."""
        return [f"office:{self.case.office}"] if self.case and self.case.office else []


def of_project(asking: Asking, found: Held) -> list[OneLane]:
    """The lanes of a project, by its cases and steps, own side first.

    Of the own every step of its rules, of the other what it told.
    """
    made = []
    for side in sorted(SIDES, key=lambda each: each != asking.mine):
        versions = [each.content.rules for each in found.cases if each.content.side == side]
        versions += [each.content.rules for each in found.steps if each.content.side == side]
        known = [rules for version in dict.fromkeys(versions) if (rules := lanes().get(version))]
        made += [_lane(asking, side, rules, found) for rules in known]
    return made


def _lane(asking: Asking, side: str, rules: Lane, found: Held) -> OneLane:
    about = rules.about
    of = (side, about.version)
    case = next((each for each in reversed(found.cases) if (each.content.side, each.content.rules) == of), None)
    steps = {each.content.step: each for each in found.steps if (each.content.side, each.content.rules) == of}
    ours = side == asking.mine
    whole = ours and case is not None
    wanted = [name for name, step in rules.steps.items() if name in steps or (whole and not step.pipe)]
    return OneLane(
        side,
        ours,
        about.version,
        about.title,
        translate(about.title, "hi"),
        about.basis,
        about.confidence,
        _entered(case) if case else None,
        [_line(rules, name, steps.get(name)) for name in wanted],
    )


def _entered(case: Case) -> Entered:
    content, entry = case.content, case.content.entry
    given: dict[str, Any] = {} if entry is None else {
        "step": entry.step,
        "category": entry.category,
        "route": entry.route,
        "office": entry.office,
        "on": _text(entry.on),
        "decided": entry.authority,
        "changed": entry.changed,
        "offsets": entry.offsets,
    }  # fmt: skip
    return Entered(
        case.row.code,
        case.told,
        str(content.began),
        _text(content.closed),
        content.why,
        content.authority,
        **given,
    )


def _line(rules: Lane, name: str, one: Recorded | None) -> Line:
    step = rules.steps[name]
    said = (name, step.words, translate(step.words, "hi"), step.office, step.stage, step.pipe)
    if one is None:
        return Line(*said, "unrecorded", rules.about.version, rules.confidence(name))
    content = one.content
    return Line(
        *said,
        content.state,
        rules.about.version,
        rules.confidence(name),
        one.row.code,
        one.told,
        _text(content.started),
        _text(content.done),
        content.silent,
        _text(content.expected),
        _text(content.until),
        content.not_needed,
        [(each.side, each.step) for each in content.awaits],
        [each.reason for each in content.delays],
        content.text,
        content.file_number,
        _clock(step, content),
    )


def _clock(step: Step, content: NationalStep) -> Clock | None:
    if step.clock is None or content.state != "under-way":
        return None
    by = span.due(Span.of(content.started), step.clock, content.side, works)
    return Clock(
        step.clock.words,
        translate(step.clock.words, "hi"),
        by.low.isoformat() if by.low else None,
        by.high.isoformat() if by.high else None,
        step.clock.basis,
        step.clock.confidence,
    )


def _text(when: object) -> str | None:
    return str(when) if when else None


def procedures() -> Mapping[str, Lane]:
    """Every version of every national procedure that this software holds."""
    return lanes()
