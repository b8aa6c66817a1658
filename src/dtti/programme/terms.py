"""When an instrument ends by its own term, where no last day of it is recorded. Knows instruments and dates."""

import calendar
import re
from dataclasses import dataclass
from typing import Final

from .kinds.instrument import Instrument
from .values import LAST_YEAR, When

#: From what a term runs: the last renewal, else the day it came into force, else signature.
_FROM: Final = ("renewed", "in_force", "signed")
_YEAR: Final = re.compile(r"(\d{4})(-\d{2}(?:-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Expiry:
    """The last day that follows from a term, as exact as the date that the term runs from; the fields it is of."""

    when: When
    of: tuple[str, ...]


def expiry(instrument: Instrument) -> Expiry | None:
    """The end of an instrument's term; None where its term, or every date that it could run from, is not known."""
    years = instrument.term_years
    begun = next(((name, when) for name in _FROM if (when := getattr(instrument, name))), None)
    if not years or begun is None:
        return None
    latest = begun[1].latest
    if latest is not None and latest.year + years > LAST_YEAR:
        return None
    return Expiry(_later(begun[1], years), ("term_years", begun[0]))


def _later(when: When, years: int) -> When:
    """A date some years later, no more exact than it was; 28 February for a 29th that the year has not."""

    def moved(found: re.Match[str]) -> str:
        year, rest = int(found[1]) + years, found[2] or ""
        if rest == "-02-29" and not calendar.isleap(year):
            rest = "-02-28"
        return f"{year}{rest}"

    return When(_YEAR.sub(moved, str(when)))
