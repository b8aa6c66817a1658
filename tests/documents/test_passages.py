"""Words of files from outside, with their place: heads, feet, text boxes, watermarks, notes, cells, mails, archives."""

import io
import zipfile
from email.message import EmailMessage
from typing import Any

import docx
import pytest
import typst
from docx.oxml import parse_xml
from openpyxl import Workbook

from dtti.accord.refusal import Refused
from dtti.documents.passages import Passage, passages

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'


def saved(document: Any) -> bytes:
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def places(data: bytes, words: str, name: str = "") -> list[tuple[str, bool]]:
    """Where the words stand, and whether that is a margin."""
    found = []
    for each in passages(data, name):
        for number, line in enumerate(each.text.splitlines(), 1):
            if words in line:
                found.append((each.at(number), each.margin))
    return found


def test_the_words_of_a_word_file_stand_in_their_places() -> None:
    made = docx.Document()
    made.add_paragraph("First")
    made.add_paragraph("The body")
    made.add_table(1, 1).cell(0, 0).text = "A cell"
    made.sections[0].header.paragraphs[0].text = "A head"
    made.sections[0].footer.paragraphs[0].text = "A foot"
    made.core_properties.keywords = "A keyword"
    box = (
        f"<w:p {WORD}><w:r><w:t>outer</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p>"
    )
    made.element.body.append(parse_xml(f"{box}</w:txbxContent></w:pict></w:r></w:p>"))
    mark = f'<w:p {WORD} {VML}><w:r><w:pict><v:shape><v:textpath string="DRAWN"/></v:shape></w:pict></w:r></w:p>'
    made.sections[0].header._element.append(parse_xml(mark))
    data = saved(made)
    assert places(data, "The body") == [("the text, line 2", False)]
    assert places(data, "A cell") == [("the text, line 3", False)]
    assert places(data, "A head") == [("the head of the page", True)]
    assert places(data, "A foot") == [("the foot of the page", True)]
    assert places(data, "A keyword") == [("the properties of the file", True)]
    assert places(data, "In a box") == [("a text box", True)]
    assert places(data, "outer") == [("the text, line 4", False)]
    assert places(data, "DRAWN") == [("a watermark", True)]


def test_words_that_a_program_cut_into_runs_and_hid_or_struck_are_read_whole() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph()
    for piece in ("SE", "CR", "ET"):
        paragraph.add_run(piece)
    hidden = made.add_paragraph().add_run("HIDDEN")
    hidden.font.hidden = True
    gone = f"<w:p {WORD}><w:del><w:r><w:delText>STRUCK</w:delText></w:r></w:del></w:p>"
    made.element.body.append(parse_xml(gone))
    data = saved(made)
    assert [words for words in ("SECRET", "HIDDEN", "STRUCK") if not places(data, words)] == []


def test_the_words_of_a_workbook_stand_in_their_cells_heads_and_comments() -> None:
    from openpyxl.comments import Comment

    book = Workbook()
    sheet = book.active
    sheet["B4"] = "In a cell"
    sheet["C5"] = 12
    sheet["D6"].comment = Comment("In a comment", "A")
    sheet.oddHeader.center.text = "A head"
    book.create_sheet("A title")
    data = saved(book)
    assert places(data, "In a cell") == [("the sheet sheet1, cell B4", False)]
    assert places(data, "A head") == [("the head or foot of the sheet", True)]
    assert [each.place for each in passages(data) if "In a comment" in each.text]
    assert [each.place for each in passages(data) if "A title" in each.text] == ["the sheet"]


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "a@example.org", "b@example.org"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    return made


def test_the_words_of_a_mail_and_of_what_is_attached_to_it() -> None:
    made = mail(Subject="A subject", X_Classification="A class")
    made.set_content("The body\n")
    made.add_alternative("<p>In <b>a</b></p><p>page</p>", subtype="html")
    attached = docx.Document()
    attached.add_paragraph("Attached")
    made.add_attachment(saved(attached), maintype="application", subtype="octet-stream", filename="a.docx")
    inner = mail(Subject="Of the inner one")
    inner.set_content("x")
    made.add_attachment(inner)
    data = made.as_bytes()
    assert places(data, "A subject") == [("the line Subject of the message, line 1", False)]
    assert places(data, "A class") == [("the line X-Classification of the message", True)]
    assert places(data, "The body") == [("the text of the message, line 1", False)]
    assert places(data, "page") == [("the text of the message, line 3", False)]
    assert places(data, "Attached") == [("the text, line 1", False)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_is_read_in_the_encodings_that_offices_write(encoding: str) -> None:
    assert places("one\nCafé two".encode(encoding), "Café two") == [("the text, line 2", False)]


def test_a_file_of_before_2007_is_read_sign_by_sign() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "One\rTwo words\r".encode("utf-16-le") + b"Three words\r"
    assert places(data, "Two words")
    assert places(data, "Three words")


def test_files_inside_an_archive_are_read_and_nothing_unpacks_without_end() -> None:
    made = docx.Document()
    made.add_paragraph("Deep down")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.docx", saved(made))
        archive.writestr("big.txt", "x" * (70 * 1024 * 1024))
    assert places(held.getvalue(), "Deep down")
    assert sum(len(each.text) for each in passages(held.getvalue())) < 70 * 1024 * 1024


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\nSECRET", b"\xff\xd8\xffSECRET", b"%PDF-1.4 no pdf at all", b"PK\x03\x04x", b""]
)
def test_what_holds_no_words_that_can_be_read_here_has_none(data: bytes) -> None:
    assert passages(data) == []


def test_a_file_kept_by_a_password_is_refused_by_its_name() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    data = bytearray(held.getvalue())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):  # the bit that says that the part is encrypted
        at = data.find(mark)
        data[at + (6 if mark == b"PK\x03\x04" else 8)] |= 1
    with pytest.raises(Refused) as refused:
        passages(bytes(data), "plan.docx")
    assert refused.value.refusals[0].rule == "file-locked"
    assert "plan.docx" in refused.value.refusals[0].reason


def test_a_pdf_is_read_page_by_page_with_what_is_drawn_across_it() -> None:
    pages = "#place(center, rotate(30deg)[DRAWN])\nFirst page\n#pagebreak()\nSecond page"
    data = typst.compile(pages.encode(), format="pdf")
    assert places(data, "First page") == [("page 1, line 2", False)]
    assert places(data, "Second page") == [("page 2, line 1", False)]
    assert places(data, "DRAWN")


def test_a_passage_says_line_or_cell() -> None:
    assert Passage("a\nb", "the text").at(2) == "the text, line 2"
    assert Passage("a\nb", "the sheet x", cells=("A1", "B2")).at(2) == "the sheet x, cell B2"
    assert Passage("a", "a watermark", margin=True).at(1) == "a watermark"
