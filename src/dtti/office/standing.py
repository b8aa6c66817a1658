"""How projects stand, for every list, desk, page, paper and `.json`: `programme.standing` asked of the record here.

It gathers what counts where it is asked, in one query each whatever the number of projects. No rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dtti.accord.grade import GRADES
from dtti.node.record import lookups, read
from dtti.node.record.read import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds.closure import CLOSURE, Closure
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.standing import Notice, Standing, rules
from dtti.programme.standing import standing as computed

from .asking import Asking, counts
from .drawn import drawn, watched

__all__ = ["Standing", "rules", "standing", "standings"]

_FIRM = ("agreed_here", "on_paper", "published")


def standing(asking: Asking, row: Listed, content: Content | None = None) -> Standing | None:
    """How one project stands; None for a record of another kind. `content`: its text, where it is at hand."""
    if asking.moment.now and watched():
        return _standing(asking, row.record)
    held = {row.record: content} if content is not None else None
    return standings(asking, [row], held).get(row.record)


@drawn("project-standing")
def _standing(asking: Asking, record: str) -> Standing | None:
    state = read.state(asking.node, asking.viewer, record, asking.moment.bound)
    return standings(asking, [state[0]]).get(record) if state else None


def standings(
    asking: Asking, rows: Iterable[Listed], contents: Mapping[str, Content] | None = None
) -> dict[str, Standing]:
    """How each project among listed records stands, by record; records of other kinds are left out.

    Left out is also what was offered or drafted alone: it is no project of anybody yet.
    A text that the other side states alone counts for nothing: its notices are its own, and are shown as such.
    `contents`: the texts of the rows by record, where they are at hand.
    """
    of = [row for row in rows if row.kind == PROJECT.code and row.grade in GRADES]
    if not of:
        return {}
    texts = contents if contents is not None else asking.contents(of)
    counted = {
        row.record: text
        for row in of
        if isinstance(text := texts.get(row.record), Project) and counts(row, asking.mine)
    }
    closures = _closures(asking, of)
    agreements = _agreements(asking, counted.values())
    last = lookups.last_released(asking.node, asking.viewer, {row.ref for row in of}, asking.moment.bound)
    return {
        row.record: computed(
            text := counted.get(row.record),
            asking.moment.today,
            notices=[Notice(side, notice, time[:10], reason or None) for side, notice, reason, time in row.given],
            closure=closures.get(row.ref),
            agreements=[agreements[ref] for ref in text.agreements if ref in agreements] if text else [],
            last=_day(last.get(row.ref)),
            published=row.grade == "published",
        )
        for row in of
    }


def _closures(asking: Asking, rows: Sequence[Listed]) -> dict[str, Closure]:
    """The closures that count, by the reference of the project."""
    named = asking.named([f"{CLOSURE.code}:{row.ref}" for row in rows])
    good = [row for row in named.values() if counts(row, asking.mine)]
    texts = asking.contents(good) if good else {}
    return {text.project: text for text in texts.values() if isinstance(text, Closure)}


def _agreements(asking: Asking, projects: Iterable[Project]) -> dict[str, Instrument]:
    """The agreements of some projects that both sides hold or that are public, by reference."""
    named = asking.named([f"{INSTRUMENT.code}:{ref}" for each in projects for ref in each.agreements])
    firm = [row for row in named.values() if row.grade in _FIRM]
    texts = asking.contents(firm) if firm else {}
    return {text.ref: text for text in texts.values() if isinstance(text, Instrument)}


def _day(time: str | None) -> date | None:
    return date.fromisoformat(time[:10]) if time else None
