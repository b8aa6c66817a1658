import hashlib
import os
import subprocess
import sys

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.documents.words import Reading
from dtti.papers import render
from dtti.papers.kinds import KINDS

from .making import agenda_with, beyond_margin, made, metadata, sample, text

PROGRAM = """
import hashlib, sys
from dtti.papers import gallery, render
data = render.read("record", gallery.sample("record"))
sys.stdout.write(hashlib.sha256(render.render("record", data, language="both")).hexdigest())
"""


def test_the_same_data_makes_the_same_bytes_in_another_process_at_another_hour_and_place() -> None:
    here = hashlib.sha256(render.render("record", sample("record"), language="both")).hexdigest()
    environment = {**os.environ, "TZ": "Asia/Kolkata", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1", "LC_ALL": "C"}
    there = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True, cwd="/")
    assert there.stdout.decode() == here


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "language", ["both", pytest.param("en", marks=pytest.mark.office), pytest.param("hi", marks=pytest.mark.office)]
)
def test_every_kind_has_a_sample_and_its_paper_prints_whole(kind: str, language: Reading) -> None:
    first = "USA" if KINDS[kind].two_originals else None
    found = made(kind, sample(kind), language=language, first=first)
    assert found.missing == {}
    assert found.pages >= 1
    assert language == "both" or beyond_margin(found.pdf, right=38) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_says_that_it_is_made_up_or_is_an_instrument_with_made_up_signatories(kind: str) -> None:
    data = sample(kind)
    assert kind == "instrument" or data.head.exercise


def test_a_paper_is_pdf_a_2b_tagged_with_title_language_and_date_and_without_author() -> None:
    pdf = render.render("agenda", sample("agenda"), language="hi")
    said = metadata(pdf)
    assert "<pdfaid:part>2</pdfaid:part>" in said
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in said
    assert "डीटीटीआई समूह की ग्यारहवीं बैठक" in said
    assert "<dc:language>" in said
    assert "dc:creator" not in said
    assert "2027-01-26" in said
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(hi)" in pdf.replace(b"/Lang (hi)", b"/Lang(hi)")


def test_a_paper_without_a_date_does_not_take_the_clocks() -> None:
    assert "1980-01-01" in metadata(render.render("agenda", agenda_with("Undated")))


def test_letter_paper_is_letter_and_other_paper_a4() -> None:
    sizes = {sheet: render.render("agenda", sample("agenda"), sheet=sheet) for sheet in ("a4", "us-letter")}
    assert b"/MediaBox[0 0 612 792]" in sizes["us-letter"].replace(b"/MediaBox [", b"/MediaBox[")
    assert b"/MediaBox[0 0 595.27" in sizes["a4"].replace(b"/MediaBox [", b"/MediaBox[")


@pytest.mark.parametrize(
    "typed",
    [
        "#panic()",
        "$x^2$",
        "*bold* _it_",
        '#read("/etc/passwd")',
        "<label> @ref",
        "= Heading",
        "// comment",
        "\\u{41}",
        "- a",
        '"]; }',
    ],
)
def test_what_looks_like_markup_is_printed_as_it_was_typed(typed: str) -> None:
    assert typed.replace(" ", "") in text(render.render("agenda", agenda_with(typed)))


def test_a_text_that_exists_in_one_language_is_shown_in_it_and_marked() -> None:
    data = msgspec.structs.replace(sample("agenda"), body=agenda_with("English only").body)
    assert "EnglishonlyEN" in text(render.render("agenda", data, language="hi"))


def test_a_translation_that_nobody_reviewed_says_so_in_the_papers_language() -> None:
    data = sample("record", "no-comment")
    assert "noofficialhasreviewed" in text(render.render("record", data))
    assert "पुनरीक्षानहींकीहै" in text(render.render("record", data, language="hi"))


def test_the_month_is_a_word_in_both_languages() -> None:
    assert "26Jan2027" in text(render.render("agenda", sample("agenda")))
    assert "26जनवरी2027" in text(render.render("agenda", sample("agenda"), language="hi"))


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Refused) as refused:
        render.read("treaty", b"{}")
    assert refused.value.refusals[0].rule == "paper-kind"
    assert "agenda" in refused.value.refusals[0].remedy


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "truncated"),
        (b"\xff\xfe{}", "invalid"),
        (b"[]", "Expected `object`"),
        (b'{"head": 1}', "$.head"),
        (b'{"head": {"title": {"en": "x"}}, "body": {"en": "x"}, "items": [], "hosts": "IND"}', "hosts"),
        (b'{"head": {"title": {"en": "x"}, "date": "2027-02-30"}, "body": {"en": "x"}, "items": []}', "2027-02-30"),
        (b'{"head": ' * 50_000, "$.head"),
        (b'{"head": {"title": {}}, "body": {"en": "x"}, "items": []}', "English (en), in Hindi (hi)"),
    ],
)
def test_data_of_the_wrong_form_is_refused_with_the_place(raw: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        render.read("agenda", raw, where="FILE.json")
    assert refused.value.refusals[0].rule == "paper-data"
    assert "FILE.json" in refused.value.refusals[0].reason
    assert reason in refused.value.refusals[0].reason


def test_more_data_than_is_read_for_one_paper_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "LARGEST", 10)
    with pytest.raises(Refused, match="at most 10 bytes"):
        render.read("agenda", b"{" + b" " * 20 + b"}")


def test_an_original_without_a_first_side_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        render.render("instrument", sample("instrument"))
    assert refused.value.refusals[0].rule == "alternat"
