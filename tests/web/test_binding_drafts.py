"""A draft is written as it was shown: a colleague's later word in it is neither sent nor lost; files are seen first."""

from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.node.capitals import project

from dtti.accord import table
from dtti.ledger import act as acts
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.people import models
from dtti.node.people.models import Person

from .signing import Page, Signing, built, signing, stored  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def draft(signing: Signing, purpose: str, record: str, content: Any, **more: Any) -> models.Draft:  # noqa: F811
    return models.Draft.objects.create(
        office=signing.ind.office,
        record=record,
        purpose=purpose,
        person=Person.objects.get(),
        content=content,
        **more,
    )


NEED = {"ref": "ex-need", "type": "need", "side": "IND", "title": "See further", "user": "Navy", "capability": "Look."}


def begun(signing: Signing, purpose: str) -> tuple[models.Draft, str]:  # noqa: F811
    """A draft of each purpose, and the page that confirms it."""
    if purpose == "counter":
        record = signing.offered({**project("ex-two"), "name": "A net"})
        made = draft(signing, purpose, record, {**project("ex-two"), "name": "A wider net"}, remarks="Wider.")
    elif purpose == "state":
        made = draft(signing, purpose, new_record("need", "IND"), NEED, particulars={"kept": "no"})
    elif purpose == "paper":
        particulars = {"paper_number": "EX/7", "paper_date": "2026-11-20", "kept": "no"}
        made = draft(signing, purpose, signing.pair.record, {**project(), "name": "Net"}, particulars=particulars)
    else:
        made = draft(signing, "propose", signing.pair.record, {**project(), "name": "A second net"})
    return made, "show-draft" if purpose == "show" else f"check/{made.purpose}"


PURPOSES = ("propose", "counter", "state", "paper", "show")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_draft_is_written_as_it_was_shown(signing: Signing, purpose: str) -> None:  # noqa: F811
    made, page = begun(signing, purpose)
    shown = signing.get(made.record, page)
    assert shown.answer.status_code == 200
    assert shown.folded == []
    assert signing.post(made.record, page, {"confirm": "yes"}).answer.status_code == 409
    before = signing.sizes()
    done = signing.confirm(made.record, page, shown)
    assert done.answer.status_code == 302, done.text
    assert signing.sizes() != before
    assert models.Draft.objects.filter(pk=made.pk).exists() == (purpose == "show")


@pytest.mark.long
@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("what", ["content", "remarks", "file_number"])
def test_a_draft_that_a_colleague_rewrote_meanwhile_is_shown_again_and_not_written(
    signing: Signing,  # noqa: F811
    purpose: str,
    what: str,
) -> None:
    made, page = begun(signing, purpose)
    shown = signing.get(made.record, page)
    if what == "content":
        name = "title" if made.kind == "need" else "name"
        made.content = {**made.content, name: "Quietly something else"}
    elif what == "remarks":
        made.remarks = "Quietly something else"
    else:
        made.particulars = {**made.particulars, "file_number": "Quietly something else"}
    made.save()
    before = signing.sizes()
    answer = signing.confirm(made.record, page, shown)
    if purpose == "show" and what == "file_number":  # no part of what is shown to the other side
        assert answer.answer.status_code == 302
        return
    assert answer.answer.status_code == 409
    assert signing.sizes() == before
    assert "Not as it was when you opened the page:" in answer.text
    assert stored("Quietly something else") in answer.raw
    assert models.Draft.objects.filter(pk=made.pk).exists()
    assert signing.confirm(made.record, page, answer).answer.status_code == 302


