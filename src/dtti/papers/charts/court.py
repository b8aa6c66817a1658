"""Whose court: every waiting day of a project belongs to a side, to no one, or is not known, with the reason.

Days are counted from the first of a spell up to, and without, the day on which it ends; where the hours are known, who
gives the data says how many whole days they come to.
"""

from datetime import date
from typing import Annotated, Literal, NamedTuple

import msgspec

from dtti.documents.charts.axis import Axis, scale
from dtti.documents.charts.figure import FEW, Chart, chart
from dtti.documents.charts.layout import (
    SMALL,
    Frame,
    Row,
    Sample,
    empty,
    frame,
    heading,
    leading,
    legend,
    remark,
    row,
    sample_bar,
    swatch,
)
from dtti.documents.charts.metrics import width as wide
from dtti.documents.charts.scene import Fill, Mark, Rect, Scene, Stroke, Text
from dtti.documents.charts.words import day, days, say, side, side_inside, spoken
from dtti.documents.values import Language, Words
from dtti.language.names import facing
from dtti.language.numbers import grouped

NAME = "court"


class Spell(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"from_": "from"}):
    """Days in one court. `side`: a side, `both`, or null for no one. Without `to` it lasts still.

    `days`: whole days between the hours of its beginning and end, never more than by the dates alone.
    """

    side: Literal["IND", "USA", "both"] | None
    from_: date
    to: date | None = None
    why: Words | None = None
    days: Annotated[int, msgspec.Meta(ge=0)] | None = None


