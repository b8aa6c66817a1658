"""A project is suspended, resumed and left by its own forms alone: with a reason, and looked at before."""

import pytest
from lxml import html

from dtti.office.exits import PROJECT
from dtti.programme.kinds import KINDS

from .signing import Signing, built, signing  # noqa: F401 - fixtures
from .test_binding import _agreed, _memorandum, _paused

pytestmark = pytest.mark.django_db


def _links(signing: Signing, record: str, page: str) -> list[str]:  # noqa: F811
    code = record.rpartition("/")[2]
    shown = html.fromstring(signing.browser.get(f"/work/{code}/{page}").content)
    found = [str(each) for each in shown.xpath("//main//a/@href")]
    return [each.removeprefix(f"/work/{code}/").strip("/") for each in found if each.startswith(f"/work/{code}/")]


@pytest.mark.parametrize("page", ["", "notice/"])
def test_the_text_of_a_project_and_its_general_form_lead_to_its_own_forms(signing: Signing, page: str) -> None:  # noqa: F811
    record = _agreed(signing)
    offered = set(_links(signing, record, page))
    assert {"suspend", "leave"} <= offered
    assert not {"notice", "resume"} & offered
    _paused(signing)
    offered = set(_links(signing, record, page))
    assert {"resume", "leave"} <= offered
    assert not {"notice", "suspend"} & offered


@pytest.mark.parametrize("notice", ["suspend", "resume", "withdraw_from", "other"])
@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_the_general_form_takes_nothing_of_a_project(signing: Signing, notice: str, prefix: str) -> None:  # noqa: F811
    record = _agreed(signing)
    before = signing.sizes()
    sent = {"notice": notice, "remarks": "Until the review."}
    path = f"{prefix}/work/{record.rpartition('/')[2]}/notice/"
    for pressed in ("check", "confirm"):
        answer = signing.browser.post(path, {**sent, pressed: "yes"})
        assert answer.status_code == 409
        said = answer.content.decode()
        assert ("अपने फ़ॉर्म पर" if prefix else "given on a form of its own") in said
        assert "docs/exits.md" in said
    assert signing.sizes() == before


def test_other_texts_have_the_general_form(signing: Signing) -> None:  # noqa: F811
    record = _memorandum(signing)
    assert "notice" in _links(signing, record, "")
    assert signing.get(record, "notice").tree.xpath("//main//input[@name='notice']")


@pytest.mark.parametrize("page", ["suspend", "leave"])
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, {"reason", "remarks"}),
        ({"reason": "funding"}, {"remarks"}),
        ({"remarks": "Until the review."}, {"reason"}),
        ({"reason": "no-such-reason", "remarks": "Until the review."}, {"reason"}),
    ],
)
def test_a_project_is_not_suspended_or_left_without_a_reason_in_code_and_words(
    signing: Signing,  # noqa: F811
    page: str,
    given: dict[str, str],
    missing: set[str],
) -> None:
    record = _agreed(signing)
    before = signing.sizes()
    for pressed in ("check", "confirm"):
        shown = signing.post(record, page, {**signing.get(record, page).fields, **given, pressed: "yes"})
        assert not shown.tree.xpath("//main//button[@name='confirm']")
        assert signing.sizes() == before
        for each in missing:
            assert shown.tree.xpath(f"//*[@id='id_{each}_err']"), (pressed, each)


def test_resuming_is_looked_at_before_it_is_recorded(signing: Signing) -> None:  # noqa: F811
    record = _paused(signing)
    before = signing.sizes()
    first = signing.get(record, "resume")
    assert not first.tree.xpath("//main//button[@name='confirm']")
    assert "Your side alone lifts what it suspended" in first.text
    assert signing.post(record, "resume", {**first.fields, "confirm": "yes"}).answer.status_code == 409
    assert signing.sizes() == before
    looked = signing.post(record, "resume", {**first.fields, "check": "yes"})
    assert "Nothing is recorded yet." in looked.text
    done = signing.confirm(record, "resume", looked)
    assert done.answer.status_code == 302
    assert signing.sizes() != before


def test_every_notice_that_a_kind_has_a_form_for_is_one() -> None:
    own = {kind.code: set(kind.face.notices) for kind in KINDS.values() if kind.face.notices}
    assert own == {PROJECT.code: {"suspend", "resume", "withdraw_from"}}
