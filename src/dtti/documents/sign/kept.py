"""A file beside a copy that was kept: where their bytes part, and what that changed. Knows PDF structure only.

Signatures tell that signed bytes were altered, not which. Each side keeps its copy, and a text renders to the same
bytes again; either tells the rest.
"""

import bisect
import io
import re
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from dtti.documents.values import Words

from .changes import differences
from .finding import Finding, found
from .fit import FIELDS, fields_of, part
from .words import SIDE


def compared(pdf: bytes, kept: bytes) -> tuple[Finding, ...]:
    """How `pdf` differs from `kept`, a copy signed or as rendered; never raises, whatever `pdf` holds."""
    if pdf == kept:
        return (found("kept-same"),)
    made: list[Finding] = []
    lost = _signed(kept) - _signed(pdf)
    made += [found("kept-signature", side=SIDE[side]) for side, name in FIELDS.items() if name in lost]
    if pdf.startswith(kept):
        return (*made, found("kept-begins"))
    if kept.startswith(pdf):
        return (*made, found("cut-off", count=len(kept) - len(pdf)))
    at = _first_difference(pdf, kept)
    made.append(found("first-difference", at=at + 1, where=_where(kept, at)))
    try:
        before, after = (PdfFileReader(io.BytesIO(each), strict=False) for each in (kept, pdf))
        told = list(differences(before, after, signing=False))
        if not told:  # what was altered stands in an earlier state of the file, which an update has replaced
            told += differences(before.get_historical_resolver(0), after.get_historical_resolver(0), signing=False)
        made += told
    except (Exception, RecursionError):
        return tuple(made)  # it cannot be read any more: the first difference is what can be said
    return tuple(made)


def _signed(pdf: bytes) -> set[str]:
    try:
        fields = fields_of(PdfFileReader(io.BytesIO(pdf), strict=False))
        return {name for name, field in fields.items() if "/V" in field}
    except (Exception, RecursionError):
        return set(FIELDS.values())  # unreadable: nothing is said to be lost


def _first_difference(one: bytes, other: bytes) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:  # the longest equal beginning, by halves
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _where(kept: bytes, at: int) -> Words:
    """The object that holds this byte in the kept copy, with its type: `object 12 (Page)`."""
    heads = [
        (found_at.start(), int(found_at[1])) for found_at in re.finditer(rb"(?<![0-9])(\d{1,8}) \d{1,5} obj\b", kept)
    ]
    place = bisect.bisect_right([start for start, _ in heads], at) - 1
    if place < 0:
        return Words(en="the header", hi="शीर्ष")
    start, number = heads[place]
    end = kept.find(b"endobj", start)
    if 0 <= end < at - 6:
        return Words(en=f"the table after object {number}", hi=f"वस्तु {number} के बाद की तालिका")
    try:
        reader = PdfFileReader(io.BytesIO(kept), strict=False)
        held: Any = reader.get_object(generic.Reference(number, 0, reader))  # type: ignore[no-untyped-call]
        kind = (
            str(part(held, "/Type", part(held, "/Subtype", ""))) if isinstance(held, generic.DictionaryObject) else ""
        )
    except (Exception, RecursionError):
        kind = ""
    after = f" ({kind[1:]})" if kind else ""
    return Words(en=f"object {number}{after}", hi=f"वस्तु {number}{after}")
