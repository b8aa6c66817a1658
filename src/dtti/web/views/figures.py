"""The charts of pages: what a page shows, put into the same charts that are printed. Knows no record and no rule.

Each is drawn for its column and for a telephone, and the style sheet shows one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, cast

from markupsafe import Markup
from msgspec.structs import replace

from dtti.documents.charts import bars as amounts
from dtti.documents.charts.figure import Chart
from dtti.documents.charts.html import html
from dtti.documents.charts.when import span
from dtti.documents.values import Language, Side, Words
from dtti.office import desk, reports
from dtti.office.waits import Wait
from dtti.papers.charts import ageing
from dtti.papers.charts import cadence as meetings
from dtti.papers.charts import court as courts
from dtti.web.look import language_of
from dtti.web.parts import Bar

from . import words

WIDE, HALF, THIRD, TELEPHONE = 720.0, 540.0, 340.0, 320.0


def figure(draw: Callable[[float], Chart], wide: float, caption: str = "", names: Sequence[str] = ()) -> Markup:
    """A chart as a figure: `wide` as its column is, and once more for a telephone where that is much narrower."""
    narrow = draw(TELEPHONE) if wide > THIRD else None
    return Markup(html(draw(wide), narrow=narrow, caption=caption, names=names, told=False))  # noqa: S704 - it escapes


def bars(title: str, rows: Iterable[Bar], unit: str, *, wide: float = HALF, names: Sequence[str] = ()) -> Markup:
    """Amounts of one measure; one that is no number is not known."""
    made = [
        amounts.Bar(
            (each.label, _of(each.label)),
            each.amount if isinstance(each.amount, int) else None,
            str(each.text or words.grouped(each.amount)) if isinstance(each.amount, int) else words.word("unknown"),
            each.note or "",
            each.side,
        )
        for each in rows
    ]
    return figure(
        lambda width: amounts.draw(title, made, language(), unit=unit, width=width), wide, f"{title} ({unit})", names
    )


def court(subject: str, spells: Sequence[Mapping[str, Any]], own: str, caption: str) -> Markup | None:
    """Days in whose court along time, from spells that follow each other; None where they come to no whole day."""
    if not any(each["days"] for each in spells):
        return None
    data = courts.Court(
        said(subject),
        date.fromisoformat(spells[-1]["to"]),
        tuple(
            courts.Spell(
                each["side"] or None,
                date.fromisoformat(each["from"]),
                date.fromisoformat(each["to"]),
                said(each["why"]) if each["why"] else None,
                each["days"],
            )
            for each in spells
        ),
    )
    return figure(lambda width: courts.strip(data, language(), width=width, own=own), THIRD, caption)


#: Lines of the table under a picture of ages: the page has the whole list beside it.
MOST_AGED = 8


def ages(
    rows: Sequence[tuple[desk.Listed, Wait]],
    asking: desk.Asking,
    called: Callable[[desk.Listed], str],
    *,
    wide: float = HALF,
) -> Markup | None:
    """How long what is open has waited, on each side; None where nothing waits."""
    if not rows:
        return None
    data = ageing.Ageing(
        Words(en="Texts and offers", hi="पाठ और प्रस्ताव"),
        asking.moment.today,
        tuple(
            ageing.Item(
                row.ref or row.code,
                said(called(row)),
                cast("Side", wait.on) if wait.on in ("IND", "USA") else None,
                min(wait.since[:10], asking.moment.today.isoformat()),
                row.offer_until[:10] or None,
            )
            for row, wait in rows
        ),
    )
    return _ages(data, language(), asking.mine if asking.mine in ("IND", "USA") else "IND", wide)


@lru_cache(maxsize=32)
def _ages(data: ageing.Ageing, language: Language, own: str, wide: float) -> Markup:
    """Drawn once for what waits: other changes of the record leave the picture as it is."""

    def draw(width: float) -> Chart:
        made = ageing.draw(data, language, width=width, own=own)
        return replace(made, table=replace(made.table, rows=made.table.rows[:MOST_AGED]))

    return figure(draw, wide, words._("Open, by days waited; the table has the longest"))


def cadence(
    body: str,
    days: int | None,
    met: Mapping[str, reports.MetAs],
    on: str,
    name: Callable[[str], Markup],
    *,
    wide: float = WIDE,
) -> Markup | None:
    """Meetings of a body along time, and the days over its rule; None where none is known to have met on a known day.

    `days`: what its rule allows between two. `name`: the name of a meeting by its reference, as HTML.
    """
    held = {ref: each for ref, each in met.items() if each.held == "yes" and each.date[:1] != "["}
    refs = sorted(held, key=lambda ref: span(held[ref].date))
    if not refs:
        return None
    data = meetings.Cadence(
        said(body),
        date.fromisoformat(on),
        days=days,
        meetings=tuple(
            meetings.Meeting(
                held[ref].date,
                held[ref].number,
                mode=cast("Any", held[ref].mode),
                host=cast("Side", held[ref].host) if held[ref].host in ("IND", "USA") else None,
            )
            for ref in refs
        ),
    )
    return figure(
        lambda width: meetings.strip(data, language(), width=width),
        wide,
        words._("Meetings known to have met"),
        [name(ref) for ref in refs],
    )


def language() -> Language:
    """The language in which charts of the page are drawn."""
    return cast("Language", words.language())


def _of(text: str) -> Language:
    return cast("Language", language_of(text, words.language()))


def said(text: str) -> Words:
    """Recorded text in the language that it is in."""
    return Words(hi=text) if _of(text) == "hi" else Words(en=text)
