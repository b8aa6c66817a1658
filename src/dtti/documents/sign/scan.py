"""Reading a scan back: which text the pages belong to, which are there and which are missing. Knows codes, no text.

A scan is a PDF, PNG, JPEG or TIFF of pages printed with a code (see `seal`), signed in ink. The codes are looked for at
any angle and in several preparations of the image; a page whose code is damaged is named, and the reference printed
beside it finds the text when typed (`reference.read_reference`). Limits: 64 MB, 200 pages, 40 million pixels a page.
"""

import io
from collections.abc import Iterator
from typing import Any

import msgspec

from dtti.accord.refusal import Refused, refuse

from .finding import Finding, found
from .reference import checked_digest, reference_of
from .seal import Code, read_code

MOST_BYTES = 64 * 2**20
MOST_PAGES = 200
MOST_PIXELS = 40_000_000


class ScannedPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the scan: its number in the file from 1, and the codes read on it (none where none could be read)."""

    number: int
    codes: tuple[Code, ...]


class ScannedText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pages of one original of one text, by its own count: those there, missing, and there more than once."""

    digest: str
    reference: str
    original: str
    pages: int
    present: tuple[int, ...]
    missing: tuple[int, ...]
    twice: tuple[int, ...]


class Scan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was read. `complete`: every page of one original of one text (the expected one, if any), and no other."""

    pages: tuple[ScannedPage, ...]
    texts: tuple[ScannedText, ...]
    unread: tuple[int, ...]
    complete: bool
    findings: tuple[Finding, ...]


def read_scan(scan: bytes, expected: str | None = None) -> Scan:
    """What was found on which page of `scan`. `expected`: the digest of the text that the scan should show.

    Refused by the rules `scan-size`, `scan-pages`, `scan-pixels`, `scan-kind` and `digest`.
    """
    if expected is not None:
        checked_digest(expected)
    if len(scan) > MOST_BYTES:
        raise Refused(
            refuse(
                "scan-size",
                f"the scan has {len(scan) / 2**20:.0f} MB; at most {MOST_BYTES // 2**20} are read",
                "Scan at 200 to 300 dpi in grey or black and white.",
            )
        )
    pages = tuple(
        ScannedPage(number=number, codes=_codes(images)) for number, images in enumerate(_pages(scan), start=1)
    )
    texts = _texts(pages)
    unread = tuple(page.number for page in pages if not page.codes)
    findings = (*_of_pages(pages, texts, expected), *_of_texts(texts, expected), *_of_unread(unread, bool(texts)))
    complete = bool(texts) and not any(each.weight == "bad" for each in findings)
    return Scan(pages=pages, texts=texts, unread=unread, complete=complete, findings=findings)


def _texts(pages: tuple[ScannedPage, ...]) -> tuple[ScannedText, ...]:
    where: dict[tuple[str, str, int], dict[int, set[int]]] = {}
    for page in pages:
        for code in page.codes:
            where.setdefault((code.digest, code.original, code.pages), {}).setdefault(code.page, set()).add(page.number)
    return tuple(
        ScannedText(
            digest=digest,
            reference=reference_of(digest),
            original=original,
            pages=total,
            present=tuple(sorted(there)),
            missing=tuple(number for number in range(1, total + 1) if number not in there),
            twice=tuple(sorted(number for number, at in there.items() if len(at) > 1)),
        )
        for (digest, original, total), there in where.items()
    )


def _of_pages(
    pages: tuple[ScannedPage, ...], texts: tuple[ScannedText, ...], expected: str | None
) -> Iterator[Finding]:
    for page in pages:
        if len({(code.digest, code.original, code.page) for code in page.codes}) > 1:
            yield found("several-codes", page=page.number)
        for digest in {code.digest for code in page.codes}:
            if expected and digest != expected:
                yield found("other-text", page=page.number, reference=reference_of(digest))
    if not expected and len({text.digest for text in texts}) > 1:
        yield found("several-texts", references=", ".join(dict.fromkeys(text.reference for text in texts)))


def _of_texts(texts: tuple[ScannedText, ...], expected: str | None) -> Iterator[Finding]:
    ours = [text for text in texts if not expected or text.digest == expected]
    if expected and texts and not ours:
        yield found("text-absent", reference=reference_of(expected))
    if len({(text.digest, text.original) for text in ours}) > len({text.digest for text in ours}):
        yield found("originals-mixed")
    elif len({text.digest for text in ours}) < len(ours):
        yield found("prints-mixed")
    for text in ours:
        if text.missing:
            yield found("pages-missing", total=text.pages, reference=text.reference, pages=text.missing)
        if text.twice:
            yield found("pages-twice", reference=text.reference, pages=text.twice)


def _of_unread(unread: tuple[int, ...], others: bool) -> Iterator[Finding]:
    if unread:
        yield found("no-code", pages=unread) if others else found("no-code-at-all")


def _codes(images: Iterator[Any]) -> tuple[Code, ...]:
    """The codes in the first of the preparations of a page in which any is found."""
    import zxingcpp

    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    for image in images:
        read = zxingcpp.read_barcodes(image, formats=kinds, try_invert=False)
        codes = {code for each in read if each.valid and (code := read_code(each.text))}
        if codes:
            return tuple(sorted(codes, key=lambda code: (code.digest, code.original, code.page)))
    return ()


def _pages(scan: bytes) -> Iterator[Iterator[Any]]:
    if b"%PDF-" in scan[:1024]:
        return _pages_of_pdf(scan)
    if scan.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")):
        return _pages_of_image(scan)
    raise Refused(
        refuse("scan-kind", "the file is not a PDF, PNG, JPEG or TIFF", "Save the scan or photograph as one of these.")
    )


def _pages_of_pdf(scan: bytes) -> Iterator[Iterator[Any]]:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(scan)
    except pypdfium2.PdfiumError as error:
        raise _unreadable(f"the PDF cannot be opened ({error})") from None
    try:
        if len(document) > MOST_PAGES:
            raise _too_many()
        for number in range(len(document)):
            yield _renderings(document, number)
    finally:
        document.close()


def _renderings(document: Any, number: int) -> Iterator[Any]:
    last = 0.0
    for dpi in (200, 300):
        try:
            page = document[number]
            area = max(page.get_width() * page.get_height(), 1.0)  # in square points, 72 to the inch
            scale = min(dpi / 72, (MOST_PIXELS / area) ** 0.5)
            if scale <= last:
                return
            last = scale
            image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
        except (RuntimeError, ValueError, TypeError, OSError, OverflowError, MemoryError) as error:
            raise _unreadable(f"page {number + 1} of the PDF cannot be loaded ({error})"[:200]) from None
        yield from _prepared(image, dust=dpi == 200)


def _pages_of_image(scan: bytes) -> Iterator[Iterator[Any]]:
    count = _frame(scan, None)
    for number in range(count):
        yield _sizes(_frame(scan, number))


def _frame(scan: bytes, number: int | None) -> Any:
    """Page `number` of an image in grey; for None, how many pages it has."""
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tags that it cannot read
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(scan), formats=("PNG", "JPEG", "TIFF")) as image:
                pages = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
                if pages > MOST_PAGES:
                    raise _too_many()
                image.seek(number or 0)
                if image.width * image.height > MOST_PIXELS:
                    raise _too_large()
                return pages if number is None else image.convert("L")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_large() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError) as error:
        raise _unreadable(f"the image cannot be read ({error})"[:200]) from None


def _sizes(image: Any) -> Iterator[Any]:
    """An image as prepared, and the same twice as large where it is small: a module should be two pixels wide."""
    prepared = []
    for each in _prepared(image, dust=True):
        prepared.append(each)
        yield each
    if image.width * image.height <= MOST_PIXELS // 8:
        yield from (each.resize((each.width * 2, each.height * 2)) for each in reversed(prepared))


def _prepared(image: Any, *, dust: bool) -> Iterator[Any]:
    """The page as it is, then smoothed, then freed of specks, which takes longest."""
    from PIL import ImageFilter

    yield image
    yield image.filter(ImageFilter.BoxBlur(1))
    if dust:
        yield image.filter(ImageFilter.MedianFilter(3))


def _too_large() -> Refused:
    return Refused(
        refuse(
            "scan-pixels",
            f"a page has more than {MOST_PIXELS // 1_000_000} million pixels",
            "Scan at 200 to 300 dpi; a page of A4 at 300 dpi has 9 million.",
        )
    )


def _too_many() -> Refused:
    return Refused(refuse("scan-pages", f"the scan has more than {MOST_PAGES} pages", "Scan each paper by itself."))


def _unreadable(reason: str) -> Refused:
    return Refused(refuse("scan-kind", reason, "Scan again and save as PDF, PNG, JPEG or TIFF without a password."))
