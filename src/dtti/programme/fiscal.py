"""The fiscal years of the two sides. Knows dates known in part, nothing else."""

from datetime import date

from .values import SideCode, When


def _year(side: SideCode, day: date) -> str:
    if side == "USA":
        return f"FY{day.year + (day.month >= 10)}"
    first = day.year - (day.month < 4)
    return f"{first}-{(first + 1) % 100:02}"


def fiscal_year(side: SideCode, when: When | None) -> str:
    """The fiscal year in which a date falls, or ``unknown`` where its bounds fall in two.

    USA: 1 October to 30 September, named by the year in which it ends (`FY2016`; 31 USC 1102). India: 1 April to
    31 March, named by both years (`2016-17`).
    """
    if when is None or when.earliest is None or when.latest is None:
        return "unknown"
    first, last = _year(side, when.earliest), _year(side, when.latest)
    return first if first == last else "unknown"


def is_year(side: SideCode, year: str) -> bool:
    """Whether `year` names a fiscal year of the side as `fiscal_year` does; a year of the other side is none."""
    if side == "USA":
        return year[:2] == "FY" and year[2:].isdecimal()
    first, dash, second = year.partition("-")
    return bool(dash) and first.isdecimal() and second == f"{(int(first) + 1) % 100:02}"


def last_day(side: SideCode, year: str) -> date:
    """The last day of a fiscal year as `fiscal_year` names it; ValueError where `year` is not such a name."""
    if side == "USA":
        return date(int(year.removeprefix("FY")), 9, 30)
    return date(int(year.partition("-")[0]) + 1, 3, 31)
