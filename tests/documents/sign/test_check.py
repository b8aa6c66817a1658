"""Judging signed papers: who is believed, what is said, and a hundred altered copies refused."""

import datetime as dt
import logging
import os
import re
import subprocess
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.documents.sign.check import check
from dtti.documents.sign.finding import moment, said
from dtti.documents.sign.verdict import Root, Trust, Verdict
from dtti.documents.sign.words import FINDINGS
from dtti.documents.sign.write import sign

from .altering import UNSOUND, Altered, altered_copies, altered_copy, flipped, flips, raw_signed
from .making import DIGEST, LATER, NOW, OTHER, Issued, capital, paper, signed_by_both, signed_by_one


def _judged(pdf: bytes, **given: object) -> Verdict:
    options: dict[str, object] = {"trust": capital().trust, "at": LATER, "digest": DIGEST} | given
    return check(pdf, **options)  # type: ignore[arg-type]


def _bad(verdict: Verdict) -> set[str]:
    findings = [*verdict.findings, *(finding for each in verdict.sides for finding in each.findings)]
    return {each.code for each in findings if each.weight == "bad"}


def test_a_paper_that_both_signed_is_valid() -> None:
    verdict = _judged(signed_by_both())
    assert verdict.good
    assert (verdict.standing, verdict.digest, verdict.reference) == ("valid", DIGEST, "F5HK-ANJP-N077")
    assert (verdict.pages, verdict.revisions) == (2, 3)
    assert [(each.side, each.state, each.level, each.holder) for each in verdict.sides] == [
        ("IND", "valid", "B-B", "Asha Exercise, Secretary"),
        ("USA", "valid", "B-B", "Robin Exercise, Under Secretary"),
    ]
    assert [each.code for each in verdict.findings] == ["digest-same"]


def test_the_verdict_is_told_in_both_languages() -> None:
    verdict = _judged(signed_by_one())
    assert verdict.lines("en")[:7] == [
        "Signed by one side only",
        "India: signature valid",
        "   Asha Exercise, Secretary",
        "   26 Jan 2027, 10:30 UTC · PAdES B-B",
        "   - The time of signing is the signer's own statement; there is no time stamp.",
        "   - Whether the certificate had been withdrawn was not checked; no revocation information was given.",
        "The United States: signature missing",
    ]
    assert verdict.lines("hi")[:4] == [
        "केवल एक पक्ष द्वारा हस्ताक्षरित",
        "भारत: हस्ताक्षर मान्य",
        "   Asha Exercise, Secretary",
        "   26 जनवरी 2027, 10:30 UTC · PAdES B-B",
    ]


def test_everything_that_is_said_is_said_in_both_languages_with_the_same_blanks() -> None:
    for code, (weight, english, hindi) in FINDINGS.items():
        assert weight in ("bad", "heed", "note"), code
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, hindi)]
        assert blanks[0] == blanks[1], code
        assert re.search("[\u0900-\u097f]", hindi), code
        assert not re.search("[\u0900-\u097f]", english), code


def test_one_signature_is_not_both() -> None:
    verdict = _judged(signed_by_one())
    assert (verdict.good, verdict.standing) == (False, "part")
    assert said(verdict.sides[1].findings, "en") == ["The signature of the United States is missing."]


def test_an_unsigned_paper_is_said_to_be_unsigned() -> None:
    verdict = _judged(paper())
    assert (verdict.good, verdict.standing) == (False, "unsigned")


def test_without_trust_a_sound_signature_is_not_believed() -> None:
    verdict = _judged(signed_by_both(), trust=Trust())
    assert (verdict.good, verdict.standing) == (False, "untrusted")
    assert [each.state for each in verdict.sides] == ["untrusted", "untrusted"]
    assert said(verdict.sides[0].findings, "en")[-1] == (
        "Signed with a certificate that you do not trust (Asha Exercise, Secretary,"
        " issued by Exercise Authority of India)."
    )


def test_a_strangers_certificate_of_the_same_name_is_not_believed() -> None:
    forged = sign(paper(), "IND", capital().impostor.as_key(), NOW, digest=DIGEST)
    (india, _) = _judged(forged).sides
    assert (india.holder, india.state) == ("Asha Exercise, Secretary", "untrusted")


def test_a_certificate_of_one_side_in_the_field_of_the_other_is_not_valid() -> None:
    swapped = sign(paper(), "IND", capital().under_secretary.as_key(), NOW, digest=DIGEST)
    verdict = _judged(swapped)
    assert verdict.standing == "invalid"
    assert said(verdict.sides[0].findings, "en")[-1] == (
        "The field of India was signed with a certificate of the United States."
    )


def test_one_key_in_both_fields_is_not_valid() -> None:
    trust = Trust(roots=(Root(capital().india.der),))
    assert _judged(raw_signed(signed_by_one(), "USA")).standing == "valid"  # with the other's key
    verdict = _judged(raw_signed(signed_by_one(), "USA", capital().secretary), trust=trust)
    assert (verdict.standing, _bad(verdict)) == ("invalid", {"same-signer"})


