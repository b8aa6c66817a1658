"""Compiles a Typst template over plain data to a PDF, the same bytes for the same data. Knows Typst; knows no paper.

Data goes to Typst as one JSON file beside the templates and is never part of the markup. The PDF is PDF/A-2b
(ISO 19005-2), tagged, with title and language; it names no author, and its date is the paper's own.
"""

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import typst

from dtti.accord.refusal import Refused, refuse

HOUSE = Path(__file__).with_name("typst")
"""The templates that know no kind of paper."""
_IMPORTED = re.compile(rb'^#import "([a-z-]+\.typ)"', re.MULTILINE)
_UNDATED = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # for a paper without a date: the PDF must not know the clock


@cache
def fonts() -> typst.Fonts:
    """The shipped faces, and no other."""
    folder = str(files(__package__) / "fonts")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def _templates(wanted: str, folder: Path) -> dict[str, bytes]:
    """The template `wanted` and all that it imports: Typst parses each file that it is given, read or not."""
    own = folder / wanted
    source = (own if own.is_file() else HOUSE / wanted).read_bytes()
    made = {wanted: source}
    for each in _IMPORTED.findall(source):
        made |= _templates(each.decode(), folder)
    return made


def compiled(
    template: str, job: Mapping[str, Any], enclosed: Mapping[str, bytes] | None = None, *, folder: Path = HOUSE
) -> bytes:
    """`template` compiled over `job`, which house.typ reads; a text that Typst cannot set is refused, never skipped.

    `folder`: the templates beside those of the house. `enclosed`: PDFs by path. Typst takes them from disc only and
    puts them into no PDF/A: with them, a folder exists while it works, and the PDF is a plain tagged one.
    """
    made = {
        **_templates(template, folder),
        "job.json": msgspec.json.encode(job),
        "main.typ": f'#include "{template}"'.encode(),
    }
    with ExitStack() as opened:
        settings: dict[str, Any] = {"pdf_standards": ["a-2b"]}
        if enclosed:
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="dtti-paper-")))
            for path, received in enclosed.items():
                (folder / path).write_bytes(received)
            settings = {"root": folder}
        try:
            pdf: bytes = typst.compile(
                made,
                font_paths=fonts(),
                ignore_system_fonts=True,
                timestamp=_UNDATED,
                **settings,
            )
        except typst.TypstError as error:
            reason, remedy = f"the paper cannot be set: {error.message}", "Correct the text or the file that it names."
            raise Refused(refuse("paper-set", reason, remedy)) from error
    return pdf
