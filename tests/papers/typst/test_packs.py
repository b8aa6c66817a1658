import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import pypdfium2 as pdfium
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from dtti.accord.refusal import Refused
from dtti.papers import gallery, render
from dtti.papers.data.meeting import Pack
from dtti.papers.render import Typeset

from .making import made, sample


def bookmarks(pdf: bytes) -> list[tuple[str, int]]:
    """Titles of the outline and the page each leads to, from 1."""
    document = pdfium.PdfDocument(pdf)
    try:
        found = []
        for each in document.get_toc():
            target = each.get_dest()
            assert target is not None
            found.append((each.get_title(), (target.get_index() or 0) + 1))
        return found
    finally:
        document.close()


def page_text(pdf: bytes, number: int) -> str:
    document = pdfium.PdfDocument(pdf)
    try:
        page = document[number - 1]
        held = page.get_textpage()
        printed = held.get_text_range()
        held.close()
        page.close()
        return str(printed)
    finally:
        document.close()


@cache
def the_pack() -> Typeset:
    """The sample pack, made once for the tests that only look at it."""
    return made("meeting-pack", sample("meeting-pack"))


def with_file(name: str) -> Pack:
    plain = msgspec.to_builtins(sample("meeting-pack"))
    plain["papers"][1]["file"] = name
    return msgspec.convert(plain, Pack)


def test_a_pack_has_a_bookmark_and_a_page_number_for_every_part() -> None:
    pack = the_pack()
    found = [each for each in bookmarks(pack.pdf) if each[0][:4] in ("Agen", "DTTI", "Open")]
    assert found == [
        ("Agenda", 2),
        ("DTTI/GRP/11/P-01Actions from the tenth meeting", 3),
        ("DTTI/GRP/11/P-02 · The need, as the services state it", 4),
        ("DTTI/GRP/11/P-03The release question on the data link", 6),
        ("Open actions", 7),
    ]
    contents = page_text(pack.pdf, 1)
    for title, page in found:
        assert str(page) in contents, title


def test_pages_put_in_keep_their_words_under_the_packs_own_label_and_number() -> None:
    pack = the_pack()
    printed = page_text(pack.pdf, 4)
    assert "Both services fly transport aircraft" in printed
    assert "Page 4 of 7" in printed
    assert "UNCLASSIFIED // REL TO IND, USA" in printed


def test_a_pack_is_pdf_a_only_while_nothing_from_elsewhere_is_in_it() -> None:
    plain = msgspec.to_builtins(sample("meeting-pack"))
    plain["papers"] = [each for each in plain["papers"] if "file" not in each]
    without = made("meeting-pack", msgspec.convert(plain, Pack))
    within = the_pack()
    assert (without.pdf_a, within.pdf_a) == (True, False)
    assert b"pdfaid:part" in without.pdf
    assert b"pdfaid:part" not in within.pdf


def test_a_pack_leaves_nothing_in_the_folder_of_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made("meeting-pack", sample("meeting-pack"))
    assert list(tmp_path.iterdir()) == []


def test_the_same_pack_is_the_same_bytes() -> None:
    assert made("meeting-pack", sample("meeting-pack")).pdf == the_pack().pdf


def locked() -> bytes:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(gallery.sample_files("p-02.pdf"))))
    writer.encrypt("owner", "user")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "given",
    [b"", b"PK\x03\x04 a document under another name", b"%PDF-1.7\nnothing", locked(), b"%PDF-1.7\n" + b"\x00" * 5000],
    ids=["empty", "an archive", "a head alone", "locked", "zeros"],
)
def test_a_file_that_cannot_be_opened_as_pdf_is_refused_by_name(given: bytes) -> None:
    with pytest.raises(Refused) as refused:
        render.render("meeting-pack", with_file("plan.pdf"), attached={"plan.pdf": given})
    assert refused.value.refusals[0].rule == "paper-file"
    assert "plan.pdf" in refused.value.refusals[0].reason


def test_a_file_that_is_named_and_not_given_is_refused() -> None:
    with pytest.raises(Refused, match=r"'plan\.pdf' is named and not given"):
        render.render("meeting-pack", with_file("plan.pdf"))


def test_a_paper_has_text_or_a_file_and_not_both() -> None:
    plain = msgspec.to_builtins(sample("meeting-pack"))
    plain["papers"][0]["file"] = "p-02.pdf"
    with pytest.raises(Refused, match="either text or file"):
        render.read("meeting-pack", msgspec.json.encode(plain))
