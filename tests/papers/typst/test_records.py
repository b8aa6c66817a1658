import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.papers import render
from dtti.papers.data.record import Action, Record

from .making import made, sample, text


def with_phases(*phases: dict[str, str]) -> Record:
    plain = msgspec.to_builtins(sample("record"))
    return msgspec.convert({**plain, "phases": list(phases)}, Record)


@pytest.mark.parametrize("phase", ["drafted", "circulated", "corrected", "no-comment"])
def test_a_text_that_was_not_agreed_says_so_and_has_no_place_to_sign(phase: str) -> None:
    record = with_phases({"phase": "drafted"}, {"phase": phase, "on": "2027-02-01"})
    printed = text(render.render("record", record))
    assert not record.agreed
    assert "Bothsidesagreedthistext" not in printed
    assert ("Thistextisnotagreed" in printed) == (phase != "no-comment")
    assert "Confirmedastherecord" not in printed


def test_silence_until_the_agreed_date_is_called_that_and_not_agreement() -> None:
    printed = text(render.render("record", sample("record", "no-comment")))
    assert "Circulated,nocommentbytheagreeddate" in printed
    assert "Silenceisnotagreement" in printed
    assert "Bothsidesagreed" not in printed
    hindi = text(render.render("record", sample("record", "no-comment"), language="hi"))
    assert "मौनसहमतिनहींहै" in hindi


@pytest.mark.parametrize("last", ["agreed", "locked"])
def test_an_agreed_text_says_so_and_is_confirmed_by_both_chairs(last: str) -> None:
    phases = [{"phase": "drafted"}, {"phase": "agreed"}, *([{"phase": "locked"}] if last == "locked" else [])]
    printed = text(render.render("record", with_phases(*phases)))
    assert "Bothsidesagreedthistext" in printed
    assert "Confirmedastherecordofdiscussion" in printed


def test_a_record_that_was_never_agreed_cannot_be_locked() -> None:
    raw = msgspec.json.encode(
        {**msgspec.to_builtins(sample("record")), "phases": [{"phase": "drafted"}, {"phase": "locked"}]}
    )
    with pytest.raises(Refused, match="locked only after it was agreed"):
        render.read("record", raw)


def test_an_action_keeps_its_original_date_beside_the_present_one() -> None:
    printed = text(render.render("record", sample("record")))
    assert "Originaldue1Dec2026Duenow28Feb2027" in printed


def test_an_action_has_one_owner_at_most_on_each_side() -> None:
    owner = {"side": "IND", "office": {"en": "An office"}}
    for owners in ([], [owner, owner]):
        with pytest.raises(msgspec.ValidationError, match="one at most on each side"):
            msgspec.convert({"number": "1", "text": {"en": "x"}, "owners": owners, "due": "2027"}, Action)


def test_decisions_carry_their_numbers() -> None:
    printed = text(render.render("record", sample("record")))
    assert all(f"DTTI/GRP/11/D-{number}" in printed for number in (1, 2, 3))


def test_delegations_keep_the_order_of_precedence_given() -> None:
    data = sample("delegation")
    printed = text(render.render("delegation", data))
    for delegation in data.delegations:
        places = [printed.index(each.name.replace(" ", "")) for each in delegation.members]
        assert places == sorted(places)


def test_a_cover_sheet_without_a_label_says_national_only() -> None:
    plain = msgspec.to_builtins(sample("cover-sheet"))
    del plain["head"]["label"]
    data = render.read("cover-sheet", msgspec.json.encode(plain))
    assert "Nolabelgiven:nationalonly" in text(render.render("cover-sheet", data))


def test_both_file_numbers_and_the_label_stand_on_every_page() -> None:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(made("meeting-pack", sample("meeting-pack")).pdf)
    try:
        for number, page in enumerate(document):
            held = page.get_textpage()
            printed = held.get_text_range()
            assert printed.count("UNCLASSIFIED // REL TO IND, USA") >= 2
            assert f"Page {number + 1} of {len(document)}" in printed
            assert "F.No. 21(4)/2027-DIP" in printed
            assert "A&S-IC-2027-0114" in printed
            held.close()
            page.close()
    finally:
        document.close()
