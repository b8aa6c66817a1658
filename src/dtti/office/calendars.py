"""What stands in a calendar that leaves by an address or a mail: what, which reference, when, and a link. No title.

Such a calendar is read outside this side's walls. It is made for a seat at the moment it is fetched, of what that seat
sees, but for what is kept to a restricted group; a record that the other side was not told of has its code for a
reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from dtti.documents.calendar.event import AllDay, Event, Feed, Person, uid_for
from dtti.documents.values import Language, Words
from dtti.language.catalogue import translate
from dtti.language.dates import day
from dtti.language.marking import N_
from dtti.language.names import capital
from dtti.node.core.visibility import NATIONAL
from dtti.node.record import desks
from dtti.node.record.read import Listed

from . import dues
from .asking import Asking
from .desk import Seated
from .dues import Day, Entry

WEEKS: Final = 26  # ahead
MOST: Final = 1000  # records of each sort that one calendar is made from
BACK: Final = timedelta(days=28)  # so that what has just passed does not vanish from a calendar
_SAYS: Final = {
    "meeting": N_("Meeting %(ref)s"),
    "offer": N_("Offer ends: %(ref)s"),
    "due": N_("Due: %(ref)s"),
    "action": N_("Due: action %(number)s of %(ref)s"),
    "rule": N_("%(ref)s is to meet by this day, by its own rule"),
}
NAMES: Final = {
    "mine": N_("DTTI: asked of my office"),
    "body": N_("DTTI: a body"),
    "deadlines": N_("DTTI: meetings and deadlines"),
}


def reference(row: Listed) -> str:
    """What a record is called outside the walls: its reference, or its code where the other side was not told of it."""
    return row.code if row.label == NATIONAL or not row.ref else row.ref


def feed(
    asking: Asking, seat: Seated, of: str, language: Language, url_of: Callable[[Listed], str], *, body: str = ""
) -> bytes:
    """A calendar as a file: of what is asked of the seat (`mine`), of a `body`, or of all that the seat sees."""
    from dtti.documents.calendar.write import write_feed  # here, since what it needs is large and seldom asked for

    first = datetime.now(UTC).date() - BACK
    weeks = WEEKS + BACK.days // 7
    found = [each for each in dues.days(asking, first, weeks, seat.ref, MOST) if each.entries]
    wanted = _wanted(asking, seat, of, body)
    events = [
        _event(asking, each, entry, language, url_of) for each in found for entry in each.entries if wanted(entry)
    ]
    named = translate(NAMES[of], language)
    host = urlsplit(asking.node.config.address).hostname or "localhost"
    made = Feed(
        _words(named, language),
        Person(
            asking.node.config.name or f"DTTI {asking.mine}", f"calendar@{host if '.' in host else f'{host}.localhost'}"
        ),
        tuple({each.uid: each for each in events}.values()),
    )
    return write_feed(made, language)


def _wanted(asking: Asking, seat: Seated, of: str, body: str) -> Callable[[Entry], bool]:
    if of == "body":
        rows = desks.rows_of(asking.node, asking.viewer, [body])
        ref = rows[body].ref if body in rows else None
        return lambda entry: bool(ref) and (entry.row.body == ref or entry.row.record == body)
    if of == "mine":
        return lambda entry: (
            entry.ours
            or (entry.sort == "offer" and entry.row.court == asking.mine and entry.row.kind in seat.answers)
            or entry.row.record in seat.watched
        )
    return lambda entry: True


def _event(asking: Asking, on: Day, entry: Entry, language: Language, url_of: Callable[[Listed], str]) -> Event:
    row, number = entry.row, entry.action.number if entry.action else ""
    says = _SAYS["action" if number else entry.sort]
    title = translate(says, language, ref=reference(row), number=number)
    there = ""
    if entry.there:
        place = capital(dues.across(asking.mine), language)
        there = translate(N_("%(day)s in %(place)s"), language, day=day(entry.there, language), place=place)
    first = date.fromisoformat(on.on)
    last = _last(row, first) if entry.sort == "meeting" else first
    return Event(
        uid_for(f"{row.record} {entry.sort} {number}", asking.node.config.programme),
        datetime.fromisoformat(row.known_from),
        _words(title, language),
        AllDay(first, last),
        sort="meeting" if entry.sort == "meeting" else "due",
        page=url_of(row),
        description=_words(there, language) if there else None,
        access="PRIVATE",
    )


def _last(row: Listed, first: date) -> date:
    """The last day of a meeting; its first where its date is known no better than by its month."""
    last = date.fromisoformat(row.latest) if row.latest else first
    return last if last - first < timedelta(days=14) else first


def _words(text: str, language: Language) -> Words:
    return Words(hi=text) if language == "hi" else Words(en=text)


def bodies(asking: Asking) -> Iterator[Listed]:
    """The bodies of which a calendar can be made: those that are told of outside the walls."""
    yield from (row for row in asking.rows("body", count=500) if row.label != NATIONAL)