class Court(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A project's spells in order of time. Days between two spells are not known to be in any court.

    `since`: the first day of which anything is told; from it to the first spell it is not known either.
    """

    subject: Words
    as_of: date
    spells: Annotated[tuple[Spell, ...], msgspec.Meta(max_length=500)] = ()
    since: date | None = None

    def __post_init__(self) -> None:
        at = None
        for n, spell in enumerate(self.spells, 1):
            ends = spell.to or self.as_of
            if spell.to is None and n < len(self.spells):
                raise ValueError(f"spell {n} has no end, and another follows it")
            if ends < spell.from_ or ends > self.as_of:
                raise ValueError(f"spell {n} ends on {ends}, which is before it begins or after {self.as_of}")
            if spell.days is not None and spell.days > (ends - spell.from_).days:
                raise ValueError(f"spell {n} lasts {spell.days} days, more than from {spell.from_} to {ends}")
            if at is not None and spell.from_ < at:
                raise ValueError(f"spell {n} begins on {spell.from_}, before the one above it ends")
            at = ends


class _Stretch(NamedTuple):
    """A spell, or the unknown days between two."""

    code: str | None
    start: date
    end: date
    days: int
    why: Words | None = None
    known: bool = True


def _unknown(start: date, end: date) -> _Stretch:
    return _Stretch("unknown", start, end, (end - start).days, known=False)


def _stretches(data: Court) -> list[_Stretch]:
    made: list[_Stretch] = []
    if data.since is not None:
        first = data.spells[0].from_ if data.spells else data.as_of
        if data.since < first:
            made.append(_unknown(data.since, first))
    for spell in data.spells:
        if made and made[-1].end < spell.from_:
            made.append(_unknown(made[-1].end, spell.from_))
        end = spell.to or data.as_of
        length = (end - spell.from_).days if spell.days is None else spell.days
        made.append(_Stretch(spell.side, spell.from_, end, length, spell.why))
    if made and made[-1].end < data.as_of:
        made.append(_unknown(made[-1].end, data.as_of))
    return made


def _bar(code: str | None, x: float, y: float, w: float, h: float) -> Rect:
    if code == "unknown":
        return Rect(x, y, w, h, Fill("edge", "dots"), Stroke("edge", 1.0))
    return swatch(code, x, y, w, h)


def _strip(stretches: list[_Stretch], sheet: float, language: Language) -> tuple[list[Mark], float]:
    """The days along time, each stretch with its length above it where there is room."""
    full = Frame(sheet, language, sheet, 0.0, 1.0, sheet - 2.0, stacked=True)
    along = Axis(stretches[0].start.toordinal(), max(s.end for s in stretches).toordinal(), 1.0, sheet - 2.0)
    lead = leading(language, SMALL)
    top = lead + 2.0
    made: list[Mark] = []
    for stretch in stretches:
        a, b = along.at(stretch.start.toordinal()), along.at(stretch.end.toordinal())
        if b > a:
            made.append(_bar(stretch.code, a, top, b - a, 26.0))
        words = days(stretch.days, language)
        if wide(words, SMALL) > b - a - 4.0:
            words = grouped(stretch.days, language)
        if wide(words, SMALL) <= b - a - 4.0:
            made.append(Text((a + b) / 2, lead * 0.75, words, SMALL, language, "middle", colour="soft"))
    marks, y = scale(full, along, top + 26.0, top + 28.0)
    return [*made, *marks], y


def draw(data: Court, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart; `own` is the side that is named first."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "court-title", subject=subject)
    heads = [say(language, key) for key in ("whose-court", "from", "to")]
    heads += ["#" + say(language, "days-head"), say(language, "reason")]
    stretches = _stretches(data)
    total = sum(each.days for each in stretches)
    if not total:
        marks, bottom = empty(width, language)
        sentence = say(language, "nothing")
        return chart(
            NAME, language, title, [sentence], size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    order = [own, facing(own), "both", None, "unknown"]
    by_side: dict[str | None, list[int]] = {}
    by_why: dict[tuple[str | None, str, Language], list[int]] = {}
    for each in stretches:
        by_side.setdefault(each.code, []).append(each.days)
        if each.why is not None:
            by_why.setdefault((each.code, *spoken(each.why, language)), []).append(each.days)
    sides = [code for code in order if code in by_side]
    known = sum(each.known for each in stretches)
    rated = known >= FEW

    def told(lengths: list[int], code: str | None) -> Row:
        note = say(language, "spells", n=len(lengths))
        if rated:
            note += f" · {round(100 * sum(lengths) / total)} %"
        return Row((side(code, language), language), days(sum(lengths), language), value_note=note)

    rows = [(told(by_side[code], code), code, sum(by_side[code])) for code in sides]
    reasons = [
        (Row((why, own_language), days(sum(lengths), language), note=side(code, language)), code, sum(lengths))
        for (code, why, own_language), lengths in by_why.items()
    ]
    reasons.sort(key=lambda one: (-one[2], order.index(one[1])))
    columns = frame(width, language, [one[0] for one in (*rows, *reasons)])
    made, y = _strip(stretches, columns.width, language)
    for key, part in (("court-by-side", rows), ("court-by-reason", reasons)):
        if not part:
            continue
        marks, y = heading(columns, y + 8.0, say(language, key, n=total))
        made += marks
        for content, code, length in part:
            placed = row(columns, y, content, 14.0)
            long = columns.plot * length / total
            if long:
                made.append(_bar(code, columns.plot_x, placed.middle - 7.0, long, 14.0))
            made += placed.marks
            y = placed.bottom
    if not rated:
        marks, y = remark(columns, y + 4.0, say(language, "court-few", n=known))
        made += marks
    marks, y = legend(columns, y + 2.0, [(_sample(code), side(code, language)) for code in sides])
    made += marks
    last = stretches[-1]
    sentences = [
        say(
            language, "court-says", first=day(stretches[0].start, language), last=day(last.end, language),
            n=total,
            parts=", ".join(f"{side_inside(code, language)} {grouped(sum(by_side[code]), language)}" for code in sides),
        ),
        say(language, "court-now", who=side_inside(last.code, language), n=last.days),
    ]  # fmt: skip
    table = [
        (
            side(each.code, language), day(each.start, language), day(each.end, language), grouped(each.days, language),
            spoken(each.why, language)[0] if each.why else say(language, "not-stated" if each.known else "unknown"),
        )
        for each in stretches
    ]  # fmt: skip
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def strip(data: Court, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The days along time alone, with their sums beneath; the table is that of the whole chart."""
    whole = draw(data, language, width=width, own=own)
    stretches = _stretches(data)
    if not sum(each.days for each in stretches):
        return whole
    columns = frame(width, language, ())
    made, y = _strip(stretches, columns.width, language)
    order = [own, facing(own), "both", None, "unknown"]
    items = []
    for code in order:
        length = sum(each.days for each in stretches if each.code == code)
        if length:
            items.append((_sample(code), f"{side(code, language)}: {days(length, language)}"))
    marks, y = legend(columns, y, items)
    scene = Scene(columns.width, round(y, 2), language, whole.title, whole.description, (*made, *marks))
    return msgspec.structs.replace(whole, scene=scene)


def _sample(code: str | None) -> Sample:
    if code == "unknown":
        return lambda x, y: (_bar("unknown", x - 8.0, y - 5.0, 16.0, 10.0),)
    return sample_bar(code)


DATA = Court
