"""Whose court: every waiting day of a project belongs to a side, to no one, or is not known, with the reason.

Days are counted from the first of a spell up to, and without, the day on which it ends.
"""

from datetime import date
from typing import Annotated, Literal

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
from dtti.language.numbers import grouped

NAME = "court"


class Spell(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"from_": "from"}):
    """Days in one court. `side`: a side, `both`, or null for no one. Without `to` it lasts still."""

    side: Literal["IND", "USA", "both"] | None
    from_: date
    to: date | None = None
    why: Words | None = None


class Court(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A project's spells in order of time. Days between two spells are not known to be in any court."""

    subject: Words
    as_of: date
    spells: Annotated[tuple[Spell, ...], msgspec.Meta(max_length=500)] = ()

    def __post_init__(self) -> None:
        at = None
        for n, spell in enumerate(self.spells, 1):
            ends = spell.to or self.as_of
            if spell.to is None and n < len(self.spells):
                raise ValueError(f"spell {n} has no end, and another follows it")
            if ends < spell.from_ or ends > self.as_of:
                raise ValueError(f"spell {n} ends on {ends}, which is before it begins or after {self.as_of}")
            if at is not None and spell.from_ < at:
                raise ValueError(f"spell {n} begins on {spell.from_}, before the one above it ends")
            at = ends


_Stretch = tuple[str | None, date, date, Words | None, bool]


def _stretches(data: Court) -> list[_Stretch]:
    """Spells and the unknown days between them: side, from, to, why, and whether it is known."""
    made: list[_Stretch] = []
    for spell in data.spells:
        if made and made[-1][2] < spell.from_:
            made.append(("unknown", made[-1][2], spell.from_, None, False))
        made.append((spell.side, spell.from_, spell.to or data.as_of, spell.why, True))
    if made and made[-1][2] < data.as_of:
        made.append(("unknown", made[-1][2], data.as_of, None, False))
    return made


def _bar(code: str | None, x: float, y: float, w: float, h: float) -> Rect:
    if code == "unknown":
        return Rect(x, y, w, h, Fill("edge", "dots"), Stroke("edge", 1.0))
    return swatch(code, x, y, w, h)


def _strip(stretches: list[_Stretch], sheet: float, language: Language) -> tuple[list[Mark], float]:
    """The days along time, each stretch with its length above it where there is room."""
    full = Frame(sheet, language, sheet, 0.0, 1.0, sheet - 2.0, stacked=True)
    along = Axis(stretches[0][1].toordinal(), max(s[2] for s in stretches).toordinal(), 1.0, sheet - 2.0)
    lead = leading(language, SMALL)
    top = lead + 2.0
    made: list[Mark] = []
    for code, start, end, _, _ in stretches:
        a, b = along.at(start.toordinal()), along.at(end.toordinal())
        if b > a:
            made.append(_bar(code, a, top, b - a, 26.0))
        words = days((end - start).days, language)
        if wide(words, SMALL) > b - a - 4.0:
            words = grouped((end - start).days, language)
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
    total = sum((end - start).days for _, start, end, _, _ in stretches)
    if not total:
        marks, bottom = empty(width, language)
        sentence = say(language, "nothing")
        return chart(
            NAME, language, title, [sentence], size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    order = [own, "USA" if own == "IND" else "IND", "both", None, "unknown"]
    by_side: dict[str | None, list[int]] = {}
    by_why: dict[tuple[str | None, str, Language], list[int]] = {}
    for code, start, end, why, _ in stretches:
        length = (end - start).days
        by_side.setdefault(code, []).append(length)
        if why is not None:
            by_why.setdefault((code, *spoken(why, language)), []).append(length)
    sides = [code for code in order if code in by_side]
    known = sum(1 for stretch in stretches if stretch[4])
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
            language, "court-says", first=day(stretches[0][1], language), last=day(stretches[-1][2], language),
            n=total,
            parts=", ".join(f"{side_inside(code, language)} {grouped(sum(by_side[code]), language)}" for code in sides),
        ),
        say(language, "court-now", who=side_inside(last[0], language), n=(last[2] - last[1]).days),
    ]  # fmt: skip
    table = [
        (
            side(code, language), day(start, language), day(end, language), grouped((end - start).days, language),
            spoken(why, language)[0] if why else say(language, "not-stated" if is_known else "unknown"),
        )
        for code, start, end, why, is_known in stretches
    ]  # fmt: skip
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def strip(data: Court, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The days along time alone, with their sums beneath; the table is that of the whole chart."""
    whole = draw(data, language, width=width, own=own)
    stretches = _stretches(data)
    if not sum((end - start).days for _, start, end, _, _ in stretches):
        return whole
    columns = frame(width, language, ())
    made, y = _strip(stretches, columns.width, language)
    order = [own, "USA" if own == "IND" else "IND", "both", None, "unknown"]
    items = []
    for code in order:
        length = sum((end - start).days for each, start, end, _, _ in stretches if each == code)
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