def test_a_withdrawn_certificate_is_not_valid_from_the_day_of_its_withdrawal() -> None:
    held = capital()
    gone = held.india.withdrawing(held.secretary, on=NOW - dt.timedelta(hours=1))
    trust = Trust(roots=held.trust.roots, crls=(gone,))
    verdict = _judged(signed_by_both(), trust=trust, at=NOW)
    assert verdict.standing == "invalid"
    assert said(verdict.sides[0].findings, "en")[-1] == (
        "The certificate was withdrawn by its issuer on 26 Jan 2027, 09:30 UTC."
    )


def test_a_withdrawal_after_a_trusted_time_stamp_does_no_harm() -> None:
    held = capital()
    stamped = sign(paper(), "IND", held.secretary.as_key(), NOW, digest=DIGEST, authority=held.authority())
    gone = held.india.withdrawing(held.secretary, on=NOW + dt.timedelta(days=2))
    trust = Trust(roots=held.trust.roots, authorities=held.trust.authorities, crls=(gone,))
    assert _judged(stamped, trust=trust, at=NOW + dt.timedelta(days=5)).sides[0].state == "valid"
    plain = _judged(signed_by_one(), trust=trust, at=NOW + dt.timedelta(days=5))
    assert plain.sides[0].state == "invalid"


def test_known_revocation_information_is_used() -> None:
    held = capital()
    trust = Trust(roots=held.trust.roots, crls=(held.india.withdrawing(), held.usa.withdrawing()))
    verdict = _judged(signed_by_both(), trust=trust, at=NOW + dt.timedelta(hours=2))
    assert [[each.code for each in side.findings] for side in verdict.sides] == [["no-time-stamp"], ["no-time-stamp"]]


def test_a_time_stamp_of_an_authority_whose_certificate_was_withdrawn_is_not_relied_on() -> None:
    held = capital()
    stamped = sign(paper(), "IND", held.secretary.as_key(), NOW, digest=DIGEST, authority=held.authority())
    trust = Trust(
        roots=held.trust.roots, authorities=held.trust.authorities, crls=(held.india.withdrawing(held.clock),)
    )
    (india, _) = _judged(stamped, trust=trust, at=NOW + dt.timedelta(days=5)).sides
    assert (india.state, india.stamped) == ("invalid", None)
    assert "time-stamp-withdrawn" in [each.code for each in india.findings]


def test_a_time_stamp_of_an_unknown_authority_is_not_believed() -> None:
    held = capital()
    stamped = sign(paper(), "IND", held.secretary.as_key(), NOW, digest=DIGEST, authority=held.authority())
    (india, _) = _judged(stamped, trust=Trust(roots=held.trust.roots)).sides
    assert (india.state, india.stamped) == ("untrusted", None)
    assert "time-stamp-untrusted" in [each.code for each in india.findings]


def test_a_certificate_not_made_for_signing_is_not_valid() -> None:
    reader = Issued("Reader Exercise", capital().usa, signing=False)
    verdict = _judged(raw_signed(signed_by_one(), "USA", reader))
    assert (verdict.standing, _bad(verdict)) == ("invalid", {"not-for-signing"})


def test_a_time_of_signing_that_is_still_to_come_is_noted() -> None:
    (india, _) = _judged(signed_by_one(), at=NOW - dt.timedelta(days=1)).sides
    assert said(india.findings, "en")[-1] == (
        "The time of signing that the signer states, 26 Jan 2027, 10:30 UTC, lies after the time of this judgement."
    )


def test_the_text_is_compared() -> None:
    verdict = _judged(signed_by_both(), digest=OTHER)
    assert (verdict.standing, _bad(verdict)) == ("invalid", {"digest-other"})
    alone = _judged(signed_by_both(), digest=None)
    assert alone.standing == "valid"
    assert said(alone.findings, "en") == [
        "The file says that it is the text F5HK-ANJP-N077; it was not compared with a record."
    ]
    assert _bad(_judged(raw_signed(paper(keyed=False), "IND"))) >= {"digest-absent"}


def test_a_kept_copy_tells_what_was_altered() -> None:
    both = signed_by_both()
    assert [each.code for each in _judged(both, kept=both).findings] == ["digest-same", "kept-same"]
    assert [each.code for each in _judged(both, kept=paper()).findings] == ["digest-same", "kept-begins"]
    stripped = _judged(signed_by_one(), kept=both)
    assert stripped.standing == "invalid"
    assert said(stripped.findings, "en")[1:] == [
        "The kept copy carries the signature of the United States; this file does not.",
        f"{len(both) - len(signed_by_one())} bytes are missing at the end of the file.",
    ]
    at = both.index(b"/MediaBox") + 14
    found = _judged(flipped(both, at), kept=both)
    told = f"Compared with the kept copy, the first altered byte is number {at + 1}, in object "
    assert any(line.startswith(told) for line in said(found.findings, "en"))
    assert "page-frame" in [each.code for each in found.findings]


