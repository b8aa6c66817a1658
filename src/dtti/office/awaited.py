"""Who is awaited, since when, why: offers, requests for the text and requests to offices laid together, day by day.

For a project all joint records that name it count with it. What a viewer may not know of counts nowhere: the same
question asked for a reader of the other side is answered from joint acts and released requests alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from dtti.accord.grade import courts
from dtti.accord.refusal import Refused, refuse
from dtti.accord.view import View
from dtti.node.core.visibility import NATIONAL
from dtti.node.record import lookups, read
from dtti.node.record.read import Listed
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.delay import DELAY, Delay
from dtti.programme.waiting import court as days
from dtti.programme.waiting.court import Court, Wait
from dtti.programme.waiting.stretches import common

from . import asks
from .asking import Asking

__all__ = ["Court", "Wait"]

_MOST = 300  # joint records of a project; reasons that were given


class Given(msgspec.Struct, frozen=True):
    """A reason that a side gave: its record, its content."""

    row: Listed
    content: Delay


class Awaited(msgspec.Struct, frozen=True):
    """Who was and is awaited on a record or a project.

    `waits`: all that was awaited, the latest first; `court`: the same by day. `reasons`: what sides said of themselves.
    `inside`: links of national records that it rests on, which the other side's answer leaves out.
    """

    record: str
    ref: str
    kind: str
    court: Court
    waits: list[Wait]
    reasons: list[Given]
    inside: list[str]

    @property
    def now(self) -> list[Wait]:
        """What is awaited still, the longest first."""
        return sorted((each for each in self.waits if each.ended is None), key=lambda each: each.began)

    @property
    def links(self) -> list[str]:
        """The records that it names, as links."""
        found = [each.record for each in self.waits] + [each.ask for each in self.waits if each.ask]
        return [*found, *(f"office:{each.office}" for each in self.waits if each.office)]


def awaited(asking: Asking, row: Listed) -> Awaited:
    """Who is awaited on a record; on a project and the joint records that name it."""
    return asking.kept("awaited", row.record, answer=lambda: _awaited(asking, row))


def _awaited(asking: Asking, row: Listed) -> Awaited:
    link = f"{row.kind}:{row.ref}"
    joint = [each for each in _rows(asking, row) if not each.compiled and KINDS[each.kind].mode == "joint"]
    given = reasons(asking, link)
    waits: list[Wait] = []
    first: date | None = None
    watched: date | None = None
    for each in joint:
        view = asking.acts(each.record)
        acts = [_day(text.time) for text in view.texts] + [_day(offer.opened) for offer in view.offers]
        first = min([*acts, *([first] if first else [])], default=None)
        offered = [_day(offer.opened) for offer in view.offers]
        watched = min([*offered, *([watched] if watched else [])], default=None)
        waits += _of_acts(view, f"{each.kind}:{each.ref}", national=each.label == NATIONAL)
    waits += [_of_ask(each) for each in asks.about(asking, link)]
    waits = [msgspec.structs.replace(each, reasons=_reasons(each, link, given, asking.moment.today)) for each in waits]
    waits.sort(key=lambda each: (each.began, each.side, each.record), reverse=True)
    found = days.court(waits, asking.moment.today, first=first, watched=watched)
    inside = {each.ask for each in waits if each.national and each.ask}
    inside |= set(lookups.untold(asking.node, [each.row for each in given], asking.moment.bound))
    return Awaited(row.record, row.ref, row.kind, found, waits, given, sorted(inside))


def reasons(asking: Asking, link: str) -> list[Given]:
    """The reasons that sides gave for waits on a record, or on records of a project, the latest first."""
    kind, _colon, ref = link.partition(":")
    rows = asking.rows(DELAY.code, order="earliest", count=_MOST)
    held = asking.contents(rows)
    found: dict[tuple[str, str], Given] = {}
    for row in sorted(rows, key=lambda each: (each.label != NATIONAL, each.known_from)):
        content = held.get(row.record)
        if isinstance(content, Delay) and (content.about == link or (kind == "project" and content.of_project == ref)):
            found[content.side, content.ref] = Given(row, content)
    return sorted(found.values(), key=lambda each: str(each.content.start), reverse=True)


def _rows(asking: Asking, row: Listed) -> list[Listed]:
    """A record, and where it is a project the records that name it."""
    if row.kind != "project" or not row.ref:
        return [row]
    others = asking.rows("", filters={"project": row.ref}, count=_MOST)
    return [row, *(each for each in others if each.record != row.record and each.kind != row.kind)]


def _of_acts(view: View, link: str, *, national: bool) -> Iterator[Wait]:
    for each in courts(view):
        began = _day(each.since)
        ended = _day(each.until) if each.until else None
        if each.side:
            yield Wait(
                each.side, each.why, link, (began, began), (ended, ended) if ended else None, act=each.act,
                national=national,
            )  # fmt: skip


def _of_ask(one: asks.OneAsk) -> Wait:
    ask = one.content
    return Wait(
        ask.to,
        "ask",
        ask.about,
        one.began,
        one.ended,
        office=ask.of,
        what=ask.what,
        ask=f"ask:{one.row.ref}",
        wanted=str(ask.wanted) if ask.wanted else "",
        national=one.national,
    )


def _reasons(wait: Wait, link: str, given: Sequence[Given], today: date) -> tuple[tuple[str, tuple[int, int]], ...]:
    """The reasons that the awaited side itself gave for a wait, with the days that each goes for."""
    made = []
    for each in given:
        said = each.content
        if said.side != wait.side or said.about not in (wait.record, wait.ask, link):
            continue
        start = said.start.latest or date.max
        end = said.end.earliest if said.end and said.end.earliest else date.max
        going = common([(start.toordinal(), max(start, end).toordinal())], [wait.possible(today.toordinal())])
        made += [(said.reason, each) for each in going]
    return tuple(made)


def _day(time: str) -> date:
    return date.fromisoformat(time[:10])


def named(asking: Asking, name: str) -> Awaited:
    """Who is awaited on the record of that name: a project by reference or code, any record as ``kind:reference``."""
    record = read.find(asking.node, asking.viewer, name, "" if ":" in name else "project", asking.moment.bound)
    state = read.state(asking.node, asking.viewer, record, asking.moment.bound) if record else None
    if state is None:
        raise Refused(
            refuse(
                "awaited-record",
                f"there is no record {name[:80]!r} here that you may see",
                "Give a project by its reference or code, or another record as kind:reference.",
            )
        )
    return awaited(asking, state[0])
