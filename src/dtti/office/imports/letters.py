"""What a scanned letter says of itself: number, date and subject, where its PDF holds the words. Guesses nothing."""

from __future__ import annotations

import re
from typing import Final

from dtti.documents.sheet.text import shown
from dtti.documents.values import Language, Words
from dtti.language.dates import day

from . import spotting
from .document import Document, Field

_NUMBER: Final = re.compile(
    r"^(?:(?:letter|file|our)\s+)?(?:f\.?\s*no\.?|d\.?\s?o\.?\s*(?:letter\s*)?no\.?|no\.?|ref(?:erence)?\.?(?:\s*no\.?)?|"
    r"फा\.?\s*सं\.?|सं\.?|संख्या|पत्र संख्या)\s*[:.-]?\s*(?P<said>[A-Z0-9\u0900-\u097f][^\s,;]*(?:[/-][^\s,;]+)+)",
    re.IGNORECASE,
)
_DATED: Final = re.compile(r"(?:^|\s)(?:dated?|the|दिनांक|दिनाँक|तारीख़?)\s*[:.-]?\s*(?P<said>.{4,40})", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"^(?:sub(?:ject)?|विषय)\s*[:.-]+\s*(?P<said>.{3,300})", re.IGNORECASE)


def read(data: bytes, name: str, language: Language = "en") -> Document:
    """A scan as the paper that it is; Refused where it cannot be opened. Its fields are of the paper."""
    from dtti.documents.sign.letter import letter  # here: it is large, and few pages read scans

    found = letter(data)
    fields: dict[str, Field] = {}
    for number, line in enumerate(found.lines, 1):
        where = Words(en=f"line {number}", hi=f"पंक्ति {number}")
        said = _NUMBER.match(line)
        if said:
            fields.setdefault("paper_number", Field("paper_number", said["said"], said["said"], where))
        subject = _SUBJECT.match(line)
        if subject:
            fields.setdefault("paper_title", Field("paper_title", subject["said"], subject["said"], where))
        dated = _DATED.search(line)
        days = spotting.days(dated["said"] if dated else line if len(line) < 30 else "")
        if days and "paper_date" not in fields:
            said_so = day(days.first, language)
            fields["paper_date"] = Field("paper_date", days.first, said_so, where, not days.other, days.other)
    pages = Words(en=f"Pages: {found.pages}", hi=f"पृष्ठ: {found.pages}") if found.pages else None
    return Document("", shown(name, 120), tuple(fields.values()), (), None, (pages,) if pages else ())
