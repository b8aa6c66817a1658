"""Days off of both governments, from a side's own list or else computed. Knows no meeting.

Computed days come from the library `holidays`: for India the gazetted and restricted lists of the central government,
for the United States the federal holidays (5 USC 6103). India's offices publish their list each year; until a side has
confirmed it, every feast that moves is an estimate, and one that the moon decides may fall a day to either side.
"""

import datetime as dt
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import msgspec

from dtti.documents.values import Side, Words

from .request import ConfirmedList

# Beyond these years the library has no dates of India's Hindu and Sikh feasts (it warns, and leaves them out).
KNOWN: dict[Side, tuple[int, int]] = {"IND": (2001, 2035), "USA": (1971, 2099)}

# Names as the library gives them. Good Friday moves, but by a rule that nobody confirms.
_FIXED = {
    "Republic Day",
    "Good Friday",
    "Dr. B. R. Ambedkar's Jayanti",
    "Independence Day",
    "Mahatma Gandhi's Jayanti",
    "Christmas",
    "New Year's Day",
    "Christmas Eve",
    "Easter Sunday",
    "Shivaji's Jayanti",
    "Guru Tegh Bahadur's Shaheedi Diwas",
}
_MOON = {"Id-ul-Fitr", "Id-ul-Zuha (Bakrid)", "Muharram", "Milad-un-Nabi"}
_AMERICAN = {
    "New Year's Day": "नव वर्ष दिवस",
    "Birthday of Martin Luther King, Jr.": "मार्टिन लूथर किंग जूनियर जयंती",
    "Washington's Birthday": "वॉशिंगटन जयंती",
    "Memorial Day": "स्मृति दिवस (मेमोरियल डे)",
    "Juneteenth National Independence Day": "जूनटींथ राष्ट्रीय स्वतंत्रता दिवस",
    "Independence Day": "अमेरिकी स्वतंत्रता दिवस",
    "Labor Day": "श्रमिक दिवस (लेबर डे)",
    "Columbus Day": "कोलंबस दिवस",
    "Veterans Day": "पूर्व सैनिक दिवस (वेटरन्स डे)",
    "Thanksgiving Day": "धन्यवाद दिवस (थैंक्सगिविंग)",
    "Christmas Day": "क्रिसमस",
}
_OBSERVED = " (observed)"


class Off(msgspec.Struct, frozen=True):
    """A day off. `estimate`: nobody has confirmed the date. `moon`: it may fall a day to either side."""

    date: dt.date
    name: Words
    closed: bool = True
    estimate: bool = False
    moon: bool = False


class Year(msgspec.Struct, frozen=True):
    """A side's days off in a year. `known`: False where nothing, or not enough, is known of that year."""

    side: Side
    year: int
    known: bool
    confirmed: bool
    source: str
    days: tuple[Off, ...]


def days_off(side: Side, year: int, lists: tuple[ConfirmedList, ...] = ()) -> Year:
    """The days off of `side` in `year`: its own list where there is one, or else computed."""
    for each in lists:
        if (each.side, each.year) == (side, year):
            days = tuple(Off(day.date, day.name, day.closed) for day in each.days)
            return Year(side, year, known=True, confirmed=True, source=each.source, days=days)
    first, last = KNOWN[side]
    if not first <= year <= last:
        return Year(side, year, known=False, confirmed=False, source="", days=())
    return _indian(year) if side == "IND" else _american(year)


@lru_cache(maxsize=64)
def _indian(year: int) -> Year:
    from holidays.countries.india import India

    hindi: Any = India(years=year, language="hi", islamic_show_estimated=False)
    found: list[Off] = []
    for closed, category in ((True, "public"), (False, "optional")):
        # The years are named and not grown, so that asking for a day cannot load another year.
        listed = India(years=year, expand=False, categories=category, language="en_IN", islamic_show_estimated=False)
        for date in sorted(listed):
            found += [
                Off(
                    date,
                    Words(en=name, hi=hindi.tr(name)),
                    closed=closed,
                    estimate=name not in _FIXED,
                    moon=name in _MOON,
                )
                for name in listed.get_list(date)
            ]
    return Year("IND", year, known=True, confirmed=False, source=_library(), days=tuple(found))


@lru_cache(maxsize=64)
def _american(year: int) -> Year:
    from holidays import country_holidays

    listed: Any = country_holidays("US", years=year, expand=False, categories="government", language="en_US")
    found = []
    for date in sorted(listed):
        for name in listed.get_list(date):
            plain = name.removesuffix(_OBSERVED)
            hindi = _AMERICAN.get(plain, "")
            if hindi and plain != name:
                hindi += " (के बदले अवकाश)"
            found.append(Off(date, Words(en=name, hi=hindi)))
    return Year("USA", year, known=True, confirmed=False, source=_library(), days=tuple(found))


def _library() -> str:
    return f"holidays {version('holidays')}"
