"""Events whose dates follow from a law, a rule or a settled practice (`standing.toml`), computed for any year."""

import datetime as dt
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dtti.documents.values import SIDES, Words

from .request import FixedEvent


def standing_events(year: int) -> tuple[FixedEvent, ...]:
    """The events of `standing.toml` that fall in `year`."""
    return tuple(made for made in (_event(rule, year) for rule in _rules()) if made)


@lru_cache(maxsize=1)
def _rules() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((files(__package__) / "standing.toml").read_text(encoding="utf-8"))["event"])


def _event(rule: dict[str, Any], year: int) -> FixedEvent | None:
    since = rule.get("since", year)
    if year < since or (year - since) % rule.get("every", 1):
        return None
    first = dt.date(year, rule["month"], rule["day"])
    if "weekday" in rule:
        first += dt.timedelta(days=(rule["weekday"] - first.weekday()) % 7)
    if rule.get("sunday") == "next" and first.weekday() == 6:
        first += dt.timedelta(days=1)
    last = first + dt.timedelta(days=rule.get("length", 1) - 1)
    if "until_month" in rule:
        last = dt.date(year, rule["until_month"], rule["until_day"])
    return FixedEvent(
        first,
        last,
        Words(en=rule["en"], hi=rule["hi"]),
        binds=tuple(rule.get("binds", SIDES)),
        weight=rule["weight"],
        source=rule["source"],
        confidence=rule["confidence"],
    )
