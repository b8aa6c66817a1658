"""Brief, one-pager, handover, readout, fact sheet and reply sheet: how many pages, what they say, what they refuse."""

import io
import re
from typing import Any

import msgspec
import pypdfium2
import pytest

from dtti.accord.refusal import Refused
from dtti.documents.sign.reference import reference_of
from dtti.papers import gallery, programme, render
from dtti.papers.data.brief import MOST_FIRST, MOST_SECOND

KINDS = ("brief", "one-pager", "handover", "readout", "fact-sheet", "reply-sheet")


def _data(kind: str, **change: Any) -> Any:
    return render.read(kind, msgspec.json.encode({**msgspec.json.decode(gallery.sample(kind)), **change}))


def _pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        made = []
        for page in document:
            text = page.get_textpage()
            made.append(re.sub(r"\s+", " ", text.get_text_range()))
            text.close()
            page.close()
        return made


@pytest.mark.parametrize(
    ("kind", "language", "pages"),
    [
        ("brief", "en", 2),
        ("brief", "both", 2),
        ("one-pager", "hi", 1),
        ("one-pager", "both", 2),
        ("reply-sheet", "both", 1),
    ],
)
def test_a_paper_of_a_fixed_length_has_it(kind: str, language: Any, pages: int) -> None:
    assert len(_pages(render.render(kind, _data(kind), language=language))) == pages


def test_a_brief_without_anything_still_has_two_pages_and_says_so() -> None:
    pages = _pages(render.render("brief", _data("brief", moved=[], waiting=[], asked=[])))
    assert len(pages) == 2
    assert "Nothing moved in this period." in pages[0]
    assert "Nothing waits on either side." in pages[0]
    assert "No decision is asked." in pages[1]


def _words(n: int) -> dict[str, str]:
    return {"en": ("evidence " * n)[:n].strip(), "hi": ("प्रमाण वह " * n)[:n].strip()}


