"""What a search looks up of the years it covers: both sides' days off, and the fixed events. Judges nothing."""

import datetime as dt

from dtti.documents.values import SIDES, Side

from .offdays import Off, Year, days_off
from .request import FixedEvent, Request
from .standing import standing_events


class Years:
    """Both sides' days off and the fixed events, looked up once for a search."""

    def __init__(self, request: Request) -> None:
        years = range(request.first.year - 1, request.last.year + 2)
        self.lists: dict[tuple[Side, int], Year] = {
            (side, year): days_off(side, year, request.lists) for side in SIDES for year in years
        }
        self._off: dict[tuple[Side, dt.date], list[Off]] = {}
        for (side, _), listed in self.lists.items():
            for each in listed.days:
                self._off.setdefault((side, each.date), []).append(each)
        computed = [each for year in years for each in standing_events(year)] if request.standing else []
        self.events: tuple[FixedEvent, ...] = (*request.events, *computed)

    def off(self, side: Side, date: dt.date) -> list[Off]:
        """What is off on that day, closed offices first."""
        return sorted(self._off.get((side, date), []), key=lambda each: not each.closed)

    def closed(self, side: Side, date: dt.date) -> list[Off]:
        """The days off of that date on which offices are shut."""
        return [each for each in self.off(side, date) if each.closed]

    def works(self, side: Side, date: dt.date) -> bool:
        """Whether it is a weekday on which no offices are known to be shut."""
        return date.weekday() < 5 and not self.closed(side, date)
