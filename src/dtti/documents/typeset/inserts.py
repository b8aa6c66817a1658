"""PDFs from elsewhere that a pack puts in: opened, counted and judged before anything is set. Knows PDF; no paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from dtti.accord.refusal import Refused, refuse

MOST_PAGES = 5_000
"""Pages of one file, and of all files of a pack."""


@dataclass(frozen=True)
class Enclosed:
    """A PDF to put in: under which name the template finds it, its bytes, its pages."""

    path: str
    pdf: bytes
    pages: int

    @property
    def told(self) -> dict[str, str | int]:
        """What the template reads of it."""
        return {"path": self.path, "pages": self.pages}


def pages_of(pdf: bytes) -> int:
    """The number of pages; pdfium's PdfiumError where it is no PDF that can be opened."""
    document = pdfium.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def enclosed(
    named: Sequence[str], given: Mapping[str, bytes], progress: Callable[[str], None] = lambda _: None
) -> dict[str, Enclosed]:
    """What is put in, by the name that the data gives it; Refused where a file is missing, no PDF, or locked."""
    made: dict[str, Enclosed] = {}
    wanted = [name for name in dict.fromkeys(named) if name]
    for place, name in enumerate(wanted):
        if name not in given:
            raise Refused(
                refuse("paper-file", f"{name[:80]!r} is named and not given", "Give the file, or leave it out.")
            )
        progress(f"{name} is read ({place + 1} of {len(wanted)})")
        pdf = given[name]
        try:
            if not pdf.startswith(b"%PDF-"):
                raise pdfium.PdfiumError("it does not begin as a PDF does")
            pages = pages_of(pdf)
        except pdfium.PdfiumError as error:
            raise Refused(
                refuse("paper-file", f"{name} is no PDF that can be opened: {error}", "Give it as an unlocked PDF.")
            ) from None
        if not 0 < pages <= MOST_PAGES - sum(each.pages for each in made.values()):
            raise Refused(
                refuse("paper-file", f"{name} has {pages} pages", f"A pack holds 1 to {MOST_PAGES} pages of files.")
            )
        made[name] = Enclosed(f"enclosed-{place + 1}.pdf", pdf, pages)
    return made
