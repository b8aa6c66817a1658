"""Tracked changes, comments, footnotes, moves: who changed what, and what was changed without saying so."""

import io
import re

import docx
import pytest

from dtti.papers.negotiated import apply, compare, write

from .making import archived, changed, paragraph_with, sample, unpacked

EN = write(sample(), lang="en")
BY = 'w:author="C. Reader" w:date="2027-02-01T09:00:00Z"'


def run(text, tag="t"):
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def put_in(text):
    return f'<w:ins w:id="900" {BY}>{run(text)}</w:ins>'


def struck(text):
    return f'<w:del w:id="901" {BY}>{run(text, "delText")}</w:del>'


def within(old, middle):
    """`old` in the file taken out of its run, with other runs in its place."""
    return (old, f'</w:t></w:r>{middle}<w:r><w:t xml:space="preserve">')


def test_a_tracked_change_is_a_change_with_its_hand():
    found = compare(sample(), changed(EN, within("30 days", struck("30 days") + put_in("45 working days"))))
    (change,) = found.changes
    assert (change.removed, change.added[0].text.strip()) == ("30", "45 working")
    assert change.tracked
    assert [(each.author, each.at) for each in change.tracked_by] == [("C. Reader", "2027-02-01T09:00:00Z")]
    assert [(each.author, each.inserted, each.deleted) for each in found.hands] == [("C. Reader", 3, 2)]


def test_the_text_is_given_as_sent_as_accepted_and_as_rejected():
    found = compare(sample(), changed(EN, within("30 days", struck("30 days") + put_in("45 days"))))
    slot = next(each for clause in found.clauses if clause.key == "reports" for each in clause.slots)
    assert "within 45 days of" in slot.accepted
    assert "within 30 days of" in slot.rejected
    assert slot.rejected == slot.sent


def test_a_change_made_without_tracking_beside_a_tracked_one_is_told():
    data = changed(EN, within("30 days", struck("30 days") + put_in("45 days")), ("five years", "ten years"))
    found = compare(sample(), data)
    assert {each.slot: each.tracked for each in found.changes} == {
        "clause/reports/text": True,
        "clause/duration/text": False,
    }
    assert found.warnings[0].en == "Changes made without Track Changes: 1."


def test_tracking_that_hides_a_silent_change_of_the_old_text_does_not_count():
    """The old words as the file tells them are not what was sent: somebody changed them first, and untracked."""
    found = compare(sample(), changed(EN, within("30 days", struck("20 days") + put_in("45 days"))))
    assert [each.tracked for each in found.changes] == [False]


def test_what_was_put_in_and_struck_out_again_is_nothing():
    inner = f'<w:ins w:id="900" {BY}><w:del w:id="901" {BY}>{run("by post", "delText")}</w:del></w:ins>'
    found = compare(sample(), changed(EN, within("within 30", inner + run("within 30"))))
    assert found.same


def test_a_tracked_deletion_of_a_clause_is_one_tracked_change():
    block = paragraph_with(EN, "The hull is built")
    gone = block.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
    gone = gone.replace("<w:r>", f'<w:del w:id="1" {BY}><w:r>').replace("</w:r>", "</w:r></w:del>")
    found = compare(sample(), changed(EN, (block, gone)))
    assert [(each.kind, each.slot, each.tracked) for each in found.changes] == [("deleted", "clause/shares-work", True)]


def test_a_tracked_move_is_a_move():
    block = paragraph_with(EN, "Third parties") + paragraph_with(EN, "Neither Participant")
    plain = re.sub(r"<w:bookmark\w+ [^>]*/>", "", block)
    to = plain.replace("<w:r>", f'<w:moveTo w:id="1" {BY}><w:r>').replace("</w:r>", "</w:r></w:moveTo>")
    gone = block.replace("<w:r>", f'<w:moveFrom w:id="2" {BY}><w:r>').replace("</w:r>", "</w:r></w:moveFrom>")
    target = paragraph_with(EN, "Work and cost")
    found = compare(sample(), changed(EN, (block, gone), (target, to + target)))
    assert [(each.kind, each.slot, each.after, each.tracked) for each in found.changes] == [
        ("moved", "clause/transfer", "purpose", True)
    ]
    made = apply(sample(), found, {each.id for each in found.changes})
    assert [each.key for each in made.clauses][1] == "transfer"


def test_a_clause_put_in_with_tracking_is_known_by_its_hand():
    block = paragraph_with(EN, "Each Participant reports")
    new = f"<w:p>{put_in('2.3 ')}{put_in('Spares are free.')}</w:p>"
    found = compare(sample(), changed(EN, (block, block + new)))
    assert [(each.kind, each.tracked, each.tracked_by[0].author) for each in found.changes] == [
        ("added", True, "C. Reader")
    ]


def test_changes_of_formatting_are_counted_and_are_no_changes():
    bold = f'<w:r><w:rPr><w:b/><w:rPrChange w:id="5" {BY}><w:rPr/></w:rPrChange></w:rPr><w:t>30 days</w:t></w:r>'
    found = compare(sample(), changed(EN, within("30 days", bold)))
    assert (found.same, found.formatting) == (True, 1)


def commented():
    document = docx.Document(io.BytesIO(EN))
    paragraph = next(each for each in document.paragraphs if "coastal waters" in each.text)
    document.add_comment(paragraph.runs, text="Which waters?\nBay of Bengal?", author="C. Reader", initials="CR")
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def test_a_comment_stands_in_its_clause_on_its_words():
    found = compare(sample(), commented())
    assert found.same
    (comment,) = found.comments
    assert (comment.author, comment.text, comment.slot) == (
        "C. Reader",
        "Which waters?\nBay of Bengal?",
        "clause/purpose/text",
    )
    assert comment.on.endswith("coastal waters.")


def test_a_comment_on_a_place_without_words_keeps_its_clause():
    parts = unpacked(changed(commented(), ("<w:commentRangeStart", "<w:none"), ("<w:commentRangeEnd", "<w:none")))
    (comment,) = compare(sample(), archived(parts)).comments
    assert comment.slot == "clause/purpose/text"


def with_notes():
    parts = unpacked(changed(EN, within("30 days", run("30 days") + '<w:r><w:footnoteReference w:id="2"/></w:r>')))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts["word/footnotes.xml"] = (
        f'<w:footnotes {space}><w:footnote w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p>{run("Calendar days.")}</w:p></w:footnote></w:footnotes>'
    ).encode()
    rels = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    line = f'<Relationship Id="rId77" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", line.encode())
    return archived(parts)


def test_a_footnote_is_listed_and_changes_no_words():
    found = compare(sample(), with_notes())
    assert (found.same, found.notes) == (True, ("Calendar days.",))


@pytest.mark.parametrize("wrapper", ["sdt", "hyperlink", "smartTag"])
def test_words_within_what_only_wraps_them_are_read(wrapper):
    inside = run("30 days")
    wrapped = {
        "sdt": f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>",
        "hyperlink": f'<w:hyperlink w:anchor="x">{inside}</w:hyperlink>',
        "smartTag": f'<w:smartTag w:element="date">{inside}</w:smartTag>',
    }[wrapper]
    assert compare(sample(), changed(EN, within("30 days", wrapped))).same


def test_a_field_says_what_it_shows():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("30 days")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert compare(sample(), changed(EN, within("30 days", field))).same
