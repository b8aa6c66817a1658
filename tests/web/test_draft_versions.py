"""Two sessions on one draft: a page that is no longer up to date shows both texts, and neither is lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.node.capitals import project

from dtti.node.people import models

from .signing import Page, Signing, built, sign_in, signing  # noqa: F401 - fixtures
from .test_binding_drafts import begun

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]


class Two:
    """Two browsers of one office on the form of one draft, both opened before either has sent anything."""

    def __init__(self, signing: Signing) -> None:  # noqa: F811
        self.path = f"/work/{signing.pair.record.rsplit('/', 1)[1]}/draft/propose/"
        self.ours = signing.browser
        self.theirs = sign_in(signing.node, signing.ind.office, "co_chair", "Meera Iyer (exercise)")
        self.our_page, self.their_page = self.open(self.ours), self.open(self.theirs)

    def open(self, browser: Client) -> Page:
        return Page(browser.get(self.path))

    def send(self, browser: Client, page: Page, where: str = "", **said: Any) -> Page:
        return Page(browser.post(self.path + where, {**project(), "in_dtti": "yes", **page.fields, **said}))

    @property
    def held(self) -> models.Draft:
        return models.Draft.objects.get()


@pytest.fixture
def two(signing: Signing) -> Two:  # noqa: F811
    return Two(signing)


@pytest.mark.parametrize("begun_before", [False, True], ids=["neither had begun it", "it was there"])
def test_blanks_of_another_session_are_shown_beside_and_overwrite_nothing(
    signing: Signing,  # noqa: F811
    begun_before: bool,
) -> None:
    two = Two(signing)
    if begun_before:
        assert two.send(two.theirs, two.their_page, purpose="An old purpose.").answer.status_code == 302
        two = Two(signing)
    assert two.send(two.ours, two.our_page, purpose="To catch the drones.", remarks="Mind the range.").answer
    stale = two.send(two.theirs, two.their_page, purpose="", remarks="", name="Another net")
    assert stale.answer.status_code == 409
    assert (two.held.content["purpose"], two.held.remarks) == ("To catch the drones.", "Mind the range.")
    assert "Someone else has kept another text of this draft" in stale.text
    assert "Arjun Rao (exercise) kept it" in stale.text
    shown = " ".join(stale.text.split())
    for each in ("To catch the drones.", "Mind the range.", "Another"):
        assert each in shown
    assert stale.tree.xpath("//input[@name='name']/@value") == ["Another net"]  # the form holds what was typed
    (beside,) = two.held.others.filter(beside=True)
    assert (beside.content["name"], str(beside.person)) == ("Another net", "Meera Iyer (exercise)")
    put = two.send(two.theirs, stale, purpose="To catch the drones.", name="Another net", remarks="Mind the range.")
    assert put.answer.status_code == 302
    assert (two.held.content["name"], two.held.content["purpose"]) == ("Another net", "To catch the drones.")
    kept = two.open(two.ours)
    (others,) = kept.tree.xpath("//section[@id='others']")
    assert "Before this one: Arjun Rao (exercise)" in " ".join(str(others.text_content()).split())


def test_conditions_that_differ_are_shown_beside_in_words(two: Two) -> None:
    two.send(two.ours, two.our_page, open_until="2031-01-31", firm="yes")
    stale = two.send(two.theirs, two.their_page, open_until="2032-02-28")
    shown = " ".join(stale.text.split())
    assert "Open for an answer until31 Jan 2031 28 Feb 2032" in shown
    assert "Firm: it may not be withdrawn, and the other side's answer decides at onceyes nothing" in shown
    hindi = Page(two.theirs.post(f"/hi{two.path}", {**project(), **two.their_page.fields, "open_until": "2032-02-28"}))
    assert hindi.answer.status_code == 409
    assert "Firm" not in hindi.text


def test_a_box_that_was_ticked_can_be_unticked(two: Two) -> None:
    two.send(two.ours, two.our_page, firm="yes")
    assert two.held.particulars["firm"] == "yes"
    two.send(two.ours, two.open(two.ours))
    assert two.held.particulars["firm"] == ""


def test_what_was_replaced_can_be_put_into_the_form_again(two: Two) -> None:
    two.send(two.ours, two.our_page, purpose="To catch the drones.")
    page = two.open(two.theirs)
    assert two.send(two.theirs, page, purpose="").answer.status_code == 302  # seen, and taken out knowingly
    assert not two.held.content.get("purpose")
    (link,) = two.open(two.ours).tree.xpath("//section[@id='others']//a/@href")
    again = Page(two.ours.get(link))
    assert "To catch the drones." in again.answer.content.decode()
    assert not two.held.content.get("purpose")
    assert two.send(two.ours, again, purpose="To catch the drones.").answer.status_code == 302
    assert two.held.content["purpose"] == "To catch the drones."


def test_a_page_that_saves_while_one_types_is_not_stale_to_itself_and_says_so_to_others(two: Two) -> None:
    for purpose in ("To", "To catch", "To catch the drones."):
        assert two.send(two.ours, two.our_page, "save", purpose=purpose).answer.status_code == 200
    assert two.held.version == 3
    for _ in range(3):
        refused = two.send(two.theirs, two.their_page, "save", purpose="")
        assert (refused.answer.status_code, refused.answer.json()) == (409, {"stale": 3})
    assert two.held.others.filter(beside=True).count() == 1
    assert two.send(two.ours, two.our_page, purpose="To catch the drones, far off.").answer.status_code == 302
    assert two.held.content["purpose"] == "To catch the drones, far off."


def test_two_tabs_of_one_person_are_two_pages(two: Two) -> None:
    tab = two.open(two.ours)
    two.send(two.ours, two.our_page, purpose="Typed in one tab.")
    assert two.send(two.ours, tab, purpose="Typed in the other.").answer.status_code == 409
    assert two.held.content["purpose"] == "Typed in one tab."
    assert two.held.others.get(beside=True).content["purpose"] == "Typed in the other."


def test_the_same_text_from_both_is_no_difference(two: Two) -> None:
    assert two.send(two.ours, two.our_page, purpose="The same.").answer.status_code == 302
    assert two.send(two.theirs, two.their_page, purpose="The same.").answer.status_code == 302
    assert (two.held.version, two.held.others.count()) == (1, 0)


def test_a_draft_is_not_discarded_by_a_page_that_did_not_show_it(two: Two) -> None:
    two.send(two.ours, two.our_page, purpose="To catch the drones.")
    refused = two.send(two.theirs, two.their_page, discard="yes", purpose="Mine")
    assert refused.answer.status_code == 409
    assert two.held.content["purpose"] == "To catch the drones."
    two.send(two.ours, two.open(two.ours), discard="yes")
    assert two.held.content["purpose"] == "Mine"  # what was typed beside it stays, as the draft


def test_what_was_typed_beside_a_draft_that_is_sent_stays_a_draft(signing: Signing, two: Two) -> None:  # noqa: F811
    two.send(two.ours, two.our_page, purpose="To catch the drones.")
    two.send(two.theirs, two.their_page, purpose="Typed meanwhile.")
    check = two.path.replace("draft", "check")
    shown = Page(two.ours.get(check))
    assert two.ours.post(check, {**shown.fields, "confirm": "yes"}).status_code == 302
    assert signing.node.book.view(signing.pair.record).offer is not None
    assert two.held.content["purpose"] == "Typed meanwhile."
    assert str(two.held.person) == "Meera Iyer (exercise)"


def test_other_texts_are_kept_up_to_a_number(two: Two) -> None:
    two.send(two.ours, two.our_page, purpose="0")
    for number in range(1, 14):
        assert two.send(two.ours, two.open(two.ours), purpose=str(number)).answer.status_code == 302
    assert two.held.content["purpose"] == "13"
    assert [one.content["purpose"] for one in two.held.others.all()] == [str(each) for each in range(12, 2, -1)]


def test_remarks_typed_before_a_counter_text_take_away_none_that_a_colleague_wrote(signing: Signing) -> None:  # noqa: F811
    held, _page = begun(signing, "counter")
    path = f"/work/{held.record.rsplit('/', 1)[1]}/send-back/"
    for said, kept in (("", "Wider."), ("And longer.", "Wider.\n\nAnd longer."), ("Wider.", "Wider.\n\nAnd longer.")):
        fields = Page(signing.browser.get(path)).fields
        assert signing.browser.post(path, {**fields, "remarks": said, "counter": "yes"}).status_code == 302
        assert models.Draft.objects.get().remarks == kept


def test_the_same_file_sent_twice_is_attached_once(signing: Signing) -> None:  # noqa: F811
    held, page = begun(signing, "paper")
    path = f"/work/{held.record.rsplit('/', 1)[1]}/{page}/"
    fields = Page(signing.browser.get(path)).fields
    for _ in range(2):
        scan = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a letter", "application/pdf")
        assert signing.browser.post(path, {**fields, "scan": scan, "confirm": "yes"}).status_code == 409
    assert held.files.count() == 1
    other = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 another", "application/pdf")
    signing.browser.post(path, {**fields, "scan": other, "confirm": "yes"})
    assert held.files.count() == 2
