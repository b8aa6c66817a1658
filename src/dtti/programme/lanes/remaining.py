"""How long a side's remaining steps take: its own expected day, else earlier cases. Pure; knows steps and dates."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Literal

import msgspec

from dtti.programme.kinds.national_step import NationalStep

from .span import Span
from .timing import timing
from .versions import Role, lane

#: The steps with which a side's own procedure is through, as far as the other waits for it; the first that is there.
GOALS: tuple[Role, ...] = ("effect", "signature")


class Earlier(msgspec.Struct, frozen=True):
    """A case that is through: its project, and the days that it took from a step to the goal, at the least and most."""

    project: str
    least: int
    most: int


class Remaining(msgspec.Struct, frozen=True):
    """When a side's remaining steps are done, and how that is known; `earlier`: the cases it was taken from."""

    done: Span
    how: Literal["expected", "median", "cases"]
    earlier: tuple[Earlier, ...] = ()


def remaining(side: str, mine: Iterable[NationalStep], others: Iterable[NationalStep]) -> Remaining | None:
    """When the remaining steps of `side` on a project are done; None where nothing tells.

    `mine`: its steps on the project; `others`: its steps on other projects, of which those that are through are taken.
    A median is taken of no fewer than `enough` cases; of fewer the cases themselves give the bounds.
    """
    steps = {each.step: each for each in mine if each.side == side}
    held = next((found for each in steps.values() if (found := lane(each.rules))), None)
    if held is None:
        return None
    goal = next((name for role in GOALS for name in held.of_role(role)), None)
    if goal is None:
        return None
    if goal in steps and (when := steps[goal].done or steps[goal].expected):
        return Remaining(Span.of(when), "expected")
    done = [name for name in held.path if name in steps and steps[name].done]
    if not done:
        return None
    last = done[-1]
    start = Span.of(steps[last].done)
    earlier = cases(side, last, goal, others)
    if not earlier:
        return None
    if len(earlier) >= timing().about.enough:
        low, high = (round(median(days)) for days in ([e.least for e in earlier], [e.most for e in earlier]))
        return Remaining(start.later(low, high), "median", earlier)
    return Remaining(start.later(min(e.least for e in earlier), max(e.most for e in earlier)), "cases", earlier)


def cases(side: str, first: str, goal: str, others: Iterable[NationalStep]) -> tuple[Earlier, ...]:
    """The cases of a side that went from one step to the goal, by project."""
    by_project: dict[str, dict[str, NationalStep]] = {}
    for each in others:
        if each.side == side and each.done:
            by_project.setdefault(each.project, {})[each.step] = each
    made = []
    for project, held in sorted(by_project.items()):
        begun, ended = (Span.of(held[name].done) if name in held else Span() for name in (first, goal))
        if begun.low and begun.high and ended.low and ended.high and ended.high >= begun.low:
            made.append(Earlier(project, max((ended.low - begun.high).days, 0), (ended.high - begun.low).days))
    return tuple(made)
