"""What these tests share: papers from samples, their text, and what a PDF says of itself."""

import re
from importlib.resources import files
from typing import Any

import msgspec
import pypdfium2 as pdfium

from dtti.documents.typeset.readback import text_of
from dtti.papers import gallery
from dtti.papers.alternat import squeezed
from dtti.papers.data.agenda import Agenda
from dtti.papers.data.instrument import Instrument
from dtti.papers.render import Typeset, files_of, read, typeset

SAMPLES = files("dtti.papers") / "samples"


def sample(kind: str, variant: str = "") -> Any:
    """The sample data of a kind, or of a variant of it."""
    return read(kind, (SAMPLES / f"{kind}{f'.{variant}' if variant else ''}.json").read_bytes())


def made(kind: str, data: msgspec.Struct, **settings: Any) -> Typeset:
    """A paper, with the files that its sample names."""
    return typeset(kind, data, attached=files_of(data, gallery.sample_files), **settings)


def text(pdf: bytes) -> str:
    """The text of a PDF without white space."""
    return squeezed(text_of(pdf))


def agenda_with(title: str, note: str = "") -> Agenda:
    """An agenda in which someone typed `title` and `note` wherever a person may type."""
    words = {"en": title or "-"}
    return msgspec.convert(
        {
            "head": {"title": words, "subtitle": words, "reference": title[:2000], "label": title[:80]},
            "body": words,
            "items": [
                {
                    "number": title[:2000],
                    "title": words,
                    "purpose": "review",
                    "note": {"en": note or "-"},
                    "presenter": title[:2000],
                    "papers": [title[:2000]],
                    "lead": ["USA"],
                }
            ],
            "remarks": [{"en": title or "-", "hi": note or "-"}],
        },
        Agenda,
    )


def instrument(**changes: Any) -> Instrument:
    """The sample instrument without its digest, changed as told."""
    plain = msgspec.to_builtins(sample("instrument"))
    del plain["digest"]
    return msgspec.convert({**plain, **changes}, Instrument)


def outside(pdf: bytes, *, slack: float = 0.5) -> list[str]:
    """Characters drawn beyond the left, right or lower edge of their page, or above it (points)."""
    found = []
    document = pdfium.PdfDocument(pdf)
    try:
        for page in document:
            width, height = page.get_size()
            held = page.get_textpage()
            for at in range(held.count_chars()):
                left, bottom, right, top = held.get_charbox(at)
                if left < -slack or bottom < -slack or right > width + slack or top > height + slack:
                    found.append(held.get_text_range(at, 1))
            held.close()
            page.close()
    finally:
        document.close()
    return found


def beyond_margin(pdf: bytes, *, right: float = 65.2) -> list[str]:
    """Visible characters drawn further right than the right margin (points from the right edge)."""
    found = []
    document = pdfium.PdfDocument(pdf)
    try:
        for page in document:
            held = page.get_textpage()
            for at in range(held.count_chars()):
                box = held.get_charbox(at)
                character = held.get_text_range(at, 1)
                if character.strip() and box[2] > page.get_width() - right + 3 and box[2] > box[0]:
                    found.append(character)
            held.close()
            page.close()
    finally:
        document.close()
    return found


def metadata(pdf: bytes) -> str:
    """The XMP packet of a PDF."""
    found = re.search(rb"<\?xpacket begin.*?<\?xpacket end", pdf, re.DOTALL)
    assert found
    return found[0].decode()
