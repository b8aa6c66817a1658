"""What stays together on a page: a row of a table, a signature and the text that it signs; months, titles, one page."""

import re

import msgspec
import pypdfium2 as pdfium
import pytest

from dtti.documents.values import Words
from dtti.documents.words import words as fixed_words
from dtti.papers import render
from dtti.papers.alternat import squeezed
from dtti.papers.data.head import Minute
from dtti.papers.data.instrument import Clause, Passage
from dtti.papers.kinds import KINDS

from .making import made, sample

LANGUAGES = ["en", "hi", "both"]
FIRST = {"instrument": "IND", "statement-of-intent": "IND"}


def pages(pdf):
    """The text of each page without white space."""
    return [squeezed(page.get_textpage().get_text_bounded()) for page in pdfium.PdfDocument(pdf)]


def words(at, often):
    """A text that begins and ends with its own number."""
    said = " ".join(f"part {at} of it" for _ in range(often))
    return Words(f"Begin{at}. {said} End{at}.", f"Begin{at}। {said} End{at}।")


def record_with(actions):
    text = sample("record")
    one = text.actions[0]
    rows = [msgspec.structs.replace(one, number=f"X-{at}", text=words(at, often)) for at, often in enumerate(actions)]
    return msgspec.structs.replace(text, actions=tuple(rows))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_of_a_table_is_broken_across_pages(language):
    text = record_with([(at * 7) % 23 + 2 for at in range(40)])
    found = pages(render.render("record", text, language=language))
    for at in range(40):
        begins = {number for number, page in enumerate(found) if f"Begin{at}." in page or f"Begin{at}।" in page}
        ends = {number for number, page in enumerate(found) if f"End{at}." in page or f"End{at}।" in page}
        assert begins == ends, at
        assert len(begins) == 1, at


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_that_is_longer_than_a_page_is_printed_whole(language):
    found = "".join(pages(render.render("record", record_with([700, 3]), language=language)))
    assert found.count("part0ofit") == 700 * (2 if language == "both" else 1)
    assert "End0" in found
    assert "End1" in found


@pytest.mark.parametrize("size", [60, 120, 180, 240, 300, 400, 600])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_signature_stands_on_a_page_without_the_text_that_it_signs(language, size):
    """However long the text is, the last clause is on the page of the signatures."""
    text = sample("instrument")
    long = Clause("long", "7", (Passage(words(7, size)),))
    last = Clause("last", "8", (Passage(Words("The last clause.", "अंतिम खंड।")),))
    text = msgspec.structs.replace(text, clauses=(*text.clauses, long, last), digest="")
    found = pages(render.render("instrument", text, first="IND", language=language))
    signed = next(page for page in found if "ArvindKaushal" in page)
    assert ("अंतिमखंड" if language != "en" else "Thelastclause") in signed


@pytest.mark.parametrize("often", [2, 8, 14, 20, 26])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_is_confirmed_on_a_page_with_text(language, often):
    found = pages(render.render("record", record_with([often, often]), language=language))
    confirmed = next(page for page in found if "Confirmedastherecord" in page or "चर्चा-अभिलेखकेरूप" in page)
    assert "End1" in confirmed


@pytest.mark.parametrize("advice", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_handed_over_is_signed_for_on_a_page_with_text(language, advice):
    text = sample("handover")
    last = Minute(text=Words("The last advice.", "अंतिम परामर्श।"))
    text = msgspec.structs.replace(text, advice=(*text.advice, last) if advice else ())
    for often in range(1, 40, 3):
        duties = (*text.duties[:1], msgspec.structs.replace(text.duties[0], what=words(0, often * 4)))
        found = pages(render.render("handover", msgspec.structs.replace(text, duties=duties), language=language))
        mark = "Handedoverandtakenover" if language != "hi" else squeezed(fixed_words()["handover.signed"]["hi"])
        signed = next(page for page in found if mark in page)
        wanted = (
            ("अंतिमपरामर्श" if language != "en" else "Thelastadvice")
            if advice
            else squeezed(text.passed[-1].what.en if language != "hi" else text.passed[-1].what.hi)
        )
        assert wanted[:12] in signed, often


@pytest.mark.parametrize(("language", "day"), [("en", "26January2027"), ("hi", "26जनवरी2027")])
def test_an_instrument_names_its_month_in_full(language, day):
    found = "".join(pages(render.render("instrument", sample("instrument"), first="IND", language=language)))
    assert day in found
    assert "26Jan2027" not in found


def test_every_month_is_named_in_full():
    names = []
    for month in range(1, 13):
        text = msgspec.structs.replace(sample("instrument"), date=sample("instrument").date.replace(month=month))
        found = "".join(pages(render.render("instrument", text, first="IND")))
        names.append(re.search(r"on26([A-Z][a-z]+)2027", found)[1])
    assert names == [
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_of_every_paper_is_tagged_as_a_title(kind, language):
    pdf = made(kind, sample(kind), language=language, first=FIRST.get(kind)).pdf
    assert len(re.findall(rb"/S\s*/Title\b", pdf)) == 1


@pytest.mark.parametrize(("language", "count"), [("en", 1), ("hi", 1), ("both", 2)])
def test_a_project_on_one_page_is_one_page_and_one_sheet_in_both_languages(language, count):
    assert made("one-pager", sample("one-pager"), language=language).pages == count
