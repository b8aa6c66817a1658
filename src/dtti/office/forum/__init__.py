"""The industry forum: its bodies, the offices that chair it, its sessions and the meeting that each comes before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from dtti.node.record.read import Listed
from dtti.office.asking import Asking, counts
from dtti.programme.forum.terms import Terms, terms
from dtti.programme.kinds.body import BODY, Body
from dtti.programme.kinds.meeting import MEETING, Meeting
from dtti.programme.kinds.session import SESSION, Session
from dtti.programme.order import surely_later

__all__ = ["Meeting", "Session", "Terms", "terms"]

#: The type of body that an industry forum is.
TYPE: Final = "industry-forum"
MOST: Final = 500


class Held(msgspec.Struct, frozen=True):
    """A session: the meeting, the meeting that it comes before (None: not known), what this reader may see beside it.

    `named`: its text names that meeting; else it is the next one of the body above. `after`: it is dated after it, so
    that the rule is broken.
    """

    row: Listed
    content: Meeting
    group: Listed | None
    named: bool
    after: bool
    kept: tuple[tuple[Listed, Session], ...] = ()


class Forum(msgspec.Struct, frozen=True):
    """The forum as who asks sees it: its bodies, the sessions (the latest first), the terms."""

    bodies: list[Listed]
    sessions: list[Held]
    terms: Terms


def bodies(asking: Asking) -> list[tuple[Listed, Body]]:
    """The industry forums that there are, those that count here first."""
    rows = asking.rows(BODY.code, filters={"category": TYPE}, count=20)
    held = asking.contents(rows)
    found = [(row, of) for row in rows if isinstance(of := held.get(row.record), Body)]
    return sorted(found, key=lambda each: not counts(each[0], asking.mine))


def chairs(asking: Asking) -> frozenset[str]:
    """References of the offices of this side that chair an industry forum."""
    return frozenset(
        office
        for row, body in bodies(asking)
        if counts(row, asking.mine)
        for office in body.co_chair_offices
        if office.startswith(f"{asking.mine}/")
    )


def is_session(asking: Asking, meeting: Meeting) -> bool:
    """Whether a meeting is a session of an industry forum."""
    return any(meeting.body == row.ref for row, _body in bodies(asking))


def forum(asking: Asking) -> Forum:
    """The forum with its sessions."""
    found = bodies(asking)
    rows = [
        row
        for body, _of in found
        for row in asking.rows(MEETING.code, filters={"body": body.ref}, order="earliest", count=MOST)
    ]
    held = asking.contents(rows)
    pairs = [(row, of) for row in rows if isinstance(of := held.get(row.record), Meeting)]
    kept = _kept(asking)
    above = _above(asking, found)
    named = asking.named([f"{MEETING.code}:{of.before}" for _row, of in pairs if of.before])
    later = asking.contents(named.values())
    made = [_session(row, of, named, later, above.get(of.body, []), kept.get(of.ref, ())) for row, of in pairs]
    made.sort(key=lambda each: (each.row.earliest or "", each.row.record), reverse=True)
    return Forum([row for row, _of in found], made, terms())


def session(asking: Asking, row: Listed, content: Meeting) -> Held:
    """One session."""
    named = asking.named([f"{MEETING.code}:{content.before}"] if content.before else [])
    later = asking.contents(named.values())
    found = [each for each in bodies(asking) if each[0].ref == content.body]
    above = _above(asking, found).get(content.body, [])
    return _session(row, content, named, later, above, _kept(asking).get(content.ref, ()))


def _session(
    row: Listed,
    content: Meeting,
    named: Mapping[str, Listed],
    contents: Mapping[str, object],
    above: list[Listed],
    kept: tuple[tuple[Listed, Session], ...],
) -> Held:
    if content.before:
        group = named.get(f"{MEETING.code}:{content.before}")
        of = contents.get(group.record) if group else None
        after = isinstance(of, Meeting) and content.status != "cancelled" and surely_later(content.date, of.date)
        return Held(row, content, group, True, after, kept)
    first = row.earliest or ""
    return Held(row, content, next((each for each in above if (each.latest or "") >= first), None), False, False, kept)


def _above(asking: Asking, found: list[tuple[Listed, Body]]) -> dict[str, list[Listed]]:
    """The meetings of the body above each forum, the earliest first."""
    parents = {row.ref: body.parent for row, body in found if body.parent}
    met = {
        parent: [
            each
            for each in asking.rows(MEETING.code, filters={"body": parent}, order="earliest", count=MOST)
            if each.status in ("held", "planned")
        ]
        for parent in set(parents.values())
    }
    return {ref: met[parent] for ref, parent in parents.items()}


def _kept(asking: Asking) -> dict[str, tuple[tuple[Listed, Session], ...]]:
    """What sides keep of sessions, by the meeting, as far as who asks sees it; this side's own first."""
    rows = sorted(asking.rows(SESSION.code, count=MOST), key=lambda row: row.about != asking.mine)
    held, found = asking.contents(rows), dict[str, tuple[tuple[Listed, Session], ...]]()
    for row in rows:
        if isinstance(of := held.get(row.record), Session):
            found[of.meeting] = (*found.get(of.meeting, ()), (row, of))
    return found