@pytest.mark.parametrize("purpose", ["propose", "counter"])
@pytest.mark.parametrize("odd", ["\0", "\u202e", "\x1b[2J", "ind", "x" * 500])
def test_a_condition_that_no_entry_can_hold_is_refused_in_words(signing: Signing, purpose: str, odd: str) -> None:  # noqa: F811
    made, page = begun(signing, purpose)
    made.particulars = {**made.particulars, "next": odd}
    made.save()
    before = signing.sizes()
    shown = signing.get(made.record, page)
    assert shown.answer.status_code in (200, 422)
    if shown.answer.status_code == 200:  # a word like any other, and no side: the verdict on it comes as it is written
        assert signing.confirm(made.record, page, shown).answer.status_code == 409
    assert signing.sizes() == before


@pytest.mark.parametrize(("name", "value"), [("next", "USA"), ("firm", "yes"), ("until", "2031-01-31")])
def test_conditions_that_changed_meanwhile_are_shown_again(signing: Signing, name: str, value: str) -> None:  # noqa: F811
    made, page = begun(signing, "propose")
    shown = signing.get(made.record, page)
    made.particulars = {name: value}
    made.save()
    answer = signing.confirm(made.record, page, shown)
    assert answer.answer.status_code == 409
    assert {"next": "Who drafts next", "firm": "Whether the offer is firm", "until": "The last day for an answer"}[
        name
    ] in answer.text


def test_a_draft_begun_before_another_version_stood_is_compared_with_what_stands_now(signing: Signing) -> None:  # noqa: F811
    record = new_record("need", "IND")
    signing.ind.write("state", record, table.State(base=0), text.Text(content=NEED))
    signing.node.settle()
    made = draft(signing, "state", record, {**NEED, "user": "Army"}, base=1, particulars={"kept": "no"})
    shown = signing.get(record, "check/state")
    signing.ind.write("state", record, table.State(base=1), text.Text(content={**NEED, "title": "See farther"}))
    signing.node.settle()
    answer = signing.confirm(record, "check/state", shown)
    assert answer.answer.status_code == 409
    assert "begun from version 1; version 2 stands now" in answer.text
    assert "See farther" in answer.text
    done = signing.confirm(record, "check/state", answer)
    assert done.answer.status_code == 302
    assert not models.Draft.objects.filter(pk=made.pk).exists()


def test_a_scan_is_seen_with_its_digest_before_it_is_recorded(signing: Signing) -> None:  # noqa: F811
    made, page = begun(signing, "paper")
    shown = signing.get(made.record, page)
    before = signing.sizes()
    scan = SimpleUploadedFile("letter of 20 Nov.pdf", b"%PDF-1.7 a letter", "application/pdf")
    asked = signing.confirm(made.record, page, shown, scan=scan)
    assert asked.answer.status_code == 409
    assert signing.sizes() == before
    for each in ("letter of 20 Nov.pdf", "application/pdf", "17 bytes", sha256(b"%PDF-1.7 a letter").hexdigest()):
        assert each in asked.text
    models.DraftFile.objects.update(data=b"%PDF-1.7 another!")
    swapped = signing.confirm(made.record, page, asked)
    assert swapped.answer.status_code == 409
    assert signing.sizes() == before
    done = signing.confirm(made.record, page, swapped)
    assert done.answer.status_code == 302
    leaf = next(one for one in signing.node.store.of_record(made.record) if one.id in done.answer["Location"])
    assert len(acts.open_leaf(leaf.leaf).act.body) == 2
    assert not models.DraftFile.objects.exists()


def test_a_file_can_be_taken_out_again(signing: Signing) -> None:  # noqa: F811
    made, page = begun(signing, "paper")
    scan = SimpleUploadedFile("wrong.pdf", b"%PDF", "application/pdf")
    asked = signing.confirm(made.record, page, signing.get(made.record, page), scan=scan)
    (kept,) = models.DraftFile.objects.all()
    without = signing.confirm(made.record, page, asked, drop=str(kept.pk))
    assert without.answer.status_code == 409
    assert "wrong.pdf" not in without.text
    assert signing.confirm(made.record, page, without).answer.status_code == 302