def test_nothing_is_written_to_the_screen(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.CRITICAL):
        _judged(altered_copy("annotation-text-page-1").pdf)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "pdf",
    [b"", b"%PDF-", b"PK\x03\x04", bytes(1000), b"%PDF-1.7\n" + b"<<" * 50_000, b"%PDF-1.7\n" + b"[" * 200_000],
    ids=["empty", "head only", "zip", "zeros", "nested", "arrays"],
)
def test_what_is_no_pdf_is_not_valid(pdf: bytes) -> None:
    verdict = _judged(pdf)
    assert (verdict.standing, _bad(verdict)) == ("invalid", {"unreadable"})


@pytest.mark.long
@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 60_000))
def test_any_bytes_written_anywhere_are_not_valid(junk: bytes, at: int) -> None:
    both = signed_by_both()
    at = min(at, len(both))
    changed = both[:at] + junk + both[at + len(junk) :]
    assert _judged(changed).good is (changed == both)


def test_what_the_caller_gives_wrongly_is_refused() -> None:
    for wrong, rule in (({"digest": "abc"}, "digest"), ({"trust": Trust(roots=(Root(b"no certificate"),))}, "trust")):
        with pytest.raises(Refused) as caught:
            _judged(paper(), **wrong)
        assert caught.value.refusals[0].rule == rule


def test_times_are_written_with_the_month_as_a_word() -> None:
    assert moment(NOW, "en") == "26 Jan 2027, 10:30 UTC"
    assert moment(NOW, "hi") == "26 जनवरी 2027, 10:30 UTC"


SAMPLE = (
    "annotation-text-page-2",
    "pages-exchanged",
    "text-field-added",
    "second-signature-emptied",
    "title-changed",
    "second-signature-stripped",
    "signature-of-another-paper",
    "gap-widened",
    "second-side-signs-page-cropped",
    "shadow-hide-and-replace",
)


def _refused(copy: Altered) -> None:
    verdict = _judged(copy.pdf)
    assert not verdict.good
    assert _bad(verdict) & copy.codes, (copy.name, _bad(verdict))


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLE)
def test_an_altered_copy_is_refused_with_what_was_altered(name: str) -> None:
    _refused(altered_copy(name))


def test_what_was_altered_is_said_in_words() -> None:
    verdict = _judged(altered_copy("annotation-text-page-2").pdf)
    assert said(verdict.sides[1].findings, "en")[:2] == [
        "Altered after the United States signed.",
        "Page 2: an annotation (Text) was added.",
    ]
    assert said(verdict.sides[1].findings, "hi")[:2] == [
        "संयुक्त राज्य अमेरिका के हस्ताक्षर के बाद बदला गया।",
        "पृष्ठ 2: एक टिप्पणी (Text) जोड़ी गई।",
    ]


@pytest.mark.office
def test_every_altered_copy_is_refused_with_what_was_altered() -> None:
    copies = altered_copies()
    assert len(copies) >= 90
    assert len({copy.pdf for copy in copies}) == len(copies)
    for copy in copies:
        _refused(copy)


@pytest.mark.office
def test_a_byte_altered_in_any_object_is_refused_and_a_kept_copy_names_the_object() -> None:
    both = signed_by_both()
    places = list(flips(both))
    assert len(places) >= 60
    for name, at in places:
        changed = flipped(both, at)
        verdict = _judged(changed)
        assert (verdict.standing, bool(_bad(verdict))) == ("invalid", True), name
        told = [each for each in _judged(changed, kept=both).findings if each.code == "first-difference"]
        assert len(told) == 1, name
        if name.startswith("object"):
            assert f"object {name.split('-')[1]}" in told[0].words.en


_SOUND = "Signature is Valid."


def _pdfsig(pdf: bytes, folder: Path) -> list[str]:
    """What poppler says of each signature, certificates apart, in the order of the fields."""
    file = folder / "file.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(
        ["pdfsig", "-nocert", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "HOME": str(folder)},  # no one's own store of certificates
    )
    return re.findall(r"Signature Validation: (.*)", told.stdout)


@pytest.mark.office
def test_an_independent_reader_agrees_on_whole_papers(tmp_path: Path) -> None:
    assert _pdfsig(signed_by_both(), tmp_path) == [_SOUND, _SOUND]
    assert _pdfsig(signed_by_one(), tmp_path) == [_SOUND]
    assert _pdfsig(paper(), tmp_path) == []
    stamped = sign(paper(), "IND", capital().secretary.as_key(), NOW, digest=DIGEST, authority=capital().authority())
    assert _pdfsig(stamped, tmp_path) == [_SOUND]


@pytest.mark.office
def test_an_independent_reader_agrees_on_every_byte_altered_under_a_signature(tmp_path: Path) -> None:
    """Where it still finds both signatures, it holds those unsound that we hold unsound, and no other."""
    both = signed_by_both()
    compared = 0
    for name, at in flips(both):
        changed = flipped(both, at)
        theirs = _pdfsig(changed, tmp_path)
        verdict = _judged(changed)
        if len(theirs) != 2 or "unreadable" in _bad(verdict):
            continue
        unsound = UNSOUND | {"signature-missing"}  # of a field that the form no longer names
        ours = [not {each.code for each in side.findings} & unsound for side in verdict.sides]
        assert [each == _SOUND for each in theirs] == ours, name
        compared += 1
    assert compared >= 30
