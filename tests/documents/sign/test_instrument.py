"""An instrument from end to end: two originals, signed by both, checked; printed, signed in ink, scanned, found."""

import io
from importlib.resources import files
from typing import Literal

import msgspec
import pytest
from PIL import ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader

from dtti.documents.sign.check import check
from dtti.documents.sign.fit import carried_digests, unfit
from dtti.documents.sign.scan import read_scan
from dtti.documents.sign.write import sign
from dtti.documents.values import SIDES
from dtti.papers.alternat import originals
from dtti.papers.data.instrument import Instrument

from .making import DIGEST, LATER, NOW, capital
from .scanning import black_and_white, printed, saved, specked, turned


def _instrument() -> Instrument:
    sample = (files("dtti.papers") / "samples" / "instrument.json").read_bytes()
    return msgspec.structs.replace(msgspec.json.decode(sample, type=Instrument), digest=DIGEST)


def test_an_original_as_rendered_may_be_signed_and_carries_its_digest() -> None:
    for pdf in originals(_instrument(), language="en"):
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        assert list(unfit(reader)) == []
        assert carried_digests(reader) == {DIGEST}


@pytest.mark.office
@pytest.mark.parametrize("language", ["en", "hi", "both"])
def test_both_originals_are_signed_by_both_sides_and_check(language: Literal["en", "hi", "both"]) -> None:
    held = capital()
    keys = {"IND": held.secretary.as_key(), "USA": held.under_secretary.as_key()}
    for first, pdf in zip(SIDES, originals(_instrument(), language=language), strict=True):
        signed = pdf
        for side in (first, *(side for side in SIDES if side != first)):
            signed = sign(signed, side, keys[side], NOW, digest=DIGEST, authority=held.authority())
        verdict = check(signed, held.trust, LATER, digest=DIGEST, kept=pdf)
        assert verdict.good
        assert [each.level for each in verdict.sides] == ["B-T", "B-T"]
        assert [each.code for each in verdict.findings] == ["digest-same", "kept-begins"]


@pytest.mark.office
@pytest.mark.parametrize(("dpi", "angle"), [(150, 0.8), (200, -2.5), (300, 181.0)])
def test_a_printed_and_signed_original_is_found_by_its_scan(dpi: int, angle: float) -> None:
    for side, pdf in zip(SIDES, originals(_instrument()), strict=True):
        pages = []
        for page in printed(pdf, dpi):
            ImageDraw.Draw(page).line((0, page.height, page.width, page.height * 0.86), fill=60, width=dpi // 80)
            pages.append(black_and_white(specked(turned(page, angle), 0.002)))
        found = read_scan(saved(pages, "TIFF", compression="group4"), DIGEST)
        assert (found.complete, found.unread) == (True, ())
        assert [(text.digest, text.original, text.pages) for text in found.texts] == [(DIGEST, side, len(pages))]
        without_last = read_scan(saved(pages[:-1], "TIFF", compression="group4"), DIGEST)
        assert [each.code for each in without_last.findings] == ["pages-missing"]
