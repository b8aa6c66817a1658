"""The two times that anything is asked for, as one value: as things were *on* a day, as *known* by a moment. Pure.

*Known* cuts the record: what was claimed later is not there. *On* looks at what is known through a day: accounts of the
past (published, recorded from paper, stated) say of that day what they say; what is an act by itself (an offer, an
agreement made here, a turn, a notice) is as the acts stood that day.

What time it is, every answer asks here, so that whoever keeps answers can be told which of them hang on the day.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec

from dtti.accord.refusal import Refused, refuse

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)


#: Called whenever an answer asks what time it is; set by a process that keeps answers (see `web.public.resting`).
_told: list[Callable[[], None]] = []


def tell(watch: Callable[[], None]) -> None:
    """Have `watch` called, in this process, whenever an answer asks what time it is."""
    _told.append(watch)


def now() -> datetime:
    """What time it is, in UTC."""
    for each in _told:
        each()
    return datetime.now(UTC)


def reached(day: date) -> bool:
    """Whether a day has come. One that has come stays so: only of another is anybody told that the day counts."""
    return day <= datetime.now(UTC).date() or day <= now().date()


def heard() -> bool:
    """Whether anybody is told when the day counts, and so keeps no answer beyond it."""
    return bool(_told)


def day(name: str, value: str) -> date:
    """A day of the calendar as the record takes them; Refused otherwise, naming what was asked."""
    try:
        found = date.fromisoformat(value) if len(value) == 10 and value.isascii() else None
    except ValueError:
        found = None
    if found is None or not FIRST <= found <= LAST:
        remedy = "Give a day as 2026-11-09, from 1900 to 2200."
        raise Refused(refuse("day", f"`{name}` is {value[:40]!r}, which is no day", remedy))
    return found


class At(msgspec.Struct, frozen=True):
    """`known`: a claimed time that bounds what is known, empty for now. `on`: a day gone by, empty for today on."""

    known: str = ""
    on: str = ""

    @property
    def acts(self) -> str:
        """The claimed time up to which acts count: the earlier of the two; empty for now."""
        bounds = [bound for bound in (self.known, f"{self.on}T23:59:59Z" if self.on else "") if bound]
        return min(bounds, default="")


def at(known: str | At) -> At:
    """A moment as it is, or a claimed time as one."""
    return known if isinstance(known, At) else At(known)


def asked(on: str, known: str) -> At:
    """The moment for two days of an address or a command (each may be empty). Today and later is now."""
    today = now().date() if on or known else date.min
    upto = f"{known}T23:59:59Z" if known and date.fromisoformat(known) < today else ""
    return At(upto, on if on and date.fromisoformat(on) < today else "")
