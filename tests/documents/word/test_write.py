"""A Word file of ours: what it carries and what it does not, for readers of either language."""

import io
import re

import docx
import pytest
from lxml import etree

from dtti.documents.package import open_package
from dtti.papers.negotiated import write

from .making import sample, unpacked

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def texts(data):
    return "\n".join(each.text for each in body(data).iter(f"{W}t") if each.text)


def body(data):
    return etree.fromstring(unpacked(data)["word/document.xml"])


def test_the_same_instrument_gives_the_same_bytes():
    assert write(sample()) == write(sample())


def test_its_own_guard_and_an_independent_library_open_it():
    data = write(sample())
    assert open_package(data, kind="docx").main == "word/document.xml"
    document = docx.Document(io.BytesIO(data))
    assert document.styles["DTTI Bracket IND"].type == 2
    assert len(document.tables) == 3


@pytest.mark.parametrize(("lang", "other"), [("en", "hi"), ("hi", "en")])
def test_a_file_in_one_language_carries_no_word_of_the_other(lang, other):
    parts = b"\n".join(unpacked(write(sample(), lang=lang)).values()).decode()
    for clause in sample().clauses:
        for passage in clause.passages:
            assert getattr(passage.text, other).strip(" .।") not in parts or not getattr(passage.text, other).strip(
                " ."
            )
    assert getattr(sample().closing, other) not in parts


def test_each_original_names_its_own_side_first():
    for first, second in (("IND", "USA"), ("USA", "IND")):
        names = [sample().parties[side].name.en for side in (first, second)]
        said = texts(write(sample(), lang="en", first=first))
        assert f"{names[0]} and {names[1]}" in said
        assert said.rindex(sample().parties[first].signatory) < said.rindex(sample().parties[second].signatory)


def test_devanagari_is_marked_as_hindi_and_set_in_its_own_font():
    runs = [
        each for each in body(write(sample())).iter(f"{W}r") if re.search("[\u0900-\u097f]", "".join(each.itertext()))
    ]
    assert len(runs) > 40
    for run in runs:
        assert run.find(f"{W}rPr/{W}cs") is not None
        assert run.find(f"{W}rPr/{W}lang").get(f"{W}bidi") == "hi-IN"
        assert not re.search("[A-Za-z]", "".join(run.itertext()))
    styles = etree.fromstring(unpacked(write(sample()))["word/styles.xml"])
    fonts = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    assert dict(fonts.attrib) == {
        f"{W}ascii": "Cambria",
        f"{W}hAnsi": "Cambria",
        f"{W}eastAsia": "Cambria",
        f"{W}cs": "Nirmala UI",
    }


def test_brackets_show_their_side_in_words_and_in_style():
    data = write(sample(), lang="en")
    said = "".join(each.text or "" for each in body(data).iter(f"{W}t"))
    assert "ceiling of [United States: forty million dollars][India: four hundred crore rupees]." in said
    styled = [each.get(f"{W}val") for each in body(data).iter(f"{W}rStyle")]
    assert styled.count("DTTIBracketUSA") == 1
    assert styled.count("DTTIMarkIND") == 4


def test_numbers_are_text_and_nothing_counts_them():
    data = write(sample(), lang="en")
    assert body(data).find(f".//{W}numPr") is None
    said = "".join(each.text or "" for each in body(data).iter(f"{W}t"))
    for clause in sample().clauses:
        assert clause.number in said


def test_track_changes_is_on_and_no_template_is_attached():
    settings = unpacked(write(sample()))["word/settings.xml"].decode()
    assert "trackRevisions" in settings
    assert "attachedTemplate" not in settings


def test_an_unreviewed_translation_is_marked_where_it_stands_and_explained():
    said = texts(write(sample()))
    assert "† Unreviewed translation" in said
    assert said.count("†") >= 4


def test_bookmarks_have_names_that_word_takes():
    names = [each.get(f"{W}name") for each in body(write(sample())).iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name, re.ASCII) for name in names)


def test_what_users_write_is_text_and_never_markup():
    import msgspec

    evil = '</w:t><w:instrText>DDE</w:instrText> & "<b>" \u202e مرحبا 🦀'
    made = msgspec.structs.replace(sample(), reference=evil, label=evil)
    data = write(made)
    lines = texts(data).split("\n")
    assert evil.partition("\u202e")[0] in lines
    assert lines[lines.index("[U+202E]") - 1] == "\u202e"  # as it is, and its code behind it
    assert b"instrText" not in unpacked(data)["word/document.xml"].replace(b"&lt;w:instrText", b"").replace(
        b"&lt;/w:instrText", b""
    )