def test_what_a_colleague_writes_while_it_is_sent_stays_a_draft(signing: Signing, monkeypatch: Any) -> None:  # noqa: F811
    made, page = begun(signing, "propose")
    shown = signing.get(made.record, page)
    write = signing.node.write_seen

    def meanwhile(compose: Any) -> Any:
        receipts = write(compose)
        models.Draft.objects.get(pk=made.pk).save()  # a colleague's browser keeps it once more
        return receipts

    monkeypatch.setattr(signing.node, "write_seen", meanwhile)
    assert signing.confirm(made.record, page, shown).answer.status_code == 302
    assert models.Draft.objects.filter(pk=made.pk).exists()


def test_a_draft_against_the_rules_is_shown_with_what_stands_against_it_and_no_button(signing: Signing) -> None:  # noqa: F811
    record = signing.pair.record
    wrong = {**project(), "stages": [{"stage": "proposed", "entered": "2026-01"}] * 2}
    draft(signing, "propose", record, wrong)
    shown = signing.get(record, "check/propose")
    assert "Not yet: the text does not satisfy these rules" in shown.text
    assert "project-stages" in shown.text
    assert shown.buttons == []
    before = signing.sizes()
    assert signing.post(record, "check/propose", {"confirm": "yes"}).answer.status_code == 409
    assert signing.sizes() == before


def test_what_is_next_after_a_counter_text_is_the_answer_to_it(signing: Signing) -> None:  # noqa: F811
    made, page = begun(signing, "counter")
    done = signing.confirm(made.record, page, signing.get(made.record, page))
    said = signing.browser.get(done.answer["Location"]).content.decode()
    assert "to answer the counter-text" in said
    assert "records how the offer ended" not in said


def test_a_counter_text_is_not_offered_against_an_offer_that_has_its_answer(signing: Signing) -> None:  # noqa: F811
    made, page = begun(signing, "counter")
    assert "Send back with this counter-text" in signing.get(made.record, page).buttons
    signing.confirm(made.record, page, signing.get(made.record, page))
    draft(signing, "counter", made.record, {**project("ex-two"), "name": "A net"}, remarks="Again.")
    shown = signing.get(made.record, page)
    assert "Nothing is left to answer" in shown.text
    assert "No offer of the other side waits for an answer here." in shown.text
    assert shown.buttons == []


@pytest.mark.parametrize(
    ("number", "date", "field", "said"),
    [
        ("", "2026-11-20", "paper_number", "The number on the paper is missing."),
        ("EX/7", "", "paper_date", "Date on the paper is missing."),
        ("EX/7", "04/11/2026", "paper_date", "This can be read as two days."),
    ],
)
def test_what_a_paper_lacks_is_said_at_its_field(
    signing: Signing,  # noqa: F811
    number: str,
    date: str,
    field: str,
    said: str,
) -> None:
    made, page = begun(signing, "paper")
    models.Draft.objects.filter(pk=made.pk).update(particulars={"paper_number": number, "paper_date": date})
    assert signing.get(made.record, page).answer.status_code == 302  # back to the form, not to a page that is shut
    shown = signing.get(made.record, "draft/paper")
    form = {**shown.fields, "paper_number": number, "paper_date": date, "text_basis": "paper", "kept": "no"}
    answer = signing.post(made.record, "draft/paper", form)
    assert answer.answer.status_code == 200
    assert said in answer.text
    assert f'id="id_{field}_err"' in answer.answer.content.decode()


def test_an_account_beside_the_text_that_stands_can_be_read(signing: Signing) -> None:  # noqa: F811
    made, page = begun(signing, "paper")
    signing.confirm(made.record, page, signing.get(made.record, page))
    shown = Page(signing.browser.get(f"/work/{made.record.rsplit(chr(47), 1)[1]}/"))
    beside = [each for each in shown.tree.iter("a") if each.text == "Read it"]
    assert [each.get("href").startswith("/record/") for each in beside] == [True]
