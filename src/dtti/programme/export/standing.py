"""What is left of an authorisation on a day, and what is to be warned of, by lead times that are data. Pure.

Amounts of money stand by currency, and no two currencies are ever added. What was used beyond what was granted is said
as that; a remainder is never negative.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from dtti.programme.kinds.export_authorisation import ExportAuthorisation, Used
from dtti.programme.kinds.release_question import ReleaseQuestion
from dtti.programme.timeline import happened
from dtti.programme.values import strength

from . import leads

What = Literal["expired", "expires-soon", "exceeded", "exhausted", "nearly-used", "answer-lapsed", "answer-ends",
               "not-answered", "answer-late"]  # fmt: skip


class Left(msgspec.Struct, frozen=True):
    """Of one measure: granted, used, left, and beyond what was granted. `unit`: a currency, or as the record names it.

    `granted` None: it is used in a measure in which nothing was granted, so that all of it is beyond.
    """

    unit: str
    money: bool
    granted: int | None
    used: int
    left: int
    beyond: int


class Standing(msgspec.Struct, frozen=True):
    """An authorisation on a day: what is left by measure, the day of the reading (None: none), days until it expires.

    `days` is negative once it has certainly expired; None where no last day is known.
    """

    left: tuple[Left, ...]
    read_on: str | None
    days: int | None


class Warning(msgspec.Struct, frozen=True):  # noqa: A001 - the field's own word
    """What is to be warned of: its code, the day it hangs on (empty: none), days until then (negative: since)."""

    what: What
    on: str
    days: int | None


def standing(made: ExportAuthorisation, on: date) -> Standing:
    """How an authorisation stands at the end of a day."""
    read = [each for each in made.used if happened(each.on, on, strength(each.cite, "on")) == "yes"]
    measures: list[Left] = []
    last = max(read, key=lambda each: each.on.latest or date.min, default=None)
    if made.quantity is not None or any(each.quantity is not None for each in read):
        used = max((each.quantity or 0 for each in read), default=0)
        measures.append(_left(made.unit or "", made.quantity, used, money=False))
    granted = {each.currency: each.amount for each in made.values}
    spent = _spent(read)
    measures += [
        _left(currency, granted.get(currency), spent.get(currency, 0), money=True)
        for currency in dict.fromkeys((*granted, *spent))
    ]
    ends = made.expires.latest if made.expires else None
    return Standing(tuple(measures), str(last.on) if last else None, (ends - on).days if ends else None)


def _spent(read: list[Used]) -> dict[str, int]:
    """What had been used in each currency: readings are cumulative, so the highest."""
    made: dict[str, int] = {}
    for each in read:
        for one in each.values:
            made[one.currency] = max(made.get(one.currency, 0), one.amount)
    return made


def _left(unit: str, granted: int | None, used: int, *, money: bool) -> Left:
    held = granted or 0
    return Left(unit, money, granted, used, max(held - used, 0), max(used - held, 0))


def of_authorisation(made: ExportAuthorisation, on: date) -> Iterator[Warning]:
    """What is to be warned of an authorisation on a day: its end, and what is used up."""
    held = standing(made, on)
    day = str(made.expires) if made.expires else ""
    if held.days is not None and held.days < 0:
        yield Warning("expired", day, held.days)
    elif held.days is not None and held.days <= leads()["authorisation-expiry"].days:
        yield Warning("expires-soon", day, held.days)
    share = leads()["authorisation-exhaustion"].percent_left
    for each in held.left:
        if each.beyond:
            yield Warning("exceeded", held.read_on or "", None)
        elif each.granted is not None and not each.left:
            yield Warning("exhausted", held.read_on or "", None)
        elif each.granted and each.left * 100 <= each.granted * share:
            yield Warning("nearly-used", held.read_on or "", None)


def of_question(question: ReleaseQuestion, on: date) -> Iterator[Warning]:
    """What is to be warned of a release question on a day: it waits too long, or its answer ends."""
    last = question.last(on)
    if last is None:
        waits = question.days_open(on)
        wanted = question.wanted_by.latest if question.wanted_by else None
        if wanted is not None and wanted < on:
            yield Warning("answer-late", str(question.wanted_by), (wanted - on).days)
        elif waits is not None and waits >= leads()["release-unanswered"].days:
            yield Warning("not-answered", str(question.asked), -waits)
    elif last.answer != "no" and last.until is not None and last.until.latest is not None:
        days = (last.until.latest - on).days
        if days < 0:
            yield Warning("answer-lapsed", str(last.until), days)
        elif last.until.latest - on <= timedelta(days=leads()["release-validity"].days):
            yield Warning("answer-ends", str(last.until), days)
