"""The brief of a co-chair before a meeting: what moved, what waits on whom, what is asked. Two pages, never more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, TypeVar

from dtti.documents.values import SIDES, Words
from dtti.language.marking import N_
from dtti.node.record import desks, read
from dtti.office import waits
from dtti.papers.data import brief as data
from dtti.programme.kinds.briefing import Briefing

from .material import Material, grade_of, known_day, recorded, said, side_words
from .meeting import chairs, content_of, title_of

_MOST_MOVED, _MOST_WAITING, _MOST_ASKED = 6, 8, 4
_MOVES: Final = ("project", "success_definition", "instrument", "commitment", "body")


def brief(material: Material) -> data.Brief:
    """The brief of this side's co-chair: what moved since the last meeting, what waits, what is asked of the chair."""
    meeting, asking = content_of(material), material.asking
    mine = next(side for side in SIDES if side == asking.mine)
    advised = [content for _row, content in material.naming(Briefing, meeting.ref) if content.side == mine]
    advice = advised[-1] if advised else None
    since = (
        (known_day(advice.period_from) if advice else None) or _before(material) or _year_before(asking.moment.today)
    )
    chair = next((each for each in chairs(material) if each.side == mine), None)
    until = asking.moment.today.isoformat()
    moved = _moved(material, since)
    waiting = _waiting(material)
    asked = tuple(
        data.Asked(
            number=each.number,
            question=recorded(each.question),
            background=recorded(each.background) if each.background else None,
            options=tuple(recorded(one) for one in each.options[:5]),
            recommended=recorded(each.recommended) if each.recommended else None,
            otherwise=recorded(each.otherwise) if each.otherwise else None,
            by=known_day(each.by),
        )
        for each in (advice.questions[:_MOST_ASKED] if advice else ())
    )
    occasion = title_of(material)
    title = said(N_("Brief for %(meeting)s"), meeting=occasion)
    return data.Brief(
        head=material.head(title, f"brief/{mine}", files=meeting.file_numbers, inside=True),
        co_chair=chair.office if chair else said(N_("Co-chair of %(side)s"), side=side_words(mine, inside=True)),
        side=mine,
        period_from=since,
        period_to=until,
        occasion=recorded(advice.opening) if advice and advice.opening else occasion,
        moved=_fitting(moved),
        waiting=_fitting(waiting),
        asked=asked,
    )


Told = TypeVar("Told", data.Moved, data.Waiting)


def _fitting(rows: list[Told]) -> tuple[Told, ...]:
    """The first rows whose words fill no more than half of the first page in either language."""
    left = {"en": data.MOST_FIRST // 2, "hi": data.MOST_FIRST // 2}
    kept = []
    for row in rows:
        for language in left:
            left[language] -= sum(len(getattr(each, language) or each.en or each.hi) for each in _words(row))
        if min(left.values()) < 0:
            break
        kept.append(row)
    return tuple(kept)


def _words(row: data.Moved | data.Waiting) -> Iterator[Words]:
    if isinstance(row, data.Moved):
        yield from (row.subject, row.what)
    else:
        yield from (each for each in (row.what, row.holds_up) if each)


def _year_before(day: date) -> str:
    return f"{day.year - 1}-{day.month:02}-{min(day.day, 28):02}"


def _before(material: Material) -> str | None:
    """The day of the meeting of the body before this one."""
    meeting = content_of(material)
    rows = material.asking.rows("meeting", filters={"body": meeting.body}, order="earliest", count=500)
    days = [row.latest for row in rows if row.status == "held" and row.record != material.row.record and row.latest]
    first = meeting.date.earliest.isoformat() if meeting.date.earliest else ""
    return max((day for day in days if not first or day < first), default=None)


def _moved(material: Material, since: str) -> list[data.Moved]:
    asking = material.asking
    rows = desks.changed(asking.node, asking.viewer, since, known=asking.moment.bound, count=60)
    made = []
    for row in rows:
        if row.kind not in _MOVES or not row.grade:
            continue
        material.use(row)
        joint = row.grade in ("agreed_here", "on_paper")
        made.append(
            data.Moved(
                ref=row.ref or row.code,
                subject=material.called(row),
                what=said(N_("Version %(number)s: %(grade)s"), number=row.number, grade=grade_of(row)),
                on=row.known_from[:10],
                by=None if joint else next((side for side in SIDES if side == row.stated_by), None),
            )
        )
        if len(made) == _MOST_MOVED:
            break
    return made


_WHY: Final = {
    "offer": N_("a text waits for an answer"),
    "request": N_("the text is asked for"),
    "answered": N_("the answer waits to be closed"),
}


def _waiting(material: Material) -> list[data.Waiting]:
    asking = material.asking
    made = []
    for row in [
        each for side in SIDES for each in read.waiting(asking.node, asking.viewer, side, asking.moment.bound, 20)
    ]:
        wait = waits.wait_of(row, asking.moment.instant)
        if wait is None:
            continue
        material.use(row)
        on = next((side for side in SIDES if side == wait.on), None)
        what = said(N_("%(what)s: %(why)s"), what=material.called(row), why=said(_WHY[wait.why]))
        made.append(data.Waiting(ref=row.ref or row.code, what=what, on=on, since=wait.since[:10], days=wait.days))
    return sorted(made, key=lambda each: each.since)[:_MOST_WAITING]
