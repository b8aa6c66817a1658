"""A scanned letter as a file: how many pages it has, and its words where a PDF holds any. Reads no picture.

Limits are those of `scan`. Nothing is guessed from pixels: a scan without a text has no lines.
"""

import msgspec

from dtti.accord.refusal import Refused, refuse

from .scan import MOST_BYTES, MOST_PAGES

READ = 3  # pages whose words are read: a letter's number and date stand on its first


class Letter(msgspec.Struct, frozen=True):
    """`pages`: how many; 0 for a picture. `lines`: of its first pages, as a PDF holds them."""

    pages: int
    lines: tuple[str, ...]


def letter(data: bytes) -> Letter:
    """A scan, looked at; Refused (`scan-size`, `scan-pages`, `scan-kind`) where it is none that is read here."""
    if len(data) > MOST_BYTES:
        why = f"the scan has {len(data) / 2**20:.0f} MB; at most {MOST_BYTES // 2**20} are read"
        raise Refused(refuse("scan-size", why, "Scan at 200 to 300 dpi in grey or black and white."))
    if b"%PDF-" not in data[:1024]:
        return Letter(0, ())
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            pages = len(document)
            if pages > MOST_PAGES:
                why = f"the scan has more than {MOST_PAGES} pages"
                raise Refused(refuse("scan-pages", why, "Scan each paper by itself."))
            said = [document[number].get_textpage().get_text_bounded() for number in range(min(pages, READ))]
        finally:
            document.close()
    except (pypdfium2.PdfiumError, RuntimeError, ValueError, OSError, MemoryError) as error:
        remedy = "Scan again and save as PDF, PNG, JPEG or TIFF without a password."
        raise Refused(refuse("scan-kind", f"the PDF cannot be opened ({error})"[:200], remedy)) from None
    lines = (" ".join(line.split()) for page in said for line in page.splitlines())
    return Letter(pages, tuple(line for line in lines if line)[:400])
