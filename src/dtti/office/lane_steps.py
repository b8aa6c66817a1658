"""Recording a step of this side's own procedure: which steps there are to record, the statement that a form becomes."""

from __future__ import annotations

from typing import Final

import msgspec

from dtti.node.record import read
from dtti.node.record.read import Listed
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.national_step import NATIONAL_STEP
from dtti.programme.kinds.project import PROJECT
from dtti.programme.lanes.versions import DELAYS, Lane, of_side, step_named
from dtti.programme.published import PUBLISHED

from . import lanes
from .asking import Asking, Stored

__all__ = ["DELAYS", "KIND", "Lane", "of_side", "step_named"]

KIND: Final = NATIONAL_STEP.code
_MOST: Final = 2_000  # projects, of which those that a page shows
#: What a record that states a step has beside what the form asks; kept as it stands where it is stated again.
KEPT: Final = ("ref", "side", "project", "rules", "step", "notes", "cite")


class Offered(msgspec.Struct, frozen=True):
    """A step that can be recorded: of which version, and its record where there is one (code; empty for none)."""

    rules: str
    title: str
    step: str
    words: str
    record: str = ""

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.rules}:{self.step}"


def offered(asking: Asking, project: str) -> list[Offered]:
    """The steps that this side can record on a project: of its open cases, of every path where it has none."""
    held = lanes.held(asking).of(project)
    mine = [each for each in held.steps if each.content.side == asking.mine]
    there = {(each.content.rules, each.content.step): each.row.code for each in mine if each.row.label == "national"}
    rules = [each.content.rules for each in held.cases if each.content.side == asking.mine and not each.content.closed]
    rules += [each.content.rules for each in mine]
    wanted = [one for one in of_side(asking.mine) if not rules or one.about.version in rules]
    return [
        Offered(one.about.version, one.about.title, name, step.words, there.get((one.about.version, name), ""))
        for one in wanted
        for name, step in one.steps.items()
    ]


def begun(asking: Asking, project: str, one: Offered) -> Stored:
    """What a statement on a step begins with: its project, its version, and a reference that no other record has."""
    plain = f"{project[:44].rstrip('-_/')}-{one.step[:28].rstrip('-')}"
    names = (plain, *(f"{plain}-{number}" for number in range(2, 1_000)))
    ref = next(each for each in names if read.find(asking.node, asking.viewer, f"{KIND}:{each}") is None)
    return {"ref": ref, "side": asking.mine, "project": project, "rules": one.rules, "step": one.step}


def stated(before: Stored, given: Stored) -> Stored:
    """The content of a statement: what stays of the one before, and what was answered, as far as it says something."""
    return {name: before[name] for name in KEPT if before.get(name)} | {
        name: value for name, value in given.items() if value not in ("", [], None, False)
    }


def whole(content: Stored) -> Stored:
    """The same in its one stored form; Refused where it is none."""
    return KINDS[KIND].tidy(content)


def projects(asking: Asking, words: str) -> list[Listed]:
    """The projects on which a step can be recorded, by title: those of the two sides, that hold all the words."""
    found = read.listing(asking.node, asking.viewer, PROJECT.code, words=words, count=_MOST).rows
    return [row for row in found if row.side != PUBLISHED and row.ref]
