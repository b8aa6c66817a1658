"""Who meets, one under another: a box for each body, from the ministers down, with what it is and how it stands.

A body that is at work has a whole outline, one of which that is not known a dashed one, one that has ended or rests a
soft one; the words in the box say it too. Those without any under them stand side by side where there is room.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.figure import Chart, chart
from dtti.documents.charts.layout import SIZE, SMALL, Frame, empty, frame, lines
from dtti.documents.charts.scene import Fill, Mark, Rect, Stroke, line
from dtti.documents.charts.words import day, say, spoken
from dtti.documents.values import Language, Words

NAME = "structure"

Sort = Literal["working", "ended", "unknown"]
_STEP, _AIR, _PAD = 22.0, 14.0, 7.0  # a level to the right, between two boxes, within a box
_LINE = Stroke("edge", 1.2)
_OUTLINES: dict[Sort, Stroke] = {
    "working": Stroke("ink", 1.5),
    "ended": Stroke("line", 1.5),
    "unknown": Stroke("edge", 1.2, dashed=True),
}


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A body: its name, what it is and how it stands in words; `sort`: how its box is drawn; the bodies under it."""

    name: Words
    says: Words
    sort: Sort = "unknown"
    below: Annotated[tuple["Body", ...], msgspec.Meta(max_length=100)] = ()


class Structure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The bodies of a programme on a day, those that stand under none first to last."""

    subject: Words
    as_of: date
    bodies: Annotated[tuple[Body, ...], msgspec.Meta(max_length=100)] = ()


def walked(bodies: Sequence[Body], above: str = "", language: Language = "en") -> list[tuple[Body, str]]:
    """Every body as it is drawn, each with the name of the one above it."""
    found: list[tuple[Body, str]] = []
    for each in bodies:
        found += [(each, above), *walked(each.below, spoken(each.name, language)[0], language)]
    return found


class _Drawing:
    """Boxes put on a sheet, one after another."""

    def __init__(self, sheet: Frame) -> None:
        self.sheet, self.marks = sheet, list[Mark]()

    def boxes(self, bodies: Sequence[Body], x: float, y: float, trunk: float | None) -> float:
        """Boxes from `x` at `y`, hung on a line down at `trunk`; where they end. Those with none below share rows."""
        top, last = y - _AIR, y
        leaves = [each for each in bodies if not each.below]
        columns = max(1, int((self.sheet.width - x + _AIR) // 200)) if len(leaves) > 1 else 1
        rows = [[each] for each in bodies if each.below]
        rows += [leaves[at : at + columns] for at in range(0, len(leaves), columns)]
        for row in rows:
            wide = (self.sheet.width - x - _AIR * (columns - 1)) / columns if len(leaves) > 1 else self.sheet.width - x
            wide = self.sheet.width - x if row[0].below else wide
            high = max(self._high(each, wide) for each in row)
            for number, each in enumerate(row):
                left = x + number * (wide + _AIR)
                if trunk is not None and number == 0:
                    self.marks.append(line(trunk, y + high / 2, left, y + high / 2, _LINE))
                elif trunk is not None:
                    self.marks.append(line(left - _AIR, y + high / 2, left, y + high / 2, _LINE))
                self._box(each, left, y, wide, high)
            last, y = y + high / 2, y + high + _AIR
            if row[0].below:
                y = self.boxes(row[0].below, x + _STEP, y, x + _STEP / 2)
        if trunk is not None:
            self.marks.append(line(trunk, top, trunk, last, _LINE))
        return y

    def _text(self, each: Body, x: float, y: float, wide: float) -> tuple[tuple[Mark, ...], float]:
        own = self.sheet.language
        inner, at = wide - 2 * _PAD, y + _PAD - 2.0
        name, at = lines(self.sheet, spoken(each.name, own), x + _PAD, at, inner, SIZE, bold=bool(each.below), count=4)
        says, at = lines(self.sheet, spoken(each.says, own), x + _PAD, at, inner, SMALL, colour="soft", count=3)
        return (*name, *says), at + _PAD

    def _high(self, each: Body, wide: float) -> float:
        return self._text(each, 0.0, 0.0, wide)[1]

    def _box(self, each: Body, x: float, y: float, wide: float, high: float) -> None:
        self.marks.append(Rect(x, y, wide, high, Fill("leaf"), _OUTLINES[each.sort]))
        self.marks += self._text(each, x, y, wide)[0]


def draw(data: Structure, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: bodies are joint, or say whose they are."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "structure-title", subject=subject)
    heads = [say(language, key) for key in ("body-head", "under-head", "state-head")]
    found = walked(data.bodies, "", language)
    if not found:
        marks, bottom = empty(width, language)
        nothing = [say(language, "nothing")]
        return chart(
            NAME, language, title, nothing, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    drawing = _Drawing(msgspec.structs.replace(frame(width, language, ()), width=max(280.0, width) - 2.0))
    bottom = drawing.boxes(data.bodies, 1.0, 1.0, None) - _AIR + 2.0
    working = sum(1 for each, _above in found if each.sort == "working")
    sentence = say(language, "structure-says", n=len(found), day=day(data.as_of, language), working=working)
    return chart(
        NAME,
        language,
        title,
        [sentence],
        size=(max(280.0, width), bottom),
        marks=drawing.marks,
        columns=heads,
        rows=[(spoken(each.name, language)[0], above or "–", spoken(each.says, language)[0]) for each, above in found],
    )


DATA = Structure
