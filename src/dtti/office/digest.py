"""The mail of a person: what is asked of the seats held, what is late or falls due, as counts, references and links.

Mail is read outside this side's walls: no title and no text stands in it, and nothing of a restricted group.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from dtti.language.catalogue import catalogue, translate
from dtti.language.dates import day
from dtti.language.marking import N_
from dtti.language.names import ZONES
from dtti.node.record import desks
from dtti.node.record.desks import Waits
from dtti.node.record.read import Listed

from . import changes, dues, waits
from .asking import Asking
from .calendars import reference
from .desk import Seated

MOST: Final = 20  # references of one part
AHEAD: Final = (3, 1, 0)  # days before something falls due on which it is said


class Letter(msgspec.Struct, frozen=True):
    """A mail as it is sent."""

    subject: str
    text: str


class Office(msgspec.Struct, frozen=True):
    """A seat that the person holds: what is asked of it, as its own desk asks, and what its office is called by."""

    asking: Asking
    seat: Seated


def digest(offices: Sequence[Office], language: str, url_of: Callable[[str, Listed | None], str]) -> Letter | None:
    """The mail of a day; None where nothing is asked, late or new. `url_of`: address of work, record, desk, mail."""
    parts: list[str] = []
    total = 0
    for each in offices:
        asking, seat = each.asking, each.seat
        of = Waits(seat.answers, seat.hands)
        found = desks.waiting(asking.node, asking.viewer, asking.mine, asking.moment.bound, of=of, count=MOST)
        late = [one for one in dues.due(asking, seat.ref, ahead=0) if one.ours and one.late]
        new = changes.made(asking, seat.look, most=0)
        if not found.total and not late and not (new.records and seat.look):
            continue
        total += found.total
        parts.append(seat.ref)
        if found.total:
            parts.append(_counted(language, N_("Asked of you: %(num)s"), found.total))
        parts += [_waits(row, asking, language, url_of) for row in found.rows]
        if late:
            parts.append(_counted(language, N_("Late, of your office: %(num)s"), len(late)))
        parts += [
            f"  {_ref(one.row, one.action)}, {day(one.on, language)}\n  {url_of('record', one.row)}"
            for one in late[:MOST]
        ]
        if seat.look:
            on = day(datetime.fromisoformat(new.since), language)
            parts.append(_counted(language, N_("Changed since %(on)s: %(num)s"), len(new.records), on=on))
        parts.append("")
    if not parts:
        return None
    subject = _counted(language, N_("DTTI: asked of you: %(num)s"), total)
    return Letter(subject, _whole(parts, language, url_of))


def falls_due(offices: Sequence[Office], language: str, url_of: Callable[[str, Listed | None], str]) -> Letter | None:
    """The mail of a day on which something is three days, one day or no day from falling due; None on any other."""
    lines: list[str] = []
    for each in offices:
        asking, seat = each.asking, each.seat
        own = [one for one in dues.due(asking, seat.ref, ahead=max(AHEAD)) if one.ours]
        lines += [
            f"  {_ref(one.row, one.action)}, {day(one.on, language)}\n  {url_of('record', one.row)}"
            for one in own
            if not one.late and one.days in AHEAD
        ]
        today = asking.moment.today
        for row in desks.ending(asking.node, asking.viewer, f"{today}T00:00:00Z", "9999", MOST):
            here, _there = dues.days_of(row.offer_until, asking.mine)
            left = (datetime.fromisoformat(here).date() - today).days
            if left in AHEAD and row.court == asking.mine and row.kind in seat.answers:
                lines.append(f"  {reference(row)}, {day(here, language)}\n  {url_of('work', row)}")
    lines = list(dict.fromkeys(lines))
    if not lines:
        return None
    subject = _counted(language, N_("DTTI: falls due within three days: %(num)s"), len(lines))
    head = translate(N_("These fall due within three days:"), language)
    return Letter(subject, _whole([head, *lines[: 2 * MOST], ""], language, url_of))


def address_code(code: str, language: str) -> Letter:
    """The mail that confirms an address."""
    said = translate(N_("Type this code on the page Mail of your account: %(code)s"), language, code=code)
    unasked = translate(N_("If you did not ask for it, do nothing."), language)
    return Letter(translate(N_("DTTI: your address"), language), f"{said}\n\n{unasked}\n")


def local(moment: datetime, side: str) -> datetime:
    """A moment by the clock of a side's capital."""
    return moment.astimezone(ZONES[side]) if side in ZONES else moment


def _waits(row: Listed, asking: Asking, language: str, url_of: Callable[[str, Listed | None], str]) -> str:
    wait = waits.wait_of(row, asking.moment.instant)
    days = _days(language, wait.days if wait else 0)
    return f"  {reference(row)}, {days}\n  {url_of('work', row)}"


def _ref(row: Listed, action: dues.Action | None) -> str:
    return f"{reference(row)}/{action.number}" if action else reference(row)


def _counted(language: str, message: str, number: int, on: str = "") -> str:
    return translate(message, language, num=number, on=on)


def _days(language: str, number: int) -> str:
    return catalogue(language).ngettext("%(num)s day", "%(num)s days", number) % {"num": number}


def _whole(parts: list[str], language: str, url_of: Callable[[str, Listed | None], str]) -> str:
    foot = [
        translate(N_("Your desk:"), language) + f" {url_of('desk', None)}",
        translate(N_("This mail holds counts, references and links alone. To end it:"), language)
        + f" {url_of('mail', None)}",
    ]
    return "\n".join([*parts, *foot, ""])
