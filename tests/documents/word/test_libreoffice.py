"""LibreOffice opens, edits and saves our files; what comes back is told apart as a person would tell it."""

import io
import shutil
import subprocess

import docx
import pytest

from dtti.papers.negotiated import compare, read, write

from .kinds import KINDS, everything, paper, sent, trouble
from .making import sample
from .office import converted, edited

pytestmark = [pytest.mark.office, pytest.mark.xdist_group("soffice")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One profile for all of them: the first start of LibreOffice is the slow one."""
    return tmp_path_factory.mktemp("desk")


def brief(found):
    return sorted((each.kind, each.slot, each.tracked) for each in found.changes)


@pytest.mark.parametrize(("lang", "layout"), [("en", "side"), ("hi", "side"), ("both", "side"), ("both", "after")])
def test_opened_and_saved_nothing_has_changed(desk, lang, layout):
    returned = edited(desk, write(sample(), lang=lang, layout=layout), "")
    found = compare(sample(), returned)
    assert found.same, found.changes
    assert found.noise == ()
    assert {each.found_by for each in found.clauses} == {"mark"}


def test_both_languages_saved_by_libreoffice_still_read_as_the_instrument(desk):
    assert read(edited(desk, write(sample()), "")) == sample()


EDITS = """
  Change(d, "within 30 days", "within 45 working days")
  RemoveParagraph(d, "The hull is built")
  Change(d, "“the Participants”", Chr(34) & "the Participants" & Chr(34))
  Change(d, "five years", "five" & Chr(160) & "years")
  NewParagraph(d, "coastal waters", "1.1" & Chr(9) & "Deep waters come later.")
"""


@pytest.mark.parametrize("track", [False, True])
def test_a_change_a_deletion_an_addition_and_noise_are_told_apart(desk, track):
    found = compare(sample(), edited(desk, write(sample(), lang="en"), EDITS, track=track))
    assert brief(found) == [
        ("added", "clause/added-1", track),
        ("deleted", "clause/shares-work", track),
        ("words", "clause/reports/text", track),
    ]
    (words,) = (each for each in found.changes if each.kind == "words")
    assert (words.removed, words.added[0].text.strip()) == ("30", "45 working")
    assert (found.added[0].number, found.added[0].after) == ("1.1", "purpose")
    assert {(each.slot, each.kind) for each in found.noise} == {
        ("preamble", "quotes"),
        ("clause/duration/text", "spaces"),
    }


@pytest.mark.parametrize("track", [False, True])
def test_a_clause_cut_and_pasted_elsewhere_is_moved(desk, track):
    work = '  Paragraphs(d, "Third parties", "Neither Participant", "Work and cost")'
    found = compare(sample(), edited(desk, write(sample(), lang="en"), work, track=track))
    assert brief(found) == [("moved", "clause/transfer", track)]
    assert found.changes[0].after == "purpose"


def test_a_change_in_the_hindi_column_is_found_there(desk):
    found = compare(sample(), edited(desk, write(sample()), '  Change(d, "पाँच वर्ष", "दस वर्ष")'))
    assert [(each.slot, each.language, each.removed) for each in found.changes] == [
        ("clause/duration/text", "hi", "पाँच")
    ]


def test_a_comment_made_in_libreoffice_stands_in_its_clause(desk):
    work = '  Note(d, "coastal waters", "Which ones?")'
    # Without its windows LibreOffice cannot put a comment into a hidden document.
    found = compare(sample(), edited(desk, write(sample(), lang="en"), work, hidden=False))
    assert found.same
    assert [(each.author, each.text, each.slot, each.on) for each in found.comments] == [
        ("C. Reader", "Which ones?", "clause/purpose/text", "coastal waters")
    ]


def test_a_comment_from_word_survives_libreoffice(desk):
    document = docx.Document(io.BytesIO(write(sample(), lang="en")))
    paragraph = next(each for each in document.paragraphs if "coastal waters" in each.text)
    document.add_comment(paragraph.runs, text="Which waters?", author="C. Reader", initials="CR")
    held = io.BytesIO()
    document.save(held)
    found = compare(sample(), edited(desk, held.getvalue(), ""))
    assert [(each.author, each.text, each.slot) for each in found.comments] == [
        ("C. Reader", "Which waters?", "clause/purpose/text")
    ]


def test_brackets_taken_away_are_told_as_brackets(desk):
    work = '  Change(d, "[United States: ", "")\n  Change(d, "dollars]", "dollars")'
    found = compare(sample(), edited(desk, write(sample(), lang="en"), work))
    assert [(each.kind, each.bracket_before, each.bracket) for each in found.changes] == [("bracket", "USA", None)]


def test_the_printed_file_reads_right_in_both_scripts(desk):
    if not shutil.which("pdftotext"):
        pytest.skip("needs poppler-utils")
    (desk / "look.pdf").write_bytes(converted(desk, write(sample()), "pdf"))
    text = subprocess.run(["pdftotext", "-layout", desk / "look.pdf", "-"], capture_output=True, check=True).stdout
    said = " ".join(text.decode().split())
    for words in ("[United States: forty", "[भारत:", "DTTI/EX/2027/014", "26 Jan 2027", "26 जनवरी 2027", "2.2"):
        assert words in said


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lang", ["en", "both"])
def test_other_kinds_opened_and_saved_have_not_changed(desk, name, lang):
    returned = edited(desk, sent(name, lang), "")
    found = compare(paper(name), returned)
    assert found.same, found.changes
    assert found.noise == ()
    if lang == "both":
        assert read(returned) == paper(name)


@pytest.mark.parametrize("track", [False, True])
def test_values_edited_in_libreoffice_come_back_as_values(desk, track):
    soi = paper("statement-of-intent")
    work = """
  Change(d, "Sep 2027", "15 October 2027")
  Change(d, "Dec 2027", "01/02/2028")
  Change(d, "(not stated)", "2031")
  Change(d, "Project Kestrel Reach", "Project Kestrel Range")
"""
    found = compare(soi, edited(desk, sent("statement-of-intent"), work, track=track))
    assert [(each.slot, each.kind, each.value, each.tracked) for each in found.changes] == [
        ("clause/projects.1/promised", "value", "2027-10-15", track),
        ("clause/projects.2/promised", "value", "", track),
        ("clause/projects.3/heading", "words", "", track),
        ("clause/projects.4/promised", "value", "2031", track),
    ]
    assert trouble(found) == [("clause/projects.2/promised/en/value", "word-value")]


@pytest.mark.parametrize("track", [False, True])
def test_an_action_added_and_a_decision_deleted_in_libreoffice(desk, track):
    record = paper("record")
    work = """
  RemoveParagraph(d, "DTTI/GRP/11/D-2")
  RemoveParagraph(d, "Item: 3")
  NewParagraph(d, "Evidence: ", "11/A-3" & Chr(9) & "Send the report.")
  NewParagraph(d, "Send the report.", "Owner, India: Directorate of Standards")
  NewParagraph(d, "Directorate of Standards", "Due: 1 May 2027")
"""
    found = compare(record, edited(desk, sent("record"), work, track=track))
    assert [(each.kind, each.slot, each.tracked) for each in found.changes] == [
        ("deleted", "clause/decisions.2", track),
        ("added", "clause/added-1", track),
    ]
    made = everything(record, found)
    assert [each.number for each in made.decisions] == ["DTTI/GRP/11/D-1", "DTTI/GRP/11/D-3"]
    assert (made.actions[3].number, made.actions[3].due) == ("11/A-3", "2027-05-01")
