"""Reading a scan back: which text, which pages; what is refused."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from dtti.accord.refusal import Refused
from dtti.documents.sign.finding import said
from dtti.documents.sign.reference import reference_of
from dtti.documents.sign.scan import MOST_BYTES, read_scan

from .making import DIGEST, OTHER, paper
from .scanning import black_and_white, foot, photographed, printed, saved, specked, turned, without_codes

REFERENCE = reference_of(DIGEST)


def test_a_whole_paper_is_found_page_by_page() -> None:
    found = read_scan(paper(), DIGEST)
    assert found.complete
    assert [[(code.page, code.pages, code.original) for code in page.codes] for page in found.pages] == [
        [(1, 2, "IND")],
        [(2, 2, "IND")],
    ]
    assert [(text.digest, text.reference, text.present) for text in found.texts] == [(DIGEST, REFERENCE, (1, 2))]
    assert found.findings == ()


@pytest.mark.parametrize(
    ("name", "dpi", "scan"),
    [
        ("skewed", 150, lambda page: saved([turned(page, 3.7)], "PNG")),
        ("fax", 200, lambda page: saved([black_and_white(turned(page, 1.2))], "TIFF", compression="group4")),
        ("dusty", 200, lambda page: saved([specked(page, 0.02)], "PNG")),
        ("pressed", 150, lambda page: saved([page], "JPEG", quality=15)),
        ("photographed", 300, lambda page: saved([photographed(page)], "JPEG", quality=60)),
    ],
)
@pytest.mark.long
def test_the_mark_at_the_foot_is_read(name: str, dpi: int, scan: Callable[[Image.Image], bytes]) -> None:
    found = read_scan(scan(foot(printed(paper(), dpi)[0])))
    assert [(code.digest, code.page) for code in found.pages[0].codes] == [(DIGEST, 1)]


@pytest.mark.office
@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("degrees", [0, 0.7, 5, 45, 90, 180, 271])
@pytest.mark.parametrize("kind", ["grey", "black-and-white", "dust", "ink across"])
def test_the_mark_at_the_foot_is_read_however_it_is_scanned(dpi: int, degrees: float, kind: str) -> None:
    page = turned(foot(printed(paper(), dpi)[0]), degrees)
    if kind == "black-and-white":
        page = black_and_white(page).convert("L")
    elif kind == "dust":
        page = specked(page, 0.03)
    elif kind == "ink across":
        ImageDraw.Draw(page).line((0, page.height * 0.95, page.width, page.height * 0.9), fill=30, width=dpi // 60)
    found = read_scan(saved([page], "PNG"))
    assert [(code.digest, code.page) for code in found.pages[0].codes] == [(DIGEST, 1)]


@pytest.mark.long
def test_missing_pages_are_named() -> None:
    pages = printed(paper(pages=5), 150)
    found = read_scan(saved([pages[0], pages[1], pages[4]], "PDF"))
    assert not found.complete
    assert found.texts[0].missing == (3, 4)
    assert said(found.findings, "en") == [f"Of the 5 pages of {REFERENCE} these were not found: 3-4."]
    assert said(found.findings, "hi") == [f"{REFERENCE} के 5 पृष्ठों में से ये नहीं मिले: 3-4।"]


def test_a_page_of_another_text_is_named() -> None:
    scan = saved([printed(paper(), 150)[0], printed(paper(OTHER), 150)[1]], "TIFF")
    found = read_scan(scan, DIGEST)
    assert [(each.code, each.page) for each in found.findings] == [("other-text", 2), ("pages-missing", 0)]
    unknown = read_scan(scan)
    assert [each.code for each in unknown.findings] == ["several-texts", "pages-missing", "pages-missing"]


def test_a_scan_of_another_text_altogether_is_not_the_expected_one() -> None:
    found = read_scan(paper(OTHER), DIGEST)
    assert not found.complete
    assert [each.code for each in found.findings] == ["other-text", "other-text", "text-absent"]


def test_pages_of_both_originals_are_told_apart() -> None:
    scan = saved([printed(paper(), 150)[0], printed(paper(original="USA"), 150)[1]], "TIFF")
    assert next(each.code for each in read_scan(scan, DIGEST).findings) == "originals-mixed"


def test_pages_of_different_prints_are_told_apart() -> None:
    scan = saved([printed(paper(), 150)[0], printed(paper(pages=3), 150)[1]], "TIFF")
    assert "prints-mixed" in [each.code for each in read_scan(scan, DIGEST).findings]


def test_a_page_scanned_twice_is_noted_and_does_no_harm() -> None:
    one, two = printed(paper(), 150)
    found = read_scan(saved([one, two, two], "TIFF"), DIGEST)
    assert found.complete
    assert [each.code for each in found.findings] == ["pages-twice"]


def test_a_page_without_a_code_is_named_and_the_typed_reference_finds_the_text() -> None:
    one, two = printed(paper(), 150)
    found = read_scan(saved([one, without_codes(two)], "TIFF"), DIGEST)
    assert found.unread == (2,)
    assert [each.code for each in found.findings] == ["pages-missing", "no-code"]


def test_a_scan_without_any_code_says_what_to_do() -> None:
    found = read_scan(saved([Image.new("L", (400, 600), 255)], "PNG"))
    assert not found.complete
    assert said(found.findings, "en") == [
        "No code could be read in the scan. Type the reference printed beside it, or scan again at 300 dpi."
    ]


def test_several_pages_in_one_tiff_are_read() -> None:
    pages = [black_and_white(page) for page in printed(paper(), 200)]
    assert read_scan(saved(pages, "TIFF", compression="group4"), DIGEST).complete


def _bomb() -> bytes:
    """A PNG that says it has 40,000 by 40,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("scan", "rule"),
    [
        (b"", "scan-kind"),
        (b"GIF89a and so on", "scan-kind"),
        (b"%PDF-1.7 and nothing else", "scan-kind"),
        (b"\x89PNG\r\n\x1a\n", "scan-kind"),
        (b"\xff\xd8\xff\xe0 and so on", "scan-kind"),
        (b"II*\x00\x08\x00\x00\x00", "scan-kind"),
        (_bomb(), "scan-pixels"),
        (bytes(MOST_BYTES + 1), "scan-size"),
    ],
    ids=["empty", "gif", "pdf", "png", "jpeg", "tiff", "bomb", "size"],
)
def test_what_is_no_scan_is_refused(scan: bytes, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        read_scan(scan)
    assert caught.value.refusals[0].rule == rule


def test_a_scan_cut_short_is_refused() -> None:
    whole = saved([printed(paper(), 100)[0]], "PNG")
    with pytest.raises(Refused) as caught:
        read_scan(whole[: len(whole) // 2])
    assert caught.value.refusals[0].rule == "scan-kind"


def test_too_many_pages_are_refused() -> None:
    page = Image.new("1", (8, 8), 1)
    made = io.BytesIO()
    page.save(made, "TIFF", save_all=True, append_images=[page] * 200)
    with pytest.raises(Refused) as caught:
        read_scan(made.getvalue())
    assert caught.value.refusals[0].rule == "scan-pages"
