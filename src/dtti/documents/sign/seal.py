"""What ties a printed page to its text: the code that is printed on it, and the data that templates draw it from.

The code on a page is a QR code (ISO/IEC 18004) of version 5, level Q, in alphanumeric mode, holding

    DTTI1:<SHA-256 digest of the text, 64 characters 0-9 A-F>:<IND | USA | ->:<page>/<pages>

with the side whose original the page belongs to (`-` where there is only one). Knows digests; draws nothing.
"""

import re

import msgspec

from dtti.documents.values import SIDES, Side

from .reference import checked_digest, reference_of

VERSION, LEVEL, MASK = 5, "Q", 0
"""The one kind of code that is printed: 37 modules a side, of which a quarter of the words may be lost."""

_CODE = re.compile(r"DTTI1:([0-9A-F]{64}):(IND|USA|-):([1-9][0-9]{0,2})/([1-9][0-9]{0,2})")


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the code on a page says: text, side of the original or "", page and number of pages."""

    digest: str
    original: str
    page: int
    pages: int


def spell(code: Code) -> str:
    """The characters of the code."""
    return f"DTTI1:{checked_digest(code.digest).upper()}:{code.original or '-'}:{code.page}/{code.pages}"


def read_code(spelled: str) -> Code | None:
    """What a code says; None where it is not one of ours, or says a page beyond the last."""
    found = _CODE.fullmatch(spelled)
    if not found or int(found[3]) > int(found[4]):
        return None
    original = "" if found[2] == "-" else found[2]
    return Code(digest=found[1].lower(), original=original, page=int(found[3]), pages=int(found[4]))


def seal_block(digest: str, original: Side | None = None) -> dict[str, str]:
    """What `typst/seal.typ` draws from: digest, its reference, the side of the original or "", and the code's head.

    The page numbers are added by the template, which alone knows them. Refused by rule `digest`.
    """
    if original is not None and original not in SIDES:
        raise ValueError("original must be IND or USA")
    checked_digest(digest)
    return {
        "digest": digest,
        "reference": reference_of(digest),
        "original": original or "",
        "head": f"DTTI1:{digest.upper()}:{original or '-'}:",
    }
