"""A file that was made from an earlier text, and what is print and no text; a danda typed as a bar."""

import re

import msgspec
import pytest
from typer.testing import CliRunner

from dtti.documents.values import Words
from dtti.papers.negotiated import apply, compare, write
from tests.papers.cases import SAMPLES, case

from .making import archived, changed, paragraph_with, sample, unpacked
from .test_seen import answered, app
from .test_tracked import EN

EARLIER = "The file was made from another text than the one it is compared with"


def said(found):
    return " ".join(each.en for each in found.warnings)


def bare(data):
    """A file as an editor leaves it that drops bookmarks, and our part with them."""
    parts = {name: part for name, part in unpacked(data).items() if not name.startswith("customXml")}
    body = re.sub(rb"<w:bookmark\w+ [^>]*/>", b"", parts["word/document.xml"])
    rels = re.sub(rb"<Relationship [^>]*customXml[^>]*/>", b"", parts["word/_rels/document.xml.rels"])
    return archived({**parts, "word/document.xml": body, "word/_rels/document.xml.rels": rels})


def taken():
    """The sample with one change applied whole, so that it has no digest any more."""
    found = compare(sample(), changed(EN, ("30 days", "45 days")))
    return apply(sample(), found, {each.id for each in found.changes})


@pytest.mark.parametrize("lost", [False, True])
def test_a_change_made_from_an_earlier_text_is_one_change_and_says_so(lost):
    back = changed(EN, ("30 days", "60 days"))
    found = compare(taken(), bare(back) if lost else back)
    assert [(each.removed, each.added[0].text.strip()) for each in found.changes] == [("45", "60")]
    assert found.added == ()
    assert EARLIER in said(found)


def test_two_drafts_without_a_digest_are_told_apart():
    """No digest is printed on a draft: the file itself says what it was made from."""
    draft = msgspec.structs.replace(sample(), digest="")
    later = msgspec.structs.replace(draft, closing=Words("Done in two originals.", "दो मूल प्रतियों में संपन्न।"))
    assert EARLIER in said(compare(later, write(draft, lang="en")))
    assert EARLIER not in said(compare(later, write(later, lang="en")))
    assert EARLIER not in said(compare(later, changed(write(later, lang="en"), ("30 days", "45 days"))))


def test_a_text_that_differs_in_what_the_file_does_not_show_is_the_same_to_it():
    hindi = msgspec.structs.replace(sample().closing, hi="दो मूल प्रतियों में संपन्न।")
    assert EARLIER not in said(compare(msgspec.structs.replace(sample(), closing=hindi), EN))


@pytest.mark.parametrize("lost", [False, True])
def test_a_printed_digest_is_never_a_change_nor_a_clause(lost):
    other = changed(EN, ("5f" * 32, "6e" * 32))
    found = compare(sample(), bare(other) if lost else other)
    assert (found.changes, found.added) == ((), ())
    assert lost or EARLIER in said(found)


@pytest.mark.parametrize(("field", "value"), [("place", None), ("date", None), ("label", ""), ("status", None)])
def test_a_particular_that_the_text_lacks_and_the_file_shows_is_a_change(field, value):
    now = msgspec.structs.replace(sample(), **{field: value})
    found = compare(now, EN)
    assert [each.slot for each in found.changes] == [field]
    assert getattr(apply(now, found, {found.changes[0].id}), field) is not None


def test_a_reference_that_lost_its_bookmark_is_the_reference():
    row = paragraph_with(EN, ">DTTI/EX/2027/014<")
    plain = re.sub(r"<w:bookmark\w+ [^>]*/>", "", row).replace("DTTI/EX/2027/014", "OTHER 7")
    found = compare(sample(), changed(EN, (row, plain)))
    assert {each.slot for each in found.changes} == {"reference"}


@pytest.mark.parametrize(("sign", "other"), [("।", "|"), ("।", "｜"), ("॥", "||"), ("॥", "।।")])
def test_a_danda_typed_as_a_bar_is_noise(sign, other):
    closing = Words("Done.", f"संपन्न{sign} समान रूप से मान्य{sign}")
    text = msgspec.structs.replace(sample(), closing=closing)
    hindi = write(text, lang="hi")
    parts = unpacked(hindi)
    parts["word/document.xml"] = parts["word/document.xml"].replace(sign.encode(), other.encode())
    found = compare(text, archived(parts))
    assert found.changes == ()
    assert {each.kind for each in found.noise} == {"danda"}


def test_a_danda_taken_out_or_doubled_is_a_change():
    text = msgspec.structs.replace(sample(), closing=Words("Done.", "संपन्न। समान रूप से मान्य।"))
    for now in ("संपन्न समान रूप से मान्य।", "संपन्न॥ समान रूप से मान्य।"):
        other = msgspec.structs.replace(text, closing=Words("Done.", now))
        assert len(compare(text, write(other, lang="hi")).changes) == 1


def test_the_danda_on_which_this_once_went_wrong():
    code, answer, _ = answered(case("word/t05"))
    assert (code, answer.splitlines()[0]) == (0, "No change: the file says what was sent.")
    assert answer.count("danda") == 1


def test_the_earlier_text_on_which_this_once_went_wrong(tmp_path):
    new = tmp_path / "new.json"
    command = ["apply", case("word/retA"), "--against", SAMPLES / "instrument.json", "--all", "-o", new]
    assert CliRunner().invoke(app, list(map(str, command))).exit_code == 0
    _, answer, _ = answered(case("word/retB"), new)
    assert answer.splitlines()[0] == "Changes to confirm: 1. None is applied."
    assert "[-three-]{+four+}" in answer
    assert EARLIER in answer