@pytest.mark.office  # heavy: many sizes are measured
def test_the_fullest_brief_that_is_taken_fits_its_two_pages() -> None:
    moved = [
        {"ref": "EX-001", "subject": _words(30), "what": _words(MOST_FIRST // 14 - 30), "on": "2026-09-09", "by": "USA"}
    ] * 6
    waiting = [
        {"ref": "EX-001", "what": _words(MOST_FIRST // 14 - 2), "on": "USA", "since": "2026-09-09", "days": 99}
    ] * 8
    asked = [
        {
            "number": "1", "question": _words(80), "background": _words(MOST_SECOND // 4 - 260), "by": "2026-09-09",
            "options": [_words(30)] * 3, "recommended": _words(40), "otherwise": _words(40),
        }
    ] * 4  # fmt: skip
    data = _data("brief", moved=moved, waiting=waiting, asked=asked)
    assert len(_pages(render.render("brief", data, language="hi"))) == 2
    with pytest.raises(Refused, match="shorten them, or print it in one language"):
        render.render("brief", data, language="both")


def test_a_brief_that_cannot_fit_two_pages_is_refused_and_says_by_how_much() -> None:
    waiting = [{"ref": "A", "what": _words(MOST_FIRST), "on": "IND", "since": "2026"}]
    with pytest.raises(Refused, match="a brief has two pages: moved and waiting come to"):
        _data("brief", waiting=waiting)


@pytest.mark.office
def test_the_fullest_one_pager_that_is_taken_fits() -> None:
    step = {"what": _words(70), "state": "open", "waits_on": "USA"}
    data = _data(
        "one-pager", aim=_words(180), gate=[step] * 5, steps={"IND": [step] * 5, "USA": [step] * 5},
        measures=[{"name": _words(25), "target": _words(12), "baseline": _words(12), "by": "2027-12-31"}] * 6,
    )  # fmt: skip
    assert len(_pages(render.render("one-pager", data, language="hi"))) == 1


def test_a_one_pager_shows_both_systems_and_whose_court_it_is() -> None:
    (page,) = _pages(render.render("one-pager", _data("one-pager")))
    for said in ("To enter “Negotiate”", "Naval Staff", "fleet experimentation office", "India: 95 days", "80"):
        assert said in page


def test_the_side_that_comes_first_is_drawn_first() -> None:
    (page,) = _pages(render.render("one-pager", _data("one-pager"), first="USA"))
    assert page.index("United States: 132 days") < page.index("India: 95 days")


def test_a_step_is_waived_only_with_a_reason() -> None:
    with pytest.raises(Refused, match="a waived step says by whom and why"):
        _data("one-pager", gate=[{"what": {"en": "x"}, "state": "waived"}])


def test_a_handover_holds_what_waits_what_is_promised_and_what_is_signed_for() -> None:
    text = " ".join(_pages(render.render("handover", _data("handover"))))
    for said in ("A-019", "144 days", "first due 31 Jul 2026", "26 Jan 2027", "IND/KEY/44-2", "Twice we lost a year"):
        assert said in text


def test_a_handover_from_an_empty_chair_says_so() -> None:
    data = {key: value for key, value in msgspec.json.decode(gallery.sample("handover")).items() if key != "incoming"}
    text = " ".join(_pages(render.render("handover", render.read("handover", msgspec.json.encode(data)))))
    assert "vacant: the work moves with the office" in text


def test_a_text_that_is_decided_and_not_announced_says_on_every_page_that_it_is_held() -> None:
    long = [{"en": "The co-chairs met. " * 60, "hi": "सह-अध्यक्ष मिले। "}] * 12
    pages = _pages(render.render("readout", _data("readout", paragraphs=long)))
    assert len(pages) > 1
    assert all(page.count("Not for publication") >= 2 for page in pages)
    assert "both sides agreed this text" in pages[0]
    assert "not announced" in pages[0]


def test_an_announced_text_no_longer_says_that_it_is_held() -> None:
    release = {"agreed": {"IND": "2026-03-05", "USA": "2026-03-06"}, "announced": "2026-03-09"}
    (page,) = _pages(render.render("readout", _data("readout", release=release)))
    assert "Not for publication" not in page
    assert "9 Mar 2026" in page


@pytest.mark.parametrize(
    ("release", "reason"),
    [
        ({"agreed": {"IND": "2026-03-05"}, "announced": "2026-03-09"}, "not both sides have agreed it"),
        ({"agreed": {"IND": "2026-03-05", "USA": "2026-03-10"}, "announced": "2026-03-09"}, "before both sides"),
        ({"agreed": {"IND": "2026-02-30"}}, "no day of the calendar"),
    ],
)
def test_nothing_is_announced_before_both_sides_agreed_it(release: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        _data("readout", release=release)


def test_an_announced_fact_sheet_holds_no_fact_that_is_not_announced() -> None:
    release = {"agreed": {"IND": "2026-11-20", "USA": "2026-11-20"}, "announced": "2026-11-21"}
    with pytest.raises(Refused, match="the fact 'Shipboard drone recovery net' is not"):
        _data("fact-sheet", release=release)


def test_a_reply_sheet_carries_the_reference_of_its_content() -> None:
    data = _data("reply-sheet")
    reference = reference_of(programme.digest_of(data))
    (page,) = _pages(render.render("reply-sheet", data))
    assert reference in page
    other = _data("reply-sheet", by="2026-12-13")
    assert reference_of(programme.digest_of(other)) != reference


def test_a_scan_of_a_reply_sheet_finds_the_sheet() -> None:
    import zxingcpp

    data = _data("reply-sheet")
    with pypdfium2.PdfDocument(io.BytesIO(render.render("reply-sheet", data))) as document:
        page = document[0]
        picture = page.render(scale=200 / 72).to_pil().rotate(3, expand=True, fillcolor="white")
        page.close()
    (found,) = zxingcpp.read_barcodes(picture)
    assert programme.digest_of(data).upper() in found.text


def test_a_question_needs_something_to_answer_with() -> None:
    with pytest.raises(Refused, match="neither options nor lines"):
        _data("reply-sheet", questions=[{"number": "1", "text": {"en": "Why?"}}])


@pytest.mark.parametrize("kind", ["one-pager", "handover"])
def test_the_same_data_makes_the_same_bytes(kind: str) -> None:
    assert render.render(kind, _data(kind), language="hi") == render.render(kind, _data(kind), language="hi")


@pytest.mark.parametrize("kind", ["one-pager", "reply-sheet"])
def test_text_that_looks_like_markup_is_printed_as_it_stands(kind: str) -> None:
    nasty = '#panic("x") $y$ *bold* <a> @b \\ `c`'
    data = msgspec.json.decode(gallery.sample(kind))
    data["head"]["title"] = {"en": nasty}
    pages = _pages(render.render(kind, render.read(kind, msgspec.json.encode(data))))
    assert nasty in pages[0]


@pytest.mark.office
@pytest.mark.parametrize("kind", KINDS)
def test_hindi_copied_out_reads_right(kind: str, tmp_path: Any) -> None:
    import subprocess
    import unicodedata

    file = tmp_path / "paper.pdf"
    file.write_bytes(render.render(kind, _data(kind), language="hi"))
    out = subprocess.run(["pdftotext", "-raw", str(file), "-"], check=True, capture_output=True, text=True).stdout
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFC", out))
    data = msgspec.json.decode(gallery.sample(kind))
    for wanted in [data["head"]["title"]["hi"], *(p["hi"] for p in data.get("paragraphs", []))]:
        assert re.sub(r"\s+", "", unicodedata.normalize("NFC", wanted)) in flat
