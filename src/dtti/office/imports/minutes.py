"""An office's own Word record of a meeting as a proposal of fields. Nothing of it is taken unless a person ticks it.

Parts are told by the words of their headings, in English and Hindi, whatever the style; a table is a list of actions
where its heads are those of the register. What belongs to no part is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from dtti.accord.refusal import Refused
from dtti.documents.sheet.text import folded, shown
from dtti.documents.values import Language, Words
from dtti.language.dates import day
from dtti.office.asking import Asking

from . import sheets, spotting
from .document import Document, Field, Unplaced, cell, matching, paragraph
from .known import Known, Shelf, shelf
from .sheets import Settled

Part = Literal["head", "present", "agenda", "outcomes", "decisions", "actions", "other"]
_PARTS: Final[dict[Part, tuple[str, ...]]] = {
    "present": (
        *("present", "participants", "those present", "list of participants", "attendance", "attendees"),
        *("उपस्थित", "उपस्थिति", "प्रतिभागी", "प्रतिभागियों की सूची"),
    ),
    "agenda": ("agenda", "agenda items", "items", "कार्यसूची", "कार्यसूची की मदें"),
    "outcomes": (
        *("discussion", "discussions", "summary of discussions", "proceedings", "outcomes", "summary of discussion"),
        *("चर्चा", "विचार विमर्श", "चर्चा का सार", "परिणाम"),
    ),
    "decisions": ("decisions", "decisions taken", "decision points", "निर्णय", "लिए गए निर्णय"),
    "actions": (
        *("actions", "action items", "action points", "action taken report", "follow up actions", "action table"),
        *("कार्रवाई", "कार्य बिंदु", "कार्रवाई बिंदु", "अनुवर्ती कार्रवाई"),
    ),
}
_CALLED: Final = {folded(word): part for part, words in _PARTS.items() for word in words}
_PURPOSE: Final = re.compile(
    r"\s*[(\[–-]\s*(?:for\s+)?(?P<purpose>information|decision|review|सूचना|निर्णय|समीक्षा)(?:\s*हेतु)?\s*[)\]]?\s*$",
    re.IGNORECASE,
)

if TYPE_CHECKING:
    from dtti.documents.word.outline import Grid, Line
_HINDI: Final = {"सूचना": "information", "निर्णय": "decision", "समीक्षा": "review"}
_MOST: Final = 1000


def read(
    asking: Asking, data: bytes, name: str, settled: Settled, drafts: Iterable[Known] = (), language: str = "en"
) -> Document:
    """A Word record as a proposal; Refused where the file cannot be read, or holds nothing that is understood."""
    from dtti.documents.word.outline import Grid, outline  # here: it is large, and few pages read Word files

    made = outline(data, name)
    parts: dict[Part, list[Line]] = {part: [] for part in ("head", "other", *_PARTS)}
    fields: list[Field] = []
    left: list[Unplaced] = []
    current: Part = "head"
    for block in made.blocks:
        if isinstance(block, Grid):
            found, rest = _table(asking, block, settled, drafts, language)
            fields += found
            left += rest
            continue
        called = _CALLED.get(folded(block.text.rstrip(":：")))
        if called:
            current = called
        elif block.level:
            current = "head" if current == "head" else "other"
            parts[current].append(block)
        else:
            parts[current].append(block)
    bodies, meetings = shelf(asking, "body", drafts), shelf(asking, "meeting", drafts)
    fields = [*_head(parts["head"], bodies, left, language), *_parts(parts, left), *fields]
    values = {each.path: each.stored for each in fields}
    number = values.get("number")
    matched = matching(meetings, str(values.get("body", "")), number, str(values.get("date", "")))
    notes = []
    if made.remarks:
        count = len(made.remarks)
        notes.append(Words(en=f"Remarks in the margin: {count}", hi=f"हाशिये में टिप्पणियाँ: {count}"))
    if made.tracked:
        notes.append(
            Words(
                en="Changes are still tracked in the file; it was read as if all were accepted",
                hi="फ़ाइल में परिवर्तन अभी चिह्नित हैं; उसे ऐसे पढ़ा गया मानो सभी स्वीकृत हों",
            )
        )
    left += [
        Unplaced(shown(each, 120), Words(en=f"seen otherwise: {why}", hi=f"अन्यथा दिखता है: {why}"))
        for why, words in made.unlike.items()
        for each in words
    ]
    title = next((line.text for line in parts["head"]), name)
    return Document("meeting", shown(title, 120), tuple(fields), tuple(left), matched, tuple(notes))


def _head(lines: Sequence[Line], bodies: Shelf, left: list[Unplaced], language: str) -> list[Field]:
    """What the lines before the first part say: of which body, number, days, place."""
    made: dict[str, Field] = {}
    for line in lines:
        taken = len(made)
        where = paragraph(line.place)
        found = spotting.named(line.text, bodies)
        if len(found) == 1:
            made.setdefault("body", Field("body", found[0].ref, found[0].title, where))
        number = spotting.number(f"{line.number} {line.text}")
        if number is not None:
            made.setdefault("number", Field("number", number, str(number), where))
        days = spotting.days(line.text)
        if days and "date" not in made:
            made["date"] = Field("date", days.first, day(days.first, language), where, not days.other, days.other)
            if days.last:
                made["end"] = Field("end", days.last, day(days.last, language), where)
        place = spotting.place(line.text)
        if place:
            made.setdefault("place", Field("place", place, place, where))
        if spotting.by_video(line.text):
            made.setdefault("mode", Field("mode", "virtual", "virtual", where))
        if len(made) == taken and line is not lines[0]:
            left.append(Unplaced(shown(line.text, 160), where))
    if "place" in made and "mode" not in made:
        made["mode"] = Field("mode", "in-person", "in-person", made["place"].place, sure=False)
    if "date" in made:
        made["status"] = Field("status", "held", "held", made["date"].place, sure=False)
    return list(made.values())


def _parts(parts: dict[Part, list[Line]], left: list[Unplaced]) -> list[Field]:
    """The rows of agenda, outcomes, decisions, and of actions that stand in no table."""
    made: list[Field] = []
    for count, line in enumerate(_items(parts["agenda"]), 1):
        found = _PURPOSE.search(line.text)
        said = line.text[: found.start()] if found else line.text
        purpose = found["purpose"].lower() if found else ""
        row = {"number": line.number or str(count), "title": said[:_MOST]}
        if purpose:
            row["purpose"] = _HINDI.get(purpose, purpose)
        made.append(Field("agenda[]", row, f"{row['number']}. {said}", paragraph(line.place)))
    made += [Field("outcomes[]", line.text, shown(line.text, 200), paragraph(line.place)) for line in parts["outcomes"]]
    for count, line in enumerate(_items(parts["decisions"]), 1):
        row = {"number": line.number or str(count), "text": line.text}
        made.append(Field("decisions[]", row, f"{row['number']}. {shown(line.text, 200)}", paragraph(line.place)))
    # An action has an owner and a day: without a table it is not told which words are these.
    left += [Unplaced(shown(line.text, 160), paragraph(line.place)) for line in parts["actions"]]
    if parts["present"]:
        said = "; ".join(line.text for line in parts["present"])
        made.append(Field("notes", f"Present: {said}", shown(said, 200), paragraph(parts["present"][0].place)))
    left += [Unplaced(shown(line.text, 160), paragraph(line.place)) for line in parts["other"]]
    return made


def _items(lines: Sequence[Line]) -> list[Line]:
    """Numbered lines, each with the unnumbered ones below it; every line by itself where none has a number."""
    if not any(line.number or line.counted for line in lines):
        return list(lines)
    made: list[Line] = []
    for line in lines:
        if line.number or line.counted or not made:
            made.append(line)
        else:
            made[-1] = made[-1]._replace(text=f"{made[-1].text}\n{line.text}")
    return made


def _table(
    asking: Asking, grid: Grid, settled: Settled, drafts: Iterable[Known], language: str
) -> tuple[list[Field], list[Unplaced]]:
    """A table of actions, row by row; another table is listed by its heads."""
    from dtti.documents.word.outline import as_csv

    heads = " | ".join(grid.rows[0]) if grid.rows else ""
    try:
        made = sheets.read(
            asking,
            as_csv(grid.rows),
            "table.csv",
            Settled(register="actions", order=settled.order, names=settled.names),
            drafts,
        )
    except Refused:
        return [], [Unplaced(shown(heads, 160), cell(grid.place, "A1"))]
    if made.reading is None or not made.batches:
        return [], [Unplaced(shown(heads, 160), cell(grid.place, "A1"))]
    spoken: Language = "hi" if language == "hi" else "en"
    fields, left = [], []
    for one in made.batches[0].proposals:
        said = "; ".join(each.said.spoken(spoken)[0] for each in one.taken)
        first = one.taken[0].place if one.taken else f"A{one.number}"
        fields.append(Field("actions[]", one.content, said, cell(grid.place, first), one.sure))
        left += [
            Unplaced(
                f"{each.label.spoken(spoken)[0]}: {each.said.spoken(spoken)[0]}", cell(grid.place, each.place), each.why
            )
            for each in one.left
        ]
    left += [
        Unplaced(problem.told(spoken)["reason"], cell(grid.place, problem.cell)) for problem in made.reading.problems
    ]
    return fields, left
